"""The pages of the site bound into one HTML document: one after the other, links between them kept as anchors."""

import posixpath
import re
from dataclasses import dataclass

from analysis.forms.plain import plain_text
from analysis.forms.standing import figure_style
from analysis.report.links import slug
from analysis.report.site import render, templates
from analysis.results import Run

FIRST, LAST = ("index.html", "claims.html", "changes.html"), ("prisma.html", "datasets.html")
DETAILS = ("datasets/", "trials/")
ATTRIBUTES = re.compile(r'\b(id|href|aria-labelledby)="([^"]*)"')  # texts hold no quote: it is escaped
FIGURES = re.compile(r"<svg [^>]*>")
OTHER_LAYOUTS = re.compile(r'<svg class="layout-(?:medium|narrow)".*?</svg>', re.DOTALL)
FIGURE_LINKS = re.compile(r'(<svg .*?</svg>)', re.DOTALL)
LONG_WORDS = re.compile(r"[^\s<>&;\u200b]{24}(?=[^\s<>&;\u200b])")
TAGS = re.compile(r"(<[^>]*>)")
BREAK = "\u200b"  # where a long word may go on in the next line
ANCHORS = re.compile(r"</?a\b[^>]*>")


@dataclass(frozen=True)
class BookPage:
    """A page of the site within the book: where it starts, whether it follows without a new sheet, its content."""

    start: str
    detail: bool
    content: str


def book(run: Run) -> str:
    """Return the whole report as one HTML document for paper."""
    files = render(run)
    pages = [
        BookPage(anchor(path, ""), path.startswith(DETAILS), bound(path, files[path].decode(), files))
        for path in page_order(run, files)
    ]
    return plain_text(templates().get_template("book.html").render(run=run, pages=pages))


def page_order(run: Run, files: dict[str, bytes]) -> list[str]:
    """Return the pages as a reader takes them: the first ones, questions in the protocol's order, then the sources."""
    questions = [f"comparisons/{slug(result.comparison.id)}.html" for result in run.comparisons]
    order = [*FIRST, *questions, *LAST]
    others = sorted(path for path in files if path.endswith(".html") and path not in order)
    return [*(path for path in order if path in files), *others]


def bound(path: str, page: str, files: dict[str, bytes]) -> str:
    """Return the content of one page, its anchors made unique in the book and its figures standing alone."""
    content = page.partition('<main id="main">')[2].rpartition("</main>")[0]
    content = OTHER_LAYOUTS.sub("", content)
    content = FIGURE_LINKS.sub(lambda figure: ANCHORS.sub("", figure[1]), content)
    content = FIGURES.sub(lambda opened: f"{opened[0]}<style>{figure_style()}</style>", breakable(content))
    return ATTRIBUTES.sub(lambda found: f'{found[1]}="{placed(found[1], found[2], path, files)}"', content)


def breakable(content: str) -> str:
    """Return HTML with places to break in every very long word of its text."""
    parts = TAGS.split(content)
    parts[::2] = [LONG_WORDS.sub(lambda word: word[0] + BREAK, text) for text in parts[::2]]
    return "".join(parts)


def placed(attribute: str, value: str, path: str, files: dict[str, bytes]) -> str:
    """Return an anchor or a link as it stands in the book; a link to a file that is no page leads nowhere."""
    if attribute != "href":
        return " ".join(anchor(path, name) for name in value.split())
    if value.startswith(("http://", "https://")):
        return value
    file, _, name = value.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    return f"#{anchor(target, name)}" if target.endswith(".html") and target in files else f"#{anchor(path, '')}"


def anchor(path: str, name: str) -> str:
    """Return the name of a place in the book."""
    return f"{slug(path)}--{name}" if name else slug(path)
