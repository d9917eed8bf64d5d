"""What came out otherwise: verdicts, answers, estimates, and numbers that moved for no reason in sight."""

from collections.abc import Iterator
from dataclasses import replace
from math import log

from analysis.changes.methods import made_from, programs
from analysis.changes.pair import Pair
from analysis.results import (
    RATIOS,
    Change,
    Comparison,
    ComparisonResult,
    Move,
    Origin,
    PartVerdict,
    Pooled,
    Run,
    Verdict,
)


def verdict_changes(pair: Pair, old: Verdict, new: Verdict, origins: tuple[Origin, ...]) -> Iterator[Change]:
    """Give a verdict that changed, with the intervals that decided it; or one that became fragile, or no longer is.

    Args:
        pair: The two runs.
        old: The verdict in the older run.
        new: The verdict on the same claim in the newer one.
        origins: Where what changed in its rule and in its comparisons came from.
    """
    if old.verdict != new.verdict:
        yield Change("verdict", new.claim.id, "verdict", old.verdict, new.verdict, moves_of(pair, old, new), origins)
    elif old.fragile != new.fragile:
        before, now = (f"{one.agreeing_choices} of {one.choices} choices" for one in (old, new))
        what = "fragile" if new.fragile else "not-fragile"
        yield Change("answer", new.claim.id, what, before, now, origins=origins)


def moves_of(pair: Pair, old: Verdict, new: Verdict) -> tuple[Move, ...]:
    """Return the intervals that a verdict rested on and rests on, by part of its claim."""
    before, now = ({result.comparison.id: result for result in run.comparisons} for run in (pair.old, pair.new))
    moves = []
    for index, part in enumerate(new.parts):
        id = part.part.comparison
        same = next((interval_of(one) for one in old.parts[index : index + 1] if one.part.comparison == id), None)
        scale = other_scale(before[id], now[id]) if id in before and id in now else None
        moves += [Move(id, same, interval_of(part), old_scale=scale)] if same or interval_of(part) else []
    return tuple(moves)


def interval_of(part: PartVerdict) -> tuple[float, float, float] | None:
    """Return the numbers that decided a part of a claim."""
    numbers = part.estimate, part.low, part.high
    return None if None in numbers else numbers


def move_of(old: ComparisonResult, new: ComparisonResult) -> Move:
    """Return how the average of a comparison went."""
    return Move(new.comparison.id, triple(old.pooled), triple(new.pooled), old_scale=other_scale(old, new))


def other_scale(old: ComparisonResult, new: ComparisonResult) -> tuple[str, str | None] | None:
    """Return measure and unit of the older average, when they are not those of the newer one."""
    scale = old.comparison.measure, old.unit
    return None if scale == (new.comparison.measure, new.unit) else scale


def triple(pooled: Pooled | None) -> tuple[float, float, float] | None:
    return (pooled.estimate, pooled.ci_low, pooled.ci_high) if pooled else None


def answer_changes(
    old: ComparisonResult, new: ComparisonResult, origins: tuple[Origin, ...]
) -> Iterator[Change]:
    """Give the answer that turned, and the estimate that moved further than its old interval or bound."""
    id, moves = new.comparison.id, (move_of(old, new),)
    if old.answer != new.answer:
        yield Change("answer", id, "answer", old.answer, new.answer, moves, origins)
    if old.pooled is None or new.pooled is None:
        return
    before, now = old.pooled, new.pooled
    if not before.ci_low <= now.estimate <= before.ci_high:
        yield Change("answer", id, "outside-old-interval", figure(before), figure(now), moves, origins)
    important = on_scale(new.comparison)
    if important is not None and (abs(before.estimate) >= important) != (abs(now.estimate) >= important):
        yield Change("answer", id, "across-important", figure(before), figure(now), moves, origins)


def on_scale(comparison: Comparison) -> float | None:
    """Return the smallest important difference as a distance from no effect: a logarithm for ratios."""
    important = comparison.smallest_important
    return abs(log(important)) if important is not None and comparison.measure in RATIOS else important


def moved(kind: str, old: ComparisonResult, new: ComparisonResult, origins: tuple[Origin, ...]) -> Iterator[Change]:
    """Give an estimate or interval that moved, when what it is made from did, as a change of that kind."""
    if old.pooled and new.pooled and triple(old.pooled) != triple(new.pooled):
        yield Change(kind, new.comparison.id, "moved", figure(old.pooled), figure(new.pooled), (move_of(old, new),),
                     origins)  # fmt: skip


def drift(pair: Pair, old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give the pooled numbers that moved although the trials and the protocol are the same.

    With other code or programs they moved with those; with the same, the move is a fault.
    """
    if old.pooled is None or new.pooled is None or same_numbers(old.pooled, new.pooled):
        return
    yield drifted(pair.old, pair.new, old, new)


def drifted(old_run: Run, new_run: Run, old: ComparisonResult, new: ComparisonResult) -> Change:
    """Return the drift of a comparison: named with the code or programs that differ, or with all that is equal."""
    figures, differing = (figure(old.pooled), figure(new.pooled)), programs(old_run, new_run)
    if differing:
        return Change("drift", new.comparison.id, "moved-with-code", *figures, (move_of(old, new),), differing)
    equal = tuple(one for one in made_from(old_run, new_run) if one.old == one.new)
    return Change("drift", new.comparison.id, "number-moved", *figures, (move_of(old, new),), equal)


def same_numbers(old: Pooled, new: Pooled) -> bool:
    """Return whether two pooled analyses hold the same numbers, to the bit; words about them may differ."""
    return replace(old, status=()) == replace(new, status=())


def figure(pooled: Pooled) -> str:
    """Return the numbers of a pooled analysis as a machine's text: estimate, low, high, at full precision."""
    return f"{pooled.estimate!r} {pooled.ci_low!r} {pooled.ci_high!r}"
