"""Pooling of two-by-two tables without weights of their own: Mantel-Haenszel and Peto."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.binary import Tables, difference_variance, peto_parts, tables_of
from analysis.effects.sizes import REASONS, EffectError
from analysis.pooling.batch import Array, PoolingError
from analysis.results import Pooled


@dataclass(frozen=True)
class Summary:
    """A pooled effect, its standard error, and each table's weight; NaN where not estimable."""

    estimate: float
    se: float
    weights: Array


def mantel_haenszel(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, *, measure: str = "OR",
                    level: float = 0.95) -> Pooled:
    """Pool tables by Mantel and Haenszel, without any correction of zero cells.

    Args:
        ai, n1i: Events and size of the experimental groups, shape (k,).
        ci, n2i: Those of the control groups.
        measure: OR, RR or RD; the estimate of OR and RR is a logarithm.
        level: Of the interval, between 0 and 1.

    Returns:
        A common-effect result: no tau2. Q weighs the effects of single tables (0.5 added to all cells of a
        table with a zero cell; tables without events, or with events in everybody, have none). Where a sum
        of the estimate is 0, estimate and interval are NaN and the status is "not-estimable".

    Raises:
        PoolingError: An unknown measure or level.
        EffectError: A table that is not possible, named by its index.

    Source:
        Robins, Breslow and Greenland 1986, doi:10.2307/2531052; Greenland and Robins 1985,
        doi:10.2307/2530643; Sato, Greenland and Robins 1989, Biometrics 45:1323; metafor rma.mh.
    """
    if measure not in MANTEL_HAENSZEL:
        raise PoolingError(f"measure is {measure!r}. Mantel-Haenszel pools {', '.join(MANTEL_HAENSZEL)}.")
    tables = sound_tables(ai, n1i, ci, n2i)
    method = MANTEL_HAENSZEL[measure]
    summary = method.summarise(tables)
    q, effects = spread_of_tables(tables, method, summary.estimate)
    return as_pooled("MH", summary, q, effects, level)


def peto(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, *, level: float = 0.95) -> Pooled:
    """Pool tables by Peto: the sum of observed minus expected events over the sum of their variances.

    Arguments, result and errors as in `mantel_haenszel`; the estimate is a log odds ratio, and tables without
    events count in k but carry no weight.

    Source:
        Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7; metafor rma.peto.
    """
    tables = sound_tables(ai, n1i, ci, n2i)
    excess, variance = peto_parts(tables)
    total = variance.sum()
    if total == 0:
        return as_pooled("PETO", Summary(np.nan, np.nan, variance), np.nan, 0, level)
    estimate = excess.sum() / total
    informative = variance > 0
    deviations = excess[informative] - variance[informative] * estimate
    q = float((deviations**2 / variance[informative]).sum())
    summary = Summary(float(estimate), float(1 / np.sqrt(total)), variance)
    return as_pooled("PETO", summary, q, int(informative.sum()), level)


