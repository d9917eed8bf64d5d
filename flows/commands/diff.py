"""trochlea diff: what changed between any two runs of the store."""

import dataclasses
import json
from pathlib import Path

import click

from analysis import store
from analysis.faults import Fault, InputError
from analysis.report.changed import ChangeGroup, ChangeLine
from analysis.report.diff_page import diff_groups, diff_page, diff_sentence, made_from_sentence, print_rows
from analysis.results import Change, Run
from flows.review import Review, review_options
from flows.steps import explained_changes
from flows.summary import one_line
from flows.writing import write_whole

FROM_THE_END = {"latest": 0, "previous": 1}  # runs recorded after it
UNEXPLAINED = "A number moved although nothing that it is made from changed: a fault in Trochlea or in a program."


@click.command("diff")
@click.argument("old", default="previous", metavar="[A]")
@click.argument("new", default="latest", metavar="[B]")
@review_options
@click.option("--html", type=click.Path(path_type=Path), help="Write a page that stands alone to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@click.pass_context
def command(ctx: click.Context, review: Review, old: str, new: str, html: Path | None, as_json: bool) -> None:
    """Say what changed from run A to run B: verdicts, answers, evidence, methods, drift.

    A and B are ids of trochlea history, or the words previous and latest: of the runs recorded in the store,
    the last but one and the last. Each change is told with its intervals, with what of the move came from data,
    from the protocol and from code, and with the cell or line that it came from.

    \b
    Exit codes: 0 compared, whether anything changed or not · 1 a number moved although nothing
    that it is made from changed · 2 there is no such run · 3 the store is busy.
    Example: trochlea diff
             trochlea diff 20260301-060000-abcdef latest --html changes.html
    """
    before, now = (store.load(review.store, run_id) for run_id in named_runs(review, old, new))
    changes = explained_changes(before, now)
    if html is not None:
        write_whole(html, diff_page(before, now, changes), "--html takes a file in a folder that is there")
        click.echo(f"Page: {html}", err=True)
    click.echo(json.dumps(as_object(before, now, changes), ensure_ascii=False) if as_json
               else as_text(before, now, changes))  # fmt: skip
    if any(change.what == "number-moved" for change in changes):
        click.echo(UNEXPLAINED, err=True)
        ctx.exit(1)


def named_runs(review: Review, *names: str) -> tuple[str, ...]:
    """Return the ids of runs that are named by id, or by their place in the history.

    Raises:
        InputError: The store holds too few runs for a name such as previous.
    """
    ids = [run.id for run in reversed(store.history(review.store))]
    for name in names:
        if FROM_THE_END.get(name, -1) >= len(ids):
            found = f"{name!r} names no run"
            allowed = f"The store holds {len(ids)} of the {FROM_THE_END[name] + 1} runs that are needed"
            raise InputError([Fault(str(review.store), found, allowed)], "Record a run with: trochlea run")
    return tuple(ids[FROM_THE_END[name]] if name in FROM_THE_END else name for name in names)


def as_object(old: Run, new: Run, changes: tuple[Change, ...]) -> dict:
    """Return the comparison as `--json` prints it; figures and parts as the results document has them."""
    return {
        "old": {"run": old.id, "started": old.started.isoformat()},
        "new": {"run": new.id, "started": new.started.isoformat()},
        "made_from": [dataclasses.asdict(row) for row in print_rows(old, new)],
        "changes": [dataclasses.asdict(change) for change in changes],
    }


def as_text(old: Run, new: Run, changes: tuple[Change, ...]) -> str:
    """Return the comparison for a person: what was compared, then the changes by kind, the weightiest first."""
    groups = diff_groups(old, new, changes)
    head = [diff_sentence(old, new, groups), made_from_sentence(old, new)]
    return "\n".join([*map(one_line, head), *(line for group in groups for line in group_lines(group))])


def group_lines(group: ChangeGroup) -> list[str]:
    """Return a kind of change as lines for a screen."""
    return ["", group.name.upper(), *(text for line in group.lines for text in change_text(line))]


def change_text(line: ChangeLine) -> list[str]:
    """Return a change as lines: what it is, how far it moved, where it came from."""
    values = " → ".join(value for value in (line.old, line.new) if value is not None)
    colon = "" if line.subject.endswith("?") else ":"
    told = f"  {line.subject}{colon} {line.what}{f', {values}' if values else ''}"
    places = [f"      {origin.text}" for origin in line.origins]
    more = [f"      and {line.more_origins} more; see --json"] if line.more_origins else []
    return [one_line(text) for text in (told, *(f"    {move}" for move in line.moves), *places, *more)]
