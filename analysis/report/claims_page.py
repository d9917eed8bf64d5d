"""The scoreboard of claims: verdict, why, under which rule, evidence, and whether other analyses agree."""

from collections import Counter
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.changed import claim_anchor
from analysis.report.claim_reasons import judged_rows, rule, why
from analysis.report.links import names_of, slug
from analysis.report.phrases import BASES, VERDICTS, phrase
from analysis.report.wording import MISSING, counted, day, level_words, p_value, people_words, scale_of, verb
from analysis.results import ComparisonResult, PartVerdict, Run, Verdict

LONE = "rests on one published meta-analysis{studies}"
OF_STUDIES, STUDIES_NOT_SEEN = " of {studies}", "; how many studies it pools was not seen"
SAME_IN = "same verdict in {agreeing} of {choices}"
P_VALUES = "P {alone} for this test alone, {adjusted} when allowing for all claims tested"
FRAGILE = (
    "Of {claims}, {fragile} {verb} fragile: another analysis that could be defended gives another verdict than the one "
    "counted above."
)
AFTER_HOLM = "when allowing for all claims tested (Holm)"
HOLDS_AFTER_HOLM = f"holds {AFTER_HOLM}"
SETTLED = ("supported", "contradicted")
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
    p_values: str | None  # alone, and adjusted over all claims


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
    after_holm: str | None  # whether it holds after Holm's rule over all claims
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
        rests_on=rests_on_one(verdict, results),
        after_holm=after_holm(verdict),
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
    """Return in how many of the other declared analyses a verdict is the same."""
    if not choices:
        return MISSING
    return SAME_IN.format(agreeing=agreeing, choices=counted(choices, "other analysis", "other analyses"))


def rests_on_one(verdict: Verdict, results: dict[str, ComparisonResult]) -> str | None:
    """Return that a part with the verdict of the claim was decided by a single published result; None elsewhere."""
    lone = [part for part in verdict.parts if part.of == 1 and part.verdict == verdict.verdict]
    if not lone:
        return None
    ((row, _),) = judged_rows(lone[0], results[lone[0].part.comparison])
    studies = OF_STUDIES.format(studies=counted(row.k, "study", "studies")) if row.k else STUDIES_NOT_SEEN
    return LONE.format(studies=studies)


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
        p_values=p_values(part),
    )


def p_values(part: PartVerdict) -> str | None:
    """Return the P of a part against its bound, alone and over all claims."""
    if part.p_value is None:
        return None
    return P_VALUES.format(alone=p_value(part.p_value), adjusted=p_value(part.p_holm))


def after_holm(verdict: Verdict) -> str | None:
    """Return whether a settled verdict holds after Holm's rule; nothing of one that rests on no test."""
    if verdict.after_holm is None or not is_settled(verdict):
        return None
    holding = verdict.after_holm == verdict.verdict
    return HOLDS_AFTER_HOLM if holding else f"{AFTER_HOLM}: {verdict.after_holm}"


def is_settled(verdict: Verdict) -> bool:
    return verdict.verdict in SETTLED


def holm_sentence(run: Run) -> str | None:
    """Return how many settled verdicts hold after Holm's rule, over how many tests; nothing without a test."""
    found = run.multiplicity
    if found is None or not found.tests:
        return None
    settled = [verdict for verdict in run.verdicts if verdict.after_holm is not None and is_settled(verdict)]
    holding = sum(verdict.after_holm == verdict.verdict for verdict in settled)
    hold = (
        f"{holding} of {counted(len(settled), 'settled verdict')} that {verb(len(settled), 'rests', 'rest')} on them "
        f"{verb(holding, 'holds', 'hold')}"
    )
    tests = f"Holm's rule is taken over {counted(found.tests, 'test')} of claims"
    sentences = [f"{tests}: {hold if settled else 'no verdict that rests on them is settled'}."]
    if found.not_counted:
        sentences.append(f"{counted(found.not_counted, 'part')} of claims {verb(found.not_counted, 'is', 'are')} not "
                         "counted, for want of a P: published results, quoted numbers, too little data.")  # fmt: skip
    if found.setting == "required":
        sentences.append("The protocol asks that a verdict holds after it.")
    return " ".join(sentences)


def evidence(part: PartVerdict, result: ComparisonResult) -> str:
    """Return the effect, its interval, studies and people; or how many published meta-analyses."""
    if part.part.basis == "published":
        return counted(len(result.published), "published meta-analysis", "published meta-analyses")
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


def fragile_sentence(run: Run) -> str | None:
    """Return how many of the claims counted by verdict are fragile; None without any."""
    fragile = fragile_count(run)
    if not fragile:
        return None
    claims = counted(len(run.verdicts), "claim")
    return FRAGILE.format(claims=claims, fragile=fragile, verb=verb(fragile, "is", "are"))


def claims_tested(run: Run, result: ComparisonResult) -> tuple[ClaimRow, ...]:
    """Return the claims that a comparison tests."""
    results, names = results_of(run), names_of(run)
    return tuple(
        claim_row(verdict, results, names)
        for verdict in run.verdicts
        if any(part.part.comparison == result.comparison.id for part in verdict.parts)
    )
