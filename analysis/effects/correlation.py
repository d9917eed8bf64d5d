"""Effects from correlations."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, not_whole, present, settle


def correlation_checks(ri: Array, ni: Array, smallest: int) -> list[Check]:
    """Return what a correlation needs: a value inside -1 and 1, and enough people for its variance."""
    return [*present(ri, ni), (ni < 1, "n-below-one"), (not_whole(ni), "n-not-whole"), (np.abs(ri) >= 1,
            "correlation-out-of-range"), (ni < smallest, "n-too-small")]


def raw_correlation(ri: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return r with variance (1 - r^2)^2 / (n - 1) (COR).

    Args:
        ri: Correlations, shape (n,), strictly between -1 and 1.
        ni: Numbers of people, at least 2.

    Source:
        metafor escalc(measure="COR"), tests/reference/metafor/correlations.json.
    """
    ri, ni = as_columns(ri, ni)
    with np.errstate(all="ignore"):
        return settle(ri, (1 - ri**2) ** 2 / (ni - 1), correlation_checks(ri, ni, 2))


def fisher_z(ri: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return artanh(r) with variance 1 / (n - 3) (ZCOR). Arguments as above; at least 4 people.

    Source:
        metafor escalc(measure="ZCOR"), tests/reference/metafor/correlations.json.
    """
    ri, ni = as_columns(ri, ni)
    with np.errstate(all="ignore"):
        return settle(np.arctanh(ri), 1 / (ni - 3), correlation_checks(ri, ni, 4))
