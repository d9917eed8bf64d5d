"""The whole report as one PDF: bookmarks, page numbers, the run in the foot of every page."""

from analysis.forms.book import book
from analysis.forms.paper import as_pdf, laid_out
from analysis.results import Run


def pdf(run: Run) -> bytes:
    """Return the report of a run as PDF; the same run gives the same bytes on one machine."""
    return as_pdf(laid_out(book(run)))
