"""Trim and fill: how many studies a symmetric funnel would lack, and the pooled effect with them put in.

A new estimator of their number is a function and a line of MISSING.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.models import ModelError, regress
from analysis.pooling import pool
from analysis.pooling.batch import Array, PoolingError, make_batch

MOST_ROUNDS = 100
SIDES = ("left", "right")
Missing = Callable[[Array], float]


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


def trim_and_fill(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", test: str = "hksj", missing: str = "L0",
                  side: str | None = None) -> Filled | None:
    """Estimate the number of missing studies, put in their mirror images and pool again.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        tau2, test: As in `analysis.pooling.pool_batch`.
        missing: A key of MISSING: how the number of missing studies is estimated.
        side: "left" or "right"; None asks a regression on the standard error where small studies are missing.

    Returns:
        None with fewer than three studies, or when trimming goes round in circles; without a side also when all
        variances are the same, or one study outweighs the others so far that they show no line.

    Raises:
        PoolingError: A row or an option that is not allowed.

    Source:
        Duval and Tweedie 2000, Biometrics 56:455; metafor trimfill.
    """
    found = mirror_images(yi, vi, tau2=tau2, missing=missing, side=side)
    if found is None:
        return None
    whole = pool(np.append(yi, found.yi), np.append(vi, found.vi), tau2=tau2, test=test)
    return Filled(len(found.yi), found.side, whole.estimate, whole.se)


def mirror_images(yi: ArrayLike, vi: ArrayLike, *, tau2: str = "REML", missing: str = "L0",
                  side: str | None = None) -> MirrorImages | None:
    """Return the studies that trim and fill puts in. Arguments, None, errors and source as in `trim_and_fill`."""
    make_batch(yi, vi, [0])  # refuses what cannot be pooled
    check_trimming(missing, side)
    yi, vi = np.asarray(yi, float), np.asarray(vi, float)
    side = None if len(yi) < 3 else side or missing_side(yi, vi, tau2)
    if side is None:
        return None
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * yi, kind="stable")
    effects, variances = sign * yi[order], vi[order]
    found = count_missing(effects, variances, tau2, MISSING[missing])
    if found is None:
        return None
    k0, centre = found
    extreme = slice(len(yi) - k0, len(yi))
    return MirrorImages(side, sign * (2 * centre - effects[extreme]), variances[extreme])


def check_trimming(missing: str, side: str | None) -> None:
    """Refuse an estimator or a side that there is not."""
    if missing not in MISSING:
        raise PoolingError(f"missing is {missing!r}. It is one of {', '.join(MISSING)}.")
    if side not in (None, *SIDES):
        raise PoolingError(f"side is {side!r}. It is one of {', '.join(SIDES)}, or none.")


def missing_side(yi: Array, vi: Array, tau2: str) -> str | None:
    """Return the side on which small studies seem to be missing; None when it cannot be said."""
    sei = np.sqrt(vi)
    if np.ptp(sei) <= 1e-9 * sei.max():
        return None
    try:
        slope = regress(yi, vi, sei, ("sei",), tau2=tau2, test="z").coefficients[1].estimate
    except ModelError:  # one study outweighs the others so far that they show no line
        return None
    return "right" if slope < 0 else "left"


def count_missing(effects: Array, variances: Array, tau2: str, estimate: Missing) -> tuple[int, float] | None:
    """Trim the largest effects until their number no longer changes.

    Args:
        effects: Rising, shape (k,), turned so that studies are missing on the left.
        estimate: Of the number missing, from signed ranks.

    Returns:
        The number missing, and the centre of the trimmed effects; None when the number never settles.
    """
    k, k0 = len(effects), 0
    for _ in range(MOST_ROUNDS):
        kept = slice(0, k - k0)
        centre = pool(effects[kept], variances[kept], tau2=tau2, test="z").estimate
        found = min(max(0, round(estimate(signed_ranks(effects - centre)))), k - 1)
        if found == k0:
            return k0, centre
        k0 = found
    return None


def signed_ranks(distances: Array) -> Array:
    """Return the ranks of the sizes, the first of equal ones first, each with the sign of its distance."""
    ranks = np.empty(len(distances))
    ranks[np.argsort(np.abs(distances), kind="stable")] = np.arange(1, len(distances) + 1)
    return ranks * np.sign(distances)


def from_rank_sum(ranks: Array) -> float:
    """Return L0 = (4 S - k (k + 1)) / (2 k - 1), S the sum of the ranks of effects above the centre."""
    k = len(ranks)
    return float(4 * ranks[ranks > 0].sum() - k * (k + 1)) / (2 * k - 1)


def from_longest_run(ranks: Array) -> float:
    """Return R0: how many of the largest distances lie above the centre without one below, less 1."""
    return len(ranks) - float(np.max(-ranks, initial=0.0)) - 1


MISSING: dict[str, Missing] = {"L0": from_rank_sum, "R0": from_longest_run}
