"""trochlea report: draw a recorded run again."""

import click

from analysis import store
from analysis.faults import Fault, InputError
from analysis.report import publish
from analysis.results import Run
from flows.review import Review, review_options


@click.command("report")
@review_options
@click.option("--run", "run_id", metavar="ID", help="The run to draw; see trochlea history.  [default: the latest]")
def command(review: Review, run_id: str | None) -> None:
    """Draw the report of a recorded run again, byte for byte.

    Nothing is computed: the pages are drawn from the results document that the run left in the store.

    \b
    Example: trochlea report
             trochlea report --run 20260301-060000-abcdef --reports earlier
    """
    run = store.load(review.store, run_id) if run_id else latest_run(review)
    publish(run, review.reports)
    click.echo(f"Report of run {run.id}: {review.reports / 'index.html'}")


def latest_run(review: Review) -> Run:
    run = store.latest(review.store)
    if run is None:
        raise InputError([Fault(str(review.store), "no run", "A run has to be recorded first")], "Run: trochlea run")
    return run
