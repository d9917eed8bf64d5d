"""metadata.toml of a dataset: who reported what, where, and on whom."""

import re
from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS, STATUSES, UNITS_OF_ANALYSIS
from analysis.evidence.participants.declared import read_declared_participants
from analysis.evidence.risk_of_bias import read_assessments
from analysis.faults import Fault
from analysis.results import Arm, Dose, Imported, Metadata, Source, Study

DOI = re.compile(r"10\.\d{3,9}/\S+")

TOP = (
    Field("id", "id", "The id of the dataset: the name of its folder", True),
    Field("title", "text", "What it is, in a few words", True),
    Field("curator", "text", "Who answers for the transcription", True),
    Field("source", "table", "What was read", True),
    Field("study", "table", "What kind of study it is", True),
    Field("arms", "tables", "The arms or groups of the study"),
    Field("risk_of_bias", "entries", "How somebody judged its risk of bias"),
    Field("participants", "table", "What the columns of participants.csv or .parquet are"),
    Field("import", "table", "Which file it was read from by trochlea add, and how"),
)
SOURCE = (
    Field("citation", "text", "The citation", True),
    Field("doi", "text", "The DOI, beginning with 10."),
    Field("pmid", "text", "The PubMed id"),
    Field("pmcid", "text", "The PubMed Central id"),
    Field("url", "text", "The address it was read at"),
    Field("registration", "text", "The trial registration"),
    Field("retrieved", "date", "The day it was read"),
    Field("licence", "text", "The licence of what was taken"),
    Field("location", "text", "Where in the source, when it is the same for all rows"),
)
STUDY = (
    Field("design", "choice", "The design", True, DESIGNS),
    Field("status", "choice", "Whether its figures are here, or in the folder of the same trial", choices=STATUSES),
    Field("label", "text", "How reports name it, such as Hott 2019"),
    Field("year", "integer", "The year of publication"),
    Field("design_as_printed", "text", "The design in the paper's own words"),
    Field("country", "text", "The country"),
    Field("population", "text", "The people in it"),
    Field("n_randomised", "integer", "People randomised or enrolled"),
    Field("follow_ups", "text", "Its follow-up times as printed"),
    Field("same_people_as", "id", "The id of another study that reports the same people"),
    Field("other_people_than", "texts", "Ids of studies that look like it and report other people"),
    Field("unit_of_analysis", "choice", "What its n count", choices=UNITS_OF_ANALYSIS),
    Field("note", "text", "What a reader must know of it"),
)
ARM = (
    Field("id", "text", "The arm's id in the source", True),
    Field("label", "text", "The arm as printed"),
    Field("treatment", "text", "A code of vocabulary.toml [treatments]"),
    Field("n_randomised", "integer", "People randomised to it"),
    Field("dose", "table", "Its dose"),
)
DOSE = tuple(
    Field(name, "text", f"{name.replace('_', ' ')}, as printed, in quotes")
    for name in ("weeks", "sessions", "sessions_per_week", "sets", "reps", "hold_seconds", "note")
)

IMPORT = (
    Field("file", "text", "The name of the file", True),
    Field("sha256", "text", "The SHA-256 of its bytes", True),
    Field("added", "date", "The day it was read", True),
    Field("columns", "words", "The field that each column fills"),
    Field("arms", "words", "The treatment code of each word"),
    Field("outcomes", "words", "The outcome code of each word"),
    Field("instruments", "words", "The instrument code of each word"),
    Field("settings", "words", "What was said of the whole file"),
    Field("missing", "texts", "Words that were read as missing"),
)


def read_metadata(path: Path, where: str, codebook: Codebook | None) -> tuple[Metadata | None, list[Fault]]:
    """Return the metadata of a dataset, or None and every fault of the file."""
    file = read_declared(path, where)
    if isinstance(file, Fault):
        return None, [file]
    top, faults = read_fields(file, "", file.data, TOP)

    def part(name: str, fields: tuple[Field, ...]) -> dict:
        values, found = read_fields(file, name, top[name], fields) if name in top else ({}, [])
        faults.extend(found)
        return values

    source, study, kept = part("source", SOURCE), part("study", STUDY), part("import", IMPORT)
    arms, found = read_arms(file, top.get("arms", []), codebook)
    assessments, more = read_assessments(file, top.get("risk_of_bias", []), study.get("design"), codebook)
    people, rest = read_declared_participants(file, top.get("participants"), codebook)
    faults += found + more + rest + check_identity(file, top, source, path.parent.name)
    if faults:
        return None, faults
    imported = Imported(**kept) if kept else None
    parts = Source(**source), Study(**study), arms, assessments, people, imported
    return Metadata(top["id"], top["title"], top["curator"], *parts), []


def read_arms(file: Declared, tables: list[dict], codebook: Codebook | None) -> tuple[tuple[Arm, ...], list[Fault]]:
    """Return the arms that are sound, and the faults of the others."""
    arms, faults = [], []
    for number, table in enumerate(tables):
        values, found = read_fields(file, "arms", table, ARM, number)
        dose, more = read_fields(file, "arms.dose", values.pop("dose", {}), DOSE, number)
        faults += found + more + check_treatment(file, number, values.get("treatment"), codebook)
        if not found and not more:
            arms.append(Arm(**values, dose=Dose(**dose) if dose else None))
    return tuple(arms), faults


def check_treatment(file: Declared, number: int, code: str | None, codebook: Codebook | None) -> list[Fault]:
    """Return a fault when an arm's treatment is no code of the vocabulary, if that could be read."""
    if code is None or codebook is None or code in codebook.treatments:
        return []
    allowed = "treatment is a code of vocabulary.toml [treatments]; add it there or use one that stands there"
    return [file.fault("arms", number, "treatment", f"found {code!r}", allowed)]


def check_identity(file: Declared, top: dict, source: dict, folder: str) -> list[Fault]:
    """Return faults where the id is not the folder's name or the DOI has not the form of one."""
    faults = []
    if top.get("id", folder) != folder:
        faults.append(file.fault("", 0, "id", f"found {top['id']!r}", f"The id is the folder's name, {folder!r}"))
    if "doi" in source and not DOI.fullmatch(source["doi"]):
        allowed = "A DOI begins with 10. and has a slash, such as 10.1136/bmj.a1735, without https://"
        faults.append(file.fault("source", 0, "doi", f"found {source['doi']!r}", allowed))
    return faults
