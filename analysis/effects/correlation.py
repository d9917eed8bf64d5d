"""Effects from correlations."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.reported import effect_from_interval, effect_from_p
from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, checks_of, not_whole, present, settle


def correlation_checks(ri: Array, ni: Array, smallest: int) -> list[Check]:
    """Return what a correlation needs: a value inside -1 and 1, and enough people for its variance."""
    return [*present(ri, ni), (ni < 1, "n-below-one"), (not_whole(ni), "n-not-whole"), *range_checks(ri),
            (ni < smallest, "n-too-small")]


def range_checks(*columns: Array) -> list[Check]:
    """Return the check that correlations lie strictly between -1 and 1."""
    return [(np.any([np.abs(column) >= 1 for column in columns], axis=0), "correlation-out-of-range")]


def raw_correlation(ri: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return r with variance (1 - r^2)^2 / (n - 1) (COR).

    Args:
        ri: Correlations, shape (n,), strictly between -1 and 1.
        ni: Numbers of people, at least 2.

    Source:
        metafor escalc(measure="COR"), tests/reference/metafor/correlations.json.
    """
    ri, ni = as_columns(ri, ni)
    with np.errstate(all="ignore"):
        return settle(ri, (1 - ri**2) ** 2 / (ni - 1), correlation_checks(ri, ni, 2))


def fisher_z(ri: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return artanh(r) with variance 1 / (n - 3) (ZCOR). Arguments as above; at least 4 people.

    Source:
        metafor escalc(measure="ZCOR"), tests/reference/metafor/correlations.json.
    """
    ri, ni = as_columns(ri, ni)
    with np.errstate(all="ignore"):
        return settle(np.arctanh(ri), 1 / (ni - 3), correlation_checks(ri, ni, 4))


def fisher_z_from_interval(ri: ArrayLike, ci_low: ArrayLike, ci_high: ArrayLike, *,
                           level: ArrayLike = 0.95) -> EffectSizes:
    """Return artanh(r) with the variance that the interval of r shows, taken as made on that scale.

    Args:
        ri, ci_low, ci_high: Correlations and their intervals, shape (n,), strictly between -1 and 1.
        level: Of the intervals.

    Source:
        Fisher 1921; as `effect_from_interval` on the scale of artanh.
    """
    columns = as_columns(ri, ci_low, ci_high)
    with np.errstate(all="ignore"):
        found = effect_from_interval(*map(np.arctanh, columns), ratio=False, level=level)
    return settle(found.yi, found.vi, [*range_checks(*columns), *checks_of(found)])


def fisher_z_from_se(ri: ArrayLike, se: ArrayLike) -> EffectSizes:
    """Return artanh(r) with variance (se / (1 - r^2))^2: the standard error of r, by the slope of artanh there."""
    ri, se = as_columns(ri, se)
    with np.errstate(all="ignore"):
        checks = [*present(ri, se), *range_checks(ri), (se <= 0, "se-not-positive")]
        return settle(np.arctanh(ri), (se / (1 - ri**2)) ** 2, checks)


def fisher_z_from_p(ri: ArrayLike, p_value: ArrayLike) -> EffectSizes:
    """Return artanh(r) with the standard error that makes its exact two-sided P, by the normal distribution."""
    ri, p_value = as_columns(ri, p_value)
    with np.errstate(all="ignore"):
        found = effect_from_p(np.arctanh(ri), p_value, ratio=False)
    return settle(found.yi, found.vi, [*range_checks(ri), *checks_of(found)])


def raw_from_fisher_z(found: EffectSizes) -> EffectSizes:
    """Return the correlations of effects on the scale of artanh, their variance by the slope of tanh: (1 - r^2)^2 v."""
    ri = np.tanh(found.yi)
    return EffectSizes(ri, (1 - ri**2) ** 2 * found.vi, found.codes)
