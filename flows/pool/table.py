"""A CSV or Parquet file as columns of text or numbers, each row with its line."""

import csv
import importlib
import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.evidence.cells import NUMBER, CellError, any_hostile, explain_number, refuse_hostile
from analysis.evidence.reading import split_lines
from analysis.faults import Fault, InputError
from analysis.results import RawRow

EMPTY = ("", "NA")  # R writes NA where a cell has no value
STANDARD_INPUT = "standard input"
LARGEST = 500_000_000  # bytes of a text table, which is held whole
LONG = 2_000_000  # bytes from which on loading Arrow pays
PARQUET = b"PAR1"
PLAIN = frozenset("0123456789.+-eE")


@dataclass(frozen=True)
class Words:
    """A column of text: the words in it in the order of their first rows, and which of them each row has."""

    words: tuple[str, ...]
    index: np.ndarray

    def __len__(self) -> int:
        return len(self.index)

    def at(self, rows: np.ndarray) -> list[str]:
        """Return the words of some rows."""
        return [self.words[word] for word in self.index[rows].tolist()]

    def every(self) -> list[str]:
        """Return the word of each row."""
        return [self.words[word] for word in self.index.tolist()]

    def take(self, rows: np.ndarray) -> "Words":
        """Return some rows as a column."""
        return Words(self.words, self.index[rows])

    def stripped(self) -> "Words":
        """Return the column without blanks around its words."""
        plain = tuple(map(str.strip, self.words))
        if plain == self.words:
            return self
        found = words_of(plain)
        return Words(found.words, found.index[self.index])


def words_of(cells: Iterable[str]) -> Words:
    """Return text as a column of words."""
    places: dict[str, int] = {}
    index = np.array([places.setdefault(cell, len(places)) for cell in cells], dtype=np.intp)
    return Words(tuple(places), index)


def one_word(word: str, rows: int) -> Words:
    """Return a column that holds one word throughout."""
    return Words((word,), np.zeros(rows, dtype=np.intp))


@dataclass(frozen=True)
class Table:
    """Columns by name, in rows of equal number.

    Args:
        where: The file, as faults name it.
        lines: The line of each row in a CSV file; the number of each row, from 1, in a Parquet file. Shape (n,).
        columns: Text as it stands, or numbers with NaN where a value is missing.
    """

    where: str
    lines: np.ndarray
    columns: dict[str, Words | np.ndarray]

    def numbers(self, name: str) -> tuple[np.ndarray, list[Fault]]:
        """Return a column as finite numbers, NaN where empty, and a fault for each cell that is no number."""
        cells = self.columns[name]
        if isinstance(cells, np.ndarray):
            bad = np.nonzero(np.isinf(cells))[0]
            return cells, [self.fault(row, name, "an infinite number", "Write a finite number") for row in bad]
        values, bad = read_numbers(tuple(map(str.strip, cells.words)))
        return values[cells.index], self.faults(name, cells, bad)

    def texts(self, name: str) -> tuple[Words, list[Fault]]:
        """Return a column as text, and a fault for each cell that no table holds."""
        cells = self.columns[name]
        words = words_of_numbers(cells) if isinstance(cells, np.ndarray) else cells.stripped()
        return words, self.faults(name, words, hostile(words.words) if any_hostile(words.words) else {})

    def faults(self, column: str, cells: Words, bad: dict[int, CellError]) -> list[Fault]:
        """Return a fault for each row whose word is bad."""
        rows = np.flatnonzero(np.isin(cells.index, list(bad))) if bad else ()
        errors = [(row, bad[cells.index[row]]) for row in rows]
        return [self.fault(row, column, error.found, error.allowed) for row, error in errors]

    def fault(self, row: int, column: str, found: str, allowed: str) -> Fault:
        """Return a fault of one cell."""
        return Fault(self.where, found, allowed, int(self.lines[row]), column)


def words_of_numbers(cells: np.ndarray) -> Words:
    """Return numbers as text, in the order of their first rows; nothing for NaN."""
    values, first, index = np.unique(cells, return_index=True, return_inverse=True)
    order = np.argsort(first)
    words = words_of("" if np.isnan(value) else f"{value:.15g}" for value in values[order].tolist())
    return Words(words.words, words.index[np.argsort(order)][index])


