"""Why a part of a claim came out as it did, with the numbers that decided, and the rule in words."""

from analysis.report.answer import trials
from analysis.report.phrases import (
    JUDGED_ON,
    PUBLISHED_WORDS,
    REASONS_OF_VERDICTS,
    RULES,
    RULES_AT_NO_EFFECT,
    WHYS,
    phrase,
)
from analysis.report.published_tally import has_interval
from analysis.report.wording import MISSING, Scale, decimal, joined, level_words, plain, scale_of, verb
from analysis.results import ClaimPart, ComparisonResult, PartVerdict, PoolingRow

SIDE = "side"  # of WHYS: a rule that asks only on which side of no effect a result lies
NOT_AFTER_HOLM = "not-after-holm"  # as judging.py says of an interval that lies on one side, and does not decide
NOT_COUNTED = "not counted"  # as judging.py says of a published result that it leaves aside


def why(part: PartVerdict, result: ComparisonResult, names: dict[str, str]) -> str:
    """Return one or two sentences with the numbers that decided; names: how each source is named, by its id."""
    if part.of and len(part.of_rows) == len(result.published):
        return published_why(part, result, names)
    rule_kind = SIDE if part.part.rule in RULES_AT_NO_EFFECT and at_no_effect(part.part, result) else part.part.rule
    template = WHYS.get((rule_kind, part.verdict))
    if template is None or part.low is None or part.high is None or part.reason == NOT_AFTER_HOLM:
        return REASONS_OF_VERDICTS.get(part.reason, part.reason).replace("{min_trials}", str(part.part.min_trials))
    scale = scale_of(result)
    return template.format(
        what=level_words(result.comparison.level) if part.part.on == "average" else "interval in a new setting",
        interval=with_unit(scale, scale.interval(part.low, part.high)),
        estimate=scale.text(part.estimate),
        nothing=nothing(result),
        no_effect=scale.no_effect,
        bound=bound(part.part, result),
        **side_words(part.part, result),
    )


def with_unit(scale: Scale, text: str) -> str:
    return f"{text} {scale.short_unit}" if scale.unit and not scale.ratio else text


def nothing(result: ComparisonResult) -> str:
    """Return what an effect of nothing is called: groups are compared, not treated."""
    return "no effect" if trials(result) else "no difference"


def at_no_effect(part: ClaimPart, result: ComparisonResult) -> bool:
    """Say whether a rule asks only on which side of no effect a result lies."""
    return not part.bound or [scale_of(result).reported(value) for value in part.bound] == [0.0]


def published_why(part: PartVerdict, result: ComparisonResult, names: dict[str, str]) -> str:
    """Return how many published results agree, which do not, and how many are not counted."""
    judged = judged_rows(part, result)
    rest = [row for row, how in zip(result.published, part.of_rows, strict=True) if how == NOT_COUNTED]
    return " ".join(filter(None, (counted_why(part, result, judged, names), left_aside(rest))))


def judged_rows(part: PartVerdict, result: ComparisonResult) -> list[tuple[PoolingRow, str]]:
    """Return the published results that a part was judged on, each with what it says."""
    return [(row, how) for row, how in zip(result.published, part.of_rows, strict=True) if how != NOT_COUNTED]


def counted_why(
    part: PartVerdict, result: ComparisonResult, judged: list[tuple[PoolingRow, str]], names: dict[str, str]
) -> str:
    """Return how the published results that print an interval divide."""
    side = nothing(result) if at_no_effect(part.part, result) else "both sides of the bound"
    if len(judged) == 1:
        row, how = judged[0]
        did = PUBLISHED_WORDS[how][0].format(side=side)
        return f"The one published result with an interval {did}: {named_result(row, names)}."
    if part.agree == part.of:
        all_of = "Both" if len(judged) == 2 else f"All {len(judged)}"
        return f"{all_of} agree: {'; '.join(named_result(row, names) for row, _ in judged)}."
    others = [
        others_words([row for row, how in judged if how == other], other, side, names)
        for other in PUBLISHED_WORDS
        if other != "supported"
    ]
    return f"{part.agree} of {part.of} {verb(part.agree, 'agrees', 'agree')}; {'; '.join(filter(None, others))}."


