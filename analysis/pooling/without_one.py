"""All analyses that leave out one row of many, by subtracting that row from the sums of the whole.

A row may be subtracted only where enough is left. `SHARE` is the most that it may hold of any sum; the rows that hold
more are few (no sum has more than 1 / SHARE of them) and are left out row by row in `subsets`. The row of smallest
variance is among those, so that every analysis here has it: units and weights compare with the same study.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.pooling.batch import NOTHING, Array, Indices, make_batch
from analysis.pooling.smooth_sums import At, SmoothSums
from analysis.pooling.weighting import trace, trace_of_square, weigh

SHARE = 1 / 16
STEP = 2.0  # in u of `smooth_sums`, between the places where shares are looked at


@dataclass(frozen=True)
class Whole:
    """One analysis from which rows are to be left out, shifted and scaled as `Batch` is.

    Args:
        yi, vi: Its rows, shape (n,).
        heaviest: The row of smallest variance.
        light: Sums over all other rows.
        centre, scale: As in `Batch`.
    """

    yi: Array
    vi: Array
    heaviest: int
    light: SmoothSums
    centre: float
    scale: float


@dataclass(frozen=True)
class WithoutOne:
    """A batch of analyses, each the whole without one row: what `Batch` is, but for the rows.

    Args:
        whole: What they have in common.
        left_out: The row that each lacks, shape (b,).
    """

    whole: Whole
    left_out: Indices
    kept: dict = field(default_factory=dict)

    @property
    def k(self) -> Indices:
        """Return the rows of each analysis."""
        return np.full(len(self.left_out), len(self.whole.yi) - 1)

    @property
    def smallest(self) -> Array:
        """Return the smallest vi of each analysis; that row is never left out here."""
        return np.full(len(self.left_out), self.whole.vi[self.whole.heaviest])

    @property
    def centre(self) -> Array:
        """Return what was taken from yi."""
        return np.full(len(self.left_out), self.whole.centre)

    @property
    def scale(self) -> Array:
        """Return what yi was divided by."""
        return np.full(len(self.left_out), self.whole.scale)

    @property
    def starts(self) -> Indices:
        """Return where each analysis would start if the rows were there."""
        return np.arange(len(self.left_out)) * (len(self.whole.yi) - 1)

    def spread(self) -> Array:
        """Return the sum of squared distances from the unweighted mean, shape (b,)."""
        yi, k = self.whole.yi, len(self.whole.yi)
        return np.maximum((yi**2).sum() - yi[self.left_out] ** 2 * k / (k - 1), 0.0)

    @property
    def df(self) -> Array:
        """Return the degrees of freedom of each analysis."""
        return self.k - 1.0

    def crude(self) -> Array:
        """Return the mean squared distance from the unweighted mean, shape (b,)."""
        return self.spread() / self.k

    def mean_variance(self) -> Array:
        """Return the mean of the sampling variances, shape (b,)."""
        return (self.whole.vi.sum() - self.whole.vi[self.left_out]) / self.k

    def largest(self) -> Array:
        """Return the largest vi of each analysis, shape (b,)."""
        second, first = np.sort(self.whole.vi)[-2:]
        return np.where(self.whole.vi[self.left_out] == first, second, first)

    def identical(self) -> np.ndarray:
        """Say in which analyses all effects are the same; one that differs is never left out here."""
        return np.full(len(self.left_out), not self.whole.yi.any())

    def take(self, which: Indices) -> "WithoutOne":
        """Return a batch of the chosen analyses; one may be chosen several times."""
        return WithoutOne(self.whole, self.left_out[which])


@dataclass(frozen=True)
class WeightedWithoutOne:
    """What `Weighted` is, but for the rows. `light` are the sums without the heaviest row and the one left out."""

    batch: WithoutOne
    tau2: Array
    light: At
    heaviest: Array
    total: Array
    mean: Array

    @property
    def from_centre(self) -> Array:
        """Return the distance of the mean from where the sums are centred."""
        return self.mean - self.light.centre

    def residual(self) -> Array:
        """Return the distance of the heaviest row from the mean."""
        return self.batch.whole.yi[self.batch.whole.heaviest] - self.mean

    def squares(self) -> Array:
        """Return the sum of w ** 2."""
        return self.light.w[1] + self.heaviest**2

    def lean(self) -> Array:
        """Return the sum of w ** 2 r."""
        return self.light.wy[1] - self.from_centre * self.light.w[1] + self.heaviest**2 * self.residual()

    def spread(self, power: int) -> Array:
        """Return the sum of w ** power r ** 2; exactly 0 where all effects are the same."""
        d, i = self.from_centre, power - 1
        light = self.light.wyy[i] - 2 * d * self.light.wy[i] + d**2 * self.light.w[i]
        return np.maximum(light + self.heaviest**power * self.residual() ** 2, 0.0)

    def logs(self) -> Array:
        """Return the sum of log w."""
        return self.light.logs + np.log(self.heaviest)

    def log_information(self) -> Array:
        """Return the logarithm of the sum of the weights."""
        return np.log(self.total)

    def trace_of_square(self) -> Array:
        """Return tr PP."""
        return trace_of_square(self.total, *self.light.w, self.heaviest)

    def cubic(self) -> Array:
        """Return y'PPPy."""
        return self.spread(3) - self.lean() ** 2 / self.total

    def trace(self) -> Array:
        """Return the trace of the projection P as `Weighted` does."""
        return trace(self.total, self.light.w[0], self.light.w[1], self.heaviest)

    def percent(self) -> Array:
        """Return no weights: there would be one for each pair of rows."""
        return NOTHING


