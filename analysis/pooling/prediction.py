"""The prediction interval of Higgins, Thompson and Spiegelhalter, by name beside metafor's."""

from dataclasses import dataclass
from math import sqrt

from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.engine import pool


@dataclass(frozen=True)
class PredictionInterval:
    """Where the effect of a new study is expected, on the analysis scale, by t on `df` degrees of freedom."""

    low: float
    high: float
    df: int


def hts_prediction_interval(
    yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", level: float = 0.95
) -> PredictionInterval | None:
    """Return mu +- t(k - 2) sqrt(se^2 + tau2), with the Wald standard error of mu.

    Args:
        yi: Effects, shape (k,), on the analysis scale (log for ratios).
        vi: Their sampling variances, shape (k,), each > 0.
        tau2: A key of TAU2_ESTIMATORS, not FE: a common effect has no distribution to predict from.
        level: Between 0 and 1.

    Returns:
        None with fewer than three studies, and with FE.

    Raises:
        PoolingError: As `pool`.

    Source:
        Higgins, Thompson and Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x.
        Reference values: R's qt on metafor's fits, tests/reference/metafor/prediction_hts.json.
    """
    found = pool(yi, vi, tau2=tau2, test="z", level=level)
    if found.k < 3 or found.tau2 is None or tau2 == "FE":
        return None
    reach = float(special.stdtrit(found.k - 2, (1 + level) / 2)) * sqrt(found.se**2 + found.tau2)
    return PredictionInterval(found.estimate - reach, found.estimate + reach, found.k - 2)
