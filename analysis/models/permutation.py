"""P values of a meta-regression by permutation: how often moderators dealt out at random do as well."""

from dataclasses import dataclass
from math import factorial, prod

import numpy as np
from numpy.typing import ArrayLike

from analysis.models.design import Design, make_design
from analysis.models.designs import WeightedDesigns, arranged
from analysis.models.meta_regression import regress, test_df
from analysis.pooling.batch import Array, Indices
from analysis.pooling.seeds import seed_of
from analysis.pooling.tau2 import TAU2_ESTIMATORS
from analysis.pooling.weighting import weigh

ROWS_AT_ONCE = 100_000
TIES = 1e-8  # relative: two arrangements that do equally well differ by their rounding


@dataclass(frozen=True)
class PermutedCoefficient:
    """The share of arrangements in which a coefficient's statistic is at least as far from 0."""

    name: str
    p_value: float


@dataclass(frozen=True)
class Permutation:
    """P values of a meta-regression by permutation.

    Args:
        arrangements: How many were fitted, the one that was found among them.
        every: Whether these are all that differ.
        seed: Of the random ones; None where all were taken.
        coefficients: Intercept and moderators.
        qm_p_value: Of all moderators together.
    """

    arrangements: int
    every: bool
    seed: int | None
    coefficients: tuple[PermutedCoefficient, ...]
    qm_p_value: float


def permute(yi: ArrayLike, vi: ArrayLike, moderators: ArrayLike, names: tuple[str, ...], *, most: int,
            seed: int | None = None, tau2: str = "REML", test: str = "hksj") -> Permutation:
    """Deal the studies' moderators out again, in all different ways or `most` at random, and fit each.

    Args:
        yi, vi, moderators, names, tau2, test: As in `regress`.
        most: Arrangements at most; all there are where they are not more.
        seed: Of random arrangements, the first of which is the one that was found; from the data where none is given.

    Raises:
        PoolingError, ModelError: As `regress`.

    Source:
        Follmann and Proschan 1999, doi:10.1111/j.0006-341X.1999.00732.x; Higgins and Thompson 2004,
        doi:10.1002/sim.1752; metafor permutest, tests/reference/metafor/simulation.json.
    """
    regress(yi, vi, moderators, names, tau2=tau2, test=test)  # refuses what cannot be fitted
    yi, vi, columns = np.asarray(yi, float), np.asarray(vi, float), np.atleast_2d(np.asarray(moderators, float))
    design = make_design(yi, vi, columns)
    _, first, kinds = np.unique(columns, axis=1, return_index=True, return_inverse=True)
    kinds = kinds.ravel()
    every = number_of(kinds) <= most
    seed = seed_of(yi, vi, columns) if seed is None else seed
    deals = all_arrangements(kinds) if every else random_arrangements(kinds, most, seed)
    found = statistics(design, first[kinds][None], tau2, test)
    parts = [statistics(design, first[deals[start:start + size]], tau2, test)
             for size in [max(1, ROWS_AT_ONCE // len(yi))] for start in range(0, len(deals), size)]
    others = np.concatenate(parts, axis=1)
    *coefficients, together = (np.abs(others) >= np.abs(found) * (1 - TIES)).mean(axis=1).tolist()
    pairs = zip(("intercept", *names), coefficients, strict=True)
    return Permutation(len(deals), every, None if every else seed, tuple(PermutedCoefficient(*pair) for pair in pairs),
                       together)


def number_of(kinds: Indices) -> int:
    """Return how many different arrangements there are of kinds of studies."""
    return factorial(len(kinds)) // prod(factorial(int(count)) for count in np.bincount(kinds))


def all_arrangements(kinds: Indices) -> Indices:
    """Return all different arrangements, shape (b, k), built place by place."""
    dealt, left = np.empty((1, 0), dtype=np.intp), np.bincount(kinds)[None]
    for _ in kinds:
        rows, chosen = np.nonzero(left > 0)
        dealt = np.hstack((dealt[rows], chosen[:, None]))
        left = left[rows] - (np.arange(left.shape[1]) == chosen[:, None])
    return dealt


def random_arrangements(kinds: Indices, count: int, seed: int) -> Indices:
    """Return arrangements at random, shape (count, k); the first is the one that was found."""
    deals = np.tile(kinds, (count, 1))
    deals[1:] = np.random.default_rng(seed).permuted(deals[1:], axis=1)
    return deals


def statistics(design: Design, orders: Indices, tau2: str, test: str) -> Array:
    """Return the statistic of each coefficient, and that of all moderators, shape (p + 1, b)."""
    designs = arranged(design, orders)
    fit = weigh(designs, TAU2_ESTIMATORS[tau2](designs).tau2)
    covariance = fit.inverse * spread_factors(fit, design, tau2, test)[:, None, None]
    back = np.linalg.inv(design.triangle)
    estimates = fit.coefficients @ back.T
    estimates[:, 0] += design.shift / np.sqrt(design.unit)
    covariances = back @ covariance @ back.T
    errors = np.sqrt(np.einsum("bii->bi", covariances))
    slopes = estimates[:, 1:]
    together = np.einsum("bi,bi->b", slopes, np.linalg.solve(covariances[:, 1:, 1:], slopes[:, :, None])[:, :, 0])
    return np.vstack(((estimates / errors).T, together))


def spread_factors(fit: WeightedDesigns, design: Design, tau2: str, test: str) -> Array:
    """Return what the covariance of each fit is multiplied by, as `meta_regression.spread_factor`."""
    factor = fit.spread(1) / design.df
    if np.isinf(test_df(design, tau2, test)):
        return np.ones_like(factor)
    return np.maximum(factor, 1.0) if test == "hksj-floor" else np.where(factor > 0, factor, 1.0)
