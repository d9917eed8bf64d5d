"""What models beyond one mean say of a comparison: moderators, subgroups, and effects within studies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NotFitted:
    """Why a model that the protocol asks for was not fitted: a code, and what a sentence about it needs."""

    code: str  # a key of synthesis.NOT_FITTED
    moderator: str | None = None
    value: str | None = None  # what every study says of the moderator, or what the program says
    needs: int | None = None  # studies, or rows
    found: int | None = None


@dataclass(frozen=True)
class Unplaced:
    """A study that a moderator says nothing of, so that the model leaves it out."""

    study: str
    label: str
    moderators: tuple[str, ...]  # codes of protocol.MODERATORS


@dataclass(frozen=True)
class ModelCoefficient:
    """A coefficient of a meta-regression; the first is the intercept, of no moderator."""

    moderator: str | None
    level: str | None  # of a moderator in words; None for numbers: then the estimate is per unit of the moderator
    estimate: float
    se: float
    df: float | None  # of t; None for the normal distribution
    ci_low: float
    ci_high: float
    p_value: float


@dataclass(frozen=True)
class Factor:
    """A moderator in words: the levels, the first being the one that the others are compared with."""

    moderator: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Bubble:
    """A study on the plot of a moderator in numbers."""

    study: str
    label: str
    value: float
    yi: float
    weight: float  # percent


@dataclass(frozen=True)
class LinePoint:
    """The average that the model expects at a value of a moderator, the others held at their means."""

    value: float
    estimate: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class ModeratorLine:
    """The studies along a moderator in numbers, and the line through them."""

    moderator: str
    bubbles: tuple[Bubble, ...]
    line: tuple[LinePoint, ...]


@dataclass(frozen=True)
class MetaRegression:
    """The effects of a comparison on its moderators; without a fit `not_fitted` says why.

    `qm` is F on `qm_df` and `qm_df2` where the interval is Hartung-Knapp's, else chi-square and `qm_df2` is None.
    """

    moderators: tuple[str, ...]
    model: str  # "random", "common" or "multilevel"
    test: str
    level: float
    k: int = 0  # effects in the model
    studies: int = 0
    factors: tuple[Factor, ...] = ()
    coefficients: tuple[ModelCoefficient, ...] = ()
    tau2: float | None = None  # that the moderators leave; multilevel: between and within studies together
    tau2_low: float | None = None
    tau2_high: float | None = None
    i2: float | None = None  # percent
    r2: float | None = None  # percent of tau2 that the moderators explain
    qe: float | None = None
    qe_df: int | None = None
    qe_p_value: float | None = None
    qm: float | None = None
    qm_df: int | None = None
    qm_df2: int | None = None
    qm_p_value: float | None = None
    lines: tuple[ModeratorLine, ...] = ()
    left_out: tuple[Unplaced, ...] = ()
    status: tuple[str, ...] = ()
    not_fitted: NotFitted | None = None


@dataclass(frozen=True)
class Subgroup:
    """The studies that share a value of the moderator, and their average."""

    name: str  # the value
    studies: tuple[str, ...]
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float | None
    i2: float | None  # percent
    status: tuple[str, ...]


@dataclass(frozen=True)
class SubgroupAnalysis:
    """The subgroups of a comparison and the test of whether their averages differ."""

    moderator: str
    tau2_kind: str  # "separate": a variance between studies for each; "common": one for all
    groups: tuple[Subgroup, ...]
    q_between: float | None = None  # chi-square, or F where `q_between_df2` is given; None with one subgroup
    q_between_df: int | None = None
    q_between_df2: int | None = None
    q_between_p_value: float | None = None
    left_out: tuple[Unplaced, ...] = ()
    not_fitted: NotFitted | None = None


@dataclass(frozen=True)
class WithinStudies:
    """Several effects of a study in one model: what it is made of, and its interval beside the robust one."""

    people: tuple[str, ...]  # whom each effect is about, in the order of the effects: the clusters
    rows: int = 0
    studies: int = 0
    between: float | None = None  # variance between studies, squared units of the effects
    within: float | None = None  # variance between the effects of one study
    between_ci: tuple[float, float] | None = None  # by profile likelihood
    within_ci: tuple[float, float] | None = None
    robust: str = "CR2"
    robust_df: float | None = None
    model_se: float | None = None
    model_low: float | None = None
    model_high: float | None = None
    model_p_value: float | None = None
    not_fitted: NotFitted | None = None
