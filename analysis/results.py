"""The nouns of Trochlea: what one module hands to the next.

All are frozen; nothing in this file computes. A `Run` is the results document: it is stored,
compared with another run, written as `results.json` and drawn as pages, and nothing else is.
Effects of ratios (RR, OR, HR) are on the log scale everywhere in here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Better = Literal["lower", "higher", "none"]


# ---------------------------------------------------------------- evidence


@dataclass(frozen=True)
class SourceRef:
    """Where a number was transcribed from: a line of a table of a dataset, and the place in the paper."""

    dataset: str
    table: str  # "arms", "contrasts" or "poolings"
    line: int  # line of the CSV file; the header is line 1
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
    """A CSV file of a dataset as transcribed."""

    name: str  # "arms", "contrasts" or "poolings"
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]


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


@dataclass(frozen=True)
class Metadata:
    """metadata.toml of a dataset."""

    id: str
    title: str
    curator: str
    source: Source
    study: Study
    arms: tuple[Arm, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """One folder of data/raw: its metadata, its tables as transcribed, and the hashes of its files."""

    id: str
    metadata: Metadata
    files: tuple[FileHash, ...]
    tables: tuple[RawTable, ...]


# ---------------------------------------------------------------- effects and pooling


@dataclass(frozen=True)
class ArmSummary:
    """What an arm showed, for the columns beside a forest plot."""

    arms: tuple[str, ...]  # codes; several when arms were combined
    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    events: int | None = None


@dataclass(frozen=True)
class Effect:
    """One study's effect, ready to pool. yi: log scale for ratios; vi > 0, squared units of yi."""

    study: str
    label: str
    year: int | None
    yi: float
    vi: float
    measure: str
    derivation: str  # a key of effects.DERIVATIONS: how yi and vi were made from the row
    followup_weeks: float | None
    instrument: str | None
    value_type: str | None
    detail: str | None
    n_total: int | None
    experimental: ArmSummary
    control: ArmSummary
    seen_as: str
    cautions: tuple[str, ...]  # codes of synthesis.CAUTIONS: sign turned, arms combined, ...
    refs: tuple[SourceRef, ...]  # every row that yi and vi were made from
    sei: float  # square root of vi
    ci_low: float  # normal interval of the comparison's level
    ci_high: float


@dataclass(frozen=True)
class LeftOut:
    """A row that answers the question and is not in the main pool, and why."""

    study: str
    label: str
    ref: SourceRef
    code: str  # a key of synthesis.REASONS
    reason: str  # the sentence of that code, with what is missing


@dataclass(frozen=True)
class Pooled:
    """One pooled analysis. What is not defined is None, and `status` says why."""

    k: int
    tau2_method: str
    test: str
    level: float
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float | None
    tau2_low: float | None
    tau2_high: float | None
    i2: float | None  # percent
    i2_low: float | None
    i2_high: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p_value: float | None
    pi_low: float | None
    pi_high: float | None
    weights: tuple[float, ...]  # percent, in the order of the studies, adding up to 100
    status: tuple[str, ...]  # codes of pooling.STATUS; ("ok",) when there is nothing to say


@dataclass(frozen=True)
class Choice:
    """The same comparison under another choice than the protocol's."""

    code: str  # "tau2=DL", "interval=z", "with-doubtful", "without:hott-2019", ...
    studies: tuple[str, ...]
    pooled: Pooled | None
    answer: str  # "favours-experimental", "favours-control", "uncertain" or "no-data"
    same_answer: bool


@dataclass(frozen=True)
class SecondOpinion:
    """The main analysis recomputed with statsmodels, where that has the estimator and is right."""

    program: str
    asked: bool
    estimate: float | None = None
    se: float | None = None
    tau2: float | None = None
    largest_difference: float | None = None  # relative, over estimate (per se), se and tau2
    agrees: bool | None = None
    why_not: str | None = None  # a code, when it was not asked


@dataclass(frozen=True)
class Certainty:
    """A GRADE rating, entered and signed by a person."""

    rating: str  # "high", "moderate", "low" or "very low"
    reasons: tuple[str, ...]
    rater: str
    rated: date


