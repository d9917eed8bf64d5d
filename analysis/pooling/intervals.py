"""Tests and intervals of the pooled effect. A new one is a function and a line of TESTS."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.pooling.batch import Array, once_each
from analysis.pooling.weighting import Weighted, generalised_q


@dataclass(frozen=True)
class StandardErrors:
    """Standard errors of the pooled effects and the degrees of freedom of their reference distribution.

    Args:
        se: Shape (b,), scaled units.
        df: Shape (b,); infinite for the normal distribution.
        narrow: Where Hartung-Knapp falls below the classical standard error.
        floored: Where the classical standard error took its place.
    """

    se: Array
    df: Array
    narrow: np.ndarray
    floored: np.ndarray


BELOW_ONE = 1.0 - 1e-9  # Paule-Mandel makes the factor 1 up to rounding, which is not narrower

Test = Callable[[Weighted], StandardErrors]


def wald(weighted: Weighted) -> StandardErrors:
    """Return 1 / sqrt(sum w), with the normal distribution."""
    nowhere = np.full(len(weighted.total), False)
    return StandardErrors(classical(weighted), np.full(len(weighted.total), np.inf), nowhere, nowhere)


def hartung_knapp(weighted: Weighted) -> StandardErrors:
    """Return the classical standard error times sqrt(Q(tau2) / (k - 1)), with t on k - 1.

    A single study falls back to Wald. Where all effects are the same the factor is 0, and the classical
    standard error is kept, so that no interval is without width.

    Source:
        Knapp and Hartung 2003, doi:10.1002/sim.1482; metafor's test="knha".
    """
    factor = spread_factor(weighted)
    floored = factor == 0.0
    return with_t(weighted, np.where(floored, 1.0, factor), (factor < BELOW_ONE) & ~floored, floored)


def hartung_knapp_floored(weighted: Weighted) -> StandardErrors:
    """Return Hartung-Knapp, but never below the classical standard error.

    Source:
        Jackson et al. 2017, Statistics in Medicine 36:3923, section 4.3; metafor's test="adhoc".
    """
    factor = spread_factor(weighted)
    return with_t(weighted, np.maximum(factor, 1.0), np.full(len(factor), False), factor < BELOW_ONE)


def classical(weighted: Weighted) -> Array:
    """Return 1 / sqrt(sum w), shape (b,)."""
    return 1.0 / np.sqrt(weighted.total)


def spread_factor(weighted: Weighted) -> Array:
    """Return Q(tau2) / (k - 1), shape (b,); 1 for a single study."""
    k = weighted.batch.k
    return np.where(k > 1, generalised_q(weighted) / np.maximum(k - 1.0, 1.0), 1.0)


def with_t(weighted: Weighted, factor: Array, narrow: np.ndarray, floored: np.ndarray) -> StandardErrors:
    """Return standard errors scaled by the root of the factor, with t on k - 1, and Wald for one study."""
    k = weighted.batch.k
    several = k > 1
    df = np.where(several, k - 1.0, np.inf)
    return StandardErrors(classical(weighted) * np.sqrt(factor), df, narrow & several, floored & several)


def critical_value(df: Array, level: float) -> Array:
    """Return the quantile of t, or of the normal distribution where df is infinite, for a two-sided level."""
    normal = special.ndtri((1.0 + level) / 2.0)
    finite = np.isfinite(df)
    quantile = once_each(lambda size: special.stdtrit(size, (1.0 + level) / 2.0), np.where(finite, df, 1.0))
    return np.where(finite, quantile, normal)


def two_sided_p(statistic: Array, df: Array) -> Array:
    """Return the two-sided P of a t statistic, or of a normal one where df is infinite."""
    finite = np.isfinite(df)
    tail = special.stdtr(np.where(finite, df, 1.0), -np.abs(statistic))
    return 2.0 * np.where(finite, tail, special.ndtr(-np.abs(statistic)))


TESTS: dict[str, Test] = {"z": wald, "hksj": hartung_knapp, "hksj-floor": hartung_knapp_floored}
