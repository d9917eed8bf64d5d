"""The pipeline as a Prefect flow: a few coarse tasks around plain functions.

Prefect caches nothing and keeps no result: the store is the record of what a run found, and what the next one takes
over; Prefect's server is the record of how it went.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from prefect import flow, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.context import FlowRunContext
from prefect.logging.handlers import APILogHandler
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import TaskRunner
from prefect.utilities.annotations import quote

from analysis.faults import TrochleaError
from analysis.results import Run
from flows.answering import answer
from flows.artifacts import Progress, link_report
from flows.asked import Material
from flows.review import Review
from flows.second_program import second_program, started
from flows.stages import Outcome, Stopwatch, compute, deliver, ingest, taken
from flows.summary import three_lines

TASKS = ("ingest", "synthesise", "publish")
DRAIN_SECONDS = 30.0
DRAIN_PAUSE_SECONDS = 0.05


@task(name="ingest", cache_policy=NO_CACHE, persist_result=False)
def ingest_task(review: Review, fresh: bool) -> Material:
    """Read and check the evidence and the protocol."""
    return ingest(review, fresh)


@task(name="synthesise", cache_policy=NO_CACHE, persist_result=False)
def synthesise_task(material: Material) -> Run:
    """Pool, test and judge; workers answer the comparisons where the flow was given some."""
    spread = getattr(FlowRunContext.get().task_runner, "answer", answer)
    return compute(material, recorded=True, ask=started(), spread=spread)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_task(review: Review, run: Run, fresh: bool) -> Path:
    """Record the run in the store, then swap the report in."""
    return deliver(review, run, fresh)


def name_of_start() -> str:
    """Return what a flow run is called until its run has an id: when it started, UTC."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


@flow(name="trochlea", flow_run_name=name_of_start, validate_parameters=False, persist_result=False)
def pipeline(
    data: str = "data", reports: str = "reports", store: str | None = None, announce: bool = True, fresh: bool = False
) -> Outcome:
    """Read the evidence, pool it, judge the claims, record the run and publish its report.

    Args:
        data: The folder with raw/ and protocol/.
        reports: Where pages are written.
        store: The DuckDB file; data/trochlea.duckdb when not said.
        announce: Print how it ended, for a run that nobody started by hand.
        fresh: Compute and draw everything, and take nothing from the run before.

    Raises:
        TrochleaError: What is wrong with the data, the protocol or the store; the last good report stays.
    """
    review = Review(Path(data), Path(reports), Path(store) if store else Path(data) / "trochlea.duckdb")
    try:
        outcome = run_tasks(review, fresh)
    except TrochleaError as error:
        say(f"Failed: {error}", announce)
        raise
    say(three_lines(outcome), announce)
    return outcome


def say(text: str, announce: bool) -> None:
    if announce:
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{text}", flush=True)


def run_tasks(review: Review, fresh: bool) -> Outcome:
    """Run the tasks one after the other; quote keeps Prefect from walking through every number."""
    watch, progress = Stopwatch(), Progress(len(TASKS))
    with second_program():
        with watch.time("ingest"):
            material = ingest_task(review, fresh)
        progress.step()
        with watch.time("synthesise"):
            run = synthesise_task(quote(material))
    name_flow_run(run.id)
    progress.step()
    with watch.time("publish"):
        page = publish_task(review, quote(run), fresh)
    progress.step()
    link_report(run, page)
    lots = getattr(FlowRunContext.get().task_runner, "lots", 0)
    return Outcome(run, page, watch.seconds, taken(material, run), lots)


def name_flow_run(name: str) -> None:
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(flow_run.id), name=name)


def run_flow(review: Review, fresh: bool = False, workers: TaskRunner | None = None) -> Outcome:
    """Run the pipeline as a flow, and leave only when the server's record of it is complete.

    The heartbeat is off: it tells a server of a crash, and here the server ends with the process.

    Args:
        review: The review.
        fresh: As of `pipeline`.
        workers: Who answers the comparisons; None: this process.

    Raises:
        TrochleaError: As the flow; the flow run is then marked failed, with the faults as its message.
    """
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        flow_of = pipeline.with_options(task_runner=workers) if workers else pipeline
        places = str(review.data), str(review.reports), str(review.store)
        state = flow_of(*places, announce=False, fresh=fresh, return_state=True)
    drain(state.state_details.flow_run_id, len(TASKS) + state.result().lots if state.is_completed() else None)
    return state.result()


def drain(flow_run_id: UUID, expected: int | None) -> None:
    """Wait until the server has every line logged, and how every task ended; a server stopped before forgets it."""
    APILogHandler().flush()
    deadline = time.monotonic() + DRAIN_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            task_runs = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id])))
            if all_written(task_runs, expected):
                return
            time.sleep(DRAIN_PAUSE_SECONDS)


def all_written(task_runs: list, expected: int | None) -> bool:
    """Return whether the record is whole: as many tasks as expected ended, or, with None, one of the flow's failed."""
    if expected is None:  # lots that were with workers then may never end
        task_runs = [one for one in task_runs if one.name.rpartition("-")[0] in TASKS]
    states = [one.state for one in task_runs]
    ended = bool(states) and all(state is not None and state.is_final() for state in states)
    return ended and (len(states) == expected if expected else any(state.is_failed() for state in states))
