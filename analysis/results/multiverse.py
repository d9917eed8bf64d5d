"""The multiverse of a comparison: how its answer stands under every combination of choices that could be defended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MultiverseOption:
    """One option of a choice, over all branches that take it."""

    code: str  # as in `Choice`, or "studies=one-left-out" for all those together
    branches: int
    same_answer: int
    median: float | None  # of the estimates in the measure of the protocol; None where no branch is in it
    along: tuple[int, ...]  # percent of the branches of each step of the curve that take it


@dataclass(frozen=True)
class MultiverseChoice:
    """A choice that was crossed with the others; its first option is the protocol's."""

    name: str  # a key of multiverse.ASKED, KEPT or POOLED
    options: tuple[MultiverseOption, ...]
    of_estimate: float | None  # eta squared, 0 to 1: of the variance of the estimates; None where they do not vary
    of_answer: float | None  # of the variance of "the protocol's answer or another"; None where all agree
    furthest: str | None  # the option whose median estimate is the furthest from that of the protocol's option


@dataclass(frozen=True)
class CurveStep:
    """Branches next to each other on the specification curve: the medians of their estimate and interval."""

    branches: int
    estimate: float
    ci_low: float
    ci_high: float
    same_answer: int


@dataclass(frozen=True)
class ClaimBranches:
    """How one part of a claim comes out in the branches that it can be judged by."""

    claim: str
    part: int  # from 0
    verdicts: tuple[tuple[str, int], ...]  # (verdict, how many branches), the commonest first


@dataclass(frozen=True)
class Multiverse:
    """All branches of a comparison. What the protocol declares stays the answer; this is its frame."""

    branches: int  # combinations of choices with enough studies
    analyses: int  # different ones among them
    too_few: int  # combinations with too few studies for a pool
    same_answer: int  # branches with the protocol's answer
    same_side: int  # branches whose estimate lies on the side of no effect where the protocol's does
    answers: tuple[tuple[str, int], ...]  # as in `Choice`, the commonest first
    in_measure: int  # branches in the measure of the protocol; the figures that follow are of them
    lowest: float | None
    median: float | None
    highest: float | None
    choices: tuple[MultiverseChoice, ...]
    curve: tuple[CurveStep, ...]
    claims: tuple[ClaimBranches, ...] = ()
    not_crossed: tuple[str, ...] = ()  # choices left as declared, because there were too many combinations
