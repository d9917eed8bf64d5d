"""Damped Newton steps uphill from several starts at once, inside bounds."""

from collections.abc import Callable

import numpy as np

from analysis.pooling.batch import Array
from analysis.robustness.step_likelihood import Height

MOST_STEPS = 200
MOST_HALVINGS = 40
SETTLED = 1e-18  # what a Newton step still promises, in units of the log-likelihood
ROUNDING = 1e-13  # of the height: a step that leads down by no more is taken
FLATTEST = 1e-8  # curvature below this share of the steepest counts as none


def climb(height: Callable[[Array], Height], starts: Array, low: Array, high: Array) -> tuple[Array, np.ndarray]:
    """Climb from each start until a step promises nothing more.

    Where the surface is not concave the curvature is taken as positive, so that every step leads uphill; a step that
    does not is halved. A parameter at a bound that the slope pushes outwards stays there.

    Args:
        height: Gives value, gradient and curvature at points, shape (m, p).
        starts: Shape (m, p), inside the bounds.
        low, high: Bounds, shape (p,).

    Returns:
        The points reached, shape (m, p), and which of them settled, shape (m,).
    """
    points, here = starts.copy(), height(starts)
    settled = np.full(len(starts), False)
    for _ in range(MOST_STEPS):
        step, promise = uphill(here, points, low, high)
        settled = promise <= SETTLED
        if settled.all():
            break
        points, here = advance(height, points, here, np.where(settled[:, None], 0.0, step), low, high)
    return points, settled


def uphill(here: Height, points: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Return Newton steps on the parameters that are free, and what each promises: gradient times step."""
    held = outwards(here.gradient, points, low, high)
    step, promise = newton(here, ~held)
    for _ in range(points.shape[1]):
        again = held | outwards(step, points, low, high)
        if (again == held).all():
            break
        held = again
        step, promise = newton(here, ~held)
    return step, promise


def outwards(direction: Array, points: Array, low: Array, high: Array) -> np.ndarray:
    """Say which parameters are at a bound that a direction would cross."""
    return ((points <= low) & (direction < 0)) | ((points >= high) & (direction > 0))


def newton(here: Height, free: np.ndarray) -> tuple[Array, Array]:
    """Return steps on the free parameters with the curvature taken as positive, and what they promise."""
    gradient = np.where(free, here.gradient, 0.0)
    pairs = free[:, :, None] & free[:, None, :]
    values, vectors = np.linalg.eigh(np.where(pairs, -here.curvature, np.eye(free.shape[1])))
    sizes = np.abs(values)
    sizes = np.maximum(sizes, FLATTEST * sizes.max(axis=1, keepdims=True))
    along = np.einsum("mij,mi->mj", vectors, gradient)
    step = np.einsum("mij,mj->mi", vectors, along / sizes)
    return np.where(free, step, 0.0), (along**2 / sizes).sum(axis=1)


def advance(height: Callable[[Array], Height], points: Array, here: Height, step: Array, low: Array,
            high: Array) -> tuple[Array, Height]:
    """Take each step as far as the first bound, halved until it does not lead down; or not, if it always does."""
    factor, floor = farthest(points, step, low, high), here.value - ROUNDING * (1 + np.abs(here.value))
    better = np.full(len(points), False)
    for _ in range(MOST_HALVINGS):
        proposal = np.clip(points + factor[:, None] * step, low, high)
        better = height(proposal).value >= floor  # False for NaN
        if better.all():
            break
        factor = np.where(better, factor, factor / 2)
    points = np.where(better[:, None], proposal, points)
    return points, height(points)


def farthest(points: Array, step: Array, low: Array, high: Array) -> Array:
    """Return the share of each step, at most 1, that ends at the first bound it meets."""
    room = np.where(step > 0, high - points, points - low)
    shares = np.divide(room, np.abs(step), out=np.full_like(step, np.inf), where=step != 0)
    return np.minimum(1.0, shares.min(axis=1) * (1 + 1e-12))
