"""The report as an Excel workbook: a sheet a table, numbers as numbers, no text that could run as a formula."""

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from analysis.forms.archive import settled
from analysis.forms.plain import plain_text
from analysis.forms.sheets import Sheet, sheets
from analysis.report.tables import Cell
from analysis.results import Run

MOST_CHARACTERS = 32_767  # of a cell; Excel calls a longer one damaged
CUT = " … (cut)"
NARROWEST, WIDEST = 8, 60
HEADER = Font(bold=True)
TOP = Alignment(vertical="top", wrap_text=True)


def xlsx(run: Run) -> bytes:
    """Return the workbook of a run; the same run gives the same bytes."""
    book = Workbook(write_only=True)
    book.properties.creator = "Trochlea"
    book.properties.title = plain_text(run.about.title)
    book.properties.created = run.started.replace(tzinfo=None)
    for sheet in sheets(run):
        write_sheet(book.create_sheet(sheet.name), sheet)
    written = io.BytesIO()
    book.save(written)
    return settled(written.getvalue(), run.started)


def write_sheet(target: WriteOnlyWorksheet, sheet: Sheet) -> None:
    """Write one table under a header that stays in sight, with a filter."""
    target.freeze_panes = "B2" if sheet.header[0] != "what" else "A2"
    for index, width in enumerate(widths(sheet), 1):
        target.column_dimensions[get_column_letter(index)].width = width
    target.append([heading(target, name) for name in sheet.header])
    for row in sheet.rows:
        target.append([cell(target, value) for value in row])
    if sheet.rows:
        target.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{len(sheet.rows) + 1}"


def heading(target: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    found = cell(target, name)
    found.font = HEADER
    return found


def cell(target: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell:
    """Return a value as a cell: a text is marked as text, whatever it starts with."""
    if not isinstance(value, str):
        return WriteOnlyCell(target, value)
    found = WriteOnlyCell(target, cell_text(value))
    found.data_type = "s"
    found.quotePrefix = True
    found.alignment = TOP
    return found


def cell_text(value: str) -> str:
    """Return a text that fits into a cell; what is cut says so."""
    text = plain_text(value)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT


def widths(sheet: Sheet) -> list[int]:
    """Return the width of each column in characters, from its longest short text."""
    columns = zip(sheet.header, *sheet.rows, strict=True)
    return [min(WIDEST, max(NARROWEST, *(shown_length(value) + 2 for value in column), 0)) for column in columns]


def shown_length(value: Cell) -> int:
    return len(f"{value:.6g}") if isinstance(value, float) else len(str(value or ""))
