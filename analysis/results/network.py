"""A network of treatments: the question of the protocol, the trials that answer it, and what they say together."""

from dataclasses import dataclass

from analysis.results.beyond import NotFitted
from analysis.results.comparison import Better, Effect, LeftOut


@dataclass(frozen=True)
class NetworkQuestion:
    """A question of the protocol on several treatments: an entry [[network]] of comparisons.toml."""

    id: str
    question: str
    treatments: tuple[str, ...]  # codes
    reference: str
    outcome: str
    designs: tuple[str, ...]
    measure: str
    model: str = "random"  # or "common"
    tau2: str = "REML"
    level: float = 0.95
    window_weeks: tuple[float, float] | None = None
    target_weeks: float | None = None
    instruments: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    rescale_to: tuple[float, float] | None = None
    note: str | None = None


@dataclass(frozen=True)
class NetworkTrial:
    """A trial of the network: its treatments, and each pair of them as an effect."""

    study: str
    label: str
    treatments: tuple[str, ...]
    effects: tuple[Effect, ...]  # of every pair, the first treatment of the pair minus the second
    n_total: int | None


@dataclass(frozen=True)
class NetworkEdge:
    """Two treatments that trials compare directly."""

    first: str
    second: str
    studies: tuple[str, ...]


@dataclass(frozen=True)
class Relative:
    """One treatment minus another, on the scale of the analysis."""

    experimental: str
    control: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    direct: int  # trials that compare the two


@dataclass(frozen=True)
class Inconsistency:
    """Q under a common effect, split: within designs (trials of the same treatments) and between them."""

    q_within: float
    q_within_df: int
    q_within_p_value: float | None  # None without degrees of freedom
    q_between: float
    q_between_df: int
    q_between_p_value: float | None


@dataclass(frozen=True)
class NetworkResult:
    """A network and what the evidence says of it; without a fit `not_fitted` says why."""

    question: NetworkQuestion
    labels: tuple[tuple[str, str], ...]  # (code, label) of its treatments
    outcome_label: str
    unit: str | None
    better: Better
    trials: tuple[NetworkTrial, ...]  # that are connected with the reference
    apart: tuple[tuple[str, ...], ...]  # treatments of other parts, which no trial connects with the reference
    apart_trials: tuple[NetworkTrial, ...]
    unstudied: tuple[str, ...]  # treatments that no trial has
    edges: tuple[NetworkEdge, ...]
    people: tuple[tuple[str, int], ...]  # (code, people) where every trial prints them
    n_total: int | None
    left_out: tuple[LeftOut, ...]
    against_reference: tuple[Relative, ...] = ()
    league: tuple[Relative, ...] = ()  # every treatment against every other
    tau2_method: str | None = None
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    i2: float | None = None  # percent
    q: float | None = None
    q_df: int | None = None
    q_p_value: float | None = None
    inconsistency: Inconsistency | None = None
    status: tuple[str, ...] = ()
    not_fitted: NotFitted | None = None
