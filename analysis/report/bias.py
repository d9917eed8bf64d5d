"""Risk of bias as a page says it: who judged what with which tool, in sentences, letters and rows.

Judgements are people's, printed in the words of their tool; where nobody judged, the page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.wording import MISSING, counted, day, joined, percent, sentence_case, verb
from analysis.results import BiasJudgement, BiasShare, ComparisonResult, Effect, RiskOfBias

OVERALL = "overall"
NOT_JUDGED = "not judged"
SENTENCES = {
    "none": "Not recorded: nobody has entered a judgement on the risk of bias of these {nouns}.",
    "nothing": "There is no {noun} in the average whose risk of bias could be judged.",
    "judged": "Overall, by {tool}: {counts}.",
    "part": "Of {all}, {missing} {are} not judged.",
    "mixed": "Letters of different tools do not mean the same; each tool has its own figures.",
    "waits": "The protocol asks for the answer {choices}; that waits for judgements.",
}
ASKED = {"without-high-risk": "without studies at high risk of bias", "only-low-risk": "from studies at low risk alone"}
PROMPTS = {  # why to be cautious
    "high": "{share} of the weight comes from studies at high risk of bias",
    "high-alone": "the one study is at high risk of bias",
    "not-low": "{share} of the weight comes from studies whose risk of bias is not low",
    "not-low-alone": "the risk of bias of the one study is not low",
    "part": "the risk of bias is judged for only part of the studies",
}


@dataclass(frozen=True)
class JudgementRow:
    """One domain of an assessment as text."""

    domain: str
    judgement: str
    reason: str


@dataclass(frozen=True)
class Assessment:
    """One assessment as text, with the rows of its domains; the overall judgement stands last."""

    head: str
    signed: str
    rows: tuple[JudgementRow, ...]


@dataclass(frozen=True)
class ShareRow:
    """One segment of a bar of the summary plot as text."""

    domain: str
    judgement: str
    weight: str
    studies: str


def assessed(result: ComparisonResult) -> tuple[Effect, ...]:
    """Return the studies, pooled and doubtful, whose risk of bias somebody judged."""
    return tuple(effect for effect in (*result.effects, *result.doubtful) if effect.risk_of_bias)


def tools_of(result: ComparisonResult) -> tuple[str, ...]:
    """Return the codes of the tools in the order of the studies."""
    return tuple(dict.fromkeys(effect.risk_of_bias.tool for effect in assessed(result)))


def bias_letters(result: ComparisonResult) -> dict[str, str]:
    """Return the letter of each study for the forest plot; empty where nobody judged any."""
    if not assessed(result):
        return {}
    effects = (*result.effects, *result.doubtful)
    return {one.study: one.risk_of_bias.overall.letter if one.risk_of_bias else MISSING for one in effects}


def bias_word(effect: Effect) -> str:
    """Return the overall judgement of a study in the words of its tool."""
    return effect.risk_of_bias.overall.judgement if effect.risk_of_bias else NOT_JUDGED


def judged_words(result: ComparisonResult) -> str:
    """Return with which tools the studies were judged, and by whom; nothing where nobody did."""
    parts = []
    for tool in tools_of(result):
        raters = dict.fromkeys(one.risk_of_bias.rater for one in assessed(result) if one.risk_of_bias.tool == tool)
        parts.append(f"{label_of(result, tool)} by {joined(raters)}")
    return "; ".join(parts)


def letters_key(result: ComparisonResult) -> str:
    """Return what the letters of the forest plot mean; nothing where there are none."""
    judged = assessed(result)
    if not judged:
        return ""
    parts = [
        f"{key_of(effect.risk_of_bias.overall for effect in judged if effect.risk_of_bias.tool == tool)} "
        f"({label_of(result, tool)})"
        for tool in tools_of(result)
    ]
    missing = [f"{MISSING} {NOT_JUDGED}"] if len(judged) < len(result.effects) + len(result.doubtful) else []
    return f" Risk of bias: {'; '.join([*parts, *missing])}."


def key_of(judgements: Iterable[BiasJudgement]) -> str:
    """Return each letter with its word, in the order they are met."""
    return ", ".join(f"{letter} {word}" for letter, word in dict.fromkeys((j.letter, j.judgement) for j in judgements))


def label_of(result: ComparisonResult, tool: str) -> str:
    return next(one.risk_of_bias.tool_label for one in assessed(result) if one.risk_of_bias.tool == tool)


def bias_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return what was judged, how it came out, and what is missing."""
    words = {"noun": noun(result), "nouns": nouns(result)}
    studies, judged = (*result.effects, *result.doubtful), assessed(result)
    if not judged:
        found = [SENTENCES["none" if studies else "nothing"].format(**words), *waiting(result)]
        return tuple(found)
    found = [SENTENCES["judged"].format(tool=label_of(result, tool), counts=counts(result, tool))
             for tool in tools_of(result)]  # fmt: skip
    missing = len(studies) - len(judged)
    if missing:
        everyone = counted(len(studies), words["noun"], words["nouns"])
        found.append(SENTENCES["part"].format(all=everyone, missing=missing, are=verb(missing, "is", "are")))
    return (*found, *([SENTENCES["mixed"]] if len(tools_of(result)) > 1 else []))


