"""A figure that stands on its own: an SVG with its style inside, its colours those of the page in light."""

import functools
import re

from analysis.report.drawing import Drawing
from analysis.report.site import templates

COLOURS = re.compile(r"--([\w]+):([^;}]+)")
RULES = re.compile(r"(svg [^{}@]*)\{([^{}]*)\}")
WEIGHTS = re.compile(r"font-weight:[67]\d\d")  # a program that has no such cut draws none bold
LINKS = re.compile(r"</?a\b[^>]*>")
MARGIN = 12  # pages let words reach beyond a drawing's edge; a file cuts them
FONTS = '"DejaVu Sans","Liberation Sans",Arial,Helvetica,sans-serif'
# the halo around words lies over them in programs that do not know paint-order
OVER = f"text{{font-family:{FONTS};stroke:none}}"


def standing_svg(drawing: Drawing) -> str:
    """Return a drawing as an SVG file, its width and height in drawing units with a margin, without links."""
    body = LINKS.sub("", str(templates().get_template("figure.html").module.draw(drawing)))
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.1f}" height="{height:.1f}" '
        f'viewBox="{-MARGIN} {-MARGIN} {width:.1f} {height:.1f}"><style>{figure_style()}</style>'
    )
    return head + body[body.index(">") + 1 :].strip()


@functools.cache
def figure_style() -> str:
    """Return the rules of the page's style that are about figures, every colour written out."""
    environment = templates()
    css = environment.loader.get_source(environment, "style.css")[0]
    colours = dict(COLOURS.findall(css[: css.index("}")]))
    rules = (f"{selector.replace('svg ', '')}{{{body}}}" for selector, body in RULES.findall(css))
    plain = re.sub(r"var\(--(\w+)\)", lambda found: colours[found[1]], "".join(rules))
    return WEIGHTS.sub("font-weight:bold", plain) + OVER
