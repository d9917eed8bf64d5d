"""What a meta-regression says: per unit of each moderator in a plain sentence, with its table, cautions and plots."""

from dataclasses import dataclass
from math import exp

from analysis.report.answer import noun, nouns
from analysis.report.bubble import BubblePlot, bubble_plot
from analysis.report.moderator_words import left_out_sentence, level_name, moderator_name, unit_of, why_not
from analysis.report.within import ends
from analysis.report.wording import (
    counted,
    joined,
    level_words,
    p_value,
    percent,
    scale_of,
    sentence_case,
    significant,
    verb,
)
from analysis.results import ComparisonResult, MetaRegression, ModelCoefficient

FEWEST_A_COEFFICIENT = 10  # Cochrane Handbook 6.5, 10.11.5.1
NO_PROOF = (
    "Studies differ in many ways at once: a relation between studies does not show that the one thing brings the "
    "other, nor that it holds for single people."
)


@dataclass(frozen=True)
class CoefficientRow:
    """A coefficient, every cell as text."""

    name: str
    estimate: str
    interval: str
    se: str
    p_value: str


@dataclass(frozen=True)
class Moderation:
    """What the page says of moderators."""

    title: str
    sentences: tuple[str, ...]
    cautions: tuple[str, ...]
    estimate_head: str
    rows: tuple[CoefficientRow, ...]
    foot: str
    plots: tuple[BubblePlot, ...]


def moderation(result: ComparisonResult) -> Moderation | None:
    """Return what there is to say of a comparison's moderators; None when its protocol names none."""
    found = result.regression
    if found is None:
        return None
    title = f"Does the effect depend on {joined(map(moderator_name, found.moderators))}?"
    left_out = left_out_sentence(found.left_out)
    if found.not_fitted:
        said = (why_not(found.not_fitted, noun(result), nouns(result)), left_out)
        return Moderation(title, tuple(filter(None, said)), (), "", (), "", ())
    said = [coefficient_sentence(result, one) for one in found.coefficients[1:]]
    return Moderation(
        title=title,
        sentences=tuple(filter(None, (*said, explained_sentence(result, found), left_out))),
        cautions=cautions(result, found),
        estimate_head="Ratio of effects" if scale_of(result).ratio else "Difference",
        rows=tuple(coefficient_row(result, one) for one in found.coefficients),
        foot=" · ".join(foot_facts(result, found)),
        plots=tuple(bubble_plot(result, along, slope_words(result, along.moderator)) for along in found.lines),
    )


def slope_words(result: ComparisonResult, moderator: str) -> str:
    """Return the sentence of a moderator in numbers."""
    slopes = (one for one in result.regression.coefficients if one.moderator == moderator)
    return coefficient_sentence(result, next(slopes))


def coefficient_sentence(result: ComparisonResult, one: ModelCoefficient) -> str:
    """Return what a coefficient says to a reader: how far the effect shifts, to which side, and how clearly."""
    shift = f"the effect {shift_words(result, one)} ({level_words(result.regression.level)} {span_words(result, one)})"
    clear = "" if one.ci_low > 0 or one.ci_high < 0 else "; the interval also holds no change at all"
    others = "" if len(result.regression.moderators) == 1 else ", the others being equal"
    return f"{sentence_case(whereof(result, one))}{others}, {shift}{clear}."


def whereof(result: ComparisonResult, one: ModelCoefficient) -> str:
    """Return per what, or between which groups, a coefficient says something."""
    if one.level is None:
        return f"per {unit_of(one.moderator)}"
    base = next(factor.levels[0] for factor in result.regression.factors if factor.moderator == one.moderator)
    name, level, against = moderator_name(one.moderator), *(level_name(one.moderator, x) for x in (one.level, base))
    return f"where the {name} is {level} rather than {against}"


def shift_words(result: ComparisonResult, one: ModelCoefficient) -> str:
    """Return how the effect shifts: by a distance to a side, or by a factor."""
    if scale_of(result).ratio:
        return f"is multiplied by {shift_text(result, one.estimate)}{side_words(result, one.estimate)}"
    unit = scale_of(result).short_unit
    return f"shifts by {shift_text(result, abs(one.estimate))} {unit}".rstrip() + side_words(result, one.estimate)


