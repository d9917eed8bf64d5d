"""A RevMan 5 file to a table: every study of every analysis, with the study's own reference.

RevMan keeps its file as XML. A study's figures are attributes of DICH_DATA, CONT_DATA, IV_DATA and IPD_DATA below the
outcome, or below a subgroup of it; names and group labels are elements. A group without data is written as 0 people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isclose
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from analysis.importing.revman5_bias import read_bias, text_of
from analysis.importing.source import Cell, SourceRow, SourceTable, refuse

RM5 = "A RevMan 5 file as RevMan saves it"
DEEPEST, MOST_ELEMENTS = 60, 500_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
KINDS = ("DICH", "CONT", "IV", "IPD")
MEASURES = {
    "or": "OR", "odds ratio": "OR", "peto_or": "OR", "peto odds ratio": "OR", "rr": "RR", "risk ratio": "RR",
    "rate ratio": "RR", "rd": "RD", "risk difference": "RD", "md": "MD", "mean difference": "MD", "smd": "SMD",
    "std. mean difference": "SMD", "standardised mean difference": "SMD", "standardized mean difference": "SMD",
    "hr": "HR", "hazard ratio": "HR",
}  # fmt: skip
NOT_ESTIMABLE = (
    "RevMan marks it not estimable; if its paper prints an effect or the figures of its groups, lay its folder out "
    "with trochlea new ID and type them there"
)
EFFECTS = ("ESTIMATE", "EFFECT_SIZE", "SE", "O_E", "VAR")
RATIO_CODES = ("OR", "RR", "HR")
GROUPS = (("1", "experimental"), ("2", "control"))
STUDY_COLUMNS = ("study", "label", "year", "citation", "doi", "pmid")
COLUMNS = (
    *STUDY_COLUMNS, "outcome", "detail", "note",
    *(f"{side}.{name}" for _, side in GROUPS for name in ("arm", "n", "events", "mean", "sd")),
    "measure", "yi", "estimate", "se", "o_minus_e", "o_minus_e_variance",
)  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """One outcome of one comparison: what its data rows share."""

    id: str
    kind: str
    element: Element
    words: str
    groups: tuple[str, str]
    measure: str

    @property
    def named(self) -> str:
        return f"{self.id} {self.words}"


def read_revman5(name: str, content: bytes, settings: dict[str, str]) -> SourceTable:
    """Return the studies of a RevMan 5 file as a table whose columns are named by their fields.

    Raises:
        InputError: It is no such file, or it declares entities.
    """
    root = parse(name, content)
    if root.tag != "COCHRANE_REVIEW":
        raise refuse(name, f"its outermost element is {root.tag[:40]!r}", f"{RM5} begins with COCHRANE_REVIEW")
    studies = {study.get("ID", ""): study_facts(study) for study in root.iter("STUDY")}
    bias, notices = read_bias(root, {key: facts[0] for key, facts in studies.items()}, title_of(root) or name)
    rows = []
    for analysis in analyses(root):
        for data, subgroup in data_of(analysis):
            row = read_data(name, analysis, data, subgroup, studies, notices)
            if row is not None:
                rows.append(row)
        if analysis.element.get("SWAP_EVENTS") == "YES":
            notices.append(f"Analysis {analysis.named}: RevMan counts those without the event; events are as entered.")
    if not rows:
        raise refuse(name, "no study has figures in it", "A review with data and analyses")
    return SourceTable(name, COLUMNS, tuple(rows), notices=tuple(notices), named=True, bias=bias)


def title_of(root: Element) -> str:
    """Return the title of a review."""
    return text_of(root.find("COVER_SHEET/TITLE"))[:200]


def parse(name: str, content: bytes) -> Element:
    """Return the tree of an XML text that declares nothing and is not endless."""
    builder, depth, count = TreeBuilder(), 0, 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise refuse(name, f"{count:,} elements, {depth} deep", RM5)
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def declared(*_: object) -> None:
        raise refuse(name, "it declares a DOCTYPE or an entity", f"{RM5} declares none")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declared
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse(name, f"it is not XML: {str(error)[:100]}", RM5) from None
    return builder.close()


def words_of(element: Element | None) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def name_of(element: Element) -> str:
    """Return the NAME of an element: its child's text, or its attribute."""
    return words_of(element.find("NAME")) or " ".join(element.get("NAME", "").split())


