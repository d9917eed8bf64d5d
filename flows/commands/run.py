"""trochlea run: the whole pipeline as a Prefect flow."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec

import click

from analysis.faults import TrochleaError
from flows.commands.showing import show_outcome, showing_progress
from flows.prefect_server import PrefectServer, check_answers, prefect_server
from flows.prefect_settings import API_URL, settle_prefect
from flows.review import Review, review_options
from flows.stopping import stop_as_by_ctrl_c


@click.command("run")
@review_options
@click.option("--fresh", is_flag=True, help="Compute and draw everything; take nothing from the run before.")
@click.option("--runner", type=click.Choice(["local", "dask"]), default="local", show_default=True,
              help="Who answers the comparisons: this process, or Dask's workers.")
@click.option("--scheduler", metavar="ADDRESS",
              help="With --runner dask: the scheduler of workers that are there.  [default: a worker a core, here]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, fresh: bool, runner: str, scheduler: str | None, as_json: bool) -> None:
    """Read the evidence, pool it, judge the claims, record the run, publish the report.

    Comparisons of which nothing changed are taken from the run before. The run is recorded in the store and by
    Prefect. When anything is wrong with the data, every fault is listed, nothing is stored and the last good report
    stays.

    \b
    Example: trochlea run
             trochlea run --json
             trochlea run --fresh
             trochlea run --runner dask --scheduler 192.0.2.1:8786
    """
    if scheduler is not None and runner != "dask":
        raise click.UsageError("--scheduler is of Dask. Add --runner dask.")
    settle_prefect(review.data)
    stop_as_by_ctrl_c()
    connected = scheduler_of_this_run(scheduler) if runner == "dask" else nullcontext()
    with showing_progress(quiet=as_json), connected as client, server_of_this_run() as server:
        # Prefect reads its settings while it is imported, so it is imported once they are there
        pipeline = importlib.import_module("flows.pipeline")
        if server is not None:
            server.wait()
        outcome = pipeline.run_flow(review, fresh, workers_of(client) if client else None)
    show_outcome(outcome, as_json)


@contextmanager
def server_of_this_run() -> Iterator[PrefectServer | None]:
    """Start a server, to come up while Prefect is imported here, unless PREFECT_API_URL names one."""
    if os.environ.get(API_URL):
        check_answers(os.environ[API_URL])
        yield None
        return
    with prefect_server(for_one_flow=True) as server:
        os.environ[API_URL] = server.api
        yield server


def scheduler_of_this_run(address: str | None):
    """Return the context in which a Dask scheduler is there, as its client.

    Raises:
        TrochleaError: Dask is not installed.
    """
    if find_spec("prefect_dask") is None:
        raise TrochleaError("Dask is not installed. In the folder of Trochlea: .venv/bin/uv pip install '.[dask]'")
    return importlib.import_module("flows.workers.cluster").scheduler_at(address)


def workers_of(client):
    """Return the workers of a scheduler as Prefect knows them, each found to be what this process is."""
    importlib.import_module("flows.workers.checking").check_workers(client, os.environ[API_URL])
    return importlib.import_module("flows.workers.spreading").Workers(address=client.scheduler.address)
