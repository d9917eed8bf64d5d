"""The figure of tests.benchmarks.side_by_side: seconds over sizes, both on log scales, one panel a task."""

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.side_by_side import Curve, Measured

WIDTH, HEIGHT, LEFT, TOP, GAP = 250.0, 230.0, 50.0, 74.0, 58.0
LOWEST, HIGHEST = -4, 2  # decades of seconds
SIZES = ("1", "10", "100", "1k", "10k", "100k", "1M")  # by their decade
STROKES = ("#1d4ed8;", "#b45309;8 3", "#15803d;2 3", "#64748b;8 3 2 3", "#7c3aed;5 2", "#be123c;3 3")
PANELS = (("studies", "One analysis, over its studies", 6), ("left_out", "Leave-one-out, over studies", 5),
          ("batches", "Analyses of 10 studies, over analyses", 5))


def draw(measured: "Measured") -> str:
    """Return the figure as SVG."""
    curves = {name: getattr(measured, name) for name, _, _ in PANELS}
    names = list(dict.fromkeys(name for found in curves.values() for name in found))
    width, height = len(PANELS) * (WIDTH + GAP) + 16, TOP + HEIGHT + 40
    parts = [legend(names)]
    for index, (name, title, decades) in enumerate(PANELS):
        left = LEFT + index * (WIDTH + GAP)
        parts += [panel(left, title, decades)]
        parts += [line(left, decades, points, names.index(program)) for program, points in curves[name].items()]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
            'font-family="system-ui, sans-serif" font-size="11" fill="#1f2937">'
            "<title>Seconds of CPU over the size of the task</title>"
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>' + "".join(parts) + "</svg>\n")


def legend(names: list[str]) -> str:
    """Return a line and a name for every program, three in a row."""
    parts = ['<text x="8" y="14" font-weight="600">Seconds of CPU</text>']
    for index, name in enumerate(names):
        x, y = LEFT + index % 3 * (WIDTH + GAP), 30 + index // 3 * 16
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x + 26}" y2="{y}" {stroke(index)}/>'
                     f'<text x="{x + 32}" y="{y + 4}">{escape(name)}</text>')
    return "".join(parts)


def stroke(index: int) -> str:
    """Return the attributes of a program's line; told apart by dashes in grey print."""
    colour, _, dashes = STROKES[index % len(STROKES)].partition(";")
    return f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-dasharray="{dashes or "none"}"'


def panel(left: float, title: str, decades: int) -> str:
    """Return the axes of one panel: sizes from 10 to ten to the power of `decades`."""
    parts = [f'<text x="{left}" y="{TOP - 6}" font-weight="600">{escape(title)}</text>']
    for power in range(LOWEST, HIGHEST + 1):
        y = height_of(power)
        parts.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e5e7eb"/>'
                     f'<text x="{left - 5}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for power in range(1, decades + 1):
        x = place_of(power, left, decades)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP + HEIGHT}" y2="{TOP + HEIGHT + 4}" stroke="#111827"/>'
                     f'<text x="{x:.1f}" y="{TOP + HEIGHT + 17}" text-anchor="middle">{SIZES[power]}</text>')
    return "".join(parts)


def line(left: float, decades: int, points: "Curve", index: int) -> str:
    """Return the curve of one program, with a dot for each size measured."""
    places = [(place_of(math.log10(size), left, decades), height_of(math.log10(spent))) for size, spent in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    colour = STROKES[index % len(STROKES)].partition(";")[0]
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colour}"/>' for x, y in places)
    return f'<polyline points="{path}" {stroke(index)}/>{dots}'


def place_of(power: float, left: float, decades: int) -> float:
    """Return where a size lies, given its decade."""
    return left + WIDTH * (power - 1) / (decades - 1)


def height_of(power: float) -> float:
    """Return where a time lies, given its decade; what is beyond the axis is kept at its end."""
    share = (min(max(power, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return TOP + HEIGHT * (1 - share)
