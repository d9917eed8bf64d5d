"""A question of the protocol, the effects that answer it, and what they pool to."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.results.beyond import MetaRegression, SubgroupAnalysis, WithinStudies
from analysis.results.bias import BiasShare, RiskOfBias
from analysis.results.evidence import PoolingRow, SourceRef
from analysis.results.multiverse import Multiverse
from analysis.results.robustness import Robustness

Better = Literal["lower", "higher", "none"]
MANTEL_HAENSZEL = "mantel-haenszel"
ONE_EFFECT = ("common", MANTEL_HAENSZEL)  # models without a variance between studies
RATIOS = ("OR", "RR", "HR", "PETO", "ROM")  # measures whose effects are logarithms until a report prints them


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
    risk_of_bias: RiskOfBias | None = None  # of this result, or of the whole study; None: not recorded


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

    code: str  # "tau2=DL", "interval=z", "with-doubtful", "without-high-risk", "without:hott-2019", ...
    studies: tuple[str, ...]
    pooled: Pooled | None
    answer: str  # "favours-experimental", "favours-control", "lower", "higher", "uncertain" or "no-data"
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
    model: str = "random"  # "random", "common", "multilevel" or "mantel-haenszel"
    tau2: str = "REML"
    interval: str = "hksj-floor"
    level: float = 0.95
    window_weeks: tuple[float, float] | None = None  # None: time plays no part
    target_weeks: float | None = None  # of several times in the window, the nearest to this
    instruments: tuple[str, ...] = ()  # in order of preference; empty: any
    details: tuple[str, ...] = ()  # words of a row's detail, in order of preference
    rescale_to: tuple[float, float] | None = None  # MD only: bring every instrument to this range
    order: str = "year"  # of the forest plot: "year", "effect" or "weight"
    smallest_important: float | None = None  # in units of the effect, positive; of a ratio, a ratio
    smallest_important_source: str | None = None
    sensitivity: tuple[str, ...] = ()
    other_windows: tuple[tuple[float, float], ...] = ()  # in weeks; tried by the multiverse alone
    correlations: tuple[float, ...] = ()  # of baseline with follow-up, for changes; tried by the multiverse alone
    experimental_label: str | None = None  # how reports name a side of several treatments
    control_label: str | None = None
    moderators: tuple[str, ...] = ()  # codes of protocol.MODERATORS, all in one meta-regression
    subgroup: str | None = None  # a code of protocol.MODERATORS
    subgroup_tau2: str = "separate"  # or "common"
    prior: str | None = None  # of tau: a key of bayes.PRIORS
    prior_scale: float | None = None  # in units of the effect, of ratios the logarithm
    published_outcomes: tuple[str, ...] = ()  # poolings to show beside, when not of the same outcome code
    published_experimental: tuple[str, ...] = ()
    published_control: tuple[str, ...] = ()
    certainty: Certainty | None = None
    note: str | None = None
    participants: str = "ancova"  # how participant data are analysed: "ancova", "final" or "change"


@dataclass(frozen=True)
class Expected:
    """What figures that are awaited would do to the interval of an answer; synthesis/expecting.py says how."""

    k: int  # studies with them
    n: int  # people they bring, of the arms that are compared
    width_now: float | None  # of the interval, on the analysis scale; None without an average
    width: float
    direction: float | None = None  # chance that the interval then leaves out no difference; None when it does now


@dataclass(frozen=True)
class Awaited:
    """A study of the ledger that would answer the question once somebody types its figures."""

    study: str
    label: str
    n_randomised: int | None
    citation: str
    expected: Expected | None = None  # None where its size or that of the studies here is not known
    other_times: bool = False  # every follow-up that it prints lies outside of the window of the question


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
    robustness: Robustness = Robustness()
    published_better: tuple[Better, ...] = ()  # of each published result; empty: as `better`
    regression: MetaRegression | None = None  # of the moderators that the protocol names
    subgroups: SubgroupAnalysis | None = None
    within: WithinStudies | None = None  # of a multilevel model; `pooled.k` then counts studies, not effects
    multiverse: Multiverse | None = None  # None in runs recorded before it was explored
    bias_shares: tuple[BiasShare, ...] = ()  # of the average; empty where nobody judged the risk of bias
    all_awaited: Expected | None = None  # what all that are awaited would do together
