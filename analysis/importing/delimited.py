"""A CSV, TSV or semicolon file to a table: its bytes to text, its text to cells."""

import csv

from analysis.evidence.reading import split_lines
from analysis.importing.grid import GridRow, make_table
from analysis.importing.source import Cell, SourceTable, letters, refuse
from analysis.results import RawRow

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = {"utf-8": "utf-8-sig", "latin-1": "cp1252", "utf-16": "utf-16", "mac-roman": "mac-roman"}
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(name: str, content: bytes, settings: dict[str, str]) -> SourceTable:
    """Return a text file of cells as a table.

    Raises:
        InputError: The bytes are no text, or nobody can tell how its cells are parted.
    """
    text = decode(name, content, settings.get("encoding"))
    lines = split(name, text, settings.get("delimiter"))
    grid = [GridRow(line.line, tuple(Cell(cell.strip()) for cell in line.cells)) for line in lines]
    return make_table(name, grid, lambda number: (name, number, f"line {number}"), settings.get("header-row"))


def decode(name: str, content: bytes, encoding: str | None) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or what a person said it is."""
    marked = "utf-16" if content.startswith(UTF_16_MARKS) else "utf-8"
    try:
        return content.decode(ENCODINGS[encoding or marked])
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"byte {content[error.start]:#04x} on line {line} is no {(encoding or marked).upper()}"
        raise refuse(
            name,
            found,
            "Save the file as CSV UTF-8",
            "Or say how it was saved: --encoding latin-1 (older Windows and Excel), mac-roman",
        ) from None


def split(name: str, text: str, delimiter: str | None) -> list[RawRow]:
    """Return the lines of a text, parted at the one mark under which every line has as many cells as the first."""
    marks = {delimiter: DELIMITERS[delimiter]} if delimiter else DELIMITERS
    tried = {word: attempt(text, mark) for word, mark in marks.items()}
    read = {word: lines for word, lines in tried.items() if isinstance(lines, list)}
    if not read:
        raise refuse(
            name,
            f"it is not CSV: {next(iter(tried.values()))}",
            "Cells with a comma or a quote stand in quotes, and each quote is closed",
        )
    even = {word: lines for word, lines in read.items() if is_even(lines)}
    if len(even) == 1:
        return next(iter(even.values()))
    if len(even) > 1:
        fix = f"Say which parts the cells: --delimiter {', '.join(even)}"
        raise refuse(name, f"its lines can be read as parted by {' or '.join(even)}", "One mark parts the cells", fix)
    return closest(name, read)


def attempt(text: str, mark: str) -> list[RawRow] | csv.Error:
    """Return the lines of a text under a mark, or why it cannot be read so."""
    try:
        return [row for row in split_lines(text, mark) if any(cell.strip() for cell in row.cells)]
    except csv.Error as error:
        return error


def is_even(lines: list[RawRow]) -> bool:
    """Return whether all lines have as many cells, at least two."""
    return len({len(line.cells) for line in lines}) == 1 and len(lines[0].cells) > 1


def closest(name: str, read: dict[str, list[RawRow]]) -> list[RawRow]:
    """Return a table of one column as it is; otherwise refuse the first line that differs from most."""
    word, lines = max(read.items(), key=lambda item: max((len(line.cells) for line in item[1]), default=0))
    widths = [len(line.cells) for line in lines]
    if not widths or max(widths) == 1:
        return lines
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    odd = next(line for line in lines if len(line.cells) != usual)
    found = f"line {odd.line} has {len(odd.cells)} cells, most have {usual} (parted by {word}s)"
    raise refuse(
        name,
        found,
        f"Each line has as many cells, up to column {letters(usual - 1)}",
        "Quote cells that hold the mark, or say it: --delimiter comma, semicolon, tab",
    )
