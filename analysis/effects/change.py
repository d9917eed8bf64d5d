"""Effects of one group measured twice: the change, plain or standardised.

The first measurement of the names (m1i) is taken as follow-up and the second (m2i) as baseline, so that a rise is
positive. As in metafor, a change standardised by the baseline (SMCR) expects the baseline's SD in sd1i.
"""

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.continuous import small_sample_correction
from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, not_whole, present, settle


def paired_checks(ni: Array, ri: Array, smallest: int, *others: Array) -> list[Check]:
    """Return what people measured twice need."""
    return [*present(ni, ri, *others), (ni < 1, "n-below-one"), (not_whole(ni), "n-not-whole"),
            (np.abs(ri) > 1, "correlation-out-of-range"), (ni < smallest, "n-too-small")]


def squared_change_sd(sd1: Array, sd2: Array, r: Array) -> Array:
    """Return sd1^2 + sd2^2 - 2 r sd1 sd2, as a sum of terms that are not negative."""
    return (sd1 - sd2) ** 2 + 2 * (1 - r) * sd1 * sd2


def mean_change(m1: ArrayLike, sd1: ArrayLike, m2: ArrayLike, sd2: ArrayLike, n: ArrayLike,
                r: ArrayLike) -> EffectSizes:
    """Return m1 - m2 with variance (sd1^2 + sd2^2 - 2 r sd1 sd2) / n (MC).

    Args:
        m1, sd1: Means and standard deviations at follow-up, shape (n,).
        m2, sd2: Those at baseline.
        n: People measured twice, at least 1.
        r: Correlation of the two measurements, -1 to 1.

    Source:
        metafor escalc(measure="MC"), tests/reference/metafor/groups.json.
    """
    m1, sd1, m2, sd2, n, r = as_columns(m1, sd1, m2, sd2, n, r)
    checks = [*paired_checks(n, r, 1, m1, sd1, m2, sd2), ((sd1 < 0) | (sd2 < 0), "sd-negative")]
    with np.errstate(all="ignore"):
        return settle(m1 - m2, squared_change_sd(sd1, sd2, r) / n, checks)


def change_in_sds_of_change(m1: ArrayLike, sd1: ArrayLike, m2: ArrayLike, sd2: ArrayLike, n: ArrayLike,
                            r: ArrayLike) -> EffectSizes:
    """Return g = J(n-1) (m1 - m2) / s, s the SD of change, with variance 1/n + g^2 / (2n) (SMCC).

    Arguments as in `mean_change`; three people at least.

    Source:
        Gibbons, Hedeker and Davis 1993, doi:10.3102/10769986018003271; metafor escalc(measure="SMCC").
    """
    m1, sd1, m2, sd2, n, r = as_columns(m1, sd1, m2, sd2, n, r)
    with np.errstate(all="ignore"):
        sd = np.sqrt(squared_change_sd(sd1, sd2, r))
        g = small_sample_correction(np.maximum(n - 1, 2)) * (m1 - m2) / sd
        checks = [*paired_checks(n, r, 3, m1, sd1, m2, sd2), ((sd1 < 0) | (sd2 < 0), "sd-negative"),
                  (sd == 0, "sd-zero")]
        return settle(g, 1 / n + g**2 / (2 * n), checks)


def change_in_sds_of_baseline(m1: ArrayLike, m2: ArrayLike, sd1: ArrayLike, n: ArrayLike,
                              r: ArrayLike) -> EffectSizes:
    """Return g = J(n-1) (m1 - m2) / sd1 with variance 2 (1 - r) / n + g^2 / (2n) (SMCR).

    Args:
        m1, m2: Means at follow-up and baseline, shape (n,).
        sd1: Standard deviation at baseline, above 0.
        n: People measured twice, at least 3.
        r: Correlation of the two measurements, -1 to 1.

    Source:
        Becker 1988, doi:10.1111/j.2044-8317.1988.tb00901.x; metafor escalc(measure="SMCR").
    """
    m1, m2, sd1, n, r = as_columns(m1, m2, sd1, n, r)
    checks = [*paired_checks(n, r, 3, m1, m2, sd1), (sd1 < 0, "sd-negative"), (sd1 == 0, "sd-zero")]
    with np.errstate(all="ignore"):
        g = small_sample_correction(np.maximum(n - 1, 2)) * (m1 - m2) / sd1
        return settle(g, 2 * (1 - r) / n + g**2 / (2 * n), checks)
