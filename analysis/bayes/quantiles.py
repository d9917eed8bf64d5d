"""Quantiles of the posterior: of mixtures of normal distributions, and of tau."""

from collections.abc import Callable

import numpy as np
from scipy import special

from analysis.bayes.model import Mixture, Model, share_below
from analysis.bayes.quadrature import log_total
from analysis.pooling.batch import Array

MOST_STEPS = 200
CLOSE = 1e-13  # in probability, or of the bracket beside its ends

Rising = Callable[[Array], tuple[Array, Array]]  # places, shape (b,): values and slopes


def cumulative(mixture: Mixture, sd: Array, at: Array) -> tuple[Array, Array]:
    """Return P(x < at) and the density there, of a mixture with the given sd at every node, shape (b,)."""
    z = (at[mixture.owner] - mixture.mean) / sd
    density = np.exp(-(z**2) / 2) / (sd * np.sqrt(2 * np.pi))
    return mixture.expect(special.ndtr(z)), mixture.expect(density)


def mixture_quantile(mixture: Mixture, sd: Array, share: float) -> Array:
    """Return the place below which a share of each mixture lies; it lies between those of its parts."""
    ends = mixture.mean + special.ndtri(share) * sd
    low, high = np.full(len(mixture.settled), np.inf), np.full(len(mixture.settled), -np.inf)
    np.minimum.at(low, mixture.owner, ends)
    np.maximum.at(high, mixture.owner, ends)

    def excess(at: Array) -> tuple[Array, Array]:
        below, density = cumulative(mixture, sd, at)
        return below - share, density

    return find_root(excess, low, high, np.clip(mixture.expect(ends), low, high))


def tau_quantile(model: Model, mixture: Mixture, share: float) -> Array:
    """Return the value of tau below which a share of its posterior lies, in the units of the batch, shape (b,)."""
    panels, count = mixture.panels, len(mixture.settled)
    mass = np.exp(panels.log_integral - log_total(panels, count)[panels.owner])
    first = np.searchsorted(panels.owner, np.arange(count))
    upto = np.cumsum(mass) - mass
    upto -= upto[first][panels.owner]
    panel = first + np.bincount(panels.owner, upto <= share, minlength=count).astype(np.intp) - 1
    earlier = np.arange(len(mass)) < panel[panels.owner]
    before = np.bincount(panels.owner, mass * earlier, minlength=count)  # summed anew: free of the rest of the batch

    def excess(u: Array) -> tuple[Array, Array]:
        below, density = share_below(model, mixture, panel, u)
        return before + below - share, density

    low, high = panels.low[panel], panels.high[panel]
    return model.tau(np.arange(count), find_root(excess, low, high, (low + high) / 2))


def find_root(rising: Rising, low: Array, high: Array, at: Array) -> Array:
    """Find where rising functions are 0 by Newton steps inside brackets, with the middle where a step leaves them.

    Args:
        rising: The functions.
        low, high: Where they are not above 0, and not below, shape (b,).
        at: Where to start.
    """
    for _ in range(MOST_STEPS):
        value, slope = rising(at)
        low, high = np.where(value < 0, at, low), np.where(value < 0, high, at)
        done = (np.abs(value) <= CLOSE) | (high - low <= CLOSE * (np.abs(low) + np.abs(high)))
        if done.all():
            break
        step = np.divide(value, slope, out=np.full_like(value, np.nan), where=slope > 0)
        proposal = at - step
        fits = (proposal > low) & (proposal < high)  # False for NaN
        at = np.where(done, at, np.where(fits, proposal, (low + high) / 2))
    return at
