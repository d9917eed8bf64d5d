"""How much of what varies between branches each choice explains."""

import numpy as np


def eta_squared(values: np.ndarray, picks: np.ndarray) -> float | None:
    """Return the share of the sum of squares of values that lies between the options of one choice.

    Where every combination occurs, the shares of all choices add up to one less what their combinations (the
    interactions) explain; where some are missing they may overlap.

    Args:
        values: One a branch, shape (b,), finite.
        picks: The option of each branch, shape (b,), from 0.

    Returns:
        0 to 1; None when the values do not vary beyond rounding.

    Source:
        Fisher 1925, Statistical Methods for Research Workers, section 45 (the correlation ratio).
    """
    if not len(values) or np.ptp(values) <= 1e-12 * np.abs(values).max():
        return None
    residuals = values - values.mean()
    counts = np.bincount(picks)
    sums = np.bincount(picks, weights=residuals)
    between = (sums[counts > 0] ** 2 / counts[counts > 0]).sum()
    return float(min(between / (residuals**2).sum(), 1.0))
