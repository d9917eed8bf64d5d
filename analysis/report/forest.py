"""The forest plot drawn: where everything stands, in three layouts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.drawing import (
    Axis,
    Box,
    Drawing,
    Line,
    Polygon,
    Shape,
    Text,
    axis_shapes,
    fitted,
    gathered,
    interval_shapes,
    text_width,
)
from analysis.report.extent import has_new_setting
from analysis.report.flags import with_flag
from analysis.report.forest_axis import axis_ends, thresholds, under_shapes
from analysis.report.forest_layout import Layout, Words, effect_head, header_shapes, layouts_of
from analysis.report.forest_rows import NO_FLAGS, ForestRow, description, forest_rows, is_pooled
from analysis.report.forest_sections import HEADING, Placed, place_sections, tops_of
from analysis.report.method_words import MODEL_NAMES
from analysis.report.phrases import phrase
from analysis.report.subgroups import sections
from analysis.report.within import model_used
from analysis.report.wording import Scale, compact, counted, percent, scale_of
from analysis.results import ComparisonResult, Subgroup

LARGEST_SQUARE, SMALLEST_SQUARE = 17.0, 5.0
TALL = 8.0  # half the height of the diamond
HEAD = 9.0  # length of the arrow head of a diamond that the axis cuts
AVERAGE_LIFT = 4.0  # room above the average


@dataclass(frozen=True)
class Average:
    """The average in a plot: what it is called, and its values as the scale says and the axis places them."""

    label: str
    scale: Scale
    estimate: float
    low: float
    high: float
    new_setting: tuple[float, float] | None = None

    @property
    def effect(self) -> str:
        return compact(f"{self.scale.text(self.estimate)} [{self.scale.interval(self.low, self.high)}]")


def forest_plots(
    result: ComparisonResult, anchors: tuple[str, ...], flags: Mapping[str, str] = NO_FLAGS
) -> tuple[Drawing, ...]:
    """Return the forest plot of a comparison in every layout; empty when it has no study with an effect."""
    rows = forest_rows(result, anchors, flags)
    if not rows:
        return ()
    return tuple(forest_plot(result, rows, layout) for layout in layouts_of(result, words_of(result, rows)))


def words_of(result: ComparisonResult, rows: tuple[ForestRow, ...]) -> Words:
    """Return what the columns hold, its own row of the average among it."""
    average = average_of(result, scale_of(result), wide=True)
    return Words(
        tuple(with_flag(row.label, row.flag) for row in rows),
        tuple(text for row in rows for text in (row.experimental, row.control)),
        (effect_head(result), *(row.effect for row in rows), *([average.effect] if average else [])),
        average.label if average else "",
    )


def forest_plot(result: ComparisonResult, rows: tuple[ForestRow, ...], layout: Layout) -> Drawing:
    scale = scale_of(result)
    axis = Axis(*axis_ends(result), layout.left, layout.right)
    pooled_rows, doubtful_rows = ([row for row in rows if (row.share is None) is out] for out in (False, True))
    placed, pooled_y = place_sections(sections(result), pooled_rows, layout.row, layout.top + 6)
    used = gathered([shape for one in placed for shape in placed_shapes(result, one, layout, axis)])
    found = average_of(result, scale, layout.name == "wide")
    average, doubtful_y = average_shapes(found, layout, axis, pooled_y)
    doubtful, bottom = doubtful_shapes(doubtful_rows, layout, axis, doubtful_y)
    starts = (pooled_y + AVERAGE_LIFT, doubtful_y + HEADING)
    others = row_tops(layout, starts, (average_rows(found), len(doubtful_rows)))
    under, height = under_shapes(result, layout, axis, bottom + 6)
    shapes = [
        *header_shapes(result, layout),
        *guide_shapes(result, layout, axis, (tops_of(placed), others), bottom),
        *used,
        *average,
        *doubtful,
        *axis_shapes(scale, axis, bottom + 6),
        *under,
    ]
    return Drawing(
        f"forest-{layout.name}",
        layout.name,
        layout.width,
        height,
        f"Forest plot: {result.comparison.question}",
        description(result),
        tuple(shapes),
    )


def rows_shapes(rows: list[ForestRow], layout: Layout, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return the shapes of rows from y on, and where the next row starts."""
    shapes = [
        shape for index, row in enumerate(rows) for shape in row_shapes(row, layout, axis, y + index * layout.row)
    ]
    return gathered(shapes), y + len(rows) * layout.row


