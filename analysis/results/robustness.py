"""How far a pooled result leans on time, on single studies, and on small ones.

Leaving out one study at a time is among a comparison's choices, where its protocol declares it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """The pooled analysis once a study had joined: studies by year, those without a year last."""

    study: str
    k: int
    n_total: int | None  # people so far; None when a study does not print its number
    estimate: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float | None
    i2: float | None  # percent


@dataclass(frozen=True)
class StudyInfluence:
    """What one study does to the pooled analysis; None where a number is not finite."""

    study: str
    heterogeneity: float | None  # Baujat's horizontal: squared residual over its variance
    move: float | None  # Baujat's vertical: squared move of the average over its variance without the study
    rstudent: float | None
    cooks_distance: float | None
    cov_ratio: float | None
    dffits: float | None
    hat: float | None  # 0 to 1
    tau2: float | None  # without the study
    q: float | None  # without the study


@dataclass(frozen=True)
class ImputedStudy:
    """A study that a symmetric funnel would hold; on the scale of the effects."""

    yi: float
    sei: float


@dataclass(frozen=True)
class TrimAndFill:
    """The pooled analysis with the studies put in that a symmetric funnel would hold (L0)."""

    side: str  # "left" or "right"
    imputed: tuple[ImputedStudy, ...]
    estimate: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class WhatIf:
    """The average as it would be if small studies, or those that were seen, differed in one stated way."""

    method: str  # "PET", "PEESE" or "selection"
    estimate: float
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True)
class SmallStudies:
    """Whether small studies show other effects than large ones; None where it cannot be said."""

    egger_t: float | None
    egger_df: int | None
    egger_p_value: float | None
    begg_tau: float | None
    begg_p_value: float | None
    trim_and_fill: TrimAndFill | None
    without_error: WhatIf | None = None  # PET or PEESE: of a study whose standard error is 0
    selection: WhatIf | None = None  # if significant results on the side of the average were always seen, others less


@dataclass(frozen=True)
class NextStudy:
    """What one more study, as large as the middle one of the pool, would add."""

    n_total: int
    share: float  # its weight in the pool with it, 0 to 1
    se_before: float
    se_after: float


@dataclass(frozen=True)
class ExpectedPower:
    """The chance that the test of the pool finds the smallest important difference, were that the truth."""

    effect: float  # the difference, on the analysis scale: log for ratios
    alpha: float  # two-sided
    tau2: float  # taken as known
    test: str  # of the pool: normal with z, noncentral t with Hartung-Knapp
    power: float  # 0 to 1
    se: float
    detectable: float  # smallest effect that is found with a chance of 0.8
    next_study: NextStudy | None = None


@dataclass(frozen=True)
class Span:
    """A posterior distribution: its median and central interval of the comparison's level."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Posterior:
    """What the effects say under a stated prior of tau and none of the average; on the scale of the effects."""

    prior: str  # a key of bayes.PRIORS
    scale: float  # of the prior of tau
    average: Span
    new: Span  # the effect in a new setting
    tau: Span
    good: float | None  # chance that the average lies on the good side of no effect; None where no side is good
    good_in_new: float | None  # the same of the effect in a new setting
    important: float | None  # chance that the average is good by the smallest difference that matters, or more


@dataclass(frozen=True)
class Robustness:
    """What was looked at: steps and influence in order, small studies only where there are enough to look."""

    cumulative: tuple[Step, ...] = ()  # two studies or more
    influence: tuple[StudyInfluence, ...] = ()  # three studies or more, in plotting order
    small_studies: SmallStudies | None = None  # ten studies or more
    power: ExpectedPower | None = None  # one study or more, and a smallest important difference
    posterior: Posterior | None = None  # one study or more, and a prior that the protocol states
