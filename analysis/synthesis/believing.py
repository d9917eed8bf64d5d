"""What the effects of a comparison say under a prior that its protocol states: medians, intervals and chances."""

from math import log

from analysis.bayes import Summary, posterior
from analysis.results import RATIOS, Better, Comparison, Effect, Posterior, Span
from analysis.synthesis.leaning import figures_of


def look_at_prior(effects: tuple[Effect, ...], comparison: Comparison, better: Better) -> Posterior | None:
    """Return the posterior of the average, of a new setting and of tau; None without effects or a stated prior.

    The average has no prior of its own. Several effects of a study are not independent, so that a multilevel model has
    no posterior here.
    """
    if not effects or comparison.prior is None or comparison.model == "multilevel":
        return None
    bounds = (0.0, *important_bound(comparison, better))
    found = posterior(*figures_of(effects), prior=comparison.prior, scale=comparison.prior_scale,
                      level=comparison.level, bounds=bounds)  # fmt: skip
    chances = [good_side(one.average, better) for one in found.chances]
    return Posterior(
        comparison.prior,
        comparison.prior_scale,
        span(found.mu),
        span(found.new),
        span(found.tau),
        good=chances[0],
        good_in_new=good_side(found.chances[0].new, better),
        important=chances[1] if len(chances) > 1 else None,
    )


def span(summary: Summary) -> Span:
    return Span(summary.median, summary.low, summary.high)


def good_side(below: float, better: Better) -> float | None:
    """Return the chance of the good side of a bound, from that of lying below it."""
    return {"lower": below, "higher": 1 - below, "none": None}[better]


def important_bound(comparison: Comparison, better: Better) -> tuple[float, ...]:
    """Return where a good effect begins to matter; nothing where that is not known."""
    smallest = comparison.smallest_important
    if smallest is None or better == "none":
        return ()
    size = abs(log(smallest)) if comparison.measure in RATIOS else smallest
    return (-size if better == "lower" else size,)
