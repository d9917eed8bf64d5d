"""Residual heterogeneity of a meta-regression, by the estimators of the engine."""

from collections.abc import Callable

import numpy as np
from scipy import special

from analysis.models.design import Design, Fit, fit_at
from analysis.pooling.newton import bracketed_newton
from analysis.pooling.tau2 import SMALLEST_TAU2

Array = np.ndarray
Estimator = Callable[[Design], float]
ONE = np.ones(1)
INTERVALS = 16  # of the scan for maxima of the likelihood


def least_squares(design: Design) -> Array:
    """Return the residuals of the unweighted fit."""
    return design.yi - design.basis @ (design.basis.T @ design.yi)


def dersimonian_laird(design: Design) -> float:
    """Return (QE - (k - p)) / tr P."""
    fit = fit_at(design, 0.0)
    return (fit.q - design.df) / fit.trace


def dersimonian_laird_two_step(design: Design) -> float:
    """Return DerSimonian-Laird with the weights that DerSimonian-Laird gives."""
    return second_step(design, max(0.0, dersimonian_laird(design)))


def hedges_two_step(design: Design) -> float:
    """Return DerSimonian-Laird with the weights that Hedges' estimator gives."""
    return second_step(design, max(0.0, hedges(design)))


def second_step(design: Design, first: float) -> float:
    """Return the moment estimate by weights 1 / (vi + first)."""
    fit = fit_at(design, first)
    return first + (fit.q - design.df) / fit.trace


def hedges(design: Design) -> float:
    """Return the unweighted residual variance less what sampling explains of it."""
    free = 1 - (design.basis**2).sum(1)
    return float(((least_squares(design) ** 2).sum() - (free * design.vi).sum()) / design.df)


def hunter_schmidt(design: Design) -> float:
    """Return (QE - k) / sum w."""
    fit = fit_at(design, 0.0)
    return (fit.q - len(design.yi)) / float(fit.weights.sum())


def hunter_schmidt_corrected(design: Design) -> float:
    """Return (QE k / (k - p) - k) / sum w."""
    fit, k = fit_at(design, 0.0), len(design.yi)
    return (fit.q * k / design.df - k) / float(fit.weights.sum())


def sidik_jonkman(design: Design) -> float:
    """Return tau0 QE(tau0) / (k - p), tau0 the mean squared distance of the effects from their mean."""
    crude = float(design.yi.var())
    return crude * fit_at(design, crude).q / design.df


def paule_mandel(design: Design) -> float:
    """Return the tau2 at which QE equals k - p."""
    return solve_q(design, float(design.df))


def paule_mandel_median(design: Design) -> float:
    """Return the tau2 at which QE equals the median of chi-square on k - p."""
    return solve_q(design, float(2 * special.gammaincinv(design.df / 2, 0.5)))


def solve_q(design: Design, target: float) -> float:
    """Return the tau2 at which QE equals a target; 0 where QE at zero is at most that."""
    if fit_at(design, 0.0).q <= target:
        return 0.0
    high = float((least_squares(design) ** 2).sum()) / target

    def evaluate(tau2: Array) -> tuple[Array, Array]:
        fit = fit_at(design, float(tau2[0]))
        return ONE * (fit.q - target), ONE * (fit.q * (fit.q / target - 1) / fit.pull)

    return float(bracketed_newton(evaluate, 0 * ONE, high * ONE, ONE).tau2[0])


def restricted_maximum_likelihood(design: Design) -> float:
    """Return the tau2 of the highest restricted likelihood."""
    return highest(design, lambda fit: (fit.trace, fit.trace_of_square),
                   lambda fit: float(np.linalg.slogdet(fit.inverse)[1]))


def maximum_likelihood(design: Design) -> float:
    """Return the tau2 of the highest likelihood."""
    return highest(design, lambda fit: (float(fit.weights.sum()), float((fit.weights**2).sum())), lambda fit: 0.0)


def highest(design: Design, traces: Callable[[Fit], tuple[float, float]], bonus: Callable[[Fit], float]) -> float:
    """Return the highest of the maxima that a scan of the score shows, 0 among them where the score falls there."""
    grid = scan_grid(design)
    rising = [fit.pull - traces(fit)[0] > 1e-12 * traces(fit)[0] for fit in (fit_at(design, t) for t in grid)]
    brackets = [(low, high) for low, high, up, down in zip(grid, grid[1:], rising, rising[1:], strict=False)
                if up and not down]
    candidates = ([] if rising[0] else [0.0]) + [solve_score(design, traces, *bracket) for bracket in brackets]
    return max(candidates, key=lambda tau2: log_likelihood(fit_at(design, tau2), bonus))


def scan_grid(design: Design) -> list[float]:
    """Return tau2 from 0 to the bound of `analysis.pooling.likelihood.scan_grid`, with k - p in place of k - 1."""
    spread, gap = float((least_squares(design) ** 2).sum()), float(design.vi.max()) - 1
    bound = (spread + np.sqrt(spread**2 + 4 * design.df * spread * gap)) / (2 * design.df)
    return [0.0, *(np.geomspace(1.0, max(bound, 1.0) * (1 + 1e-9), INTERVALS + 1)[1:] - 1)]


def solve_score(design: Design, traces: Callable[[Fit], tuple[float, float]], low: float, high: float) -> float:
    """Return the zero of the score inside a bracket."""

    def evaluate(tau2: Array) -> tuple[Array, Array]:
        fit = fit_at(design, float(tau2[0]))
        first, second = traces(fit)
        curvature = second - 2 * fit.cubic
        return ONE * (fit.pull - first), ONE * ((fit.pull - first) / -curvature if curvature < 0 else np.nan)

    return float(bracketed_newton(evaluate, low * ONE, high * ONE, ONE).tau2[0])


def log_likelihood(fit: Fit, bonus: Callable[[Fit], float]) -> float:
    """Return twice the log-likelihood up to a constant."""
    return float(np.log(fit.weights).sum()) - fit.q + bonus(fit)


def estimate_tau2(design: Design, method: str) -> float:
    """Return residual tau2 in units of the smallest variance, exactly 0.0 at the boundary."""
    tau2 = RESIDUAL_ESTIMATORS[method](design)
    return tau2 if tau2 > SMALLEST_TAU2 else 0.0


RESIDUAL_ESTIMATORS: dict[str, Estimator] = {
    "FE": lambda design: 0.0,
    "DL": dersimonian_laird,
    "PM": paule_mandel,
    "REML": restricted_maximum_likelihood,
    "ML": maximum_likelihood,
    "EB": paule_mandel,
    "HE": hedges,
    "SJ": sidik_jonkman,
    "HS": hunter_schmidt,
    "HSk": hunter_schmidt_corrected,
    "PMM": paule_mandel_median,
    "DL2": dersimonian_laird_two_step,
    "CA2": hedges_two_step,
}
