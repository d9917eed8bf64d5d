"""The scoreboard of claims: verdict, why, evidence, rule, and how far it holds."""

from collections import Counter
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.changed import claim_anchor
from analysis.report.links import slug
from analysis.report.phrases import BASES, JUDGED_ON, REASONS_OF_VERDICTS, RULES, VERDICTS, WHYS, phrase
from analysis.report.wording import MISSING, Scale, counted, day, people, scale_of, verb
from analysis.results import ClaimPart, ComparisonResult, PartVerdict, Run, Verdict

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
    kind: str
    source: str
    verdict: str
    symbol: str
    fragile: bool
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
    results = {result.comparison.id: result for result in run.comparisons}
    return tuple(claim_row(verdict, results) for verdict in run.verdicts)


def claim_row(verdict: Verdict, results: dict[str, ComparisonResult]) -> ClaimRow:
    claim = verdict.claim
    parts = tuple(
        part_row(part, results[part.part.comparison]) for part in verdict.parts if part.part.comparison in results
    )
    return ClaimRow(
        id=claim.id,
        anchor=claim_anchor(claim.id),
        text=claim.text,
        kind=claim.kind,
        source=claim.source,
        verdict=verdict.verdict,
        symbol=symbol(verdict.verdict),
        fragile=verdict.fragile,
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


def part_row(part: PartVerdict, result: ComparisonResult) -> PartRow:
    return PartRow(
        verdict=part.verdict,
        symbol=symbol(part.verdict),
        why=why(part, result),
        evidence=evidence(part, result),
        question=result.comparison.question,
        address=f"comparisons/{slug(result.comparison.id)}.html",
        rule=rule(part.part, result),
        basis=phrase(BASES, part.part.basis),
        holds=holds(part.agreeing_choices, part.choices),
    )


def why(part: PartVerdict, result: ComparisonResult) -> str:
    """Return one sentence with the numbers that decided."""
    if part.of:
        text = phrase(REASONS_OF_VERDICTS, part.reason)
        agree = verb(part.agree, "agrees", "agree")
        return f"{part.agree} of {counted(part.of, 'published pooling')} {agree}. {text}"
    template = WHYS.get((part.part.rule, part.verdict))
    if template is None or part.low is None or part.high is None:
        return REASONS_OF_VERDICTS.get(part.reason, part.reason).replace("{min_trials}", str(part.part.min_trials))
    scale = scale_of(result)
    return template.format(
        interval=scale.interval(part.low, part.high),
        estimate=scale.text(part.estimate),
        no_effect=scale.no_effect,
        bound=bound(part.part, scale),
        **side_words(part.part, result),
    )


def side_words(part: ClaimPart, result: ComparisonResult) -> dict[str, str]:
    """Return which side a rule is for and which it is against, in words."""
    labels = [result.experimental_label, result.control_label]
    if part.towards != "experimental":
        labels.reverse()
    if result.better == "none":
        return {"towards": f"higher in {labels[0]}", "against": f"lower in {labels[0]}"}
    return {"towards": labels[0], "against": labels[1]}


def bound(part: ClaimPart, scale: Scale) -> str:
    """Return the bound of a rule as reported, with what it is."""
    values = [scale.reported(value) for value in part.bound]
    name = scale.words.short if scale.ratio or not scale.unit else ""
    text = f"{name} {' to '.join(map(scale.text, values))}".strip()
    return f"{text} (no effect)" if values == [0.0] else text


def rule(part: ClaimPart, result: ComparisonResult) -> str:
    """Return the rule as declared."""
    words = side_words(part, result)
    if part.rule == "favours" and result.better == "none":
        text = words["towards"]
    else:
        text = phrase(RULES, part.rule).format(bound=bound(part, scale_of(result)), **words)
    return f"{text}, {phrase(JUDGED_ON, part.on)}" if part.basis == "own" else text


def evidence(part: PartVerdict, result: ComparisonResult) -> str:
    """Return the effect, its interval, studies and people; or how many published poolings."""
    if part.part.basis == "published":
        return counted(len(result.published), "published pooling")
    if result.pooled is None:
        return "no average"
    scale, pooled = scale_of(result), result.pooled
    return (
        f"{scale.named(pooled.estimate)} ({scale.interval(pooled.ci_low, pooled.ci_high)}), "
        f"{counted(pooled.k, noun(result), nouns(result))}, {people(result.n_total)} people"
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
    results = {other.comparison.id: other for other in run.comparisons}
    return tuple(
        claim_row(verdict, results)
        for verdict in run.verdicts
        if any(part.part.comparison == result.comparison.id for part in verdict.parts)
    )
