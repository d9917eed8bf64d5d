"""The contract of a dataset as data: read by the checker, printed as the manual.

A new column is one line here and one field of its row in `analysis.results`.
"""

from dataclasses import dataclass

from analysis.results import ArmRow, ContrastRow, ParticipantRow, PoolingRow

SEEN_AS = ("primary", "secondary", "doubtful", "superseded")
DESIGNS = (
    "rct",
    "quasi-rct",
    "cluster-rct",
    "single-arm",
    "prospective-cohort",
    "case-control",
    "cross-sectional",
    "review",
    "unclear",  # the source does not say
)
STATUSES = ("extracted", "awaiting-extraction", "same-trial")
UNITS_OF_ANALYSIS = ("people", "knees", "clusters-ignored")
VALUE_TYPES = ("final", "change")
DIRECTIONS = ("lower", "higher")
MOST_PEOPLE = 1_000_000_000
MEASURES = ("MD", "SMD", "RR", "OR", "RD", "HR", "COR", "percent-difference", "slope", "unstated")


@dataclass(frozen=True)
class Column:
    """One column: its name, the kind of value it takes, its bounds, and what it means."""

    name: str
    kind: str  # text, code, choice, integer, number, p_value, statistic
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    vocabulary: str | None = None  # "outcomes", "instruments" or "treatments"
    low: float | None = None
    high: float | None = None
    open_low: bool = False  # the lower bound itself is not allowed


@dataclass(frozen=True)
class TableContract:
    """One CSV file of a dataset: the noun it is read into, its key, its columns."""

    name: str
    row: type
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


OUTCOME = Column("outcome", "code", "What was measured", True, vocabulary="outcomes")
INSTRUMENT = Column("instrument", "code", "What it was measured with", vocabulary="instruments")
FOLLOWUP = Column("followup_weeks", "number", "Weeks from the start of treatment; 0 is baseline", low=0, high=2000)
VALUE_TYPE = Column(
    "value_type",
    "choice",
    "A value at follow-up, or a change from baseline (follow-up minus baseline)",
    choices=VALUE_TYPES,
)
DETAIL = Column("detail", "text", "The measurement, task or site in the paper's own words")
SUBGROUP = Column("subgroup", "text", "Set when the row is about a part of people counted whole in another row")
LEVEL = Column("level", "number", "Confidence level of the interval, 0.95 for 95 %", low=0.5, high=0.9999)
LOCATION = Column("location", "text", "Table, figure or page of the source", True)
SEEN = Column("seen_as", "choice", "Whose words they are, and whether they hold together", True, choices=SEEN_AS)
NOTE = Column("note", "text", "What a reader must know of this row")

ARMS = TableContract(
    "arms",
    ArmRow,
    key=("study", "arm", "outcome", "instrument", "followup_weeks", "value_type", "detail", "subgroup", "seen_as"),
    columns=(
        Column("study", "text", "The study; the folder's id unless one source reports several", True),
        Column("arm", "code", "Treatment or group", True, vocabulary="treatments"),
        OUTCOME,
        INSTRUMENT,
        FOLLOWUP,
        VALUE_TYPE,
        DETAIL,
        SUBGROUP,
        Column("n", "integer", "People with this value", low=1, high=MOST_PEOPLE),
        Column("mean", "number", "Mean"),
        Column("sd", "number", "Standard deviation", low=0),
        Column("se", "number", "Standard error of the mean", low=0, open_low=True),
        Column("ci_low", "number", "Lower end of the interval of the mean"),
        Column("ci_high", "number", "Upper end of the interval of the mean"),
        LEVEL,
        Column("median", "number", "Median"),
        Column("q1", "number", "Lower quartile"),
        Column("q3", "number", "Upper quartile"),
        Column("min", "number", "Least value"),
        Column("max", "number", "Greatest value"),
        Column("events", "integer", "People with the event", low=0, high=MOST_PEOPLE),
        Column("baseline_mean", "number", "Mean at baseline, of the same people"),
        Column("baseline_sd", "number", "Standard deviation at baseline", low=0),
        Column("correlation", "number", "Correlation of baseline and follow-up", low=-1, high=1),
        LOCATION,
        SEEN,
        NOTE,
    ),
)

