"""Answers to what was asked of one mean beside its numbers, for a person at a terminal."""

import textwrap
from collections.abc import Callable

from analysis.bayes import Posterior, Summary
from analysis.bayes.posterior import STATUS as POSTERIOR_STATUS
from analysis.pooling import PredictionInterval
from analysis.robustness import Bootstrap, FailSafe, Gosh, PetPeese, SelectionModel
from analysis.robustness.selection_model import STATUS as SELECTION_STATUS
from flows.pool.analyses import Analysis
from flows.pool.answers import PowerAt, baujat_rows
from flows.pool.layout import Lines, aligned, number, p_value, span
from flows.pool.request import Request

NOTHING = "  Nothing can be said."
WIDTH = 100  # of a paragraph, in characters


def answers(analysis: Analysis, request: Request) -> Lines:
    """Return a block for each question of the request; nothing for a group without rows."""
    lines: Lines = []
    for name, found in analysis.answers.items():
        title, show = BLOCKS[name]
        block = baujat(analysis) if name == "baujat" else [NOTHING] if found is None else show(found)
        lines += ["", title, *block]
    return lines


def prediction_hts(found: PredictionInterval) -> Lines:
    """Return the interval and its quantile."""
    return [f"  {span(found.low, found.high)}, by t on {found.df} degrees of freedom"]


def pet_peese(found: PetPeese) -> Lines:
    """Return both regressions and which of them counts."""
    rows = [(name, number(one.estimate), number(one.se), number(one.ci_low), number(one.ci_high), p_value(one.p_value))
            for name, one in (("PET", found.pet), ("PEESE", found.peese))]
    rule = "below" if found.chosen == "PEESE" else "not below"
    return [*aligned([("", "estimate", "se", "low", "high", "P"), *rows]),
            f"  {found.chosen} counts, for the P of PET is {rule} 0.10"]


def selection(found: SelectionModel) -> Lines:
    """Return the mean under selection, its strength and what must be said of it."""
    delta = "" if found.se_delta is None else f", standard error {number(found.se_delta)}"
    interval = "" if found.ci_low is None else f", {span(found.ci_low, found.ci_high)}"
    return [f"  Significant on the {found.favoured} side: {found.significant}; others: {found.others}",
            f"  Effect {number(found.estimate)}{interval}; tau2 {number(found.tau2)}",
            f"  Chance of the others to be seen, relative to the significant: {number(found.delta)}{delta}",
            f"  Against no selection: likelihood ratio {number(found.lrt)}, P {p_value(found.lrt_p_value)}",
            *sentences(found.status, SELECTION_STATUS)]


def fail_safe(found: FailSafe) -> Lines:
    """Return the number and its warning."""
    more = f"{found.n} without effect would lift it above" if found.n else "already above"
    return [f"  One-sided P of all studies {p_value(found.p_value)}, {more} {found.alpha:g}",
            *textwrap.wrap(found.warning, WIDTH, initial_indent="  ", subsequent_indent="  ")]


def baujat(analysis: Analysis) -> Lines:
    """Return where each study lies."""
    rows = [(row["study"], number(row["heterogeneity"]), number(row["influence"]))
            for row in baujat_rows(analysis.answers["baujat"], analysis.study)]
    return aligned([("study", "heterogeneity", "influence"), *rows]) if rows else [NOTHING]


def posterior(found: Posterior) -> Lines:
    """Return the three posteriors, and the chances asked for."""
    rows = [(name, *summary(one)) for name, one in
            (("average effect", found.mu), ("tau", found.tau), ("effect in a new study", found.new))]
    chances = [f"  Chance to lie below {number(one.bound)}: average effect {chance(one.average)}, effect in a new "
               f"study {chance(one.new)}" for one in found.chances]
    return [f"  tau {found.prior} with scale {number(found.scale)}, average effect flat; intervals of "
            f"{100 * found.level:.4g} %", *aligned([("", "median", "low", "high", "mean", "sd"), *rows]), *chances,
            *sentences(found.status, POSTERIOR_STATUS)]


def chance(share: float) -> str:
    """Return a probability in percent, never rounded to certainty."""
    if 0.0005 <= share < 0.9995:
        return f"{100 * share:.1f} %"
    return "> 99.9 %" if share > 0.5 else "< 0.1 %"


def summary(found: Summary) -> tuple[str, ...]:
    """Return the cells of one posterior."""
    return tuple(map(number, (found.median, found.low, found.high, found.mean, found.sd)))


def power(found: PowerAt) -> Lines:
    """Return the chance to find the effect, and the effect that is found in four of five."""
    return [f"  An effect of {number(found.effect)} is found with a chance of {chance(found.power)} "
            f"(z test, two-sided {found.alpha:.4g}, tau2 {number(found.tau2)})",
            f"  Found with a chance of 80 %: {number(found.detectable)}"]


def bootstrap(found: Bootstrap) -> Lines:
    """Return the percentile intervals, and what repeats them."""
    rows = [("average effect", span(found.ci_low, found.ci_high)), ("tau2", span(found.tau2_low, found.tau2_high)),
            ("I2 %", span(found.i2_low, found.i2_high))]
    return [f"  {found.draws:,} draws, {100 * found.level:.4g} % intervals by percentiles, seed {found.seed}",
            *aligned(rows)]


def gosh(found: Gosh) -> Lines:
    """Return how the pools of the sets are spread."""
    which = "all sets of two studies or more" if found.every else f"drawn at random, seed {found.seed}"
    heads = ("", "lowest", "quarter", "middle", "quarter", "highest")
    rows = [(name, *map(number, vars(one).values()))
            for name, one in (("estimate", found.estimate), ("I2 %", found.i2))]
    return [f"  {found.sets:,} sets, {which}", *aligned([heads, *rows])]


def sentences(codes: tuple[str, ...], known: dict[str, str]) -> Lines:
    """Return what codes mean."""
    return [f"  {known[code]}" for code in codes if code != "ok"]


BLOCKS: dict[str, tuple[str, Callable[..., Lines]]] = {
    "prediction_hts": ("Prediction interval of Higgins, Thompson and Spiegelhalter", prediction_hts),
    "pet_peese": ("PET-PEESE: the effect at a standard error of 0", pet_peese),
    "selection": ("Selection model: if one side was favoured", selection),
    "fail_safe": ("Fail-safe N (Rosenthal)", fail_safe),
    "baujat": ("Baujat", baujat),
    "posterior": ("Posterior", posterior),
    "power": ("Expected power", power),
    "bootstrap": ("Parametric bootstrap", bootstrap),
    "gosh": ("Sets of studies (GOSH)", gosh),
}
