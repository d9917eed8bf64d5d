"""Names and addresses: what sources are called, safe file names and anchors, links between pages and to papers."""

import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from analysis.results import Run, Source, SourceRef

LONGEST_SLUG = 60
DOI = re.compile(r"10\.\d{4,9}/\S+")
WEB = re.compile(r"https?://[^\s<>\"']+")


@functools.lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """Return a name of letters, digits and hyphens that is safe in a path and an anchor.

    A text that had to be changed gets six digits of its hash, so that two texts never share a name.
    """
    safe = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_SLUG].strip("-")
    if safe and safe == text:
        return safe
    return "-".join(filter(None, [safe, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]]))


def names_of(run: Run) -> dict[str, str]:
    """Return how each source is named, by its id."""
    return {dataset.id: dataset.metadata.study.label or dataset.id for dataset in run.datasets}


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs of names in order, with "again" added to those that come again."""
    slugs: dict[str, None] = {}
    for name in map(slug, names):
        while name in slugs:
            name += "-again"
        slugs[name] = None
    return tuple(slugs)


def doi_address(doi: str | None) -> str | None:
    """Return the address of a DOI, or None for a text that is not one."""
    return f"https://doi.org/{quote(doi, safe='/')}" if doi and DOI.fullmatch(doi) else None


def web_address(url: str | None) -> str | None:
    """Return an address that starts with http or https, or None."""
    return url if url and WEB.fullmatch(url) else None


def source_links(source: Source) -> tuple[tuple[str, str, str | None], ...]:
    """Return (name, text, address) of every way to the paper."""
    pubmed = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/" if (source.pmid or "").isdecimal() else None
    pmcid = source.pmcid or ""
    central = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/" if re.fullmatch(r"PMC\d+", pmcid) else None
    ways = (
        ("DOI", source.doi, doi_address(source.doi)),
        ("PubMed", source.pmid, pubmed),
        ("PubMed Central", source.pmcid, central),
        ("Address", source.url, web_address(source.url)),
    )
    return tuple((name, text, address) for name, text, address in ways if text)


SUMMARIES = ("participants", "covariates")  # tables made by Trochlea from participant data, a row an arm


def row_name(ref: SourceRef) -> str:
    """Return how a row of a source is named: by its file and line, or as one of the summaries of its participants."""
    return f"{ref.table}, summary {ref.line}" if ref.table in SUMMARIES else f"{ref.table}.csv line {ref.line}"


@dataclass(frozen=True)
class RowLink:
    """A row of a dataset as a reader names it, and where it stands; no address when it is not in the run."""

    text: str
    address: str | None
    location: str


@dataclass(frozen=True)
class Places:
    """Where things stand: which datasets are in a run and which have several tables, and the pages of studies."""

    tables: dict[str, int]
    studies: dict[str, str] = field(default_factory=dict)  # id of a study -> name of its trial's page

    def study(self, id: str, root: str = "../") -> str | None:
        """Return the address of the page of a study's trial; None for a study that has none."""
        return f"{root}trials/{self.studies[id]}.html" if id in self.studies else None

    def anchor(self, ref: SourceRef) -> str:
        """Return the anchor of a row within its dataset's page."""
        return f"line-{ref.line}" if self.tables.get(ref.dataset, 1) == 1 else f"{slug(ref.table)}-line-{ref.line}"

    def row(self, ref: SourceRef) -> RowLink:
        """Return the link from a comparison's page to the row a number was transcribed from."""
        known = ref.dataset in self.tables
        address = f"../datasets/{slug(ref.dataset)}.html#{self.anchor(ref)}" if known else None
        return RowLink(f"{ref.dataset}, {row_name(ref)}", address, ref.location)


def places_of(run: Run, studies: dict[str, str] | None = None) -> Places:
    """Return where the rows of a run stand, and the given pages of its studies."""
    return Places({dataset.id: len(dataset.tables) for dataset in run.datasets}, studies or {})
