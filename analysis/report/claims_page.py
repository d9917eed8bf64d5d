"""The scoreboard of claims: verdict, why, evidence, rule, and how far it holds."""

from collections import Counter
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.changed import claim_anchor
from analysis.report.claim_reasons import rule, why
from analysis.report.links import names_of, slug
from analysis.report.phrases import BASES, VERDICTS, phrase
from analysis.report.wording import MISSING, counted, day, level_words, people_words, scale_of
from analysis.results import ComparisonResult, PartVerdict, Run, Verdict

LONE = "one published result only"
NO_PART = "No comparison of this review tests it."


@dataclass(frozen=True)
class PartRow:
    """One part of a claim, every cell as text."""

    verdict: str
    symbol: str
    why: str
    evidence: str
    question: str
    address: str
    rule: str
    basis: str
    holds: str


@dataclass(frozen=True)
class ClaimRow:
    """One claim with its parts."""

    id: str
    anchor: str
    text: str
    tested_as: str | None
    kind: str
    source: str
    verdict: str
    symbol: str
    fragile: bool
    rests_on: str | None  # what a reader must know of how little a verdict rests on
    needs: str | None
    since: str
    holds: str
    parts: tuple[PartRow, ...]


@dataclass(frozen=True)
class VerdictCount:
    """How many claims came out with a verdict."""

    verdict: str
    symbol: str
    count: int


def claim_rows(run: Run) -> tuple[ClaimRow, ...]:
    """Return one row a claim, in the order of the founding document."""
    results, names = results_of(run), names_of(run)
    return tuple(claim_row(verdict, results, names) for verdict in run.verdicts)


def results_of(run: Run) -> dict[str, ComparisonResult]:
    return {result.comparison.id: result for result in run.comparisons}


def claim_row(verdict: Verdict, results: dict[str, ComparisonResult], names: dict[str, str]) -> ClaimRow:
    claim = verdict.claim
    parts = tuple(
        part_row(part, results[part.part.comparison], names)
        for part in verdict.parts
        if part.part.comparison in results
    )
    return ClaimRow(
        id=claim.id,
        anchor=claim_anchor(claim.id),
        text=claim.text,
        tested_as=claim.tested_as,
        kind=claim.kind,
        source=claim.source,
        verdict=verdict.verdict,
        symbol=symbol(verdict.verdict),
        fragile=verdict.fragile,
        rests_on=LONE if rests_on_one(verdict) else None,
        needs=needs(verdict),
        since=day(verdict.since),
        parts=parts,
        holds=holds(verdict.agreeing_choices, verdict.choices),
    )


def symbol(verdict: str) -> str:
    return VERDICTS.get(verdict, "")


def needs(verdict: Verdict) -> str | None:
    """Return what is missing for a claim that no comparison tests."""
    if verdict.claim.needs:
        return verdict.claim.needs
    return None if verdict.parts else NO_PART


def holds(agreeing: int | None, choices: int | None) -> str:
    """Return under how many of the declared choices a verdict holds."""
    return f"{agreeing} of {counted(choices, 'choice')}" if choices else MISSING


def rests_on_one(verdict: Verdict) -> bool:
    """Say whether a part with the verdict of the claim was decided by a single published result."""
    return any(part.of == 1 and part.verdict == verdict.verdict for part in verdict.parts)


def part_row(part: PartVerdict, result: ComparisonResult, names: dict[str, str]) -> PartRow:
    return PartRow(
        verdict=part.verdict,
        symbol=symbol(part.verdict),
        why=why(part, result, names),
        evidence=evidence(part, result),
        question=result.comparison.question,
        address=f"comparisons/{slug(result.comparison.id)}.html",
        rule=rule(part.part, result),
        basis=phrase(BASES, part.part.basis),
        holds=holds(part.agreeing_choices, part.choices),
    )


def evidence(part: PartVerdict, result: ComparisonResult) -> str:
    """Return the effect, its interval, studies and people; or how many published poolings."""
    if part.part.basis == "published":
        return counted(len(result.published), "published pooling")
    if result.pooled is None:
        return "no average"
    scale, pooled = scale_of(result), result.pooled
    interval = f"{level_words(pooled.level)} {scale.interval(pooled.ci_low, pooled.ci_high)}"
    return (
        f"{scale.named(pooled.estimate)} ({interval}), "
        f"{counted(pooled.k, noun(result), nouns(result))}, {people_words(result.n_total)}"
    )


def verdict_counts(run: Run) -> tuple[VerdictCount, ...]:
    """Return how many claims came out how, in the order of the verdicts, those that occur."""
    counts = Counter(verdict.verdict for verdict in run.verdicts)
    order = [*VERDICTS, *sorted(counts.keys() - VERDICTS.keys())]
    return tuple(VerdictCount(word, symbol(word), counts[word]) for word in order if counts[word])


def fragile_count(run: Run) -> int:
    return sum(verdict.fragile for verdict in run.verdicts)


def claims_tested(run: Run, result: ComparisonResult) -> tuple[ClaimRow, ...]:
    """Return the claims that a comparison tests."""
    results, names = results_of(run), names_of(run)
    return tuple(
        claim_row(verdict, results, names)
        for verdict in run.verdicts
        if any(part.part.comparison == result.comparison.id for part in verdict.parts)
    )
