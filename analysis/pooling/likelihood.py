"""tau2 by (restricted) maximum likelihood: the score, its zeros, and the highest of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Batch, Indices
from analysis.pooling.newton import Evaluate, Roots, bracketed_newton
from analysis.pooling.weighting import Weighted, at_zero, generalised_q, projection_trace, weigh

SAFE = 1.01  # traces with moderators may have three digits only
ROUNDING = 1e-12  # a score this small beside its parts is 0


@dataclass(frozen=True)
class Likelihood:
    """A log-likelihood of tau2 by the parts in which REML and ML differ.

    Args:
        trace: What the squared residuals are weighed against in the score.
        trace_of_square: Minus the derivative of `trace`.
        penalty: What REML takes from the log-likelihood for having estimated the mean.
        step: Of the scan, in log(v_min + tau2), over distances of about 1 of which the score turns.
    """

    trace: Callable[[Weighted], Array]
    trace_of_square: Callable[[Weighted], Array]
    penalty: Callable[[Weighted], Array]
    step: float


@dataclass(frozen=True)
class Modes:
    """The highest maximum of each analysis and how many there are; each of shape (b,)."""

    tau2: Array
    iterations: Indices
    converged: np.ndarray
    count: Indices


RESTRICTED = Likelihood(projection_trace, lambda weighted: weighted.trace_of_square(),
                        lambda weighted: weighted.log_information(), 1 / 3)
FULL = Likelihood(lambda weighted: weighted.total,
                  lambda weighted: weighted.squares(),
                  lambda weighted: np.zeros(len(weighted.total)), 1 / 6)


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
    """Return every maximum as (analysis, low, high, begin), by analysis; a maximum at 0 has the bracket [0, 0]."""
    scan = scan_score(batch, likelihood)
    rising = (scan.slopes > ROUNDING) & (scan.places[-1] > 0)
    falling = np.flatnonzero(~rising[0])
    none = np.zeros(len(falling))
    interval, owner = np.nonzero(rising[:-1] & ~rising[1:])
    low, high = scan.places[interval, owner], scan.places[interval + 1, owner]
    brackets = (falling, owner), (none, low), (none, high), (none, scan.begin(interval, owner))
    by_analysis = np.argsort(np.concatenate(brackets[0]), kind="stable")
    return tuple(np.concatenate(parts)[by_analysis] for parts in brackets)


@dataclass(frozen=True)
class Scan:
    """Where the score was looked at.

    Args:
        places: tau2, rising from 0 to a bound past every maximum, shape (m, b).
        slopes: The slope there; -1 at the bound, where it was not looked at.
        last: The place of each analysis past which there is at most one maximum, shape (b,); the bound comes next.
        typical: 1 / `heaviness`, shape (b,).
    """

    places: Array
    slopes: Array
    last: Indices
    typical: Array

    def begin(self, interval: Indices, owner: Indices) -> Array:
        """Return where to look for the zero of the score in intervals of analyses.

        The inverse of the slope from -1 is a straight line in tau2 for equal variances, and nearly one for others: it
        is drawn through both ends of the interval, or from before the last place, past which nothing was looked at.
        """
        other = np.where(interval < self.last[owner], interval + 1, np.maximum(interval - 1, 0))
        low, left = self.places[interval, owner], self.slopes[interval, owner]
        with np.errstate(divide="ignore", invalid="ignore"):  # begins anywhere in the interval where there is no line
            rise = (1.0 / (1.0 + self.slopes[other, owner]) - 1.0 / (1.0 + left)) / (self.places[other, owner] - low)
            line = low + left / (1.0 + left) / rise
        return np.where(self.last[owner] > 0, line, low + left * (self.typical[owner] + low))


def scan_score(batch: Batch, likelihood: Likelihood) -> Scan:
    """Look at the score from 0 to where at most one maximum is left, in even ratios of at most exp(step)."""
    smallest, bound = batch.smallest, highest_tau2(batch)
    typical = 1.0 / (SAFE * heaviness(batch, likelihood))
    end = np.clip(batch.largest() - 2.0 * typical, 0.0, bound)
    last = np.ceil(np.log1p(end / smallest) / likelihood.step).astype(np.intp)
    places = even_ratios(smallest, end, last, bound)
    slopes = np.full(places.shape, -1.0)
    slopes[0] = slope(at_zero(batch), likelihood)
    which, some = np.arange(len(last)), batch
    for i in range(1, len(places) - 1):
        going = last[which] >= i
        if 2 * np.count_nonzero(going) <= len(going):
            some, which, going = some.take(np.flatnonzero(going)), which[going], going[going]
        slopes[i, which] = np.where(going, slope(weigh(some, places[i, which]), likelihood), -1.0)
    return Scan(places, slopes, last, typical)


def even_ratios(smallest: Array, end: Array, last: Indices, bound: Array) -> Array:
    """Return tau2 from 0 to its end in `last` steps, smallest + tau2 growing by one ratio, and the bound from there on.
    """
    ratio = (1.0 + end / smallest) ** (1.0 / np.maximum(last, 1))
    ratios = np.multiply.accumulate(np.broadcast_to(ratio, (last.max() + 1, len(ratio))), axis=0)
    number = np.arange(1, len(ratios) + 1)[:, None]
    return np.concatenate((np.zeros((1, len(ratio))), np.where(number <= last, smallest * (ratios - 1.0), bound)))


def highest_tau2(batch: Batch) -> Array:
    """Return a tau2 past every maximum, shape (b,).

    y'PPy <= S / (v_min + tau2)^2 with S the sum of squares around the mean, and tr P >= (k - 1) / (v_max + tau2);
    where the first is below the second, the score is negative.
    """
    df, spread, smallest = batch.df, batch.spread(), batch.smallest
    gap = batch.largest() - smallest
    bound = (spread + np.sqrt(spread**2 + 4.0 * df * spread * gap)) / (2.0 * df)
    return np.maximum(bound * (1 + 1e-9) - smallest, 0.0)


def heaviness(batch: Batch, likelihood: Likelihood) -> Array:
    """Return h = tr PP / tr P at tau2 = 0 (ML: sum w^2 / sum w), shape (b,); past v_max - 2 / h is one maximum at most.

    Let x be the eigenvalues of the covariance of the contrasts of the effects at tau2, all at most v_max + tau2, and
    z the contrasts along them. Where the score is 0, sum z^2 / x^2 = sum 1 / x, and the second derivative is
    negative if sum 1 / x^2 < 2 sum z^2 / x^3, of which the right side is at least 2 / (v_max + tau2) times
    sum 1 / x. So no minimum, and no second maximum, lies where (v_max + tau2) sum 1 / x^2 < 2 sum 1 / x. By Jensen's
    inequality sum 1 / x^2 / sum 1 / x is at most h / (1 + h tau2), which makes it tau2 > v_max - 2 / h.
    """
    weighted = at_zero(batch)
    trace = likelihood.trace(weighted)
    square = likelihood.trace_of_square(weighted)
    return np.divide(square, trace, out=1.0 / batch.smallest, where=(trace > 0) & (square > 0))


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
