"""Effects from what papers print when they print no table: intervals, standard errors, t, F and P."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.continuous import hedges_g
from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, checks_of, not_whole, present, settle


def quantile(level: Array, df: Array) -> Array:
    """Return the two-sided quantile of t, or of the normal distribution where df is infinite."""
    upper = (1 + level) / 2
    finite = np.isfinite(df)
    return np.where(finite, special.stdtrit(np.where(finite, df, 1.0), upper), special.ndtri(upper))


def statistic_of_p(p: Array, df: Array) -> Array:
    """Return the absolute t, or z where df is infinite, that has this exact two-sided P."""
    finite = np.isfinite(df)
    return np.where(finite, -special.stdtrit(np.where(finite, df, 1.0), p / 2), -special.ndtri(p / 2))


def on_scale(values: Array, ratio: bool) -> Array:
    """Return the logarithm of ratios, and differences as they are; NaN for a ratio that is not positive."""
    if not ratio:
        return values
    return np.log(values, out=np.full(len(values), np.nan), where=values > 0)


def positive(ratio: bool, *columns: Array) -> list[Check]:
    """Return the check that ratios lie above 0."""
    return [(np.any([column <= 0 for column in columns], axis=0), "ratio-not-positive")] if ratio else []


def group_size_checks(n1: Array, n2: Array) -> list[Check]:
    """Return what two group sizes need for a statistic on n1 + n2 - 2 degrees of freedom."""
    with np.errstate(invalid="ignore"):  # infinite sizes have their own reason
        few = n1 + n2 < 4
    return [*present(n1, n2), ((n1 < 1) | (n2 < 1), "n-below-one"), (not_whole(n1) | not_whole(n2), "n-not-whole"),
            (few, "n-too-small")]


def p_checks(p: Array) -> list[Check]:
    """Return the check of an exact P value."""
    return [*present(p), ((p <= 0) | (p >= 1), "p-out-of-range")]


def effect_from_interval(estimate: ArrayLike, ci_low: ArrayLike, ci_high: ArrayLike, *, ratio: bool,
                         level: ArrayLike = 0.95, df: ArrayLike = np.inf) -> EffectSizes:
    """Return the estimate with the variance that its interval shows: (width / (2 quantile))^2.

    Args:
        estimate, ci_low, ci_high: As printed, shape (n,); ratios as ratios, turned to logarithms here.
        ratio: Whether they are ratios.
        level: Of the intervals, between 0 and 1.
        df: Degrees of freedom when an interval was made with t; infinite for a normal one.

    Source:
        Cochrane Handbook 6, chapter 6; metafor conv.wald, tests/reference/metafor/edge_cases.json.
    """
    estimate, low, high, level, df = as_columns(estimate, ci_low, ci_high, level, df)
    checks = [*present(estimate, low, high, level), *positive(ratio, estimate, low, high),
              (low >= high, "interval-reversed"), ((estimate < low) | (estimate > high), "estimate-outside"),
              ((level <= 0) | (level >= 1), "level-out-of-range")]
    with np.errstate(all="ignore"):
        se = (on_scale(high, ratio) - on_scale(low, ratio)) / (2 * quantile(level, df))
        return settle(on_scale(estimate, ratio), se**2, checks)


def interval_asymmetry(estimate: ArrayLike, ci_low: ArrayLike, ci_high: ArrayLike, *, ratio: bool) -> Array:
    """Return how far the estimate lies from the middle of its interval, in half-widths, shape (n,).

    0 is the middle, 1 an end; beyond what rounding explains, the interval is misprinted or of another kind.
    NaN where the interval has no width or a ratio is not positive.
    """
    estimate, low, high = (on_scale(column, ratio) for column in as_columns(estimate, ci_low, ci_high))
    half = (high - low) / 2
    return np.divide(np.abs(estimate - (high + low) / 2), half, out=np.full(len(half), np.nan), where=half > 0)


def effect_from_se(estimate: ArrayLike, se: ArrayLike, *, ratio: bool) -> EffectSizes:
    """Return the estimate with variance se^2.

    Args:
        estimate: As printed, shape (n,); ratios as ratios.
        se: Standard errors, each > 0; of a ratio, on the log scale.
        ratio: Whether the estimates are ratios.
    """
    estimate, se = as_columns(estimate, se)
    checks = [*present(estimate, se), *positive(ratio, estimate), (se <= 0, "se-not-positive")]
    with np.errstate(all="ignore"):
        return settle(on_scale(estimate, ratio), se**2, checks)


def effect_from_p(estimate: ArrayLike, p_value: ArrayLike, *, ratio: bool) -> EffectSizes:
    """Return the estimate with the standard error that makes its exact two-sided P, by the normal distribution.

    Source:
        Cochrane Handbook 6, chapter 6; metafor conv.wald, tests/reference/metafor/edge_cases.json.
    """
    estimate, p = as_columns(estimate, p_value)
    checks = [*present(estimate), *positive(ratio, estimate), *p_checks(p)]
    with np.errstate(all="ignore"):
        return from_statistic(on_scale(estimate, ratio), statistic_of_p(p, np.full(len(p), np.inf)), checks)


def mean_difference_from_p(estimate: ArrayLike, p_value: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Return a mean difference with the standard error that makes its exact P, by t on n1 + n2 - 2.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    estimate, p, n1, n2 = as_columns(estimate, p_value, n1, n2)
    checks = [*present(estimate), *group_size_checks(n1, n2), *p_checks(p)]
    with np.errstate(all="ignore"):
        return from_statistic(estimate, statistic_of_p(p, n1 + n2 - 2), checks)


def from_statistic(yi: Array, statistic: Array, checks: list[Check]) -> EffectSizes:
    """Return yi with variance (yi / statistic)^2."""
    return settle(yi, (yi / statistic) ** 2, [*checks, (yi == 0, "effect-zero")])


def smd_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Return Hedges' g from the t of two independent groups: d = t sqrt(1/n1 + 1/n2).

    Args:
        t: Statistics, shape (n,), positive when the experimental group is higher.
        n1, n2: Sizes of the experimental and the control groups.

    Source:
        Hedges and Olkin 1985; variance as `standardised_mean_difference`.
    """
    t, n1, n2 = as_columns(t, n1, n2)
    with np.errstate(all="ignore"):
        return hedges_g(t * np.sqrt(1 / n1 + 1 / n2), n1, n2, [*present(t), *group_size_checks(n1, n2)])