def unescape(identifier: str) -> str:
    """Return an id of RevMan with its _x0020_ as the letters that they stand for."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), identifier)


def study_facts(study: Element) -> tuple[str, ...]:
    """Return the columns that describe a study: name, label, year, and its primary reference."""
    name = " ".join(study.get("NAME", "").split()) or unescape(study.get("ID", "")).removeprefix("STD-")
    references = study.findall("REFERENCE")
    first = next((one for one in references if one.get("PRIMARY") == "YES"), references[0] if references else None)
    identifiers = (
        {}
        if first is None
        else {one.get("TYPE", "").upper(): one.get("VALUE", "").strip() for one in first.iter("IDENTIFIER")}
    )
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", identifiers.get("DOI", ""), flags=re.IGNORECASE)
    pmid = identifiers.get("PUBMED", "") or identifiers.get("PMID", "") or identifiers.get("MEDLINE", "")
    return name, name, study.get("YEAR", "").strip(), citation(first), doi, pmid


def citation(reference: Element | None) -> str:
    """Return a reference in one line: authors, title, journal, year, volume, pages."""
    if reference is None:
        return ""
    part = {tag: words_of(reference.find(tag)).rstrip(".") for tag in ("AU", "TI", "SO", "YR", "VL", "NO", "PG")}
    number = f"({part['NO']})" if part["NO"] else ""
    place = ";".join(filter(None, (part["YR"], f"{part['VL']}{number}"))) + (f":{part['PG']}" if part["PG"] else "")
    return ". ".join(filter(None, (part["AU"], part["TI"], f"{part['SO']} {place}".strip())))


def analyses(root: Element) -> Iterator[Analysis]:
    """Give every outcome that holds figures, in the order of the file."""
    for first, comparison in enumerate(root.iter("COMPARISON"), 1):
        for second, outcome in enumerate((one for one in comparison if one.tag.endswith("_OUTCOME")), 1):
            kind = outcome.tag.removesuffix("_OUTCOME")
            if kind not in KINDS:
                continue
            number = f"{comparison.get('NO', first)}.{outcome.get('NO', second)}"
            groups = tuple(group_label(outcome, side) or word for side, word in GROUPS)
            measure = outcome.get("EFFECT_MEASURE") or words_of(outcome.find("EFFECT_MEASURE"))
            yield Analysis(number, kind, outcome, name_of(outcome), groups, MEASURES.get(measure.lower(), measure))


def group_label(outcome: Element, side: str) -> str:
    tag = f"GROUP_LABEL_{side}"
    return words_of(outcome.find(tag)) or " ".join(outcome.get(tag, "").split())


def data_of(analysis: Analysis) -> Iterator[tuple[Element, str]]:
    """Give the data of an outcome, each with the name of its subgroup."""
    for child in analysis.element:
        if child.tag == f"{analysis.kind}_DATA":
            yield child, ""
        elif child.tag == f"{analysis.kind}_SUBGROUP":
            yield from ((data, name_of(child)) for data in child.iter(f"{analysis.kind}_DATA"))


def read_data(
    name: str, analysis: Analysis, data: Element, subgroup: str, studies: dict[str, tuple[str, ...]], notices: list[str]
) -> SourceRow | None:
    """Return the figures of a study in an analysis as a row; None, with a notice, where RevMan has none."""
    identifier = data.get("STUDY_ID", "")
    facts = studies.get(identifier) or (unescape(identifier).removeprefix("STD-"), "", "", "", "", "")
    place = f"{name}, analysis {analysis.id}, {facts[0] or 'a study without a name'}"
    figures, note = FIGURES[analysis.kind](data, analysis)
    if figures is None:
        notices.append(f"Analysis {analysis.named}, {facts[0]}: left out, {note}.")
        return None
    footnote = "; ".join(filter(None, (words_of(data.find("FOOTNOTE")), note)))
    values = (
        dict(zip(STUDY_COLUMNS, facts, strict=True))
        | figures
        | {
            "outcome": analysis.named,
            "detail": subgroup,
            "note": footnote,
            "experimental.arm": analysis.groups[0],
            "control.arm": analysis.groups[1],
        }
    )
    problems = dict.fromkeys(("yi", "estimate"), log_problem(data, analysis)) if analysis.kind == "IV" else {}
    problems = {column: problem for column, problem in problems.items() if values.get(column)}
    cells = tuple(Cell(values.get(column, ""), problems.get(column)) for column in COLUMNS)
    return SourceRow(place, None, f"Analysis {analysis.named}", cells)


Figures = tuple[dict[str, str] | None, str]  # by column, or None; and what to note, or why there are none


def is_zero(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?0*\.?0*", text))


def without_people(data: Element) -> bool:
    """Return whether a group has nobody: RevMan's way of writing that nothing was reported."""
    return any(is_zero(data.get(f"TOTAL_{side}", "")) for side, _ in GROUPS)


