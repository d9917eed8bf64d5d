"""The likelihood of a step-function selection model, with its first and second derivatives."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.pooling.batch import Array

ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True)
class Observed:
    """Studies of which those past a cut were always seen, and the others by chance.

    Args:
        yi, vi: Effects and their variances, shape (k,), turned so that large effects are the favoured ones.
        cut: Smallest favoured effect of each study, shape (k,): the critical z times its standard error.
        others: How many studies lie below their cut.
    """

    yi: Array
    vi: Array
    cut: Array
    others: int


@dataclass(frozen=True)
class Height:
    """The log-likelihood at points (mu, tau2, log delta); m points.

    Args:
        value: Shape (m,).
        gradient: Shape (m, 3).
        curvature: Shape (m, 3, 3), the second derivatives.
    """

    value: Array
    gradient: Array
    curvature: Array


def log_likelihood(observed: Observed, points: Array) -> Height:
    """Return the log-likelihood of a step-function selection model.

    A study below its cut is seen with delta times the chance of one above it. With s2 = vi + tau2, b the cut in units
    of s from mu, and A = Phi(-b) + delta Phi(b) the chance of being seen, each study adds log N(yi; mu, s2) - log A,
    and log delta when it lies below.

    Args:
        observed: The studies.
        points: (mu, tau2, log delta), shape (m, 3), tau2 >= 0.
    """
    mu, tau2, eta = (points[:, [column]] for column in range(3))
    s2 = observed.vi + tau2
    s, delta = np.sqrt(s2), np.exp(eta)
    u, b = (observed.yi - mu) / s, (observed.cut - mu) / s
    below, density = special.ndtr(b), np.exp(-(b**2) / 2) / ROOT_TWO_PI
    seen = special.ndtr(-b) + delta * below
    pull = (1 - delta) * density
    value = -(np.log(s2) + u**2) / 2 - np.log(seen) - np.log(ROOT_TWO_PI)
    first = np.stack((pull / s, pull * b / (2 * s2), delta * below), axis=1) / seen[:, None]  # of log A
    plain = np.stack((u / s, (u**2 - 1) / (2 * s2), np.zeros_like(u)), axis=1)
    second = np.stack((
        pull * b / s2, pull * (b**2 - 1) / (2 * s * s2), -delta * density / s,
        pull * b * (b**2 - 3) / (4 * s2**2), -delta * density * b / (2 * s2), delta * below), axis=1) / seen[:, None]
    curved = np.stack((-1 / s2, -u / (s * s2), np.zeros_like(u),
                       (0.5 - u**2) / s2**2, np.zeros_like(u), np.zeros_like(u)), axis=1)
    gradient = (plain - first).sum(axis=2)
    gradient[:, 2] += observed.others
    curvature = symmetric((curved - second).sum(axis=2)) + np.einsum("mik,mjk->mij", first, first)
    return Height(value.sum(axis=1) + observed.others * eta[:, 0], gradient, curvature)


def symmetric(upper: Array) -> Array:
    """Return matrices, shape (m, 3, 3), from their upper triangles read row by row, shape (m, 6)."""
    return upper[:, [0, 1, 2, 1, 3, 4, 2, 4, 5]].reshape(-1, 3, 3)
