"""A plot of one interval a row, drawn broad and narrow: the average as studies join, or as one is left out."""

from dataclasses import dataclass

from analysis.report.drawing import (
    Axis,
    Circle,
    Drawing,
    Line,
    Shape,
    Text,
    axis_shapes,
    fitted,
    interval_shapes,
    limits,
    text_width,
)
from analysis.report.wording import compact, scale_of
from analysis.results import ComparisonResult


@dataclass(frozen=True)
class PlotRow:
    """One row of such a plot; values on the analysis scale."""

    label: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class RowLayout:
    """Where the columns stand, in drawing units; `mark` and `words` lie below the top of a row."""

    name: str
    width: float
    left: float
    right: float
    row: float
    mark: float
    words: float


ROW_LAYOUTS = (RowLayout("broad", 700, 262, 520, 24, 12, 16), RowLayout("narrow", 340, 8, 332, 40, 28, 14))


def row_plots(
    result: ComparisonResult, rows: tuple[PlotRow, ...], name: str, title: str, desc: str
) -> tuple[Drawing, ...]:
    """Return the rows in every layout, on the axis of the forest plot; empty without rows."""
    return tuple(row_plot(result, rows, layout, name, title, desc) for layout in ROW_LAYOUTS if rows)


def row_plot(
    result: ComparisonResult, rows: tuple[PlotRow, ...], layout: RowLayout, name: str, title: str, desc: str
) -> Drawing:
    bottom = len(rows) * layout.row + 6
    axis = axis_of(result, layout)
    return Drawing(
        f"{name}-{layout.name}",
        layout.name,
        layout.width,
        bottom + 26,
        f"{title}: {result.comparison.question}",
        desc,
        (
            *guide_shapes(result, layout, axis, len(rows), bottom),
            *(
                shape
                for index, row in enumerate(rows)
                for shape in row_shapes(result, row, layout, axis, index * layout.row)
            ),
            *axis_shapes(scale_of(result), axis, bottom),
        ),
    )


def axis_of(result: ComparisonResult, layout: RowLayout) -> Axis:
    """Return the axis that the studies themselves ask for."""
    effects = (*result.effects, *result.doubtful)
    low, high = limits(scale_of(result), [effect.yi for effect in effects], [effect.sei for effect in effects])
    return Axis(low, high, layout.left, layout.right)


def guide_shapes(result: ComparisonResult, layout: RowLayout, axis: Axis, count: int, bottom: float) -> list[Shape]:
    """Return the line at no effect and the dotted one at the average; beside the marks where words share the room."""
    lines = [(0.0, "null")]
    if result.pooled and axis.holds(result.pooled.estimate):
        lines.append((result.pooled.estimate, "average"))
    ends = [(0.0, bottom)]
    if layout.name == "narrow":
        ends = [(row * layout.row + layout.mark - 10, row * layout.row + layout.mark + 10) for row in range(count)]
    return [Line(axis.at(at), top, axis.at(at), end, css) for at, css in lines for top, end in ends]


def row_shapes(result: ComparisonResult, row: PlotRow, layout: RowLayout, axis: Axis, y: float) -> list[Shape]:
    """Return the words and the mark of one row, starting at y."""
    scale = scale_of(result)
    numbers = compact(f"{scale.text(row.estimate)} [{scale.interval(row.low, row.high)}]")
    room = layout.left - 10 if layout.name == "broad" else layout.width - text_width(numbers) - 10
    return [
        Text(0, y + layout.words, fitted(row.label, room)),
        Text(layout.width, y + layout.words, numbers, "num", "end"),
        *interval_shapes(axis, row.low, row.high, y + layout.mark, "whisker"),
        Circle(axis.at(row.estimate), y + layout.mark, 4.5, "mark dot"),
    ]
