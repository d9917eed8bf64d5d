"""What changed between two runs: two results documents in, a list of changes out."""

from collections.abc import Iterator
from dataclasses import fields, replace
from math import log

from analysis.results import Change, Comparison, ComparisonResult, Pooled, Run

WORDS = {
    "verdict": "The verdict changed.",
    "new-claim": "A new claim.",
    "claim-removed": "The claim was removed.",
    "answer": "The answer changed.",
    "outside-old-interval": "The estimate left its old interval.",
    "across-important": "The estimate crossed the smallest important difference.",
    "new-comparison": "A new comparison.",
    "comparison-removed": "The comparison was removed.",
    "trial-added": "A trial was added.",
    "trial-removed": "A trial was removed.",
    "trial-revised": "The figures of a trial were revised.",
    "people": "The number of people changed.",
    "dataset-added": "A dataset was added.",
    "dataset-removed": "A dataset was removed.",
    "dataset-revised": "A dataset was revised.",
    "setting": "A line of the protocol changed.",
    "rule": "The rule of a claim changed.",
    "versions": "Another version of the software.",
    "number-moved": "A number moved although neither data nor protocol changed.",
}
RATIOS = ("RR", "OR", "HR")
ORDER = ("verdict", "answer", "evidence", "methods", "drift")


def changes_between(old: Run, new: Run) -> tuple[Change, ...]:
    """Return what changed from one run to the next, the weightiest kind first."""
    found = [*verdicts(old, new), *comparisons(old, new), *datasets(old, new), *versions(old, new)]
    return tuple(sorted(found, key=lambda change: ORDER.index(change.kind)))


def verdicts(old: Run, new: Run) -> Iterator[Change]:
    """Give the claims that came, went, were put otherwise or came out otherwise."""
    before, now = ({verdict.claim.id: verdict for verdict in run.verdicts} for run in (old, new))
    for id, verdict in now.items():
        earlier = before.get(id)
        if earlier is None:
            yield Change("methods", id, "new-claim", None, verdict.verdict)
            continue
        if earlier.claim.parts != verdict.claim.parts:
            yield Change("methods", id, "rule")
        if earlier.verdict != verdict.verdict:
            yield Change("verdict", id, "verdict", earlier.verdict, verdict.verdict)
    for id in before.keys() - now.keys():
        yield Change("methods", id, "claim-removed", before[id].verdict, None)


def comparisons(old: Run, new: Run) -> Iterator[Change]:
    """Give what changed in each comparison: answers, trials, settings, and numbers that drifted."""
    before, now = ({result.comparison.id: result for result in run.comparisons} for run in (old, new))
    for id, result in now.items():
        if id not in before:
            yield Change("methods", id, "new-comparison")
            continue
        found = [*answers(before[id], result), *trials(before[id], result), *settings(before[id], result)]
        yield from found
        if not any(change.kind in ("evidence", "methods") for change in found):
            yield from drift(before[id], result)
    for id in sorted(before.keys() - now.keys()):
        yield Change("methods", id, "comparison-removed")


def answers(old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give the answer that turned, and the estimate that moved further than its old interval or bound."""
    id = new.comparison.id
    if old.answer != new.answer:
        yield Change("answer", id, "answer", old.answer, new.answer)
    if old.pooled is None or new.pooled is None:
        return
    before, now = old.pooled, new.pooled
    if not before.ci_low <= now.estimate <= before.ci_high:
        yield Change("answer", id, "outside-old-interval", figure(before), figure(now))
    important = on_scale(new.comparison)
    if important is not None and (abs(before.estimate) >= important) != (abs(now.estimate) >= important):
        yield Change("answer", id, "across-important", figure(before), figure(now))


def on_scale(comparison: Comparison) -> float | None:
    """Return the smallest important difference as a distance from no effect: a logarithm for ratios."""
    important = comparison.smallest_important
    return abs(log(important)) if important is not None and comparison.measure in RATIOS else important


def trials(old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give the trials that came, went or were revised, and the people gained or lost."""
    id = new.comparison.id
    before, now = ({effect.study: effect for effect in result.effects} for result in (old, new))
    for study in now:
        if study not in before:
            yield Change("evidence", id, "trial-added", None, study)
        elif figures(before[study]) != figures(now[study]):
            yield Change("evidence", id, "trial-revised", study, study)
    for study in before.keys() - now.keys():
        yield Change("evidence", id, "trial-removed", study, None)
    if old.n_total != new.n_total:
        yield Change("evidence", id, "people", words(old.n_total), words(new.n_total))


def figures(effect: object) -> tuple:
    """Return what of an effect was typed from its paper, whatever was computed from it since."""
    return effect.experimental, effect.control, effect.n_total, effect.refs, effect.derivation


def settings(old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give each key of a comparison that the protocol says otherwise now."""
    for field in fields(Comparison):
        before, now = getattr(old.comparison, field.name), getattr(new.comparison, field.name)
        if before != now:
            yield Change("methods", new.comparison.id, "setting", f"{field.name} = {before}", f"{field.name} = {now}")


def drift(old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give the pooled numbers that moved although the trials and the protocol are the same."""
    if old.pooled is None or new.pooled is None or same_numbers(old.pooled, new.pooled):
        return
    yield Change("drift", new.comparison.id, "number-moved", figure(old.pooled), figure(new.pooled))


def same_numbers(old: Pooled, new: Pooled) -> bool:
    """Return whether two pooled analyses hold the same numbers, to the bit; words about them may differ."""
    return replace(old, status=()) == replace(new, status=())


def datasets(old: Run, new: Run) -> Iterator[Change]:
    """Give the datasets that came, went or have other bytes."""
    before, now = ({dataset.id: dataset.files for dataset in run.datasets} for run in (old, new))
    for id in sorted(before.keys() | now.keys()):
        if id not in before:
            yield Change("evidence", id, "dataset-added")
        elif id not in now:
            yield Change("evidence", id, "dataset-removed")
        elif before[id] != now[id]:
            yield Change("evidence", id, "dataset-revised")


def versions(old: Run, new: Run) -> Iterator[Change]:
    """Give the programs whose version, and the code whose fingerprint, is another."""
    before, now = (dict(run.fingerprints.versions) | {"code": run.fingerprints.code} for run in (old, new))
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield Change("methods", name, "versions", before.get(name), now.get(name))


def figure(pooled: Pooled) -> str:
    """Return the numbers of a pooled analysis as a machine's text: estimate, low, high, at full precision."""
    return f"{pooled.estimate!r} {pooled.ci_low!r} {pooled.ci_high!r}"


def words(count: int | None) -> str | None:
    return None if count is None else str(count)
