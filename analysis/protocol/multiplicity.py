"""Several claims tested at once: the P of each part, Holm's adjustment over all of them, and what holds after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import inf, isfinite

from analysis.pooling.intervals import two_sided_p
from analysis.protocol.judging import CONTRADICTED, NOT_SETTLED, NOT_TESTABLE, SUPPORTED, bounds_of, since, together
from analysis.results import (
    RATIOS,
    ClaimPart,
    ComparisonResult,
    Multiplicity,
    PartVerdict,
    Verdict,
)
from analysis.robustness import holm

ROUNDING = 1e-9  # relative: an interval that ends on its bound has a P of 1 - level up to rounding

Results = dict[str, ComparisonResult]


def adjust_for_claims(
    verdicts: Sequence[Verdict], results: Results, setting: str, today: date, earlier: dict[str, Verdict]
) -> tuple[tuple[Verdict, ...], Multiplicity]:
    """Return the verdicts with their P values adjusted over all claims, and how many tests that were.

    Args:
        verdicts: As each claim comes out on its own.
        results: The comparisons, by id.
        setting: A word of HOLM in claims.py: whether a verdict must hold after the adjustment, or is only said to.
        today, earlier: As in `judge_claim`; the earlier verdicts by claim.
    """
    parts = [part for verdict in verdicts for part in verdict.parts]
    tests = {test: p for part in parts if (test := test_of(part, results)) and (p := p_of(part, results)) is not None}
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    whole = tuple(
        conclude(with_p(verdict, tests, adjusted, results), results, setting, today, earlier.get(verdict.claim.id))
        for verdict in verdicts
    )
    counted = sum(part.p_value is not None for verdict in whole for part in verdict.parts)
    return whole, Multiplicity(len(tests), counted, len(parts) - counted, setting)


def test_of(part: PartVerdict, results: Results) -> tuple | None:
    """Return what a part tests; the same bound in two claims is one test. None for what is no test of a bound."""
    asked = part.part
    if asked.basis != "own" or asked.rule == "reproduces" or part.verdict == NOT_TESTABLE:
        return None
    return asked.comparison, asked.on, finite_bounds(asked, results[asked.comparison])


def finite_bounds(part: ClaimPart, result: ComparisonResult) -> tuple[float, ...]:
    """Return the bounds of a rule that are numbers, on the analysis scale."""
    ends = bounds_of(part, result.better, result.comparison.measure in RATIOS)
    return tuple(end for end in ends if isfinite(end))


def p_of(part: PartVerdict, results: Results) -> float | None:
    """Return the two-sided P of the estimate against the nearest bound of its rule; None without a spread.

    It is one minus the level at which the interval that decides would end on that bound: at most 1 - level where the
    part is supported or contradicted, above where it is not settled. The spread and the reference distribution are
    those of the interval.
    """
    result = results[part.part.comparison]
    pooled, bounds = result.pooled, finite_bounds(part.part, result)
    half, half_of_average = (part.high - part.low) / 2, (pooled.ci_high - pooled.ci_low) / 2
    if not half > 0:
        return None
    distance = min(abs(part.estimate - bound) for bound in bounds)
    df = inf if pooled.test == "z" else pooled.k - 1.0
    return float(two_sided_p(distance / half * half_of_average / pooled.se, df))


def with_p(verdict: Verdict, tests: dict[tuple, float], adjusted: dict[tuple, float], results: Results) -> Verdict:
    """Return a verdict whose parts say their P, plain and adjusted."""
    keys = [test_of(part, results) for part in verdict.parts]
    parts = tuple(
        replace(part, p_value=tests.get(key), p_holm=adjusted.get(key))
        for part, key in zip(verdict.parts, keys, strict=True)
    )
    return replace(verdict, parts=parts)


def conclude(verdict: Verdict, results: Results, setting: str, today: date, earlier: Verdict | None) -> Verdict:
    """Return a verdict with what is left of it after the adjustment, which decides where the protocol asks for it."""
    if all(part.p_holm is None for part in verdict.parts):
        return verdict
    parts = tuple(part if holds(part, results) else unsettled(part) for part in verdict.parts)
    after = together([part.verdict for part in parts])
    if setting != "required":
        return replace(verdict, after_holm=after)
    return replace(verdict, after_holm=after, verdict=after, parts=parts, since=since(after, today, earlier))


def holds(part: PartVerdict, results: Results) -> bool:
    """Say whether a part comes out the same after the adjustment."""
    if part.p_holm is None or part.verdict not in (SUPPORTED, CONTRADICTED):
        return True
    return part.p_holm <= (1 - results[part.part.comparison].comparison.level) * (1 + ROUNDING)


def unsettled(part: PartVerdict) -> PartVerdict:
    """Return a part whose interval lies on one side of its bound, but not after the adjustment."""
    return replace(part, verdict=NOT_SETTLED, reason="not-after-holm")
