"""Batches of small analyses side by side, a column each: no sum has to look for where an analysis ends."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Batch, Indices


@dataclass(frozen=True)
class Columns(Batch):
    """What `Batch` is, but for its rows: yi, vi, weights and the like have shape (m, b), m the most rows of any.

    Column i is analysis i, filled up with rows of effect 0 and infinite variance. Their weight is 0, and rows are
    added up one after the other, so that what fills a column changes no bit of a sum. `starts` are of the rows end to
    end.
    """

    @property
    def real(self) -> np.ndarray:
        """Say which rows are studies, shape (m, b)."""
        return np.arange(len(self.vi))[:, None] < self.k

    def sums(self, rows: Array) -> Array:
        """Add up the rows of each analysis, one after the other; NumPy would add a lone column in another order."""
        return np.add.reduce(rows, axis=0) if rows.shape[1] > 1 else np.add.accumulate(rows, axis=0)[-1]

    def each(self, values: Array) -> Array:
        """Give every row the value of its analysis: as they are, for shape (b,) goes with shape (m, b)."""
        return values

    def logs(self, weights: Array) -> Array:
        """Return the sum of the logarithms of weights, shape (b,)."""
        return self.sums(np.log(weights, out=np.zeros_like(weights), where=self.real))

    def end_to_end(self, rows: Array) -> Array:
        """Return rows as they came in, shape (n,)."""
        return rows.T[self.real.T]

    def mean_variance(self) -> Array:
        """Return what sampling makes of the unweighted variance of the effects, shape (b,)."""
        return self.sums(np.where(self.real, self.vi, 0.0)) / self.k

    def largest(self) -> Array:
        """Return the largest vi of each analysis, shape (b,)."""
        return np.where(self.real, self.vi, 0.0).max(axis=0)

    def identical(self) -> np.ndarray:
        """Say in which analyses all effects are the same, shape (b,)."""
        return ~self.yi.any(axis=0)

    def take(self, which: Indices) -> "Columns":
        """Return a batch of the chosen analyses; one may be chosen several times."""
        k = self.k[which]
        yi, vi, lighter = (rows.take(which, axis=1) for rows in (self.yi, self.vi, self.lighter))
        return Columns(yi, vi, np.cumsum(k) - k, k, self.smallest[which], lighter, self.centre[which],
                       self.scale[which])


def side_by_side(batch: Batch) -> Columns:
    """Return analyses that lie end to end side by side."""
    yi, vi, lighter = (columns(rows, batch.k, fill) for rows, fill in
                       ((batch.yi, 0.0), (batch.vi, np.inf), (batch.lighter, 1.0)))
    return Columns(yi, vi, batch.starts, batch.k, batch.smallest, lighter, batch.centre, batch.scale)


def columns(rows: Array, k: Indices, fill: float) -> Array:
    """Return rows of analyses end to end as columns, shape (largest k, b), filled up."""
    shape = len(k), k.max()
    if len(rows) == math.prod(shape):
        return np.ascontiguousarray(rows.reshape(shape).T)
    filled = np.full(shape, fill)
    filled[np.arange(shape[1]) < k[:, None]] = rows
    return np.ascontiguousarray(filled.T)
