"""Would other choices change the answer? A row a choice, and the sentence that sums them up."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.measures import measure_of
from analysis.report.method_words import INTERVALS, MODEL_NAMES, TAU2_METHODS
from analysis.report.phrases import ANSWERS_IN_SHORT, CHOICE_PREFIXES, CHOICES, phrase
from analysis.report.within import study_count
from analysis.report.wording import MISSING, Scale, counted, joined, scale_of
from analysis.results import Choice, ComparisonResult

AS_DECLARED = "as the protocol declares"
NO_LABELS: Mapping[str, str] = {}
TOO_NARROW = (
    " Those that differ rest on one {noun} alone, or on an interval that is too narrow for two: neither counts how "
    "much {nouns} differ."
)
WITHOUT_ONE = "without:"  # the code of a choice that leaves out one study


@dataclass(frozen=True)
class ChoiceRow:
    """The comparison under another choice, every cell as text."""

    name: str
    effect: str
    interval: str
    studies: str
    answer: str
    differs: bool
    leaves_one_out: bool


def choice_rows(result: ComparisonResult, treatments: Mapping[str, str] = NO_LABELS) -> tuple[ChoiceRow, ...]:
    """Return the protocol's own analysis, then one row a declared choice in its order; empty without any choice."""
    scale = scale_of(result)
    studies = tuple(dict.fromkeys(effect.study for effect in result.effects))
    own = Choice(AS_DECLARED, studies, result.pooled, result.answer, True)
    return tuple(choice_row(result, choice, scale, treatments) for choice in (own, *result.choices) if result.choices)


def choice_row(result: ComparisonResult, choice: Choice, scale: Scale, treatments: Mapping[str, str]) -> ChoiceRow:
    name, pooled = choice_name(result, choice.code, treatments), choice.pooled
    one_out = choice.code.startswith(WITHOUT_ONE)
    answer = answer_in_short(result, choice.answer)
    if pooled is None:
        return ChoiceRow(name, "no average", MISSING, str(len(choice.studies)), answer, not choice.same_answer, one_out)
    return ChoiceRow(
        name,
        scale.text(pooled.estimate),
        scale.interval(pooled.ci_low, pooled.ci_high),
        str(pooled.k),
        answer,
        not choice.same_answer,
        one_out,
    )


def choice_name(result: ComparisonResult, code: str, treatments: Mapping[str, str] = NO_LABELS) -> str:
    """Return what a choice is, in words; an unknown code is shown as it is."""
    studies = {effect.study: effect.label for effect in (*result.effects, *result.doubtful)}
    return choice_words(code, studies, treatments)


def choice_words(
    code: str, labels: Mapping[str, str] = NO_LABELS, treatments: Mapping[str, str] = NO_LABELS
) -> str:
    """Return what a choice is, in words, studies and treatments by their labels."""
    for prefix, template in CHOICE_PREFIXES.items():
        if code.startswith(prefix):
            return template.format(value=choice_value(labels, treatments, prefix, code.removeprefix(prefix)))
    return phrase(CHOICES, code)


def choice_value(labels: Mapping[str, str], treatments: Mapping[str, str], prefix: str, value: str) -> str:
    """Return the value of a choice in words: a method's name, or a study's label."""
    tables = {
        "tau2=": TAU2_METHODS,
        "interval=": INTERVALS,
        WITHOUT_ONE: labels,
        "without=": treatments,
        "model=": MODEL_NAMES,
        "measure=": {value: measure_of(value).name},
    }
    return phrase(tables[prefix], value)


def answer_in_short(result: ComparisonResult, answer: str) -> str:
    """Return an answer in a word or two, from which side is good news."""
    text = phrase(ANSWERS_IN_SHORT, answer)
    return text.format(experimental=result.experimental_label, control=result.control_label) if "{" in text else text


def differ_by_fewness(result: ComparisonResult) -> bool:
    """Say whether every choice with another answer rests on one study, or on a normal interval of two."""
    differing = [choice.pooled for choice in result.choices if not choice.same_answer]
    return bool(differing) and all(pooled and (pooled.k == 1 or pooled.test == "z") for pooled in differing)


def choices_sentence(result: ComparisonResult) -> str:
    """Return how many choices agree, and how far leaving out any one study moves the average."""
    if not result.choices:
        return "The protocol declares no other choice for this comparison."
    agree = sum(choice.same_answer for choice in result.choices)
    text = f"{agree} of {counted(len(result.choices), 'choice')} {'agrees' if agree == 1 else 'agree'}"
    averages = [
        choice.pooled.estimate
        for choice in result.choices
        if choice.code.startswith(WITHOUT_ONE) and choice.pooled is not None
    ]
    if len(averages) < 2:
        return f"{text}."
    scale = scale_of(result)
    if study_count(result) == 2:
        alone = f"{text}; each {noun(result)} alone: {joined(scale.text(average) for average in averages)}."
        return alone + (TOO_NARROW.format(noun=noun(result), nouns=nouns(result)) if differ_by_fewness(result) else "")
    return (
        f"{text}; leaving out any one {noun(result)} the effect stays between "
        f"{scale.text(min(averages))} and {scale.text(max(averages))}."
    )
