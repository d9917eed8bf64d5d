"""Pool again without each study, or study by study as they came: batches built from one analysis."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import PoolingError, as_rows
from analysis.pooling.engine import pool_batch
from analysis.pooling.pooled_batch import PooledBatch


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
    others = np.nonzero(~np.eye(k, dtype=bool))[1]
    starts = np.arange(k) * (k - 1)
    return pool_batch(yi[others], vi[others], starts, tau2=tau2, test=test, level=level)


def cumulative(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj",
               level: float = 0.95) -> PooledBatch:
    """Pool the first row, the first two, and so on; analysis i holds rows 0 to i.

    Arguments and errors as in `pool_batch`, of one analysis in the order of time.
    """
    yi, vi = as_rows(yi, "yi"), as_rows(vi, "vi")
    check_lengths(yi, vi)
    k = len(yi)
    rows = np.nonzero(np.tri(k, dtype=bool))[1]
    starts = np.arange(k) * np.arange(1, k + 1) // 2
    return pool_batch(yi[rows], vi[rows], starts, tau2=tau2, test=test, level=level)


def check_lengths(yi: np.ndarray, vi: np.ndarray) -> None:
    """Refuse effects and variances that are not as many."""
    if len(yi) != len(vi):
        raise PoolingError(f"yi has {len(yi)} rows and vi has {len(vi)}; they must be as many.")
