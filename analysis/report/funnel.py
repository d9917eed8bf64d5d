"""The funnel plot: effect across, standard error down, shades where P is below 0.10, 0.05 and 0.01."""

from analysis.report.answer import noun, nouns
from analysis.report.drawing import (
    FRAMES,
    Axis,
    Circle,
    Drawing,
    Frame,
    Line,
    Polygon,
    Shape,
    Text,
    axis_shapes,
    limits,
    linear_ticks,
    upright_shapes,
)
from analysis.report.within import several
from analysis.report.wording import counted, scale_of
from analysis.results import ComparisonResult, ImputedStudy

FEWEST_STUDIES = 10  # Sterne 2011, doi:10.1136/bmj.d4002: below ten a funnel plot cannot be read
CONTOURS = (  # P, standard normal quantile of 1 - P/2, shade: outermost first
    (0.01, 2.5758293035489004, "contour-01"),
    (0.05, 1.959963984540054, "contour-05"),
    (0.10, 1.6448536269514722, "contour-10"),
)


def funnel_plots(result: ComparisonResult) -> tuple[Drawing, ...]:
    """Return the funnel plot in every layout; empty below ten studies."""
    if not can_be_drawn(result):
        return ()
    return tuple(funnel_plot(result, frame) for frame in FRAMES)


def can_be_drawn(result: ComparisonResult) -> bool:
    """Say whether there are enough studies, each with one effect: several of a study are not independent."""
    return len(result.effects) >= FEWEST_STUDIES and not several(result)


def funnel_plot(result: ComparisonResult, frame: Frame) -> Drawing:
    scale = scale_of(result)
    estimates, seis = points(result)
    largest = 1.08 * max(seis)
    axis = Axis(*limits(scale, estimates, seis), frame.left, frame.right)
    shapes = [
        *contour_shapes(axis, frame, largest),
        *error_shapes(frame, largest),
        *axis_shapes(scale, axis, frame.bottom),
        Text((frame.left + frame.right) / 2, frame.bottom + 38, scale.words.name, "side", "middle"),
        *average_line(result, axis, frame),
        *(Circle(axis.at(effect.yi), depth(effect.sei, largest, frame), 4.5, "mark dot") for effect in result.effects),
        *(Circle(axis.at(one.yi), depth(one.sei, largest, frame), 4.5, "mark ring") for one in imputed(result)),
    ]
    return Drawing(
        f"funnel-{frame.layout}",
        frame.layout,
        frame.width,
        frame.bottom + 46,
        f"Funnel plot: {result.comparison.question}",
        description(result),
        tuple(shapes),
    )


def points(result: ComparisonResult) -> tuple[list[float], list[float]]:
    """Return effects and standard errors of every mark, studies first."""
    marks = (*result.effects, *imputed(result))
    return [mark.yi for mark in marks], [mark.sei for mark in marks]


def imputed(result: ComparisonResult) -> tuple[ImputedStudy, ...]:
    """Return the studies that trim and fill puts in."""
    small = result.robustness.small_studies
    return small.trim_and_fill.imputed if small and small.trim_and_fill else ()


def description(result: ComparisonResult) -> str:
    """Return the finding, then how the plot is read."""
    count, extra = counted(len(result.effects), noun(result), nouns(result)), imputed(result)
    filled = f", and {counted(len(extra), 'ring')} where a symmetric funnel would hold more" if extra else ""
    return (
        f"{count}{filled}; effect across and standard error down, with shades where P is below 0.10, 0.05 and 0.01 "
        "about no effect."
    )


def depth(sei: float, largest: float, frame: Frame) -> float:
    """Return the height of a standard error; 0 is at the top."""
    return frame.top + sei / largest * (frame.bottom - frame.top)


def contour_shapes(axis: Axis, frame: Frame, largest: float) -> list[Shape]:
    """Return nested wedges about no effect: outside the widest, P is below 0.01."""
    left, right, top, bottom = frame.left, frame.right, frame.top, frame.bottom
    shapes: list[Shape] = [Polygon(((left, top), (right, top), (right, bottom), (left, bottom)), "contour-00")]
    for _, quantile, css in CONTOURS:
        shapes.append(Polygon(wedge(axis, frame, quantile, largest), css))
    shapes += [
        Line(axis.at(0.0), top, axis.at(0.0), bottom, "null"),
        Text(axis.at(0.0) + 4, bottom - 6, "p > 0.10", "tick"),
        *contour_names(axis, frame, largest),
    ]
    return shapes


def wedge(axis: Axis, frame: Frame, quantile: float, largest: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of the region where |effect| is below quantile times its standard error."""
    steps = [largest * index / 40 for index in range(41)]
    left = [(axis.at(-quantile * sei), depth(sei, largest, frame)) for sei in steps]
    right = [(axis.at(quantile * sei), depth(sei, largest, frame)) for sei in reversed(steps)]
    return tuple(left + right)


def contour_names(axis: Axis, frame: Frame, largest: float) -> list[Shape]:
    """Return the names of the shades, each outside of the edge it lies beyond, on the side with more room."""
    side = 1 if axis.high >= -axis.low else -1
    anchor, end = ("start", frame.right - 60) if side == 1 else ("end", frame.left + 60)
    names: list[Shape] = []
    for (p, quantile, _), share in zip(CONTOURS, (0.28, 0.5, 0.72), strict=True):
        x = axis.at(side * quantile * largest * share)
        if side * x < side * end:
            y = depth(largest * share, largest, frame) - 4
            names.append(Text(x + 4 * side, y, f"p < {p:.2f}", "tick", anchor))
    return names


def error_shapes(frame: Frame, largest: float) -> list[Shape]:
    """Return the axis of standard errors, downwards."""
    marks = [(depth(tick, largest, frame), f"{tick:.4g}") for tick in linear_ticks(0.0, largest)]
    return [Text(0, 16, "Standard error", "side"), *upright_shapes(marks, frame.left, frame.top, frame.bottom)]


def average_line(result: ComparisonResult, axis: Axis, frame: Frame) -> list[Shape]:
    if result.pooled is None or not axis.holds(result.pooled.estimate):
        return []
    x = axis.at(result.pooled.estimate)
    return [Line(x, frame.top, x, frame.bottom, "average"), Text(x, frame.top - 8, "average", "tick", "middle")]
