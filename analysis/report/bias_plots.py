"""Risk of bias drawn: lights, studies down and domains across; and bars, weighted as the average is.

Levels differ by shape and by how dark they are, and each mark holds its letter: nothing hangs on colour.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.answer import noun
from analysis.report.bias import (
    NOT_JUDGED,
    OVERALL,
    ShareRow,
    assessed,
    bias_sentences,
    judgements_of,
    key_of,
    label_of,
    letters_key,
    share_rows,
    tools_of,
)
from analysis.report.drawing import (
    HEAD_STEP,
    Box,
    Circle,
    Drawing,
    Line,
    Polygon,
    Shape,
    Text,
    fitted,
    gathered,
    stair_heads,
)
from analysis.report.forest_rows import study_label
from analysis.report.links import Places, slug
from analysis.report.studies import effect_anchors
from analysis.report.wording import MISSING
from analysis.results import BiasJudgement, BiasShare, ComparisonResult, Effect

HALF, GAP, BAR = 9.0, 12.0, 22.0  # half a mark; above the first row; the height of a bar
LEAST_LETTER = 16.0  # a narrower segment has its letter in the table alone
SHARES = (0, 25, 50, 75, 100)
ON_DARK = ("high",)


@dataclass(frozen=True)
class BiasLayout:
    """Where the columns stand, in drawing units; a row of the narrow one has its words above."""

    name: str
    width: float
    left: float
    right: float
    row: float
    words: float  # of the base line below the top of a row
    mark: float


LAYOUTS = (BiasLayout("broad", 700, 250, 620, 28, 18, 14), BiasLayout("narrow", 340, 0, 250, 46, 14, 31))
BARS = (BiasLayout("broad", 700, 250, 690, 30, 17, 12), BiasLayout("narrow", 340, 6, 330, 46, 14, 31))


@dataclass(frozen=True)
class StudyAssessment:
    """One row of the lights as text: the study, and the judgement of each domain under its head."""

    label: str
    address: str  # of what the judgements rest on: the page of the trial, or the study's row on this page
    judgements: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ToolFigures:
    """The figures of one tool, each with the rows of its table."""

    name: str
    anchor: str
    key: str
    heads: tuple[str, ...]
    lights: tuple[Drawing, ...]
    studies: tuple[StudyAssessment, ...]
    bars: tuple[Drawing, ...]
    shares: tuple[ShareRow, ...]


@dataclass(frozen=True)
class BiasPart:
    """What the page says of the risk of bias."""

    sentences: tuple[str, ...]
    letters: str  # what the letters of the forest plot mean
    tools: tuple[ToolFigures, ...]


def bias_part(result: ComparisonResult, places: Places) -> BiasPart:
    """Return the part of a comparison; without any judgement it has sentences alone."""
    figures = tuple(tool_figures(result, tool, places) for tool in tools_of(result))
    return BiasPart(bias_sentences(result), letters_key(result), figures)


def tool_figures(result: ComparisonResult, tool: str, places: Places) -> ToolFigures:
    anchors = dict(zip((one.study for one in (*result.effects, *result.doubtful)), effect_anchors(result), strict=True))
    effects = [effect for effect in assessed(result) if effect.risk_of_bias.tool == tool]
    shares = tuple(share for share in result.bias_shares if share.tool == tool)
    studies = (study_row(effect, places.study(effect.study) or f"#{anchors[effect.study]}") for effect in effects)
    return ToolFigures(
        label_of(result, tool),
        f"bias-{slug(tool)}",
        key_of(judgement for effect in effects for judgement in judgements_of(effect.risk_of_bias)),
        tuple(one.short for one in judgements_of(effects[0].risk_of_bias)),
        tuple(lights(result, tool, effects, layout) for layout in LAYOUTS),
        tuple(studies),
        tuple(bars(result, tool, effects, shares, layout) for layout in BARS if shares),
        share_rows(result, tool),
    )


def study_row(effect: Effect, address: str) -> StudyAssessment:
    said = tuple((one.short, one.judgement) for one in judgements_of(effect.risk_of_bias))
    return StudyAssessment(study_label(effect), address, said)


def lights(result: ComparisonResult, tool: str, effects: list[Effect], layout: BiasLayout) -> Drawing:
    """Return the traffic-light plot of a tool: a row a study, a column a domain, the overall judgement last."""
    heads = judgements_of(effects[0].risk_of_bias)
    across = {head.domain: column(layout, index, len(heads)) for index, head in enumerate(heads)}
    top = len(heads) * HEAD_STEP + GAP
    bottom = top + len(effects) * layout.row
    rows = [(effect, top + index * layout.row) for index, effect in enumerate(effects)]
    placed = [(judgement, across[judgement.domain], y + layout.mark)
              for effect, y in rows for judgement in judgements_of(effect.risk_of_bias)]  # fmt: skip
    return Drawing(
        f"lights-{slug(tool)}-{layout.name}",
        layout.name,
        layout.width,
        bottom + 4,
        f"Risk of bias of each {noun(result)} by {label_of(result, tool)}: {result.comparison.question}",
        bias_sentences(result)[tools_of(result).index(tool)],
        (
            *stair_heads([(across[head.domain], head.short) for head in heads], layout.width, bottom),
            *(Text(0, y + layout.words, fitted(study_label(effect), room(layout))) for effect, y in rows),
            *gathered([light(*one) for one in placed]),
            *gathered([letter(*one) for one in placed]),
        ),
    )


def room(layout: BiasLayout) -> float:
    return layout.width if layout.name == "narrow" else layout.left - 12


def column(layout: BiasLayout, index: int, count: int) -> float:
    return layout.left + (index + 0.5) * (layout.right - layout.left) / count


def light(judgement: BiasJudgement, x: float, y: float) -> Shape:
    """Return a judgement as a circle, a diamond, a square, or a dashed ring; the overall one is the mark of its row."""
    css = f"bias-{judgement.level}" if judgement.domain != OVERALL else f"mark bias-{judgement.level}"
    if judgement.level == "some":
        return Polygon(((x, y - 12), (x + 12, y), (x, y + 12), (x - 12, y)), css)
    if judgement.level == "high":
        return Box(x - HALF, y - HALF, 2 * HALF, 2 * HALF, css)
    return Circle(x, y, HALF, css)


def letter(judgement: BiasJudgement, x: float, y: float) -> Text:
    return Text(x, y + 4, judgement.letter, letter_css(judgement.level), "middle")


def letter_css(level: str | None) -> str:
    return "bias-letter on-dark" if level in ON_DARK else "bias-letter"


def bars(
    result: ComparisonResult, tool: str, effects: list[Effect], shares: tuple[BiasShare, ...], layout: BiasLayout
) -> Drawing:
    """Return the summary plot of a tool: a bar a domain, each part as wide as its share of the average."""
    heads, letters = judgements_of(effects[0].risk_of_bias), letters_of(effects)
    down = {head.domain: index * layout.row for index, head in enumerate(heads)}
    bottom = len(heads) * layout.row + 2
    segments = [(share, start, down[share.domain] + layout.mark - BAR / 2) for share, start in in_order(shares)]
    return Drawing(
        f"bars-{slug(tool)}-{layout.name}",
        layout.name,
        layout.width,
        bottom + 40,
        f"Risk of bias by {label_of(result, tool)}, weighted as the average: {result.comparison.question}",
        bias_sentences(result)[tools_of(result).index(tool)],
        (
            *(Text(0, down[head.domain] + layout.words, fitted(head.short, room(layout))) for head in heads),
            *(segment(share, start, y, layout) for share, start, y in segments),
            *(words for one in segments for words in segment_letter(*one, letters, layout)),
            *share_axis(layout, bottom),
        ),
    )


def letters_of(effects: Iterable[Effect]) -> dict[str | None, str]:
    """Return the letter of each word of a tool."""
    found = {one.judgement: one.letter for effect in effects for one in judgements_of(effect.risk_of_bias)}
    return {None: MISSING} | found


def in_order(shares: tuple[BiasShare, ...]) -> Iterable[tuple[BiasShare, float]]:
    """Give the shares of each bar with where they start, in percent."""
    reached: dict[str, float] = {}
    for share in shares:
        yield share, reached.get(share.domain, 0.0)
        reached[share.domain] = reached.get(share.domain, 0.0) + share.weight


def at(layout: BiasLayout, percent: float) -> float:
    return layout.left + percent / 100 * (layout.right - layout.left)


def segment(share: BiasShare, start: float, y: float, layout: BiasLayout) -> Box:
    left, right = at(layout, start), at(layout, start + share.weight)
    return Box(left, y, right - left, BAR, f"mark bias-{share.level or 'none'}")


def segment_letter(
    share: BiasShare, start: float, y: float, letters: dict[str | None, str], layout: BiasLayout
) -> tuple[Text, ...]:
    """Return the letter of a part of a bar, or its word where there is room for it."""
    left, right = at(layout, start), at(layout, start + share.weight)
    if right - left < LEAST_LETTER:
        return ()
    word = share.judgement or NOT_JUDGED
    text = word if len(word) * 7 + 12 < right - left else letters[share.judgement]
    return (Text((left + right) / 2, y + BAR / 2 + 4, text, letter_css(share.level), "middle"),)


def share_axis(layout: BiasLayout, y: float) -> list[Shape]:
    """Return the axis in percent of the weight."""
    shapes: list[Shape] = [Line(layout.left, y, layout.right, y, "axis")]
    for share in SHARES:
        x = at(layout, share)
        shapes += [Line(x, y, x, y + 5, "axis"), Text(x, y + 18, str(share), "tick", "middle")]
    return [*shapes, Text(layout.right, y + 34, "percent of the weight →", "side", "end")]
