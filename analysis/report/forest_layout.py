"""Where the columns of a forest plot stand, and what is written over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.report.answer import noun
from analysis.report.bias import assessed
from analysis.report.drawing import Line, Shape, Text, text_width, wrapped
from analysis.report.forest_rows import has_figures, is_pooled
from analysis.report.wording import level_words, scale_of
from analysis.results import ArmSummary, ComparisonResult, Effect

BIAS = 46.0  # width of the column of letters
LINE, MOST_LINES = 15.0, 4  # height of a line of a head; how many it may take
LEAST_LABEL, LEAST_RAW = 90.0, 118.0  # widths of columns below which their heads do not fit


@dataclass(frozen=True)
class Layout:
    """Where the columns stand, in drawing units; a column that is None is not drawn."""

    name: str
    width: float
    top: float  # where the plot starts, below the heads of the columns
    label: float
    experimental: float | None  # right edge, as of every column of numbers
    control: float | None
    left: float
    right: float
    effect: float
    weight: float | None
    row: float  # height
    mark: float  # of the mark below the top of its row
    words: float  # of the base line of the words
    raw: float = 0.0  # width of a column of raw data
    bias: float | None = None  # the right edge of the letters, where somebody judged the risk of bias


@dataclass(frozen=True)
class Words:
    """What is written in the columns of a plot, whose widths follow from it."""

    labels: tuple[str, ...]
    raw: tuple[str, ...]
    effects: tuple[str, ...]
    average: str


LAYOUTS = (
    Layout("wide", 980, 28, 0, 330, 488, 512, 740, 916, 980, 26, 13, 17, raw=146),
    Layout("medium", 700, 28, 0, None, None, 196, 448, 634, 700, 26, 13, 17),
    Layout("narrow", 340, 0, 0, None, None, 8, 332, 340, None, 42, 30, 14),
)
WIDE_WITHOUT_RAW = Layout("wide", 980, 28, 0, None, None, 300, 722, 916, 980, 26, 13, 17)


def layouts_of(result: ComparisonResult, words: Words) -> tuple[Layout, ...]:
    """Return the layouts of a comparison: raw data only where there are any, weights only where there is an average."""
    raw = any(has_figures(effect) for effect in (*result.effects, *result.doubtful))
    layouts = LAYOUTS if raw else (WIDE_WITHOUT_RAW, *LAYOUTS[1:])
    return tuple(fitting(result, layout, words) for layout in layouts)


def fitting(result: ComparisonResult, layout: Layout, words: Words) -> Layout:
    if not is_pooled(result):
        layout = replace(layout, weight=None, effect=layout.width, right=layout.right + layout.width - layout.effect)
    if assessed(result) and layout.name != "narrow":
        layout = with_letters(layout)
    layout = roomy(layout, words)
    if layout.experimental is None:
        return layout
    lines = max(len(head_lines(layout, label)) for label in (result.experimental_label, result.control_label))
    return replace(layout, top=LINE * (lines + 1) + 8)


def roomy(layout: Layout, words: Words) -> Layout:
    """Return a layout whose columns are as wide as their words, so that the plot has all the room that is left."""
    if layout.name == "narrow":
        return layout
    right = max(layout.right, layout.effect - max(map(text_width, words.effects)) - 16)
    if layout.experimental is None:
        label = max(map(text_width, (*words.labels, words.average)))
        return replace(layout, left=min(layout.left, max(LEAST_LABEL, label) + 16), right=right)
    raw = min(layout.raw, max(LEAST_RAW, *(text_width(text) + 14 for text in words.raw)))
    label = min(layout.experimental - layout.raw, max(LEAST_LABEL, *map(text_width, words.labels)))
    control = None if layout.control is None else label + 2 * raw + 12
    left = (control or label + raw) + 24
    return replace(layout, raw=raw, experimental=label + raw, control=control, left=left, right=right)


def with_letters(layout: Layout) -> Layout:
    """Return a layout with room on the right for the letters of the risk of bias."""
    weight = None if layout.weight is None else layout.weight - BIAS
    return replace(
        layout, right=layout.right - BIAS, effect=layout.effect - BIAS, weight=weight, bias=layout.width
    )


def head_lines(layout: Layout, label: str) -> list[str]:
    return wrapped(label, layout.raw, MOST_LINES)


def header_shapes(result: ComparisonResult, layout: Layout) -> list[Shape]:
    """Return the column heads, their last lines level; the narrow layout needs none."""
    raw: list[Shape] = []
    if layout.experimental:
        words = raw_words(arm for effect in (*result.effects, *result.doubtful) for arm in arms_of(effect))
        raw = [
            *head_shapes(layout, layout.experimental, result.experimental_label, words),
            *head_shapes(layout, layout.control, result.control_label, words),
        ]
    return heads(layout, noun(result), raw, effect_head(result))


def effect_head(result: ComparisonResult) -> str:
    return f"{scale_of(result).words.short} [{level_words(result.comparison.level)}]"


def heads(layout: Layout, noun: str, raw: list[Shape], effect: str) -> list[Shape]:
    """Return the heads of the columns of studies, raw data, effects, weights and letters, where they are drawn."""
    if layout.name == "narrow":
        return []
    y = layout.top - 11
    shapes: list[Shape] = [Text(layout.label, y, noun.capitalize(), "strong"), *raw]
    shapes.append(Text(layout.effect, y, effect, "strong", "end"))
    if layout.weight:
        shapes.append(Text(layout.weight, y, "Weight", "strong", "end"))
    if layout.bias:
        shapes.append(Text(layout.bias, y, "Bias", "strong", "end"))
    return [*shapes, Line(0, layout.top - 1, layout.width, layout.top - 1, "rule")]


def head_shapes(layout: Layout, x: float, label: str, words: str) -> list[Shape]:
    """Return the head of a column of raw data: its side on up to three lines, and what its numbers are."""
    lines, y = head_lines(layout, label), layout.top - 11
    above = [Text(x, y - LINE * (len(lines) - index), line, "strong", "end") for index, line in enumerate(lines)]
    return [*above, Text(x, y, words, "quiet side", "end")]


def arms_of(effect: Effect) -> tuple[ArmSummary, ArmSummary]:
    return effect.experimental, effect.control


def raw_words(arms: Iterable[ArmSummary]) -> str:
    """Return what the numbers of a column of raw data are."""
    arms = tuple(arms)
    if any(arm.events is not None for arm in arms):
        return "events/total"
    return "mean (SD), n" if any(has_mean(arm) for arm in arms) else "people"


def has_mean(arm: ArmSummary) -> bool:
    return arm.mean is not None
