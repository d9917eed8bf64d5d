"""What the effects of a comparison can find: power for its smallest important difference, and one study more."""

from math import inf, log
from statistics import median

from analysis.results import RATIOS, Comparison, Effect, ExpectedPower, NextStudy, Pooled
from analysis.robustness import expected_power, new_trial


def look_at_power(effects: tuple[Effect, ...], comparison: Comparison, pooled: Pooled | None) -> ExpectedPower | None:
    """Return the power of a comparison; None without effects or without a smallest important difference.

    Several effects of a study are not independent, so that a multilevel model has none. tau2
    is taken as it was estimated, as 0 for a common effect and for one study.
    """
    if pooled is None or comparison.smallest_important is None or comparison.model == "multilevel":
        return None
    smallest = comparison.smallest_important
    effect = log(smallest) if comparison.measure in RATIOS else smallest
    alpha, tau2 = round(1 - comparison.level, 12), pooled.tau2 or 0.0
    df = inf if pooled.test == "z" else pooled.k - 1.0
    floored = pooled.test == "hksj-floor"
    found = expected_power(effect, [one.vi for one in effects], tau2=tau2, alpha=alpha, df=df, floored=floored)
    return ExpectedPower(effect, alpha, tau2, pooled.test, found.power, found.se, found.detectable,
                         next_study(effects, tau2))


def next_study(effects: tuple[Effect, ...], tau2: float) -> NextStudy | None:
    """Return what a study as large as the middle one would add; None where a study does not print its people."""
    sizes = [effect.n_total for effect in effects]
    if None in sizes:
        return None
    n_total = round(median(sizes))
    added = new_trial(n_total, [effect.vi for effect in effects], sizes, tau2=tau2)
    return NextStudy(n_total, added.share, added.se_before, added.se_after)
