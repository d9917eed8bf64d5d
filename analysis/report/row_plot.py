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
            *guide_shapes(result, layout, axis, bottom),
            *rows_shapes(result, rows, layout, axis),
            *axis_shapes(scale_of(result), axis, bottom),
        ),
    )


def axis_of(result: ComparisonResult, layout: RowLayout) -> Axis:
    """Return the axis that the studies themselves ask for."""
    effects = (*result.effects, *result.doubtful)
    low, high = limits(scale_of(result), [effect.yi for effect in effects], [effect.sei for effect in effects])
    return Axis(low, high, layout.left, layout.right)


def guide_shapes(result: ComparisonResult, layout: RowLayout, axis: Axis, bottom: float) -> list[Shape]:
    """Return the line at no effect and the dotted one at the average; dashed, to stand beside the marks, if narrow."""
    lines = [(0.0, "null")]
    if result.pooled and axis.holds(result.pooled.estimate):
        lines.append((result.pooled.estimate, "average"))
    top, beside = (layout.mark - 10, "beside ") if layout.name == "narrow" else (0.0, "")
    return [Line(axis.at(at), top, axis.at(at), bottom, beside + css) for at, css in lines]


def rows_shapes(result: ComparisonResult, rows: tuple[PlotRow, ...], layout: RowLayout, axis: Axis) -> list[Shape]:
    """Return the names, the numbers, the intervals and the marks of the rows, each kind together."""
    tops = [index * layout.row for index in range(len(rows))]
    numbers = [numbers_of(result, row) for row in rows]
    kinds: tuple[list[Shape], ...] = ([], [], [], [])
    for row, text, y in zip(rows, numbers, tops, strict=True):
        room = layout.left - 10 if layout.name == "broad" else layout.width - text_width(text) - 10
        kinds[0].append(Text(0, y + layout.words, fitted(row.label, room)))
        kinds[1].append(Text(layout.width, y + layout.words, text, "num", "end"))
        kinds[2].extend(interval_shapes(axis, row.low, row.high, y + layout.mark, "whisker"))
        kinds[3].append(Circle(axis.at(row.estimate), y + layout.mark, 4.5, "mark dot"))
    return [shape for kind in kinds for shape in kind]


def numbers_of(result: ComparisonResult, row: PlotRow) -> str:
    scale = scale_of(result)
    return compact(f"{scale.text(row.estimate)} [{scale.interval(row.low, row.high)}]")
