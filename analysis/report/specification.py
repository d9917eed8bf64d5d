"""The specification curve: every declared choice by the size of its effect, and below which choice it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.choices import answer_in_short, choices_sentence
from analysis.report.drawing import (
    Axis,
    Box,
    Circle,
    Drawing,
    Line,
    Polygon,
    Shape,
    Text,
    fitted,
    limits,
    tick_text,
    ticks,
    upright_shapes,
)
from analysis.report.wording import scale_of
from analysis.results import ComparisonResult, Pooled

FEWEST = 3  # analyses; fewer are read from the table
DECLARED = "as declared"
SHORT_NAMES = {  # prefix of a choice's code -> its line below the curve
    "tau2=": "τ² by {value}",
    "interval=": "{value} interval",
    "model=": "{value} effect",
    "without=": "without {value}",
    "without:": "one study left out",
    "with-doubtful": "with doubtful",
}
TOP, LINE = 12.0, 20.0


@dataclass(frozen=True)
class Specification:
    """One analysis on the curve: its line below, its result, and whether it gives the protocol's answer."""

    line: str
    pooled: Pooled
    same_answer: bool


@dataclass(frozen=True)
class CurveLayout:
    """Where the curve stands, in drawing units."""

    name: str
    width: float
    left: float
    right: float
    height: float


CURVE_LAYOUTS = (CurveLayout("broad", 700, 190, 690, 240), CurveLayout("narrow", 340, 128, 334, 220))


def specification_curve(result: ComparisonResult) -> tuple[Drawing, ...]:
    """Return the curve in every layout; empty with fewer than three analyses."""
    found = specifications(result)
    return tuple(curve(result, found, layout) for layout in CURVE_LAYOUTS if len(found) >= FEWEST)


def specifications(result: ComparisonResult) -> tuple[Specification, ...]:
    """Return the protocol's own analysis and every choice that has a result, the smallest effect first."""
    if result.pooled is None:
        return ()
    choices = [Specification(line_of(choice.code), choice.pooled, choice.same_answer)
               for choice in result.choices if choice.pooled]  # fmt: skip
    return tuple(sorted([Specification(DECLARED, result.pooled, True), *choices], key=lambda one: one.pooled.estimate))


def line_of(code: str) -> str:
    """Return the line of a choice below the curve; an unknown code is shown as it is."""
    for prefix, name in SHORT_NAMES.items():
        if code.startswith(prefix):
            return name.format(value=code.removeprefix(prefix))
    return code


def curve(result: ComparisonResult, found: tuple[Specification, ...], layout: CurveLayout) -> Drawing:
    scale = scale_of(result)
    low, high = limits(scale, [one.pooled.estimate for one in found], [one.pooled.se for one in found])
    up = Axis(low, high, TOP + layout.height, TOP)
    marks = ticks(scale, low, high)
    step = min((after - before for before, after in zip(marks, marks[1:], strict=False)), default=1.0)
    lines = list(dict.fromkeys([DECLARED, *(line_of(choice.code) for choice in result.choices if choice.pooled)]))
    bottom = TOP + layout.height + 16
    return Drawing(
        f"curve-{layout.name}",
        layout.name,
        layout.width,
        bottom + len(lines) * LINE,
        f"Every declared choice: {result.comparison.question}",
        choices_sentence(result),
        (
            *upright_shapes(
                [(up.at(mark), tick_text(scale, mark, step)) for mark in marks], layout.left - 8, TOP, up.left
            ),
            Text(0, TOP + 10, scale.words.short, "side"),
            *level(up, layout, 0.0, "null"),
            *level(up, layout, result.pooled.estimate, "average"),
            *line_names(lines, layout, bottom),
            *kind_by_kind(
                column(one, across(layout, index, len(found)), up, bottom + lines.index(one.line) * LINE)
                for index, one in enumerate(found)
            ),
        ),
    )


def across(layout: CurveLayout, index: int, count: int) -> float:
    """Return where a column stands."""
    return layout.left + (index + 0.5) * (layout.right - layout.left) / count


def level(up: Axis, layout: CurveLayout, value: float, css: str) -> list[Shape]:
    """Return a line across at a value, when the axis holds it."""
    return [Line(layout.left, up.at(value), layout.right, up.at(value), css)] if up.holds(value) else []


def line_names(lines: list[str], layout: CurveLayout, top: float) -> list[Shape]:
    """Return the names below the curve, each with a rule to follow."""
    shapes: list[Shape] = []
    for index, name in enumerate(lines):
        y = top + index * LINE
        shapes += [
            Line(layout.left, y + 6, layout.right, y + 6, "rule"),
            Text(0, y + 10, fitted(name, layout.left - 20, 12), "side"),
        ]
    return shapes


def column(one: Specification, x: float, up: Axis, y: float) -> list[Shape]:
    """Return one analysis: its interval and mark, and the dot on its line; another answer is a hollow square."""
    top, bottom = up.at(one.pooled.ci_high), up.at(one.pooled.ci_low)
    css = "whisker effect" if one.same_answer else "whisker other"
    at = up.at(one.pooled.estimate)
    mark = Circle(x, at, 4, "mark dot") if one.same_answer else Box(x - 4.5, at - 4.5, 9, 9, "mark other")
    return [
        Line(x, top, x, bottom, css),
        *(head(x, up.right, -1, css) for _ in range(one.pooled.ci_high > up.high)),
        *(head(x, up.left, 1, css) for _ in range(one.pooled.ci_low < up.low)),
        mark,
        Circle(x, y + 6, 3.5, "which" if one.same_answer else "which other"),
    ]


def kind_by_kind(columns: Iterable[list[Shape]]) -> list[Shape]:
    """Return the shapes of all columns, the lines at the back."""
    shapes = [shape for column in columns for shape in column]
    return sorted(shapes, key=lambda shape: not isinstance(shape, Line))


def head(x: float, y: float, towards: int, css: str) -> Polygon:
    """Return an arrow head whose tip is at y, pointing up (-1) or down (1)."""
    return Polygon(((x, y), (x - 3.5, y - 6 * towards), (x + 3.5, y - 6 * towards)), f"{css} head")


def key_sentence(result: ComparisonResult) -> str:
    """Return how the marks of the curve are read."""
    own = answer_in_short(result, result.answer)
    return f"Dots: the answer of the protocol ({own}); hollow squares: another answer. The dotted line is the average."
