"""Where the columns of a forest plot stand, and what is written over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.report.answer import noun
from analysis.report.bias import assessed
from analysis.report.drawing import Line, Shape, Text, wrapped
from analysis.report.forest_rows import has_figures, is_pooled
from analysis.report.wording import level_words, scale_of
from analysis.results import ArmSummary, ComparisonResult, Effect

BIAS = 46.0  # width of the column of letters
LINE, MOST_LINES = 15.0, 3  # height of a line of a head; how many it may take


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


LAYOUTS = (
    Layout("wide", 980, 28, 0, 330, 488, 512, 740, 916, 980, 26, 13, 17, raw=146),
    Layout("medium", 700, 28, 0, None, None, 196, 448, 634, 700, 26, 13, 17),
    Layout("narrow", 340, 0, 0, None, None, 8, 332, 340, None, 42, 30, 14),
)
WIDE_WITHOUT_RAW = Layout("wide", 980, 28, 0, None, None, 300, 722, 916, 980, 26, 13, 17)


def layouts_of(result: ComparisonResult) -> tuple[Layout, ...]:
    """Return the layouts of a comparison: raw data only where there are any, weights only where there is an average."""
    raw = any(has_figures(effect) for effect in (*result.effects, *result.doubtful))
    layouts = LAYOUTS if raw else (WIDE_WITHOUT_RAW, *LAYOUTS[1:])
    return tuple(fitting(result, layout) for layout in layouts)


def fitting(result: ComparisonResult, layout: Layout) -> Layout:
    if not is_pooled(result):
        layout = replace(layout, weight=None, effect=layout.width)
    if assessed(result) and layout.name != "narrow":
        layout = with_letters(layout)
    if layout.experimental is None:
        return layout
    lines = max(len(head_lines(layout, label)) for label in (result.experimental_label, result.control_label))
    return replace(layout, top=LINE * (lines + 1) + 8)


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
    effect = f"{scale_of(result).words.short} [{level_words(result.comparison.level)}]"
    raw: list[Shape] = []
    if layout.experimental:
        words = raw_words(arm for effect in (*result.effects, *result.doubtful) for arm in arms_of(effect))
        raw = [
            *head_shapes(layout, layout.experimental, result.experimental_label, words),
            *head_shapes(layout, layout.control, result.control_label, words),
        ]
    return heads(layout, noun(result), raw, effect)


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
    return "mean (SD), n" if any(has_mean(arm) for arm in arms) else "n"


def has_mean(arm: ArmSummary) -> bool:
    return arm.mean is not None
