"""A figure as a picture (PNG), drawn without a browser, for forms that take no SVG."""

import functools

import resvg_py

from analysis.forms.plain import plain_text
from analysis.forms.standing import standing_svg
from analysis.report.drawing import Drawing

DOTS = 2.0  # pixels a drawing unit: 200 dots an inch when the widest figure fills a page
PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15">{}</text></svg>'


def picture(drawing: Drawing) -> bytes | None:
    """Return a drawing as PNG on white; None on a machine without a font, where it would have no words."""
    return png(plain_text(standing_svg(drawing))) if has_fonts() else None


@functools.cache
def has_fonts() -> bool:
    """Say whether this machine has a font to draw words with."""
    return png(PROBE.format("x")) != png(PROBE.format(""))


def png(svg: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=DOTS, background="#ffffff"))
