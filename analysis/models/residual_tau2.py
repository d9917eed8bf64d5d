"""Residual heterogeneity of a meta-regression, by the estimators of the engine."""

import numpy as np

from analysis.models.design import Design
from analysis.models.designs import alone
from analysis.pooling.batch import Array
from analysis.pooling.profile import solve_generalised_q
from analysis.pooling.tau2 import TAU2_ESTIMATORS


def estimate_tau2(design: Design, method: str) -> float:
    """Return residual tau2 in units of the smallest variance, exactly 0.0 at the boundary.

    Args:
        design: The regression.
        method: A key of TAU2_ESTIMATORS.
    """
    return float(TAU2_ESTIMATORS[method](alone(design)).tau2[0])


def solve_q(design: Design, targets: Array) -> Array:
    """Return the tau2 at which QE equals each target, shape (t,); 0 where QE at zero is at most that."""
    return solve_generalised_q(alone(design, len(targets)), np.asarray(targets)).tau2
