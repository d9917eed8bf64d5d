"""The generalised Q as an equation for tau2: Paule-Mandel, and the Q-profile interval."""

import numpy as np
from scipy import special

from analysis.pooling.batch import Array, Batch, once_each
from analysis.pooling.newton import Evaluate, Roots, bracketed_newton
from analysis.pooling.weighting import Weighted, at_zero, generalised_q, weigh


def solve_generalised_q(batch: Batch, target: Array, near: Weighted | None = None) -> Roots:
    """Find the tau2 at which the generalised Q equals its target; 0 where Q at zero is at most that.

    Q falls with tau2. Newton is run on 1 / Q, which is a straight line when all variances are equal.
    Q(tau2) <= sum (yi - mean)^2 / (tau2 + smallest vi), which bounds the root from above.

    Args:
        batch: The analyses.
        target: Shape (b,), each > 0 (for an analysis of one study any value: its Q is 0).
        near: The batch weighed at some tau2, from where the first step is taken; at 0 without it.
    """
    spread = batch.spread()
    high = np.where(generalised_q(at_zero(batch)) > target, spread / np.maximum(target, 1e-300) - batch.smallest, 0.0)
    high = np.maximum(high * (1 + 1e-9), 0.0)

    def distance_of(some: Batch, goal: Array) -> Evaluate:
        return lambda tau2: distance_and_step(weigh(some, tau2), goal)

    near = at_zero(batch) if near is None else near
    begin = near.tau2 + distance_and_step(near, target)[1]
    return bracketed_newton(distance_of(batch, target), np.zeros(len(target)), high, batch.smallest, begin,
                            lambda which: distance_of(batch.take(which), target[which]))


def distance_and_step(weighted: Weighted, target: Array) -> tuple[Array, Array]:
    """Return the generalised Q less its target, and the Newton step on 1 / Q; NaN where Q does not fall."""
    q, fall = generalised_q(weighted), weighted.spread(2)
    return q - target, np.divide(q * (q / target - 1.0), fall, out=np.full_like(q, np.nan), where=fall > 0)


def q_profile(weighted: Weighted, level: float) -> tuple[Array, Array]:
    """Return the Q-profile interval of tau2, both ends of shape (b,), in squared scaled units.

    The search for both begins at the tau2 by which the batch is weighed.

    An end is exactly 0 where Q at zero already lies beyond its quantile; both are 0 when Q is so small
    that no tau2 fits. The upper end is never cut.

    Source:
        Viechtbauer 2007, doi:10.1002/sim.2514. Reference values: metafor confint(rma.uni).
    """
    batch = weighted.batch
    df = np.maximum(batch.k - 1.0, 1.0)
    tail = (1.0 - level) / 2.0
    above = once_each(lambda size: 2.0 * special.gammainccinv(size / 2.0, tail), df)
    below = once_each(lambda size: 2.0 * special.gammaincinv(size / 2.0, tail), df)
    low, high = (solve_generalised_q(batch, quantile, weighted).tau2 for quantile in (above, below))
    return low, high