def smd_from_f(f: ArrayLike, direction: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Return Hedges' g from an F with 1 and n1 + n2 - 2 degrees of freedom: t^2 = F.

    Args:
        f: Statistics, shape (n,), each >= 0.
        direction: 1 where the experimental group is higher, -1 where it is lower.
        n1, n2: Group sizes.
    """
    f, direction, n1, n2 = as_columns(f, direction, n1, n2)
    checks = [*present(f, direction), *group_size_checks(n1, n2), (f < 0, "statistic-negative"),
              (np.abs(direction) != 1, "direction-unknown")]
    with np.errstate(all="ignore"):
        return hedges_g(direction * np.sqrt(f) * np.sqrt(1 / n1 + 1 / n2), n1, n2, checks)


def smd_from_p(p_value: ArrayLike, direction: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Return Hedges' g from the exact two-sided P of a t test of two independent groups.

    Args:
        p_value: Shape (n,), strictly between 0 and 1.
        direction: 1 where the experimental group is higher, -1 where it is lower.
        n1, n2: Group sizes.
    """
    p, direction, n1, n2 = as_columns(p_value, direction, n1, n2)
    checks = [*present(direction), *group_size_checks(n1, n2), *p_checks(p),
              (np.abs(direction) != 1, "direction-unknown")]
    with np.errstate(all="ignore"):
        t = direction * statistic_of_p(p, n1 + n2 - 2)
        return hedges_g(t * np.sqrt(1 / n1 + 1 / n2), n1, n2, checks)


def smd_from_mean_difference(estimate: ArrayLike, ci_low: ArrayLike, ci_high: ArrayLike, n1: ArrayLike,
                             n2: ArrayLike, *, level: ArrayLike = 0.95, df: ArrayLike = np.inf) -> EffectSizes:
    """Return Hedges' g from a mean difference with its interval: the pooled SD is se / sqrt(1/n1 + 1/n2).

    An adjusted analysis has a smaller standard error than its groups, and so a larger g than raw means give.

    Args:
        estimate, ci_low, ci_high: Mean differences and their intervals, shape (n,).
        n1, n2: Group sizes.
        level, df: As in `effect_from_interval`.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    found = effect_from_interval(estimate, ci_low, ci_high, ratio=False, level=level, df=df)
    n1, n2, yi = as_columns(n1, n2, found.yi)
    with np.errstate(all="ignore"):
        sd = np.sqrt(found.vi) / np.sqrt(1 / n1 + 1 / n2)
        return hedges_g(yi / sd, n1, n2, [*checks_of(found), *group_size_checks(n1, n2)])


def smd_as_printed(g: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> EffectSizes:
    """Return a printed standardised mean difference as it stands, with the variance that its group sizes give.

    For a paper that prints d or g and no interval; which of the two it is must be taken from the paper.

    Args:
        g: Standardised mean differences, shape (n,).
        n1, n2: Group sizes.

    Source:
        Variance as `standardised_mean_difference`.
    """
    g, n1, n2 = as_columns(g, n1, n2)
    with np.errstate(all="ignore"):
        return settle(g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2)), [*present(g), *group_size_checks(n1, n2)])