def hostile(words: Iterable[str]) -> dict[int, CellError]:
    """Return what is wrong with words that no table holds, by their places."""
    bad = {}
    for place, word in enumerate(words):
        try:
            refuse_hostile(word)
        except CellError as error:
            bad[place] = error
    return bad


def read_numbers(texts: Sequence[str]) -> tuple[np.ndarray, dict[int, CellError]]:
    """Return numbers, NaN where a text is empty, and what is wrong with those that are none, by their places."""
    values, bad = np.full(len(texts), np.nan), {}
    filled = [place for place, text in enumerate(texts) if text not in EMPTY]
    plain = plain_numbers([texts[place] for place in filled])
    if plain is not None:
        values[filled] = plain
        return values, bad
    for place in filled:
        try:
            values[place] = read_number(texts[place])
        except CellError as error:
            bad[place] = error
    return values, bad


def plain_numbers(texts: Sequence[str]) -> np.ndarray | None:
    """Return what `read_number` does of each text, all at once, or None where some text has to be looked at alone."""
    powers = (text.removeprefix("+") for text in texts if "e" in text or "E" in text)
    if not PLAIN.issuperset("".join(texts)) or any_hostile(texts) or not all(map(NUMBER.fullmatch, powers)):
        return None
    try:
        values = np.array(list(map(float, texts)))
    except ValueError:  # such as 1-2
        return None
    return values if np.isfinite(values).all() else None


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
    """Read a table: a file, or CSV from a pipe or, named -, from standard input.

    Raises:
        InputError: There is no such file, or it is no table.
    """
    if is_stream(path):
        return read_csv(path, STANDARD_INPUT if str(path) == "-" else str(path))
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no ordinary file" if path.exists() else "no such file"
        raise InputError([Fault(str(path), found, "Name a CSV or Parquet file")])
    if path.suffix.lower() == ".parquet":
        return importlib.import_module("flows.pool.parquet").read_parquet(path)  # pyarrow takes long to load
    return read_csv(path, str(path))


def is_stream(path: Path) -> bool:
    """Return whether a table comes from a pipe: standard input, a named one, or one that a shell made."""
    return str(path) == "-" or path.is_fifo() or path.is_socket()


def read_csv(path: Path, where: str) -> Table:
    """Read a CSV file in UTF-8 with commas and a header."""
    content = read_content(path, where)
    if len(content) >= LONG:
        table = importlib.import_module("flows.pool.long_csv").read_long_csv(content, where)
        if table is not None:
            return table
    lines = lines_of(content, where)
    rows = [row for row in lines[1:] if any(cell.strip() for cell in row.cells)]
    header = [cell.strip() for cell in lines[0].cells] if lines else []
    faults = check_shape(where, header, rows)
    if faults:
        raise InputError(faults)
    cells = zip(*(row.cells for row in rows), strict=True)
    columns = {name: words_of(column) for name, column in zip(header, cells, strict=True) if name}
    return Table(where, np.array([row.line for row in rows]), columns)


def read_content(path: Path, where: str) -> bytes:
    """Return the bytes of a text table, refused where they are too many, or of a Parquet file that has another name."""
    if str(path) == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise InputError([Fault(where, "nothing comes from it", "Pipe a table in: cat effects.csv | trochlea pool -")])
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError([Fault(where, f"it cannot be read: {error.strerror}", "Name a CSV or Parquet file")]) from None
    if len(content) > LARGEST:
        raise InputError([Fault(where, f"more than {LARGEST:,} bytes", "Write a larger table as Parquet, into a file")])
    if content.startswith(PARQUET):
        raise InputError([Fault(where, "Parquet", "Parquet is read from a file whose name ends in .parquet")])
    return content


def lines_of(content: bytes, where: str) -> list[RawRow]:
    """Return the cells of each line, or refuse bytes that are no UTF-8 and text that is no CSV."""
    try:
        return split_lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError([Fault(where, f"byte {content[error.start]:#04x} is no UTF-8",
                                "Save the file as CSV UTF-8", line)]) from error
    except csv.Error as error:
        raise InputError([Fault(where, f"it is not CSV: {error}",
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
