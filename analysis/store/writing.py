"""Record a run: everything in one transaction, so that a run killed at any instant leaves no trace of itself.

A dataset or a result that an earlier run recorded as it is now is not written again.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from analysis.document import fingerprint_of, text_of, to_json
from analysis.results import ComparisonResult, Dataset, Run
from analysis.store import rows
from analysis.store.connection import PATIENCE_SECONDS, open_store
from analysis.store.schema import check_version, make_store

Kept = Dataset | ComparisonResult
Tables = Mapping[str, Callable[[Kept], rows.Rows]]


def record(path: Path, run: Run, patience: float = PATIENCE_SECONDS) -> None:
    """Add a run to the store, which is made if it is not there.

    Args:
        path: The DuckDB file.
        run: The run; its id is not in the store yet.
        patience: Seconds to wait for another process that holds the store.

    Raises:
        StoreBusy: Another process held the store for longer than that.
        StoreFault: The file cannot be opened, or is no store of this version.
    """
    document = to_json(dataclasses.replace(run, datasets=(), comparisons=()))
    for part in (*run.datasets, *run.comparisons):
        fingerprint_of(part)  # writes it out before the store is held
    if not path.exists():
        make_store(path)
    with open_store(path, read_only=False, patience=patience) as connection:
        check_version(connection, path)
        connection.begin()
        insert_run(connection, run, document)
        insert_parts(connection, run.id, "dataset", [(one.id, one) for one in run.datasets], rows.DATASET_TABLES)
        results = [(one.comparison.id, one) for one in run.comparisons]
        insert_parts(connection, run.id, "result", results, rows.RESULT_TABLES)
        for table, make_rows in rows.RUN_TABLES.items():
            insert(connection, table, make_rows(run))
        connection.commit()


def insert_run(connection: duckdb.DuckDBPyConnection, run: Run, document: str) -> None:
    (number,) = connection.execute("select coalesce(max(number), 0) + 1 from run").fetchone()
    prints = run.fingerprints
    insert(connection, "run", [(run.id, number, rows.utc(run.started), run.previous, prints.data, prints.protocol,
                                prints.code, document)])


def insert_parts(
    connection: duckdb.DuckDBPyConnection, run_id: str, kind: str, parts: Sequence[tuple[str, Kept]], tables: Tables
) -> None:
    """Insert the versions that are new, with the rows of each, and which version a run has of every part."""
    recorded = connection.execute(f"select fingerprint from {kind}_version").fetchall()
    known = {fingerprint for (fingerprint,) in recorded}
    new = {fingerprint_of(part): (name, part) for name, part in parts if fingerprint_of(part) not in known}
    insert(connection, f"{kind}_version", [(print, name, text_of(part)) for print, (name, part) in new.items()])
    for table, make_rows in tables.items():
        insert(connection, table, [(print, *row) for print, (_, part) in new.items() for row in make_rows(part)])
    insert(connection, f"run_{kind}", [(run_id, i, fingerprint_of(part)) for i, (_, part) in enumerate(parts)])


def insert(connection: duckdb.DuckDBPyConnection, table: str, values: Iterable[Sequence]) -> None:
    """Insert rows as one parameter, a JSON text: nothing that was read from a file ever becomes SQL."""
    if not (values := list(values)):
        return
    names, types = columns_of(connection, table)
    text = json.dumps([dict(zip(names, row, strict=True)) for row in values], ensure_ascii=False, allow_nan=False)
    shape = json.dumps([dict(zip(names, types, strict=True))])
    rows_of_it = "select unnest(from_json_strict(?, ?)) as one"
    connection.execute(f"insert into {table} select one.* from ({rows_of_it})", [text, shape])


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names and types of a table's columns, in their order."""
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? order by column_index", [table]
    ).fetchall()
    names, types = zip(*found, strict=True)
    return names, types
