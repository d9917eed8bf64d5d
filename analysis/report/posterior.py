"""What a stated prior makes of the studies, in chances that a reader can use."""

from analysis.report.answer import noun, nouns, smallest_words
from analysis.report.method_words import PRIOR_WORDS
from analysis.report.power import chance, measured
from analysis.report.wording import plain, scale_of
from analysis.results import ComparisonResult


def posterior_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return the chances, the intervals they come with, and what was assumed."""
    found = result.robustness.posterior
    if found is None:
        return ()
    return tuple(filter(None, (chances_sentence(result), spans_sentence(result), prior_sentence(result))))


def chances_sentence(result: ComparisonResult) -> str:
    """Return how likely it is that the average is good, and good enough to matter; nothing where no side is good."""
    found = result.robustness.posterior
    if found.good is None:
        return ""
    sentence = (
        f"Given these {nouns(result)} and the prior below, the chance that the average favours "
        f"{result.experimental_label} is {at_most(found.good)}"
    )
    if found.important is not None:
        sentence += (
            f", and that it does so by {measured(smallest_words(result), result)} or more, the smallest difference "
            f"that matters, {at_most(found.important)}"
        )
    return f"{sentence}. In a new setting the chance of any benefit is {at_most(found.good_in_new)}."


def at_most(probability: float) -> str:
    """Return a chance in whole percent, never as certain on either side."""
    return "less than 1 %" if probability < 0.01 else chance(probability)


def spans_sentence(result: ComparisonResult) -> str:
    """Return the medians with their central intervals."""
    found, scale = result.robustness.posterior, scale_of(result)
    level = f"{plain(100 * result.comparison.level)} % credible interval"
    return (
        f"The average has the median {scale.named(found.average.median)} ({level} "
        f"{scale.interval(found.average.low, found.average.high)}); the effect in a new setting lies between "
        f"{scale.interval(found.new.low, found.new.high).replace(' to ', ' and ')}."
    )


def prior_sentence(result: ComparisonResult) -> str:
    """Return what was taken for granted beforehand."""
    found = result.robustness.posterior
    return (
        f"Assumed: {PRIOR_WORDS[found.prior]} with scale {plain(found.scale)} for the spread between "
        f"{nouns(result)} (τ), nothing for the average. The protocol's answer above does not rest on it."
        + (f" One {noun(result)} says nothing of the spread, so there the prior alone speaks." if len(
            result.effects) == 1 else "")
    )
