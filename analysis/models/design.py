"""Effects on moderators at a given tau2: the sums that the estimators of residual heterogeneity share."""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array

WORST_CONDITION = 10**6.5  # its square, that of the information, leaves the traces three digits
LARGEST_VALUE = 1e100  # of a moderator: the square of a larger one overflows


class ModelError(ValueError):
    """A model that cannot be fitted to what was given."""


@dataclass(frozen=True)
class Design:
    """Centred and scaled effects with an orthonormal basis of the moderators and the intercept.

    Args:
        yi: Shape (k,), shifted and divided by the root of `unit`.
        vi: Shape (k,), divided by `unit`; the smallest is 1.
        basis: Shape (k, p), orthonormal columns.
        triangle: Shape (p, p); the columns of the model are basis @ triangle.
        unit: Smallest sampling variance.
        shift: What was taken from the effects.
    """

    yi: Array
    vi: Array
    basis: Array
    triangle: Array
    unit: float
    shift: float

    @property
    def df(self) -> int:
        """Return k - p."""
        return len(self.yi) - self.basis.shape[1]


@dataclass(frozen=True)
class Fit:
    """Generalised least squares at one tau2.

    Args:
        weights: 1 / (vi + tau2), shape (k,).
        inverse: Covariance of the coefficients of the basis, shape (p, p).
        coefficients: Of the basis, shape (p,).
        residuals: Shape (k,).
    """

    design: Design
    weights: Array
    inverse: Array
    coefficients: Array
    residuals: Array

    @property
    def q(self) -> float:
        """Return the weighted sum of squared residuals."""
        return float((self.weights * self.residuals**2).sum())

    @property
    def trace(self) -> float:
        """Return tr P = sum w - tr(inverse X'W^2 X)."""
        return float((self.weights * (1 - self.leverage)).sum())

    @property
    def leverage(self) -> Array:
        """Return the diagonal of the hat matrix, shape (k,)."""
        basis = self.design.basis
        return self.weights * np.einsum("ij,jk,ik->i", basis, self.inverse, basis)


def make_design(yi: Array, vi: Array, moderators: Array) -> Design:
    """Lay out a regression of effects on an intercept and moderators.

    Args:
        yi, vi: Effects and variances, shape (k,).
        moderators: Shape (m, k), finite.

    Raises:
        ModelError: Too few studies, or moderators that say the same.
    """
    columns = np.vstack((np.ones(len(yi)), moderators)).T
    check_size(len(yi), columns.shape[1])
    return lay_out(yi, vi, columns, float(yi[0]))


def lay_out(yi: Array, vi: Array, columns: Array, shift: float) -> Design:
    """Lay out a regression of effects on columns.

    Args:
        yi, vi: Effects and variances, shape (k,).
        columns: Shape (k, p).
        shift: What is taken from the effects first; 0 unless the columns hold an intercept.

    Raises:
        ModelError: Columns that say the same.
    """
    basis, triangle = orthonormal(columns)
    unit = float(vi.min())
    return Design((yi - shift) / np.sqrt(unit), vi / unit, basis, triangle, unit, shift)


def check_size(k: int, p: int) -> None:
    """Refuse a model with as many coefficients as there are studies, or more."""
    if k <= p:
        raise ModelError(f"A model of {p} coefficients, the intercept among them, needs at least {p + 1} studies; "
                         f"there {'is 1' if k == 1 else f'are {k}'}")


def orthonormal(columns: Array) -> tuple[Array, Array]:
    """Return columns as an orthonormal basis and a triangle, shapes (k, p) and (p, p), columns = basis @ triangle.

    Raises:
        ModelError: A column that follows from those before it, or whose unit is beyond double precision.
    """
    largest = np.abs(columns).max(axis=0)
    if ((largest > LARGEST_VALUE) | ((largest > 0) & (largest < 1 / LARGEST_VALUE))).any():
        raise ModelError(f"A moderator lies beyond {LARGEST_VALUE:.0e}, or below one over it; give it in another unit")
    basis, triangle = np.linalg.qr(columns)
    sizes = np.linalg.norm(columns, axis=0)
    if (np.abs(np.diag(triangle)) <= 1e-10 * sizes).any():
        raise ModelError("A moderator is the same in every study, or follows from the others; leave it out")
    return basis, triangle


def check_condition(triangle: Array, weights: Array) -> None:
    """Refuse weights beside which some studies have no digits left; one triangle or several, shape (..., p, p)."""
    if np.max(np.linalg.cond(triangle)) > WORST_CONDITION:
        raise ModelError(f"The variances of the studies differ by a factor of {weights.max() / weights.min():.0e}, too "
                         "far for one model in double precision: a few studies outweigh all others")


def fit_at(design: Design, tau2: float) -> Fit:
    """Fit by weights 1 / (vi + tau2), through the triangle of the weighted basis: its condition is half as bad.

    Raises:
        ModelError: Weights so far apart that the lighter studies have no digits left beside the heavier ones.
    """
    weights = 1 / (design.vi + tau2)
    roots = np.sqrt(weights)
    turned, triangle = np.linalg.qr(design.basis * roots[:, None])
    check_condition(triangle, weights)
    back = np.linalg.inv(triangle)
    coefficients = back @ (turned.T @ (roots * design.yi))
    return Fit(design, weights, back @ back.T, coefficients, design.yi - design.basis @ coefficients)
