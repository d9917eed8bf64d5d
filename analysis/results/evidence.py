"""What was transcribed, and from where: source references, rows, datasets."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.results.bias import RiskOfBias
from analysis.results.extraction import DoubleExtraction
from analysis.results.participants import Participants


@dataclass(frozen=True)
class SourceRef:
    """Where a number was transcribed from: a line of a table of a dataset, and the place in the paper."""

    dataset: str
    table: str  # "arms", "contrasts", "poolings" or "participants"
    line: int  # line of the CSV file, the header being line 1; of participants, the number of the summary
    location: str  # table, figure or page of the source
    seen_as: str  # "primary", "secondary", "doubtful" or "superseded"


@dataclass(frozen=True)
class PValue:
    """A P value as printed: exact, or only bounded ("<0.001")."""

    relation: Literal["=", "<", ">"]
    value: float


@dataclass(frozen=True)
class ArmRow:
    """One arm of a study, one outcome, one time. Field names are the columns of arms.csv."""

    ref: SourceRef
    study: str
    arm: str
    outcome: str
    instrument: str | None = None
    followup_weeks: float | None = None
    value_type: str | None = None
    detail: str | None = None
    subgroup: str | None = None
    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    level: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    min: float | None = None
    max: float | None = None
    events: int | None = None
    baseline_mean: float | None = None
    baseline_sd: float | None = None
    correlation: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class ParticipantRow(ArmRow):
    """One arm, one outcome, one time, summarised from participant data: n are those with the outcome.

    `pairs` have a baseline too; baseline and correlation are theirs. `adjusted` holds, as JSON, what the people add up
    to who have all that differences are adjusted for: n, the columns with the outcome first, their means, SDs and
    correlations (first with second, first with third and so on).
    """

    missing: int = 0
    pairs: int | None = None
    pairs_mean: float | None = None
    pairs_sd: float | None = None
    adjusted: str | None = None


@dataclass(frozen=True)
class ContrastRow:
    """One comparison as published. Field names are the columns of contrasts.csv."""

    ref: SourceRef
    study: str
    experimental: str
    outcome: str
    control: str | None = None
    instrument: str | None = None
    followup_weeks: float | None = None
    value_type: str | None = None
    detail: str | None = None
    subgroup: str | None = None
    measure: str | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    level: float | None = None
    se: float | None = None
    statistic: str | None = None
    statistic_value: float | None = None
    p_value: PValue | None = None
    direction: str | None = None
    n_experimental: int | None = None
    n_control: int | None = None
    n_total: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class PoolingRow:
    """One pooled result of a published review. Field names are the columns of poolings.csv.

    Unlike effects, the estimate of a ratio stays as printed here, on the ratio scale.
    """

    ref: SourceRef
    review: str
    experimental: str
    control: str
    outcome: str
    outcome_as_printed: str | None = None
    window: str | None = None
    measure: str | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    level: float | None = None
    p_value: PValue | None = None
    i2: float | None = None
    k: int | None = None
    n_total: int | None = None
    model: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class RawRow:
    """A line of a CSV file as transcribed, cell by cell."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RawTable:
    """A CSV file of a dataset as transcribed, or the summaries by arm of its participant data."""

    name: str  # "arms", "contrasts" or "poolings"; "participants" or "covariates" for summaries
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]


@dataclass(frozen=True)
class Correction:
    """A cell that was mended after transcription: an entry of corrections.toml."""

    table: str
    line: int
    column: str
    expect: str  # the cell as transcribed
    value: str  # what is used in its place
    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class FileHash:
    """A file of a dataset and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """What was read: [source] of metadata.toml."""

    citation: str
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    registration: str | None = None
    retrieved: date | None = None
    licence: str | None = None
    location: str | None = None


@dataclass(frozen=True)
class Study:
    """What kind of study it is: [study] of metadata.toml."""

    design: str  # a code of the contract: rct, quasi-rct, prospective-cohort, case-control, ...
    status: str = "extracted"  # "extracted", "awaiting-extraction" or "same-trial"
    label: str | None = None  # how reports name it: "Hott 2019"
    year: int | None = None
    design_as_printed: str | None = None
    country: str | None = None
    population: str | None = None
    n_randomised: int | None = None
    follow_ups: str | None = None
    same_people_as: str | None = None  # another study that reports the same people
    other_people_than: tuple[str, ...] = ()  # studies that look like it and report other people
    unit_of_analysis: str = "people"  # "people", "knees" or "clusters-ignored"
    note: str | None = None


@dataclass(frozen=True)
class Dose:
    """The dose of an exercise arm, each as printed."""

    weeks: str | None = None
    sessions: str | None = None
    sessions_per_week: str | None = None
    sets: str | None = None
    reps: str | None = None
    hold_seconds: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Arm:
    """One arm of a study: an entry of [[arms]] of metadata.toml."""

    id: str
    label: str | None = None
    treatment: str | None = None
    n_randomised: int | None = None
    dose: Dose | None = None


Words = tuple[tuple[str, str], ...]  # pairs, in their order


@dataclass(frozen=True)
class Imported:
    """Which file a dataset was read from by `trochlea add`, and how: [import] of metadata.toml."""

    file: str
    sha256: str
    added: date
    columns: Words = ()  # the field that each column fills
    arms: Words = ()  # the treatment code of each word
    outcomes: Words = ()
    instruments: Words = ()
    settings: Words = ()
    missing: tuple[str, ...] = ()  # words read as missing


@dataclass(frozen=True)
class Metadata:
    """metadata.toml of a dataset."""

    id: str
    title: str
    curator: str
    source: Source
    study: Study
    arms: tuple[Arm, ...] = ()
    risk_of_bias: tuple[RiskOfBias, ...] = ()  # as a person judged it; never a judgement of our own
    participants: Participants | None = None
    imported: Imported | None = None


@dataclass(frozen=True)
class Dataset:
    """One folder of data/raw: its metadata, its tables as transcribed, and the hashes of its files."""

    id: str
    metadata: Metadata
    files: tuple[FileHash, ...]
    tables: tuple[RawTable, ...]
    corrections: tuple[Correction, ...] = ()
    double: DoubleExtraction | None = None  # where two people extracted it
