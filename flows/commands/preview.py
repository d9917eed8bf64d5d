"""trochlea preview: the same steps as a run, at once."""

import click

from flows.commands.showing import show_outcome, showing_progress
from flows.review import Review, review_options
from flows.stages import preview


@click.command("preview")
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, as_json: bool) -> None:
    """Draw the report from the data as they are now, without Prefect and unrecorded.

    For the loop of editing and looking. The pages go where a run's would go.

    \b
    Example: trochlea preview
             trochlea preview --reports /tmp/draft
    """
    with showing_progress(quiet=as_json):
        outcome = preview(review)
    show_outcome(outcome, as_json)
