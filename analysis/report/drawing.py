"""What a figure is made of: shapes with positions, an axis that places values, and the drawing as text.

Positions are computed here in drawing units; the template only writes them down, escaped.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from analysis.report.wording import Scale, decimal

RATIO_TICKS = (1.0, 2.0, 5.0)
MOST_TICKS = 8
LONGEST_AXIS = 3.0  # times the length that the studies ask for: beyond, these are squeezed together
LEAST_SIDE = 0.3  # of the axis: the room of the words about a side, however near its end no effect lies
SIDE_LINES, SIDE_LINE = 4, 15.0  # how many lines they may take; the height of one
HEAD_STEP = 15.0  # from one head of a column to the next, where they stand as stairs


def short(value: float) -> str:
    """Return a position to a tenth of a drawing unit, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Line:
    kind: ClassVar[str] = "line"
    x1: float
    y1: float
    x2: float
    y2: float
    css: str

    @property
    def path(self) -> str:
        if self.y1 == self.y2:
            return f"M{short(self.x1)} {short(self.y1)}H{short(self.x2)}"
        if self.x1 == self.x2:
            return f"M{short(self.x1)} {short(self.y1)}V{short(self.y2)}"
        return f"M{short(self.x1)} {short(self.y1)}L{short(self.x2)} {short(self.y2)}"


@dataclass(frozen=True)
class Box:
    kind: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    css: str


@dataclass(frozen=True)
class Circle:
    kind: ClassVar[str] = "circle"
    x: float
    y: float
    radius: float
    css: str


@dataclass(frozen=True)
class Polygon:
    kind: ClassVar[str] = "polygon"
    corners: tuple[tuple[float, float], ...]
    css: str

    @property
    def points(self) -> str:
        return " ".join(f"{short(x)},{short(y)}" for x, y in self.corners)


@dataclass(frozen=True)
class Text:
    kind: ClassVar[str] = "text"
    x: float
    y: float
    text: str
    css: str = ""
    anchor: str = "start"
    href: str | None = None


Shape = Line | Box | Circle | Polygon | Text


@dataclass(frozen=True)
class Alike:
    """Shapes of one kind and style that follow each other."""

    kind: str
    css: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Drawing:
    """A figure: its size in drawing units, its shapes from back to front, and what it says in words."""

    id: str
    layout: str
    width: float
    height: float
    title: str
    desc: str
    shapes: tuple[Shape, ...]

    @property
    def links(self) -> list[Text]:
        """Return the words that lead somewhere."""
        return [shape for shape in self.shapes if isinstance(shape, Text) and shape.href and shape.text]

    @property
    def silent(self) -> list[Alike]:
        """Return the shapes that a screen reader passes over, from back to front, those alike and next together."""
        shapes = [shape for shape in self.shapes if not isinstance(shape, Text) or (shape.text and not shape.href)]
        runs = itertools.groupby(shapes, key=lambda shape: (shape.kind, shape.css.strip()))
        return [Alike(kind, css, tuple(alike)) for (kind, css), alike in runs]


@dataclass(frozen=True)
class Frame:
    """Where the axes of a plot with two of them stand, in drawing units, in one layout."""

    layout: str
    width: float
    left: float
    right: float
    top: float
    bottom: float


FRAMES = (Frame("broad", 640, 70, 620, 30, 330), Frame("narrow", 340, 52, 332, 30, 290))


@dataclass(frozen=True)
class Axis:
    """An axis: values on the analysis scale from low to high, placed from left to right, or from bottom to top."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return the position of a value, held within the axis."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def limits(scale: Scale, estimates: list[float], seis: list[float]) -> tuple[float, float]:
    """Return axis limits that hold no effect and every estimate, not every interval.

    The room beside the estimates is 2.2 times the median standard error, so that most intervals fit
    and one wide interval does not squeeze the rest; a tick just outside is taken in.
    """
    room = 2.2 * sorted(seis)[len(seis) // 2] if seis else 1.0
    return to_ticks(scale, min([0.0, *estimates]) - room, max([0.0, *estimates]) + room)


def to_ticks(scale: Scale, low: float, high: float) -> tuple[float, float]:
    """Return limits that take in a tick just outside."""
    near = 0.15 * (high - low)
    wider = ticks(scale, low - near, high + near)
    return min([low, *wider]), max([high, *wider])


def widened(scale: Scale, ends: tuple[float, float], wishes: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return limits that hold each range wished for, the first one first, unless it would squeeze the studies.

    An axis may grow to three times the length that the studies ask for: they keep a third of the figure.
    """
    low, high = ends
    for first, last in wishes:
        wider = min(low, first), max(high, last)
        if wider[1] - wider[0] <= LONGEST_AXIS * (ends[1] - ends[0]):
            low, high = wider
    return ends if (low, high) == ends else to_ticks(scale, low, high)


def ticks(scale: Scale, low: float, high: float) -> list[float]:
    """Return tick positions on the analysis scale: 0.1 0.2 0.5 1 2 5 10 for ratios, round steps else."""
    if not scale.ratio:
        return linear_ticks(low, high)
    for steps in (RATIO_TICKS, (1.0,)):
        decades = range(math.floor(low / math.log(10)) - 1, math.ceil(high / math.log(10)) + 1)
        marks = [math.log(step * 10.0**decade) for decade in decades for step in steps]
        inside = [0.0 if abs(mark) < 1e-12 else mark for mark in marks if low <= mark <= high]
        if 2 < len(inside) <= MOST_TICKS:
            return inside
    return ratio_ticks(low, high) if len(inside) <= 2 else inside[:: math.ceil(len(inside) / MOST_TICKS)]


