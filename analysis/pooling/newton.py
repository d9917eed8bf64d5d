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


def bracketed_newton(evaluate: Evaluate, low: Array, high: Array, smallest: Array,
                     begin: Array | None = None, narrow: Callable[[Indices], Evaluate] | None = None) -> Roots:
    """Solve one equation per analysis inside its own bracket.

    Each analysis stops on its own, so that the others in the batch never change its answer.

    Args:
        evaluate: Takes tau2, shape (b,); gives values, positive left of the root, and Newton steps
            (NaN where there is none).
        low, high: The brackets, shape (b,).
        smallest: Smallest variance of each analysis, shape (b,), > 0.
        begin: Where to begin, shape (b,); in the middle of the bracket where it lies outside, or without it.
        narrow: Gives `evaluate` for some of the analyses, by their indices: once half have stopped, only the others
            go on.
    """
    begin = middle(low, high, smallest) if begin is None else inside(begin, low, high, smallest)
    search = Search(np.arange(len(low)), np.where(high > low, begin, low), low, high, smallest,
                    np.zeros(len(low), dtype=np.intp), high > low)
    roots = Roots(search.tau2.copy(), search.iterations.copy(), ~search.active)
    for iteration in range(1, MOST_ITERATIONS + 1):
        if not search.active.any():
            break
        if narrow is not None and 2 * np.count_nonzero(search.active) <= len(search.active):
            settle(roots, search)
            search = search.take(np.flatnonzero(search.active))
            evaluate = narrow(search.index)
        search = advance(search, evaluate, iteration % BISECT_EVERY == 0)
    settle(roots, search)
    return roots


@dataclass(frozen=True)
class Search:
    """Equations still being solved: which they are, where each stands, its bracket, and whether it moves."""

    index: Indices
    tau2: Array
    low: Array
    high: Array
    smallest: Array
    iterations: Indices
    active: np.ndarray

    def take(self, which: Indices) -> "Search":
        """Return some of them."""
        return Search(*(values[which] for values in vars(self).values()))


def advance(search: Search, evaluate: Evaluate, bisect: bool) -> Search:
    """Take one step."""
    tau2, smallest, active = search.tau2, search.smallest, search.active
    value, step = evaluate(tau2)
    low, high = np.where(value > 0, tau2, search.low), np.where(value > 0, search.high, tau2)
    if bisect:
        step = np.where(np.abs(step) > 1e-3 * (tau2 + smallest), np.nan, step)
    proposal = inside(tau2 + step, low, high, smallest)
    still = active & (np.abs(proposal - tau2) > STEP_TOLERANCE * (tau2 + smallest))
    moved = np.where(active, proposal, tau2)
    return Search(search.index, moved, low, high, smallest, search.iterations + active, still)


def settle(roots: Roots, search: Search) -> None:
    """Write down where each equation stands."""
    roots.tau2[search.index] = search.tau2
    roots.iterations[search.index] = search.iterations
    roots.converged[search.index] = ~search.active


def inside(proposal: Array, low: Array, high: Array, smallest: Array) -> Array:
    """Return the proposals, with the middle of the bracket for those that left it."""
    fits = (proposal >= low) & (proposal <= high)  # False for NaN
    return proposal if fits.all() else np.where(fits, proposal, middle(low, high, smallest))


def middle(low: Array, high: Array, smallest: Array) -> Array:
    """Return the geometric middle of the bracket, measured from minus the smallest variance."""
    return np.clip(np.sqrt((low + smallest) * (high + smallest)) - smallest, low, high)
