"""One brief door to the DuckDB file: it lets one process in while it writes, so others wait, then are told."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analysis.faults import TrochleaError

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.1
LOCK_REFUSED = "Could not set lock on file"  # DuckDB has no class of its own for it
LOCK_HOLDER = re.compile(r"\(PID (\d+)\)")


class StoreBusy(TrochleaError):
    """Another process holds the store."""

    exit_code = 3


class StoreFault(TrochleaError):
    """The file is no store of ours, or cannot be opened."""


@contextmanager
def open_store(path: Path, read_only: bool, patience: float = PATIENCE_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to the store and close it after.

    Raises:
        StoreBusy: Another process held it for longer than `patience` seconds.
        StoreFault: The file cannot be opened, or is no DuckDB file.
    """
    connection = connect_patiently(path, read_only, time.monotonic() + patience)
    try:
        yield connection
    finally:
        connection.close()


def connect_patiently(path: Path, read_only: bool, deadline: float) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.IOException as error:
            if LOCK_REFUSED not in str(error):
                raise StoreFault(f"{path} cannot be opened as a store: {first_line(error)}") from None
            if time.monotonic() > deadline:
                raise StoreBusy(busy_sentence(path, str(error))) from None
        time.sleep(PAUSE_SECONDS)


def busy_sentence(path: Path, refusal: str) -> str:
    holder = LOCK_HOLDER.search(refusal)
    who = f"process {holder.group(1)}" if holder else "another process"
    return f"{path} is held by {who}. Nothing was written. Try again when that process has ended."


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
