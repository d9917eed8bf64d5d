"""Pool again without each study, or study by study as they came: batches built from one analysis."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import PoolingError, as_rows
from analysis.pooling.engine import pool_batch
from analysis.pooling.pooled_batch import PooledBatch, join

ROWS_AT_ONCE = 1_000_000  # leaving one out of k makes k (k - 1) rows; more at once would fill the memory


def leave_one_out(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
                  level: float = 0.95) -> PooledBatch:
    """Pool k times, each time without one row; analysis i is without row i.

    Arguments as in `pool_batch`, of one analysis.

    Raises:
        PoolingError: Fewer than two rows, or a row that is not allowed.
    """
    yi, vi = as_rows(yi, "yi"), as_rows(vi, "vi")
    k = len(yi)
    if k < 2:
        raise PoolingError("Leaving one study out needs at least 2 studies; there is 1.")
    check_lengths(yi, vi)

    def without(first: int, last: int) -> PooledBatch:
        rows = np.nonzero(np.arange(k) != np.arange(first, last)[:, None])[1]
        return pool_batch(yi[rows], vi[rows], np.arange(last - first) * (k - 1), tau2=tau2, test=test, level=level)

    return join([without(*block) for block in blocks(k)])


def cumulative(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
               level: float = 0.95) -> PooledBatch:
    """Pool the first row, the first two, and so on; analysis i holds rows 0 to i.

    Arguments and errors as in `pool_batch`, of one analysis in the order of time.
    """
    yi, vi = as_rows(yi, "yi"), as_rows(vi, "vi")
    check_lengths(yi, vi)
    k = len(yi)

    def up_to(first: int, last: int) -> PooledBatch:
        sizes = np.arange(first, last) + 1
        rows = np.nonzero(np.arange(k) < sizes[:, None])[1]
        starts = np.cumsum(sizes) - sizes
        return pool_batch(yi[rows], vi[rows], starts, tau2=tau2, test=test, level=level)

    return join([up_to(*block) for block in blocks(k)])


def blocks(k: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of analyses whose rows fit in memory together."""
    size = max(1, ROWS_AT_ONCE // k)
    return ((first, min(first + size, k)) for first in range(0, k, size))


def check_lengths(yi: np.ndarray, vi: np.ndarray) -> None:
    """Refuse effects and variances that are not as many."""
    if len(yi) != len(vi):
        raise PoolingError(f"yi has {len(yi)} rows and vi has {len(vi)}; they must be as many.")
