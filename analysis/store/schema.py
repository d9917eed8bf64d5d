"""What a store file holds: made whole and once, recognised ever after, never rewritten by another version."""

import os
from pathlib import Path

import duckdb

from analysis.store.connection import StoreFault, open_store
from analysis.store.views import evidence_views

VERSION = 3  # of schema.sql
SCHEMA = Path(__file__).with_name("schema.sql")


def make_store(path: Path) -> None:
    """Make an empty store, unless one is there.

    It is made beside its place and linked into it: DuckDB cannot open a file whose making was cut short.
    """
    aside = path.with_stem(f"{path.stem}-new-{os.getpid()}")
    try:
        with open_store(aside, read_only=False) as connection:
            make_schema(connection)
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was quicker
    finally:
        aside.unlink(missing_ok=True)


def make_schema(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    connection.execute(evidence_views())
    connection.execute("insert into store_version values (?)", [VERSION])
    connection.commit()


def check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Hold an open file to be a store of this version.

    Raises:
        StoreFault: It is another DuckDB file, or a store of another version.
    """
    version = stored_version(connection)
    if version is None:
        raise StoreFault(f"{path} is a DuckDB file, but no store of Trochlea. Name another file with --store.")
    if version != VERSION:
        raise StoreFault(
            f"{path} is a store of version {version}; this Trochlea reads and writes version {VERSION}. "
            "Move the file away to start a new one; the old runs stay in it."
        )


def stored_version(connection: duckdb.DuckDBPyConnection) -> int | None:
    found = connection.execute("select 1 from duckdb_tables() where table_name = 'store_version'").fetchone()
    return connection.execute("select version from store_version").fetchone()[0] if found else None
