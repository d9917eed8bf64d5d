"""What looks implausible in one arm's row."""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import floor, sqrt

from analysis.evidence.codebook import Codebook
from analysis.plausibility.granularity import mean_possible, sd_possible
from analysis.plausibility.printing import PrintedRow

Found = Iterator[tuple[str, str]]  # (column, what was found)
PLAIN = re.compile(r"-?\d+(\.\d+)?")  # a mean whose decimals say how it was rounded
MOST_N = 1000  # GRIM of more people can seldom say anything


def mean_off_scale(one: PrintedRow, codebook: Codebook) -> Found:
    """A mean beyond its scale; a fault in a row that is not marked doubtful."""
    row, scale = one.row, scale_of(one, codebook)
    if scale and row.mean is not None and row.value_type == "final" and not scale[0] <= row.mean <= scale[1]:
        yield "mean", f"a mean of {row.mean:g} on a scale from {scale[0]:g} to {scale[1]:g}"


def sd_beyond_mean(one: PrintedRow, codebook: Codebook) -> Found:
    """An SD that no values on the scale have about that mean: at most half of them lie at either end."""
    row, scale = one.row, scale_of(one, codebook)
    if not scale or None in (row.mean, row.sd, row.n) or row.n < 2 or row.value_type != "final":
        return
    room = max(scale[1] - row.mean, 0) * max(row.mean - scale[0], 0)
    most = sqrt(room * row.n / (row.n - 1))
    if row.sd > most + one.half("sd") + one.half("mean"):
        said = f"{row.n} values from {scale[0]:g} to {scale[1]:g} have at most {most:.3g}"
        yield "sd", f"an SD of {row.sd:g} about a mean of {row.mean:g}; {said}"


def sd_against_extremes(one: PrintedRow, codebook: Codebook) -> Found:
    """An SD that no values between the printed least and greatest can have."""
    row = one.row
    if None in (row.sd, row.min, row.max, row.n) or row.n < 2:
        return
    width, slack = row.max - row.min, one.half("sd") + one.half("min") + one.half("max")
    least, most = width / sqrt(2 * (row.n - 1)), width / 2 * sqrt(row.n / (row.n - 1))
    if not least - slack <= row.sd <= most + slack:
        yield "sd", f"an SD of {row.sd:g} between {row.min:g} and {row.max:g}: it lies from {least:.3g} to {most:.3g}"


def se_against_sd(one: PrintedRow, codebook: Codebook) -> Found:
    """An SE that is not the SD over the square root of n."""
    row = one.row
    if None in (row.sd, row.se, row.n):
        return
    expected = row.sd / sqrt(row.n)
    if abs(row.se - expected) > one.half("se") + one.half("sd") / sqrt(row.n) + 0.02 * expected:
        yield "se", f"an SE of {row.se:g}; an SD of {row.sd:g} among {row.n} gives {expected:.3g}"


def mean_off_centre(one: PrintedRow, codebook: Codebook) -> Found:
    """A mean that does not stand in the middle of its interval, beyond rounding; that of a percentage need not."""
    row, instrument = one.row, codebook.instruments.get(one.row.instrument or "")
    if None in (row.mean, row.ci_low, row.ci_high) or (instrument and instrument.unit == "%"):
        return
    middle = (row.ci_low + row.ci_high) / 2
    if abs(row.mean - middle) > one.half("mean") + (one.half("ci_low") + one.half("ci_high")) / 2:
        yield "mean", f"a mean of {row.mean:g} in an interval with its middle at {middle:.4g}"


def grim(one: PrintedRow, codebook: Codebook) -> Found:
    """A mean that whole values cannot have."""
    step = step_of(one, codebook)
    if step and not mean_possible(one.cells["mean"], one.row.n, step):
        below = floor(Fraction(one.cells["mean"]) * one.row.n / step)
        near = " and ".join(f"{float(total * step / one.row.n):.3f}" for total in (below, below + 1))
        said = f"a mean of {one.cells['mean']}; the nearest are {near}"
        yield "mean", f"{one.row.n} values in steps of {float(step):g} cannot have {said}"


def grimmer(one: PrintedRow, codebook: Codebook) -> Found:
    """An SD that whole values cannot have beside that mean."""
    step, sd = step_of(one, codebook), one.cells.get("sd")
    if not step or not sd or one.row.n < 2 or not mean_possible(one.cells["mean"], one.row.n, step):
        return
    if not sd_possible(one.cells["mean"], sd, one.row.n, step):
        said = f"a mean of {one.cells['mean']} and an SD of {sd}"
        yield "sd", f"{one.row.n} values in steps of {float(step):g} cannot have {said}"


def scale_of(one: PrintedRow, codebook: Codebook) -> tuple[float, float] | None:
    instrument = codebook.instruments.get(one.row.instrument or "")
    return instrument.range if instrument else None


def step_of(one: PrintedRow, codebook: Codebook) -> Fraction | None:
    """Return the step of an instrument where a row has a mean and an n to hold to it; else None."""
    instrument = codebook.instruments.get(one.row.instrument or "")
    if not instrument or instrument.step is None or one.row.n is None or one.row.n > MOST_N:
        return None
    return Fraction(repr(instrument.step)) if PLAIN.fullmatch(one.cells.get("mean", "")) else None
