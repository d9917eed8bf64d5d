"""The figure of tests.benchmarks.coverage: small panels, one a heterogeneity and a kind of sizes."""

from collections.abc import Sequence
from html import escape

PANEL, GAP, LEFT, TOP = (190.0, 150.0), (16.0, 64.0), 44.0, 80.0
LOWEST, HIGHEST, NOMINAL = 65.0, 100.0, 95.0
TICKS = (70, 80, 90, 95, 100)
STROKES = ("#b45309;8 3", "#b45309;", "#64748b;2 3", "#1d4ed8;8 3", "#1d4ed8;")  # colour and dashes, one a method


def draw(cells: Sequence, heterogeneities: Sequence[int], studies: Sequence[int], sizes: Sequence[str],
         methods: Sequence[tuple[str, str]]) -> str:
    """Return the figure as SVG."""
    width = LEFT + len(heterogeneities) * (PANEL[0] + GAP[0])
    height = TOP + len(sizes) * (PANEL[1] + GAP[1]) - 30
    parts = [legend(methods)]
    for down, kind in enumerate(sizes):
        above = TOP + down * (PANEL[1] + GAP[1]) - 22
        parts.append(f'<text x="{LEFT}" y="{above}" font-weight="600">Sizes: {escape(kind)}</text>')
        for across, i2 in enumerate(heterogeneities):
            chosen = [cell for cell in cells if cell.sizes == kind and cell.i2 == i2]
            corner = LEFT + across * (PANEL[0] + GAP[0]), TOP + down * (PANEL[1] + GAP[1])
            parts.append(panel(corner, chosen, studies, f"I² {i2} %", across == 0))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
            'font-family="system-ui, sans-serif" font-size="11" fill="#1f2937">'
            "<title>Coverage of 95 % intervals over the number of studies</title>"
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>' + "".join(parts) + "</svg>\n")


def legend(methods: Sequence[tuple[str, str]]) -> str:
    """Return a line and a name for every method."""
    parts = ['<text x="8" y="16" font-weight="600">Coverage in percent, over the number of studies</text>']
    for index, (tau2, test) in enumerate(methods):
        x = LEFT + index * 130
        parts.append(f'<line x1="{x}" y1="34" x2="{x + 30}" y2="34" {stroke(index)}/>'
                     f'<text x="{x + 36}" y="38">{escape(f"{tau2} {test}")}</text>')
    return "".join(parts)


def stroke(index: int) -> str:
    """Return the attributes of a method's line; told apart by dashes in grey print."""
    colour, _, dashes = STROKES[index].partition(";")
    return f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-dasharray="{dashes or "none"}"'


def panel(corner: tuple[float, float], cells: Sequence, studies: Sequence[int], name: str, labelled: bool) -> str:
    """Return one panel with its axes."""
    left, top = corner
    step = PANEL[0] / len(studies)
    at = {k: left + step * (index + 0.5) for index, k in enumerate(studies)}
    parts = [f'<text x="{left}" y="{top - 6}">{escape(name)}</text>']
    for tick in TICKS:
        colour = "#111827" if tick == NOMINAL else "#e5e7eb"
        parts.append(f'<line x1="{left}" x2="{left + PANEL[0]}" y1="{height_of(tick, top):.1f}" '
                     f'y2="{height_of(tick, top):.1f}" stroke="{colour}"/>')
        if labelled:
            parts.append(f'<text x="{left - 6}" y="{height_of(tick, top) + 4:.1f}" text-anchor="end">{tick}</text>')
    parts += [f'<text x="{x:.1f}" y="{top + PANEL[1] + 14}" text-anchor="middle">{k}</text>' for k, x in at.items()]
    for index in range(len(STROKES)):
        points = " ".join(f"{at[cell.k]:.1f},{height_of(cell.interval[index], top):.1f}" for cell in cells)
        parts.append(f'<polyline points="{points}" {stroke(index)}/>')
    return "".join(parts)


def height_of(percent: float, top: float) -> float:
    """Return where a coverage lies; what is below the axis is kept at its foot."""
    share = (max(percent, LOWEST) - LOWEST) / (HIGHEST - LOWEST)
    return top + PANEL[1] * (1 - share)
