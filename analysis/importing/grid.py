"""Rows of cells to a table: which row names the columns, and what each is called."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.importing.source import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    SourceRow,
    SourceTable,
    letters,
    refuse,
)

NUMBER_LIKE = re.compile(r"[-+<>\u2212\u2013]?\s*[0-9.,]*[0-9][0-9.,]*\s*%?")
LONGEST_NAME = 100


@dataclass(frozen=True)
class GridRow:
    """A row of cells with its number in the file."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        return sum(bool(cell.text) or cell.problem is not None for cell in self.cells)


def make_table(
    where: str, grid: Sequence[GridRow], place: Callable[[int], tuple[str, int | None, str]], header_row: str | None
) -> SourceTable:
    """Return rows of cells as a table.

    Args:
        where: The file (and sheet), as faults name it.
        grid: Its rows in order; blank ones are passed over.
        place: Gives for a row's number how faults name it, its line, and its location.
        header_row: The number of the row that names the columns, where a person said it.

    Raises:
        InputError: It has no rows, too many, or nobody can tell which row names the columns.
    """
    rows = [row for row in grid if row.filled]
    check_size(where, rows)
    start = find_header(where, rows, header_row)
    names, depth, sure = name_columns(rows[start:])
    body = rows[start + depth :]
    if not body:
        raise refuse(where, "no row below the names of the columns", "A table has at least one row of figures")
    used = [index for index in range(len(names)) if names[index] or any(has(row, index) for row in body)]
    columns = tuple(names[index] or f"column {letters(index)}" for index in used)
    table_rows = tuple(SourceRow(*place(row.number), tuple(cell_at(row, index) for index in used)) for row in body)
    return SourceTable(where, apart(columns, used), table_rows, sure)


def check_size(where: str, rows: list[GridRow]) -> None:
    if not rows:
        raise refuse(where, "it is empty", "A table has a row that names its columns, and rows of figures")
    widest = max(len(row.cells) for row in rows)
    if len(rows) > MOST_ROWS or widest > MOST_COLUMNS:
        found = f"{len(rows):,} rows of {widest:,} columns"
        raise refuse(where, found, f"A table of studies has at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns")


def find_header(where: str, rows: list[GridRow], header_row: str | None) -> int:
    """Return the index of the row that names the columns."""
    if header_row is not None:
        found = [index for index, row in enumerate(rows) if str(row.number) == header_row]
        if not found:
            raise refuse(where, f"--header-row {header_row} is no row with anything in it", "Name the row of the names")
        return found[0]
    if rows[0].filled == 1 and max(row.filled for row in rows) > 1:
        likely = next(row.number for row in rows if row.filled > 1)
        found = f"row {rows[0].number} has one cell, as a title has"
        allowed = "The names of the columns stand in one row"
        raise refuse(where, found, allowed, f"Name that row, such as --header-row {likely}")
    return 0


def name_columns(rows: list[GridRow]) -> tuple[list[str], int, bool]:
    """Return the columns' names, how many rows they take, and whether that is sure.

    Where the first row leaves gaps or repeats itself and the second holds words only, as under merged headings, the
    two are put together: "Experimental" above "Mean" is "Experimental Mean".
    """
    width = max(len(row.cells) for row in rows)
    first = [tidy(cell_at(rows[0], index).text) for index in range(width)]
    merged = any(cell.spans for cell in rows[0].cells)
    repeats = max(Counter(filter(None, first)).values(), default=0) > 1
    if len(rows) > 2 and (merged or repeats or "" in first):
        second = [tidy(cell_at(rows[1], index).text) for index in range(width)]
        words = [name for name in second if name]
        if len(words) > 1 and not any(NUMBER_LIKE.fullmatch(name) for name in words):
            return joined(first, second, fill=not merged), 2, merged
    return first, 1, True


def joined(first: list[str], second: list[str], fill: bool) -> list[str]:
    """Return two rows of headings as one; gaps of the first are filled from the left where nothing is merged."""
    names, above = [], ""
    for top, below in zip(first, second, strict=True):
        above = top or (above if fill and below else "")
        names.append(above if above == below else " ".join(filter(None, (above, below))))
    return names


def apart(columns: tuple[str, ...], used: list[int]) -> tuple[str, ...]:
    """Return names that differ: one that stands twice gets its letter."""
    counts = Counter(columns)
    return tuple(
        f"{name} [{letters(index)}]" if counts[name] > 1 else name for name, index in zip(columns, used, strict=True)
    )


def tidy(text: str) -> str:
    """Return a heading on one line, without what cannot be printed."""
    words = " ".join(text.split())
    return "".join(letter for letter in words if letter.isprintable())[:LONGEST_NAME]


def has(row: GridRow, index: int) -> bool:
    cell = cell_at(row, index)
    return bool(cell.text) or cell.problem is not None


def cell_at(row: GridRow, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else Cell("")
