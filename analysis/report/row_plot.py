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
    widened,
)
from analysis.report.wording import Scale, compact, scale_of
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


@dataclass(frozen=True)
class Ground:
    """What rows are drawn on: the scale they are said in, the ends of the axis, and its upright lines."""

    question: str
    scale: Scale
    low: float
    high: float
    lines: tuple[tuple[float, str], ...]  # where, and their style


def ground_of(result: ComparisonResult) -> Ground:
    """Return the axis that the studies of a comparison ask for, with no effect and the average on it."""
    effects, scale = (*result.effects, *result.doubtful), scale_of(result)
    own = limits(scale, [effect.yi for effect in effects], [effect.sei for effect in effects])
    low, high = widened(scale, own, [(result.pooled.ci_low, result.pooled.ci_high)] if result.pooled else [])
    lines = [(0.0, "null")]
    if result.pooled and low <= result.pooled.estimate <= high:
        lines.append((result.pooled.estimate, "average"))
    return Ground(result.comparison.question, scale, low, high, tuple(lines))


def row_plots(ground: Ground, rows: tuple[PlotRow, ...], name: str, title: str, desc: str) -> tuple[Drawing, ...]:
    """Return the rows in every layout, on the axis of the forest plot; empty without rows."""
    return tuple(row_plot(ground, rows, layout, name, title, desc) for layout in ROW_LAYOUTS if rows)


def row_plot(
    ground: Ground, rows: tuple[PlotRow, ...], layout: RowLayout, name: str, title: str, desc: str
) -> Drawing:
    bottom = len(rows) * layout.row + 6
    axis = Axis(ground.low, ground.high, layout.left, layout.right)
    return Drawing(
        f"{name}-{layout.name}",
        layout.name,
        layout.width,
        bottom + 26,
        f"{title}: {ground.question}",
        desc,
        (
            *guide_shapes(ground, layout, axis, bottom),
            *rows_shapes(ground, rows, layout, axis),
            *axis_shapes(ground.scale, axis, bottom),
        ),
    )


def guide_shapes(ground: Ground, layout: RowLayout, axis: Axis, bottom: float) -> list[Shape]:
    """Return the line at no effect and the dotted one at the average; dashed, to stand beside the marks, if narrow."""
    top, beside = (layout.mark - 10, "beside ") if layout.name == "narrow" else (0.0, "")
    return [Line(axis.at(at), top, axis.at(at), bottom, beside + css) for at, css in ground.lines]


def rows_shapes(ground: Ground, rows: tuple[PlotRow, ...], layout: RowLayout, axis: Axis) -> list[Shape]:
    """Return the names, the numbers, the intervals and the marks of the rows, each kind together."""
    tops = [index * layout.row for index in range(len(rows))]
    numbers = [numbers_of(ground.scale, row) for row in rows]
    kinds: tuple[list[Shape], ...] = ([], [], [], [])
    for row, text, y in zip(rows, numbers, tops, strict=True):
        room = layout.left - 10 if layout.name == "broad" else layout.width - text_width(text) - 10
        kinds[0].append(Text(0, y + layout.words, fitted(row.label, room)))
        kinds[1].append(Text(layout.width, y + layout.words, text, "num", "end"))
        kinds[2].extend(interval_shapes(axis, row.low, row.high, y + layout.mark, "whisker"))
        kinds[3].append(Circle(axis.at(row.estimate), y + layout.mark, 4.5, "mark dot"))
    return [shape for kind in kinds for shape in kind]


def numbers_of(scale: Scale, row: PlotRow) -> str:
    return compact(f"{scale.text(row.estimate)} [{scale.interval(row.low, row.high)}]")
