"""The weighted mean of every analysis at a given tau2, and the sums that all estimators share."""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Batch


@dataclass(frozen=True)
class Weighted:
    """A batch with weights 1 / (vi + tau2).

    Args:
        batch: The analyses.
        tau2: Between-study variance of each analysis, shape (b,).
        weights: Shape (n,).
        total: Sum of the weights of each analysis, shape (b,).
        mean: Weighted mean of each analysis, shape (b,), on the centred scale.
        residuals: yi minus the mean of its analysis, shape (n,).
    """

    batch: Batch
    tau2: Array
    weights: Array
    total: Array
    mean: Array
    residuals: Array


def weigh(batch: Batch, tau2: Array) -> Weighted:
    """Weigh every row by 1 / (vi + tau2); tau2 has shape (b,), each >= 0."""
    weights = 1.0 / (batch.vi + tau2[batch.owner])
    total = batch.sums(weights)
    mean = batch.sums(weights * batch.yi) / total
    return Weighted(batch, tau2, weights, total, mean, batch.yi - mean[batch.owner])


def weigh_equally(batch: Batch) -> Weighted:
    """Weigh every row by 1."""
    weights, total = np.ones_like(batch.yi), batch.k.astype(np.float64)
    mean = batch.sums(batch.yi) / total
    return Weighted(batch, np.zeros(len(total)), weights, total, mean, batch.yi - mean[batch.owner])


def generalised_q(weighted: Weighted) -> Array:
    """Return the weighted sum of squared residuals, shape (b,)."""
    return weighted.batch.sums(weighted.weights * weighted.residuals**2)


def projection_trace(weighted: Weighted) -> Array:
    """Return sum w - sum w^2 / sum w, the trace of the projection P, shape (b,).

    Written as a sum of positive terms: when one weight is far above the others, the textbook difference
    loses its digits.
    """
    batch = weighted.batch
    light = weighted.weights * batch.lighter
    heaviest = 1.0 / (batch.smallest + weighted.tau2)
    share = weighted.weights / weighted.total[batch.owner]
    return batch.sums(light * (1.0 - share)) + heaviest * batch.sums(light) / weighted.total
