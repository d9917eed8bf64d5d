"""How a comparison was pooled, in full, and what differs between its studies."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.answer import normal_interval, noun, nouns, sided_interval, smallest_words
from analysis.report.bias import judged_words
from analysis.report.extent import FEWEST_FOR_NEW_SETTING, has_new_setting, new_setting
from analysis.report.method_words import INTERVALS, MODELS, SECOND_OPINION_REASONS, STATUSES, TAU2_METHODS
from analysis.report.phrases import CAUTIONS, DERIVATIONS, DESIGNS, phrase
from analysis.report.subgroups import subgroup_test
from analysis.report.within import interval_used, model_used, several, within_facts, within_sentences
from analysis.report.wording import (
    counted,
    joined,
    level_words,
    p_value,
    percent,
    percent_interval,
    plain,
    scale_of,
    significant,
)
from analysis.results import (
    ONE_EFFECT,
    Comparison,
    ComparisonResult,
    GroupQuestion,
    Pooled,
    Run,
    SecondOpinion,
)

NOT_RECORDED = ("search strategy", "screening counts")
NEW_SETTING_ENDS = {
    "open": ", which includes no effect",
    "clear": ", which does not include no effect",
    "not said": ", if the studies truly vary as little as estimated",
}
FEWEST = 2  # that can be pooled
FEW_STUDIES = 10  # below, an estimate of no variation says little


@dataclass(frozen=True)
class Fact:
    """A named line of the methods."""

    name: str
    text: str


def methods_facts(run: Run, result: ComparisonResult) -> tuple[Fact, ...]:
    """Return everything that decides the numbers of a comparison."""
    facts = [*question_facts(run, result), *pooling_facts(result)]
    if result.pooled:
        facts += [Fact("Notes from the calculation", phrase(STATUSES, code)) for code in result.pooled.status]
    facts += effect_facts(result)
    facts.append(Fact("Second opinion", second_opinion_sentence(result.second_opinion)))
    if judged := judged_words(result):
        facts.append(Fact("Risk of bias", judged))
    missing = NOT_RECORDED if judged else (*NOT_RECORDED, "risk of bias")
    facts.append(Fact("Not recorded here", ", ".join(missing)))
    if result.comparison.note:
        facts.append(Fact("Note", result.comparison.note))
    return tuple(facts)


def question_facts(run: Run, result: ComparisonResult) -> list[Fact]:
    comparison = result.comparison
    facts = [
        Fact("Designs", joined(phrase(DESIGNS, design) for design in comparison.designs)),
        Fact("Outcome", result.outcome_label),
        Fact("Compared", f"{result.experimental_label} with {result.control_label}"),
    ]
    facts += measured_facts(comparison, dict(run.labels.instruments))
    if comparison.smallest_important is not None:
        source = comparison.smallest_important_source or "source not stated"
        facts.append(Fact("Smallest difference that matters", f"{smallest_words(result)} ({source})"))
    return facts


def measured_facts(question: Comparison | GroupQuestion, instruments: dict[str, str]) -> list[Fact]:
    """Return when and with what a question asks to be measured, and on which scale."""
    facts = []
    if question.window_weeks:
        low, high = question.window_weeks
        facts.append(Fact("Time window", f"{plain(low)} to {plain(high)} weeks{target(question.target_weeks)}"))
    if question.instruments:
        names = joined(phrase(instruments, code) for code in question.instruments)
        facts.append(Fact("Instruments, in order of preference", names))
    if question.rescale_to:
        low, high = question.rescale_to
        facts.append(Fact("Rescaled", f"every instrument brought to {plain(low)} to {plain(high)}"))
    return facts


def target(weeks: float | None) -> str:
    return "" if weeks is None else f"; of several times, the nearest to {plain(weeks)}"


def pooling_facts(result: ComparisonResult) -> list[Fact]:
    comparison, scale = result.comparison, scale_of(result)
    unit = f", in {result.unit}" if result.unit else ""
    log = ", pooled on the log scale" if scale.ratio else ""
    facts = [Fact("Measure", f"{scale.words.name}{unit}{log}"), Fact("Model", phrase(MODELS, model_used(result)))]
    if comparison.model not in ONE_EFFECT:
        facts.append(Fact(*variance_fact(result)))
    facts.append(Fact("Interval", f"{percent(100 * comparison.level)}, {phrase(INTERVALS, interval_used(result))}"))
    facts += normal_fact(result)
    if has_new_setting(result):
        normal = result.pooled.test in ("z", "cr2")
        quantile = "normal quantile" if normal else "t quantile with k − 1 degrees of freedom"
        facts.append(Fact("Interval in a new setting", f"prediction interval, {quantile}"))
    if result.pooled and result.pooled.k > 1:
        facts += figure_facts(result)
        facts.append(Fact("Test of no effect", f"P {p_value(result.pooled.p_value)}"))
    return facts


def figure_facts(result: ComparisonResult) -> list[Fact]:
    """Return the figures of how far the studies disagree, and the test of subgroups."""
    variances = within_facts(result) if several(result) else variance_facts(result.pooled, result.comparison.model)
    return [
        *disagreement(nouns(result), (*variances, *chance_facts(result.pooled))),
        *(Fact("Test of subgroup differences", text) for text in subgroup_test(result)),
    ]


def disagreement(nouns: str, figures: Iterable[str]) -> list[Fact]:
    """Return the figures of how far studies disagree as a line of the methods; nothing without any."""
    text = "; ".join(figures)
    return [Fact(f"Disagreement between {nouns}", text)] if text else []


def variance_fact(result: ComparisonResult) -> tuple[str, str]:
    """Return the estimator of the variance between studies; of a multilevel model, of both its variances."""
    if several(result):
        return "Variance between and within studies", phrase(TAU2_METHODS, result.pooled.tau2_method)
    return "Variance between studies", phrase(TAU2_METHODS, result.comparison.tau2)


def effect_facts(result: ComparisonResult) -> list[Fact]:
    """Return how the effects were made and what had to be done to them, each way once with its studies."""
    effects = (*result.effects, *result.doubtful)
    ways: dict[str, list[str]] = {}
    cautions: dict[str, list[str]] = {}
    for effect in effects:
        ways.setdefault(effect.derivation, []).append(effect.label)
        for code in effect.cautions:
            cautions.setdefault(code, []).append(effect.label)
    facts = [
        Fact("How the effects were made", f"{phrase(DERIVATIONS, code)} ({joined(dict.fromkeys(labels))})")
        for code, labels in ways.items()
    ]
    return facts + [
        Fact("Cautions", f"{phrase(CAUTIONS, code)} ({joined(dict.fromkeys(labels))})")
        for code, labels in cautions.items()
    ]


def second_opinion_sentence(opinion: SecondOpinion) -> str:
    """Return whether another program finds the same numbers, or why it was not asked."""
    if not opinion.asked:
        reason = phrase(SECOND_OPINION_REASONS, opinion.why_not or "not-said")
        return f"Not asked. {reason.format(program=opinion.program) if '{program}' in reason else reason}"
    difference = (
        ""
        if opinion.largest_difference is None
        else (f" (largest relative difference {significant(opinion.largest_difference, 2)})")
    )
    if opinion.agrees:
        names = {"estimate": "average", "se": "standard error", "tau2": "variance between studies"}
        same = joined(name for field, name in names.items() if getattr(opinion, field) is not None)
        return f"{opinion.program} finds the same {same}{difference}."
    return f"{opinion.program} does not agree{difference}: look into this before using the number."


def heterogeneity_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return how far the studies differ, the spread in a new setting first."""
    pooled = result.pooled
    if pooled is None:
        return ()
    if pooled.k < 2:
        return (
            f"One {noun(result)}: there is nothing to compare it "
            "with, so variance between studies, I² and the interval in a new setting are not defined.",
            *within_sentences(result),
        )
    said = new_setting_sentence(result), spread_sentence(result)
    return (*filter(None, said), *within_sentences(result))


