"""HTML onto A4 pages, without a browser and without fetching anything: the one place that knows the PDF library.

Importing this raises OSError on a machine without Pango, which lays the text out.
"""

import logging

from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every rule that is for screens
NOTHING_FETCHED = URLFetcher(allowed_protocols=())


def laid_out(html: str) -> Document:
    """Return an HTML document on pages; nothing it names is fetched."""
    return HTML(string=html, url_fetcher=NOTHING_FETCHED).render()


def as_pdf(document: Document) -> bytes:
    """Return pages as PDF; the same pages give the same bytes."""
    return document.write_pdf()
