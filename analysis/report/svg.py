"""Shapes as SVG markup. All of it is positions and styles of this program; words stay with the template, escaped."""

from analysis.report.drawing import Alike, Box, Circle, Line, Polygon, Text, short

NUMBERS = "num"  # a style that sets its own anchor


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


ELEMENTS = {"line": lines, "box": boxes, "circle": circles, "polygon": polygons}


def elements(run: Alike) -> str:
    """Return the elements of shapes that are alike and hold no words."""
    return ELEMENTS[run.kind](run.shapes, run.css)


def attributes(text: Text) -> str:
    """Return where words stand and how; plain numbers find their style in their group."""
    styles = text.css.split()
    anchor = "" if text.anchor == "start" or NUMBERS in styles else f' text-anchor="{text.anchor}"'
    css = f' class="{" ".join(styles)}"' if styles and styles != [NUMBERS] else ""
    return f'x="{short(text.x)}" y="{short(text.y)}"{anchor}{css}'
