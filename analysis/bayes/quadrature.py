"""Integrals of many densities over 0 to 1 at once, by panels that are halved where they are not yet right."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.batch import Array, Indices

NODES, WEIGHTS = np.polynomial.legendre.leggauss(15)
FIRST_PANELS = 8
TOLERANCE = 1e-12  # of a panel against its halves, relative to the whole integral
MOST_ROUNDS = 42  # halves of an eighth; narrower, and the last node of the last panel would be 1 itself

LogDensity = Callable[[Indices, Array], Array]  # owners, shape (n,), and points, shape (n, m): values, shape (n, m)


@dataclass(frozen=True)
class Panels:
    """Parts of 0 to 1, each of one density; n panels.

    Args:
        owner: The density of each panel, shape (n,).
        low, high: Its ends, shape (n,).
        log_values: Log density at its nodes, shape (n, 15).
    """

    owner: Indices
    low: Array
    high: Array
    log_values: Array

    @property
    def points(self) -> Array:
        """Return the nodes, shape (n, 15)."""
        return nodes_between(self.low, self.high)

    @property
    def log_weights(self) -> Array:
        """Return log density times quadrature weight at every node, shape (n, 15)."""
        return self.log_values + np.log(WEIGHTS) + np.log((self.high - self.low) / 2)[:, None]

    @property
    def log_integral(self) -> Array:
        """Return the log of the integral over each panel, shape (n,)."""
        weights = self.log_weights
        highest = weights.max(axis=1)
        finite = np.where(np.isfinite(highest), highest, 0.0)
        with np.errstate(divide="ignore"):  # a panel without any mass has a log of minus infinity
            return finite + np.log(np.exp(weights - finite[:, None]).sum(axis=1))

    def take(self, which: np.ndarray) -> "Panels":
        """Return the chosen panels."""
        return Panels(self.owner[which], self.low[which], self.high[which], self.log_values[which])


def nodes_between(low: Array, high: Array) -> Array:
    """Return the nodes of Gauss and Legendre between two ends, shape (n, 15)."""
    return ((high + low)[:, None] + (high - low)[:, None] * NODES) / 2


def integrate(log_density: LogDensity, count: int) -> tuple[Panels, np.ndarray]:
    """Integrate densities over 0 to 1.

    A panel is right when it equals the sum of its halves; the halves are kept. Each density is judged by itself, so
    that the others in the batch never change its answer.

    Args:
        log_density: Smooth inside 0 to 1; need not be normalised.
        count: How many densities.

    Returns:
        The panels in order of owner and place, and for each density whether every panel came right, shape (count,).
    """
    edges = np.linspace(0.0, 1.0, FIRST_PANELS + 1)
    active = evaluate(log_density, np.repeat(np.arange(count), FIRST_PANELS), np.tile(edges[:-1], count),
                      np.tile(edges[1:], count))
    kept: list[Panels] = []
    for _ in range(MOST_ROUNDS):
        halves = halve(log_density, active)
        # both, because either may stand on a peak that the other stepped over
        total = np.logaddexp(log_total(join([*kept, halves]), count), log_total(join([*kept, active]), count))
        right = agrees(active, halves, total)
        both = np.concatenate((right, right))
        kept.append(halves.take(both))
        active = halves.take(~both)
        if not len(active.owner):
            break
    settled = np.bincount(active.owner, minlength=count) == 0
    panels = join([*kept, active])
    return panels.take(np.lexsort((panels.low, panels.owner))), settled


def evaluate(log_density: LogDensity, owner: Indices, low: Array, high: Array) -> Panels:
    """Return panels with the density at their nodes."""
    return Panels(owner, low, high, log_density(owner, nodes_between(low, high)))


def halve(log_density: LogDensity, panels: Panels) -> Panels:
    """Return the left halves of panels, and then the right ones."""
    middle = (panels.low + panels.high) / 2
    return evaluate(log_density, np.concatenate((panels.owner, panels.owner)),
                    np.concatenate((panels.low, middle)), np.concatenate((middle, panels.high)))


def agrees(panels: Panels, halves: Panels, total: Array) -> np.ndarray:
    """Say which panels equal the sum of their halves."""
    above = total[panels.owner]
    whole, left, right = (np.exp(part - above) for part in (
        panels.log_integral, *np.split(halves.log_integral, 2)))
    return np.abs(whole - left - right) <= TOLERANCE


def log_total(panels: Panels, count: int) -> Array:
    """Return the log of the whole integral of each density, shape (count,)."""
    parts = panels.log_integral
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, panels.owner, parts)
    return highest + np.log(np.bincount(panels.owner, np.exp(parts - highest[panels.owner]), minlength=count))


def join(several: list[Panels]) -> Panels:
    """Return panels as one."""
    return Panels(*(np.concatenate([getattr(one, name) for one in several])
                    for name in ("owner", "low", "high", "log_values")))
