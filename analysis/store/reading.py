"""Read the store: its runs, one run."""

import dataclasses
import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analysis.document import from_json, remembered
from analysis.faults import Fault, InputError
from analysis.results import ComparisonResult, Dataset, Run
from analysis.store.connection import open_store
from analysis.store.schema import check_version

RUNS_NAMED = 5  # in the message about an unknown run


@dataclass(frozen=True)
class RunSummary:
    """One line of the history."""

    id: str
    started: datetime  # UTC
    datasets: int
    comparisons: int
    verdicts: tuple[tuple[str, int], ...]  # (verdict, how many claims), in the order of the verdicts' names
    changes: int


@contextmanager
def open_to_read(path: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """Give a connection, or None when there is no store yet."""
    if not path.exists():
        yield None
        return
    with open_store(path, read_only=True) as connection:
        check_version(connection, path)
        yield connection


def latest(path: Path, code: str | None = None) -> Run | None:
    """Return the run recorded last; None when there is none.

    Args:
        path: The DuckDB file.
        code: Fingerprint of the present code. What the same code recorded keeps its text, so that a run that takes
            some of it over need not write that out again.

    Raises:
        InputError: It was written by a version of Trochlea with other nouns.
    """
    with open_to_read(path) as connection:
        found = connection and connection.execute("select id, code_fingerprint from latest_run").fetchone()
        return whole_run(connection, found[0], remembered if found[1] == code else from_json) if found else None


def load(path: Path, run_id: str) -> Run:
    """Return a run exactly as it was recorded.

    Raises:
        InputError: There is no such run; the message names the nearest and the most recent ones.
    """
    with open_to_read(path) as connection:
        ids = run_ids(connection)
        if run_id not in ids:
            raise InputError([unknown_run(path, run_id, ids)], "List the runs with: trochlea history")
        return whole_run(connection, run_id)


def whole_run(
    connection: duckdb.DuckDBPyConnection, run_id: str, read: Callable[[str, type], object] = from_json
) -> Run:
    (document,) = connection.execute("select document from run where id = ?", [run_id]).fetchone()
    datasets, comparisons = (
        tuple(read(text, noun) for text in parts_of(connection, run_id, kind))
        for kind, noun in (("dataset", Dataset), ("result", ComparisonResult))
    )
    return dataclasses.replace(from_json(document), datasets=datasets, comparisons=comparisons)


def parts_of(connection: duckdb.DuckDBPyConnection, run_id: str, kind: str) -> list[str]:
    """Return the documents of the datasets or the results of a run, in their order."""
    found = connection.execute(
        f"select document from run_{kind} join {kind}_version using (fingerprint) where run = ? order by position",
        [run_id],
    ).fetchall()
    return [document for (document,) in found]


def run_ids(connection: duckdb.DuckDBPyConnection | None) -> list[str]:
    """Return the ids of all runs, the latest first."""
    if connection is None:
        return []
    return [run_id for (run_id,) in connection.execute("select id from run order by number desc").fetchall()]


def unknown_run(path: Path, run_id: str, ids: list[str]) -> Fault:
    if not ids:
        return Fault(str(path), f"no run {run_id!r}", "The store holds no run yet", fix="Make one with: trochlea run")
    near = difflib.get_close_matches(run_id, ids, n=1)
    named = list(dict.fromkeys(near + ids))[:RUNS_NAMED]
    meant = f"Did you mean {near[0]}? " if near else ""
    return Fault(str(path), f"no run {run_id!r}", f"{meant}The runs are {', '.join(named)}{more(ids, named)}")


def more(ids: list[str], named: list[str]) -> str:
    return f" and {len(ids) - len(named)} more" if len(ids) > len(named) else ""


def history(path: Path) -> tuple[RunSummary, ...]:
    """Return a summary of every run, in the order of recording."""
    with open_to_read(path) as connection:
        if connection is None:
            return ()
        verdicts = verdict_counts(connection)
        runs = connection.execute(
            "select id, started, (select count(*) from run_dataset where run = id), "
            "(select count(*) from run_result where run = id), (select count(*) from change where run = id) "
            "from run order by number"
        ).fetchall()
    return tuple(
        RunSummary(run_id, started.replace(tzinfo=UTC), datasets, comparisons, verdicts.get(run_id, ()), changes)
        for run_id, started, datasets, comparisons, changes in runs
    )


def verdict_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[tuple[str, int], ...]]:
    counts: dict[str, tuple[tuple[str, int], ...]] = {}
    counted = connection.execute("select run, verdict, count(*) from verdict group by all order by run, verdict")
    for run_id, verdict, count in counted.fetchall():
        counts[run_id] = (*counts.get(run_id, ()), (verdict, count))
    return counts
