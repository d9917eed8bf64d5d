"""Shapes as SVG markup. All of it is positions and styles of this program; words stay with the template, escaped."""

from analysis.report.drawing import Alike, Box, Circle, Line, Polygon, Text, short

MARK = "mark"  # a style of shapes that stand for a row of a table: each stays an element
GROUPED = ("num", "bias-letter", "bias-letter on-dark")  # styles that set their own anchor: one group for many


def lines(shapes: tuple[Line, ...], css: str) -> str:
    return f'<path class="{css}" d="{"".join(line.path for line in shapes)}"/>'


def boxes(shapes: tuple[Box, ...], css: str) -> str:
    return "\n".join(
        f'<rect x="{short(s.x)}" y="{short(s.y)}" width="{short(s.width)}" height="{short(s.height)}" class="{css}"/>'
        for s in shapes
    )


def circles(shapes: tuple[Circle, ...], css: str) -> str:
    return "\n".join(
        f'<circle cx="{short(s.x)}" cy="{short(s.y)}" r="{short(s.radius)}" class="{css}"/>' for s in shapes
    )


def polygons(shapes: tuple[Polygon, ...], css: str) -> str:
    return "\n".join(f'<polygon points="{s.points}" class="{css}"/>' for s in shapes)


def outlines(shapes: tuple[Box | Circle | Polygon, ...], css: str) -> str:
    """Return shapes that are no marks as one path."""
    return f'<path class="{css}" d="{"".join(OUTLINES[type(shape)](shape) for shape in shapes)}"/>'


def box_outline(s: Box) -> str:
    return f"M{short(s.x)} {short(s.y)}h{short(s.width)}v{short(s.height)}h{short(-s.width)}z"


def circle_outline(s: Circle) -> str:
    half = f"a{short(s.radius)} {short(s.radius)} 0 1 0 "
    return f"M{short(s.x - s.radius)} {short(s.y)}{half}{short(2 * s.radius)} 0{half}{short(-2 * s.radius)} 0"


def polygon_outline(s: Polygon) -> str:
    return f"M{s.points.replace(' ', 'L').replace(',', ' ')}z"


OUTLINES = {Box: box_outline, Circle: circle_outline, Polygon: polygon_outline}
ELEMENTS = {"line": lines, "box": boxes, "circle": circles, "polygon": polygons}


def elements(run: Alike) -> str:
    """Return the elements of shapes that are alike and hold no words."""
    if run.kind == "line" or len(run.shapes) < 3 or MARK in run.css.split():
        return ELEMENTS[run.kind](run.shapes, run.css)
    return outlines(run.shapes, run.css)


def attributes(text: Text) -> str:
    """Return where words stand and how; plain numbers find their style in their group."""
    styles = text.css.split()
    plain = text.css.strip() in GROUPED
    anchor = "" if text.anchor == "start" or plain or "num" in styles else f' text-anchor="{text.anchor}"'
    css = f' class="{" ".join(styles)}"' if styles and not plain else ""
    return f'x="{short(text.x)}" y="{short(text.y)}"{anchor}{css}'
