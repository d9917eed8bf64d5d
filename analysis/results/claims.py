"""Claims, their rules, and how they came out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ClaimPart:
    """One testable part of a claim: a comparison and a rule."""

    comparison: str
    rule: str  # favours, at-most, at-least, within, reproduces, equivalent
    bound: tuple[float, ...] = ()  # units of the effect as reported: a ratio stays a ratio
    on: str = "average"  # "average" or "prediction"
    basis: str = "own"  # "own": our pool; "published": each published pooling on its own
    towards: str = "experimental"  # favours: "experimental" or "control"
    min_trials: int = 2  # own basis: with fewer, the part is not testable


@dataclass(frozen=True)
class Claim:
    """A sentence of the founding article, in its order: an entry of claims.toml."""

    id: str
    text: str
    kind: str
    source: str
    parts: tuple[ClaimPart, ...] = ()
    needs: str | None = None  # what evidence would test it, when none of the comparisons can
    tested_as: str | None = None  # what the parts test, where that is less than the claim says


@dataclass(frozen=True)
class PartVerdict:
    """How one part of a claim came out, with the numbers that decided it."""

    part: ClaimPart
    verdict: str
    reason: str  # a key of judging.REASONS
    low: float | None = None
    high: float | None = None
    estimate: float | None = None
    agree: int | None = None  # published basis: how many poolings agree
    of: int | None = None
    of_rows: tuple[str, ...] = ()  # published basis: the verdict of each published result, or "not counted"
    agreeing_choices: int | None = None
    choices: int | None = None
    p_value: float | None = None  # own basis: two-sided, of the estimate against the nearest bound of the rule
    p_holm: float | None = None  # the same, adjusted over all claims


@dataclass(frozen=True)
class Multiplicity:
    """How many tests of claims Holm's rule was taken over."""

    tests: int  # different ones: the same bound of the same comparison counts once
    parts: int  # of claims, that they decide
    not_counted: int  # parts without a P: published results, quoted numbers, too little data
    setting: str  # "shown" beside the verdicts, or "required" of them


@dataclass(frozen=True)
class Verdict:
    """How a claim came out."""

    claim: Claim
    verdict: str  # supported, contradicted, not settled, not testable, reproduced, not reproduced
    parts: tuple[PartVerdict, ...]
    fragile: bool
    agreeing_choices: int
    choices: int
    since: date
    after_holm: str | None = None  # the verdict where P must hold over all claims; None when no part has a P
