"""The way in which a comparison pools its effects, whichever of them are asked for: one seam to the engine."""

import numpy as np

from analysis.pooling import mantel_haenszel_batch, pool_batch
from analysis.pooling.subsets import PoolRows
from analysis.results import MANTEL_HAENSZEL, ONE_EFFECT, Comparison, Effect, GroupEffect, GroupQuestion


def settings_of(comparison: Comparison | GroupQuestion) -> dict[str, str]:
    """Return the estimator and the test that the protocol declares; of one true effect there is one way only."""
    if comparison.model in ONE_EFFECT:
        return {"tau2": "FE", "test": "z"}
    return {"tau2": comparison.tau2, "test": comparison.interval}


def way_of_pooling(
    effects: tuple[Effect, ...] | tuple[GroupEffect, ...], comparison: Comparison | GroupQuestion
) -> PoolRows:
    """Return what pools any rows of the effects as a question declares, one effect a study.

    The result takes indices of effects, analyses laid end to end, and where each analysis starts.
    """
    if comparison.model == MANTEL_HAENSZEL:
        return by_tables(effects, comparison.measure, comparison.level)
    (yi, vi), settings = figures_of(effects), settings_of(comparison)
    return lambda rows, starts: pool_batch(yi[rows], vi[rows], starts, level=comparison.level, **settings)


def by_tables(effects: tuple[Effect, ...], measure: str, level: float) -> PoolRows:
    """Return what pools the two-by-two tables behind effects by Mantel and Haenszel."""
    tables = np.array([table_of(effect) for effect in effects], float).reshape(-1, 4).T
    return lambda rows, starts: mantel_haenszel_batch(
        *tables[:, rows], starts, measure=measure, level=level, correct=True
    )


def table_of(effect: Effect) -> tuple[int, int, int, int]:
    """Return events and people of the experimental group, then of the control group."""
    return effect.experimental.events, effect.experimental.n, effect.control.events, effect.control.n


def has_table(effect: Effect) -> bool:
    """Return whether an effect was made of events in both groups."""
    return None not in table_of(effect)


def figures_of(effects: tuple[Effect, ...] | tuple[GroupEffect, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return yi and vi, each of shape (k,)."""
    return np.array([effect.yi for effect in effects]), np.array([effect.vi for effect in effects])
