"""trochlea history: the runs in the store."""

import dataclasses
import json

import click

from analysis import store
from analysis.store import RunSummary
from flows.review import Review, review_options

HEADINGS = ("run", "started (UTC)", "datasets", "comparisons", "changes", "claims")


@click.command("history")
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list for a machine.")
def command(review: Review, as_json: bool) -> None:
    """List the runs in the store, the latest last.

    \b
    Example: trochlea history
             trochlea history --json
    """
    runs = store.history(review.store)
    if as_json:
        click.echo(json.dumps([as_object(run) for run in runs], ensure_ascii=False))
    elif runs:
        click.echo(table([HEADINGS, *(cells(run) for run in runs)]))
    else:
        click.echo(f"No run is recorded in {review.store} yet. Make one with: trochlea run")


def as_object(run: RunSummary) -> dict:
    return dataclasses.asdict(run) | {"started": run.started.isoformat(), "verdicts": dict(run.verdicts)}


def cells(run: RunSummary) -> tuple[str, ...]:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in run.verdicts)
    started = f"{run.started:%Y-%m-%d %H:%M:%S}"
    return run.id, started, str(run.datasets), str(run.comparisons), str(run.changes), verdicts


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows as lines of aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in rows)
