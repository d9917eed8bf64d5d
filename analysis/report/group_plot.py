"""The figures of one group: its forest plot, and its average without each study, on the scale that a reader sees."""

from dataclasses import dataclass, replace

from analysis.report.drawing import Axis, Drawing, Shape, Text, axis_shapes, linear_ticks
from analysis.report.extent import is_predictable
from analysis.report.forest import (
    AVERAGE_LIFT,
    Average,
    average_rows,
    average_shapes,
    doubtful_shapes,
    guide,
    row_tops,
    rows_shapes,
)
from analysis.report.forest_layout import LAYOUTS, Layout, Words, heads, raw_words, roomy
from analysis.report.forest_rows import ForestRow, study_label
from analysis.report.group_words import NOUN, NOUNS, PERCENT, description, group_scale
from analysis.report.method_words import MODEL_NAMES
from analysis.report.phrases import phrase
from analysis.report.row_plot import Ground, PlotRow, row_plots
from analysis.report.studies import arm_text
from analysis.report.wording import Scale, compact, counted, level_words, percent
from analysis.results import GroupEffect, GroupResult

WIDE = Layout("wide", 980, 28, 0, 420, None, 448, 722, 916, 980, 26, 13, 17, raw=146)
ROOM = 0.15  # of the range of the axis: a tick so near beside it is taken in
WIDEST = 2.2  # half-widths of the middle interval: how far one may reach beyond the outermost value


@dataclass(frozen=True)
class GroupAxis:
    """The scale of a group as its figures have it: values as shown, and the ends of the axis."""

    analysis: Scale
    shown: Scale
    low: float
    high: float

    def interval(self, low: float, high: float) -> tuple[float, float]:
        return self.analysis.shown(low), self.analysis.shown(high)


