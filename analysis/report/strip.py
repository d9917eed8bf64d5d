"""Small intervals on a shared scale: one for each row of the list of comparisons."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.drawing import Axis, Circle, Drawing, Line, Shape, axis_shapes, interval_shapes, limits
from analysis.report.links import slug
from analysis.report.wording import level_words, scale_of
from analysis.results import ComparisonResult

WIDTH, HEIGHT = 220.0, 24.0


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
        tuple(axis_shapes(scale, shared.axis, 1)),
    )
