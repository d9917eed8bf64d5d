"""Multilevel models: effects within clusters, such as outcomes within studies or studies within districts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.models.clusters import ClusterFit, Clusters, make_clusters
from analysis.models.coefficients import Coefficient, make_coefficients
from analysis.models.component_intervals import profile_intervals
from analysis.models.design import ModelError
from analysis.models.moderators import Moderators
from analysis.models.robust import ROBUST
from analysis.models.variance_components import Components, fit_at, maximise
from analysis.pooling.batch import Array, make_batch
from analysis.pooling.engine import EXTREME_RATIO, check_options

LIKELIHOODS = ("REML", "ML")
NO_MODERATORS = Moderators(np.empty((0, 0)), ())
NOTHING_LEFT = 1e-10  # of the model's standard error: below it, a robust one is the rounding of its sums


@dataclass(frozen=True)
class RobustCoefficient:
    """What a robust covariance says of a coefficient: its t interval on `df`."""

    se: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float


@dataclass(frozen=True)
class Multilevel:
    """A fitted multilevel model. What is not defined is None.

    Args:
        k, clusters: Rows, and the clusters they lie in.
        method: Of LIKELIHOODS.
        sigma2: Variance (between clusters, between the rows of one), squared units of the effects.
        sigma2_ci: Profile-likelihood interval of each; empty when not asked for.
        coefficients: The first is the mean, or with moderators the intercept; normal intervals.
        robust_kind: Of ROBUST.
        robust: One a coefficient.
        i2: Share of the variance of an effect that is not sampling, percent.
        qe, qe_df, qe_p_value: Residual Q under one common effect.
        qm, qm_df, qm_p_value: Wald test of all moderators by the model; None without moderators.
        pi_low, pi_high: For the true effect of a row in a new cluster; None with moderators.
        log_likelihood: Restricted for REML, constants included.
        status: Codes of `analysis.pooling.STATUS` and MODEL_STATUS.
    """

    k: int
    clusters: int
    method: str
    level: float
    sigma2: tuple[float, float]
    sigma2_ci: tuple[tuple[float, float], ...]
    coefficients: tuple[Coefficient, ...]
    robust_kind: str
    robust: tuple[RobustCoefficient, ...]
    i2: float
    qe: float
    qe_df: int
    qe_p_value: float
    qm: float | None
    qm_df: int
    qm_p_value: float | None
    pi_low: float | None
    pi_high: float | None
    log_likelihood: float
    status: tuple[str, ...]


@dataclass(frozen=True)
class Solution:
    """A fit at the components found, with its coefficients in scaled units.

    Args:
        estimates: Shape (p,).
        covariance: By the model, shape (p, p).
    """

    fit: ClusterFit
    components: Components
    estimates: Array
    covariance: Array


def fit_multilevel(yi: ArrayLike, vi: ArrayLike, cluster: ArrayLike, moderators: Moderators = NO_MODERATORS, *,
                   method: str = "REML", robust: str = "CR1", component_intervals: bool = False,
                   level: float = 0.95) -> Multilevel:
    """Fit effects with variance between clusters and between the rows of a cluster.

    The work grows with the number of rows.

    Args:
        yi, vi: Effects and their variances, shape (n,), as in `analysis.pooling.pool`; sampling errors independent.
        cluster: A label a row.
        moderators: As `code_moderators` or `code_formula` give them.
        method: REML or ML.
        robust: CR1 or CR2.
        component_intervals: Whether to give intervals of the components, which takes a few dozen fits more.
        level: Of all intervals.

    Raises:
        PoolingError: A row or a level that is not allowed.
        ModelError: Clusters or moderators that cannot be fitted, or a method that is not there.

    Source:
        Konstantopoulos 2011, doi:10.1002/jrsm.35; metafor rma.mv(random = ~ 1 | cluster / row),
        tests/reference/metafor.
    """
    check_options("REML", "z", level)
    check_multilevel(method, robust)
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    clusters = make_clusters(yi, vi, cluster, columns_of(moderators, len(yi)))
    solution = solve(clusters, method)
    errors, df, residuals_left = robust_errors(solution, robust)
    return Multilevel(
        k=len(yi), clusters=clusters.m, method=method, level=level,
        sigma2=tuple(float(value) * clusters.unit for value in solution.components.values),
        sigma2_ci=component_ends(solution, method, level) if component_intervals else (),
        coefficients=coefficients(solution, moderators.names, level), robust_kind=robust,
        robust=robust_coefficients(solution, robust, errors, df, level), **spread(solution), **moderator_test(solution),
        **prediction(solution, level), log_likelihood=log_likelihood(solution, method),
        status=status_of(solution, residuals_left))


def check_multilevel(method: str, robust: str) -> None:
    """Refuse a likelihood or a robust covariance that is not there."""
    if method not in LIKELIHOODS:
        raise ModelError(f"A multilevel model is fitted by {' or '.join(LIKELIHOODS)}; found {method!r}")
    if robust not in ROBUST:
        raise ModelError(f"Robust standard errors are {' or '.join(ROBUST)}; found {robust!r}")


def columns_of(moderators: Moderators, n: int) -> Array:
    """Return the moderators, shape (m, n), or refuse what is not a finite number for each row."""
    columns = moderators.columns if moderators.names else np.empty((0, n))
    if columns.shape != (len(moderators.names), n) or not np.isfinite(columns).all():
        raise ModelError(f"Each moderator needs a finite number for each row; there are {len(moderators.names)} "
                         f"moderators and {n} rows")
    return columns


def solve(clusters: Clusters, method: str) -> Solution:
    """Find the components and fit the model at them."""
    components = maximise(clusters, restricted=method == "REML")
    fit = fit_at(clusters, components.values)
    back = np.linalg.inv(clusters.triangle)
    return Solution(fit, components, back @ fit.coefficients, back @ fit.inverse @ back.T)


def in_units(solution: Solution) -> tuple[Array, float]:
    """Return the coefficients in the units of the effects, and the scale of their standard errors."""
    clusters = solution.fit.centred.clusters
    scale = float(np.sqrt(clusters.unit))
    estimates = solution.estimates * scale
    estimates[0] += clusters.shift
    return estimates, scale


def coefficients(solution: Solution, names: tuple[str, ...], level: float) -> tuple[Coefficient, ...]:
    """Return the coefficients with normal intervals."""
    estimates, scale = in_units(solution)
    errors = np.sqrt(np.diag(solution.covariance)) * scale
    return make_coefficients(("intercept", *names), estimates, errors, np.full(len(errors), np.inf), level)


def robust_errors(solution: Solution, kind: str) -> tuple[Array, Array, bool]:
    """Return robust standard errors, their degrees of freedom, and whether residuals are left for all of them.

    Where none are left, the sandwich is 0 up to rounding: the standard error of the model takes its place, so that no
    interval is without width.
    """
    found, clusters = ROBUST[kind](solution.fit, float(solution.components.values[1])), solution.fit.centred.clusters
    robust, model = (np.sqrt(np.diag(covariance)) for covariance in (found.covariance, solution.covariance))
    left = (robust > NOTHING_LEFT * model) & np.isfinite(found.df)
    return np.where(left, robust, model), np.where(left, found.df, clusters.m - clusters.p), bool(left.all())


def robust_coefficients(
    solution: Solution, kind: str, errors: Array, df: Array, level: float
) -> tuple[RobustCoefficient, ...]:
    """Return robust standard errors of the coefficients with their t intervals."""
    estimates, scale = in_units(solution)
    rows = make_coefficients([kind] * len(errors), estimates, errors * scale, df, level)
    return tuple(RobustCoefficient(row.se, float(free), row.ci_low, row.ci_high, row.p_value)
                 for row, free in zip(rows, df, strict=True))


def spread(solution: Solution) -> dict[str, float]:
    """Return I2 and the residual Q.

    I2 = (between + within) / (between + within + v) with the typical sampling variance v = (k - p) / tr P under a
    common effect.

    Source:
        Higgins and Thompson 2002, doi:10.1002/sim.1186, with both components in place of tau2.
    """
    clusters = solution.fit.centred.clusters
    common = fit_at(clusters, np.zeros(2))
    free = len(clusters.yi) - clusters.p
    basis, weights = clusters.basis, common.centred.weights
    lost = ((basis @ common.inverse) * basis).sum(1) * weights
    typical = free / float((weights * (1 - lost)).sum())
    total = float(solution.components.values.sum())
    return {"i2": 100 * total / (total + typical), "qe": common.q, "qe_df": free,
            "qe_p_value": float(special.gammaincc(free / 2, common.q / 2))}


def moderator_test(solution: Solution) -> dict[str, float | int | None]:
    """Return the Wald test of all moderators."""
    slopes, m = solution.estimates[1:], len(solution.estimates) - 1
    if not m:
        return {"qm": None, "qm_df": 0, "qm_p_value": None}
    qm = float(slopes @ np.linalg.solve(solution.covariance[1:, 1:], slopes))
    return {"qm": qm, "qm_df": m, "qm_p_value": float(special.gammaincc(m / 2, qm / 2))}


def prediction(solution: Solution, level: float) -> dict[str, float | None]:
    """Return the prediction interval, mean -+ normal quantile * sqrt(se^2 + between + within), as metafor's predict."""
    if len(solution.estimates) > 1:
        return {"pi_low": None, "pi_high": None}
    (mean,), scale = in_units(solution)
    variance = solution.covariance[0, 0] + solution.components.values.sum()
    reach = float(special.ndtri((1 + level) / 2) * np.sqrt(variance)) * scale
    return {"pi_low": float(mean) - reach, "pi_high": float(mean) + reach}


