"""Small intervals on a shared scale: one for each row of the list of comparisons."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.drawing import (
    Axis,
    Circle,
    Drawing,
    Line,
    Shape,
    Text,
    interval_shapes,
    limits,
    tick_text,
    ticks,
)
from analysis.report.links import slug
from analysis.report.wording import Scale, level_words, scale_of
from analysis.results import ComparisonResult

WIDTH, HEIGHT = 220.0, 24.0
MOST_TICKS = 4


@dataclass(frozen=True)
class SharedScale:
    """The measure and unit that a group of comparisons shares, and the axis they are drawn on."""

    measure: str
    unit: str | None
    axis: Axis


def shared_scale(results: Iterable[ComparisonResult]) -> SharedScale | None:
    """Return the scale shared by comparisons of one measure and unit; None when none has an average."""
    pooled = [result for result in results if result.pooled]
    if not pooled:
        return None
    scale = scale_of(pooled[0])
    low, high = limits(scale, [result.pooled.estimate for result in pooled], [result.pooled.se for result in pooled])
    return SharedScale(scale.measure, scale.unit, Axis(low, high, 8, WIDTH - 8))


def strip(result: ComparisonResult, shared: SharedScale) -> Drawing | None:
    """Return the interval of one comparison on the shared scale."""
    if result.pooled is None:
        return None
    pooled, scale, axis, y = result.pooled, scale_of(result), shared.axis, HEIGHT / 2
    shapes: list[Shape] = [
        Line(axis.at(0.0), 0, axis.at(0.0), HEIGHT, "null"),
        *interval_shapes(axis, pooled.ci_low, pooled.ci_high, y, "whisker effect"),
        Circle(axis.at(pooled.estimate), y, 4.5, "mark dot"),
    ]
    interval = scale.interval(pooled.ci_low, pooled.ci_high)
    text = f"{scale.named(pooled.estimate)}, {level_words(pooled.level)} {interval}"
    return Drawing(
        f"strip-{slug(result.comparison.id)}", "strip", WIDTH, HEIGHT, result.comparison.question, text, tuple(shapes)
    )


def strip_axis(shared: SharedScale, result: ComparisonResult, name: str) -> Drawing:
    """Return the axis above a group of strips."""
    scale = scale_of(result)
    return Drawing(
        name,
        "strip",
        WIDTH,
        HEIGHT,
        "Shared axis",
        f"From {scale.text(shared.axis.low)} to {scale.text(shared.axis.high)}; no effect is {scale.no_effect}.",
        tuple(few_ticks(scale, shared.axis)),
    )


def few_ticks(scale: Scale, axis: Axis) -> list[Shape]:
    """Return an axis with at most four ticks, no effect among them where it has one."""
    marks = ticks(scale, axis.low, axis.high)
    every = math.ceil(len(marks) / MOST_TICKS)
    first = marks.index(0.0) % every if 0.0 in marks else 0
    step = min((after - before for before, after in zip(marks, marks[1:], strict=False)), default=1.0)
    shapes: list[Shape] = [Line(axis.left, 1, axis.right, 1, "axis")]
    for mark in marks[first::every]:
        x = axis.at(mark)
        shapes += [Line(x, 1, x, 6, "axis"), Text(x, 19, tick_text(scale, mark, every * step), "tick", "middle")]
    return shapes
