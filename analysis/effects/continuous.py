"""Effects from means, standard deviations and group sizes; experimental minus control throughout."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, not_whole, present, settle


def small_sample_correction(df: ArrayLike) -> Array:
    """Return J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)), which makes d unbiased.

    Args:
        df: Degrees of freedom of the pooled standard deviation, each > 1.

    Source:
        Hedges 1981, doi:10.3102/10769986006002107; exact, not the approximation 1 - 3 / (4 df - 1).
    """
    df = np.asarray(df, dtype=np.float64)
    return np.sqrt(2.0 * np.pi / df) / special.beta((df - 1.0) / 2.0, 0.5)


def group_checks(n1: Array, sd1: Array, n2: Array, sd2: Array, *others: Array) -> list[Check]:
    """Return what any measure of two means needs of its groups."""
    return [
        *present(n1, sd1, n2, sd2, *others),
        ((n1 < 1) | (n2 < 1), "n-below-one"),
        (not_whole(n1) | not_whole(n2), "n-not-whole"),
        ((sd1 < 0) | (sd2 < 0), "sd-negative"),
        ((sd1 == 0) & (sd2 == 0), "sd-zero"),
    ]


def mean_difference(m1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, m2: ArrayLike, sd2: ArrayLike,
                    n2: ArrayLike) -> EffectSizes:
    """Return m1 - m2 with variance sd1^2 / n1 + sd2^2 / n2 (MD).

    Args:
        m1, sd1, n1: Mean, standard deviation and size of the experimental groups, shape (n,).
        m2, sd2, n2: Those of the control groups.

    Source:
        metafor escalc(measure="MD"), tests/reference/metafor/models.json.
    """
    m1, sd1, n1, m2, sd2, n2 = as_columns(m1, sd1, n1, m2, sd2, n2)
    with np.errstate(all="ignore"):
        return settle(m1 - m2, sd1**2 / n1 + sd2**2 / n2, group_checks(n1, sd1, n2, sd2, m1, m2))


def standardised_mean_difference(m1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, m2: ArrayLike, sd2: ArrayLike,
                                 n2: ArrayLike) -> EffectSizes:
    """Return Hedges' g with variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)) (SMD).

    Arguments as in `mean_difference`. Three people at least are needed.

    Source:
        Hedges and Olkin 1985; metafor escalc(measure="SMD", vtype="LS").
    """
    m1, sd1, n1, m2, sd2, n2 = as_columns(m1, sd1, n1, m2, sd2, n2)
    with np.errstate(all="ignore"):
        pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))
        d = (m1 - m2) / pooled
        checks = [*group_checks(n1, sd1, n2, sd2, m1, m2), (n1 + n2 < 4, "n-too-small"), (pooled == 0, "sd-zero")]
        return hedges_g(d, n1, n2, checks)


def hedges_g(d: Array, n1: Array, n2: Array, checks: list[Check]) -> EffectSizes:
    """Return J d and its large-sample variance, from d by the pooled standard deviation."""
    with np.errstate(all="ignore"):
        total = n1 + n2
        g = small_sample_correction(np.maximum(total - 2, 2)) * d
        variance = 1 / n1 + 1 / n2 + g**2 / (2 * total)
    return settle(g, variance, checks)


def heteroscedastic_smd(m1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, m2: ArrayLike, sd2: ArrayLike,
                        n2: ArrayLike) -> EffectSizes:
    """Return the difference in units of the root mean variance, for groups that differ in spread (SMDH).

    Arguments as in `mean_difference`. Each group needs two people. The variance carries J^2, which metafor has
    dropped from version 5 on.

    Source:
        Bonett 2008, doi:10.1037/1082-989X.13.2.99; metafor 3.8-1 escalc(measure="SMDH").
    """
    m1, sd1, n1, m2, sd2, n2 = as_columns(m1, sd1, n1, m2, sd2, n2)
    with np.errstate(all="ignore"):
        mean_square = (sd1**2 + sd2**2) / 2
        correction = small_sample_correction(np.maximum(n1 + n2 - 2, 2))
        g = correction * (m1 - m2) / np.sqrt(mean_square)
        fourth = sd1**4 / (n1 - 1) + sd2**4 / (n2 - 1)
        second = sd1**2 / (n1 - 1) + sd2**2 / (n2 - 1)
        variance = correction**2 * (g**2 * fourth / (8 * mean_square**2) + second / mean_square)
    return settle(g, variance, [*group_checks(n1, sd1, n2, sd2, m1, m2), ((n1 < 2) | (n2 < 2), "n-too-small")])


def ratio_of_means(m1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, m2: ArrayLike, sd2: ArrayLike,
                   n2: ArrayLike) -> EffectSizes:
    """Return log(m1 / m2) with variance sd1^2 / (n1 m1^2) + sd2^2 / (n2 m2^2) (ROM).

    Arguments as in `mean_difference`; the means share their sign. Without the second-order correction that
    metafor has applied from version 5 on.

    Source:
        Hedges, Gurevitch and Curtis 1999, Ecology 80:1150; metafor 3.8-1 escalc(measure="ROM").
    """
    m1, sd1, n1, m2, sd2, n2 = as_columns(m1, sd1, n1, m2, sd2, n2)
    with np.errstate(all="ignore"):
        log_ratio = np.log(m1 / m2)
        variance = (sd1 / m1) ** 2 / n1 + (sd2 / m2) ** 2 / n2
        same_sign = np.sign(m1) * np.sign(m2) > 0
    return settle(log_ratio, variance,
                  [*group_checks(n1, sd1, n2, sd2, m1, m2), (~same_sign, "means-differ-in-sign")])
