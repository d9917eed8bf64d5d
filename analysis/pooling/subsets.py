"""Pool again without each study, or study by study as they came: batches built from one analysis."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import Indices, PoolingError, check
from analysis.pooling.engine import check_options, pool_batch, pool_laid_out
from analysis.pooling.pooled_batch import PooledBatch, join, without_weights
from analysis.pooling.without_one import without_each

ROWS_AT_ONCE = 1_000_000  # of analyses made row by row
ANALYSES_AT_ONCE = 100_000  # of those made by subtraction
PoolRows = Callable[[Indices, Indices], PooledBatch]  # rows laid end to end, and where each analysis starts
FEW = 64  # up to here all rows are left out row by row, which costs no more


def leave_one_out(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
                  level: float = 0.95) -> PooledBatch:
    """Pool k times, each time without one row; analysis i is without row i.

    The cost is linear in k: see `without_one`. Weights are not kept.
    Arguments as in `pool_batch`, of one analysis.

    Raises:
        PoolingError: Fewer than two rows, or a row that is not allowed.
    """
    options = {"tau2": tau2, "test": test, "level": level}
    check_options(**options)
    yi, vi, _ = check(yi, vi, [0])
    k = len(yi)
    if k < 2:
        raise PoolingError("Leaving one study out needs at least 2 studies; there is 1.")

    def pool_rows(rows: Indices, starts: Indices) -> PooledBatch:
        return pool_batch(yi[rows], vi[rows], starts, **options)

    if k <= FEW:
        return leave_one_out_rows(k, pool_rows)
    batch = without_each(yi, vi)
    singly = np.setdiff1d(np.arange(k), batch.left_out)
    parts = [pool_laid_out(batch.take(np.arange(first, last)), **options)
             for first, last in ranges(len(batch.left_out), ANALYSES_AT_ONCE)]
    pooled = join([*parts, row_by_row(k, singly, pool_rows)])
    return pooled.take(np.argsort(np.concatenate((batch.left_out, singly))))


def leave_one_out_rows(k: int, pool_rows: PoolRows) -> PooledBatch:
    """Pool k times by any way of pooling, each time without one of k rows; analysis i is without row i.

    Args:
        k: Rows of the analysis, at least 2.
        pool_rows: Pools the rows of the given indices, laid end to end, analyses beginning at the given starts.
    """
    return row_by_row(k, np.arange(k), pool_rows)


def row_by_row(k: int, left_out: Indices, pool_rows: PoolRows) -> PooledBatch:
    """Pool without each of the given rows, from the rows that stay."""

    def without(rows: Indices) -> PooledBatch:
        kept = np.nonzero(np.arange(k) != rows[:, None])[1]
        return pool_rows(kept, np.arange(len(rows)) * (k - 1))

    return join([without_weights(without(left_out[first:last]))
                 for first, last in ranges(len(left_out), ROWS_AT_ONCE // k)])


def cumulative(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
               level: float = 0.95) -> PooledBatch:
    """Pool the first row, the first two, and so on; analysis i holds rows 0 to i.

    Arguments and errors as in `pool_batch`, of one analysis in the order of time.
    """
    yi, vi, _ = check(yi, vi, [0])
    return cumulative_rows(
        len(yi), lambda rows, starts: pool_batch(yi[rows], vi[rows], starts, tau2=tau2, test=test, level=level))


def cumulative_rows(k: int, pool_rows: PoolRows) -> PooledBatch:
    """Pool row 0, rows 0 and 1, and so on, by any way of pooling. Arguments as in `leave_one_out_rows`."""

    def up_to(first: int, last: int) -> PooledBatch:
        sizes = np.arange(first, last) + 1
        rows = np.nonzero(np.arange(k) < sizes[:, None])[1]
        return pool_rows(rows, np.cumsum(sizes) - sizes)

    return join([up_to(*part) for part in ranges(k, ROWS_AT_ONCE // k)])


def ranges(analyses: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of analyses, `size` at once or one at least."""
    size = max(1, size)
    return ((first, min(first + size, analyses)) for first in range(0, analyses, size))