def placed_shapes(result: ComparisonResult, one: Placed, layout: Layout, axis: Axis) -> list[Shape]:
    """Return a heading, a study or the average of a subgroup."""
    if isinstance(one.content, str):
        return [Text(layout.label, one.y + 17, fitted(one.content, layout.width), "strong")]
    if isinstance(one.content, ForestRow):
        return row_shapes(one.content, layout, axis, one.y)
    return subgroup_shapes(result, one.content, layout, axis, one.y)


def subgroup_shapes(result: ComparisonResult, group: Subgroup, layout: Layout, axis: Axis, y: float) -> list[Shape]:
    """Return the diamond of a subgroup with its words."""
    scale, label = scale_of(result), f"Average of {counted(len(group.studies), noun(result), nouns(result))}"
    effect = compact(f"{scale.text(group.estimate)} [{scale.interval(group.ci_low, group.ci_high)}]")
    room = layout.left - 12 if layout.name != "narrow" else beside(effect, layout)
    return [
        Text(layout.label, y + layout.words, fitted(label, room), ""),
        Text(layout.effect, y + layout.words, effect, "num", "end"),
        *diamond(axis, group.estimate, group.ci_low, group.ci_high, y + layout.mark),
    ]


def average_of(result: ComparisonResult, scale: Scale, wide: bool) -> Average | None:
    """Return the average as a layout says it, a wide one with its model; None when nothing is pooled."""
    if not is_pooled(result):
        return None
    pooled = result.pooled
    label = f"Average of {counted(pooled.k, noun(result), nouns(result))}"
    if wide:
        label += f", {phrase(MODEL_NAMES, model_used(result))}"
    ends = (pooled.pi_low, pooled.pi_high) if has_new_setting(result) else None
    return Average(label, scale, pooled.estimate, pooled.ci_low, pooled.ci_high, ends)


