"""Priors of tau, the standard deviation between studies. A new one is a function and a line of PRIORS."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array


@dataclass(frozen=True)
class Prior:
    """A prior of tau, with scale 1.

    Args:
        log_density: Of tau >= 0, normalised.
        tail: The power of 1 / tau by which the density falls; infinite when it falls faster than any.
    """

    log_density: Callable[[Array], Array]
    tail: float


def half_normal(tau: Array) -> Array:
    """Return log of sqrt(2 / pi) exp(-tau^2 / 2)."""
    return 0.5 * np.log(2 / np.pi) - tau**2 / 2


def half_cauchy(tau: Array) -> Array:
    """Return log of 2 / (pi (1 + tau^2))."""
    return np.log(2 / np.pi) - np.log1p(tau**2)


PRIORS: dict[str, Prior] = {"half-normal": Prior(half_normal, np.inf), "half-cauchy": Prior(half_cauchy, 2.0)}
