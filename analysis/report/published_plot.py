"""Published results as a plot: a ring and an interval a row, none of them pooled, on an axis of their own."""

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
    sided,
    text_width,
)
from analysis.report.published_tally import has_interval, on_scale
from analysis.report.row_plot import ROW_LAYOUTS, RowLayout
from analysis.report.wording import Scale, counted, plain
from analysis.results import Better, ComparisonResult, PoolingRow

NORMAL_975 = 1.959963984540054
SIDES = {  # which sign is good news -> what lies left and right of no effect; nothing where that is not known
    "lower": ("favours {experimental}", "favours {control}"),
    "higher": ("favours {control}", "favours {experimental}"),
}


@dataclass(frozen=True)
class Printed:
    """A published result with an estimate, and how its row is named."""

    label: str
    row: PoolingRow


def published_plots(
    result: ComparisonResult, measure: str, better: Better, printed: tuple[Printed, ...], name: str
) -> tuple[Drawing, ...]:
    """Return the published results of one measure and direction in every layout."""
    return tuple(published_plot(result, measure, better, printed, name, layout) for layout in ROW_LAYOUTS)


def published_plot(
    result: ComparisonResult,
    measure: str,
    better: Better,
    printed: tuple[Printed, ...],
    name: str,
    layout: RowLayout,
) -> Drawing:
    scale, axis = Scale(measure), axis_of(measure, printed, layout)
    bottom = len(printed) * layout.row + 6
    sides, height = side_shapes(result, better, axis, bottom + 40)
    return Drawing(
        f"{name}-{layout.name}",
        layout.name,
        layout.width,
        height,
        f"Published results: {scale.words.name}",
        description(printed),
        (
            *null_shapes(layout, axis, len(printed), bottom),
            *(
                shape
                for index, one in enumerate(printed)
                for shape in row_shapes(one, layout, axis, index * layout.row)
            ),
            *axis_shapes(scale, axis, bottom),
            *sides,
        ),
    )


def null_shapes(layout: RowLayout, axis: Axis, count: int, bottom: float) -> list[Shape]:
    """Return the line at no effect through all rows; where words share its room, only beside the marks."""
    x = axis.at(0.0)
    if layout.name != "narrow":
        return [Line(x, 0, x, bottom, "null")]
    middles = [index * layout.row + layout.mark for index in range(count)]
    return [Line(x, middle - 10, x, middle + 10, "null") for middle in middles]


def axis_of(measure: str, printed: tuple[Printed, ...], layout: RowLayout) -> Axis:
    """Return the axis that these results ask for."""
    rows = [one.row for one in printed]
    estimates = [on_scale(row, row.estimate) for row in rows]
    widths = [on_scale(row, row.ci_high) - on_scale(row, row.ci_low) for row in rows if has_interval(row)]
    ends = limits(Scale(measure), estimates, [width / (2 * NORMAL_975) for width in widths])
    return Axis(*ends, layout.left, layout.right)


def description(printed: tuple[Printed, ...]) -> str:
    """Return how many results there are, and how many of them print an interval."""
    whole = sum(has_interval(one.row) for one in printed)
    bare = len(printed) - whole
    parts = [counted(whole, "with its own interval", "with their own intervals")] if whole else []
    parts += [f"{bare} without an interval"] if bare else []
    shared = "; they share trials and are not pooled" if len(printed) > 1 else ""
    return f"{counted(len(printed), 'published result')}: {', '.join(parts)}{shared}."


def row_shapes(one: Printed, layout: RowLayout, axis: Axis, y: float) -> list[Shape]:
    """Return one result: its words and numbers, its interval, and a ring at its estimate."""
    row, numbers = one.row, printed_numbers(one.row)
    room = layout.left - 10 if layout.name == "broad" else layout.width - text_width(numbers) - 10
    shapes: list[Shape] = [
        Text(0, y + layout.words, fitted(one.label, room)),
        Text(layout.width, y + layout.words, numbers, "num", "end"),
    ]
    if has_interval(row):
        ends = on_scale(row, row.ci_low), on_scale(row, row.ci_high)
        shapes += interval_shapes(axis, *ends, y + layout.mark, "whisker")
    return [*shapes, Circle(axis.at(on_scale(row, row.estimate)), y + layout.mark, 5, "mark ring")]


def printed_numbers(row: PoolingRow) -> str:
    interval = f" [{plain(row.ci_low)} to {plain(row.ci_high)}]" if has_interval(row) else ""
    return f"{plain(row.estimate)}{interval}"


def side_shapes(result: ComparisonResult, better: Better, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return which side is which, and where the figure ends; no words where it is not known."""
    if better not in SIDES:
        return [], y - 14
    words = {"experimental": result.experimental_label, "control": result.control_label}
    return sided(axis, *(text.format(**words) for text in SIDES[better]), y)
