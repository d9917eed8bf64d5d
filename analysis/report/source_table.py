"""A table of a source as transcribed, with its corrections beside the cells that they mend."""

import json
import re
from dataclasses import dataclass, replace

from analysis.report.doubts import doubted_cells
from analysis.report.links import Places
from analysis.report.uses import Use, Uses
from analysis.report.wording import day
from analysis.results import Correction, Dataset, Doubt, RawRow, RawTable, SourceRef

NOTE = "note"  # the column that stands below its row, over the full width
NUMBER = re.compile(r"[<>=]?\s*[-−+]?[\d.,]+%?")  # a number as papers print it: never broken over two lines


DECIMALS = re.compile(r"-?\d+\.\d+(e-?\d+)?")
AS_TRANSCRIBED = (
    "Every row as it stands in the file; the first column is the line of the file; below each row, its note and where "
    "it is used."
)
COVARIATES = "covariates"
MADE = {
    "participants": (
        "Participants, summarised by arm",
        "Made from the file of participants, whose rows are kept nowhere else: a row an arm and outcome, with how many "
        "have it (n) and how many have not (missing). pairs have a baseline too; adjusted are those with all "
        "covariates. Figures of fewer than 5 people are not given.",
    ),
    COVARIATES: ("Covariates, summarised by arm", "Made from the file of participants: a row an arm and covariate."),
}


@dataclass(frozen=True)
class TableCell:
    """A cell as transcribed; what is used in its place, and the anchor of the reason, when it was corrected."""

    text: str
    number: bool
    used: str | None = None
    reason: str | None = None
    doubted: bool = False  # whether it looks implausible


@dataclass(frozen=True)
class TableRow:
    """A row as transcribed, under its anchor."""

    anchor: str
    line: int
    uses: tuple[Use, ...]
    cells: tuple[TableCell, ...]
    note: TableCell | None


@dataclass(frozen=True)
class DatasetTable:
    """A table as transcribed, without the columns that are empty in every row and without its notes."""

    name: str
    title: str
    words: str  # what the table is, below its title
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    empty: tuple[str, ...]
    counted: str = "line"  # what its first column counts
    analysed: bool = True  # whether its rows may answer a question


@dataclass(frozen=True)
class CorrectionLine:
    """One correction, with the way to the row that it mends."""

    anchor: str
    place: str
    row: str
    text: str


def dataset_table(
    dataset: Dataset, table: RawTable, places: Places, uses: Uses, doubts: tuple[Doubt, ...] = ()
) -> DatasetTable:
    """Return a table as transcribed; columns that are empty throughout are only named."""
    mended, doubted = corrected_cells(dataset, table.name), doubted_cells(doubts, table.name)
    corrected = {column for _, column in mended}
    filled = [
        index
        for index, name in enumerate(table.header)
        if name in corrected or any(cell_of(row, index) for row in table.rows)
    ]
    empty = tuple(name for index, name in enumerate(table.header) if index not in filled)
    kept = [index for index in filled if table.header[index] != NOTE]
    return DatasetTable(
        table.name,
        *MADE.get(table.name, (f"{table.name}.csv", AS_TRANSCRIBED)),
        tuple(table.header[index] for index in kept),
        tuple(
            with_doubts(table_row(dataset, table, row, kept, mended, places, uses), table, kept, doubted)
            for row in table.rows
        ),
        empty,
        "summary" if table.name in MADE else "line",
        table.name != COVARIATES,
    )


def table_row(
    dataset: Dataset,
    table: RawTable,
    row: RawRow,
    kept: list[int],
    mended: dict[tuple[int, str], TableCell],
    places: Places,
    uses: Uses,
) -> TableRow:
    ref = SourceRef(dataset.id, table.name, row.line, "", "")
    cells = {
        name: mended.get((row.line, name)) or plain_cell(shortened(table.name, cell_of(row, index)))
        for index, name in enumerate(table.header)
    }
    note = cells.get(NOTE)
    return TableRow(
        places.anchor(ref),
        row.line,
        uses.of_row(ref),
        tuple(cells[table.header[index]] for index in kept),
        note if note and (note.text or note.used is not None) else None,
    )


def with_doubts(row: TableRow, table: RawTable, kept: list[int], doubted: set[tuple[int, str]]) -> TableRow:
    """Return a row with its cells that look implausible marked."""
    cells = zip(kept, row.cells, strict=True)
    return replace(row, cells=tuple(
        replace(cell, doubted=True) if (row.line, table.header[index]) in doubted else cell for index, cell in cells
    ))  # fmt: skip


def shortened(table: str, text: str) -> str:
    """Return a cell as it stands; of a summary a number to six digits, which the results document has in full."""
    if table in MADE and text.startswith("{"):
        return in_words(json.loads(text))
    return f"{float(text):.6g}" if table in MADE and DECIMALS.fullmatch(text) else text


def in_words(kept: dict) -> str:
    """Return what the people add up to who have all that differences are adjusted for, means with SDs."""
    columns = zip(kept["of"], kept["mean"], kept["sd"], strict=True)
    return f"{kept['n']} people: {', '.join(f'{name} {mean:.6g} ({sd:.6g})' for name, mean, sd in columns)}"


def cell_of(row: RawRow, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def plain_cell(text: str) -> TableCell:
    return TableCell(text, bool(NUMBER.fullmatch(text)))


def corrected_cells(dataset: Dataset, table: str) -> dict[tuple[int, str], TableCell]:
    """Return the cells of a table that were mended, by line and column."""
    return {
        (one.line, one.column): TableCell(
            one.expect, bool(NUMBER.fullmatch(one.expect)), one.value, correction_anchor(number)
        )
        for number, one in enumerate(dataset.corrections, 1)
        if one.table == table
    }


def correction_anchor(number: int) -> str:
    return f"correction-{number}"


def correction_lines(dataset: Dataset, places: Places) -> tuple[CorrectionLine, ...]:
    """Return every correction of a source: where, what was transcribed, what is used, why, by whom and when."""
    return tuple(
        CorrectionLine(
            correction_anchor(number),
            f"{one.table}.csv line {one.line}, {one.column}",
            places.anchor(SourceRef(dataset.id, one.table, one.line, "", "")),
            f"{shown(one.expect)} as transcribed, {shown(one.value)} used. {one.reason} {signature(one)}",
        )
        for number, one in enumerate(dataset.corrections, 1)
    )


def shown(text: str) -> str:
    return text or "empty"


def signature(one: Correction) -> str:
    return f"({one.by}, {day(one.on)})"