def others_words(rows: list[PoolingRow], how: str, side: str, names: dict[str, str]) -> str:
    """Return which published results do not agree, by how they do not; nothing without any."""
    if not rows:
        return ""
    listed = joined(f"{source(row, names)} ({ends(row)})" for row in rows)
    return f"{listed} {verb(len(rows), *PUBLISHED_WORDS[how]).format(side=side)}"


def left_aside(rows: list[PoolingRow]) -> str:
    """Return how many published results were not counted, and why."""
    bare = sum(not has_interval(row) for row in rows)
    doubtful = len(rows) - bare
    parts = [f"{bare} more {verb(bare, 'prints', 'print')} no interval"] if bare else []
    parts += [f"{doubtful} more {verb(doubtful, 'is', 'are')} doubtful"] if doubtful else []
    return f"{joined(parts)} and {verb(len(rows), 'is', 'are')} not counted." if rows else ""


def source(row: PoolingRow, names: dict[str, str]) -> str:
    return names.get(row.ref.dataset, row.review)


def ends(row: PoolingRow) -> str:
    digits = printed_digits(row)
    return f"{decimal(row.ci_low, digits)} to {decimal(row.ci_high, digits)}"


def printed_digits(row: PoolingRow) -> int:
    """Return the most decimals that any of the three numbers of a result needs."""
    shown = (plain(value) for value in (row.estimate, row.ci_low, row.ci_high) if value is not None)
    return max(len(text.partition(".")[2]) for text in shown)


def named_result(row: PoolingRow, names: dict[str, str]) -> str:
    """Return a published result with its review: "Rogan 2019, SMD −1.91 (−2.92 to −0.90)"."""
    measure = f"{row.measure} " if row.measure and row.measure != "unstated" else ""
    estimate = MISSING if row.estimate is None else decimal(row.estimate, printed_digits(row))
    return f"{source(row, names)}, {measure}{estimate} ({ends(row)})"


def side_words(part: ClaimPart, result: ComparisonResult) -> dict[str, str]:
    """Return which side a rule is for and which it is against, in words."""
    labels = [result.experimental_label, result.control_label]
    if part.towards != "experimental":
        labels.reverse()
    if result.better == "none":
        return {"towards": f"higher in {labels[0]}", "against": f"lower in {labels[0]}"}
    return {"towards": labels[0], "against": labels[1]}


def bound(part: ClaimPart, result: ComparisonResult) -> str:
    """Return the bound of a rule as reported, with what it is."""
    scale = scale_of(result)
    values = [scale.reported(value) for value in part.bound]
    name = scale.words.short if scale.ratio or not scale.unit else ""
    text = with_unit(scale, f"{name} {' to '.join(map(scale.text, values))}".strip())
    return f"{text} ({nothing(result)})" if values == [0.0] else text


def rule(part: ClaimPart, result: ComparisonResult) -> str:
    """Return the rule as declared; one at no effect by its direction."""
    words = side_words(part, result)
    if part.rule == "favours" and result.better == "none":
        text = words["towards"]
    elif part.rule in RULES_AT_NO_EFFECT and at_no_effect(part, result):
        text = RULES_AT_NO_EFFECT[part.rule].format(
            sided=f"{'with' if trials(result) else 'in'} {result.experimental_label}", limit=limit(part, result)
        )
    else:
        text = phrase(RULES, part.rule).format(bound=bound(part, result), **words)
    return f"{text}, {phrase(JUDGED_ON, part.on)}" if part.basis == "own" else text


def limit(part: ClaimPart, result: ComparisonResult) -> str:
    """Return on which side of what number a rule at no effect lies: "SMD below 0"."""
    scale, side = scale_of(result), {"at-most": "below", "at-least": "above"}[part.rule]
    if part.basis == "published":
        return f"each interval {side} {nothing(result)}"
    if scale.ratio or not scale.unit:
        return f"{scale.words.short} {side} {'1' if scale.ratio else '0'}"
    return f"{side} 0 {scale.short_unit}"
