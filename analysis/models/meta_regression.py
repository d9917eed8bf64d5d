"""Meta-regression: effects on moderators, with residual heterogeneity between studies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.models.coefficients import Coefficient, make_coefficients
from analysis.models.design import Design, Fit, ModelError, fit_at, make_design
from analysis.models.residual_tau2 import estimate_tau2, solve_q
from analysis.pooling import pool
from analysis.pooling.batch import Array, make_batch
from analysis.pooling.engine import check_options

__all__ = ["Coefficient", "ModelError", "Regression", "regress"]


@dataclass(frozen=True)
class Regression:
    """A fitted meta-regression. `r2` and `i2` in percent; None where not defined.

    Args:
        tau2: What heterogeneity the moderators leave.
        tau2_low, tau2_high: Its Q-profile interval; None for a common effect.
        qe: Residual Q, on `qe_df` degrees of freedom.
        qm: Test of all moderators: chi-square on `qm_df` with z, F on `qm_df` and `qe_df` with Hartung-Knapp.
        i2, h2: From tau2; for a common effect from QE.
        r2: What share of tau2 the moderators explain; for a common effect, of the weighted variance of the effects.
    """

    k: int
    coefficients: tuple[Coefficient, ...]
    tau2: float
    tau2_low: float | None
    tau2_high: float | None
    i2: float
    h2: float
    qe: float
    qe_df: int
    qe_p_value: float
    qm: float
    qm_df: int
    qm_p_value: float
    r2: float | None


def regress(yi: ArrayLike, vi: ArrayLike, moderators: ArrayLike, names: tuple[str, ...], *, tau2: str = "REML",
            test: str = "hksj", level: float = 0.95) -> Regression:
    """Regress effects on moderators.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        moderators: Shape (m, k), finite numbers.
        names: One a moderator.
        tau2, test, level: As in `analysis.pooling.pool_batch`.

    Raises:
        PoolingError: A row or an option that is not allowed.
        ModelError: Fewer than m + 2 studies, a moderator that is not finite, is constant or follows from others.

    Source:
        Knapp and Hartung 2003, doi:10.1002/sim.1482; metafor rma.uni with mods, tests/reference/metafor/models.json.
    """
    check_options(tau2, test, level)
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi, columns = np.asarray(yi, float), np.asarray(vi, float), np.atleast_2d(np.asarray(moderators, float))
    if columns.shape != (len(names), len(yi)) or not np.isfinite(columns).all():
        raise ModelError(f"Each moderator needs a finite number for each study; there are {len(names)} moderators and "
                         f"{len(yi)} studies")
    if not names:
        raise ModelError("There is no moderator that differs between the studies")
    design = make_design(yi, vi, columns)
    found = estimate_tau2(design, tau2)
    fit = fit_at(design, found)
    df = test_df(design, tau2, test)
    covariance = fit.inverse * spread_factor(fit, test if np.isfinite(df) else "z")
    return summarise(fit, found, covariance, df, names, tau2, level)


def test_df(design: Design, tau2: str, test: str) -> float:
    """Return the degrees of freedom of the coefficients: infinite for z, and for a common effect."""
    return np.inf if test == "z" or tau2 == "FE" else float(design.df)


def spread_factor(fit: Fit, test: str) -> float:
    """Return what the covariance of the coefficients is multiplied by; 1 where the fit leaves no residuals."""
    factor = fit.q / fit.design.df
    return {"z": 1.0, "hksj": factor or 1.0, "hksj-floor": max(factor, 1.0)}[test]


def summarise(fit: Fit, tau2: float, covariance: Array, df: float, names: tuple[str, ...], method: str,
              level: float) -> Regression:
    """Put a fit in the units of the effects."""
    design, at_zero = fit.design, fit_at(fit.design, 0.0)
    i2, h2 = heterogeneity(at_zero, tau2, method)
    qm, qm_p_value = wald_test(fit, covariance, df)
    low, high = (None, None) if method == "FE" else profile(design, level)
    return Regression(
        k=len(design.yi), coefficients=coefficients(fit, covariance, df, names, level), tau2=tau2 * design.unit,
        tau2_low=low, tau2_high=high, i2=i2, h2=h2, qe=at_zero.q,
        qe_df=design.df, qe_p_value=float(special.gammaincc(design.df / 2, at_zero.q / 2)), qm=qm,
        qm_df=len(names), qm_p_value=qm_p_value, r2=explained(design, tau2, method))


def heterogeneity(at_zero: Fit, tau2: float, method: str) -> tuple[float, float]:
    """Return I2 in percent and H2: from tau2, or from QE where a common effect leaves no tau2."""
    if method == "FE":
        return 100 * max(0.0, 1 - at_zero.design.df / at_zero.q) if at_zero.q else 0.0, at_zero.q / at_zero.design.df
    typical = at_zero.design.df / at_zero.trace
    return 100 * tau2 / (tau2 + typical), tau2 / typical + 1


def coefficients(fit: Fit, covariance: Array, df: float, names: tuple[str, ...],
                 level: float) -> tuple[Coefficient, ...]:
    """Return the coefficients of intercept and moderators with their intervals."""
    design, scale = fit.design, np.sqrt(fit.design.unit)
    back = np.linalg.inv(design.triangle)
    estimates = back @ fit.coefficients * scale
    estimates[0] += design.shift
    errors = np.sqrt(np.einsum("ij,jk,ik->i", back, covariance, back)) * scale
    return make_coefficients(("intercept", *names), estimates, errors, np.full(len(errors), df), level)


def wald_test(fit: Fit, covariance: Array, df: float) -> tuple[float, float]:
    """Return the Wald test that all moderators are without effect: chi-square, or F where df is finite."""
    back = np.linalg.inv(fit.design.triangle)[1:]
    slopes = back @ fit.coefficients
    qm = float(slopes @ np.linalg.solve(back @ covariance @ back.T, slopes))
    m = len(slopes)
    if np.isinf(df):
        return qm, float(special.gammaincc(m / 2, qm / 2))
    return qm / m, float(special.fdtrc(m, df, qm / m))


def profile(design: Design, level: float) -> tuple[float, float]:
    """Return the Q-profile interval of residual tau2."""
    tail = (1 - level) / 2
    above, below = special.gammainccinv(design.df / 2, tail), special.gammaincinv(design.df / 2, tail)
    low, high = solve_q(design, np.array([2 * above, 2 * below])) * design.unit
    return float(low), float(high)


def explained(design: Design, tau2: float, method: str) -> float | None:
    """Return the share of tau2 that the moderators explain, in percent; None where there is nothing to explain.

    For a common effect: of the weighted mean square around the mean, as metafor's adjusted R2.
    """
    alone = pool(design.yi, design.vi, tau2=method, test="z")
    if method == "FE":
        whole, tau2 = alone.q / alone.q_df, fit_at(design, 0.0).q / design.df
    else:
        whole = alone.tau2
    return 100 * max(0.0, (whole - tau2) / whole) if whole else None
