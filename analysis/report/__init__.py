"""A results document drawn as pages; nothing here computes."""

from analysis.report.publishing import make_room, publish
from analysis.report.site import render

__all__ = ["make_room", "publish", "render"]