def counts(result: ComparisonResult, tool: str) -> str:
    """Return how many studies a tool judged how."""
    words = [one.risk_of_bias.overall.judgement for one in assessed(result) if one.risk_of_bias.tool == tool]
    parts = [f"{words.count(word)} {word}" for word in dict.fromkeys(words)]
    return f"{counted(len(words), noun(result), nouns(result))} judged: {', '.join(parts)}"


def waiting(result: ComparisonResult) -> list[str]:
    """Return which choices of the protocol wait for judgements."""
    asked = [words for code, words in ASKED.items() if code in result.comparison.sensitivity]
    return [SENTENCES["waits"].format(choices=joined(asked))] if asked else []


def bias_prompts(result: ComparisonResult) -> list[str]:
    """Return why the risk of bias is a reason to be cautious; nothing where nobody judged it."""
    shares = [share for share in result.bias_shares if share.domain == OVERALL]
    if not shares:
        return []
    alone = "-alone" if len(result.effects) == 1 else ""
    high, rest = weight_of(shares, ("high",)), weight_of(shares, ("some", "unknown"))
    found = [PROMPTS[f"high{alone}"].format(share=percent(high))] if high else []
    if rest and not high:
        found.append(PROMPTS[f"not-low{alone}"].format(share=percent(rest)))
    judged = sum(share.studies for share in shares if share.judgement)
    return [*found, *([PROMPTS["part"]] if judged < len(result.effects) else [])]


def weight_of(shares: list[BiasShare], levels: tuple[str, ...]) -> float:
    return sum(share.weight for share in shares if share.level in levels)


def judgements_of(one: RiskOfBias) -> tuple[BiasJudgement, ...]:
    """Return the judgements of an assessment, the overall one last."""
    return (*one.domains, one.overall)


def assessment_of(one: RiskOfBias, head: str) -> Assessment:
    """Return an assessment as text under a head."""
    rows = (JudgementRow(j.label, j.judgement, j.reason or "") for j in judgements_of(one))
    return Assessment(head, f"judged with {one.tool_label} by {one.rater}, {day(one.rated)}", tuple(rows))


def share_rows(result: ComparisonResult, tool: str) -> tuple[ShareRow, ...]:
    """Return the segments of the summary plot of a tool as text."""
    some = next(one.risk_of_bias for one in assessed(result) if one.risk_of_bias.tool == tool)
    labels = {judgement.domain: judgement.label for judgement in judgements_of(some)}
    return tuple(
        ShareRow(
            labels[share.domain],
            share.judgement or NOT_JUDGED,
            percent(share.weight, 1),
            counted(share.studies, noun(result), nouns(result)),
        )
        for share in result.bias_shares
        if share.tool == tool
    )


def source_assessments(assessments: Iterable[RiskOfBias], outcomes: dict[str, str]) -> tuple[Assessment, ...]:
    """Return the assessments of a source as text, each under what it is about."""
    return tuple(assessment_of(one, about(one, outcomes)) for one in assessments)


def about(one: RiskOfBias, outcomes: dict[str, str]) -> str:
    """Return which results an assessment is about."""
    outcome = sentence_case(outcomes.get(one.outcome, one.outcome)) if one.outcome else "Every outcome"
    return f"{one.study}: {outcome}" if one.study else outcome