def events(data: Element, analysis: Analysis) -> Figures:
    if without_people(data):
        return None, "a group of 0 people stands for no data"
    return {
        f"{side}.{column}": data.get(f"{tag}_{number}", "")
        for number, side in GROUPS
        for tag, column in (("EVENTS", "events"), ("TOTAL", "n"))
    }, ""


def means(data: Element, analysis: Analysis) -> Figures:
    if without_people(data):
        return None, "a group of 0 people stands for no data"
    figures, notes = {}, []
    for number, side in GROUPS:
        n, mean, sd = (data.get(f"{tag}_{number}", "") for tag in ("TOTAL", "MEAN", "SD"))
        if is_zero(sd):
            missing = "mean and SD" if is_zero(mean) else "SD"
            notes.append(f"{missing} of 0 in the {side} group stands for missing in RevMan")
            mean, sd = "" if is_zero(mean) else mean, ""
        figures |= {f"{side}.n": n, f"{side}.mean": mean, f"{side}.sd": sd}
    return figures, "; ".join(notes)


def is_not_estimable(data: Element) -> bool:
    """Return whether RevMan says that a study has no effect, in the mark for it or in place of a figure."""
    return data.get("ESTIMABLE") == "NO" or "NOT_ESTIMABLE" in (data.get(name, "").upper() for name in EFFECTS)


def estimates(data: Element, analysis: Analysis) -> Figures:
    """Return an effect as it was entered: ESTIMATE, of a ratio its logarithm; else EFFECT_SIZE, as it is shown.

    The attributes LOG_... are logarithms to base 10, and are not used.
    """
    if is_not_estimable(data) or is_zero(data.get("SE", "")):
        return None, NOT_ESTIMABLE
    entered = data.get("ESTIMATE", "")
    effect = {"yi": entered} if entered else {"estimate": data.get("EFFECT_SIZE", "")}
    return people(data) | {"measure": analysis.measure, "se": data.get("SE", "")} | effect, ""


def people(data: Element) -> dict[str, str]:
    """Return the sizes of the groups, where they are given."""
    totals = {f"{side}.n": data.get(f"TOTAL_{number}", "") for number, side in GROUPS}
    return {column: "" if is_zero(total) else total for column, total in totals.items()}


def observed_minus_expected(data: Element, analysis: Analysis) -> Figures:
    if is_not_estimable(data) or is_zero(data.get("VAR", "")):
        return None, NOT_ESTIMABLE
    observed = {"o_minus_e": data.get("O_E", ""), "o_minus_e_variance": data.get("VAR", "")}
    return people(data) | {"measure": analysis.measure} | observed, ""


FIGURES = {"DICH": events, "CONT": means, "IV": estimates, "IPD": observed_minus_expected}


def log_problem(data: Element, analysis: Analysis) -> tuple[str, str] | None:
    """Return what is wrong where what RevMan shows of a ratio is not that of the logarithm it keeps, or is no ratio."""
    if analysis.measure not in RATIO_CODES:
        return None
    kept, shown, low = (number_of(data.get(name)) for name in ("ESTIMATE", "EFFECT_SIZE", "CI_START"))
    if kept is None and low is not None and low <= 0:
        return f"an EFFECT_SIZE whose interval begins at {low:g}", "The interval of a ratio lies above 0"
    if kept is None or shown is None or (abs(kept) < 700 and isclose(exp(kept), shown, rel_tol=0.01, abs_tol=0.006)):
        return None
    return (
        f"an ESTIMATE of {kept:g} beside an EFFECT_SIZE of {shown:g}",
        "Of a ratio, ESTIMATE is the logarithm of EFFECT_SIZE",
    )


def number_of(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
