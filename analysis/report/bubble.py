"""The bubble plot: effects along a moderator in numbers, area by weight, with the line of the model."""

from dataclasses import dataclass
from math import sqrt

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
    limits,
    linear_ticks,
    tick_text,
    ticks,
    upright_shapes,
)
from analysis.report.moderator_words import moderator_name, number_text
from analysis.report.wording import Scale, percent, scale_of, sentence_case
from analysis.results import Bubble, ComparisonResult, ModeratorLine

LARGEST, SMALLEST = 13.0, 3.5  # radius of a bubble
BESIDE = 0.06  # of the range of the moderator, left and right of the bubbles


@dataclass(frozen=True)
class BubbleRow:
    """A bubble as a row of the table, every cell as text."""

    label: str
    value: str
    effect: str
    weight: str


@dataclass(frozen=True)
class BubblePlot:
    """The plot of one moderator and its table."""

    name: str
    drawings: tuple[Drawing, ...]
    rows: tuple[BubbleRow, ...]


def bubble_plot(result: ComparisonResult, along: ModeratorLine, finding: str) -> BubblePlot:
    """Return the plot of a moderator in every layout; the finding is what a reader who does not see it hears."""
    scale = scale_of(result)
    rows = tuple(
        BubbleRow(one.label, number_text(one.value), scale.text(one.yi), percent(one.weight, 1))
        for one in along.bubbles
    )
    drawings = tuple(bubble_drawing(result, along, frame, finding) for frame in FRAMES)
    return BubblePlot(moderator_name(along.moderator), drawings, rows)


def bubble_drawing(result: ComparisonResult, along: ModeratorLine, frame: Frame, finding: str) -> Drawing:
    scale, name = scale_of(result), moderator_name(along.moderator)
    across, up = axes_of(result, along, frame)
    return Drawing(
        f"bubble-{along.moderator}-{frame.layout}",
        frame.layout,
        frame.width,
        frame.bottom + 46,
        f"Effect by {name}: {result.comparison.question}",
        finding,
        (
            *line_shapes(along, across, up),
            Line(frame.left, up.at(0.0), frame.right, up.at(0.0), "null"),
            *across_shapes(across, frame.bottom),
            *up_shapes(scale, up, frame),
            Text(0, 16, f"{sentence_case(scale.words.name)} ↑", "side"),
            Text(frame.right, frame.bottom + 38, f"{name} →", "side", "end"),
            *bubbles(along.bubbles, across, up),
        ),
    )


def axes_of(result: ComparisonResult, along: ModeratorLine, frame: Frame) -> tuple[Axis, Axis]:
    """Return the axis of the moderator, and that of the effect, which holds every effect and the line."""
    values = [one.value for one in along.bubbles]
    beside = BESIDE * (max(values) - min(values))
    estimates = [*(one.yi for one in along.bubbles), *(point.estimate for point in along.line)]
    low, high = limits(scale_of(result), estimates, [effect.sei for effect in result.effects])
    across = Axis(min(values) - beside, max(values) + beside, frame.left, frame.right)
    return across, Axis(low, high, frame.bottom, frame.top)


def line_shapes(along: ModeratorLine, across: Axis, up: Axis) -> list[Shape]:
    """Return the band of the interval, and the line on it."""
    upper = [(across.at(point.value), up.at(point.ci_high)) for point in along.line]
    lower = [(across.at(point.value), up.at(point.ci_low)) for point in reversed(along.line)]
    first, last = along.line[0], along.line[-1]
    line = Line(across.at(first.value), up.at(first.estimate), across.at(last.value), up.at(last.estimate), "fit")
    return [Polygon((*upper, *lower), "band"), line]


def across_shapes(across: Axis, y: float) -> list[Shape]:
    """Return the axis of the moderator."""
    shapes: list[Shape] = [Line(across.left, y, across.right, y, "axis")]
    for tick in linear_ticks(across.low, across.high):
        x = across.at(tick)
        shapes += [Line(x, y, x, y + 5, "axis"), Text(x, y + 18, number_text(tick), "tick", "middle")]
    return shapes


def up_shapes(scale: Scale, up: Axis, frame: Frame) -> list[Shape]:
    """Return the axis of the effect."""
    marks = ticks(scale, up.low, up.high)
    step = min((after - before for before, after in zip(marks, marks[1:], strict=False)), default=1.0)
    named = [(up.at(mark), tick_text(scale, mark, step)) for mark in marks]
    return upright_shapes(named, frame.left, frame.top, frame.bottom)


def bubbles(studies: tuple[Bubble, ...], across: Axis, up: Axis) -> list[Shape]:
    """Return the studies, the lightest last so that no heavy one hides it; area follows the weight."""
    largest = max(one.weight for one in studies)
    ordered = sorted(studies, key=lambda one: (-one.weight, one.study))
    return [
        Circle(across.at(one.value), up.at(one.yi), max(SMALLEST, LARGEST * sqrt(one.weight / largest)), "mark bubble")
        for one in ordered
    ]
