"""corrections.toml: cells of a table that were mended, each declared, guarded by what it was, and signed.

The table stays as transcribed. A correction that no longer finds what it expects is a fault: the source was
mended, or the correction is about another line.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.contract import TABLES
from analysis.faults import Fault, suggest
from analysis.results import Correction, RawRow, RawTable

SIGNED = (  # what every change of a transcribed figure says of itself
    Field("reason", "text", "Why: what was found, and where", True),
    Field("by", "text", "Who answers for it", True),
    Field("on", "date", "The day it was made", True),
)
TOP = (Field("correction", "tables", "The corrections, each headed [[correction]]", True),)
CORRECTION = (
    Field("table", "choice", "The table it is in", True, tuple(TABLES)),
    Field("line", "integer", "The line of the file; the header is line 1", True),
    Field("column", "text", "The column", True),
    Field("expect", "cell", "What stands in the cell as transcribed, in quotes; empty for an empty cell", True),
    Field("value", "cell", "What it is to be, in quotes; empty for missing", True),
    *SIGNED,
)


def read_corrections(path: Path, where: str, tables: Sequence[RawTable]) -> tuple[tuple[Correction, ...], list[Fault]]:
    """Return the corrections of a dataset, and every fault of the file."""
    file = read_declared(path, where)
    if isinstance(file, Fault):
        return (), [file]
    top, faults = read_fields(file, "", file.data, TOP)
    corrections, by_name = [], {table.name: table for table in tables}
    for number, table in enumerate(top.get("correction", [])):
        values, found = read_fields(file, "correction", table, CORRECTION, number)
        correction = None if found else Correction(**values)
        if correction:
            found = check_correction(file, number, correction, by_name.get(correction.table), corrections)
            corrections.append(correction)
        faults += found
    return tuple(corrections), faults


def check_correction(
    file: Declared, number: int, correction: Correction, table: RawTable | None, earlier: list[Correction]
) -> list[Fault]:
    """Return the fault of a correction that does not find its cell as it expects it."""

    def fault(key: str, found: str, allowed: str) -> list[Fault]:
        return [file.fault("correction", number, key, found, allowed)]

    if table is None:
        return fault(
            "table", f"the dataset has no {correction.table}.csv", "A correction is about a table that is there"
        )
    if correction.column not in table.header:
        allowed = f"{suggest(correction.column, table.header)}A column of {correction.table}.csv is needed"
        return fault("column", f"found {correction.column!r}", allowed)
    row = next((row for row in table.rows if row.line == correction.line), None)
    if row is None:
        return fault("line", f"no row begins on line {correction.line}", "Lines are counted from the header, line 1")
    cell = row.cells[table.header.index(correction.column)]
    if cell != correction.expect:
        allowed = f"expect is what stands there, {cell!r}; if the table was mended, remove the correction"
        return fault("expect", f"found {correction.expect!r}", allowed)
    if any(cell_of(one) == cell_of(correction) for one in earlier):
        return fault("line", "the same cell is corrected twice", "A cell has one correction")
    return []


def cell_of(correction: Correction) -> tuple[str, int, str]:
    return correction.table, correction.line, correction.column


def corrected(table: RawTable, corrections: Sequence[Correction]) -> RawTable:
    """Return a table with its corrections put in."""
    mine = [one for one in corrections if one.table == table.name]
    return replace(table, rows=tuple(mend(row, table.header, mine) for row in table.rows)) if mine else table


def mend(row: RawRow, header: tuple[str, ...], corrections: Sequence[Correction]) -> RawRow:
    """Return a row with the corrections of its line put in."""
    new = {one.column: one.value for one in corrections if one.line == row.line}
    return RawRow(row.line, tuple(new.get(name, cell) for name, cell in zip(header, row.cells, strict=True)))