def new_setting_sentence(result: ComparisonResult) -> str:
    """Return where the effect of a new setting is expected; two studies cannot tell, so nothing is said."""
    pooled = result.pooled
    if pooled.k < FEWEST_FOR_NEW_SETTING:
        return ""
    if pooled.pi_low is None or pooled.pi_high is None:
        return "An interval in a new setting is not defined here."
    ends = sided_interval(result, pooled.pi_low, pooled.pi_high)
    return f"In a new setting the effect is expected to be {ends}{NEW_SETTING_ENDS[new_setting(result)]}."


def spread_sentence(result: ComparisonResult) -> str:
    """Return how much of the spread is more than chance; nothing under a model that assumes there is none."""
    return spread_words(result.pooled, noun(result), nouns(result))


def spread_words(pooled: Pooled, noun: str, nouns: str) -> str:
    """Return how much of the spread of studies, by whatever they are called, is more than chance."""
    if pooled.tau2 is None or "common-effect" in pooled.status:
        return ""
    if pooled.tau2 > 0:
        return (
            f"Of what is seen to vary between the {nouns}, an estimated {percent(pooled.i2)} is more than "
            "chance explains (I²)."
        )
    few = pooled.k < FEW_STUDIES
    unseen = f", but with {counted(pooled.k, noun, nouns)} much could go unseen" if few else ""
    return f"No variation beyond chance was found{unseen}."


def normal_fact(result: ComparisonResult) -> list[Fact]:
    """Return the normal interval beside one on a single degree of freedom, with what is wrong with it."""
    normal = normal_interval(result)
    if normal is None:
        return []
    interval = scale_of(result).interval(normal.ci_low, normal.ci_high)
    return [Fact("The interval by the normal distribution", f"{interval}, too narrow with only two {nouns(result)}")]


def variance_facts(pooled: Pooled, model: str) -> list[str]:
    """Return the variance between studies with its interval; nothing under a model without one."""
    if pooled.tau2 is None or model in ONE_EFFECT:
        return []
    text = f"τ² {significant(pooled.tau2)}"
    if None in (pooled.tau2_low, pooled.tau2_high):
        return [text]
    few = ", which two studies can hardly bound from above" if pooled.k == FEWEST else ""
    ends = f"{significant(pooled.tau2_low)} to {significant(pooled.tau2_high)}"
    return [f"{text} ({level_words(pooled.level)} by the Q-profile {ends}{few})"]


def chance_facts(pooled: Pooled) -> list[str]:
    """Return I² and Q, as far as they are defined."""
    facts = []
    if pooled.i2 is not None:
        ends = percent_interval(pooled.i2_low, pooled.i2_high)
        facts.append(f"I² {percent(pooled.i2)}{f' ({ends})' if ends else ''}")
    if pooled.q is not None:
        facts.append(
            f"Q {significant(pooled.q, 4)} on {counted(pooled.q_df, 'degree')} of freedom, "
            f"P {p_value(pooled.q_p_value)}"
        )
    return facts
