"""The specification curve: every branch of the multiverse by the size of its effect, and below which options it takes.

Thousands of branches are drawn as few steps of many neighbours, so that a page stays small: the curve is the median
of each step, and a strip of an option is darker where the option is commoner than over all branches.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.report.drawing import (
    Axis,
    Box,
    Drawing,
    Line,
    Shape,
    Text,
    fitted,
    limits,
    tick_text,
    ticks,
    upright_shapes,
)
from analysis.report.multiverse_words import short_name
from analysis.report.wording import Scale, counted, scale_of
from analysis.results import ComparisonResult, CurveStep, Multiverse, MultiverseOption

FEWEST = 3  # steps; fewer are read from the table
TOP, LINE, GAP = 12.0, 17.0, 7.0
SHADES = (0.5, 1.0, 1.5)  # of the share of an option over all branches: where one shade ends and the next begins


@dataclass(frozen=True)
class CurveLayout:
    """Where the curve stands, in drawing units."""

    name: str
    width: float
    left: float
    right: float
    height: float


CURVE_LAYOUTS = (CurveLayout("broad", 700, 190, 690, 220), CurveLayout("narrow", 340, 128, 334, 200))


def specification_curve(
    result: ComparisonResult, found: Multiverse, names: dict[str, str]
) -> tuple[Drawing, ...]:
    """Return the curve in every layout; empty with fewer than three steps."""
    if len(found.curve) < FEWEST or result.pooled is None:
        return ()
    return tuple(curve(result, found, layout, names) for layout in CURVE_LAYOUTS)


def curve(result: ComparisonResult, found: Multiverse, layout: CurveLayout, names: dict[str, str]) -> Drawing:
    scale, steps = scale_of(result), found.curve
    low, high = limits(scale, [one.estimate for one in steps], [(one.ci_high - one.ci_low) / 4 for one in steps])
    up = Axis(low, high, TOP + layout.height, TOP)
    strips, bottom = strips_of(result, found, layout, names)
    return Drawing(
        f"curve-{layout.name}",
        layout.name,
        layout.width,
        bottom,
        f"Every choice at once: {result.comparison.question}",
        f"{counted(found.in_measure, 'analysis', 'analyses')} sorted by the average, the smallest first.",
        (
            *scale_shapes(scale, up, layout),
            *level(up, layout, 0.0, "null"),
            *intervals(steps, up, layout),
            *level(up, layout, result.pooled.estimate, "average"),
            *estimates(steps, up, layout),
            *strips,
        ),
    )


def scale_shapes(scale: Scale, up: Axis, layout: CurveLayout) -> list[Shape]:
    marks = ticks(scale, up.low, up.high)
    apart = min((after - before for before, after in zip(marks, marks[1:], strict=False)), default=1.0)
    labels = [(up.at(mark), tick_text(scale, mark, apart)) for mark in marks]
    return [*upright_shapes(labels, layout.left - 8, TOP, up.left), Text(0, TOP + 10, scale.words.short, "side")]


def level(up: Axis, layout: CurveLayout, value: float, css: str) -> list[Shape]:
    """Return a line across at a value, when the axis holds it."""
    return [Line(layout.left, up.at(value), layout.right, up.at(value), css)] if up.holds(value) else []


def edges(layout: CurveLayout, count: int) -> list[float]:
    """Return where steps begin, and the last ends."""
    return [layout.left + index * (layout.right - layout.left) / count for index in range(count + 1)]


def intervals(steps: tuple[CurveStep, ...], up: Axis, layout: CurveLayout) -> list[Shape]:
    """Return the interval of each step, coloured by the answer that most of its branches give."""
    at = edges(layout, len(steps))
    shapes = [
        Line((at[index] + at[index + 1]) / 2, up.at(one.ci_high), (at[index] + at[index + 1]) / 2, up.at(one.ci_low),
             "whisker effect" if agrees(one) else "whisker other")
        for index, one in enumerate(steps)
    ]  # fmt: skip
    return sorted(shapes, key=lambda line: line.css)


def agrees(step: CurveStep) -> bool:
    return 2 * step.same_answer >= step.branches


def estimates(steps: tuple[CurveStep, ...], up: Axis, layout: CurveLayout) -> list[Shape]:
    at = edges(layout, len(steps))
    return [Line(at[index], up.at(one.estimate), at[index + 1], up.at(one.estimate), "curve")
            for index, one in enumerate(steps)]  # fmt: skip


def strips_of(
    result: ComparisonResult, found: Multiverse, layout: CurveLayout, names: dict[str, str]
) -> tuple[list[Shape], float]:
    """Return the strips of every option, a gap between choices, and where they end."""
    y, backs, shades = TOP + layout.height + 16, [], []
    for choice in found.choices:
        for option in choice.options:
            name = fitted(short_name(result, option.code, names), layout.left - 12, 12)
            backs += [Box(layout.left, y, layout.right - layout.left, LINE - 4, "mark strip"),
                      Text(0, y + 11, name, "side")]  # fmt: skip
            shades += shaded(option, found, layout, y + (LINE - 4) / 2)
            y += LINE
        y += GAP
    backs.sort(key=lambda shape: isinstance(shape, Text))
    return [*backs, *sorted(shades, key=lambda line: line.css)], y


def shaded(option: MultiverseOption, found: Multiverse, layout: CurveLayout, y: float) -> Iterator[Line]:
    """Give the shades of one strip, neighbours of one shade as one line."""
    at, usual = edges(layout, len(option.along)), usual_share(option, found)
    begins = 0
    for index in range(1, len(option.along) + 1):
        own = shade(option.along[begins], usual)
        if index == len(option.along) or shade(option.along[index], usual) != own:
            if own:
                yield Line(at[begins], y, at[index], y, f"shade shade-{own}")
            begins = index


def usual_share(option: MultiverseOption, found: Multiverse) -> float:
    """Return the percentage of the branches on the curve that take an option."""
    each = zip(option.along, found.curve, strict=True)
    return sum(share * step.branches for share, step in each) / found.in_measure


def shade(percent: float, usual: float) -> int:
    """Return how dark a step of a strip is: 0 where no branch takes the option, 4 where it is commonest."""
    return 0 if percent == 0 else 1 + sum(percent >= bound * usual for bound in SHADES)
