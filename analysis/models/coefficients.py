"""Coefficients with their intervals."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array
from analysis.pooling.intervals import critical_value, two_sided_p


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of a model; the first of a regression is `intercept`."""

    name: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float


def make_coefficients(names: Iterable[str], estimates: Array, errors: Array, df: Array,
                      level: float) -> tuple[Coefficient, ...]:
    """Return estimates with intervals by t on df, or by the normal distribution where df is infinite.

    Args:
        names: One an estimate.
        estimates, errors, df: Shape (p,), in the units of the effects.
        level: Of the intervals.
    """
    reach = critical_value(df, level) * errors
    with np.errstate(divide="ignore", invalid="ignore"):  # an error of 0 leaves no statistic
        p_values = two_sided_p(estimates / errors, df)
    columns = (estimates, errors, estimates - reach, estimates + reach, p_values)
    return tuple(Coefficient(name, *(float(value) for value in values))
                 for name, *values in zip(names, *columns, strict=True))
