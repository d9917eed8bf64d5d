"""What changed since the run before, as sentences with links."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.choices import answer_in_short
from analysis.report.links import slug
from analysis.report.phrases import ANSWERS_IN_SHORT, CHANGE_KINDS, CHANGE_MEANINGS, CHANGES, VERDICTS, phrase
from analysis.report.wording import counted, day, scale_of
from analysis.results import Change, ComparisonResult, Run

FIGURES = ("outside-old-interval", "across-important", "number-moved")


@dataclass(frozen=True)
class ChangeLine:
    """One change: where it is, what it is, and old and new as text; the address is from the site's root."""

    kind: str
    subject: str
    address: str | None
    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one kind."""

    name: str
    meaning: str
    lines: tuple[ChangeLine, ...]


def change_lines(run: Run, changes: Iterable[Change]) -> tuple[ChangeLine, ...]:
    """Return changes as lines, in the order given."""
    results = {result.comparison.id: result for result in run.comparisons}
    return tuple(change_line(run, results, change) for change in changes)


def change_line(run: Run, results: dict[str, ComparisonResult], change: Change) -> ChangeLine:
    result = results.get(change.subject)
    subject, address = subject_of(run, results, change.subject)
    return ChangeLine(
        phrase(CHANGE_KINDS, change.kind),
        subject,
        address,
        phrase(CHANGES, change.what),
        value_words(change, change.old, result),
        value_words(change, change.new, result),
    )


def subject_of(run: Run, results: dict[str, ComparisonResult], id: str) -> tuple[str, str | None]:
    """Return the name of what changed and where it is shown."""
    if id in results:
        return results[id].comparison.question, f"comparisons/{slug(id)}.html"
    if any(verdict.claim.id == id for verdict in run.verdicts):
        return f"Claim {id}", f"claims.html#{claim_anchor(id)}"
    labels = {dataset.id: dataset.metadata.study.label or id for dataset in run.datasets}
    return (labels[id], f"datasets/{slug(id)}.html") if id in labels else (id, None)


def claim_anchor(id: str) -> str:
    return f"claim-{slug(id)}"


def value_words(change: Change, value: str | None, result: ComparisonResult | None) -> str | None:
    """Return an old or new value as text: verdicts with their symbol, figures on their scale."""
    if value is None:
        return None
    if change.kind == "verdict" and value in VERDICTS:
        return f"{VERDICTS[value]} {value}"
    if result is not None and value in ANSWERS_IN_SHORT:
        return answer_in_short(result, value)
    return figure_words(value, result) if change.what in FIGURES and result is not None else value


def figure_words(value: str, result: ComparisonResult) -> str:
    """Return "estimate low high" on the comparison's scale."""
    scale = scale_of(result)
    estimate, low, high = map(float, value.split())
    return f"{scale.named(estimate)} ({scale.interval(low, high)})"


def change_groups(run: Run) -> tuple[ChangeGroup, ...]:
    """Return the changes grouped by kind, the weightiest kind first, empty kinds left out."""
    groups = [(kind, tuple(change for change in run.changes if change.kind == kind)) for kind in CHANGE_KINDS]
    return tuple(
        ChangeGroup(CHANGE_KINDS[kind], CHANGE_MEANINGS[kind], change_lines(run, changes))
        for kind, changes in groups
        if changes
    )


def weightiest(run: Run) -> list[Change]:
    """Return all changes, the weightiest kind first."""
    order = list(CHANGE_KINDS)
    return sorted(run.changes, key=lambda change: order.index(change.kind))


def since_sentence(run: Run) -> str:
    """Return what this run is compared with, and whether anything changed."""
    if run.previous is None:
        return "First version: there is no earlier run to compare with."
    when = f" of {day(run.previous_started)}" if run.previous_started else ""
    if not run.changes:
        return f"Identical to the run before ({run.previous}{when})."
    return f"{counted(len(run.changes), 'change')} since the run before ({run.previous}{when})."


def comparison_changes(run: Run, result: ComparisonResult) -> tuple[ChangeLine, ...]:
    """Return the changes that touch a comparison: its own, and those of the sources it rests on."""
    datasets = {ref.dataset for effect in (*result.effects, *result.doubtful) for ref in effect.refs}
    ids = {result.comparison.id, *datasets}
    return change_lines(run, (change for change in weightiest(run) if change.subject in ids))


def comparison_since(run: Run, lines: tuple[ChangeLine, ...]) -> str:
    """Return what changed in a comparison, when that fits in a sentence."""
    if run.previous is None:
        return "First version."
    if not lines:
        return "Nothing in this comparison."
    return f"{counted(len(lines), 'change')}."
