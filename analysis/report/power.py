"""What the studies of a comparison can find, and what one more would add, in plain sentences."""

from analysis.report.answer import noun, nouns, smallest_words
from analysis.report.claim_reasons import with_unit
from analysis.report.wording import counted, decimal, scale_of, significant
from analysis.results import ONE_EFFECT, ComparisonResult

DETECTION = "80"  # percent, as `detectable` of the results


def power_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return the chance to find the smallest difference that matters, and what one more study would add."""
    found = result.robustness.power
    if found is None:
        return ()
    return tuple(filter(None, (chance_sentence(result), next_sentence(result), between_sentence(result))))


def chance_sentence(result: ComparisonResult) -> str:
    """Return the chance that the smallest difference that matters would have been found, were it the truth."""
    found, k = result.robustness.power, result.pooled.k
    here = f"this {noun(result)}" if k == 1 else f"these {k} {nouns(result)}"
    return (
        f"If the true average were {measured(smallest_words(result), result)}, the smallest difference that matters, "
        f"the chance of finding it with {here} would be {chance(found.power)}; {DETECTION} % needs a true average of "
        f"{measured(detectable(result), result)}."
    )


def chance(power: float) -> str:
    """Return a chance in whole percent, never as certain nor as none."""
    percent = 100 * power
    if percent < 1:
        return "less than 1 %"
    return "more than 99 %" if percent > 99 else f"{decimal(percent, 0)} %"


def detectable(result: ComparisonResult) -> str:
    """Return the effect that would be found in four of five cases; of a ratio, on the side of the smallest one."""
    found = result.robustness.power
    text = scale_of(result).text(found.detectable if found.effect >= 0 else -found.detectable)
    return with_unit(scale_of(result), text)


def measured(text: str, result: ComparisonResult) -> str:
    """Return a number with its unit behind it, or with its measure before it where it has no unit."""
    scale = scale_of(result)
    return text if scale.unit and not scale.ratio else f"{scale.words.short} {text}"


def next_sentence(result: ComparisonResult) -> str:
    """Return what one more study would add."""
    found = result.robustness.power.next_study
    if found is None:
        return ""
    return (
        f"One more {noun(result)} of {counted(found.n_total, 'person', 'people')}, the middle size here, would carry "
        f"{decimal(100 * found.share, 0)} % of the weight and bring the standard error of the average from "
        f"{significant(found.se_before, 2)} to {significant(found.se_after, 2)}."
    )


def between_sentence(result: ComparisonResult) -> str:
    """Return what both take for known."""
    if result.comparison.model in ONE_EFFECT:
        return ""
    if result.pooled.k == 1:
        return f"One {noun(result)} cannot show how {nouns(result)} differ, so the variance between them is taken as 0."
    return f"The variance between {nouns(result)} is taken as it was estimated."
