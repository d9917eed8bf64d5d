"""The pools of sets of studies (GOSH): estimate from left to right, I2 upwards, squares that grow with their number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.report.drawing import (
    FRAMES,
    Axis,
    Box,
    Drawing,
    Frame,
    Text,
    axis_shapes,
    linear_ticks,
    tick_text,
    upright_shapes,
)
from analysis.report.wording import Scale, plain

PLAIN, RATIO = Scale("MD"), Scale("RR")
COLUMNS, ROWS = 60, 40


@dataclass(frozen=True)
class Cells:
    """How many sets lie in each cell of a grid.

    Args:
        counts: COLUMNS lists of ROWS numbers.
        low, high: Ends of the axis of estimates, on the analysis scale; I2 goes from 0 to 100 percent.
    """

    counts: Sequence[Sequence[int]]
    low: float
    high: float


def gosh_plot(cells: Cells, label: str, ratio: bool, sentence: str) -> Drawing:
    """Return the drawing; ratios stand on a log scale.

    Args:
        cells: What is drawn.
        label: What the estimate is.
        ratio: Whether estimates are logarithms of ratios.
        sentence: Which sets these are.
    """
    frame, scale = FRAMES[0], RATIO if ratio else PLAIN
    across, up = Axis(cells.low, cells.high, frame.left, frame.right), Axis(0.0, 100.0, frame.bottom, frame.top)
    marks = [(up.at(tick), f"{tick_text(PLAIN, tick, 20)} %") for tick in linear_ticks(0.0, 100.0)]
    return Drawing(
        "gosh",
        frame.layout,
        frame.width,
        frame.bottom + 46,
        "Every set of studies, pooled",
        sentence,
        (
            *axis_shapes(scale, across, frame.bottom),
            *upright_shapes(marks, frame.left, frame.top, frame.bottom),
            Text(0, 16, "↑ I²", "side"),
            Text(frame.right, 16, sentence, "side", "end"),
            Text(frame.right, frame.bottom + 38, f"{label} of the set →", "side", "end"),
            *squares(cells.counts, frame),
        ),
    )  # fmt: skip


def squares(counts: Sequence[Sequence[int]], frame: Frame) -> list[Box]:
    """Return a square for each cell that holds a set; its side grows with the logarithm of their number."""
    wide, high = (frame.right - frame.left) / COLUMNS, (frame.bottom - frame.top) / ROWS
    most = max(max(column) for column in counts)
    shapes = []
    for column, line in enumerate(counts):
        for row, count in enumerate(line):
            if count:
                share = (1 + math.log(count)) / (1 + math.log(most))
                side = max(1.0, min(wide, high) * share)
                x, y = frame.left + (column + 0.5) * wide, frame.bottom - (row + 0.5) * high
                shapes.append(Box(x - side / 2, y - side / 2, side, side, "square"))
    return shapes


def sets_sentence(sets: int, every: bool) -> str:
    """Say which sets were pooled."""
    return f"{'all ' if every else ''}{plain(float(sets))} sets of studies{'' if every else ', drawn at random'}"
