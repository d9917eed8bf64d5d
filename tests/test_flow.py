"""The pipeline through Prefect's own temporary server: one good run, one failed, and what each leaves behind."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis import store
from tests.reviews import invented_review

ROOT = Path(__file__).parents[1]
COMMAND = "import sys; sys.path.insert(0, sys.argv.pop(1)); from flows.command import main; main()"


@dataclass(frozen=True)
class Ended:
    """A command that ended, and what stood on the disk then."""

    process: subprocess.CompletedProcess
    pages: dict[str, bytes]
    runs: tuple[store.RunSummary, ...]


@dataclass(frozen=True)
class TwoRuns:
    """A good run of the invented review, then one with a broken folder added."""

    folder: Path
    good: Ended
    failed: Ended


def pages_of(reports: Path) -> dict[str, bytes]:
    return {page.relative_to(reports).as_posix(): page.read_bytes() for page in reports.rglob("*.*")}


def run_pipeline(folder: Path) -> Ended:
    environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect")}
    process = subprocess.run([sys.executable, "-c", COMMAND, str(ROOT), "run", "--json"], cwd=folder,
                             capture_output=True, text=True, env=environment, timeout=300)
    return Ended(process, pages_of(folder / "reports"), store.history(folder / "data" / "trochlea.duckdb"))


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory) -> TwoRuns:
    folder = tmp_path_factory.mktemp("review")
    invented_review(folder)
    good = run_pipeline(folder)
    (folder / "data" / "raw" / "invented-broken").mkdir()
    return TwoRuns(folder, good, run_pipeline(folder))


def recorded_by_prefect(two_runs: TwoRuns, sql: str) -> list[tuple]:
    with sqlite3.connect(two_runs.folder / "prefect" / "prefect.db") as connection:
        return connection.execute(sql).fetchall()


def test_a_good_run_exits_with_nought_and_prints_one_object_and_no_noise(two_runs):
    assert two_runs.good.process.returncode == 0
    assert two_runs.good.process.stderr == ""
    printed = json.loads(two_runs.good.process.stdout)
    assert [printed["run"]] == [summary.id for summary in two_runs.good.runs]
    assert set(printed["seconds"]) == {"loading", "ingest", "synthesise", "publish", "all"}
    assert "index.html" in two_runs.good.pages


def test_a_failed_run_exits_with_two_and_lists_the_faults_without_a_traceback(two_runs):
    assert two_runs.failed.process.returncode == 2
    assert two_runs.failed.process.stderr == ""
    printed = json.loads(two_runs.failed.process.stdout)
    assert [fault["where"] for fault in printed["faults"]] == ["data/raw/invented-broken/metadata.toml"]


def test_a_failed_run_leaves_the_last_good_report_and_the_store_as_they_were(two_runs):
    assert two_runs.failed.pages == two_runs.good.pages
    assert two_runs.failed.runs == two_runs.good.runs


def test_the_server_knows_how_every_flow_and_task_ended(two_runs):
    (good,) = two_runs.good.runs
    flows = recorded_by_prefect(two_runs, "select name, state_type from flow_run order by created")
    assert flows[0] == (good.id, "COMPLETED")
    assert [state for _, state in flows] == ["COMPLETED", "FAILED"]
    tasks = recorded_by_prefect(two_runs, "select name, state_type from task_run order by created")
    assert [(name.rsplit("-", 1)[0], state) for name, state in tasks] == [
        ("ingest", "COMPLETED"), ("synthesise", "COMPLETED"), ("publish", "COMPLETED"), ("ingest", "FAILED")
    ]


def test_the_message_of_a_failed_flow_run_holds_the_faults(two_runs):
    ((message,),) = recorded_by_prefect(two_runs, "select message from flow_run_state where type = 'FAILED'")
    assert "data/raw/invented-broken/metadata.toml: the file is missing" in message


def test_a_good_run_leaves_its_progress_and_a_link_to_its_report(two_runs):
    artifacts = dict(recorded_by_prefect(
        two_runs, "select artifact.key, data from artifact join flow_run on flow_run_id = flow_run.id "
                  "where state_type = 'COMPLETED'"))
    assert float(artifacts["progress"]) == 100
    assert (two_runs.folder / "reports" / "index.html").as_uri() in artifacts["report"]
    assert "| I1 |" in artifacts["report"]


def test_an_earlier_run_is_drawn_again_byte_for_byte(two_runs):
    (good,) = two_runs.good.runs
    again = two_runs.folder / "again"
    subprocess.run([sys.executable, "-c", COMMAND, str(ROOT), "report", "--run", good.id, "--reports", str(again)],
                   cwd=two_runs.folder, check=True, capture_output=True)
    assert pages_of(again) == two_runs.good.pages
