"""A line through effects, weighted by 1 / vi: what Egger's test, PET and PEESE read in three ways."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.pooling.batch import Array

ROUNDING = 1e-12


@dataclass(frozen=True)
class Term:
    """One coefficient of a line; P by t on the line's degrees of freedom."""

    estimate: float
    se: float
    p_value: float


@dataclass(frozen=True)
class Line:
    """Effects on one predictor, with a spread that multiplies the sampling variances (the lm form)."""

    intercept: Term
    slope: Term
    df: int


def weighted_line(effects: Array, vi: Array, predictor: Array) -> Line | None:
    """Fit effects on a predictor by least squares weighted by 1 / vi.

    Args:
        effects, vi, predictor: Shape (k,); vi each > 0.

    Returns:
        None with fewer than three studies, when the predictor is the same for all, or when the line leaves no
        residuals, so that nothing shows its error.
    """
    k = len(effects)
    if k < 3 or np.ptp(predictor) <= ROUNDING * np.abs(predictor).max():
        return None
    root = np.sqrt(vi)
    design = np.column_stack((1 / root, predictor / root))
    basis, triangle = np.linalg.qr(design)
    response = effects / root
    coefficients = np.linalg.solve(triangle, basis.T @ response)
    left = response - design @ coefficients
    spread = float((left**2).sum()) / (k - 2)
    if spread <= ROUNDING**2 * float((response**2).sum()):
        return None
    errors = np.sqrt(spread * (np.linalg.inv(triangle) ** 2).sum(axis=1))
    return Line(*(term(float(b), float(se), k - 2) for b, se in zip(coefficients, errors, strict=True)), k - 2)


def term(estimate: float, se: float, df: int) -> Term:
    """Attach the two-sided P of t."""
    return Term(estimate, se, float(2 * special.stdtr(df, -abs(estimate / se))))
