"""A CSV or Parquet file as columns of text or numbers, each row with its line."""

import csv
import importlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.evidence.cells import NUMBER, CellError, explain_number, refuse_hostile
from analysis.evidence.reading import split_lines
from analysis.faults import Fault, InputError
from analysis.results import RawRow

EMPTY = ("", "NA")  # R writes NA where a cell has no value


@dataclass(frozen=True)
class Table:
    """Columns by name, in rows of equal number.

    Args:
        where: The file, as faults name it.
        lines: The line of each row in a CSV file; the number of each row, from 1, in a Parquet file.
        columns: Text as it stands, or numbers with NaN where a value is missing.
    """

    where: str
    lines: tuple[int, ...]
    columns: dict[str, list[str] | np.ndarray]

    def numbers(self, name: str) -> tuple[np.ndarray, list[Fault]]:
        """Return a column as finite numbers, NaN where empty, and a fault for each cell that is no number."""
        cells = self.columns[name]
        if isinstance(cells, np.ndarray):
            bad = np.nonzero(np.isinf(cells))[0]
            return cells, [self.fault(row, name, "an infinite number", "Write a finite number") for row in bad]
        values, faults = np.full(len(cells), np.nan), []
        for row, text in enumerate(cells):
            text = text.strip()
            if text in EMPTY:
                continue
            try:
                values[row] = read_number(text)
            except CellError as error:
                faults.append(self.fault(row, name, error.found, error.allowed))
        return values, faults

    def texts(self, name: str) -> tuple[list[str], list[Fault]]:
        """Return a column as text, and a fault for each cell that no table holds."""
        cells, faults = self.columns[name], []
        if isinstance(cells, np.ndarray):
            texts = ["" if np.isnan(cell) else f"{cell:.15g}" for cell in cells]
        else:
            texts = [cell.strip() for cell in cells]
        for row, text in enumerate(texts):
            try:
                refuse_hostile(text)
            except CellError as error:
                faults.append(self.fault(row, name, error.found, error.allowed))
        return texts, faults

    def fault(self, row: int, column: str, found: str, allowed: str) -> Fault:
        """Return a fault of one cell."""
        return Fault(self.where, found, allowed, self.lines[row], column)


def read_number(text: str) -> float:
    """Return the number in a cell, or raise CellError with what is allowed."""
    refuse_hostile(text)
    plain = text.removeprefix("+")
    if not NUMBER.fullmatch(plain):
        raise CellError(*explain_number(text))
    value = float(plain)
    if not np.isfinite(value):
        raise CellError(repr(text[:60]), "Write a number that double precision can hold")
    return value


def read_file(path: Path) -> Table:
    """Read a table.

    Raises:
        InputError: There is no such file, or it is no table.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise InputError([Fault(str(path), found, "Name a CSV or Parquet file")])
    if path.suffix.lower() == ".parquet":
        return importlib.import_module("flows.pool.parquet").read_parquet(path)  # pyarrow takes long to load
    return read_csv(path)


def read_csv(path: Path) -> Table:
    """Read a CSV file in UTF-8 with commas and a header."""
    where, lines = str(path), read_lines(path)
    rows = [row for row in lines[1:] if any(cell.strip() for cell in row.cells)]
    header = [cell.strip() for cell in lines[0].cells] if lines else []
    faults = check_shape(where, header, rows)
    if faults:
        raise InputError(faults)
    cells = zip(*(row.cells for row in rows), strict=True)
    columns = {name: list(column) for name, column in zip(header, cells, strict=True) if name}
    return Table(where, tuple(row.line for row in rows), columns)


def read_lines(path: Path) -> list[RawRow]:
    """Return the cells of each line, or refuse bytes that are no UTF-8 and text that is no CSV."""
    content = path.read_bytes()
    try:
        return split_lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError([Fault(str(path), f"byte {content[error.start]:#04x} is no UTF-8",
                                "Save the file as CSV UTF-8", line)]) from error
    except csv.Error as error:
        raise InputError([Fault(str(path), f"it is not CSV: {error}",
                                "Cells with a comma or a quote stand in quotes")]) from error


def check_shape(where: str, header: list[str], rows: list[RawRow]) -> list[Fault]:
    """Return what keeps lines from being a table."""
    if not rows:
        return [Fault(where, "no rows", "The first line names the columns, each further line is a row")]
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    faults = [Fault(where, "the column stands twice", "Each column stands once", 1, name) for name in doubled]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        faults.append(Fault(where, "columns parted by semicolons or tabs", "Save the file with commas", 1))
    return faults + [
        Fault(where, f"{len(row.cells)} cells under {len(header)} columns",
              "Each line has a cell for each column; a cell with a comma stands in quotes", row.line)
        for row in rows if len(row.cells) != len(header)]
