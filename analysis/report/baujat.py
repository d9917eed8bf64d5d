"""Baujat's plot: which studies add to the heterogeneity (right) and which move the average (up)."""

from dataclasses import dataclass

from analysis.report.answer import noun
from analysis.report.drawing import (
    FRAMES,
    Axis,
    Circle,
    Drawing,
    Frame,
    Shape,
    Text,
    axis_shapes,
    fitted,
    linear_ticks,
    text_width,
    tick_text,
    upright_shapes,
)
from analysis.report.studies import study_names
from analysis.report.wording import Scale, percent, plain, significant
from analysis.results import ComparisonResult, StudyInfluence

PLAIN = Scale("MD")  # both axes are plain numbers
MOST_NAMES, LONGEST_NAME = 6, 175.0
NEAR_ORIGIN = 0.3  # of the furthest place: studies nearer than this are named in the table only


@dataclass(frozen=True)
class InfluenceRow:
    """What one study does to the average, every cell as text."""

    label: str
    heterogeneity: str
    move: str
    rstudent: str
    cooks_distance: str
    hat: str
    tau2: str


@dataclass(frozen=True)
class InfluencePlot:
    """What the page says of the influence of single studies."""

    sentence: str
    drawings: tuple[Drawing, ...]
    rows: tuple[InfluenceRow, ...]


def influence_plot(result: ComparisonResult) -> InfluencePlot | None:
    """Return Baujat's plot and its table; None with fewer than three studies."""
    places = placed(result)
    if not places:
        return None
    names = study_names(result)
    sentence = most_sentence(result, places, names)
    drawings = tuple(baujat_plot(result, places, names, sentence, frame) for frame in FRAMES)
    return InfluencePlot(sentence, drawings, tuple(influence_row(names, place) for place in places))


def placed(result: ComparisonResult) -> tuple[StudyInfluence, ...]:
    """Return the studies with both coordinates."""
    influence = result.robustness.influence
    return tuple(one for one in influence if one.heterogeneity is not None and one.move is not None)


def influence_row(names: dict[str, str], place: StudyInfluence) -> InfluenceRow:
    return InfluenceRow(
        names.get(place.study, place.study),
        significant(place.heterogeneity),
        significant(place.move),
        number(place.rstudent),
        number(place.cooks_distance),
        percent(None if place.hat is None else 100 * place.hat, 1),
        number(place.tau2),
    )


def number(value: float | None) -> str:
    return plain(None) if value is None else significant(value)


def most_sentence(result: ComparisonResult, places: tuple[StudyInfluence, ...], names: dict[str, str]) -> str:
    """Return which study stands out in which way."""
    apart = max(places, key=lambda place: place.heterogeneity)
    moves = max(places, key=lambda place: place.move)
    first, second = (names.get(place.study, place.study) for place in (apart, moves))
    if apart == moves:
        return f"{first} lies furthest from the other results and also moves the average most."
    return f"{first} lies furthest from the other results; {second} moves the average most."


def baujat_plot(
    result: ComparisonResult, places: tuple[StudyInfluence, ...], names: dict[str, str], sentence: str, frame: Frame
) -> Drawing:
    across = Axis(0.0, room(place.heterogeneity for place in places), frame.left, frame.right)
    up = Axis(0.0, room(place.move for place in places), frame.bottom, frame.top)
    ticks = linear_ticks(0.0, up.high)
    marks = [(up.at(tick), tick_text(PLAIN, tick, ticks[1] - ticks[0])) for tick in ticks]
    points = [(across.at(place.heterogeneity), up.at(place.move)) for place in places]
    return Drawing(
        f"baujat-{frame.layout}",
        frame.layout,
        frame.width,
        frame.bottom + 46,
        f"Influence of single {noun(result)} results: {result.comparison.question}",
        sentence,
        (
            *axis_shapes(PLAIN, across, frame.bottom),
            *upright_shapes(marks, frame.left, frame.top, frame.bottom),
            Text(0, 16, "↑ moves the average", "side"),
            Text(frame.right, frame.bottom + 38, "disagrees with the others →", "side", "end"),
            *(Circle(x, y, 4.5, "mark dot") for x, y in points),
            *names_beside(points, [names.get(place.study, place.study) for place in places], frame),
        ),
    )


def room(values: object) -> float:
    """Return the end of an axis from 0 that holds all values with room to spare; 1 when all are 0."""
    return 1.08 * max(values) or 1.0


def names_beside(points: list[tuple[float, float]], names: list[str], frame: Frame) -> list[Shape]:
    """Return names of the points that lie furthest out, as long as each has room of its own; the table has all."""
    reach = [x - frame.left + frame.bottom - y for x, y in points]
    order = sorted(range(len(points)), key=lambda index: (-reach[index], index))
    shapes: list[Shape] = []
    taken = [(x - 7, x + 7, y) for x, y in points]
    for index in order:
        name = name_beside(points[index], fitted(names[index], LONGEST_NAME, 12), frame)
        box = box_of(name)
        others = [*taken[:index], *taken[index + 1 :]]
        if reach[index] > NEAR_ORIGIN * max(reach) and len(shapes) < MOST_NAMES and free(others, box):
            shapes.append(name)
            taken.append(box)
    return shapes


def name_beside(point: tuple[float, float], name: str, frame: Frame) -> Text:
    """Return the name of a point, on its right where there is room, else on its left."""
    x, y = point
    if x + 8 + text_width(name, 12) <= frame.width:
        return Text(x + 8, y + 4, name, "tick")
    return Text(x - 8, y + 4, name, "tick", "end")


def box_of(name: Text) -> tuple[float, float, float]:
    """Return from where to where a line of words reaches, and its middle height."""
    wide = text_width(name.text, 12)
    start = name.x - wide if name.anchor == "end" else name.x
    return start, start + wide, name.y - 4


def free(taken: list[tuple[float, float, float]], box: tuple[float, float, float]) -> bool:
    """Say whether a line of words lies within the figure and meets no other words and no mark."""
    start, end, y = box
    return start >= 0 and not any(abs(y - other) < 14 and start < right and left < end for left, right, other in taken)
