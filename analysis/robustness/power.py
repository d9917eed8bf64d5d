"""What a pool could find, and what a new trial would add to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.batch import Array, PoolingError, as_rows
from analysis.pooling.newton import bracketed_newton

DETECTION = 0.8  # the chance that `detectable` asks for
MANY_CRITICAL_VALUES = 10.0
NODES = 200  # of an integral over a smooth density
SMALLEST_TAIL = 1e-15


@dataclass(frozen=True)
class Power:
    """The chance that the test of a pool finds an effect, at given variances and heterogeneity.

    Args:
        power: Two-sided, 0 to 1; at an effect of 0 it is alpha.
        se: Standard error of the pooled effect, 1 / sqrt(information).
        information: Sum of 1 / (vi + tau2).
        detectable: Smallest effect that is found with a chance of 0.8, on its own side.
    """

    power: float
    se: float
    information: float
    detectable: float


def expected_power(effect: float, vi: ArrayLike, *, tau2: float = 0.0, alpha: float = 0.05,
                   df: float = np.inf, floored: bool = False) -> Power:
    """Return the power of the test of a pooled effect; tau2 = 0 is the fixed-effect model.

    The variances and tau2 are taken as known. Power at the effect that the same data show says nothing new; ask at
    an effect fixed beforehand, such as the smallest important difference.

    Args:
        effect: True average effect, on the analysis scale.
        vi: Sampling variances, shape (k,), each > 0.
        tau2: Between-study variance, at least 0.
        alpha: Two-sided level, between 0 and 1.
        df: Infinite for the Wald test; k - 1 for Hartung-Knapp, whose statistic is near a noncentral t.
        floored: With a finite df, whether the standard error never falls below the classical one (hksj-floor).

    Raises:
        PoolingError: A value out of its bounds.

    Source:
        Hedges and Pigott 2001, doi:10.1037/1082-989X.6.3.203; Valentine, Pigott and Rothstein 2010,
        doi:10.3102/1076998609346961.
    """
    information = total_information(vi, tau2)
    if not np.isfinite(effect) or not 0.0 < alpha < 1.0:
        raise PoolingError(f"effect is {effect} and alpha {alpha}: a finite number, and one between 0 and 1.")
    if not df >= 1:
        raise PoolingError(f"df is {df}: at least 1, or infinite for the Wald test.")
    se = float(1 / np.sqrt(information))
    size = abs(effect) / se
    power, reach = power_of_z(size, alpha) if np.isinf(df) else power_of_t(size, alpha, df, floored)
    return Power(power, se, information, reach * se)


def power_of_z(size: float, alpha: float) -> tuple[float, float]:
    """Return the power at an effect of so many standard errors, and the size that is found with a chance of 0.8."""
    critical = -special.ndtri(alpha / 2)
    found = special.ndtr(size - critical) + special.ndtr(-size - critical)
    return float(found), float(critical + special.ndtri(DETECTION))


def power_of_t(size: float, alpha: float, df: float, floored: bool) -> tuple[float, float]:
    """Return the same for a statistic that is noncentral t, or is where its standard error is not the classical one."""
    critical = -special.stdtrit(df, alpha / 2)

    def found(size: Array) -> Array:
        return found_with_floor(size, critical, df) if floored else found_by_t(size, critical, df)

    def missing(size: Array) -> tuple[Array, Array]:  # without a slope the bracket is halved
        return DETECTION - found(size), np.full_like(size, np.nan)

    most = np.array([MANY_CRITICAL_VALUES * critical])  # found for certain
    detected = bracketed_newton(missing, np.zeros(1), most, np.ones(1)).tau2
    return float(found(np.minimum(size, most))[0]), float(detected[0])


def found_by_t(size: Array, critical: float, df: float) -> Array:
    """Return the chance that a noncentral t lies beyond its critical value: that F lies above its square."""
    return 1 - special.ncfdtr(1, df, size**2, critical**2)


def found_with_floor(size: Array, critical: float, df: float) -> Array:
    """Return the chance that (Z + size) / max(1, S) lies beyond a critical value, S^2 being chi-square over its df.

    S is what Hartung and Knapp multiply the classical standard error with; integrated over S from 1 on.
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    last = np.sqrt(2 * special.gammainccinv(df / 2, SMALLEST_TAIL) / df)
    s = 1 + (last - 1) * (nodes + 1) / 2
    log_density = (np.log(2) + df / 2 * np.log(df / 2) - special.gammaln(df / 2) + (df - 1) * np.log(s) - df * s**2 / 2)
    mass = np.append(np.exp(log_density) * weights * (last - 1) / 2, special.gammainc(df / 2, df / 2))
    reach = critical * np.append(s, 1.0)
    return (special.ndtr(size[:, None] - reach) + special.ndtr(-size[:, None] - reach)) @ mass


def total_information(vi: ArrayLike, tau2: float) -> float:
    """Return sum 1 / (vi + tau2), or refuse a variance."""
    vi = as_rows(vi, "vi")
    if not (np.isfinite(vi) & (vi > 0)).all() or not (np.isfinite(tau2) and tau2 >= 0):
        raise PoolingError("Sampling variances are finite numbers above 0, and tau2 is at least 0.")
    return float((1 / (vi + tau2)).sum())


def smd_variance(smd: float, n1: ArrayLike, n2: ArrayLike) -> Array:
    """Return the variance that a standardised mean difference will have: (n1 + n2)/(n1 n2) + d^2 / (2 (n1 + n2)).

    Args:
        smd: Expected difference.
        n1, n2: Sizes of the groups, shape (k,), each >= 1.

    Source:
        Valentine, Pigott and Rothstein 2010, equation of the typical variance.
    """
    n1, n2 = np.asarray(n1, float), np.asarray(n2, float)
    return 1 / n1 + 1 / n2 + smd**2 / (2 * (n1 + n2))


@dataclass(frozen=True)
class NewTrial:
    """What a trial of a given size would add to a pool.

    Args:
        vi: Sampling variance it is expected to have.
        information: 1 / (vi + tau2), what it adds; never more than 1 / tau2, however large the trial.
        share: Its weight in the pool with it, 0 to 1.
        se_before, se_after: Standard error of the pool without and with it.
    """

    vi: float
    information: float
    share: float
    se_before: float
    se_after: float


def new_trial(n: float, vi: ArrayLike, sizes: ArrayLike, *, tau2: float) -> NewTrial:
    """Return what a trial of n people would add, one person carrying as much as in the median trial of the pool.

    Args:
        n: People of the new trial, at least 1, in groups of like proportion.
        vi: Sampling variances of the pool, shape (k,), each > 0.
        sizes: People of each trial, shape (k,), each at least 1.
        tau2: Between-study variance, at least 0.

    Raises:
        PoolingError: A value out of its bounds.
    """
    before = total_information(vi, tau2)
    vi, sizes = as_rows(vi, "vi"), as_rows(sizes, "sizes")
    if len(sizes) != len(vi) or not (np.isfinite(sizes) & (sizes >= 1)).all() or not (np.isfinite(n) and n >= 1):
        raise PoolingError("A trial has at least one person, and every variance its trial's size.")
    variance = float(np.median(vi * sizes)) / n
    added = 1 / (variance + tau2)
    return NewTrial(variance, added, added / (before + added), float(before**-0.5), float((before + added) ** -0.5))
