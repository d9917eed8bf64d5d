"""Pool a batch of analyses. One forest plot is a batch of one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import Array, Batch, PoolingError
from analysis.pooling.blocks import make_blocks
from analysis.pooling.heterogeneity import Heterogeneity, inconsistency, measure_heterogeneity
from analysis.pooling.intervals import TESTS, StandardErrors, critical_value, two_sided_p
from analysis.pooling.pooled_batch import PooledBatch, in_order
from analysis.pooling.tau2 import TAU2_ESTIMATORS, Tau2
from analysis.pooling.weighting import Weighted, weigh
from analysis.results import Pooled

EXTREME_RATIO = 1e7  # of the largest to the smallest vi; metafor warns from here on

Flags = tuple[tuple[str, np.ndarray], ...]


def pool_batch(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
               level: float = 0.95) -> PooledBatch:
    """Pool analyses laid end to end.

    Args:
        yi: Effects, shape (n,), on the analysis scale (log for RR, OR and HR), finite.
        vi: Sampling variances of yi, shape (n,), squared units of yi, each > 0.
        starts: First row of each analysis, shape (b,), rising from 0.
        tau2: A key of TAU2_ESTIMATORS; FE is the common-effect model.
        test: A key of TESTS. With FE, and for one study, the Wald interval is given and flagged.
        level: Of all intervals, between 0 and 1.

    Returns:
        One array a quantity; what is not defined is NaN, with the code that says why.

    Raises:
        PoolingError: A row or an option that is not allowed.

    Source:
        docs/methods.md has every formula. Reference values: metafor, tests/reference/metafor.
    """
    check_options(tau2, test, level)
    blocks = [(block.analyses, block.rows, pool_laid_out(block.batch, tau2=tau2, test=test, level=level))
              for block in make_blocks(yi, vi, starts)]
    return in_order(*zip(*blocks, strict=True))


def pool_laid_out(batch: Batch, *, tau2: str, test: str, level: float) -> PooledBatch:
    """Pool a batch that was checked and laid out. Options as in `pool_batch`."""
    found = TAU2_ESTIMATORS[tau2](batch)
    weighted = weigh(batch, found.tau2)
    errors = TESTS["z" if tau2 == "FE" else test](weighted)
    spread = measure_heterogeneity(weighted, tau2 == "FE", level)
    flags = flag(batch, found, errors, spread, tau2, test)
    return in_units(weighted, found, errors, spread, flags, (tau2, test, level))


def pool(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj", level: float = 0.95) -> Pooled:
    """Pool one analysis: a batch of one. Arguments and errors as in `pool_batch`."""
    return pool_batch(yi, vi, [0], tau2=tau2, test=test, level=level).pooled(0)


@dataclass(frozen=True)
class Estimates:
    """What simulations need of each analysis, without intervals; each of shape (b,). i2 in percent."""

    estimate: Array
    tau2: Array
    i2: Array


def estimate_batch(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike, *, tau2: str = "REML") -> Estimates:
    """Pool analyses laid end to end as `pool_batch` does, and leave out all intervals."""
    check_options(tau2, "z", 0.95)
    blocks = [(block.analyses, *estimate_laid_out(block.batch, tau2)) for block in make_blocks(yi, vi, starts)]
    analyses, *columns = map(np.concatenate, zip(*blocks, strict=True))
    order = np.argsort(analyses)
    return Estimates(*(column[order] for column in columns))


def estimate_laid_out(batch: Batch, tau2: str) -> tuple[Array, Array, Array]:
    """Return estimate, tau2 and I2 of a batch."""
    found = TAU2_ESTIMATORS[tau2](batch).tau2
    mean = weigh(batch, found).mean
    return batch.centre + mean * batch.scale, found * batch.scale**2, inconsistency(batch, found, tau2 == "FE")


def check_options(tau2: str, test: str, level: float) -> None:
    """Refuse an option that the engine does not know, naming those it knows."""
    if tau2 not in TAU2_ESTIMATORS:
        raise PoolingError(f"tau2 is {tau2!r}. It is one of {', '.join(TAU2_ESTIMATORS)}.")
    if test not in TESTS:
        raise PoolingError(f"test is {test!r}. It is one of {', '.join(TESTS)}.")
    if not 0.0 < level < 1.0:
        raise PoolingError(f"level is {level}. It lies between 0 and 1: 0.95 for 95 percent.")


def flag(batch: Batch, found: Tau2, errors: StandardErrors, spread: Heterogeneity, tau2: str,
         test: str) -> Flags:
    """Return which code of STATUS holds for which analysis."""
    one, common = batch.k == 1, np.full(len(batch.k), tau2 == "FE")
    random = ~(one | common)
    identical = batch.identical()
    return (
        ("one-study", one),
        ("common-effect", common),
        ("wald-used", (one | common) & (test != "z")),
        ("boundary", random & (found.tau2 == 0.0)),
        ("two-modes", random & (found.modes > 1)),
        ("k2-t", (batch.k == 2) & np.isfinite(errors.df)),
        ("identical-effects", errors.floored & identical),
        ("floor-used", errors.floored & ~identical),
        ("narrow", errors.narrow),
        ("profile-empty", random & (spread.tau2_high == 0.0)),
        ("variance-ratio", batch.largest() >= EXTREME_RATIO * batch.smallest),
        ("not-converged", ~found.converged),
    )


def in_units(weighted: Weighted, found: Tau2, errors: StandardErrors, spread: Heterogeneity, flags: Flags,
             options: tuple[str, str, float]) -> PooledBatch:
    """Undo shift and scale, and attach intervals."""
    batch, critical = weighted.batch, critical_value(errors.df, options[2])
    scale, square = batch.scale, batch.scale**2
    estimate, se = batch.centre + weighted.mean * scale, errors.se * scale
    one = batch.k == 1
    reach = prediction_reach(found.tau2, errors.se, critical) * scale
    reach = np.where(one | (options[0] == "FE"), np.nan, reach)
    return PooledBatch(
        *options, k=batch.k, estimate=estimate, se=se, ci_low=estimate - critical * se,
        ci_high=estimate + critical * se, p_value=two_sided_p(estimate / se, errors.df),
        tau2=np.where(one, np.nan, found.tau2 * square), tau2_low=spread.tau2_low * square,
        tau2_high=spread.tau2_high * square, i2=spread.i2, i2_low=spread.i2_low, i2_high=spread.i2_high,
        h2=spread.h2, q=spread.q, q_df=spread.q_df, q_p_value=spread.q_p_value, pi_low=estimate - reach,
        pi_high=estimate + reach, iterations=found.iterations, residual=found.left_over(weighted), modes=found.modes,
        starts=batch.starts, weights=weighted.percent(), flags=flags)


def prediction_reach(tau2: Array, se: Array, critical: Array) -> Array:
    """Return half the width of the prediction interval: normal quantile with z, t on k - 1 with Hartung-Knapp.

    Source:
        Riley, Higgins and Deeks 2011, doi:10.1136/bmj.d549; degrees of freedom as metafor's predict.rma.
    """
    return critical * np.sqrt(se**2 + tau2)
