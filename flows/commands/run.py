"""trochlea run: the whole pipeline as a Prefect flow."""

import importlib
import time

import click

from flows.command import LOADING
from flows.commands.showing import show_outcome, showing_progress
from flows.prefect_settings import settle_prefect
from flows.review import Review, review_options


@click.command("run")
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, as_json: bool) -> None:
    """Read the evidence, pool it, judge the claims, record the run, publish the report.

    The run is recorded in the store and by Prefect. When anything is wrong with the data, every fault is
    listed, nothing is stored and the last good report stays.

    \b
    Example: trochlea run
             trochlea run --json
    """
    settle_prefect(review.data)
    with showing_progress(quiet=as_json):
        load_second_opinion()
        # Prefect reads its settings while it is imported, so it is imported once they are there
        pipeline = importlib.import_module("flows.pipeline")
        outcome = pipeline.run_flow(review)
    show_outcome(outcome, as_json)


def load_second_opinion() -> None:
    """Import statsmodels on the clock of our own work, rather than with Prefect and unseen."""
    began = time.perf_counter()
    importlib.import_module("analysis.synthesis.second_opinion")
    click.get_current_context().meta[LOADING] += time.perf_counter() - began
