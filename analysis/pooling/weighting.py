"""The weighted mean of every analysis at a given tau2, and the sums that all estimators share."""

from dataclasses import dataclass
from functools import cached_property, singledispatch

import numpy as np

from analysis.pooling.batch import Array, Batch


@dataclass(frozen=True)
class Weighted:
    """A batch with weights w = 1 / (vi + tau2).

    Estimators ask for sums, each of shape (b,), and never see how they are made: row by row here, by subtraction
    from the sums of the whole in `analysis.pooling.without_one`, with moderators in `analysis.models.designs`. P is
    the projection W - W X (X'WX)^-1 X'W, X a column of ones; r = P y / w.

    Args:
        batch: The analyses.
        tau2: Between-study variance of each analysis, shape (b,).
        weights: Shape of the batch's rows.
        total: Sum of the weights of each analysis, shape (b,).
        mean: Weighted mean of each analysis, shape (b,), on the centred scale.
        residuals: r, yi minus the mean of its analysis, as weights.
    """

    batch: Batch
    tau2: Array
    weights: Array
    total: Array
    mean: Array
    residuals: Array

    @cached_property
    def pull(self) -> Array:
        """Return w r of each row, as weights."""
        return self.weights * self.residuals

    @cached_property
    def heavy_pull(self) -> Array:
        """Return w ** 2 r of each row, as weights."""
        return self.weights * self.pull

    def squares(self) -> Array:
        """Return the sum of w ** 2."""
        return self.batch.sums(self.weights * self.weights)

    def lean(self) -> Array:
        """Return the sum of w ** 2 r."""
        return self.batch.sums(self.heavy_pull)

    def spread(self, power: int) -> Array:
        """Return the sum of w ** power r ** 2, power 1, 2 or 3."""
        heavier = self.residuals if power == 1 else self.pull if power == 2 else self.heavy_pull
        return self.batch.sums(self.pull * heavier)

    def logs(self) -> Array:
        """Return the sum of log w."""
        return self.batch.logs(self.weights)

    @cached_property
    def light(self) -> tuple[Array, Array, Array]:
        """Return all weights but the heaviest, their sums and the sums of their squares."""
        light = self.batch.light(self.weights)
        squares = light * light
        return light, self.batch.sums(light), self.batch.sums(squares)

    @property
    def heaviest(self) -> Array:
        """Return the largest weight of each analysis."""
        return 1.0 / (self.batch.smallest + self.tau2)

    def trace(self) -> Array:
        """Return the trace of the projection P."""
        _, others, squares = self.light
        return trace(self.total, others, squares, self.heaviest)

    def log_information(self) -> Array:
        """Return the logarithm of the sum of the weights."""
        return np.log(self.total)

    def trace_of_square(self) -> Array:
        """Return tr PP."""
        light, others, squares = self.light
        return trace_of_square(self.total, others, squares, self.batch.sums(light * light * light), self.heaviest)

    def cubic(self) -> Array:
        """Return y'PPPy."""
        return self.spread(3) - self.lean() ** 2 / self.total

    def percent(self) -> Array:
        """Return the weights in percent, shape (n,); each analysis adds up to 100."""
        return self.batch.end_to_end(100.0 * self.weights / self.batch.each(self.total))


@singledispatch
def weigh(batch: Batch, tau2: Array) -> Weighted:
    """Weigh every row by 1 / (vi + tau2); tau2 has shape (b,), each >= 0."""
    weights = batch.vi + batch.each(tau2)
    np.divide(1.0, weights, out=weights)
    total = batch.sums(weights)
    mean = batch.sums(weights * batch.yi) / total
    residuals = batch.yi - batch.each(mean)
    return Weighted(batch, tau2, weights, total, mean, residuals)


def trace(total: Array, others: Array, squares: Array, heaviest: Array) -> Array:
    """Return sum w - sum w^2 / sum w from the sums of w and w ** 2 over all rows but the heaviest, and its weight.

    When one weight is far above the others the textbook difference loses its digits. Here what is subtracted is at
    most half of what stands before it, for no other row has more than half of all weight.
    """
    return others - squares / total + heaviest * others / total


def trace_of_square(total: Array, others: Array, squares: Array, cubes: Array, heaviest: Array) -> Array:
    """Return tr PP = sum w^2 - 2 sum w^3 / sum w + (sum w^2 / sum w)^2 from sums over all rows but the heaviest.

    Written without the fourth power of the heaviest weight, beside which the others would lose their digits.
    """
    cross = squares * (1.0 + (2.0 * heaviest**2 + squares) / total**2)
    return (heaviest * others / total) ** 2 + cross - 2.0 * cubes / total


def at_zero(batch: Batch) -> Weighted:
    """Weigh every row by 1 / vi; kept with the batch, for several ask."""
    if "at_zero" not in batch.kept:
        batch.kept["at_zero"] = weigh(batch, np.zeros(len(batch.k)))
    return batch.kept["at_zero"]


def generalised_q(weighted: Weighted) -> Array:
    """Return the weighted sum of squared residuals, shape (b,)."""
    return weighted.spread(1)


def projection_trace(weighted: Weighted) -> Array:
    """Return sum w - sum w^2 / sum w, the trace of the projection P, shape (b,)."""
    return weighted.trace()
