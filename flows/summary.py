"""A run in three lines for a person, and in one object for a machine."""

import dataclasses
import re
from collections import Counter

from analysis.changes import WORDS
from analysis.results import Change, Run
from flows.stages import Outcome

CHANGES_NAMED = 3
LONG_NUMBER = re.compile(r"-?\d+\.\d{4,}(?:e-?\d+)?")


def three_lines(outcome: Outcome) -> str:
    """Return what was found and how, what changed, and where the report is."""
    return "\n".join((f"{found(outcome.run)} {computed(outcome)}", changed(outcome.run), f"Report: {outcome.page}"))


def computed(outcome: Outcome) -> str:
    """Return how many comparisons and networks were computed, and how many taken from the run before."""
    if not outcome.taken:
        return "Computed: all."
    return f"Computed: {new(outcome)} of {asked(outcome)}; {outcome.taken} unchanged, taken from the run before."


def asked(outcome: Outcome) -> int:
    return len(outcome.run.comparisons) + len(outcome.run.networks)


def new(outcome: Outcome) -> int:
    return asked(outcome) - outcome.taken


def found(run: Run) -> str:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in verdict_counts(run).items())
    rows = sum(len(table.rows) for dataset in run.datasets for table in dataset.tables)
    return (
        f"Found: {counted(len(run.datasets), 'dataset')} with {counted(rows, 'row')}, "
        f"{counted(len(run.comparisons), 'comparison')}, {counted(len(run.verdicts), 'claim')}"
        + (f": {verdicts}." if verdicts else ".")
    )


def verdict_counts(run: Run) -> dict[str, int]:
    """Return how many claims came out each way, the commonest first."""
    return dict(Counter(verdict.verdict for verdict in run.verdicts).most_common())


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def changed(run: Run) -> str:
    if run.previous is None:
        return "Changed: nothing to compare with; this is the first run."
    if not run.changes:
        return f"Changed: nothing since run {run.previous}."
    named = "; ".join(change_words(change) for change in run.changes[:CHANGES_NAMED])
    rest = len(run.changes) - CHANGES_NAMED
    return f"Changed since run {run.previous}: {named}{f'; and {rest} more' if rest > 0 else ''}."


def change_words(change: Change) -> str:
    what = WORDS.get(change.what, change.what).rstrip(".")
    values = " to ".join(value for value in shortened(change.old, change.new) if value)
    return one_line(f"{change.subject}: {what[:1].lower()}{what[1:]}{f' ({values})' if values else ''}")


def shortened(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Return values with four digits of each long number, as long as that still tells the two apart."""
    short = tuple(value and LONG_NUMBER.sub(lambda found: f"{float(found[0]):.4g}", value) for value in (old, new))
    return (old, new) if short[0] == short[1] else short


def one_line(text: str) -> str:
    """Return text without what would move a terminal's cursor or change its colours."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def as_object(outcome: Outcome) -> dict:
    """Return the run as `--json` prints it; seconds are of its own work, Prefect's start not counted."""
    run = outcome.run
    return {
        "run": run.id,
        "recorded": run.recorded,
        "datasets": len(run.datasets),
        "comparisons": {result.comparison.id: result.answer for result in run.comparisons},
        "verdicts": {verdict.claim.id: verdict.verdict for verdict in run.verdicts},
        "computed": new(outcome),
        "taken": outcome.taken,
        "previous": run.previous,
        "changes": [dataclasses.asdict(change) for change in run.changes],
        "report": str(outcome.page),
        "seconds": {stage: round(seconds, 3) for stage, seconds in outcome.seconds.items()}
        | {"all": round(sum(outcome.seconds.values()), 3)},
    }