def axis_of_group(result: GroupResult) -> GroupAxis:
    """Return an axis that holds every estimate and all but very wide intervals, and nothing that a value cannot be."""
    scale = group_scale(result)
    effects = (*result.effects, *result.doubtful)
    values = [scale.shown(effect.yi) for effect in effects]
    ends = [(scale.shown(effect.ci_low), scale.shown(effect.ci_high)) for effect in effects]
    room = WIDEST * sorted((high - low) / 2 for low, high in ends)[len(ends) // 2]
    low = max(min(low for low, _ in ends), min(values) - room)
    high = min(max(high for _, high in ends), max(values) + room)
    near = ROOM * (high - low)
    wider = linear_ticks(low - near, high + near)
    low, high = min([low, *wider]), max([high, *wider])
    if result.bounds:
        least, most = (0.0, 100.0) if scale.unit == PERCENT else result.bounds
        low, high = max(low, min(least, *values)), min(high, max(most, *values))
    return GroupAxis(scale, Scale("MN", scale.unit, scale.digits), low, high)


def group_forest(result: GroupResult, anchors: tuple[str, ...]) -> tuple[Drawing, ...]:
    """Return the forest plot of a group in every layout; empty when it has no study with figures."""
    if not anchors:
        return ()
    axis, rows = axis_of_group(result), rows_of(result, anchors)
    return tuple(forest_drawing(result, rows, layout, axis) for layout in (WIDE, *LAYOUTS[1:]))


def rows_of(result: GroupResult, anchors: tuple[str, ...]) -> tuple[ForestRow, ...]:
    """Return the pooled studies, then the doubtful ones, their values as shown."""
    scale, count = group_scale(result), len(result.effects)
    weights = [*(result.pooled.weights if result.pooled else ()), *(None for _ in result.doubtful)]
    largest = max(result.pooled.weights) if result.pooled else 1.0
    rows = [
        row_of(effect, anchor, scale, weight, largest)
        for effect, anchor, weight in zip((*result.effects, *result.doubtful), anchors, weights, strict=True)
    ]
    return tuple(replace(row, weight="") for row in rows) if count < 2 else tuple(rows)


def row_of(effect: GroupEffect, anchor: str, scale: Scale, weight: float | None, largest: float) -> ForestRow:
    low, high = scale.shown(effect.ci_low), scale.shown(effect.ci_high)
    return ForestRow(
        label=study_label(effect),
        anchor=anchor,
        experimental=arm_text(effect.arm),
        control="",
        effect=compact(f"{scale.text(effect.yi)} [{scale.interval(effect.ci_low, effect.ci_high)}]"),
        weight="" if weight is None else percent(weight, 1),
        estimate=scale.shown(effect.yi),
        low=low,
        high=high,
        share=None if weight is None else weight / largest,
    )


def average_of_group(result: GroupResult, axis: GroupAxis, layout: Layout) -> Average | None:
    """Return the average as a layout says it; None for one study."""
    pooled = result.pooled
    if pooled is None or pooled.k < 2:
        return None
    label = f"Average of {counted(pooled.k, NOUN, NOUNS)}"
    if layout.name == "wide":
        label += f", {phrase(MODEL_NAMES, result.question.model)}"
    ends = axis.interval(pooled.pi_low, pooled.pi_high) if is_predictable(pooled) else None
    low, high = axis.interval(pooled.ci_low, pooled.ci_high)
    return Average(label, axis.shown, axis.analysis.shown(pooled.estimate), low, high, ends)


def forest_drawing(
    result: GroupResult, rows: tuple[ForestRow, ...], layout: Layout, ends: GroupAxis
) -> Drawing:
    average = average_of_group(result, ends, layout)
    if average is None:
        layout = replace(layout, weight=None, effect=layout.width)
    layout = roomy(layout, words_of(result, rows, average))
    axis = Axis(ends.low, ends.high, layout.left, layout.right)
    pooled, doubtful = ([row for row in rows if (row.share is None) is out] for out in (False, True))
    used, pooled_y = rows_shapes(pooled, layout, axis, layout.top + 6)
    middle, doubtful_y = average_shapes(average, layout, axis, pooled_y)
    apart, bottom = doubtful_shapes(doubtful, layout, axis, doubtful_y)
    shapes = [
        *head_shapes(result, layout),
        *average_line(average, axis, layout, len(pooled)),
        *used,
        *middle,
        *apart,
        *axis_shapes(ends.shown, axis, bottom + 6),
        Text((axis.left + axis.right) / 2, bottom + 44, unit_under(result), "side", "middle"),
    ]
    title = f"Forest plot: {result.question.question}"
    return Drawing(f"forest-{layout.name}", layout.name, layout.width, bottom + 56, title, description(result),
                   tuple(shapes))  # fmt: skip


def words_of(result: GroupResult, rows: tuple[ForestRow, ...], average: Average | None) -> Words:
    """Return what the columns hold, from which their widths follow."""
    return Words(
        tuple(row.label for row in rows),
        tuple(row.experimental for row in rows),
        (effect_head(result), *(row.effect for row in rows), *([average.effect] if average else [])),
        average.label if average else "",
    )


def effect_head(result: GroupResult) -> str:
    return f"{column_name(group_scale(result))} [{level_words(result.question.level)}]"


def unit_under(result: GroupResult) -> str:
    """Return what the axis counts."""
    scale = group_scale(result)
    return "% of people" if scale.unit == PERCENT else scale.unit_words


def head_shapes(result: GroupResult, layout: Layout) -> list[Shape]:
    raw: list[Shape] = []
    if layout.experimental:
        words = raw_words(effect.arm for effect in (*result.effects, *result.doubtful))
        raw = [Text(layout.experimental, layout.top - 11, words, "quiet side", "end")]
    return heads(layout, NOUN, raw, effect_head(result))


def column_name(scale: Scale) -> str:
    """Return what stands over a column of values: "Mean", "Share, %"."""
    return scale.words.short.capitalize() + (f", {PERCENT}" if scale.unit == PERCENT else "")


def average_line(average: Average | None, axis: Axis, layout: Layout, count: int) -> list[Shape]:
    """Return the dotted line at the average, through the rows of the pooled studies and its own."""
    if average is None or not axis.holds(average.estimate):
        return []
    top = layout.top + 6
    starts = (top, top + count * layout.row + AVERAGE_LIFT)
    tops = row_tops(layout, starts, (count, average_rows(average)))
    return guide(axis.at(average.estimate), layout, tops[: count + 1], tops[count] + layout.row, "average")


def without_drawings(
    result: GroupResult, rows: tuple[tuple[str, float, float, float], ...], title: str, desc: str
) -> tuple[Drawing, ...]:
    """Return averages with their intervals, each by name, on the axis of the forest plot."""
    axis, pooled = axis_of_group(result), result.pooled
    ground = Ground(result.question.question, axis.shown, axis.low, axis.high,
                    ((axis.analysis.shown(pooled.estimate), "average"),))  # fmt: skip
    plotted = tuple(PlotRow(name, *map(axis.analysis.shown, values)) for name, *values in rows)
    return row_plots(ground, plotted, "without", title, desc)
