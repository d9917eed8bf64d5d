"""Long CSV files read by Arrow, in a tenth of the time that a Python object a cell takes.

Only what Arrow reads just as `flows.pool.table` does is read here: lines of as many cells each, none of them blank, and
quotes around whole cells at most. Anything else is left to the slower reader, which also says what is wrong with it.
Alone in its file because pyarrow takes long to load.
"""

import codecs
import csv
import io

import numpy as np
import pyarrow as pa
import pyarrow.csv

from flows.pool.table import Table, Words

LONGEST_CELL = 100_000  # below what Python's csv takes
TEXT = pa.dictionary(pa.int32(), pa.string())
PARSING = pa.csv.ParseOptions(ignore_empty_lines=False)
QUOTE, COMMA, NEWLINE, RETURN = b'",\n\r'


def read_long_csv(content: bytes, where: str) -> Table | None:
    """Return the content of a CSV file as a table, or None where the slower reader has to see it."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if strange(content):
        return None
    header = [cell.strip() for cell in next(csv.reader([content.partition(b"\n")[0].decode()]))]
    names = [name for name in header if name]
    columns = read_columns(content, len(header)) if len(set(names)) == len(names) > 1 else None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if columns is None or len(columns[0]) != lines - 1:
        return None
    words = list(map(words_of_column, columns))
    if any_blank_row(words) or any(len(word) > LONGEST_CELL for column in words for word in column.words):
        return None
    named = {name: column for name, column in zip(header, words, strict=True) if name}
    return Table(where, np.arange(2, lines + 1), named)


def strange(content: bytes) -> bool:
    """Return whether there are quotes within cells, bytes that are no text, or line ends of more than one system."""
    returns = content.count(b"\r")
    one_end = returns in (0, content.count(b"\r\n"))
    return not (one_end and b"\0" not in content and is_utf8(content) and quotes_whole_cells(content))


def quotes_whole_cells(content: bytes) -> bool:
    """Return whether every other quote opens a cell and the next one closes it, on the same line, with none between."""
    if b'"' not in content:
        return True
    text = np.frombuffer(b"\n%b\n" % content, np.uint8)
    at, newlines = np.flatnonzero(text == QUOTE), np.flatnonzero(text == NEWLINE)
    opens = np.isin(text[at - 1], (COMMA, NEWLINE))
    closes = np.isin(text[at + 1], (COMMA, NEWLINE, RETURN))
    by_turns = np.arange(len(at)) % 2 == 0
    line = np.searchsorted(newlines, at)
    return len(at) % 2 == 0 and bool(
        (opens == by_turns).all() and (closes != by_turns).all() and (line[::2] == line[1::2]).all()
    )


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_columns(content: bytes, width: int) -> list[pa.ChunkedArray] | None:
    """Return each column as text; None where lines have other numbers of cells."""
    names = list(map(str, range(width)))
    try:
        table = pa.csv.read_csv(
            io.BytesIO(content),
            pa.csv.ReadOptions(column_names=names, skip_rows=1),
            PARSING,
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return table.columns if table.num_rows else None


def words_of_column(column: pa.ChunkedArray) -> Words:
    """Return a column as words, which Arrow gives in the order of their first rows."""
    chunk = column.unify_dictionaries().combine_chunks()
    return Words(tuple(chunk.dictionary.to_pylist()), chunk.indices.to_numpy().astype(np.intp))


def any_blank_row(columns: list[Words]) -> bool:
    """Return whether some row has nothing in any column."""
    blank = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        blank &= np.array([not word.strip() for word in column.words])[column.index]
    return bool(blank.any())
