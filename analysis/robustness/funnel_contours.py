"""Contours of a funnel plot about no effect: where each study lies between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.batch import PoolingError, as_rows, make_batch

LEVELS = (0.10, 0.05, 0.01)


@dataclass(frozen=True)
class Contour:
    """Studies on this line have a two-sided P of `p_value`: their effect is `quantile` standard errors from none.

    `beyond` counts the studies outside it, whose P is smaller.
    """

    p_value: float
    quantile: float
    beyond: int


def funnel_contours(yi: ArrayLike, vi: ArrayLike, *, levels: tuple[float, ...] = LEVELS,
                    no_effect: float = 0.0) -> tuple[Contour, ...]:
    """Return contours of equal P about no effect, and how many studies lie beyond each.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        levels: Two-sided P values, each between 0 and 1.
        no_effect: Where the contours meet, on the analysis scale.

    Source:
        Peters et al. 2008, doi:10.1016/j.jclinepi.2007.11.010.
    """
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    if not all(0.0 < level < 1.0 for level in levels):
        raise PoolingError("The P value of a contour lies between 0 and 1.")
    distance = np.abs(as_rows(yi, "yi") - no_effect) / np.sqrt(as_rows(vi, "vi"))
    quantiles = [float(-special.ndtri(level / 2)) for level in levels]
    return tuple(Contour(level, quantile, int((distance > quantile).sum()))
                 for level, quantile in zip(levels, quantiles, strict=True))
