"""Standard deviations from what papers print in their place."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.sizes import Array, EffectError, as_columns


def refuse(mask: np.ndarray, allowed: str) -> None:
    """Raise EffectError for the first row of the mask."""
    if mask.any():
        raise EffectError(f"Row {int(np.argmax(mask))}: {allowed}.")


def sd_from_se(se: ArrayLike, n: ArrayLike) -> Array:
    """Return the standard deviation behind the standard error of a mean: se sqrt(n).

    Args:
        se: Standard errors of means, shape (n,), each > 0.
        n: Group sizes, each >= 1.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    se, n = as_columns(se, n)
    refuse(~((se > 0) & np.isfinite(se)), "a standard error is a finite number above 0")
    refuse(~((n >= 1) & np.isfinite(n)), "a group has at least one person")
    return se * np.sqrt(n)


def sd_from_interval(ci_low: ArrayLike, ci_high: ArrayLike, n: ArrayLike, level: ArrayLike = 0.95) -> Array:
    """Return the standard deviation behind the interval of a mean: its half-width by t on n - 1, times sqrt(n).

    Args:
        ci_low, ci_high: Ends of the intervals, shape (n,), low < high.
        n: Group sizes, each >= 2.
        level: Of the intervals, between 0 and 1.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    ci_low, ci_high, n, level = as_columns(ci_low, ci_high, n, level)
    refuse(~((ci_low < ci_high) & np.isfinite(ci_high - ci_low)), "the lower end lies below the upper end")
    refuse(~((n >= 2) & np.isfinite(n)), "an interval of a mean needs at least two people")
    refuse(~((level > 0) & (level < 1)), "a level lies between 0 and 1")
    quantile = special.stdtrit(n - 1, (1 + level) / 2)
    return (ci_high - ci_low) / (2 * quantile) * np.sqrt(n)


def change_sd(baseline_sd: ArrayLike, final_sd: ArrayLike, correlation: ArrayLike) -> Array:
    """Return the standard deviation of change: sqrt(s0^2 + s1^2 - 2 r s0 s1).

    Args:
        baseline_sd, final_sd: Standard deviations at baseline and follow-up, shape (n,), each >= 0.
        correlation: Of baseline and follow-up values of a person, -1 to 1.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6.4, 6.5.2.8.
    """
    before, after, r = as_columns(baseline_sd, final_sd, correlation)
    refuse(~((before >= 0) & (after >= 0) & np.isfinite(before + after)), "a standard deviation is at least 0")
    refuse(~(np.abs(r) <= 1), "a correlation lies between -1 and 1")
    return np.sqrt((before - after) ** 2 + 2 * (1 - r) * before * after)


def sd_of_change_from_t(mean_change: ArrayLike, t: ArrayLike, n: ArrayLike) -> Array:
    """Return the SD of change behind a paired t: |mean change| sqrt(n) / |t|.

    Args:
        mean_change: Mean change of the group, shape (n,), not 0.
        t: Statistic of the paired test, not 0.
        n: People measured twice, each >= 2.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6.4, 6.5.2.8.
    """
    change, t, n = as_columns(mean_change, t, n)
    refuse(~(np.isfinite(change) & (change != 0)), "a mean change of 0 says nothing of its spread")
    refuse(~(np.isfinite(t) & (t != 0)), "a t of 0 says nothing of the spread")
    refuse(~((n >= 2) & np.isfinite(n)), "a change needs at least two people")
    return np.abs(change / t) * np.sqrt(n)


def sd_of_change_from_p(mean_change: ArrayLike, p_value: ArrayLike, n: ArrayLike) -> Array:
    """Return the SD of change behind the exact two-sided P of a paired t test, t on n - 1.

    Arguments as in `sd_of_change_from_t`; P lies strictly between 0 and 1.
    """
    change, p, n = as_columns(mean_change, p_value, n)
    refuse(~((p > 0) & (p < 1)), "a P value lies strictly between 0 and 1")
    refuse(~((n >= 2) & np.isfinite(n)), "a change needs at least two people")
    return sd_of_change_from_t(change, special.stdtrit(n - 1, 1 - p / 2), n)


def sd_from_t_between(difference: ArrayLike, t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Array:
    """Return the pooled SD behind the t of two independent groups: |difference / t| / sqrt(1/n1 + 1/n2).

    Args:
        difference: Difference of the means, shape (n,), not 0.
        t: Its statistic, not 0.
        n1, n2: Sizes of the groups, each >= 1 and together >= 3.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    difference, t, n1, n2 = as_columns(difference, t, n1, n2)
    refuse(~(np.isfinite(difference) & (difference != 0)), "a difference of 0 says nothing of the spread")
    refuse(~(np.isfinite(t) & (t != 0)), "a t of 0 says nothing of the spread")
    check_two_groups(n1, n2)
    return np.abs(difference / t) / np.sqrt(1 / n1 + 1 / n2)


def sd_from_p_between(difference: ArrayLike, p_value: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Array:
    """Return the pooled SD behind the exact two-sided P of a t test of two groups, t on n1 + n2 - 2.

    Arguments as in `sd_from_t_between`; P lies strictly between 0 and 1.
    """
    difference, p, n1, n2 = as_columns(difference, p_value, n1, n2)
    refuse(~((p > 0) & (p < 1)), "a P value lies strictly between 0 and 1")
    check_two_groups(n1, n2)
    return sd_from_t_between(difference, special.stdtrit(n1 + n2 - 2, 1 - p / 2), n1, n2)


def check_two_groups(n1: Array, n2: Array) -> None:
    """Refuse group sizes that leave a t test no degree of freedom."""
    refuse(~((n1 >= 1) & (n2 >= 1) & np.isfinite(n1 + n2)), "a group has at least one person")
    refuse(~(n1 + n2 >= 3), "a t test of two groups needs at least three people")
