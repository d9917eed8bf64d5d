"""Batches of small analyses side by side, a column each: no sum has to look for where an analysis ends."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import NOTHING, Array, Batch, Indices


@dataclass(frozen=True)
class Columns(Batch):
    """What `Batch` is, but for its rows: yi, vi, weights and the like have shape (m, b), m the most rows of any.

    Column i is analysis i, its row of smallest variance first, filled up with rows of effect 0 and infinite variance.
    Their weight is 0, and rows are added up one after the other, so that what fills a column changes no bit of a sum.
    `starts` are of the rows end to end; `lighter` is not needed, and empty.
    """

    @property
    def real(self) -> np.ndarray:
        """Say which rows are studies, shape (m, b)."""
        return np.arange(len(self.vi))[:, None] < self.k

    def sums(self, rows: Array) -> Array:
        """Add up the rows of each analysis, one after the other; NumPy would add a lone column in another order."""
        alone = rows.shape[1] == 1 and len(rows) > 0
        return np.add.accumulate(rows, axis=0)[-1] if alone else np.add.reduce(rows, axis=0)

    def each(self, values: Array) -> Array:
        """Give every row the value of its analysis: as they are, for shape (b,) goes with shape (m, b)."""
        return values

    def light(self, weights: Array) -> Array:
        """Return weights without the heaviest of each analysis, which stands first."""
        return weights[1:]

    def logs(self, weights: Array) -> Array:
        """Return the sum of the logarithms of weights, shape (b,)."""
        return self.sums(np.log(weights, out=np.zeros_like(weights), where=self.real))

    def end_to_end(self, rows: Array) -> Array:
        """Return rows as they lay end to end, shape (n,)."""
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
        yi, vi = (rows.take(which, axis=1) for rows in (self.yi, self.vi))
        return Columns(yi, vi, np.cumsum(k) - k, k, self.smallest[which], self.lighter, self.centre[which],
                       self.scale[which])


def side_by_side(batch: Batch) -> tuple[Columns, Indices]:
    """Return analyses that lie end to end side by side, and which row there each row of them is, end to end."""
    order, heaviest = np.arange(len(batch.yi)), np.flatnonzero(batch.lighter == 0.0)
    order[batch.starts], order[heaviest] = heaviest, batch.starts
    yi, vi = columns(batch.yi[order], batch.k, 0.0), columns(batch.vi[order], batch.k, np.inf)
    return Columns(yi, vi, batch.starts, batch.k, batch.smallest, NOTHING, batch.centre, batch.scale), order


def columns(rows: Array, k: Indices, fill: float) -> Array:
    """Return rows of analyses end to end as columns, shape (largest k, b), filled up."""
    shape = len(k), k.max()
    if len(rows) == math.prod(shape):
        return np.ascontiguousarray(rows.reshape(shape).T)
    filled = np.full(shape, fill)
    filled[np.arange(shape[1]) < k[:, None]] = rows
    return np.ascontiguousarray(filled.T)
