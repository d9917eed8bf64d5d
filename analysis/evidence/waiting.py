"""Rows that are laid out and wait for their figures: what was measured stands there, the numbers do not yet.

They are no rows of the dataset. While it awaits extraction they may stand; once figures are typed, each is filled or
removed, so that no line of a table is passed over in silence.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.evidence.contract import LOCATION, SEEN, TABLES, TableContract
from analysis.evidence.reading import METADATA, read_table
from analysis.faults import Fault
from analysis.results import Metadata, RawRow, RawTable

AWAITING = "awaiting-extraction"


def is_to_fill(row: RawRow, header: tuple[str, ...], contract: TableContract) -> bool:
    """Return whether a row has neither a figure nor a place in the source: only what it is about, or a note."""
    about = {*contract.key, "note"} - {LOCATION.name, SEEN.name}
    return not any(cell.strip() for name, cell in zip(header, row.cells, strict=True) if name not in about)


def part_rows(table: RawTable) -> tuple[RawTable, tuple[RawRow, ...]]:
    """Return a table without the rows that wait for their figures, and those rows."""
    contract = TABLES[table.name]
    waiting = tuple(row for row in table.rows if is_to_fill(row, table.header, contract))
    return replace(table, rows=tuple(row for row in table.rows if row not in waiting)), waiting


def without_rows_to_fill(
    metadata: Metadata, tables: Sequence[RawTable], where: str
) -> tuple[list[RawTable], list[Fault]]:
    """Return the tables of a dataset without rows that wait for their figures, or what keeps them from standing there.

    Of a dataset that awaits extraction, a table without any figure is left out whole.
    """
    parted = [part_rows(table) for table in tables]
    awaiting = metadata.study.status == AWAITING
    typed = [table for table, _ in parted if table.rows]
    if awaiting and not typed:
        return [], []
    faults = [figures_are_here(typed[0], where)] if awaiting else []
    faults += [row_to_fill(table, row, where) for table, waiting in parted for row in waiting]
    return [table for table, _ in parted], faults


def figures_are_here(table: RawTable, where: str) -> Fault:
    """Return the fault of a dataset whose figures are typed and whose metadata still await them."""
    found = f"found {AWAITING!r}, and {TABLES[table.name].file} line {table.rows[0].line} has figures"
    allowed = 'Once its figures are typed, a dataset has status = "extracted"'
    return Fault(f"{where}/{METADATA}", found, allowed, column="[study] status")


def row_to_fill(table: RawTable, row: RawRow, where: str) -> Fault:
    allowed = "Type its figures, location and seen_as, or remove the line when the source does not print them"
    return Fault(f"{where}/{TABLES[table.name].file}", "a row without figures", allowed, row.line)


def rows_to_fill(folder: Path) -> int:
    """Return how many rows of a sound dataset's tables wait for their figures."""
    tables = (
        read_table(folder / contract.file, contract.file, contract)[0]
        for contract in TABLES.values()
        if (folder / contract.file).is_file()
    )
    return sum(len(part_rows(table)[1]) for table in tables if table is not None)
