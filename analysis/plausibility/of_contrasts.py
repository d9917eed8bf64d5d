"""What looks implausible in one contrast as published."""

from collections.abc import Iterator
from math import log
from statistics import NormalDist

from analysis.evidence.codebook import Codebook
from analysis.plausibility.printing import PrintedRow
from analysis.results import RATIOS

NORMAL = NormalDist()
Found = Iterator[tuple[str, str]]
SYMMETRIC = ("MD", "RD", *RATIOS)  # measures whose intervals are centred: of ratios, on the log scale
APART = 0.5  # standard errors between the P that is printed and the one that the interval gives


def off_centre(one: PrintedRow, codebook: Codebook) -> Found:
    """An estimate that does not stand in the middle of its interval, beyond rounding."""
    row = one.row
    if row.measure not in SYMMETRIC or None in (row.estimate, row.ci_low, row.ci_high):
        return
    low, middle, high = ends(one)
    if not low <= middle <= high:
        said = f"{row.estimate:g} in an interval from {row.ci_low:g} to {row.ci_high:g}"
        scale = " on the log scale" if row.measure in RATIOS else ""
        yield "estimate", f"{said}, which is not centred on it{scale}, however rounded"


def ends(one: PrintedRow) -> tuple[float, float, float]:
    """Return where the middle of an interval may lie at least, the estimate's own bounds folded in, and at most."""
    row, ratio = one.row, one.row.measure in RATIOS
    lows, estimates, highs = (bounds(one, name, ratio) for name in ("ci_low", "estimate", "ci_high"))
    middle, slack = scaled(row.estimate, ratio), (estimates[1] - estimates[0]) / 2
    return (lows[0] + highs[0]) / 2 - slack, middle, (lows[1] + highs[1]) / 2 + slack


def bounds(one: PrintedRow, column: str, ratio: bool) -> tuple[float, float]:
    """Return what a printed figure may have been at least and at most before it was rounded."""
    value, half = getattr(one.row, column), one.half(column)
    return scaled(value - half, ratio), scaled(value + half, ratio)


def scaled(value: float, ratio: bool) -> float:
    """Return the logarithm of a ratio, which rounding may have brought to 0; a difference as it is."""
    return log(max(value, 1e-12)) if ratio else value


def p_against_interval(one: PrintedRow, codebook: Codebook) -> Found:
    """A P value that is not that of the estimate and its interval."""
    row = one.row
    if row.p_value is None or row.measure not in SYMMETRIC or None in (row.estimate, row.ci_low, row.ci_high):
        return
    smallest, largest = statistics_of(one)
    wanted = [z_of(value) for value in printed_p(one)]
    too_strong = row.p_value.relation != ">" and largest + APART < wanted[0]
    too_weak = row.p_value.relation != "<" and smallest - APART > wanted[1]
    if too_strong or too_weak:
        shown = f"{'' if row.p_value.relation == '=' else row.p_value.relation}{row.p_value.value:g}"
        p = 2 * NORMAL.cdf(-(smallest + largest) / 2)
        yield "p_value", f"P {shown} beside an estimate whose interval gives about {p:.2g}"


def statistics_of(one: PrintedRow) -> tuple[float, float]:
    """Return the least and greatest z that an estimate and its interval may have, however they were rounded."""
    ratio, quantile = one.row.measure in RATIOS, NORMAL.inv_cdf((1 + (one.row.level or 0.95)) / 2)
    lows, estimates, highs = (bounds(one, name, ratio) for name in ("ci_low", "estimate", "ci_high"))
    far = max(abs(end) for end in estimates)
    near = 0.0 if estimates[0] <= 0 <= estimates[1] else min(abs(end) for end in estimates)
    widest, narrowest = highs[1] - lows[0], max(highs[0] - lows[1], 1e-12)
    return 2 * quantile * near / widest, 2 * quantile * far / narrowest


def printed_p(one: PrintedRow) -> tuple[float, float]:
    """Return the greatest and least P that a printed one may have been before rounding."""
    p, half = one.row.p_value.value, one.half("p_value")
    if one.row.p_value.relation != "=":
        return p, p
    return min(p + half, 1.0), max(p - half, 1e-16)


def z_of(p: float) -> float:
    return -NORMAL.inv_cdf(max(p, 1e-300) / 2)