def side_words(result: ComparisonResult, estimate: float) -> str:
    """Return which side a shift is good for; up or down where no sign is good news."""
    if estimate == 0:
        return ""
    if result.better == "none":
        return " downwards" if estimate < 0 else " upwards"
    good = (estimate > 0) == (result.better == "higher")
    return f" in favour of {result.experimental_label if good else result.control_label}"


def shift_text(result: ComparisonResult, value: float) -> str:
    """Return a shift to three digits; of a ratio, the factor."""
    if scale_of(result).ratio:
        return significant(exp(value)) if abs(value) < 700 else scale_of(result).text(value)
    return significant(value)


def span_words(result: ComparisonResult, one: ModelCoefficient) -> str:
    """Return the interval of a shift for a sentence: as sizes when all of it lies on one side, else with its sides."""
    low, high = one.ci_low, one.ci_high
    if scale_of(result).ratio:
        return span_of(result, one)
    if low > 0 or high < 0:
        return f"{shift_text(result, min(abs(low), abs(high)))} to {shift_text(result, max(abs(low), abs(high)))}"
    return " to ".join(f"{shift_text(result, abs(end))}{side_words(result, end)}" for end in (low, high))


def span_of(result: ComparisonResult, one: ModelCoefficient) -> str:
    """Return the interval of a shift, its signs as those of the effect."""
    return f"{shift_text(result, one.ci_low)} to {shift_text(result, one.ci_high)}"


def explained_sentence(result: ComparisonResult, found: MetaRegression) -> str:
    """Return how much of the variance between studies the moderators explain, where there is any."""
    if found.r2 is None:
        return ""
    count = counted(found.studies, noun(result), nouns(result))
    explains = verb(len(found.moderators), "it explains", "together they explain")
    return (
        f"Over {count}, {explains} {percent(found.r2)} of the variance between {nouns(result)} (R²; rough with few "
        f"{nouns(result)})."
    )


def cautions(result: ComparisonResult, found: MetaRegression) -> tuple[str, ...]:
    """Return what keeps a reader from taking a relation for more than it is."""
    slopes = len(found.coefficients) - 1
    if found.studies >= FEWEST_A_COEFFICIENT * slopes:
        return (NO_PROOF,)
    count = counted(found.studies, noun(result), nouns(result))
    few = (
        f"Read this with caution: {count} for {counted(slopes, 'coefficient')}. Below ten {nouns(result)} for each, a "
        "relation is easily missed, or found by chance (Cochrane Handbook, 10.11.5.1)."
    )
    return few, NO_PROOF


def coefficient_row(result: ComparisonResult, one: ModelCoefficient) -> CoefficientRow:
    name = "Intercept: everything in numbers at 0, everything in words at its first" if one.moderator is None else (
        sentence_case(whereof(result, one))
    )
    return CoefficientRow(
        name, shift_text(result, one.estimate), span_of(result, one), significant(one.se), p_value(one.p_value)
    )


def foot_facts(result: ComparisonResult, found: MetaRegression) -> list[str]:
    """Return the model below the table: test of all, what is left, variance."""
    free = f"{found.qm_df} and {found.qm_df2}" if found.qm_df2 else str(found.qm_df)
    kind = "F" if found.qm_df2 else "QM"
    rows = f" ({found.k} results)" if found.k > found.studies else ""
    tested = f"{kind} {significant(found.qm)} on {free} degrees of freedom, P {p_value(found.qm_p_value)}"
    facts = [
        f"{counted(found.studies, noun(result), nouns(result))}{rows}",
        f"test of all moderators: {tested}",
        f"left over: QE {significant(found.qe, 4)} on {found.qe_df}, P {p_value(found.qe_p_value)}",
    ]
    if found.model != "common":
        interval = None if found.tau2_low is None else (found.tau2_low, found.tau2_high)
        facts.append(f"τ² left {significant(found.tau2)}{ends(interval)}")
    return facts
