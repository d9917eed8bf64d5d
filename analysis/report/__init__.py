"""A results document drawn as pages: wording, figures, tables. Computes no statistics."""

from analysis.report.publishing import publish
from analysis.report.site import render

__all__ = ["publish", "render"]
