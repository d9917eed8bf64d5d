"""tau2 by (restricted) maximum likelihood: the score, its zeros, and the highest of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Batch, Indices
from analysis.pooling.newton import Evaluate, Roots, bracketed_newton, part_way
from analysis.pooling.weighting import Weighted, at_zero, generalised_q, projection_trace, weigh

HALVINGS = 4  # the scan has 2 ** HALVINGS intervals
ROUNDING = 1e-12  # a score this small beside its parts is 0


@dataclass(frozen=True)
class Likelihood:
    """A log-likelihood of tau2 by the parts in which REML and ML differ.

    Args:
        trace: What the squared residuals are weighed against in the score.
        trace_of_square: Minus the derivative of `trace`.
        penalty: What REML takes from the log-likelihood for having estimated the mean.
    """

    trace: Callable[[Weighted], Array]
    trace_of_square: Callable[[Weighted], Array]
    penalty: Callable[[Weighted], Array]


@dataclass(frozen=True)
class Modes:
    """The highest maximum of each analysis and how many there are; each of shape (b,)."""

    tau2: Array
    iterations: Indices
    converged: np.ndarray
    count: Indices


RESTRICTED = Likelihood(projection_trace, lambda weighted: weighted.trace_of_square(),
                        lambda weighted: weighted.log_information())
FULL = Likelihood(lambda weighted: weighted.total,
                  lambda weighted: weighted.powers(2),
                  lambda weighted: np.zeros(len(weighted.total)))


def highest_mode(batch: Batch, likelihood: Likelihood) -> Modes:
    """Find the tau2 with the highest likelihood, among all maxima that a scan of the score shows.

    tau2 is exactly 0 when the score at 0 is not positive and no other maximum is higher.

    Source:
        Score and information: Viechtbauer 2005, doi:10.3102/10769986030003261. More than one maximum
        occurs in practice; metafor compares only with tau2 = 0.
    """
    owner, low, high, begin = find_brackets(batch, likelihood)
    problems = batch if len(owner) == len(batch.k) else batch.take(owner)
    roots = solve_score(problems, likelihood, low, high, begin)
    count = np.bincount(owner)
    best = highest(problems, likelihood, roots.tau2, count)
    return Modes(roots.tau2[best], roots.iterations[best], roots.converged[best], count)


def highest(problems: Batch, likelihood: Likelihood, tau2: Array, count: Indices) -> Indices:
    """Return the highest of the maxima of each analysis, the first of equals.

    Args:
        problems, tau2: The maxima, those of one analysis after another.
        count: How many each analysis has, shape (b,).
    """
    first = np.cumsum(count) - count
    several = np.flatnonzero(np.repeat(count > 1, count))
    if len(several):
        height = np.zeros(len(tau2))
        height[several] = log_likelihood(problems.take(several), likelihood, tau2[several])
        first = np.lexsort((tau2, -height, np.repeat(np.arange(len(count)), count)))[first]
    return first


def find_brackets(batch: Batch, likelihood: Likelihood) -> tuple[Indices, Array, Array, Array]:
    """Return every maximum as (analysis, low, high, begin), by analysis; a maximum at 0 has the bracket [0, 0].

    The search begins where a straight line between the scores at both ends of the bracket is 0.
    """
    grid = scan_grid(batch)
    slopes = np.full(grid.shape, -1.0)  # it falls at the last place, which lies past every maximum
    slopes[0] = slope(at_zero(batch), likelihood)
    slopes[1:-1] = [slope(weigh(batch, tau2), likelihood) for tau2 in grid[1:-1]]
    rising = (slopes > ROUNDING) & (grid[-1] > 0)
    interval, owner = np.nonzero(rising[:-1] & ~rising[1:])
    falling = np.nonzero(~rising[0])[0]
    none = np.zeros(len(falling))
    left, right = slopes[interval, owner], slopes[interval + 1, owner]
    low, high = grid[interval, owner], grid[interval + 1, owner]
    begin = part_way(low, high, batch.smallest[owner], left / (left - right))
    brackets = (falling, owner), (none, low), (none, high), (none, begin)
    by_analysis = np.argsort(np.concatenate(brackets[0]), kind="stable")
    return tuple(np.concatenate(parts)[by_analysis] for parts in brackets)


def scan_grid(batch: Batch) -> Array:
    """Return tau2 from 0 to a bound past every maximum, shape (2 ** HALVINGS + 1, b), in even ratios.

    The bound: y'PPy <= S / (v_min + tau2)^2 with S the sum of squares around the mean, and
    tr P >= (k - 1) / (v_max + tau2); where the first is below the second, the score is negative.
    """
    df = batch.df
    spread, smallest = batch.spread(), batch.smallest
    gap = batch.largest() - smallest
    bound = (spread + np.sqrt(spread**2 + 4.0 * df * spread * gap)) / (2.0 * df)
    ratio = np.maximum(bound * (1 + 1e-9) / smallest, 1.0)
    for _ in range(HALVINGS):
        ratio = np.sqrt(ratio)
    powers = np.multiply.accumulate(np.broadcast_to(ratio, (2**HALVINGS, len(ratio))), axis=0)
    return np.concatenate((np.zeros((1, len(ratio))), smallest * (powers - 1.0)))


def slope(weighted: Weighted, likelihood: Likelihood) -> Array:
    """Return the score beside what is weighed against in it: above 0 where the log-likelihood rises with tau2."""
    trace = likelihood.trace(weighted)
    return np.divide(weighted.spread(2) - trace, trace, out=np.full_like(trace, -1.0), where=trace > 0)


def solve_score(batch: Batch, likelihood: Likelihood, low: Array, high: Array, begin: Array) -> Roots:
    """Find the zero of the score inside each bracket, beginning at a place in it."""

    def score_of(some: Batch) -> Evaluate:
        def evaluate(tau2: Array) -> tuple[Array, Array]:
            score, curvature = score_and_curvature(weigh(some, tau2), likelihood)
            return score, np.divide(score, -curvature, out=np.full_like(score, np.nan), where=curvature < 0)

        return evaluate

    return bracketed_newton(score_of(batch), low, high, batch.smallest, begin,
                            lambda which: score_of(batch.take(which)))


def score_and_curvature(weighted: Weighted, likelihood: Likelihood) -> tuple[Array, Array]:
    """Return twice the first and twice the second derivative of the log-likelihood, each of shape (b,)."""
    score = weighted.spread(2) - likelihood.trace(weighted)
    return score, likelihood.trace_of_square(weighted) - 2.0 * weighted.cubic()


def log_likelihood(batch: Batch, likelihood: Likelihood, tau2: Array) -> Array:
    """Return twice the log-likelihood up to a constant, shape (b,)."""
    weighted = weigh(batch, tau2)
    return weighted.logs() - generalised_q(weighted) - likelihood.penalty(weighted)
