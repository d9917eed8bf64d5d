"""Effects from events and group sizes, with the conventions for zero cells in one place.

A table with a zero in any of its four cells gets 0.5 added to all four, in that study only. Without events in
either group, or with events in everybody, OR, RR and the Peto odds ratio are not estimable. A risk difference keeps
its estimate; 0.5 enters only its variance. A group without people is refused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, not_whole, present, settle


@dataclass(frozen=True)
class Tables:
    """Two-by-two tables: a of n1 had the event in the experimental groups, c of n2 in the control groups."""

    a: Array
    n1: Array
    c: Array
    n2: Array

    @property
    def b(self) -> Array:
        """Return those without the event in the experimental groups."""
        return self.n1 - self.a

    @property
    def d(self) -> Array:
        """Return those without the event in the control groups."""
        return self.n2 - self.c

    def corrected(self) -> "Tables":
        """Return the tables with 0.5 in every cell of those that have a zero cell."""
        zero = (self.a == 0) | (self.b == 0) | (self.c == 0) | (self.d == 0)
        half = np.where(zero, 0.5, 0.0)
        return Tables(self.a + half, self.n1 + 2 * half, self.c + half, self.n2 + 2 * half)

    def checks(self) -> list[Check]:
        """Return what every measure needs of a table."""
        fractions = [not_whole(column) for column in (self.a, self.n1, self.c, self.n2)]
        return [
            *present(self.a, self.n1, self.c, self.n2),
            ((self.n1 < 1) | (self.n2 < 1), "n-below-one"),
            (np.any(fractions, axis=0), "n-not-whole"),
            ((self.a < 0) | (self.c < 0), "events-negative"),
            ((self.b < 0) | (self.d < 0), "events-above-n"),
        ]

    def ratio_checks(self) -> list[Check]:
        """Return what a ratio needs: somebody with the event, and somebody without."""
        return [*self.checks(), ((self.a == 0) & (self.c == 0), "no-events"),
                ((self.b == 0) & (self.d == 0), "all-events")]


def tables_of(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> Tables:
    """Return columns as tables."""
    with np.errstate(invalid="ignore"):
        return Tables(*as_columns(ai, n1i, ci, n2i))


def log_risk_ratio(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> EffectSizes:
    """Return log((a/n1) / (c/n2)) with variance 1/a - 1/n1 + 1/c - 1/n2 (RR).

    Args:
        ai, n1i: Events and size of the experimental groups, shape (n,).
        ci, n2i: Those of the control groups.

    Source:
        metafor escalc(measure="RR"), tests/reference/metafor/models.json.
    """
    tables = tables_of(ai, n1i, ci, n2i)
    with np.errstate(all="ignore"):
        t = tables.corrected()
        log_ratio = np.log(t.a / t.n1) - np.log(t.c / t.n2)
        variance = 1 / t.a - 1 / t.n1 + 1 / t.c - 1 / t.n2
        return settle(log_ratio, variance, tables.ratio_checks())


def log_odds_ratio(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> EffectSizes:
    """Return log(ad / bc) with variance 1/a + 1/b + 1/c + 1/d (OR). Arguments as in `log_risk_ratio`.

    Source:
        metafor escalc(measure="OR"), tests/reference/metafor/models.json.
    """
    tables = tables_of(ai, n1i, ci, n2i)
    with np.errstate(all="ignore"):
        t = tables.corrected()
        log_ratio = np.log(t.a / t.b) - np.log(t.c / t.d)
        variance = 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d
        return settle(log_ratio, variance, tables.ratio_checks())


def risk_difference(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> EffectSizes:
    """Return a/n1 - c/n2 with variance ab/n1^3 + cd/n2^3 (RD). Arguments as in `log_risk_ratio`.

    With a zero cell, 0.5 in all cells enters the variance and not the estimate, as in RevMan; metafor
    changes both.

    Source:
        RevMan, whose printed results this rule reproduces; metafor escalc(measure="RD") where no cell is 0.
    """
    tables = tables_of(ai, n1i, ci, n2i)
    with np.errstate(all="ignore"):
        difference = tables.a / tables.n1 - tables.c / tables.n2
        return settle(difference, difference_variance(tables.corrected()), tables.checks())


def difference_variance(t: Tables) -> Array:
    """Return the variance of a risk difference."""
    return t.a * t.b / t.n1**3 + t.c * t.d / t.n2**3


def log_peto_odds_ratio(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> EffectSizes:
    """Return (observed - expected) / V with variance 1 / V, V hypergeometric (PETO). Arguments as above.

    Tables with a zero cell are corrected as for OR, as in metafor; pooling with --pooling PETO does not
    correct, because it does not need to.

    Source:
        Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7; metafor escalc(measure="PETO").
    """
    tables = tables_of(ai, n1i, ci, n2i)
    with np.errstate(all="ignore"):
        t = tables.corrected()
        excess, variance = peto_parts(t)
        return settle(excess / variance, 1 / variance, tables.ratio_checks())


def peto_parts(t: Tables) -> tuple[Array, Array]:
    """Return observed minus expected events in the experimental group, and its hypergeometric variance."""
    total, events = t.n1 + t.n2, t.a + t.c
    expected = t.n1 * events / total
    spread = (t.n1 / total) * (t.n2 / total) * events * (t.b + t.d)
    return t.a - expected, np.divide(spread, total - 1, out=np.zeros_like(spread), where=total > 1)
