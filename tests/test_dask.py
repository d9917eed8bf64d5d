"""Runs on a scheduler and workers that are processes of their own: the same bits, and one sentence for all that fails.

`python -m tests.benchmarks.dask_speed` says what they take.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import store
from analysis.faults import TrochleaError
from analysis.report import publish
from analysis.results import Run
from flows.workers.checking import MEND, check_reach, check_version, check_workers
from flows.workers.cluster import connected
from flows.workers.equal import made_here
from flows.workers.lots import LOTS_A_THREAD
from tests.benchmarks.invented_library import write_invented_library
from tests.dask_cluster import Cluster, cluster_of, scheduler
from tests.reviews import REPOSITORY

COMMAND = "import sys; sys.path.insert(0, sys.argv.pop(1)); from flows.command import main; main()"
DATASETS, TREATMENTS, COMPARISONS = 90, 15, 45
NO_SERVER = "http://127.0.0.1:1/api"
NO_SCHEDULER = (
    "No Dask scheduler answers at {!r}. Start one with `dask scheduler`, and give --scheduler the address that it "
    "prints."
)


def command(library: Path, to: Path, *options: str) -> list[str]:
    places = ["--data", str(library), "--reports", str(to / "reports"), "--store", str(to / "runs.duckdb")]
    return [sys.executable, "-c", COMMAND, str(REPOSITORY), "run", "--json", *places, *options]


def environment(to: Path) -> dict[str, str]:
    return {**os.environ, "PREFECT_HOME": str(to / "prefect")}


def run(library: Path, to: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(library, to, *options), capture_output=True, text=True, env=environment(to),
                          timeout=600)  # fmt: skip


def found(to: Path) -> Run:
    """Return what a run found, under the name and time of all runs here."""
    latest = store.latest(to / "runs.duckdb")
    return replace(latest, id="a-run", started=latest.started.replace(hour=0, minute=0, second=0, microsecond=0))


def pages_of(to: Path) -> dict[str, bytes]:
    """Return every file of the report of what a run found."""
    publish(found(to), to / "again")
    return {page.relative_to(to / "again").as_posix(): page.read_bytes() for page in (to / "again").rglob("*.*")}


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "data"
    write_invented_library(folder, DATASETS, TREATMENTS)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with cluster_of(tmp_path_factory.mktemp("cluster"), "one", "two") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def here(library, tmp_path_factory) -> Path:
    """The folder of a run in one process."""
    folder = tmp_path_factory.mktemp("here")
    assert run(library, folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def there(library, cluster, tmp_path_factory) -> Path:
    """The folder of a run whose comparisons two workers answered."""
    folder = tmp_path_factory.mktemp("there")
    ended = run(library, folder, "--runner", "dask", "--scheduler", cluster.address)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(json.loads(ended.stdout)["comparisons"]) == COMPARISONS
    return folder


def answers_in(to: Path) -> list[str]:
    """Return how Prefect's server says that each lot ended."""
    with sqlite3.connect(to / "prefect" / "prefect.db") as connection:
        return [state for (state,) in connection.execute("select state_type from task_run where name like 'answer-%'")]


def test_workers_find_what_one_process_finds_to_the_last_bit(here, there):
    assert repr(found(there)) == repr(found(here))


def test_the_pages_are_the_same_byte_for_byte(here, there):
    assert pages_of(there) == pages_of(here)


def test_prefect_knows_how_every_lot_ended(there):
    assert answers_in(there) == ["COMPLETED"] * (2 * LOTS_A_THREAD)


def test_a_worker_that_dies_at_work_does_not_change_what_is_found(library, cluster, here, tmp_path):
    with cluster.worker("three") as worker:
        options = ["--runner", "dask", "--scheduler", cluster.address]
        running = subprocess.Popen(command(library, tmp_path, *options), env=environment(tmp_path),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        wait_for_work(cluster, "three", running)
        worker.kill()
        assert running.wait(timeout=600) == 0
    assert repr(found(tmp_path)) == repr(found(here))


def wait_for_work(cluster: Cluster, name: str, running: subprocess.Popen) -> None:
    """Wait until a worker has a lot to answer, for as long as the run lasts."""
    address = cluster.address_of(name)
    while not cluster.client.processing([address])[address]:
        assert running.poll() is None, "the run ended before its work was seen"
        time.sleep(0.01)


def refusal(client, api: str) -> str:
    with pytest.raises(TrochleaError) as refused:
        check_workers(client, api)
    return str(refused.value)


def test_a_worker_with_other_code_is_refused_by_name(cluster, tmp_path):
    for package in ("analysis", "flows"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "analysis" / "invented.py").write_text("INVENTED = 1\n")
    with cluster.worker("another", tmp_path):
        said = refusal(cluster.client, NO_SERVER)
        assert said.startswith(f"The worker at {cluster.address_of('another')} is another: Trochlea's code is ")
    assert said.endswith(f", here it is {made_here()[0][1]}. {MEND}.")


def test_a_worker_without_trochlea_is_refused_by_name():
    with pytest.raises(TrochleaError) as refused:
        check_version("The worker at tcp://192.0.2.1:8786", ModuleNotFoundError("No module named 'flows'"))
    assert str(refused.value) == (
        f"The worker at tcp://192.0.2.1:8786 does not have this version of Trochlea: No module named 'flows'. {MEND}."
    )


def test_a_worker_out_of_reach_of_prefects_server_is_told_what_to_start():
    with pytest.raises(TrochleaError) as refused:
        check_reach("The worker at tcp://192.0.2.1:8786", False, NO_SERVER)
    assert str(refused.value) == (
        f"The worker at tcp://192.0.2.1:8786 cannot reach Prefect's server at {NO_SERVER}. Start one that it can "
        "reach with `prefect server start --host ADDRESS`, and name it by PREFECT_API_URL."
    )


def test_a_scheduler_without_workers_is_told_how_to_get_some(tmp_path):
    with scheduler(tmp_path) as alone:
        assert refusal(alone.client, NO_SERVER) == (
            f"The scheduler at {alone.address} has no workers. Start some with: dask worker {alone.address}"
        )


@pytest.mark.parametrize("address", ["127.0.0.1:1", "tcp://127.0.0.1:99999", "invented://nowhere", "no such host", ""])
def test_where_no_scheduler_answers_one_sentence_says_so(address):
    with pytest.raises(TrochleaError) as refused:
        connected(address)
    assert str(refused.value) == NO_SCHEDULER.format(address)


def test_a_worker_is_no_scheduler(cluster):
    with pytest.raises(TrochleaError) as refused:
        connected(cluster.address_of("one"))
    assert str(refused.value) == NO_SCHEDULER.format(cluster.address_of("one"))


def test_where_no_scheduler_answers_nothing_is_begun(library, tmp_path):
    ended = run(library, tmp_path, "--runner", "dask", "--scheduler", "127.0.0.1:1")
    assert (ended.returncode, ended.stderr) == (2, "")
    assert json.loads(ended.stdout)["error"] == NO_SCHEDULER.format("127.0.0.1:1")
    assert list(tmp_path.iterdir()) == []
