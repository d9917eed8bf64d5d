"""A question on one group: what the protocol asks, the studies that answer it, and what they pool to."""

from dataclasses import dataclass

from analysis.results.comparison import ArmSummary, LeftOut, Pooled
from analysis.results.evidence import SourceRef


@dataclass(frozen=True)
class GroupQuestion:
    """A question of the protocol on one group of people: an entry [[group]] of comparisons.toml."""

    id: str
    question: str
    treatments: tuple[str, ...]  # codes of the arms that count
    outcome: str
    designs: tuple[str, ...]
    measure: str  # "MN", "MC", "PR" or "PLO"
    label: str | None = None  # how reports name the group
    model: str = "random"  # or "common"
    tau2: str = "REML"
    interval: str = "hksj-floor"
    level: float = 0.95
    window_weeks: tuple[float, float] | None = None  # None: any time after baseline
    target_weeks: float | None = None
    instruments: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    rescale_to: tuple[float, float] | None = None  # means only
    sensitivity: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class GroupEffect:
    """What one study shows of the group. yi: a mean, a share, or the logarithm of odds; vi > 0, squared units of yi."""

    study: str
    label: str
    year: int | None
    yi: float
    vi: float
    sei: float
    ci_low: float  # normal interval of the question's level
    ci_high: float
    measure: str
    derivation: str  # a key of effects.DERIVATIONS
    followup_weeks: float | None
    instrument: str | None
    value_type: str | None
    detail: str | None
    arm: ArmSummary  # on the scale of the effect
    seen_as: str
    cautions: tuple[str, ...]  # codes of synthesis.CAUTIONS
    refs: tuple[SourceRef, ...]


@dataclass(frozen=True)
class GroupChoice:
    """The same question under another choice than the protocol's."""

    code: str  # as in Choice
    studies: tuple[str, ...]
    pooled: Pooled | None


@dataclass(frozen=True)
class GroupResult:
    """A question on one group and what the evidence says of it."""

    question: GroupQuestion
    group_label: str
    outcome_label: str
    unit: str | None  # of means; None for shares
    bounds: tuple[float, float] | None  # what a value can be, on the scale of the answer; None where nothing says so
    effects: tuple[GroupEffect, ...]  # in the main pool, in plotting order
    doubtful: tuple[GroupEffect, ...]  # only in the sensitivity analysis
    left_out: tuple[LeftOut, ...]
    rows_found: int  # rows that answer the question = those behind effects, doubtful and left_out
    n_total: int
    pooled: Pooled | None
    choices: tuple[GroupChoice, ...]
