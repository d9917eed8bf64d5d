"""What a document is made of, whatever it is written as: headings, paragraphs, lists, tables, figures."""

from dataclasses import dataclass

from analysis.report.drawing import Drawing


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title of a chapter."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a lead is the answer of a chapter."""

    text: str
    lead: bool = False


@dataclass(frozen=True)
class Listing:
    """A list of short texts, numbered or not."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts under its caption; every row has as many cells as the header."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing and the page that it is of; its table follows it, so a form that has no pictures leaves it out."""

    drawing: Drawing
    page: str

    @property
    def file(self) -> str:
        """The name of its file, where a form keeps figures beside."""
        return f"{self.page}-{self.drawing.id}.svg"


Block = Heading | Paragraph | Listing | Table | Figure
