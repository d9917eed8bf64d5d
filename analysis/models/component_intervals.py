"""Profile-likelihood intervals of the variance components of a multilevel model."""

import numpy as np
from scipy import special

from analysis.models.cluster_score import slopes
from analysis.models.clusters import Clusters
from analysis.models.variance_components import Components, climb, fit_at
from analysis.pooling.batch import Array
from analysis.pooling.newton import bracketed_newton

ONE = np.ones(1)
FARTHEST = 1e15  # in units of the smallest variance


def profile_intervals(clusters: Clusters, found: Components, restricted: bool, level: float) -> Array:
    """Return (low, high) of each component, shape (2, 2), scaled units; the other component follows along.

    An end is where twice the log-likelihood has fallen by the quantile of chi-square on one degree of freedom. The
    lower end is exactly 0.0 where it has not fallen so far at 0; the upper end is infinite where it never falls so far.

    Source:
        metafor confint(rma.mv), tests/reference/metafor/multilevel.json.
    """
    depth = found.log_likelihood - float(special.gammaincinv(0.5, level))  # half the chi-square quantile
    return np.array([[end(clusters, found, restricted, which, depth, upward) for upward in (False, True)]
                     for which in (0, 1)])


def end(clusters: Clusters, found: Components, restricted: bool, which: int, depth: float, upward: bool) -> float:
    """Return one end of one interval."""
    sign = 1.0 if upward else -1.0

    def evaluate(value: Array) -> tuple[Array, Array]:
        height, slope = profile(clusters, found, restricted, which, float(value[0]))
        step = (depth - height) / slope if slope * sign < 0 else np.nan
        return ONE * sign * (height - depth), ONE * step

    top = float(found.values[which])
    if upward:
        high = 2 * top + 1
        while evaluate(high * ONE)[0][0] > 0:
            high *= 4
            if high > FARTHEST:
                return np.inf
        return float(bracketed_newton(evaluate, top * ONE, high * ONE, ONE).tau2[0])
    if top == 0 or evaluate(0 * ONE)[0][0] <= 0:
        return 0.0
    return float(bracketed_newton(evaluate, 0 * ONE, top * ONE, ONE).tau2[0])


def profile(clusters: Clusters, found: Components, restricted: bool, which: int, value: float) -> tuple[float, float]:
    """Return the highest log-likelihood with one component held, and its slope along that component."""
    start = found.values.copy()
    start[which] = value
    climbed = climb(clusters, start, restricted, (which != 0, which != 1))
    return climbed.log_likelihood, float(slopes(fit_at(clusters, climbed.values), restricted).score[which])
