"""The methods of a comparison as sentences ready for a paper, with numbered citations and software versions."""

from dataclasses import dataclass

from analysis.report.bias import judged_words
from analysis.report.choices import choice_name
from analysis.report.citations import (
    HETEROGENEITY,
    INTERVAL_CITATIONS,
    MEASURE_CITATIONS,
    MULTILEVEL,
    PREDICTION,
    Q_PROFILE,
    TABLE_CITATIONS,
    TAU2_CITATIONS,
    References,
)
from analysis.report.extent import has_new_setting
from analysis.report.method_words import INTERVALS, TAU2_METHODS
from analysis.report.phrases import DERIVATIONS, DESIGN_PLURALS, PROGRAMS, phrase
from analysis.report.within import interval_used, several
from analysis.report.wording import counted, joined, percent, plain, scale_of
from analysis.results import MANTEL_HAENSZEL, ComparisonResult, Run

LEAVE_ONE_OUT = "without:"


@dataclass(frozen=True)
class MethodsParagraph:
    """A paragraph for a paper, and the papers it cites, the first one numbered 1."""

    text: str
    references: tuple[str, ...]


def methods_paragraph(run: Run, result: ComparisonResult) -> MethodsParagraph:
    """Return how a comparison was made, assembled from its protocol and the settings of its pool."""
    references = References()
    sentences = (
        question_sentence(run, result),
        effect_sentence(result, references),
        made_sentence(result),
        model_sentence(result, references),
        spread_sentence(result, references),
        bias_sentence(result),
        sensitivity_sentence(run, result),
        software_sentence(run, result),
    )
    return MethodsParagraph(" ".join(filter(None, sentences)), tuple(references.cited))


def question_sentence(run: Run, result: ComparisonResult) -> str:
    """Return what was compared, in which designs, when and with which instruments."""
    comparison = result.comparison
    designs = joined(phrase(DESIGN_PLURALS, design) for design in comparison.designs)
    sides = f"{result.experimental_label} with {result.control_label}"
    text = f"We compared {sides} for {result.outcome_label} in {designs}"
    if comparison.window_weeks:
        low, high = comparison.window_weeks
        text += f", with follow-up at {plain(low)} to {plain(high)} weeks{nearest(comparison.target_weeks)}"
    if comparison.instruments:
        names = [phrase(dict(run.labels.instruments), code) for code in comparison.instruments]
        text += f"; by {names[0]}" if len(names) == 1 else f"; in order of preference by {joined(names)}"
    return text + "."


def nearest(weeks: float | None) -> str:
    return "" if weeks is None else f" (of several times, the one nearest to {plain(weeks)} weeks)"


def effect_sentence(result: ComparisonResult, references: References) -> str:
    """Return the measure of effect, its unit and scale."""
    scale, comparison = scale_of(result), result.comparison
    text = f"The measure of effect was the {scale.words.name}{references.cite_from(MEASURE_CITATIONS, scale.measure)}"
    text += f" in {result.unit}" if result.unit and not scale.ratio else ""
    text += ", analysed on the log scale" if scale.ratio else ""
    if comparison.rescale_to:
        low, high = comparison.rescale_to
        text += f", every instrument brought to a range of {plain(low)} to {plain(high)}"
    return text + "."


def made_sentence(result: ComparisonResult) -> str:
    """Return how the effects that were pooled were made from what the papers print."""
    ways = dict.fromkeys(phrase(DERIVATIONS, effect.derivation) for effect in result.effects)
    return f"Effects were made {joined(ways)}." if ways else ""


def model_sentence(result: ComparisonResult, references: References) -> str:
    """Return the model, the estimator of the variance between studies and the interval."""
    comparison, pooled = result.comparison, result.pooled
    if pooled is None or pooled.k < 2:
        return "Nothing was pooled: fewer than two studies had usable figures."
    model = "a common-effect model with inverse-variance weights"
    if comparison.model == MANTEL_HAENSZEL:
        papers = references.cite(TABLE_CITATIONS[comparison.measure])
        model = f"the method of Mantel and Haenszel, which pools two-by-two tables under one common effect{papers}"
    elif comparison.model != "common":
        method = phrase(TAU2_METHODS, comparison.tau2)
        cited = references.cite_from(TAU2_CITATIONS, comparison.tau2)
        model = f"a random-effects model, the variance between studies estimated by {method}{cited}"
    if several(result):
        model = (
            f"a multilevel model of effects within studies, its two variances estimated by "
            f"{phrase(TAU2_METHODS, pooled.tau2_method)}{references.cite([MULTILEVEL])}"
        )
    papers = references.cite(INTERVAL_CITATIONS.get(interval_used(result), ()))
    interval = f"{percent(100 * comparison.level)} intervals ({phrase(INTERVALS, interval_used(result))}{papers})"
    rows = f" ({counted(result.within.rows, 'effect')})" if several(result) else ""
    return f"We pooled {counted(pooled.k, 'study', 'studies')}{rows} with {model}, and give {interval}."


def spread_sentence(result: ComparisonResult, references: References) -> str:
    """Return how the differences between studies were described; only what the pool holds."""
    pooled = result.pooled
    if pooled is None or pooled.k < 2 or pooled.q is None:
        return ""
    text = f"Differences between studies are described by τ², I² and Q{references.cite([HETEROGENEITY])}"
    if pooled.tau2_low is not None:
        text += f", with intervals by the Q-profile method{references.cite([Q_PROFILE])}"
    if has_new_setting(result):
        text += f", and by a prediction interval for a new setting{references.cite([PREDICTION])}"
    return text + "."


def bias_sentence(result: ComparisonResult) -> str:
    """Return with what the risk of bias was judged, and by whom; nothing where nobody did."""
    judged = judged_words(result)
    return f"The risk of bias was judged with {judged}." if judged else ""


def sensitivity_sentence(run: Run, result: ComparisonResult) -> str:
    """Return the choices that the protocol declared, leaving out each study as one of them."""
    codes = [choice.code for choice in result.choices]
    treatments = dict(run.labels.treatments)
    names = [choice_name(result, code, treatments) for code in codes if not code.startswith(LEAVE_ONE_OUT)]
    if len(names) < len(codes):
        names.append("leaving out each study in turn")
    return f"Sensitivity analyses declared in the protocol: {'; '.join(names)}." if names else ""


def software_sentence(run: Run, result: ComparisonResult) -> str:
    """Return the software with its versions, the run, and whether a second program was asked."""
    versions = joined(f"{PROGRAMS[name]} {version}" for name, version in run.fingerprints.versions if name in PROGRAMS)
    text = f"Analyses were run with Trochlea (code {run.fingerprints.code}, run {run.id}; {versions})."
    opinion = result.second_opinion
    if not opinion.asked:
        return text
    found = "agree" if opinion.agrees else "do not agree"
    return f"{text} The average was computed again with {opinion.program}; the two {found}."
