"""The page of one source: what it is, and its tables as transcribed, row by row."""

from dataclasses import dataclass

from analysis.report.bias import Assessment, source_assessments
from analysis.report.double import DoublePart, double_part
from analysis.report.doubts import DoubtLine, doubt_lines, doubts_of
from analysis.report.links import Places, slug, source_links
from analysis.report.methods import Fact
from analysis.report.phrases import DESIGNS, STUDY_STATUSES, UNITS_OF_ANALYSIS, phrase
from analysis.report.source_table import CorrectionLine, DatasetTable, correction_lines, dataset_table
from analysis.report.uses import Use, Uses
from analysis.report.wording import MISSING, counted, day, people, sentence_case
from analysis.results import Arm, ComparisonResult, Dataset, Dose, Run

TITLE_NOT_SEEN = "(title not seen)"  # what a curator writes who had only a citation


@dataclass(frozen=True)
class ArmLine:
    """One arm of a study, every cell as text."""

    label: str
    treatment: str
    people: str
    dose: str


@dataclass(frozen=True)
class DatasetPage:
    """All that the page of a source says."""

    id: str
    slug: str
    label: str
    title: str
    citation: str
    links: tuple[tuple[str, str, str | None], ...]
    source: tuple[Fact, ...]
    study: tuple[Fact, ...]
    cautions: tuple[str, ...]
    status: str
    awaiting: bool
    arms: tuple[ArmLine, ...]
    bias: tuple[Assessment, ...]
    trial: str | None  # address of the page of its people
    used_in: tuple[Use, ...]
    tables: tuple[DatasetTable, ...]
    corrections: tuple[CorrectionLine, ...]
    doubts: tuple[DoubtLine, ...]
    double: DoublePart | None
    files: tuple[Fact, ...]


@dataclass(frozen=True)
class DatasetRow:
    """One source in the list of all."""

    label: str
    address: str
    title: str
    design: str
    rows: str
    status: str


def dataset_page(run: Run, dataset: Dataset, places: Places, uses: Uses) -> DatasetPage:
    """Return the page of a source."""
    metadata, doubts = dataset.metadata, doubts_of(run, dataset)
    return DatasetPage(
        id=dataset.id,
        slug=slug(dataset.id),
        label=metadata.study.label or dataset.id,
        title=title_words(metadata.title),
        citation=metadata.source.citation,
        links=source_links(metadata.source),
        source=source_facts(dataset),
        study=study_facts(dataset),
        cautions=cautions(dataset),
        status=phrase(STUDY_STATUSES, metadata.study.status),
        awaiting=metadata.study.status == "awaiting-extraction",
        arms=arm_lines(run, metadata.arms),
        bias=source_assessments(metadata.risk_of_bias, dict(run.labels.outcomes)),
        trial=places.study(dataset.id),
        used_in=uses.sources.get(dataset.id, ()),
        tables=tuple(dataset_table(dataset, table, places, uses, doubts) for table in dataset.tables),
        corrections=correction_lines(dataset, places),
        doubts=doubt_lines(doubts, places),
        double=double_part(dataset.double),
        files=tuple(Fact(file.name, file.sha256) for file in dataset.files),
    )


def title_words(title: str) -> str:
    """Return the title of a source, or a mark where it was not seen."""
    return MISSING if TITLE_NOT_SEEN in title else title


def named(pairs: list[tuple[str, object]]) -> tuple[Fact, ...]:
    """Return the facts that have a value."""
    return tuple(Fact(name, str(value)) for name, value in pairs if value not in (None, ""))


def source_facts(dataset: Dataset) -> tuple[Fact, ...]:
    source, imported = dataset.metadata.source, dataset.metadata.imported
    return named(
        [
            ("Registration", source.registration),
            ("Seen where", source.location),
            ("Licence", source.licence),
            ("Read", day(source.retrieved) if source.retrieved else None),
            ("Transcribed by", dataset.metadata.curator),
            ("Figures read from", f"{imported.file}, {day(imported.added)}" if imported else None),
        ]
    )


def study_facts(dataset: Dataset) -> tuple[Fact, ...]:
    study = dataset.metadata.study
    printed = f" (printed: {study.design_as_printed})" if study.design_as_printed else ""
    randomised = people(study.n_randomised) if study.n_randomised else None
    return named(
        [
            ("Design", phrase(DESIGNS, study.design) + printed),
            ("Year", study.year),
            ("Country", study.country),
            ("People", study.population),
            ("Randomised", randomised),
            ("Follow-up", study.follow_ups),
            ("Unit of analysis", phrase(UNITS_OF_ANALYSIS, study.unit_of_analysis)),
        ]
    )


def cautions(dataset: Dataset) -> tuple[str, ...]:
    """Return what a reader must know before using the figures of a source."""
    study = dataset.metadata.study
    found = [study.note] if study.note else []
    if study.same_people_as:
        found.append(f"Reports the same people as {study.same_people_as}; they are counted once.")
    if study.unit_of_analysis != "people":
        found.append(f"Counted here: {phrase(UNITS_OF_ANALYSIS, study.unit_of_analysis)}.")
    return tuple(found)


def arm_lines(run: Run, arms: tuple[Arm, ...]) -> tuple[ArmLine, ...]:
    treatments = dict(run.labels.treatments)
    return tuple(
        ArmLine(
            arm.label or arm.id,
            treatments.get(arm.treatment, arm.treatment or ""),
            people(arm.n_randomised),
            dose_text(arm.dose),
        )
        for arm in arms
    )


def dose_text(dose: Dose | None) -> str:
    """Return a dose as printed, its parts named."""
    if dose is None:
        return ""
    parts = (
        ("weeks", dose.weeks),
        ("sessions", dose.sessions),
        ("sessions a week", dose.sessions_per_week),
        ("sets", dose.sets),
        ("repetitions", dose.reps),
        ("seconds held", dose.hold_seconds),
        ("note", dose.note),
    )
    return "; ".join(f"{name}: {value}" for name, value in parts if value)


def parts_played(result: ComparisonResult) -> list[tuple[str, set[str]]]:
    """Return the datasets of a comparison by the part they play."""
    return [
        ("in the average", {ref.dataset for effect in result.effects for ref in effect.refs}),
        ("doubtful, kept apart", {ref.dataset for effect in result.doubtful for ref in effect.refs}),
        ("rows left out", {row.ref.dataset for row in result.left_out}),
        ("published result shown beside", {row.ref.dataset for row in result.published}),
        ("awaited", {awaited.study for awaited in result.awaited}),
    ]


def dataset_rows(run: Run) -> tuple[DatasetRow, ...]:
    """Return one row a source, by label."""
    rows = [
        DatasetRow(
            dataset.metadata.study.label or dataset.id,
            f"datasets/{slug(dataset.id)}.html",
            title_words(dataset.metadata.title),
            phrase(DESIGNS, dataset.metadata.study.design),
            row_count(dataset),
            standing(dataset),
        )
        for dataset in run.datasets
    ]
    return tuple(sorted(rows, key=lambda row: (row.label.lower(), row.address)))


def standing(dataset: Dataset) -> str:
    """Return in a few words whether the figures of a source are here."""
    return sentence_case(phrase(STUDY_STATUSES, dataset.metadata.study.status).partition(":")[0])


def row_count(dataset: Dataset) -> str:
    return ", ".join(f"{counted(len(table.rows), 'row')} of {table.name}" for table in dataset.tables) or "none"
