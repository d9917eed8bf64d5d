"""trochlea schedule: the pipeline on a schedule."""

import importlib

import click

from flows.prefect_settings import settle_prefect
from flows.review import Review, review_options


@click.command("schedule")
@review_options
@click.option("--cron", required=True, help="When: minute, hour, day of month, month, day of week.")
@click.option("--timezone", default="UTC", show_default=True, help="Whose clock: a name such as Europe/Berlin.")
def command(review: Review, cron: str, timezone: str) -> None:
    """Run the pipeline on a schedule, from this process, until Ctrl-C.

    Each run prints how it ended: what was found and changed, or every fault. The machine has to be on.

    \b
    Example: trochlea schedule --cron "0 6 * * 1" --timezone Europe/Berlin
    """
    settle_prefect(review.data)
    # Prefect reads its settings while it is imported, so it is imported once they are there
    schedule = importlib.import_module("flows.schedule")
    checked = schedule.check_schedule(cron, timezone)
    click.echo(f"Running at '{cron}', {timezone} time, until Ctrl-C. Data: {review.data}. Reports: {review.reports}.")
    schedule.serve(review, checked)
