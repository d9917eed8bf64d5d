"""Subgroups: a mean for each, and a test of whether they differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.models.coefficients import make_coefficients
from analysis.models.design import Fit, ModelError, check_size, fit_at, lay_out
from analysis.models.meta_regression import spread_factor, test_df
from analysis.models.residual_tau2 import estimate_tau2
from analysis.pooling import PooledBatch, pool_batch
from analysis.pooling.batch import Array, Indices, make_batch
from analysis.pooling.engine import check_options

SUBGROUP_TAU2 = ("separate", "common")


@dataclass(frozen=True)
class Subgroup:
    """The mean of one subgroup. `tau2` and `i2` (percent) are None where not defined, `i2` also with a common tau2."""

    name: str
    k: int
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float | None
    i2: float | None
    status: tuple[str, ...]


@dataclass(frozen=True)
class Subgroups:
    """All subgroups, in order of first appearance.

    Args:
        tau2_kind: Of SUBGROUP_TAU2: one tau2 each, or one for all.
        q_between: Test of whether their means are the same: chi-square on `q_between_df`; with a common tau2 and
            Hartung-Knapp it is F on `q_between_df` and k less the number of subgroups. None with one subgroup.
    """

    tau2_kind: str
    subgroups: tuple[Subgroup, ...]
    q_between: float | None
    q_between_df: int
    q_between_p_value: float | None


def pool_subgroups(yi: ArrayLike, vi: ArrayLike, names: tuple[str, ...], *, tau2_kind: str = "separate",
                   tau2: str = "REML", test: str = "hksj", level: float = 0.95) -> Subgroups:
    """Pool each subgroup and compare the means.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        names: The subgroup of each study.
        tau2_kind: A word of SUBGROUP_TAU2.
        tau2, test, level: As in `analysis.pooling.pool_batch`.

    Raises:
        PoolingError: A row or an option that is not allowed.
        ModelError: A common tau2 with as many subgroups as studies, or names that are not as many as the effects.

    Source:
        Borenstein et al. 2009, Introduction to Meta-Analysis, Subgroup Analyses; metafor rma.uni by subset and with
        mods, tests/reference/metafor/moderators.json.
    """
    check_options(tau2, test, level)
    if tau2_kind not in SUBGROUP_TAU2:
        raise ModelError(f"tau2 of subgroups is {' or '.join(SUBGROUP_TAU2)}; found {tau2_kind!r}")
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    if len(names) != len(yi):
        raise ModelError(f"There are {len(yi)} effects and {len(names)} names of subgroups")
    labels = tuple(dict.fromkeys(names))
    member = np.array([labels.index(name) for name in names])
    pool_them = pool_apart if tau2_kind == "separate" else pool_together
    return pool_them(yi, vi, labels, member, (tau2, test, level))


def pool_apart(yi: Array, vi: Array, labels: tuple[str, ...], member: Indices,
               options: tuple[str, str, float]) -> Subgroups:
    """Pool each subgroup with a tau2 of its own."""
    order = np.argsort(member, kind="stable")
    sizes = np.bincount(member)
    tau2, test, level = options
    batch = pool_batch(yi[order], vi[order], np.cumsum(sizes) - sizes, tau2=tau2, test=test, level=level)
    return compare_apart(labels, batch)


def compare_apart(labels: tuple[str, ...], batch: PooledBatch) -> Subgroups:
    """Compare subgroups that were each pooled alone, analysis i being subgroup i, by weights 1 / se^2."""
    pooled = [batch.pooled(i) for i in range(len(labels))]
    found = tuple(Subgroup(name, one.k, one.estimate, one.se, one.ci_low, one.ci_high, one.p_value, one.tau2, one.i2,
                           one.status) for name, one in zip(labels, pooled, strict=True))
    weights, distances = 1 / batch.se**2, batch.estimate - batch.estimate[0]
    q = float((weights * (distances - (weights * distances).sum() / weights.sum()) ** 2).sum())
    return compared("separate", found, q, np.inf)


def pool_together(yi: Array, vi: Array, labels: tuple[str, ...], member: Indices,
                  options: tuple[str, str, float]) -> Subgroups:
    """Pool the subgroups with one tau2: the mean of each is a coefficient of one model."""
    check_size(len(yi), len(labels))
    design = lay_out(yi, vi, (member[:, None] == np.arange(len(labels))).astype(float), float(yi[0]))
    tau2, test, level = options
    found = estimate_tau2(design, tau2)
    fit, df = fit_at(design, found), test_df(design, tau2, test)
    covariance = fit.inverse * spread_factor(fit, test if np.isfinite(df) else "z")
    means, spread = cell_means(fit, covariance)
    scale = np.sqrt(design.unit)
    rows = make_coefficients(labels, design.shift + means * scale, np.sqrt(np.diag(spread)) * scale,
                             np.full(len(labels), df), level)
    status = ("boundary",) if found == 0 and tau2 != "FE" else ("ok",)
    groups = tuple(Subgroup(row.name, int(k), row.estimate, row.se, row.ci_low, row.ci_high, row.p_value,
                            found * design.unit, None, status)
                   for k, row in zip(np.bincount(member), rows, strict=True))
    gaps = means[1:] - means[0]
    contrast = np.eye(len(labels))[1:] - np.eye(len(labels))[0]
    q = float(gaps @ np.linalg.solve(contrast @ spread @ contrast.T, gaps)) if len(gaps) else 0.0
    return compared("common", groups, q, df)


def cell_means(fit: Fit, covariance: Array) -> tuple[Array, Array]:
    """Return the means of the subgroups in scaled units, and their covariance."""
    back = np.linalg.inv(fit.design.triangle)
    return back @ fit.coefficients, back @ covariance @ back.T


def compared(kind: str, found: tuple[Subgroup, ...], q: float, df: float) -> Subgroups:
    """Attach the test of difference: chi-square, or F where df is finite."""
    free = len(found) - 1
    if free == 0:
        return Subgroups(kind, found, None, 0, None)
    if np.isinf(df):
        return Subgroups(kind, found, q, free, float(special.gammaincc(free / 2, q / 2)))
    return Subgroups(kind, found, q / free, free, float(special.fdtrc(free, df, q / free)))
