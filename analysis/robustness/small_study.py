"""Do small studies show other effects than large ones: Egger's regression and Begg's rank correlation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.batch import Array, make_batch
from analysis.pooling.weighting import weigh
from analysis.robustness.weighted_line import weighted_line


@dataclass(frozen=True)
class Egger:
    """Egger's test: t of the standard error as a predictor of the effect."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class Begg:
    """Begg's test: Kendall's rank correlation of standardised effects and variances."""

    tau: float
    p_value: float


def egger(yi: ArrayLike, vi: ArrayLike) -> Egger | None:
    """Test funnel asymmetry by a regression of effects on standard errors, weighted by 1 / vi (the lm form).

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.

    Returns:
        None with fewer than three studies, or when all variances are the same.

    Source:
        Egger et al. 1997, doi:10.1136/bmj.315.7109.629; metafor regtest(model="lm").
    """
    batch = make_batch(yi, vi, [0])
    line = weighted_line(batch.yi, batch.vi, np.sqrt(batch.vi))
    return None if line is None else Egger(line.slope.estimate / line.slope.se, line.df, line.slope.p_value)


def begg(yi: ArrayLike, vi: ArrayLike) -> Begg | None:
    """Test funnel asymmetry by Kendall's tau between standardised effects and variances.

    P is by the normal distribution, with the variance of the score under ties and without continuity correction.
    Arguments as in `egger`.

    Returns:
        None with fewer than three studies, or when all effects or all variances tie.

    Source:
        Begg and Mazumdar 1994, doi:10.2307/2533446; metafor ranktest(exact=FALSE). metafor gives an exact P at small k.
    """
    batch = make_batch(yi, vi, [0])
    if len(batch.yi) < 3:
        return None
    common = weigh(batch, np.zeros(1))
    total, weights = float(common.total[0]), common.weights
    # what the others weigh; of the heaviest, summed without it, since a difference would lose all its digits
    others = np.where(batch.lighter == 0, (weights * batch.lighter).sum(), total - weights)
    return kendall(common.residuals / np.sqrt(batch.vi * others / total), batch.vi)


def kendall(x: Array, y: Array) -> Begg | None:
    """Return Kendall's tau-b with its two-sided P."""
    n = len(x)
    score = float(sum((np.sign(x[i] - x[:i]) * np.sign(y[i] - y[:i])).sum() for i in range(1, n)))
    ties_x, ties_y = tie_sizes(x), tie_sizes(y)
    pairs = n * (n - 1) / 2
    free = (pairs - (ties_x * (ties_x - 1)).sum() / 2) * (pairs - (ties_y * (ties_y - 1)).sum() / 2)
    if free <= 0:
        return None
    return Begg(score / float(np.sqrt(free)), normal_p(score, n, ties_x, ties_y))


def tie_sizes(values: Array) -> Array:
    """Return how often each value occurs."""
    return np.unique(values, return_counts=True)[1].astype(float)


def normal_p(score: float, n: int, ties_x: Array, ties_y: Array) -> float:
    """Return the two-sided P of Kendall's score by the normal distribution, with its variance under ties."""
    plain, by_x, by_y = (float((t * (t - 1) * (2 * t + 5)).sum()) for t in (np.array([n]), ties_x, ties_y))
    twos = (ties_x * (ties_x - 1)).sum() * (ties_y * (ties_y - 1)).sum()
    threes = (ties_x * (ties_x - 1) * (ties_x - 2)).sum() * (ties_y * (ties_y - 1) * (ties_y - 2)).sum()
    variance = (plain - by_x - by_y) / 18 + twos / (2 * n * (n - 1)) + threes / (9 * n * (n - 1) * (n - 2))
    return float(2 * special.ndtr(-abs(score) / np.sqrt(variance)))
