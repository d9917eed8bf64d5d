"""Trim and fill: how many studies a symmetric funnel would lack, and the pooled effect with them put in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.models import ModelError, regress
from analysis.pooling import pool
from analysis.pooling.batch import Array, make_batch

MOST_ROUNDS = 100


@dataclass(frozen=True)
class Filled:
    """The number of studies that seem missing, on which side, and the pooled effect with them."""

    k0: int
    side: str  # "left" or "right": where studies seem to be missing
    estimate: float
    se: float


@dataclass(frozen=True)
class MirrorImages:
    """The studies that trim and fill puts in: yi and vi, shape (k0,), in the units of the effects."""

    side: str  # "left" or "right": where they lie
    yi: Array
    vi: Array


def trim_and_fill(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj") -> Filled | None:
    """Estimate the number of missing studies by L0, put in their mirror images and pool again.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        tau2, test: As in `analysis.pooling.pool_batch`.

    Returns:
        None with fewer than three studies, when all variances are the same, or when one study outweighs the others so
        far that they show no line: the side is that on which a regression on the standard error says small studies
        are missing.

    Source:
        Duval and Tweedie 2000, Biometrics 56:455; metafor trimfill(estimator="L0").
    """
    found = mirror_images(yi, vi, tau2=tau2)
    if found is None:
        return None
    whole = pool(np.append(yi, found.yi), np.append(vi, found.vi), tau2=tau2, test=test)
    return Filled(len(found.yi), found.side, whole.estimate, whole.se)


def mirror_images(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML") -> MirrorImages | None:
    """Return the studies that trim and fill puts in. Arguments, None and source as in `trim_and_fill`."""
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    side = missing_side(yi, vi, tau2)
    if side is None:
        return None
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * yi, kind="stable")
    effects, variances = sign * yi[order], vi[order]
    k0, centre = count_missing(effects, variances, tau2)
    extreme = slice(len(yi) - k0, len(yi))
    return MirrorImages(side, sign * (2 * centre - effects[extreme]), variances[extreme])


def missing_side(yi: Array, vi: Array, tau2: str) -> str | None:
    """Return the side on which small studies seem to be missing; None when it cannot be said."""
    sei = np.sqrt(vi)
    if len(yi) < 3 or np.ptp(sei) <= 1e-9 * sei.max():
        return None
    try:
        slope = regress(yi, vi, sei, ("sei",), tau2=tau2, test="z").coefficients[1].estimate
    except ModelError:  # one study outweighs the others so far that they show no line
        return None
    return "right" if slope < 0 else "left"


def count_missing(effects: Array, variances: Array, tau2: str) -> tuple[int, float]:
    """Trim the largest effects until their number no longer changes.

    Args:
        effects: Rising, shape (k,), turned so that studies are missing on the left.

    Returns:
        The number missing, and the centre of the trimmed effects.
    """
    k, k0, centre = len(effects), 0, 0.0
    for _ in range(MOST_ROUNDS):
        kept = slice(0, k - k0)
        centre = pool(effects[kept], variances[kept], tau2=tau2, test="z").estimate
        distances = effects - centre
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(distances), kind="stable")] = np.arange(1, k + 1)
        rank_sum = ranks[distances > 0].sum()
        found = max(0, round((4 * rank_sum - k * (k + 1)) / (2 * k - 1)))
        if found == k0:
            break
        k0 = min(found, k - 1)
    return k0, centre
