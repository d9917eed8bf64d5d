"""Claims judged by their rules: from results alone, never from what somebody expects."""

from collections.abc import Callable
from datetime import date
from math import exp, inf, log

from analysis.results import (
    RATIOS,
    Better,
    Claim,
    ClaimPart,
    ComparisonResult,
    PartVerdict,
    Pooled,
    PoolingRow,
    Verdict,
)

SUPPORTED, CONTRADICTED, NOT_SETTLED = "supported", "contradicted", "not settled"
NOT_COUNTED = "not counted"  # a published result without an interval, or whose figures do not hold together
NOT_TESTABLE, REPRODUCED, NOT_REPRODUCED = "not testable", "reproduced", "not reproduced"

REASONS = {
    "whole-interval-agrees": "The whole interval agrees.",
    "whole-interval-disagrees": "The whole interval disagrees.",
    "interval-straddles": "The interval reaches across the bound.",
    "not-after-holm": "The interval lies on one side of the bound, but not after Holm's rule for several claims.",
    "no-trial": "No trial here can be used.",
    "too-few-trials": "Fewer trials than a verdict rests on.",
    "no-prediction-interval": "A new setting cannot be predicted from so few trials.",
    "published-agree": "Every published pooling agrees.",
    "published-disagree": "Every published pooling disagrees.",
    "published-differ": "The published poolings do not all agree.",
    "no-published-interval": "No published pooling prints an interval.",
    "quoted-number-found": "Our estimate rounds to the quoted one.",
    "quoted-number-not-found": "Our estimate does not round to the quoted one.",
}
OF_INTERVAL = {
    SUPPORTED: "whole-interval-agrees",
    CONTRADICTED: "whole-interval-disagrees",
    NOT_SETTLED: "interval-straddles",
}
OF_PUBLISHED = {SUPPORTED: "published-agree", CONTRADICTED: "published-disagree", NOT_SETTLED: "published-differ"}


def judge_within(low: float, high: float, lower: float, upper: float) -> str:
    """Return the verdict of an interval on "the truth lies from lower to upper"; touching a bound agrees."""
    if lower <= low and high <= upper:
        return SUPPORTED
    return CONTRADICTED if high < lower or low > upper else NOT_SETTLED


def bounds_of(part: ClaimPart, better: Better, ratio: bool) -> tuple[float, float]:
    """Return the lowest and highest effect that a rule allows, on the analysis scale (log for ratios)."""
    bound = tuple(log(value) for value in part.bound) if ratio else part.bound
    if part.rule == "favours":
        lower_wanted = (better == "lower") == (part.towards == "experimental")
        return (-inf, 0.0) if lower_wanted else (0.0, inf)
    if part.rule == "equivalent":
        return -abs(bound[0]), abs(bound[0])
    ends = {"at-most": lambda: (-inf, *bound), "at-least": lambda: (*bound, inf), "within": lambda: bound}
    return ends[part.rule]()


def judge_claim(claim: Claim, results: dict[str, ComparisonResult], today: date, earlier: Verdict | None) -> Verdict:
    """Return how a claim comes out.

    Args:
        claim: The claim with its parts.
        results: What the evidence says of each comparison, by id.
        today: The day of the run: since when the verdict holds, when it is new.
        earlier: The verdict of the run before, whose date is kept while the verdict stays.
    """
    parts = tuple(judge_part(part, results[part.comparison]) for part in claim.parts)
    verdict = together([part.verdict for part in parts])
    agreeing = sum(part.agreeing_choices or 0 for part in parts)
    choices = sum(part.choices or 0 for part in parts)
    return Verdict(claim, verdict, parts, agreeing < choices, agreeing, choices, since(verdict, today, earlier))


def since(verdict: str, today: date, earlier: Verdict | None) -> date:
    """Return the day since when a verdict holds."""
    return earlier.since if earlier and earlier.verdict == verdict else today


def together(verdicts: list[str]) -> str:
    """Return the verdict on a claim from those on its parts: all must agree for a settled one."""
    if not verdicts or set(verdicts) == {NOT_TESTABLE}:
        return NOT_TESTABLE
    for refuted in (CONTRADICTED, NOT_REPRODUCED):
        if refuted in verdicts:
            return refuted
    return verdicts[0] if len(set(verdicts)) == 1 else NOT_SETTLED