@dataclass(frozen=True)
class Comparison:
    """A question of the protocol: an entry of comparisons.toml."""

    id: str
    question: str
    experimental: tuple[str, ...]  # treatment codes
    control: tuple[str, ...]
    outcome: str
    designs: tuple[str, ...]
    measure: str
    model: str = "random"  # "random" or "common"
    tau2: str = "REML"
    interval: str = "hksj-floor"
    level: float = 0.95
    window_weeks: tuple[float, float] | None = None  # None: time plays no part
    target_weeks: float | None = None  # of several times in the window, the nearest to this
    instruments: tuple[str, ...] = ()  # in order of preference; empty: any
    rescale_to: tuple[float, float] | None = None  # MD only: bring every instrument to this range
    order: str = "year"  # of the forest plot: "year", "effect" or "weight"
    smallest_important: float | None = None  # in units of the effect, positive
    smallest_important_source: str | None = None
    sensitivity: tuple[str, ...] = ()
    published_outcomes: tuple[str, ...] = ()  # poolings to show beside, when not of the same outcome code
    published_experimental: tuple[str, ...] = ()
    published_control: tuple[str, ...] = ()
    certainty: Certainty | None = None
    note: str | None = None


@dataclass(frozen=True)
class Awaited:
    """A study of the ledger that would answer the question once somebody types its figures."""

    study: str
    label: str
    n_randomised: int | None
    citation: str


@dataclass(frozen=True)
class ComparisonResult:
    """A comparison and what the evidence says of it."""

    comparison: Comparison
    experimental_label: str
    control_label: str
    outcome_label: str
    unit: str | None  # of the effect: "points on a 0 to 100 scale"; None for ratios and SMD
    better: Better  # which sign of the effect is good news
    effects: tuple[Effect, ...]  # in the main pool, in plotting order
    doubtful: tuple[Effect, ...]  # only in the sensitivity analysis
    left_out: tuple[LeftOut, ...]
    rows_found: int  # rows that answer the question = those behind effects, doubtful and left_out
    n_total: int | None
    pooled: Pooled | None
    answer: str  # as in Choice
    choices: tuple[Choice, ...]
    published: tuple[PoolingRow, ...]
    control_risk: float | None  # median over the trials' control arms; binary measures only
    second_opinion: SecondOpinion
    awaited: tuple[Awaited, ...]


# ---------------------------------------------------------------- claims


@dataclass(frozen=True)
class ClaimPart:
    """One testable part of a claim: a comparison and a rule."""

    comparison: str
    rule: str  # favours, at-most, at-least, within, reproduces, equivalent
    bound: tuple[float, ...] = ()  # units of the effect as reported: a ratio stays a ratio
    on: str = "average"  # "average" or "prediction"
    basis: str = "own"  # "own": our pool; "published": each published pooling on its own
    towards: str = "experimental"  # favours: "experimental" or "control"
    min_trials: int = 2  # own basis: with fewer, the part is not testable


@dataclass(frozen=True)
class Claim:
    """A sentence of the founding article, in its order: an entry of claims.toml."""

    id: str
    text: str
    kind: str
    source: str
    parts: tuple[ClaimPart, ...] = ()
    needs: str | None = None  # what evidence would test it, when none of the comparisons can


@dataclass(frozen=True)
class PartVerdict:
    """How one part of a claim came out, with the numbers that decided it."""

    part: ClaimPart
    verdict: str
    reason: str  # a key of judging.REASONS
    low: float | None = None
    high: float | None = None
    estimate: float | None = None
    agree: int | None = None  # published basis: how many poolings agree
    of: int | None = None
    agreeing_choices: int | None = None
    choices: int | None = None


@dataclass(frozen=True)
class Verdict:
    """How a claim came out."""

    claim: Claim
    verdict: str  # supported, contradicted, not settled, not testable, reproduced, not reproduced
    parts: tuple[PartVerdict, ...]
    fragile: bool
    agreeing_choices: int
    choices: int
    since: date


# ---------------------------------------------------------------- runs


@dataclass(frozen=True)
class Change:
    """One thing that differs from the run before. Kinds in order of weight."""

    kind: Literal["verdict", "answer", "evidence", "methods", "drift"]
    subject: str  # the id of a claim, a comparison or a dataset
    what: str  # a key of changes.WORDS
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Fingerprints:
    """Short hashes of what a run was made from: equal fingerprints must give equal numbers."""

    data: str
    protocol: str
    code: str
    versions: tuple[tuple[str, str], ...]  # (name, version): python, numpy, scipy, ...


@dataclass(frozen=True)
class Vocabulary:
    """The labels a report needs: (code, label) of outcomes, instruments and treatments."""

    outcomes: tuple[tuple[str, str], ...] = ()
    instruments: tuple[tuple[str, str], ...] = ()
    treatments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """The results document: all that a run found, and all that its report draws."""

    id: str
    started: datetime  # UTC
    recorded: bool  # False for a preview
    fingerprints: Fingerprints
    comparisons: tuple[ComparisonResult, ...]
    verdicts: tuple[Verdict, ...]
    datasets: tuple[Dataset, ...]
    labels: Vocabulary
    previous: str | None = None  # id of the run compared with
    previous_started: datetime | None = None
    changes: tuple[Change, ...] = field(default=())