@weigh.register
def weigh_without_one(batch: WithoutOne, tau2: Array) -> WeightedWithoutOne:
    """Weigh by 1 / (vi + tau2); tau2 has shape (b,), each >= 0."""
    whole = batch.whole
    light = subtract(whole.light.at(tau2), whole.yi[batch.left_out], 1 / (whole.vi[batch.left_out] + tau2))
    heaviest = 1 / (batch.smallest + tau2)
    total = light.w[0] + heaviest
    lean = light.wy[0] + heaviest * (whole.yi[whole.heaviest] - light.centre)
    return WeightedWithoutOne(batch, tau2, light, heaviest, total, light.centre + lean / total)


def subtract(sums: At, yi: Array, weights: Array) -> At:
    """Return sums without one row each."""
    y, powers = yi - sums.centre, weights ** np.arange(1, 4)[:, None]
    return At(sums.centre, sums.w - powers, sums.wy - powers * y, sums.wyy - powers * y**2,
              sums.logs - np.log(weights))


def without_each(yi: Array, vi: Array) -> WithoutOne:
    """Return the batch of all analyses without one row that can be had by subtraction.

    Args:
        yi, vi: Effects and variances, checked, shape (n,), n > 2.
    """
    batch = make_batch(yi, vi, [0])
    heaviest = int(np.argmin(batch.vi))
    rest = np.arange(len(yi)) != heaviest
    light = SmoothSums(batch.yi[rest], batch.vi[rest], float(batch.smallest[0]))
    whole = Whole(batch.yi, batch.vi, heaviest, light, float(batch.centre[0]), float(batch.scale[0]))
    return WithoutOne(whole, np.flatnonzero(~dominant(batch.yi, batch.vi)))


def dominant(yi: Array, vi: Array) -> np.ndarray:
    """Say which rows hold more than SHARE of a sum of weights or of squares at some tau2, shape (n,).

    Weights fall with the variance at every tau2, so that the row of rank r never holds more than 1 / r of them.
    Squares are looked at from tau2 = 0 to where all weights are nearly the same.
    """
    many = np.zeros(len(vi), dtype=bool)
    many[np.argsort(vi, kind="stable")[:round(1 / SHARE)]] = True
    smallest = vi.min()
    for u in np.arange(0, np.log(vi.max() / smallest) + 2 * STEP, STEP):
        weights = 1 / (vi + smallest * np.expm1(u))
        pull = weights * (yi - weights @ yi / weights.sum()) ** 2
        for squares in (pull, weights * pull):
            many |= squares > SHARE * squares.sum()
    return many
