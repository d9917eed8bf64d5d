"""Newton's method inside a bracket, for many equations at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Indices

STEP_TOLERANCE = 1e-10  # relative to tau2 + the smallest variance: free of units
MOST_ITERATIONS = 120
BISECT_EVERY = 8  # Newton from inside a bracket may creep; a bisection now and then bounds the work

Evaluate = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Roots:
    """Roots of one equation per analysis, with what it took to find them; each of shape (b,)."""

    tau2: Array
    iterations: Indices
    converged: np.ndarray


def bracketed_newton(evaluate: Evaluate, low: Array, high: Array, smallest: Array) -> Roots:
    """Solve one equation per analysis inside its own bracket.

    Each analysis stops on its own, so that the others in the batch never change its answer.

    Args:
        evaluate: Takes tau2, shape (b,); gives values, positive left of the root, and Newton steps
            (NaN where there is none).
        low, high: The brackets, shape (b,).
        smallest: Smallest variance of each analysis, shape (b,), > 0.
    """
    tau2 = middle(low, high, smallest)
    iterations = np.zeros(len(tau2), dtype=np.intp)
    active = high > low
    tau2 = np.where(active, tau2, low)
    for iteration in range(1, MOST_ITERATIONS + 1):
        if not active.any():
            break
        value, step = evaluate(tau2)
        low, high = np.where(value > 0, tau2, low), np.where(value > 0, high, tau2)
        if iteration % BISECT_EVERY == 0:
            step = np.where(np.abs(step) > 1e-3 * (tau2 + smallest), np.nan, step)
        proposal = inside(tau2 + step, low, high, smallest)
        iterations += active
        moved = np.abs(proposal - tau2)
        tau2 = np.where(active, proposal, tau2)
        active = active & (moved > STEP_TOLERANCE * (tau2 + smallest))
    return Roots(tau2, iterations, ~active)


def inside(proposal: Array, low: Array, high: Array, smallest: Array) -> Array:
    """Return the proposals, with the middle of the bracket for those that left it."""
    fits = (proposal >= low) & (proposal <= high)  # False for NaN
    return np.where(fits, proposal, middle(low, high, smallest))


def middle(low: Array, high: Array, smallest: Array) -> Array:
    """Return the geometric middle of the bracket, measured from minus the smallest variance."""
    return np.clip(np.sqrt((low + smallest) * (high + smallest)) - smallest, low, high)
