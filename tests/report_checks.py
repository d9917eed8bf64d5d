"""What every page of a report must keep: its structure, its links, its figures with their tables."""

import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "circle", "polygon"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Page(HTMLParser):
    """A page as its elements: what the tests ask of it, collected while it is read."""

    ids: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # (address, class)
    headings: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    figures: list["Figure"] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)  # the tags in each
    scopes: list[str | None] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # text outside of style and svg
    open: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lang: str | None = None

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.lang = values.get("lang") if tag == "html" else self.lang
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append((values.get("href", ""), values.get("class", "")))
        if tag in HEADINGS:
            self.headings.append(tag)
        if tag == "table":
            self.tables.append([])
        if "table" in self.open and self.tables:
            self.tables[-1].append(tag)
        if tag == "th":
            self.scopes.append(values.get("scope"))
        self.note_figure(tag, values)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def note_figure(self, tag, values):
        css = (values.get("class") or "").split()
        if tag == "svg":
            self.figures.append(Figure(values, " ".join(css)))
        if "svg" in self.open and self.figures:
            self.figures[-1].tags.append(tag)
            self.figures[-1].marks += "mark" in css
        if tag == "tr" and "of-mark" in css and self.figures:
            self.figures[-1].rows += 1

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if not {"style", "script", "svg"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@dataclass
class Figure:
    """A figure: its attributes, the tags in it, its marks, and the rows of marks in the table after it."""

    values: dict
    css: str
    tags: list[str] = field(default_factory=list)
    marks: int = 0
    rows: int = 0


def read_page(content: bytes) -> Page:
    page = Page()
    page.feed(content.decode())
    page.close()
    return page


def pages_of(files: dict[str, bytes]) -> dict[str, Page]:
    return {path: read_page(content) for path, content in files.items() if path.endswith(".html")}


def broken_links(files: dict[str, bytes]) -> list[str]:
    """Return every link within the report whose file or anchor is not there."""
    pages = pages_of(files)
    return [
        f"{path}: {address}"
        for path, page in pages.items()
        for address, _ in page.links
        if not address.startswith("http") and not resolves(path, address, files, pages)
    ]


def resolves(path: str, address: str, files: dict[str, bytes], pages: dict[str, Page]) -> bool:
    file, _, anchor = address.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if target not in files:
        return False
    return not anchor or (target in pages and anchor in pages[target].ids)


def skipped_headings(page: Page) -> list[str]:
    levels = [int(heading[1]) for heading in page.headings]
    return [f"h{before} then h{after}" for before, after in zip(levels, levels[1:], strict=False) if after > before + 1]


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text as printed, thousands with their commas, a minus as it stands."""
    return re.findall(r"(?<![\w.,])−?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)", text)
