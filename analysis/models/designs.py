"""Regressions of the same effects as a batch for the engine: one, or many with their moderators arranged otherwise."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.models.design import Design, check_condition
from analysis.pooling.batch import Array, Indices
from analysis.pooling.weighting import weigh


@dataclass(frozen=True)
class Designs:
    """Regressions with k studies and p coefficients each: what `Batch` is, with moderators.

    Args:
        yi, vi: As in `Design`, shape (k,).
        basis: Orthonormal columns of each regression, shape (b, k, p).
    """

    yi: Array
    vi: Array
    basis: Array
    kept: dict = field(default_factory=dict)

    @property
    def k(self) -> Indices:
        """Return the studies of each regression."""
        return np.full(len(self.basis), len(self.yi))

    @property
    def df(self) -> Array:
        """Return k - p."""
        return np.full(len(self.basis), float(len(self.yi) - self.basis.shape[2]))

    @property
    def smallest(self) -> Array:
        """Return the smallest vi of each regression."""
        return np.full(len(self.basis), self.vi.min())

    def largest(self) -> Array:
        """Return the largest vi of each regression."""
        return np.full(len(self.basis), self.vi.max())

    def spread(self) -> Array:
        """Return the residual sum of squares of the unweighted fit, shape (b,)."""
        fitted = np.einsum("bkp,bp->bk", self.basis, np.einsum("bkp,k->bp", self.basis, self.yi))
        return ((self.yi - fitted) ** 2).sum(1)

    def crude(self) -> Array:
        """Return the mean squared distance of the effects from their mean, shape (b,)."""
        return np.full(len(self.basis), self.yi.var())

    def mean_variance(self) -> Array:
        """Return what sampling makes of the unweighted residual variance, shape (b,)."""
        free = 1 - (self.basis**2).sum(2)
        return free @ self.vi / self.df

    def take(self, which: Indices) -> "Designs":
        """Return a batch of the chosen regressions; one may be chosen several times."""
        return Designs(self.yi, self.vi, self.basis[which])


@dataclass(frozen=True)
class WeightedDesigns:
    """What `Weighted` is, with moderators.

    Args:
        designs: The regressions.
        tau2: Shape (b,).
        weights: 1 / (vi + tau2), shape (b, k).
        inverse: Covariance of the coefficients of the basis, shape (b, p, p).
        coefficients: Of the basis, shape (b, p).
        residuals: Shape (b, k).
    """

    designs: Designs
    tau2: Array
    weights: Array
    inverse: Array
    coefficients: Array
    residuals: Array

    @property
    def total(self) -> Array:
        """Return the sum of the weights, shape (b,)."""
        return self.weights.sum(1)

    @cached_property
    def pull(self) -> Array:
        """Return weights times residuals, shape (b, k)."""
        return self.weights * self.residuals

    def squares(self) -> Array:
        """Return the sum of w ** 2."""
        return (self.weights**2).sum(1)

    def spread(self, power: int) -> Array:
        """Return the sum of w ** power r ** 2, power 1, 2 or 3."""
        heavier = self.residuals if power == 1 else self.pull if power == 2 else self.weights * self.pull
        return (self.pull * heavier).sum(1)

    def logs(self) -> Array:
        """Return the sum of log w."""
        return np.log(self.weights).sum(1)

    def log_information(self) -> Array:
        """Return the logarithm of the determinant of the information on the coefficients."""
        return -np.linalg.slogdet(self.inverse)[1]

    def trace(self) -> Array:
        """Return tr P."""
        basis = self.designs.basis
        leverage = self.weights * ((basis @ self.inverse) * basis).sum(2)
        return (self.weights * (1 - leverage)).sum(1)

    def trace_of_square(self) -> Array:
        """Return tr PP."""
        second, third = (self.inverse @ information(self.designs.basis, self.weights**power) for power in (2, 3))
        return self.squares() - 2 * np.trace(third, axis1=1, axis2=2) + np.trace(second @ second, axis1=1, axis2=2)

    def cubic(self) -> Array:
        """Return y'PPPy."""
        lean = np.einsum("bkp,bk->bp", self.designs.basis, self.weights * self.pull)
        return self.spread(3) - np.einsum("bp,bpq,bq->b", lean, self.inverse, lean)


def information(basis: Array, weights: Array) -> Array:
    """Return X'WX of each regression, shape (b, p, p)."""
    return np.swapaxes(basis * weights[:, :, None], 1, 2) @ basis


@weigh.register
def weigh_designs(designs: Designs, tau2: Array) -> WeightedDesigns:
    """Fit each regression by weights 1 / (vi + tau2), through the triangle of its weighted basis, as `fit_at`.

    Args:
        designs: The regressions.
        tau2: Shape (b,), each >= 0.

    Raises:
        ModelError: Weights so far apart that the lighter studies have no digits left beside the heavier ones.
    """
    weights = 1 / (designs.vi + tau2[:, None])
    roots = np.sqrt(weights)
    turned, triangle = np.linalg.qr(designs.basis * roots[:, :, None])
    check_condition(triangle, weights)
    back = np.linalg.inv(triangle)
    coefficients = np.einsum("bpq,bkq,bk->bp", back, turned, roots * designs.yi, optimize=True)
    residuals = designs.yi - np.einsum("bkp,bp->bk", designs.basis, coefficients)
    return WeightedDesigns(designs, tau2, weights, back @ np.swapaxes(back, 1, 2), coefficients, residuals)


def alone(design: Design, times: int = 1) -> Designs:
    """Return one design as a batch, so many times over."""
    return Designs(design.yi, design.vi, np.repeat(design.basis[None], times, axis=0))


def arranged(design: Design, orders: Indices) -> Designs:
    """Return a design with its studies' moderators in other orders, shape (b, k); effects stay where they are."""
    return Designs(design.yi, design.vi, design.basis[orders])
