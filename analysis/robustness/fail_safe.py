"""Rosenthal's fail-safe N, for readers who ask for it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.batch import PoolingError, as_rows, make_batch

WARNING = (
    "The fail-safe N counts studies until a sum of z values loses significance. It assumes that unpublished studies "
    "have no effect on average, looks neither at the size of the effect nor at heterogeneity, and grows with the "
    "number of studies whether or not there is bias: it is no evidence that a result is safe."
)


@dataclass(frozen=True)
class FailSafe:
    """How many studies with z of 0 on average would lift the one-sided P above alpha.

    Args:
        n: That number; 0 where P is above alpha already.
        p_value: One-sided P of the sum of z values (Stouffer).
        alpha: The level.
        warning: What must be said beside it.
    """

    n: int
    p_value: float
    alpha: float
    warning: str = WARNING


def fail_safe_n(yi: ArrayLike, vi: ArrayLike, *, alpha: float = 0.05) -> FailSafe:
    """Return Rosenthal's fail-safe N: (sum of z)^2 / z(alpha)^2 - k, at least 0, rounded up.

    It is no evidence that a result is safe: see WARNING, which every result carries.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        alpha: One-sided level, above 0 and below 0.5.

    Source:
        Rosenthal 1979, doi:10.1037/0033-2909.86.3.638; metafor fsn, tests/reference/metafor/small_study.json.
        Against its use: Cochrane Handbook 5.1, chapter 10.
    """
    if not 0.0 < alpha < 0.5:
        raise PoolingError(f"alpha is {alpha}. It lies above 0 and below 0.5.")
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    z = as_rows(yi, "yi") / np.sqrt(as_rows(vi, "vi"))
    total, critical = float(z.sum()), float(-special.ndtri(alpha))
    p_value = float(special.ndtr(-abs(total) / np.sqrt(len(z))))
    return FailSafe(max(0, ceil((total / critical) ** 2 - len(z))), p_value, alpha)