def sound_tables(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> Tables:
    """Return the tables, or refuse the first that cannot be."""
    tables = tables_of(ai, n1i, ci, n2i)
    for mask, code in tables.checks():
        if mask.any():
            raise EffectError(f"Row {int(np.argmax(mask))}: {REASONS[code].sentence} ({code}).")
    return tables


def summarise_odds(t: Tables) -> Summary:
    """Return the Mantel-Haenszel log odds ratio with the standard error of Robins, Breslow and Greenland."""
    total = t.n1 + t.n2
    r, s = t.a * t.d / total, t.b * t.c / total
    p, q = (t.a + t.d) / total, (t.b + t.c) / total
    if r.sum() == 0 or s.sum() == 0:
        return Summary(np.nan, np.nan, s)
    variance = ((p * r).sum() / r.sum() ** 2 + (p * s + q * r).sum() / (r.sum() * s.sum())
                + (q * s).sum() / s.sum() ** 2) / 2
    return Summary(float(np.log(r.sum() / s.sum())), float(np.sqrt(variance)), s)


def summarise_risks(t: Tables) -> Summary:
    """Return the Mantel-Haenszel log risk ratio with the standard error of Greenland and Robins."""
    total = t.n1 + t.n2
    r, s = t.a * t.n2 / total, t.c * t.n1 / total
    # n1 n2 (a + c) / N^2 - a c / N as a sum of positive terms: 0 only where everybody has the event
    spread = (t.a / total) * (t.n1 / total) * t.d + (t.c / total) * (t.n2 / total) * t.b
    if r.sum() == 0 or s.sum() == 0 or spread.sum() == 0:
        return Summary(np.nan, np.nan, s)
    return Summary(float(np.log(r.sum() / s.sum())), float(np.sqrt(spread.sum() / (r.sum() * s.sum()))), s)


def summarise_differences(t: Tables) -> Summary:
    """Return the Mantel-Haenszel risk difference with the standard error of Sato, Greenland and Robins."""
    total = t.n1 + t.n2
    weights = t.n1 * t.n2 / total
    estimate = (t.a * t.n2 / total - t.c * t.n1 / total).sum() / weights.sum()
    lean = t.c * (t.n1 / total) ** 2 - t.a * (t.n2 / total) ** 2 + weights / total * (t.n2 - t.n1) / 2
    spread = (t.a * (t.n2 - t.c) + t.c * (t.n1 - t.a)) / total / 2
    variance = (estimate * lean.sum() + spread.sum()) / weights.sum() ** 2
    if variance <= 0:
        return Summary(np.nan, np.nan, weights)
    return Summary(float(estimate), float(np.sqrt(variance)), weights)


@dataclass(frozen=True)
class Method:
    """Mantel-Haenszel for one measure: the summary, and the effect and variance of each corrected table."""

    summarise: Callable[[Tables], Summary]
    effect: Callable[[Tables], Array]
    variance: Callable[[Tables], Array]


MANTEL_HAENSZEL: dict[str, Method] = {
    "OR": Method(summarise_odds, lambda t: np.log(t.a * t.d / (t.b * t.c)),
                 lambda t: 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d),
    "RR": Method(summarise_risks, lambda t: np.log(t.a / t.n1 / (t.c / t.n2)),
                 lambda t: 1 / t.a - 1 / t.n1 + 1 / t.c - 1 / t.n2),
    "RD": Method(summarise_differences, lambda t: t.a / t.n1 - t.c / t.n2, difference_variance),
}


def spread_of_tables(tables: Tables, method: Method, estimate: float) -> tuple[float, int]:
    """Return Q of the single tables around the estimate, and how many tables have an effect."""
    silent = ((tables.a == 0) & (tables.c == 0)) | ((tables.b == 0) & (tables.d == 0))
    kept = ~silent
    t = Tables(tables.a[kept], tables.n1[kept], tables.c[kept], tables.n2[kept]).corrected()
    q = ((method.effect(t) - estimate) ** 2 / method.variance(t)).sum()
    return float(q), int(kept.sum())


def as_pooled(name: str, summary: Summary, q: float, effects: int, level: float) -> Pooled:
    """Attach the Wald interval and what Q says to a summary of tables."""
    if not 0.0 < level < 1.0:
        raise PoolingError(f"level is {level}. It lies between 0 and 1: 0.95 for 95 percent.")
    estimable, several = bool(np.isfinite(summary.se)), effects > 1 and bool(np.isfinite(q))
    reach = float(special.ndtri((1 + level) / 2)) * summary.se
    p_value = 2 * float(special.ndtr(-abs(summary.estimate / summary.se))) if estimable else np.nan
    df, total = effects - 1, summary.weights.sum()
    one = len(summary.weights) == 1
    holds = (("not-estimable", not estimable), ("one-study", one), ("common-effect", True))
    return Pooled(
        k=len(summary.weights), tau2_method=name, test="z", level=level, estimate=summary.estimate,
        se=summary.se, ci_low=summary.estimate - reach, ci_high=summary.estimate + reach, p_value=p_value,
        tau2=None if one else 0.0, tau2_low=None, tau2_high=None,
        i2=100 * max(0.0, q - df) / q if several and q > 0 else (0.0 if several else None),
        i2_low=None, i2_high=None, h2=q / df if several else None, q=q if several else None,
        q_df=df if several else None,
        q_p_value=float(special.gammaincc(df / 2, q / 2)) if several else None, pi_low=None, pi_high=None,
        weights=tuple((100 * summary.weights / total).tolist()) if total > 0 else (),
        status=tuple(code for code, flag in holds if flag))
