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
        Cochrane Handbook 6, 6.5.2.2.
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
        Cochrane Handbook 6, 6.5.2.2.
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
        Cochrane Handbook 6, 6.5.2.8.
    """
    before, after, r = as_columns(baseline_sd, final_sd, correlation)
    refuse(~((before >= 0) & (after >= 0) & np.isfinite(before + after)), "a standard deviation is at least 0")
    refuse(~(np.abs(r) <= 1), "a correlation lies between -1 and 1")
    return np.sqrt((before - after) ** 2 + 2 * (1 - r) * before * after)