def judge_part(part: ClaimPart, result: ComparisonResult) -> PartVerdict:
    """Return how one part of a claim comes out, and in how many of the declared choices it does."""
    if part.basis == "published":
        better = result.published_better or (result.better,) * len(result.published)
        return judge_published(part, better, result.published)
    judged = judge_pooled(part, result, result.pooled)
    if judged.verdict == NOT_TESTABLE:
        return judged
    tried = [judge_pooled(part, result, choice.pooled).verdict for choice in result.choices]
    others = [verdict for verdict in tried if verdict != NOT_TESTABLE]
    agreeing = sum(verdict == judged.verdict for verdict in others)
    return PartVerdict(part, judged.verdict, judged.reason, judged.low, judged.high, judged.estimate,
                       agreeing_choices=agreeing, choices=len(others))  # fmt: skip


def judge_pooled(part: ClaimPart, result: ComparisonResult, pooled: Pooled | None) -> PartVerdict:
    """Return how one pooled analysis meets a part of a claim."""
    if pooled is None:
        return PartVerdict(part, NOT_TESTABLE, "no-trial")
    if pooled.k < part.min_trials:
        return PartVerdict(part, NOT_TESTABLE, "too-few-trials", pooled.ci_low, pooled.ci_high, pooled.estimate)
    low, high = (pooled.ci_low, pooled.ci_high) if part.on == "average" else (pooled.pi_low, pooled.pi_high)
    if low is None or high is None:
        return PartVerdict(part, NOT_TESTABLE, "no-prediction-interval", estimate=pooled.estimate)
    ratio = result.comparison.measure in RATIOS
    if part.rule == "reproduces":
        return judge_reproduced(part, pooled, ratio)
    verdict = judge_within(low, high, *bounds_of(part, result.better, ratio))
    return PartVerdict(part, verdict, OF_INTERVAL[verdict], low, high, pooled.estimate)


def judge_reproduced(part: ClaimPart, pooled: Pooled, ratio: bool) -> PartVerdict:
    """Return whether our estimate, rounded to the decimals of the quoted number, is that number."""
    estimate = exp(pooled.estimate) if ratio else pooled.estimate
    decimals = len(repr(part.bound[0]).partition(".")[2].rstrip("0"))
    same = round(estimate, decimals) == part.bound[0]
    verdict, reason = (REPRODUCED, "quoted-number-found") if same else (NOT_REPRODUCED, "quoted-number-not-found")
    return PartVerdict(part, verdict, reason, pooled.ci_low, pooled.ci_high, pooled.estimate)


def judge_published(part: ClaimPart, better: tuple[Better, ...], rows: tuple[PoolingRow, ...]) -> PartVerdict:
    """Return the verdict that all published poolings agree on; they share trials, so they are never pooled.

    Args:
        part: The part of the claim.
        better: For each row, which sign is good news: two rows may be of outcomes that run opposite ways.
        rows: The published poolings.
    """
    each = tuple(
        judge_row(part, one, row) if counts(row) else NOT_COUNTED for one, row in zip(better, rows, strict=True)
    )
    verdicts = [verdict for verdict in each if verdict != NOT_COUNTED]
    if not verdicts:
        return PartVerdict(part, NOT_TESTABLE, "no-published-interval", of_rows=each)
    verdict = verdicts[0] if len(set(verdicts)) == 1 else NOT_SETTLED
    agree = verdicts.count(SUPPORTED)
    return PartVerdict(part, verdict, OF_PUBLISHED[verdict], agree=agree, of=len(verdicts), of_rows=each)


def judge_row(part: ClaimPart, better: Better, row: PoolingRow) -> str:
    """Return the verdict of one published interval on its own scale."""
    scale: Callable[[float], float] = log if row.measure in RATIOS else float
    return judge_within(scale(row.ci_low), scale(row.ci_high), *bounds_of(part, better, ratio=False))


def counts(row: PoolingRow) -> bool:
    """Return whether a published pooling can be judged: an interval, and figures that hold together."""
    return row.ci_low is not None and row.ci_high is not None and row.ref.seen_as in ("primary", "secondary")
