"""What changed since the run before, as sentences with links."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.choices import answer_in_short
from analysis.report.links import Places, names_of, places_of, slug
from analysis.report.moves import FIGURES, move_sentences, new_words, old_words
from analysis.report.origins import MOST, OriginLine, origin_lines
from analysis.report.phrases import ANSWERS_IN_SHORT, CHANGE_KINDS, CHANGE_MEANINGS, CHANGES, VERDICTS, phrase
from analysis.report.wording import counted, day, scale_of
from analysis.results import Change, ComparisonResult, Run

TRIALS = ("trial-added", "trial-removed", "trial-revised", "trial-other-rows")


@dataclass(frozen=True)
class ChangeLine:
    """One change: where it is, what it is, and old and new as text; the address is from the site's root."""

    kind: str
    subject: str
    address: str | None
    what: str
    old: str | None
    new: str | None
    moves: tuple[str, ...] = ()  # how far what it rests on moved, and what of that came from where
    origins: tuple[OriginLine, ...] = ()
    more_origins: int = 0


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one kind."""

    name: str
    meaning: str
    lines: tuple[ChangeLine, ...]


def change_lines(run: Run, changes: Iterable[Change]) -> tuple[ChangeLine, ...]:
    """Return changes as lines, in the order given; a default that changed for many comparisons is one line."""
    changes = tuple(changes)
    results = {result.comparison.id: result for result in run.comparisons}
    places, unexplained = places_of(run), {change.subject for change in changes if change.what == "number-moved"}
    groups: dict[object, list[Change]] = {}
    for change in changes:
        alike = (change.old, change.new, change.origins) if change.what == "setting" else id(change)
        groups.setdefault(alike, []).append(change)
    return tuple(change_line(run, results, places, unexplained, group) for group in groups.values())


def change_line(
    run: Run, results: dict[str, ComparisonResult], places: Places, unexplained: set[str], group: list[Change]
) -> ChangeLine:
    """Return the line of a change, or of changes that are alike but for their subjects."""
    change = group[0]
    result = results.get(change.subject)
    subject, address = subject_of(run, results, change.subject)
    old, new = values_of(run, change, result)
    origins = origin_lines(run, places, change)
    return ChangeLine(
        phrase(CHANGE_KINDS, change.kind),
        subject if len(group) == 1 else counted(len(group), "comparison"),
        address if len(group) == 1 else None,
        phrase(CHANGES, change.what),
        old,
        new,
        move_sentences(results, change, unexplained),
        origins[:MOST],
        max(0, len(origins) - MOST),
    )


def values_of(run: Run, change: Change, result: ComparisonResult | None) -> tuple[str | None, str | None]:
    """Return old and new value as text."""
    if change.what in FIGURES and result is not None and change.moves:
        return old_words(change.moves[0], result), new_words(change.moves[0], result)
    if change.what in TRIALS:
        names = names_of(run)
        named = [names.get(value, value) for value in (change.old, change.new)]
        return (None, named[1]) if named[0] == named[1] else (named[0], named[1])
    return value_words(change, change.old, result), value_words(change, change.new, result)


def subject_of(run: Run, results: dict[str, ComparisonResult], id: str) -> tuple[str, str | None]:
    """Return the name of what changed and where it is shown."""
    if id in results:
        return results[id].comparison.question, f"comparisons/{slug(id)}.html"
    for folder, found in (("networks", run.networks), ("groups", run.groups)):
        questions = {result.question.id: result.question.question for result in found}
        if id in questions:
            return questions[id], f"{folder}/{slug(id)}.html"
    if any(verdict.claim.id == id for verdict in run.verdicts):
        return f"Claim {id}", f"claims.html#{claim_anchor(id)}"
    names = names_of(run)
    return (names[id], f"datasets/{slug(id)}.html") if id in names else (id, None)


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
    lines = change_lines(run, weightiest(run))
    groups = {name: tuple(line for line in lines if line.kind == name) for name in CHANGE_KINDS.values()}
    return tuple(
        ChangeGroup(name, CHANGE_MEANINGS[kind], groups[name]) for kind, name in CHANGE_KINDS.items() if groups[name]
    )


def weightiest(run: Run) -> list[Change]:
    """Return all changes, the weightiest kind first."""
    order = list(CHANGE_KINDS)
    return sorted(run.changes, key=lambda change: order.index(change.kind))


def since_sentence(run: Run) -> str:
    """Return what this run is compared with, and whether anything changed."""
    if run.previous is None:
        return "First version: there is no earlier run to compare with."
    started = run.previous_started
    when = f", of {day(started)}, {started:%H:%M} UTC" if started else f" ({run.previous})"
    if not run.changes:
        return f"Nothing: identical to the run before{when}."
    return f"{counted(len(change_lines(run, run.changes)), 'change')} since the run before{when}."


def comparison_changes(run: Run, result: ComparisonResult) -> tuple[ChangeLine, ...]:
    """Return the changes that touch a comparison: its own, and those of the sources it rests on."""
    ids = subjects_of(result)
    told = [change for change in weightiest(run) if change.subject in ids]
    return change_lines(run, told) if told else ()


def subjects_of(result: ComparisonResult) -> set[str]:
    """Return what a change is about that touches a comparison."""
    datasets = {ref.dataset for effect in (*result.effects, *result.doubtful) for ref in effect.refs}
    return {result.comparison.id, *datasets}


def comparison_since(run: Run, lines: tuple[ChangeLine, ...]) -> str:
    """Return what changed in a comparison, when that fits in a sentence."""
    if run.previous is None:
        return "First version."
    if not lines:
        return "Nothing in this comparison."
    return f"{counted(len(lines), 'change')}."