CONTRASTS = TableContract(
    "contrasts",
    ContrastRow,
    key=(
        "study",
        "experimental",
        "control",
        "outcome",
        "instrument",
        "followup_weeks",
        "value_type",
        "measure",
        "detail",
        "subgroup",
        "seen_as",
    ),
    columns=(
        Column("study", "text", "The study; the folder's id unless one source reports several", True),
        Column("experimental", "code", "Treatment or group whose result comes first", True, vocabulary="treatments"),
        Column("control", "code", "Treatment or group it is compared with", vocabulary="treatments"),
        OUTCOME,
        INSTRUMENT,
        FOLLOWUP,
        VALUE_TYPE,
        DETAIL,
        SUBGROUP,
        Column(
            "measure", "choice", "What the estimate is; differences are experimental minus control", choices=MEASURES
        ),
        Column("estimate", "number", "The estimate as printed; ratios as ratios"),
        Column("ci_low", "number", "Lower end of its interval"),
        Column("ci_high", "number", "Upper end of its interval"),
        LEVEL,
        Column("se", "number", "Standard error of the estimate; of a ratio, on the log scale", low=0, open_low=True),
        Column("statistic", "statistic", "Test statistic: t, F, F(1,38), chi-square"),
        Column("statistic_value", "number", "Its value"),
        Column("p_value", "p_value", "P as printed: 0.012, <0.001, >0.05"),
        Column(
            "direction",
            "choice",
            "When no estimate is printed: whether experimental is lower or higher",
            choices=DIRECTIONS,
        ),
        Column("n_experimental", "integer", "People in the experimental group", low=1, high=MOST_PEOPLE),
        Column("n_control", "integer", "People in the control group", low=1, high=MOST_PEOPLE),
        Column("n_total", "integer", "People in both", low=2, high=MOST_PEOPLE),
        LOCATION,
        SEEN,
        NOTE,
    ),
)

POOLINGS = TableContract(
    "poolings",
    PoolingRow,
    key=("review", "experimental", "control", "outcome", "outcome_as_printed", "window", "measure", "location", "note"),
    columns=(
        Column("review", "text", "The review; the folder's id", True),
        Column("experimental", "code", "Treatment or group whose result comes first", True, vocabulary="treatments"),
        Column("control", "code", "Treatment or group it is compared with", True, vocabulary="treatments"),
        OUTCOME,
        Column("outcome_as_printed", "text", "The outcome in the review's own words"),
        Column("window", "text", "Which times were pooled, in the review's own words"),
        Column("measure", "choice", "What the estimate is", choices=MEASURES),
        Column("estimate", "number", "The pooled estimate as printed"),
        Column("ci_low", "number", "Lower end of its interval"),
        Column("ci_high", "number", "Upper end of its interval"),
        LEVEL,
        Column("p_value", "p_value", "P as printed"),
        Column("i2", "number", "I squared in percent", low=0, high=100),
        Column("k", "integer", "Studies pooled", low=1, high=100_000),
        Column("n_total", "integer", "People in them", low=2, high=MOST_PEOPLE),
        Column("model", "text", "The model in the review's own words"),
        LOCATION,
        SEEN,
        NOTE,
    ),
)

# made by Trochlea from participants.csv or .parquet; nobody types it
PARTICIPANTS = TableContract(
    "participants",
    ParticipantRow,
    key=("study", "arm", "outcome", "instrument", "followup_weeks", "value_type", "detail"),
    columns=(
        *(ARMS.column(name) for name in ("study", "arm", "outcome", "instrument", "followup_weeks", "value_type")),
        DETAIL,
        Column("n", "integer", "People with the outcome", True, low=0),
        Column("missing", "integer", "People without it", True, low=0),
        *(ARMS.column(name) for name in ("mean", "sd", "events")),
        Column("pairs", "integer", "People with the outcome and its baseline", low=0),
        Column("pairs_mean", "number", "Their mean at follow-up"),
        Column("pairs_sd", "number", "Their standard deviation at follow-up", low=0),
        *(ARMS.column(name) for name in ("baseline_mean", "baseline_sd", "correlation")),
        Column("adjusted", "text", "Those with all covariates: their number, means, SDs and correlations"),
        LOCATION,
        SEEN,
    ),
)

TABLES = {table.name: table for table in (ARMS, CONTRASTS, POOLINGS)}
CONTRACTS = TABLES | {PARTICIPANTS.name: PARTICIPANTS}  # of every table that holds rows
