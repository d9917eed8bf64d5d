"""The generalised Q as an equation for tau2: Paule-Mandel, and the Q-profile interval."""

import numpy as np
from scipy import special

from analysis.pooling.batch import Array, Batch, once_each
from analysis.pooling.newton import Evaluate, Roots, bracketed_newton
from analysis.pooling.weighting import at_zero, generalised_q, weigh


def solve_generalised_q(batch: Batch, target: Array) -> Roots:
    """Find the tau2 at which the generalised Q equals its target; 0 where Q at zero is at most that.

    Q falls with tau2. Newton is run on 1 / Q, which is a straight line when all variances are equal.
    Q(tau2) <= sum (yi - mean)^2 / (tau2 + smallest vi), which bounds the root from above.

    Args:
        batch: The analyses.
        target: Shape (b,), each > 0 (for an analysis of one study any value: its Q is 0).
    """
    spread = batch.spread()
    high = np.where(generalised_q(at_zero(batch)) > target, spread / np.maximum(target, 1e-300) - batch.smallest, 0.0)
    high = np.maximum(high * (1 + 1e-9), 0.0)

    def distance_of(some: Batch, goal: Array) -> Evaluate:
        def evaluate(tau2: Array) -> tuple[Array, Array]:
            weighted = weigh(some, tau2)
            q, fall = generalised_q(weighted), weighted.spread(2)
            return q - goal, np.divide(q * (q / goal - 1.0), fall, out=np.full_like(q, np.nan), where=fall > 0)

        return evaluate

    return bracketed_newton(distance_of(batch, target), np.zeros(len(target)), high, batch.smallest,
                            lambda which: distance_of(batch.take(which), target[which]))


def q_profile(batch: Batch, level: float) -> tuple[Array, Array]:
    """Return the Q-profile interval of tau2, both ends of shape (b,), in squared scaled units.

    An end is exactly 0 where Q at zero already lies beyond its quantile; both are 0 when Q is so small
    that no tau2 fits. The upper end is never cut.

    Source:
        Viechtbauer 2007, doi:10.1002/sim.2514. Reference values: metafor confint(rma.uni).
    """
    df = np.maximum(batch.k - 1.0, 1.0)
    tail = (1.0 - level) / 2.0
    above = once_each(lambda size: 2.0 * special.gammainccinv(size / 2.0, tail), df)
    below = once_each(lambda size: 2.0 * special.gammaincinv(size / 2.0, tail), df)
    low, high = solve_generalised_q(batch, above), solve_generalised_q(batch, below)
    return low.tau2, high.tau2