def average_shapes(average: Average | None, layout: Layout, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return the average when there is one to draw, and where the next row starts."""
    if average is None:
        return [], y
    below = y + average_rows(average) * layout.row + 2 * AVERAGE_LIFT
    return pooled_shapes(average, layout, axis, y + AVERAGE_LIFT), below


def average_rows(average: Average | None) -> int:
    """Return how many rows the average takes: none when nothing is pooled, a second for a new setting."""
    return 0 if average is None else 1 + (average.new_setting is not None)


def doubtful_shapes(rows: list[ForestRow], layout: Layout, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return the doubtful studies under their heading, and where the next row starts."""
    if not rows:
        return [], y
    shapes, bottom = rows_shapes(rows, layout, axis, y + HEADING)
    return [Text(layout.label, y + 17, "Doubtful, not pooled", "strong quiet"), *shapes], bottom


def row_shapes(row: ForestRow, layout: Layout, axis: Axis, y: float) -> list[Shape]:
    """Return the words and the mark of one study, its row starting at y."""
    css = "" if row.share is not None else "quiet"
    room = label_room(row, layout)
    shapes: list[Shape] = [
        Text(layout.label, y + layout.words, flagged(row, room, layout), css, href=f"#{row.anchor}"),
        Text(layout.effect, y + layout.words, row.effect, f"num {css}", "end"),
    ]
    for x, words in ((layout.experimental, row.experimental), (layout.control, row.control)):
        if x:
            shapes.append(Text(x, y + layout.words, words, f"num {css}", "end"))
    if layout.weight:
        shapes.append(Text(layout.weight, y + layout.words, row.weight, "num", "end"))
    if layout.bias:
        shapes.append(Text(layout.bias, y + layout.words, row.bias, f"num {css}", "end"))
    return shapes + mark_shapes(row, axis, y + layout.mark)


def flagged(row: ForestRow, room: float, layout: Layout) -> str:
    """Return the label of a study, cut where it must be, and its flag in full; its letter where no column has it."""
    flag = row.flag if layout.bias else " · ".join(filter(None, (row.flag, row.bias)))
    return with_flag(fitted(row.label, room - text_width(with_flag("", flag))), flag)


def label_room(row: ForestRow, layout: Layout) -> float:
    """Return how wide the label of a row may be: up to what stands to its right."""
    if layout.name == "narrow":
        return beside(row.effect, layout)
    end = layout.experimental - text_width(row.experimental) if layout.experimental else layout.left
    return end - layout.label - 10


def beside(effect: str, layout: Layout) -> float:
    """Return the room for a label that shares its line with the numbers of the effect."""
    return layout.width - text_width(effect) - 10


def mark_shapes(row: ForestRow, axis: Axis, y: float) -> list[Shape]:
    """Return the interval and the square of one study; hollow when it is not pooled."""
    pooled = row.share is not None
    side = max(SMALLEST_SQUARE, LARGEST_SQUARE * math.sqrt(row.share)) if pooled else 8.0
    x = axis.at(row.estimate)
    return [
        *interval_shapes(axis, row.low, row.high, y, "whisker" if pooled else "whisker doubtful"),
        Box(x - side / 2, y - side / 2, side, side, "mark square" if pooled else "mark hollow"),
    ]


def pooled_shapes(average: Average, layout: Layout, axis: Axis, y: float) -> list[Shape]:
    """Return the diamond with its label and, below it, the interval expected in a new setting."""
    room = layout.left - 12 if layout.name != "narrow" else beside(average.effect, layout)
    shapes: list[Shape] = [
        Line(0, y - 2, layout.width, y - 2, "rule"),
        Text(layout.label, y + layout.words, fitted(average.label, room), "strong"),
        Text(layout.effect, y + layout.words, average.effect, "strong num", "end"),
        *diamond(axis, average.estimate, average.low, average.high, y + layout.mark),
    ]
    if layout.weight:
        shapes.append(Text(layout.weight, y + layout.words, percent(100.0, 0), "strong num", "end"))
    if average.new_setting is None:
        return shapes
    return shapes + prediction_shapes(average.scale, average.new_setting, layout, axis, y + layout.row)


def diamond(axis: Axis, estimate: float, low: float, high: float, y: float) -> list[Shape]:
    """Return the diamond, its tips at the interval; where the axis cuts it, the end becomes the head of an arrow."""
    x = axis.at(estimate)
    below, above = cut(axis, estimate, low, axis.low), cut(axis, estimate, high, axis.high)
    left, right = axis.at(low) + HEAD * (below > 0), axis.at(high) - HEAD * (above > 0)
    upper = (left, y - below), (x, y - TALL), (right, y - above)
    lower = (right, y + above), (x, y + TALL), (left, y + below)
    shape = Polygon(tuple(dict.fromkeys((*upper, *lower))), "mark diamond")
    heads = [arrow_head(end, y, half, towards) for end, half, towards in ((left, below, -1), (right, above, 1)) if half]
    return [Line(left, y, right, y, "whisker effect"), *heads, shape]


def arrow_head(x: float, y: float, half: float, towards: int) -> Polygon:
    """Return the end of a diamond that goes on beyond the axis: a head broader than what it ends."""
    return Polygon(((x + towards * HEAD, y), (x, y - half - 4), (x, y + half + 4)), "whisker effect head")


def cut(axis: Axis, estimate: float, end: float, edge: float) -> float:
    """Return half the height of a diamond where the axis cuts it; 0 for a tip that the axis holds."""
    if axis.holds(end) or not axis.holds(estimate):
        return 0.0
    return TALL if math.isinf(end) else TALL * (end - edge) / (end - estimate)


def prediction_shapes(
    scale: Scale, new_setting: tuple[float, float], layout: Layout, axis: Axis, y: float
) -> list[Shape]:
    low, high = map(axis.at, new_setting)
    middle, ends = y + layout.mark, scale.interval(*new_setting)
    shapes: list[Shape] = [
        Text(layout.label, y + layout.words, "Expected in a new setting", ""),
        Text(layout.effect, y + layout.words, compact(f"[{ends}]"), "num", "end"),
        Box(low, middle - 2.5, max(1.0, high - low), 5, "mark prediction"),
    ]
    return shapes + interval_shapes(axis, *new_setting, middle, "prediction")[1:]


def guide_shapes(
    result: ComparisonResult, layout: Layout, axis: Axis, tops: tuple[list[float], list[float]], bottom: float
) -> list[Shape]:
    """Return the upright lines: no effect and what matters, through all rows, and the average, down to its diamond."""
    pooled, others = tops
    shapes = guide(axis.at(0.0), layout, pooled + others, bottom + 6, "null")
    for value in thresholds(result, axis):
        shapes += guide(axis.at(value), layout, pooled + others, bottom + 6, "threshold")
    if not is_pooled(result) or not axis.holds(result.pooled.estimate):
        return shapes
    down = others[0] + layout.mark
    return shapes + guide(axis.at(result.pooled.estimate), layout, [*pooled, others[0]], down, "average")


def guide(x: float, layout: Layout, tops: list[float], bottom: float, css: str) -> list[Shape]:
    """Return an upright line through rows; where words share its room, only beside the marks."""
    if layout.name != "narrow":
        return [Line(x, layout.top, x, bottom, css)]
    return [Line(x, y + layout.mark - 11, x, y + layout.mark + 11, css) for y in tops]


def row_tops(layout: Layout, starts: tuple[float, float], counts: tuple[int, int]) -> list[float]:
    """Return where the rows below the pooled studies start: the average, the doubtful studies."""
    return [start + index * layout.row for start, count in zip(starts, counts, strict=True) for index in range(count)]