def component_ends(solution: Solution, method: str, level: float) -> tuple[tuple[float, float], ...]:
    """Return the profile-likelihood intervals of the components, squared units of the effects."""
    clusters = solution.fit.centred.clusters
    ends = profile_intervals(clusters, solution.components, method == "REML", level) * clusters.unit
    return tuple((float(low), float(high)) for low, high in ends)


def log_likelihood(solution: Solution, method: str) -> float:
    """Return the log-likelihood in the units of the effects, with metafor's constants."""
    clusters = solution.fit.centred.clusters
    free = len(clusters.yi) - (clusters.p if method == "REML" else 0)
    return solution.components.log_likelihood - free / 2 * float(np.log(2 * np.pi * clusters.unit))


def status_of(solution: Solution, residuals_left: bool) -> tuple[str, ...]:
    """Return what must be said of the fit."""
    components, vi = solution.components, solution.fit.centred.clusters.vi
    flags = (("component-zero", bool((components.values == 0).any())), ("two-modes", components.modes > 1),
             ("variance-ratio", bool(vi.max() >= EXTREME_RATIO)), ("not-converged", not components.converged),
             ("robust-empty", not residuals_left))
    return tuple(code for code, holds in flags if holds) or ("ok",)


def row_weights(vi: ArrayLike, cluster: ArrayLike, sigma2: tuple[float, float]) -> tuple[float, ...]:
    """Return what each row weighs in the mean, percent: the sums of the rows of the inverse variance.

    Args:
        vi: Variances, shape (n,).
        cluster: A label a row.
        sigma2: Variance between clusters, and between the rows of one.

    Source:
        metafor weights.rma.mv(type = "rowsum"), tests/reference/metafor/row_weights.json.
    """
    _, owner = np.unique(np.asarray(cluster), return_inverse=True)
    apart = 1 / (np.asarray(vi, float) + sigma2[1])
    rows = apart / (1 + sigma2[0] * np.bincount(owner, weights=apart))[owner]
    return tuple((100 * rows / rows.sum()).tolist())
