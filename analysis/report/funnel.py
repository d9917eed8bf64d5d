"""The funnel plot: effect across, standard error down, shades where P is below 0.10, 0.05 and 0.01."""

from analysis.report.answer import noun, nouns
from analysis.report.drawing import (
    Axis,
    Circle,
    Drawing,
    Line,
    Polygon,
    Shape,
    Text,
    axis_shapes,
    limits,
    linear_ticks,
)
from analysis.report.wording import counted, plain, scale_of
from analysis.results import ComparisonResult

FEWEST_STUDIES = 10  # Sterne 2011, doi:10.1136/bmj.d4002: below ten a funnel plot cannot be read
CONTOURS = (  # P, standard normal quantile of 1 - P/2, shade: outermost first
    (0.01, 2.5758293035489004, "contour-01"),
    (0.05, 1.959963984540054, "contour-05"),
    (0.10, 1.6448536269514722, "contour-10"),
)
WIDTH, TOP, BOTTOM, LEFT, RIGHT = 640.0, 30.0, 330.0, 70.0, 620.0


def funnel_plot(result: ComparisonResult) -> Drawing | None:
    """Return the funnel plot, or None below ten studies."""
    if len(result.effects) < FEWEST_STUDIES:
        return None
    scale = scale_of(result)
    largest = 1.08 * max(effect.sei for effect in result.effects)
    low, high = limits(scale, [effect.yi for effect in result.effects], [effect.sei for effect in result.effects])
    axis = Axis(low, high, LEFT, RIGHT)
    shapes = [
        *contour_shapes(axis, largest),
        *error_shapes(largest),
        *axis_shapes(scale, axis, BOTTOM),
        Text((LEFT + RIGHT) / 2, BOTTOM + 38, scale.words.name, "side", "middle"),
        *average_line(result, axis),
        *(Circle(axis.at(effect.yi), depth(effect.sei, largest), 4.5, "mark dot") for effect in result.effects),
    ]
    count = counted(len(result.effects), noun(result), nouns(result))
    return Drawing(
        "funnel",
        "plain",
        WIDTH,
        BOTTOM + 46,
        f"Funnel plot: {result.comparison.question}",
        f"{count}, effect across and standard error down, with shades where P is below 0.10, 0.05 "
        "and 0.01 about no effect.",
        tuple(shapes),
    )


def depth(sei: float, largest: float) -> float:
    """Return the height of a standard error; 0 is at the top."""
    return TOP + sei / largest * (BOTTOM - TOP)


def contour_shapes(axis: Axis, largest: float) -> list[Shape]:
    """Return nested wedges about no effect: outside the widest, P is below 0.01."""
    shapes: list[Shape] = [Polygon(((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM)), "contour-00")]
    for _, quantile, css in CONTOURS:
        shapes.append(Polygon(wedge(axis, quantile, largest), css))
    shapes += [
        Line(axis.at(0.0), TOP, axis.at(0.0), BOTTOM, "null"),
        Text(axis.at(0.0) + 4, BOTTOM - 6, "p > 0.10", "tick"),
        *contour_names(axis, largest),
    ]
    return shapes


def wedge(axis: Axis, quantile: float, largest: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of the region where |effect| is below quantile times its standard error."""
    steps = [largest * index / 40 for index in range(41)]
    left = [(axis.at(-quantile * sei), depth(sei, largest)) for sei in steps]
    right = [(axis.at(quantile * sei), depth(sei, largest)) for sei in reversed(steps)]
    return tuple(left + right)


def contour_names(axis: Axis, largest: float) -> list[Shape]:
    """Return the names of the shades, each above the edge it lies outside of, at the right."""
    names: list[Shape] = []
    for (p, quantile, _), share in zip(CONTOURS, (0.28, 0.5, 0.72), strict=True):
        x = axis.at(quantile * largest * share)
        if x < RIGHT - 60:
            names.append(Text(x + 4, depth(largest * share, largest) - 4, f"p < {plain(p)}", "tick"))
    return names


def error_shapes(largest: float) -> list[Shape]:
    """Return the axis of standard errors, downwards."""
    shapes: list[Shape] = [Line(LEFT, TOP, LEFT, BOTTOM, "axis"), Text(0, 16, "Standard error", "side")]
    for tick in linear_ticks(0.0, largest):
        y = depth(tick, largest)
        shapes += [Line(LEFT - 5, y, LEFT, y, "axis"), Text(LEFT - 9, y + 4, f"{tick:.4g}", "tick", "end")]
    return shapes


def average_line(result: ComparisonResult, axis: Axis) -> list[Shape]:
    if result.pooled is None or not axis.holds(result.pooled.estimate):
        return []
    x = axis.at(result.pooled.estimate)
    return [Line(x, TOP, x, BOTTOM, "average"), Text(x, TOP - 8, "average", "tick", "middle")]
