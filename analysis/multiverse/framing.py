"""Every branch of a comparison, summed up: what the results document keeps and pages draw."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.multiverse.exploring import Explored
from analysis.multiverse.shares import eta_squared
from analysis.protocol.judging import NOT_TESTABLE, judge_pooled
from analysis.results import (
    Claim,
    ClaimBranches,
    ClaimPart,
    ComparisonResult,
    CurveStep,
    Multiverse,
    MultiverseChoice,
    MultiverseOption,
)
from analysis.synthesis.comparison import answer_of

STEPS = 60  # of the curve
ONE_LEFT_OUT = "without:"
TOGETHER = "studies=one-left-out"


@dataclass(frozen=True)
class Branch:
    """What an answer and a verdict are read from."""

    k: int
    estimate: float
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None


@dataclass(frozen=True)
class Framed:
    """The branches of a comparison with enough studies, and what each says."""

    explored: Explored
    result: ComparisonResult

    @cached_property
    def there(self) -> np.ndarray:
        """Which branches have enough studies, shape (b,)."""
        return self.explored.analysis >= 0

    @cached_property
    def analysis(self) -> np.ndarray:
        return self.explored.analysis[self.there]

    @cached_property
    def picks(self) -> np.ndarray:
        return self.explored.picks[:, self.there]

    @cached_property
    def each(self) -> tuple[Branch, ...]:
        """Every different analysis."""
        names = ("k", "estimate", "ci_low", "ci_high", "pi_low", "pi_high")
        columns = [self.explored.figures[name].ravel().tolist() for name in names]
        return tuple(Branch(*row[:4], *(None if end != end else end for end in row[4:]))
                     for row in zip(*columns, strict=True))  # fmt: skip

    @cached_property
    def answers(self) -> np.ndarray:
        """The answer of each branch."""
        return np.array([answer_of(one, self.result.better) for one in self.each])[self.analysis]

    @cached_property
    def same(self) -> np.ndarray:
        return self.answers == self.answers[0]

    @cached_property
    def estimates(self) -> np.ndarray:
        return self.explored.figures["estimate"].ravel()[self.analysis]

    @cached_property
    def comparable(self) -> np.ndarray:
        """Which branches are in the measure of the protocol."""
        return self.explored.measures[self.analysis] == self.result.comparison.measure

    @cached_property
    def order(self) -> np.ndarray:
        """The comparable branches, the smallest estimate first."""
        places = np.nonzero(self.comparable)[0]
        return places[np.argsort(self.estimates[places], kind="stable")]


def frame(explored: Explored, result: ComparisonResult, claims: tuple[Claim, ...] = ()) -> Multiverse:
    """Return the branches of a comparison, summed up.

    Args:
        explored: All branches; the first is the protocol's own.
        result: What the protocol's own found.
        claims: The claims of the review; those that are judged by this comparison are judged in every branch.
    """
    framed = Framed(explored, result)
    steps = np.array_split(framed.order, min(STEPS, len(framed.order)))
    estimates = framed.estimates[framed.order]
    return Multiverse(
        branches=len(framed.analysis),
        analyses=len(np.unique(framed.analysis)),
        too_few=len(explored) - len(framed.analysis),
        same_answer=int(framed.same.sum()),
        same_side=int((np.sign(framed.estimates) == np.sign(framed.estimates[0])).sum()),
        answers=tuple(Counter(framed.answers.tolist()).most_common()),
        in_measure=len(estimates),
        lowest=float(estimates[0]),
        median=float(np.median(estimates)),
        highest=float(estimates[-1]),
        choices=tuple(choice(framed, axis, steps) for axis in range(len(explored.dimensions))),
        curve=tuple(curve_step(framed, step) for step in steps),
        claims=tuple(judge_branches(framed, claims)),
        not_crossed=explored.not_crossed,
    )


def curve_step(framed: Framed, step: np.ndarray) -> CurveStep:
    low, high = (framed.explored.figures[name].ravel()[framed.analysis[step]] for name in ("ci_low", "ci_high"))
    return CurveStep(len(step), float(np.median(framed.estimates[step])), float(np.median(low)),
                     float(np.median(high)), int(framed.same[step].sum()))  # fmt: skip


def choice(framed: Framed, axis: int, steps: list[np.ndarray]) -> MultiverseChoice:
    """Return one choice: its options, and how much of what varies it explains."""
    dimension, picks = framed.explored.dimensions[axis], framed.picks[axis]
    comparable = framed.comparable
    groups: dict[str, list[int]] = {}
    for index, code in enumerate(dimension.codes):
        groups.setdefault(TOGETHER if code.startswith(ONE_LEFT_OUT) else code, []).append(index)
    return MultiverseChoice(
        dimension.name,
        tuple(option(framed, code, np.isin(picks, members), steps) for code, members in groups.items()),
        of_estimate=eta_squared(framed.estimates[comparable], picks[comparable]),
        of_answer=eta_squared(framed.same.astype(float), picks),
        furthest=furthest(framed, dimension.codes, picks),
    )


def option(framed: Framed, code: str, taken: np.ndarray, steps: list[np.ndarray]) -> MultiverseOption:
    estimates = framed.estimates[taken & framed.comparable]
    return MultiverseOption(
        code,
        branches=int(taken.sum()),
        same_answer=int((taken & framed.same).sum()),
        median=float(np.median(estimates)) if len(estimates) else None,
        along=tuple(round(100 * taken[step].mean()) for step in steps),
    )


def furthest(framed: Framed, codes: tuple[str, ...], picks: np.ndarray) -> str | None:
    """Return the option whose median estimate is the furthest from that of the first; None when none differs."""
    estimates, own = framed.estimates[framed.comparable], picks[framed.comparable]
    medians = {code: float(np.median(estimates[own == index])) for index, code in enumerate(codes)
               if (own == index).any()}  # fmt: skip
    distances = {code: abs(median - medians[codes[0]]) for code, median in medians.items()}
    far = max(distances, key=distances.__getitem__)
    return far if distances[far] > 0 else None


def judge_branches(framed: Framed, claims: tuple[Claim, ...]) -> list[ClaimBranches]:
    """Return how each part of a claim on this comparison comes out in the branches that it can be judged by.

    A bound is in units of the protocol's measure, so that only branches in that measure are held against it;
    which side is favoured can be told in any.
    """
    found = []
    for claim in claims:
        for number, part in enumerate(claim.parts):
            if part.comparison == framed.result.comparison.id and part.basis == "own":
                verdicts = verdicts_of(framed, part)
                found.append(ClaimBranches(claim.id, number, tuple(Counter(verdicts).most_common())))
    return found


def verdicts_of(framed: Framed, part: ClaimPart) -> list[str]:
    """Return the verdict of each branch on a part of a claim, but of those that cannot be judged."""
    held = framed.analysis if part.rule == "favours" else framed.analysis[framed.comparable]
    each = {place: judge_pooled(part, framed.result, framed.each[place]).verdict for place in set(held.tolist())}
    return [verdict for place in held.tolist() if (verdict := each[place]) != NOT_TESTABLE]
