"""Ragged batches: many analyses laid end to end in flat arrays, checked and brought to a common footing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

WIDEST_SPREAD = 1e30  # in smallest standard errors; far beyond it sums of squares leave double precision
SMALLEST_VARIANCE = 1e-300  # the weight of a smaller one overflows
NOTHING: Array = np.empty(0)


class PoolingError(ValueError):
    """Effects that cannot be pooled: which row, what was found, what is allowed."""


@dataclass(frozen=True)
class Batch:
    """Analyses end to end, each shifted to mean 0 and scaled so that its smallest variance is near 1.

    Shift and scale are undone in the results. They keep Q from being a difference of large sums, and make
    every tolerance free of units. The scale is a power of two, so that scaling itself rounds nothing.

    Args:
        yi: Centred and scaled effects, shape (n,).
        vi: Scaled sampling variances, shape (n,); the smallest of each analysis lies in [1, 4).
        starts: First row of each analysis, shape (b,).
        k: Rows of each analysis, shape (b,).
        smallest: Smallest vi of each analysis, shape (b,).
        lighter: Shape (n,); 0 for one row of smallest vi in each analysis, 1 for all others.
        centre: What was taken from yi, shape (b,), units of the effects.
        scale: What yi was divided by, shape (b,), a power of two.
        kept: What was worked out once for several to use.
    """

    yi: Array
    vi: Array
    starts: Indices
    k: Indices
    smallest: Array
    lighter: Array
    centre: Array
    scale: Array
    kept: dict = field(default_factory=dict)

    def sums(self, rows: Array) -> Array:
        """Add up the rows of each analysis in an order that does not depend on the others, so that none changes a bit.
        """
        return np.add.reduceat(rows, self.starts)

    def each(self, values: Array) -> Array:
        """Give every row the value of its analysis, shape (n,)."""
        return np.repeat(values, self.k)

    def light(self, weights: Array) -> Array:
        """Return weights without the heaviest of each analysis, in rows that can be summed."""
        return weights * self.lighter

    def logs(self, weights: Array) -> Array:
        """Return the sum of the logarithms of weights, shape (b,)."""
        return self.sums(np.log(weights))

    def end_to_end(self, rows: Array) -> Array:
        """Return rows as they came in, shape (n,)."""
        return rows

    def spread(self) -> Array:
        """Return the sum of squared distances from the unweighted mean, shape (b,)."""
        return self.sums(self.yi**2)

    @property
    def df(self) -> Array:
        """Return k - 1, but 1 for a single study, whose tau2 is 0 under every estimator; shape (b,)."""
        return np.maximum(self.k - 1.0, 1.0)

    def crude(self) -> Array:
        """Return the mean squared distance from the unweighted mean, shape (b,)."""
        return self.spread() / self.k

    def mean_variance(self) -> Array:
        """Return what sampling makes of the unweighted variance of the effects, shape (b,)."""
        return self.sums(self.vi) / self.k

    def largest(self) -> Array:
        """Return the largest vi of each analysis, shape (b,)."""
        return np.maximum.reduceat(self.vi, self.starts)

    def identical(self) -> np.ndarray:
        """Say in which analyses all effects are the same, shape (b,)."""
        return np.maximum.reduceat(np.abs(self.yi), self.starts) == 0.0

    def take(self, which: Indices) -> "Batch":
        """Return a batch of the chosen analyses; one may be chosen several times."""
        k = self.k[which]
        starts, rows = rows_of(self.starts[which], k)
        return Batch(self.yi[rows], self.vi[rows], starts, k, self.smallest[which],
                     self.lighter[rows], self.centre[which], self.scale[which])


def once_each(function: Callable[[Array], Array], values: Array) -> Array:
    """Return a function of values that often are the same, worked out once for each that differs."""
    found, which = np.unique(values, return_inverse=True)
    return function(found)[which]


def rows_of(starts: Indices, k: Indices) -> tuple[Indices, Indices]:
    """Return where analyses of k rows start once they lie end to end, and the rows that they are made of.

    Args:
        starts: Where the rows of each analysis begin now, shape (b,).
        k: Rows of each, shape (b,).
    """
    ends = np.cumsum(k)
    return ends - k, np.repeat(starts - (ends - k), k) + np.arange(ends[-1])


def make_batch(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike) -> Batch:
    """Check effects and lay them out end to end, all at once.

    Args:
        yi: Effects, shape (n,), on the analysis scale (log for ratios), finite.
        vi: Sampling variances, shape (n,), squared units of yi, each > 0 and finite.
        starts: First row of each analysis, shape (b,), rising from 0.

    Raises:
        PoolingError: A row that is not allowed, named by its index from 0; or lengths that do not fit.
    """
    yi, vi, starts = check(yi, vi, starts)
    return lay_out(yi, vi, starts, np.arange(len(yi)))


def check(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike) -> tuple[Array, Array, Indices]:
    """Return effects, variances and starts as arrays, or refuse them."""
    yi, vi = as_rows(yi, "yi"), as_rows(vi, "vi")
    check_rows(yi, vi)
    return yi, vi, check_starts(starts, len(yi))


def lay_out(yi: Array, vi: Array, starts: Indices, names: Indices) -> Batch:
    """Shift each analysis to mean 0 and scale it to a smallest variance in [1, 4).

    Args:
        yi, vi, starts: As in `make_batch`, checked.
        names: What the rows are called in an error.
    """
    k = np.diff(np.append(starts, len(yi)))
    smallest = np.minimum.reduceat(vi, starts)
    scale, first = power_of_two_below_root(smallest), yi[starts]
    units = np.repeat(scale, k)
    with np.errstate(over="ignore"):  # what overflows is refused on the next line
        from_first = (yi - np.repeat(first, k)) / units  # exactly 0 when all effects are the same
        scaled = vi / units / units
    check_spread(from_first, scaled, names)
    mean = np.add.reduceat(from_first, starts) / k
    smallest = np.minimum.reduceat(scaled, starts)
    lighter = 1.0 - first_smallest(scaled, np.repeat(smallest, k), starts)
    return Batch(from_first - np.repeat(mean, k), scaled, starts, k, smallest, lighter, first + mean * scale, scale)


def power_of_two_below_root(variances: Array) -> Array:
    """Return the largest power of two whose square is at most the variance."""
    _, exponent = np.frexp(variances)
    return np.ldexp(1.0, (exponent - 1) // 2)


def first_smallest(vi: Array, smallest: Array, starts: Indices) -> Array:
    """Mark with 1 the first row of each analysis that has its smallest variance."""
    positions = np.where(vi == smallest, np.arange(len(vi)), len(vi))
    marks = np.zeros(len(vi))
    marks[np.minimum.reduceat(positions, starts)] = 1.0
    return marks


def as_rows(values: ArrayLike, name: str) -> Array:
    """Return values as a flat array of numbers."""
    try:
        rows = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise PoolingError(f"{name} must be numbers: {error}.") from error
    if rows.ndim != 1 or rows.size == 0:
        raise PoolingError(f"{name} must be a list of at least one number; its shape is {rows.shape}.")
    return rows


def check_rows(yi: Array, vi: Array) -> None:
    """Refuse effects that are not finite and variances that are not positive and finite."""
    if len(yi) != len(vi):
        raise PoolingError(f"yi has {len(yi)} rows and vi has {len(vi)}; they must be as many.")
    bad = ~np.isfinite(yi)
    if bad.any():
        row = int(np.argmax(bad))
        raise PoolingError(f"Row {row}: yi is {yi[row]}. An effect must be a finite number.")
    bad = ~(np.isfinite(vi) & (vi > 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise PoolingError(f"Row {row}: vi is {vi[row]}. A sampling variance must be a finite number above 0.")
    bad = vi < SMALLEST_VARIANCE
    if bad.any():
        row = int(np.argmax(bad))
        raise PoolingError(f"Row {row}: vi is {vi[row]}, too small for double precision; the least is "
                           f"{SMALLEST_VARIANCE:.0e}.")


def check_starts(starts: ArrayLike, rows: int) -> Indices:
    """Refuse starts that leave an analysis empty or a row without an analysis."""
    starts = np.asarray(starts)
    whole = starts.ndim == 1 and starts.size > 0 and np.issubdtype(starts.dtype, np.integer)
    if not (whole and starts[0] == 0 and starts[-1] < rows and (np.diff(starts) > 0).all()):
        raise PoolingError(f"starts must be whole numbers that begin with 0, rise, and stay below {rows}.")
    return starts.astype(np.intp)


def check_spread(distances: Array, variances: Array, names: Indices) -> None:
    """Refuse effects and variances too far apart, beside the smallest variance, for double precision."""
    bad = ~((np.abs(distances) <= WIDEST_SPREAD) & (variances <= WIDEST_SPREAD**2))
    if bad.any():
        row = int(names[np.argmax(bad)])
        raise PoolingError(f"Row {row}: beside the smallest standard error of its analysis, yi or vi differs from "
                           f"the others by a factor above {WIDEST_SPREAD:.0e}. "
                           "Such numbers cannot be pooled in double precision.")