def ratio_ticks(low: float, high: float) -> list[float]:
    """Return ticks for a narrow range of ratios: round steps of the ratio itself."""
    return [math.log(tick) for tick in linear_ticks(math.exp(low), math.exp(high)) if tick > 0]


def linear_ticks(low: float, high: float) -> list[float]:
    """Return four to eight multiples of a round step (1, 2 or 5 times a power of ten) within the limits."""
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if (high - low) / (factor * power) <= 7)
    return [index * step for index in range(math.ceil(low / step), math.floor(high / step) + 1)]


def tick_text(scale: Scale, tick: float, step: float) -> str:
    """Return the label of a tick, as short as its step allows."""
    if scale.ratio:
        return f"{scale.shown(tick):.3g}"
    return decimal(tick, max(0, -math.floor(math.log10(step) + 1e-9)))


def axis_shapes(scale: Scale, axis: Axis, y: float) -> list[Shape]:
    """Return the axis line, its ticks and their labels, its top at y."""
    marks = ticks(scale, axis.low, axis.high)
    step = min((after - before for before, after in zip(marks, marks[1:], strict=False)), default=1.0)
    shapes: list[Shape] = [Line(axis.left, y, axis.right, y, "axis")]
    for mark in marks:
        x = axis.at(mark)
        shapes += [Line(x, y, x, y + 5, "axis"), Text(x, y + 18, tick_text(scale, mark, step), "tick", "middle")]
    return shapes


def upright_shapes(marks: list[tuple[float, str]], x: float, top: float, bottom: float) -> list[Shape]:
    """Return an axis line that stands at x, with its ticks and labels (height, text) to the left."""
    shapes: list[Shape] = [Line(x, top, x, bottom, "axis")]
    for y, text in marks:
        shapes += [Line(x - 5, y, x, y, "axis"), Text(x - 9, y + 4, text, "tick", "end")]
    return shapes


def interval_shapes(axis: Axis, low: float, high: float, y: float, css: str) -> list[Shape]:
    """Return the line of an interval, with an arrow where it leaves the axis."""
    shapes: list[Shape] = [Line(axis.at(low), y, axis.at(high), y, css)]
    if not axis.holds(low):
        shapes.append(arrow(axis.left, y, -1, css))
    if not axis.holds(high):
        shapes.append(arrow(axis.right, y, 1, css))
    return shapes


def arrow(x: float, y: float, towards: int, css: str) -> Polygon:
    """Return an arrow head whose tip is at x, pointing left (-1) or right (1)."""
    return Polygon(((x, y), (x - 7 * towards, y - 4), (x - 7 * towards, y + 4)), f"{css} head")


def sided(axis: Axis, left: str, right: str, y: float) -> tuple[list[Shape], float]:
    """Return what lies left and right of no effect, no wider than its part of the axis, and where the words end."""
    least = LEAST_SIDE * (axis.right - axis.left)
    middle = min(max(axis.at(0.0), axis.left + least), axis.right - least)
    before = wrapped(f"← {left}", middle - 8 - axis.left, SIDE_LINES, 12)
    after = wrapped(f"{right} →", axis.right - middle - 8, SIDE_LINES, 12)
    shapes = [Text(middle - 8, y + index * SIDE_LINE, line, "side", "end") for index, line in enumerate(before)]
    shapes += [Text(middle + 8, y + index * SIDE_LINE, line, "side") for index, line in enumerate(after)]
    return list(shapes), y + SIDE_LINE * (max(len(before), len(after)) - 1) + 12


def gathered(shapes: list[Shape]) -> list[Shape]:
    """Return shapes with those alike behind each other, kinds in the order they are met: fewer bytes for the same."""
    kinds: dict[tuple[str, str, bool], list[Shape]] = {}
    for shape in shapes:
        linked = isinstance(shape, Text) and shape.href is not None
        kinds.setdefault((shape.kind, shape.css.strip(), linked), []).append(shape)
    return [shape for kind in kinds.values() for shape in kind]


def stair_heads(heads: list[tuple[float, str]], width: float, bottom: float) -> list[Shape]:
    """Return heads of columns (x, text) as stairs: each on a line of its own, with a line down its column."""
    shapes: list[Shape] = []
    for index, (x, text) in enumerate(heads):
        y = index * HEAD_STEP
        shapes += [Line(x, y + 13, x, bottom, "rule"), Text(x - 3, y + 10, fitted(text, width - x, 12), "side")]
    return shapes


def text_width(text: str, size: float = 13) -> float:
    """Return about how wide a text is drawn, in drawing units; wide system fonts need 0.56 em a letter."""
    return 0.56 * size * len(text)


def fitted(text: str, width: float, size: float = 13) -> str:
    """Return the text, cut with an ellipsis where it would be wider than the column."""
    most = max(4, int(width / text_width("x", size)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def two_lines(text: str, width: float, size: float = 13) -> tuple[str, str]:
    """Return the text broken at a space into two lines of the width, the second cut where it must be."""
    most = max(4, int(width / text_width("x", size)))
    at = text.rfind(" ", 0, most + 1)
    if len(text) <= most or at <= 0:
        return fitted(text, width, size), ""
    return text[:at], fitted(text[at + 1 :], width, size)


def wrapped(text: str, width: float, most: int, size: float = 13) -> list[str]:
    """Return the text in up to so many lines of the width, the last one cut where it must be."""
    lines: list[str] = []
    while text and len(lines) < most - 1:
        first, _ = two_lines(text, width, size)
        if len(first) >= len(text) or first.endswith("…"):
            break
        lines.append(first)
        text = text[len(first) + 1 :]
    return [*lines, fitted(text, width, size)]
