"""Tables in Parquet, read and written. Alone in its file because pyarrow takes long to load."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.faults import Fault, InputError
from flows.pool.table import Table, Words, words_of


def read_parquet(path: Path) -> Table:
    """Read a Parquet file.

    Raises:
        InputError: The file is no Parquet, or holds no rows.
    """
    try:
        content = pq.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError([Fault(str(path), f"it is not Parquet: {str(error)[:200]}", "Name a Parquet file")]) from error
    if content.num_rows == 0:
        raise InputError([Fault(str(path), "no rows", "A table has at least one row")])
    names = content.column_names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError([Fault(str(path), "the column stands twice", "Each column stands once", column=name)
                          for name in doubled])
    columns = {name: as_cells(content.column(name)) for name in names}
    return Table(str(path), np.arange(1, content.num_rows + 1), columns)


def as_cells(column: pa.ChunkedArray) -> np.ndarray | Words:
    """Return numbers as numbers, with NaN for null, and anything else as text."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False).to_numpy().astype(np.float64)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = column.dictionary_encode()
    if not pa.types.is_dictionary(column.type):
        return words_of("" if value is None else str(value) for value in column.to_pylist())
    return words_of_dictionary(column.unify_dictionaries())


def words_of_dictionary(column: pa.ChunkedArray) -> Words:
    """Return text that comes as a dictionary, without a Python object a row."""
    chunk = column.combine_chunks()
    words = ["" if value is None else str(value) for value in chunk.dictionary.to_pylist()]
    empty = len(words)
    index = chunk.indices.fill_null(empty).to_numpy(zero_copy_only=False).astype(np.intp)
    places, first = np.unique(index, return_index=True)
    places = places[np.argsort(first)]  # a dictionary need not follow the rows, nor need all of it be used
    again = np.empty(empty + 1, dtype=np.intp)
    again[places] = np.arange(len(places))
    words.append("")
    found = words_of(words[place] for place in places.tolist())
    return Words(found.words, found.index[again[index]])


def write_parquet(path: Path, columns: dict[str, list | np.ndarray]) -> None:
    """Write columns of results; what is not defined is null."""
    pq.write_table(pa.table(columns), path)


def parquet_bytes(columns: dict[str, list]) -> bytes:
    """Return columns as a Parquet file; a column without any value is one of text."""
    table = pa.table({name: as_column(values) for name, values in columns.items()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def as_column(values: list) -> pa.Array:
    """Return values as a column; whole numbers among others become numbers with a point."""
    if all(value is None for value in values):
        return pa.array(values, pa.string())
    numbers = all(value is None or isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return pa.array([None if value is None else float(value) for value in values]
                    if numbers and any(isinstance(value, float) for value in values) else values)  # fmt: skip
