"""What each study does to the pooled effect."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling import leave_one_out, pool
from analysis.pooling.batch import Array, make_batch


@dataclass(frozen=True)
class Influence:
    """Case diagnostics, shape (k,), in the order of the studies.

    Args:
        rstudent: Residual of the study from the pool without it, in its standard errors.
        dffits: Move of the pooled effect by the study, in standard errors of its fitted value.
        cooks_distance: Squared move of the pooled effect, in its variance.
        cov_ratio: Variance of the pooled effect without the study over that with it.
        tau2, q: tau2 and Q without the study.
        hat: Share of the study in its own fitted value, 0 to 1.
        dfbeta: Move of the pooled effect, in standard errors at the tau2 without the study.
    """

    rstudent: Array
    dffits: Array
    cooks_distance: Array
    cov_ratio: Array
    tau2: Array
    q: Array
    hat: Array
    dfbeta: Array


@dataclass(frozen=True)
class Baujat:
    """Where each study lies in Baujat's plot, shape (k,): far right it adds heterogeneity, far up it moves the pool.

    Args:
        heterogeneity: Squared residual over its variance vi + tau2.
        influence: Squared move of the pooled effect when the study is left out, over its variance without it.
    """

    heterogeneity: Array
    influence: Array


def baujat(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML") -> Baujat | None:
    """Return the coordinates of Baujat's plot. Arguments as in `influence`; FE is the plot as first published.

    Returns:
        None with fewer than three studies.

    Source:
        Baujat et al. 2002, doi:10.1002/sim.1221; metafor baujat, tests/reference/metafor/small_study.json.
    """
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    if len(yi) < 3:
        return None
    whole, without = pool(yi, vi, tau2=tau2, test="z"), leave_one_out(yi, vi, tau2=tau2, test="z")
    return Baujat((yi - whole.estimate) ** 2 / (vi + whole.tau2),
                  ((whole.estimate - without.estimate) / without.se) ** 2)


def influence(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML") -> Influence | None:
    """Return case diagnostics of every study, with classical standard errors.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        tau2: A key of TAU2_ESTIMATORS.

    Returns:
        None with fewer than three studies: without one, nothing is left to be compared with.

    Source:
        Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11; metafor influence.rma.uni.
    """
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    if len(yi) < 3:
        return None
    whole, without = pool(yi, vi, tau2=tau2, test="z"), leave_one_out(yi, vi, tau2=tau2, test="z")
    hat, move = np.array(whole.weights) / 100, whole.estimate - without.estimate
    total = 1 / without.se**2 + 1 / (vi + without.tau2)  # of the weights of all studies at the tau2 without one
    return Influence(
        rstudent=(yi - without.estimate) / np.sqrt(vi + without.se**2 + without.tau2),
        dffits=move / np.sqrt(hat * (without.tau2 + vi)), cooks_distance=(move / whole.se) ** 2,
        cov_ratio=(without.se / whole.se) ** 2, tau2=without.tau2, q=without.q, hat=hat,
        dfbeta=move * np.sqrt(total))
