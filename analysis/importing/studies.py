"""The studies of a source: their ids, what is said of each, and the folder that each becomes."""

import re
import unicodedata
from dataclasses import dataclass, field

from analysis.evidence.contract import ARMS, CONTRASTS
from analysis.evidence.reading import METADATA
from analysis.evidence.writing import Value, csv_text, toml
from analysis.faults import Fault
from analysis.importing.source import Assessed, SourceRow
from analysis.results import Imported

YEAR_AT_END = re.compile(r".*\b((?:18|19|20)[0-9]{2})[a-z]?\)?")
TOTALS = re.compile(r"(sub)?totals?( \(.*\))?|overall( .*)?|pooled( .*)?|sum|summary( .*)?", re.IGNORECASE)
LONGEST_ID = 60
FACTS = ("id", "year", "title", "citation", "doi", "pmid", "registration", "design", "country", "population")
KEPT = "# What `trochlea add` keeps to read a newer file in the same way; the rest of this file is yours."


@dataclass
class StudyDraft:
    """One study of a source on its way to a folder: what is said of it, its rows, and where each row came from."""

    label: str
    first: SourceRow
    facts: dict[str, str] = field(default_factory=dict)
    arms: dict[str, str] = field(default_factory=dict)  # the source's word by treatment code
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {"arms": [], "contrasts": []})
    places: dict[str, list[SourceRow]] = field(default_factory=lambda: {"arms": [], "contrasts": []})
    seen: dict[tuple, dict[str, str]] = field(default_factory=dict)  # rows by their figures

    @property
    def id(self) -> str:
        """The folder's name: the source's own word, or made of the label."""
        return self.facts.get("id") or id_of(self.label)

    def add(self, table: str, row: SourceRow, values: dict[str, str]) -> None:
        """Take a row; one that stands there already with the same figures is the same row seen twice."""
        figures = (table, frozenset(item for item in values.items() if item[0] not in ("location", "note")))
        if figures in self.seen:
            earlier = self.seen[figures]
            places = earlier["location"].split("; ")
            earlier["location"] = "; ".join(dict.fromkeys((*places, values["location"])))[:2000]
            return
        self.seen[figures] = values
        self.rows[table].append(values)
        self.places[table].append(row)

    def learn(self, row: SourceRow, values: dict[str, str]) -> list[Fault]:
        """Take what a row says of the study; a fault for each thing that another row says otherwise."""
        faults = []
        for name in FACTS:
            said = values.get(name)
            if said and self.facts.setdefault(name, said) != said:
                found = f"{name} {said!r}, and {self.facts[name]!r} in an earlier row of {self.label!r}"
                faults.append(row.fault(found, "Rows of a study agree on what the study is"))
        return faults


def label_of(values: dict[str, str]) -> str:
    """Return how reports name a study: its label, or its name with the year where that is not in it."""
    study, year = values.get("study", ""), values.get("year", "")
    if values.get("label"):
        return values["label"]
    return f"{study} {year}" if year and year not in study else study


def id_of(label: str) -> str:
    """Return the id that a label gives; empty where it has no letter or digit that an id can have."""
    plain = unicodedata.normalize("NFKD", label.replace("\u00df", "ss").replace("&", " and ")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode("ascii").lower()).strip("-")[:LONGEST_ID].strip("-")


def year_in(label: str) -> str | None:
    """Return the year that ends a study's name; None for none."""
    match = YEAR_AT_END.fullmatch(label.strip())
    return match[1] if match else None


def files_of(
    name: str, people: str, study: StudyDraft, facts: dict[str, str], imported: Imported, bias: Assessed | None = None
) -> dict[str, str]:
    """Return the text of each file of a study's folder.

    Args:
        name: Its id.
        people: The id of the study whose people these are; another than its own where the study has a folder already.
        study: Its rows.
        facts: What is said of it.
        imported: What is kept of the import.
        bias: How the source judges its risk of bias, where it does.
    """
    contracts = {"arms": ARMS, "contrasts": CONTRASTS}
    facts = facts | ({"people": people} if people != name else {})
    files = {METADATA: metadata_text(name, study, facts, imported, bias)}
    for table, rows in study.rows.items():
        if rows:
            header = [
                column.name
                for column in contracts[table].columns
                if column.required or any(row.get(column.name) for row in rows)
            ]
            cells = [[name if column == "study" else row.get(column, "") for column in header] for row in rows]
            files[f"{table}.csv"] = csv_text(header, cells)
    return files


def metadata_text(
    name: str, study: StudyDraft, facts: dict[str, str], imported: Imported, bias: Assessed | None
) -> str:
    """Return metadata.toml of a study, with [import] last."""
    top = {
        "id": name,
        "title": facts.get("title") or f"{study.label}, from {imported.file}",
        "curator": facts.get("curator", ""),
    }
    source = {key: facts[key] for key in ("citation", "doi", "pmid", "registration") if facts.get(key)}
    about: dict[str, Value] = {"design": facts.get("design", ""), "status": "extracted", "label": study.label}
    about |= {"year": int(facts["year"])} if facts.get("year") else {}
    about |= {key: facts[key] for key in ("country", "population") if facts.get(key)}
    about |= {"same_people_as": facts["people"]} if facts.get("people") else {}
    arms = [
        ("[[arms]]", {"id": code} | ({"label": word} if word else {}) | {"treatment": code})
        for code, word in study.arms.items()
    ]
    judged = bias_sections(bias) if bias else []
    return toml([("", top), ("[source]", source), ("[study]", about), *arms, *judged]) + "\n" + import_text(imported)


def bias_sections(bias: Assessed) -> list[tuple[str, dict[str, Value]]]:
    """Return [risk_of_bias] of a metadata.toml."""
    top: dict[str, Value] = {"tool": bias.tool, "rater": bias.rater, "rated": bias.rated}
    top |= dict(zip(("overall", "overall_reason"), bias.overall, strict=True)) if bias.overall else {}
    return [("[risk_of_bias]", top)] + [
        (f"[risk_of_bias.domains.{domain}]", {"judgement": word, "reason": reason})
        for domain, (word, reason) in bias.domains.items()
    ]


def import_text(imported: Imported) -> str:
    """Return the [import] tables of a metadata.toml."""
    top: dict[str, Value] = {"file": imported.file, "sha256": imported.sha256, "added": imported.added}
    top |= {"missing": imported.missing} if imported.missing else {}
    tables = [
        (f"[import.{name}]", dict(getattr(imported, name)))
        for name in ("columns", "arms", "outcomes", "instruments", "settings")
        if getattr(imported, name)
    ]
    return f"{KEPT}\n{toml([('[import]', top), *tables])}"
