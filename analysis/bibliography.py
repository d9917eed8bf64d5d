"""The sources of a review as a bibliography: BibTeX, RIS and CSL-JSON, from their metadata alone.

A citation is free text. It is taken apart only where every part of it is plain: authors with initials, the title that
the metadata name, journal, year, volume, pages. Any other stays whole, as a note, and nothing is made up.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from analysis.results import Dataset

NAME = r"(?:(?:van|von|der|den|de|da|di|dos|del|la|le|el|al) )*[^\W\d_][\w'’-]*(?: (?:[^\W\d_][\w'’-]{1,}|de|da|dos))*"
AUTHOR = re.compile(rf"(?P<family>{NAME}) (?P<given>[A-Z]{{1,4}})")
ET_AL = re.compile(r",? et al\.?$")
END = re.compile(
    r"(?P<journal>[A-Z][\w&,:'’ ()-]*[\w)]),? (?P<year>(?:19|20)\d\d)"
    r"(?:;(?P<volume>\d+)(?:\((?P<issue>[\w -]+)\))?(?::(?P<pages>[A-Za-z]?\d+(?:-[A-Za-z]?\d+)?))?)?"
    r"(?P<rest> \([^()]*(?:\([^()]*\)[^()]*)*\))?"
)
TITLE_NOT_SEEN = "title not seen"
UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Name:
    """An author: the family name, and the initials."""

    family: str
    given: str


@dataclass(frozen=True)
class Reference:
    """A source as a list of references has it. What its metadata do not say plainly is None or empty."""

    id: str
    title: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    url: str | None
    authors: tuple[Name, ...] = ()
    more_authors: bool = False  # "et al."
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    note: str | None = None  # the citation, where it could not be taken apart whole


def reference_of(dataset: Dataset) -> Reference:
    """Return a dataset as a reference."""
    source, study = dataset.metadata.source, dataset.metadata.study
    title = None if TITLE_NOT_SEEN in dataset.metadata.title else plain(dataset.metadata.title)
    basis = Reference(
        dataset.id, title, study.year, *map(maybe_plain, (source.doi, source.pmid, source.pmcid, source.url))
    )
    citation = plain(source.citation)
    return taken_apart(basis, citation) or Reference(**(vars(basis) | {"note": citation}))


def taken_apart(basis: Reference, citation: str) -> Reference | None:
    """Return a reference with the parts of its citation; None where one of them is not plain."""
    if basis.title and citation.lower().startswith(basis.title.lower()):
        people, rest = ((), False), citation
    else:
        head, _, rest = citation.partition(". ")
        people = authors_of(head)
    end = END.fullmatch(without_title(rest, basis.title).rstrip("."))
    if people is None or end is None or (basis.year is not None and int(end["year"]) != basis.year):
        return None
    authors, more = people
    parts = {key: end[key] for key in ("journal", "volume", "issue", "pages")}
    note = citation if end["rest"] else None
    return Reference(
        **(vars(basis) | parts | {"authors": authors, "more_authors": more, "year": int(end["year"]), "note": note})
    )


def without_title(text: str, title: str | None) -> str:
    """Return what follows the title of the metadata in a citation; all of it, where the citation has none."""
    if title and text.lower().startswith(title.lower()):
        return text[len(title) :].lstrip("?.! ")
    return text


def authors_of(text: str) -> tuple[tuple[Name, ...], bool] | None:
    """Return authors of the form "Dolak KL, Silkman C", and whether there are more; None where one has another form.

    A single family name is plain before "et al." alone.
    """
    names = ET_AL.sub("", text)
    if names != text and re.fullmatch(NAME, names):
        return (Name(names, ""),), True
    found = [AUTHOR.fullmatch(name) for name in names.split(", ")]
    if not all(found):
        return None
    return tuple(Name(one["family"], one["given"]) for one in found), names != text


def plain(text: str) -> str:
    """Return a text on one line, without characters that are not printed."""
    return " ".join(UNPRINTED.sub(" ", text).split())


def maybe_plain(text: str | None) -> str | None:
    return plain(text) if text else None


BIBTEX_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{mark: f"\\{mark}" for mark in "#$%&_"},
}  # fmt: skip
KEY = re.compile(r"[^a-z0-9.-]")


def bibtex(references: Sequence[Reference]) -> str:
    """Return references as BibTeX; braces stay balanced whatever a field holds."""
    return "\n".join(map(bibtex_entry, references))


def bibtex_entry(one: Reference) -> str:
    kind = "article" if one.journal else "misc"
    authors = " and ".join([*(escaped(said(name)) for name in one.authors),
                            *(["others"] if one.more_authors else [])])  # fmt: skip
    # double braces keep the letters of a title as they are
    fields = {
        "author": authors, "title": f"{{{escaped(one.title)}}}" if one.title else None,
        "journal": one.journal and escaped(one.journal), "year": str(one.year) if one.year else None,
        "volume": one.volume, "number": one.issue, "pages": one.pages and one.pages.replace("-", "--"),
        "doi": one.doi and verbatim(one.doi), "pmid": one.pmid and escaped(one.pmid),
        "pmcid": one.pmcid and escaped(one.pmcid), "url": one.url and verbatim(one.url),
        "note": one.note and escaped(one.note),
    }  # fmt: skip
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{KEY.sub('-', one.id)},", *lines, "}", ""])


def escaped(text: str) -> str:
    return "".join(BIBTEX_ESCAPES.get(letter, letter) for letter in text)


def verbatim(text: str) -> str:
    """Return an address for a field that BibTeX styles take letter by letter, without what could end the field."""
    return quote(text, safe="".join(map(chr, range(0x21, 0x7F))).translate({ord(mark): None for mark in "{}\\"}))


def said(name: Name) -> str:
    """Return a name as lists of references invert it: "Dolak, K. L."."""
    return ", ".join(filter(None, [name.family, initials(name)]))


def initials(name: Name) -> str:
    return " ".join(f"{letter}." for letter in name.given)


def ris(references: Sequence[Reference]) -> str:
    """Return references as RIS; a field is one line, so that no text can begin another."""
    return "\n".join(map(ris_entry, references))


def ris_entry(one: Reference) -> str:
    first, _, last = (one.pages or "").partition("-")
    fields = [
        ("TY", "JOUR" if one.journal else "GEN"), ("ID", one.id),
        *(("AU", said(name)) for name in one.authors),
        *([("AU", "et al.")] if one.more_authors else []),
        ("TI", one.title), ("T2", one.journal), ("PY", one.year and str(one.year)), ("VL", one.volume),
        ("IS", one.issue), ("SP", first), ("EP", last), ("DO", one.doi), ("AN", one.pmid), ("C2", one.pmcid),
        ("UR", one.url), ("N1", one.note),
    ]  # fmt: skip
    return "\n".join([*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - ", ""])


def csl(references: Sequence[Reference]) -> str:
    """Return references as CSL-JSON."""
    return json.dumps([csl_item(one) for one in references], ensure_ascii=False, indent=1) + "\n"


def csl_item(one: Reference) -> dict:
    people = [{"family": name.family} | ({"given": initials(name)} if name.given else {}) for name in one.authors]
    item = {
        "id": one.id, "type": "article-journal" if one.journal else "document",
        "author": people + ([{"literal": "others"}] if one.more_authors else []), "title": one.title,
        "container-title": one.journal, "issued": {"date-parts": [[one.year]]} if one.year else None,
        "volume": one.volume, "issue": one.issue, "page": one.pages, "DOI": one.doi, "PMID": one.pmid,
        "PMCID": one.pmcid, "URL": one.url, "note": one.note,
    }  # fmt: skip
    return {key: value for key, value in item.items() if value}


FORMATS: dict[str, Callable[[Sequence[Reference]], str]] = {"bibtex": bibtex, "ris": ris, "csl": csl}
ENDINGS = {"bibtex": "bib", "ris": "ris", "csl": "json"}


def bibliography(datasets: Sequence[Dataset], form: str) -> str:
    """Return the sources of a review in a format of FORMATS."""
    return FORMATS[form]([reference_of(dataset) for dataset in datasets])
