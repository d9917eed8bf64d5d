"""Graphical display of study heterogeneity: the pool of every set of studies, or of a million of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling import estimate_batch, pool
from analysis.pooling.batch import Array, Indices
from analysis.pooling.seeds import seed_of

MOST_SETS = 1_000_000
SETS_AT_ONCE = 20_000
QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Spread:
    """The five numbers of a distribution."""

    min: float
    q1: float
    median: float
    q3: float
    max: float


@dataclass(frozen=True)
class Gosh:
    """The pools of sets of at least two studies.

    Args:
        sets: How many.
        every: Whether these are all sets there are.
        seed: Of the draws of sets; None where all were taken.
        estimate: Of the sets, on the analysis scale.
        i2: Of the sets, percent.
        estimates, i2s: Those of each set, shape (sets,).
    """

    sets: int
    every: bool
    seed: int | None
    estimate: Spread
    i2: Spread
    estimates: Array
    i2s: Array


def gosh(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", most: int = MOST_SETS,
         seed: int | None = None) -> Gosh | None:
    """Pool all sets of at least two studies where there are at most `most`, else so many drawn at random.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        tau2: A key of TAU2_ESTIMATORS.
        most: Sets at most.
        seed: Of random sets, each as likely as any other; from the data where none is given.

    Returns:
        None with fewer than three studies, which have but one set.

    Source:
        Olkin, Dahabreh and Trikalinos 2012, doi:10.1002/jrsm.1053; metafor gosh.
    """
    pool(yi, vi, tau2=tau2)  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    k = len(yi)
    if k < 3:
        return None
    every = 2**k - k - 1 <= most
    seed = None if every else seed_of(yi, vi) if seed is None else seed
    blocks = all_sets(k) if every else random_sets(k, most, np.random.default_rng(seed))
    parts = [pool_sets(yi, vi, members, tau2) for members in blocks]
    estimates, i2s = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Gosh(len(estimates), every, seed, spread(estimates), spread(i2s), estimates, i2s)


def spread(values: Array) -> Spread:
    """Return the five numbers of values."""
    return Spread(*map(float, np.quantile(values, QUARTILES)))


def pool_sets(yi: Array, vi: Array, members: np.ndarray, tau2: str) -> tuple[Array, Array]:
    """Return estimate and I2 of sets, given as rows of membership, shape (sets, k)."""
    rows = np.nonzero(members)[1]
    sizes = members.sum(1)
    found = estimate_batch(yi[rows], vi[rows], np.cumsum(sizes) - sizes, tau2=tau2)
    return found.estimate, found.i2


def all_sets(k: int) -> Iterator[np.ndarray]:
    """Yield the memberships of all sets of at least two of k, in blocks."""
    for first in range(0, 2**k, SETS_AT_ONCE):
        numbers = np.arange(first, min(first + SETS_AT_ONCE, 2**k))
        members = (numbers[:, None] >> np.arange(k)) & 1 == 1
        large = members[members.sum(1) > 1]
        if len(large):
            yield large


def random_sets(k: int, count: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield memberships of sets drawn at random, each of at least two studies, in blocks; count in all."""
    left = count
    while left:
        members = random.random((SETS_AT_ONCE, k)) < 0.5
        large = members[members.sum(1) > 1][:left]
        left -= len(large)
        yield large


def tally(found: Gosh, columns: int, rows: int) -> tuple[Indices, Array, Array]:
    """Return how many sets lie in each cell of a grid, shape (columns, rows), and the edges of both axes."""
    low, high = found.estimate.min, found.estimate.max
    room = 0.04 * (high - low) or 1.0
    counts, across, up = np.histogram2d(found.estimates, found.i2s, bins=(columns, rows),
                                        range=((low - room, high + room), (0.0, 100.0)))
    return counts.astype(np.intp), across, up
