"""Several claims tested at once."""

from collections.abc import Sequence

import numpy as np

from analysis.pooling.batch import PoolingError


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return P values adjusted by Holm's step-down rule: with m of them, the i-th smallest times m - i + 1.

    Rejecting what is at most alpha keeps the chance of any false rejection at most alpha, whatever the dependence
    between the tests.

    Args:
        p_values: One a claim, each between 0 and 1; None where a claim was not tested, which counts for none.

    Returns:
        Adjusted values in the order given, None where there was None.

    Raises:
        PoolingError: A value outside 0 to 1.

    Source:
        Holm 1979, Scandinavian Journal of Statistics 6:65. Second program: statsmodels multipletests.
    """
    tested = np.array([value for value in p_values if value is not None], float)
    if not ((tested >= 0) & (tested <= 1)).all():
        raise PoolingError("A P value lies between 0 and 1.")
    order = np.argsort(tested, kind="stable")
    stepped = np.maximum.accumulate(tested[order] * (len(tested) - np.arange(len(tested))))
    adjusted = np.empty(len(tested))
    adjusted[order] = np.minimum(stepped, 1.0)
    following = iter(adjusted.tolist())
    return tuple(None if value is None else next(following) for value in p_values)
