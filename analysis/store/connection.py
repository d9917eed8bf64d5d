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
    """Return a connection, or raise; outside of any except, so that no error of DuckDB's is kept alive by ours."""
    if not path.parent.is_dir():
        raise StoreFault(f"{path.parent} is no folder. The store is a file in a folder that is there: see --store.")
    while True:
        connection = try_to_connect(path, read_only)
        if not isinstance(connection, str):
            return connection
        if LOCK_REFUSED not in connection:
            raise StoreFault(
                f"{path} cannot be opened as a store: {connection.splitlines()[0]}. "
                "Name another file with --store, or move this one away to begin a new store."
            )
        if time.monotonic() > deadline:
            raise StoreBusy(busy_sentence(path, connection))
        time.sleep(PAUSE_SECONDS)


def try_to_connect(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection | str:
    """Return a connection, or what DuckDB says of why not."""
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        return str(error)


def busy_sentence(path: Path, refusal: str) -> str:
    holder = LOCK_HOLDER.search(refusal)
    who = f"process {holder.group(1)}" if holder else "another process"
    return f"{path} is held by {who}. Nothing was written. Try again when that process has ended."
