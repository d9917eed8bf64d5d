"""Record a run: everything in one transaction, so that a run killed at any instant leaves no trace of itself."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pathlib import Path

import duckdb

from analysis.document import to_json
from analysis.results import Dataset, Run
from analysis.store import rows
from analysis.store.connection import PATIENCE_SECONDS, open_store
from analysis.store.schema import check_version, make_store

ROWS_A_STATEMENT = 200  # DuckDB inserts many rows of one statement far quicker than one by one


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
    documents = {dataset.id: to_json(dataset) for dataset in run.datasets}
    if not path.exists():
        make_store(path)
    with open_store(path, read_only=False, patience=patience) as connection:
        check_version(connection, path)
        connection.begin()
        insert_run(connection, run)
        insert_datasets(connection, run, documents)
        for table, make_rows in rows.RUN_TABLES.items():
            insert(connection, table, make_rows(run))
        connection.commit()


def insert_run(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    (number,) = connection.execute("select coalesce(max(number), 0) + 1 from run").fetchone()
    prints = run.fingerprints
    document = to_json(dataclasses.replace(run, datasets=()))
    insert(connection, "run", [(run.id, number, rows.utc(run.started), run.previous, prints.data, prints.protocol,
                                prints.code, document)])


def insert_datasets(connection: duckdb.DuckDBPyConnection, run: Run, documents: dict[str, str]) -> None:
    known = {fingerprint for (fingerprint,) in connection.execute("select fingerprint from dataset_version").fetchall()}
    fingerprints = {name: fingerprint_of(document) for name, document in documents.items()}
    new = [dataset for dataset in run.datasets if fingerprints[dataset.id] not in known]
    insert(connection, "dataset_version", ((fingerprints[d.id], d.id, documents[d.id]) for d in new))
    insert(connection, "raw_file", each_of(rows.raw_files, new, fingerprints))
    insert(connection, "raw_row", each_of(rows.raw_rows, new, fingerprints))
    insert(connection, "run_dataset", ((run.id, i, fingerprints[d.id]) for i, d in enumerate(run.datasets)))


def each_of(
    make_rows: Callable[[Dataset, str], rows.Rows], datasets: Iterable[Dataset], fingerprints: dict[str, str]
) -> rows.Rows:
    return chain.from_iterable(make_rows(dataset, fingerprints[dataset.id]) for dataset in datasets)


def fingerprint_of(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def insert(connection: duckdb.DuckDBPyConnection, table: str, values: Iterable[tuple]) -> None:
    """Insert rows by parameters: nothing that was read from a file ever becomes SQL."""
    remaining = iter(values)
    while part := list(islice(remaining, ROWS_A_STATEMENT)):
        places = ", ".join(["(" + ", ".join("?" * len(part[0])) + ")"] * len(part))
        connection.execute(f"insert into {table} values {places}", list(chain.from_iterable(part)))
