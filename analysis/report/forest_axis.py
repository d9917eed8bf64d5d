"""The axis of a forest plot: what it holds, which differences matter on it, and the words under it."""

from analysis.report.drawing import Axis, Shape, Text, limits, sided, text_width, widened
from analysis.report.extent import has_new_setting, threshold_of
from analysis.report.forest_layout import Layout
from analysis.report.forest_rows import is_pooled, sides
from analysis.report.wording import scale_of
from analysis.results import ComparisonResult

MATTERS = "matters"


def axis_ends(result: ComparisonResult) -> tuple[float, float]:
    """Return the ends of the axis: the studies ask first, then the averages, what matters, and a new setting."""
    scale, effects = scale_of(result), (*result.effects, *result.doubtful)
    own = limits(scale, [effect.yi for effect in effects], [effect.sei for effect in effects])
    return widened(scale, own, wishes(result))


def wishes(result: ComparisonResult) -> list[tuple[float, float]]:
    """Return the ranges that an axis should hold too, the most wanted first."""
    pooled, smallest = result.pooled, threshold_of(result)
    wanted = [(pooled.ci_low, pooled.ci_high)] if is_pooled(result) else []
    wanted += [(group.ci_low, group.ci_high) for group in (result.subgroups.groups if result.subgroups else ())]
    wanted += [(-smallest, smallest)] if smallest else []
    return [*wanted, *([(pooled.pi_low, pooled.pi_high)] if has_new_setting(result) else [])]


def thresholds(result: ComparisonResult, axis: Axis) -> list[float]:
    """Return the smallest differences that matter, one a side, as far as the axis holds them."""
    smallest = threshold_of(result)
    return [value for value in (-smallest, smallest) if axis.holds(value)] if smallest else []


def under_shapes(result: ComparisonResult, layout: Layout, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return the words under an axis at y (from where it matters, which side is which), and where the figure ends."""
    matters = [matter_shape(value, axis, y + 33, layout) for value in thresholds(result, axis)]
    words, end = sided(axis, *sides(result), y + (54 if matters else 38))
    return [*matters, *words], end


def matter_shape(value: float, axis: Axis, y: float, layout: Layout) -> Text:
    """Return the word beside the line from which on a difference matters, its arrow pointing away from no effect."""
    text = f"← {MATTERS}" if value < 0 else f"{MATTERS} →"
    wide, x = text_width(text, 12), axis.at(value)
    if value < 0:
        return Text(max(x + 6, wide), y, text, "side quiet", "end")
    return Text(min(x - 6, layout.width - wide), y, text, "side quiet")
