"""The drawing of a network, treatments on a circle and trials as lines, and every treatment by the reference."""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from analysis.report.drawing import (
    FRAMES,
    Axis,
    Box,
    Circle,
    Drawing,
    Frame,
    Line,
    Shape,
    Text,
    axis_shapes,
    fitted,
    interval_shapes,
    limits,
    text_width,
)
from analysis.report.row_plot import ROW_LAYOUTS, RowLayout
from analysis.report.wording import Scale, compact
from analysis.results import NetworkResult, Relative

LARGEST_NODE, SMALLEST_NODE = 16.0, 6.0
WIDEST = 5  # classes of width of a line, by how many trials it stands for
TOP = 46.0  # room for a label above the circle


@dataclass(frozen=True)
class Node:
    """A treatment on the circle."""

    code: str
    label: str
    trials: int
    people: int | None
    x: float
    y: float
    radius: float


def network_drawings(result: NetworkResult, finding: str) -> tuple[Drawing, ...]:
    """Return the network in every layout; empty without a trial."""
    return tuple(network_drawing(result, frame, finding) for frame in FRAMES if result.edges)


def network_drawing(result: NetworkResult, frame: Frame, finding: str) -> Drawing:
    nodes = nodes_of(result, frame)
    places = {node.code: node for node in nodes}
    lines = [
        Line(places[edge.first].x, places[edge.first].y, places[edge.second].x, places[edge.second].y,
             f"edge edge-{min(len(edge.studies), WIDEST)}")
        for edge in result.edges
    ]  # fmt: skip
    circles = [Circle(node.x, node.y, node.radius, "mark node") for node in nodes]
    return Drawing(
        f"network-{frame.layout}",
        frame.layout,
        frame.width,
        height_of(frame),
        f"Network of trials: {result.question.question}",
        finding,
        (*lines, *circles, *(label_of(node, frame) for node in nodes)),
    )


def height_of(frame: Frame) -> float:
    return 2 * radius_of(frame) + 2 * TOP


def radius_of(frame: Frame) -> float:
    return 150.0 if frame.layout == "broad" else 72.0


def nodes_of(result: NetworkResult, frame: Frame) -> tuple[Node, ...]:
    """Return the treatments that trials have, the reference on top, the others clockwise in the protocol's order."""
    question, labels, people = result.question, dict(result.labels), dict(result.people)
    studied = {name for edge in result.edges for name in (edge.first, edge.second)}
    order = [question.reference, *(name for name in question.treatments if name != question.reference)]
    names = [name for name in order if name in studied]
    trials = {name: sum(name in trial.treatments for trial in result.trials) for name in names}
    sizes = people if set(names) <= set(people) else trials
    largest, radius = max(sizes[name] for name in names), radius_of(frame)
    found = []
    for place, name in enumerate(names):
        angle = 2 * pi * place / len(names) - pi / 2
        x, y = frame.width / 2 + radius * cos(angle), TOP + radius + radius * sin(angle)
        size = max(SMALLEST_NODE, LARGEST_NODE * sqrt(sizes[name] / largest))
        found.append(Node(name, labels[name], trials[name], people.get(name), x, y, size))
    return tuple(found)


def label_of(node: Node, frame: Frame) -> Text:
    """Return the name of a treatment, outside of the circle, within the figure."""
    middle = frame.width / 2
    if abs(node.x - middle) < 30:
        above = node.y < TOP + radius_of(frame)
        name = fitted(node.label, frame.width)
        half = text_width(name) / 2
        x = min(max(node.x, half), frame.width - half)
        return Text(x, node.y - node.radius - 8 if above else node.y + node.radius + 17, name, "", "middle")
    right = node.x > middle
    start = node.x + node.radius + 6 if right else node.x - node.radius - 6
    room = frame.width - start if right else start
    name = fitted(node.label, room)
    if text_width(name) > room:  # the shortest that is written: pulled in
        start = frame.width - text_width(name) if right else text_width(name)
    return Text(start, node.y + 4, name, "", "start" if right else "end")


# ---------------------------------------------------------------- every treatment against the reference


def reference_plots(result: NetworkResult, scale: Scale, finding: str) -> tuple[Drawing, ...]:
    """Return the treatments against the reference in every layout; empty without a fit."""
    return tuple(reference_plot(result, scale, layout, finding) for layout in ROW_LAYOUTS if result.against_reference)


def reference_plot(result: NetworkResult, scale: Scale, layout: RowLayout, finding: str) -> Drawing:
    rows, labels = result.against_reference, dict(result.labels)
    bottom = len(rows) * layout.row + 6
    low, high = limits(scale, [row.estimate for row in rows], [row.se for row in rows])
    axis = Axis(low, high, layout.left, layout.right)
    drawn = [row_shapes(labels[row.experimental], row, scale, layout, axis, place * layout.row)
             for place, row in enumerate(rows)]  # fmt: skip
    marks = [shape for shapes in drawn for shape in shapes]
    top, css = (layout.mark - 10, "beside null") if layout.name == "narrow" else (0.0, "null")
    return Drawing(
        f"reference-{layout.name}",
        layout.name,
        layout.width,
        bottom + 46,
        f"Each treatment against {labels[result.question.reference]}: {result.question.question}",
        finding,
        (
            Line(axis.at(0.0), top, axis.at(0.0), bottom, css),
            *marks,
            *axis_shapes(scale, axis, bottom),
            *side_shapes(result, layout, bottom + 40),
        ),
    )


def row_shapes(label: str, row: Relative, scale: Scale, layout: RowLayout, axis: Axis, y: float) -> list[Shape]:
    """Return the name, the numbers and the interval of one treatment; hollow when no trial compares it directly."""
    text = compact(f"{scale.text(row.estimate)} [{scale.interval(row.ci_low, row.ci_high)}]")
    room = layout.left - 10 if layout.name == "broad" else layout.width - text_width(text) - 10
    x, middle = axis.at(row.estimate), y + layout.mark
    css = "mark square" if row.direct else "mark hollow"
    return [
        Text(0, y + layout.words, fitted(label, room)),
        Text(layout.width, y + layout.words, text, "num", "end"),
        *interval_shapes(axis, row.ci_low, row.ci_high, middle, "whisker" if row.direct else "whisker doubtful"),
        Box(x - 4.5, middle - 4.5, 9, 9, css),
    ]


def side_shapes(result: NetworkResult, layout: RowLayout, y: float) -> list[Shape]:
    """Return which side of no effect is good news, under the axis."""
    reference = dict(result.labels)[result.question.reference]
    lower = {"lower": f"← better than {reference}", "higher": f"← worse than {reference}", "none": "← lower"}
    width = layout.width if layout.name == "narrow" else layout.right - layout.left + 180
    return [Text(layout.left, y, fitted(lower[result.better], width, 12), "side")]
