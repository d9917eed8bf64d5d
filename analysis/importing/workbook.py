"""An XLSX workbook to a table: what its cells show, and which of them hold something else."""

import io
import re
import warnings
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from analysis.evidence.cells import found
from analysis.importing.grid import GridRow, make_table
from analysis.importing.package import XLSX, check_package
from analysis.importing.source import MOST_COLUMNS, MOST_ROWS, Cell, SourceTable, letters, refuse

# what openpyxl raises when the XML is not as it expects it
UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    OSError,
    RuntimeError,
    AssertionError,
)
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)[\"']")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?hidden\s*=\s*[\"'](?:1|true)[\"']")
HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*?hidden\s*=\s*[\"'](?:1|true)[\"']")
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a format that shows thousands or millions
MOST_MERGED = 5000

Span = tuple[int, int, int, int]  # first column, first row, last column, last row; from 1


def read_workbook(name: str, content: bytes, settings: dict[str, str]) -> SourceTable:
    """Return a sheet of a workbook as a table.

    Raises:
        InputError: It is no plain workbook, or nobody said which sheet.
    """
    check_package(name, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that a sheet may have and a table does not need
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = choose_sheet(name, book, settings.get("sheet"))
            where = f"{name}, sheet {sheet.title}"
            xml = book._archive.read(sheet._worksheet_path)
            grid = read_rows(where, sheet, read_spans(where, xml))
    except UNREADABLE as error:
        raise refuse(
            name, f"it cannot be read as a workbook: {str(error)[:100] or type(error).__name__}", XLSX
        ) from None

    def place(number: int) -> tuple[str, int | None, str]:
        return f"{where}, row {number}", None, f"Sheet {sheet.title}, row {number}"

    return replace(make_table(where, grid, place, settings.get("header-row")), notices=notices_of(xml))


def choose_sheet(name: str, book: openpyxl.Workbook, wanted: str | None):
    """Return the sheet that a person named, or the only one with anything in it."""
    sheets = book.worksheets
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.title == wanted]
        if named:
            return named[0]
        raise refuse(name, f"it has no sheet {wanted!r}", f"Its sheets are {listed(sheets)}")
    filled = [sheet for sheet in sheets if is_filled(sheet)]
    if len(filled) == 1:
        return filled[0]
    if not filled:
        raise refuse(name, "its sheets are empty", "A sheet with a table")
    raise refuse(
        name,
        f"it has {len(filled)} sheets: {listed(filled)}",
        "One sheet is read",
        f"Name it, such as --sheet {filled[0].title!r}",
    )


def listed(sheets: list) -> str:
    return ", ".join(repr(sheet.title[:40]) for sheet in sheets[:20])


def is_filled(sheet) -> bool:
    """Return whether the first rows of a sheet hold anything."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if any(value is not None for value in row):
            return True
        if number > 1000:
            break
    return False


def read_spans(where: str, xml: bytes) -> list[Span]:
    """Return the merged cells of a sheet; openpyxl's quick reader passes them over."""
    spans = [range_boundaries(ref.decode("ascii")) for ref in MERGED.findall(xml)]
    size = sum((right - left + 1) * (low - top + 1) for left, top, right, low in spans)
    if len(spans) > MOST_MERGED or size > MOST_ROWS:
        raise refuse(where, f"{len(spans):,} merged cells over {size:,} cells", "A table has few merged cells")
    return spans


def read_rows(where: str, sheet, spans: list[Span]) -> list[GridRow]:
    """Return the rows of a sheet, every part of a merged cell showing the whole."""
    sheet.reset_dimensions()
    shown: dict[tuple[int, int], Cell] = {}
    rows: list[GridRow] = []
    whole = {
        (row, column): (top, left)
        for left, top, right, low in spans
        for row in range(top, low + 1)
        for column in range(left, right + 1)
    }
    widest: dict[int, int] = {}
    for row, column in whole:
        widest[row] = max(column, widest.get(row, 0))
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > 2 * MOST_ROWS or len(row) > MOST_COLUMNS:
            raise refuse(
                where,
                f"cells as far as row {number:,}, column {letters(len(row) - 1)}",
                f"A table has at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns",
            )
        width = max(len(row), widest.get(number, 0))
        cells = []
        for column in range(1, width + 1):
            cell = read_value(row[column - 1]) if column <= len(row) else Cell("")
            first = whole.get((number, column))
            if first == (number, column):
                shown[first] = replace(cell, spans=True)
            cells.append(shown.get(first, cell) if first else cell)
        rows.append(GridRow(number, tuple(cells)))
    return rows


def read_value(cell) -> Cell:
    """Return a cell as text, with what keeps it from being a figure."""
    value, form = cell.value, cell.number_format or "" if cell.value is not None else ""
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        text = str(value)[:40] if isinstance(value, str) and len(value) > 1 else "=..."
        return Cell(text, (f"a formula, {text}", "Cells hold values: paste the values in place of the formulas"))
    if cell.data_type == "e":
        return Cell(str(value), (f"an error of the spreadsheet, {value}", "Type the figure, or leave the cell empty"))
    if isinstance(value, bool):
        text = str(value).upper()
        return Cell(text, (found(text), "Type the figure, or leave the cell empty"))
    if isinstance(value, date | datetime | time | timedelta):
        return Cell(
            str(value),
            (
                f"a date, {value}",
                "The spreadsheet turned a figure into a date, or the column is "
                "another: format the cell as text and type the figure again",
            ),
        )
    if isinstance(value, int | float):
        return Cell(plain(value), scaled(value, form), typed=True)
    return Cell(str(value).strip())


def plain(value: int | float) -> str:
    """Return a number as text that reads back as the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        return repr(value)
    except ValueError:  # thousands of digits
        return "a number of thousands of digits"


def scaled(value: int | float, form: str) -> tuple[str, str] | None:
    """Return what is wrong where the format shows another number than the cell holds."""
    bare = re.sub(r'"[^"]*"|\\.', "", form.partition(";")[0])
    if "%" in bare:
        return f"a percentage: it shows {value * 100:g} % and holds {plain(value)}", "Write the number alone"
    if SCALED.search(bare):
        return f"a number shown in thousands: it holds {plain(value)}", "Format the cell as a plain number"
    return None


def notices_of(xml: bytes) -> tuple[str, ...]:
    """Return what a person must know of a sheet: rows and columns that nobody sees."""
    hidden = {"hidden rows": len(HIDDEN_ROW.findall(xml)), "hidden groups of columns": len(HIDDEN_COLUMN.findall(xml))}
    what = " and ".join(f"{noun} ({count})" for noun, count in hidden.items() if count)
    return (f"The sheet has {what}; they were read like the others.",) if what else ()
