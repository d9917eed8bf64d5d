"""Pooling of two-by-two tables without weights of their own: Mantel-Haenszel and Peto."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.binary import Tables, difference_variance, peto_parts, tables_of
from analysis.effects.sizes import REASONS, EffectError
from analysis.pooling.batch import Array, Indices, PoolingError, check_starts
from analysis.pooling.pooled_batch import PooledBatch
from analysis.results import Pooled

Sums = Callable[[Array], Array]  # the rows of each analysis added up: shape (n,) to shape (b,)


@dataclass(frozen=True)
class Summary:
    """Pooled effects and their standard errors, shape (b,), and each table's weight, shape (n,).

    Where a standard error is NaN, nothing can be estimated.
    """

    estimate: Array
    se: Array
    weights: Array


@dataclass(frozen=True)
class Spread:
    """Q of single tables around their pooled effect, and how many tables have an effect; shape (b,)."""

    q: Array
    effects: Array


def mantel_haenszel(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, *, measure: str = "OR",
                    level: float = 0.95, correct: bool = False) -> Pooled:
    """Pool the tables of one analysis by Mantel and Haenszel: a batch of one. As `mantel_haenszel_batch`."""
    return mantel_haenszel_batch(ai, n1i, ci, n2i, [0], measure=measure, level=level, correct=correct).pooled(0)


def mantel_haenszel_batch(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, starts: ArrayLike, *,
                          measure: str = "OR", level: float = 0.95, correct: bool = False) -> PooledBatch:
    """Pool tables by Mantel and Haenszel, without any correction of zero cells where it can be done without.

    Args:
        ai, n1i: Events and size of the experimental groups, shape (n,).
        ci, n2i: Those of the control groups.
        starts: First row of each analysis, shape (b,), rising from 0.
        measure: OR, RR or RD; the estimate of OR and RR is a logarithm.
        level: Of the interval, between 0 and 1.
        correct: Where the method gives no estimate, since the same cell is 0 in every table, add 0.5 to all cells
            of tables with a zero cell, but of those that say nothing of a ratio. A risk difference keeps its
            estimate; 0.5 enters only its variance.

    Returns:
        Common-effect results: no tau2. Q weighs the effects of single tables (0.5 added to all cells of a
        table with a zero cell; tables without events, or with events in everybody, have none). Where a sum
        of the estimate is 0, and `correct` is not asked for, estimate and interval are NaN and the status is
        "not-estimable".

    Raises:
        PoolingError: An unknown measure or level, or starts that do not fit.
        EffectError: A table that is not possible, named by its index.

    Source:
        Robins, Breslow and Greenland 1986, doi:10.2307/2531052; Greenland and Robins 1985,
        doi:10.2307/2530643; Sato, Greenland and Robins 1989, Biometrics 45:1323; metafor rma.mh. The rule of
        `correct`: Cochrane Handbook, Meta-analysis of rare events, "Zero-cell corrections".
    """
    if measure not in MANTEL_HAENSZEL:
        raise PoolingError(f"measure is {measure!r}. Mantel-Haenszel pools {', '.join(MANTEL_HAENSZEL)}.")
    tables, starts = sound_tables(ai, n1i, ci, n2i), check_starts(starts, np.size(ai))
    method, sums = MANTEL_HAENSZEL[measure], summing(starts)
    summary = method.summarise(tables, sums)
    corrected = np.isnan(summary.se) & correct
    if corrected.any():
        summary = summarise_corrected(tables, starts, method, corrected, summary)
    spread = spread_of_tables(tables, method, sums, owners(starts, summary.estimate, tables))
    return in_full(("MH", "z", level), starts, summary, spread, corrected & ~np.isnan(summary.se))


def peto(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, *, level: float = 0.95) -> Pooled:
    """Pool the tables of one analysis by Peto: a batch of one. As `peto_batch`."""
    return peto_batch(ai, n1i, ci, n2i, [0], level=level).pooled(0)


def peto_batch(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike, starts: ArrayLike, *,
               level: float = 0.95) -> PooledBatch:
    """Pool tables by Peto: the sum of observed minus expected events over the sum of their variances.

    Arguments, result and errors as in `mantel_haenszel_batch`; the estimate is a log odds ratio, and tables without
    events count in k but carry no weight.

    Source:
        Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7; metafor rma.peto.
    """
    tables, starts = sound_tables(ai, n1i, ci, n2i), check_starts(starts, np.size(ai))
    (excess, variance), sums = peto_parts(tables), summing(starts)
    total = sums(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        summary = Summary(sums(excess) / total, np.where(total > 0, 1 / np.sqrt(total), np.nan), variance)
        deviations = excess - variance * owners(starts, summary.estimate, tables)
        q = sums(np.where(variance > 0, deviations**2 / variance, 0.0))
    return in_full(("PETO", "z", level), starts, summary, Spread(q, sums(variance > 0)), np.isnan(total))


def sound_tables(ai: ArrayLike, n1i: ArrayLike, ci: ArrayLike, n2i: ArrayLike) -> Tables:
    """Return the tables, or refuse the first that cannot be."""
    tables = tables_of(ai, n1i, ci, n2i)
    for mask, code in tables.checks():
        if mask.any():
            raise EffectError(f"Row {int(np.argmax(mask))}: {REASONS[code].sentence} ({code}).")
    return tables


def summing(starts: Indices) -> Sums:
    """Return what adds up the rows of each analysis."""
    return lambda rows: np.add.reduceat(np.asarray(rows, float), starts)


def owners(starts: Indices, values: Array, tables: Tables) -> Array:
    """Return the value of its analysis for each table, shape (n,)."""
    return np.repeat(values, np.diff(np.append(starts, len(tables.a))))


# ---------------------------------------------------------------- by measure


def summarise_odds(t: Tables, sums: Sums) -> Summary:
    """Return the Mantel-Haenszel log odds ratio with the standard error of Robins, Breslow and Greenland."""
    total = t.n1 + t.n2
    r, s = t.a * t.d / total, t.b * t.c / total
    p, q = (t.a + t.d) / total, (t.b + t.c) / total
    big_r, big_s = sums(r), sums(s)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (sums(p * r) / big_r**2 + sums(p * s + q * r) / (big_r * big_s) + sums(q * s) / big_s**2) / 2
        estimate = np.log(big_r / big_s)
    return Summary(estimate, root_where((big_r > 0) & (big_s > 0), variance), s)


def summarise_risks(t: Tables, sums: Sums) -> Summary:
    """Return the Mantel-Haenszel log risk ratio with the standard error of Greenland and Robins."""
    total = t.n1 + t.n2
    r, s = t.a * t.n2 / total, t.c * t.n1 / total
    # n1 n2 (a + c) / N^2 - a c / N as a sum of positive terms: 0 only where everybody has the event
    spread = (t.a / total) * (t.n1 / total) * t.d + (t.c / total) * (t.n2 / total) * t.b
    big_r, big_s, spread = sums(r), sums(s), sums(spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, variance = np.log(big_r / big_s), spread / (big_r * big_s)
    return Summary(estimate, root_where((big_r > 0) & (big_s > 0) & (spread > 0), variance), s)


def summarise_differences(t: Tables, sums: Sums) -> Summary:
    """Return the Mantel-Haenszel risk difference with the standard error of Sato, Greenland and Robins."""
    total = t.n1 + t.n2
    weights = t.n1 * t.n2 / total
    whole = sums(weights)
    estimate = sums(t.a * t.n2 / total - t.c * t.n1 / total) / whole
    lean = t.c * (t.n1 / total) ** 2 - t.a * (t.n2 / total) ** 2 + weights / total * (t.n2 - t.n1) / 2
    spread = (t.a * (t.n2 - t.c) + t.c * (t.n1 - t.a)) / total / 2
    variance = (estimate * sums(lean) + sums(spread)) / whole**2
    return Summary(estimate, root_where(variance > 0, variance), weights)


def root_where(estimable: np.ndarray, variance: Array) -> Array:
    """Return standard errors, NaN where there is nothing to estimate."""
    return np.sqrt(np.where(estimable, variance, np.nan))


@dataclass(frozen=True)
class Method:
    """Mantel-Haenszel for one measure: the summary, and the effect and variance of each corrected table."""

    summarise: Callable[[Tables, Sums], Summary]
    effect: Callable[[Tables], Array]
    variance: Callable[[Tables], Array]
    corrects_estimate: bool = True  # or the variance alone


MANTEL_HAENSZEL: dict[str, Method] = {
    "OR": Method(summarise_odds, lambda t: np.log(t.a * t.d / (t.b * t.c)),
                 lambda t: 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d),
    "RR": Method(summarise_risks, lambda t: np.log(t.a / t.n1 / (t.c / t.n2)),
                 lambda t: 1 / t.a - 1 / t.n1 + 1 / t.c - 1 / t.n2),
    "RD": Method(summarise_differences, lambda t: t.a / t.n1 - t.c / t.n2, difference_variance,
                 corrects_estimate=False),
}


def summarise_corrected(tables: Tables, starts: Indices, method: Method, which: np.ndarray,
                        plain: Summary) -> Summary:
    """Return a summary with 0.5 in all cells of the tables with a zero cell, in the given analyses alone."""
    mine, half = owners(starts, which, tables), tables.corrected()
    if method.corrects_estimate:  # a table without events, or without anybody spared, says nothing of a ratio
        mine = mine & ~says_nothing(tables)
    columns = ("a", "n1", "c", "n2")
    mended = Tables(*(np.where(mine, getattr(half, name), getattr(tables, name)) for name in columns))
    found = method.summarise(mended, summing(starts))
    return found if method.corrects_estimate else replace(found, estimate=plain.estimate)


def says_nothing(t: Tables) -> np.ndarray:
    """Return which tables have no event, or events in everybody, shape (n,)."""
    return ((t.a == 0) & (t.c == 0)) | ((t.b == 0) & (t.d == 0))


def spread_of_tables(tables: Tables, method: Method, sums: Sums, centre: Array) -> Spread:
    """Return Q of the single tables around what each is pooled to, shape (n,)."""
    silent, t = says_nothing(tables), tables.corrected()
    distances = np.where(silent, 0.0, (method.effect(t) - centre) ** 2 / method.variance(t))
    return Spread(sums(distances), sums(~silent))


# ---------------------------------------------------------------- in full


def in_full(options: tuple[str, str, float], starts: Indices, summary: Summary, spread: Spread,
            corrected: np.ndarray) -> PooledBatch:
    """Attach the Wald interval and what Q says to summaries of tables."""
    level = options[2]
    if not 0.0 < level < 1.0:
        raise PoolingError(f"level is {level}. It lies between 0 and 1: 0.95 for 95 percent.")
    k, nothing = np.diff(np.append(starts, len(summary.weights))), np.full(len(starts), np.nan)
    estimate = np.where(np.isnan(summary.se), np.nan, summary.estimate)
    reach = float(special.ndtri((1 + level) / 2)) * summary.se
    figures = heterogeneity_of(spread)
    whole = np.add.reduceat(summary.weights, starts)
    percent = 100 * summary.weights / np.repeat(np.where(whole > 0, whole, np.nan), k)
    return PooledBatch(
        *options, k=k, estimate=estimate, se=summary.se, ci_low=estimate - reach, ci_high=estimate + reach,
        p_value=2 * special.ndtr(-np.abs(estimate / summary.se)), tau2=np.where(k == 1, np.nan, 0.0),
        tau2_low=nothing, tau2_high=nothing, i2_low=nothing, i2_high=nothing, **figures, pi_low=nothing,
        pi_high=nothing, iterations=np.zeros_like(k), residual=np.zeros(len(k)), modes=np.ones_like(k), starts=starts,
        weights=percent, flags=(
            ("not-estimable", np.isnan(summary.se)), ("zero-cells-corrected", corrected), ("one-study", k == 1),
            ("common-effect", np.full(len(k), True)), ("wald-used", np.full(len(k), False))))


def heterogeneity_of(spread: Spread) -> dict[str, Array]:
    """Return I2 (percent), H2 and Q with its test; NaN where fewer than two tables have an effect."""
    df = spread.effects.astype(int) - 1
    q = np.where(df > 0, spread.q, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        i2 = np.where(q > 0, 100 * np.maximum(0.0, q - df) / q, np.where(q == 0, 0.0, np.nan))
        h2 = q / df
    return {"i2": i2, "h2": h2, "q": q, "q_df": df, "q_p_value": special.gammaincc(np.maximum(df, 1) / 2, q / 2)}
