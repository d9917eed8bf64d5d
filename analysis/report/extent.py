"""An average and its interval, read against no effect and against the smallest difference that matters."""

from dataclasses import dataclass

from analysis.report.wording import scale_of
from analysis.results import ComparisonResult, Pooled

FEWEST_FOR_NEW_SETTING = 3  # two studies say nothing of a third
FEWEST_FOR_SAME_DIRECTION = 5  # below, that all studies of the future agree cannot be said


@dataclass(frozen=True)
class Extent:
    """An average and its interval on the analysis scale."""

    estimate: float
    low: float
    high: float
    smallest: float | None

    @property
    def settled(self) -> str:
        return "clear" if self.low > 0 or self.high < 0 else "open"

    @property
    def size(self) -> str:
        if self.smallest is None:
            return "not stated"
        if max(abs(self.low), abs(self.high)) < self.smallest:
            return "too small"
        return self.clear_size() if self.settled == "clear" else self.open_size()

    def clear_size(self) -> str:
        if min(abs(self.low), abs(self.high)) >= self.smallest:
            return "matters"
        return "matters on average" if abs(self.estimate) >= self.smallest else "may matter"

    def open_size(self) -> str:
        both = -self.low >= self.smallest and self.high >= self.smallest
        return "either way" if both else "may matter"


def extent_of(result: ComparisonResult) -> Extent:
    """Return the pooled average of a comparison as an extent."""
    pooled = result.pooled
    return Extent(pooled.estimate, pooled.ci_low, pooled.ci_high, threshold_of(result))


def threshold_of(result: ComparisonResult) -> float | None:
    """Return the smallest difference that matters as a distance from no effect on the analysis scale."""
    smallest = result.comparison.smallest_important
    return None if smallest is None else abs(scale_of(result).reported(smallest))


def has_new_setting(result: ComparisonResult) -> bool:
    """Say whether the interval expected in a new setting can be shown."""
    return is_predictable(result.pooled)


def is_predictable(pooled: Pooled | None) -> bool:
    """Say whether an average has an interval for a new setting: it is defined, and rests on three studies."""
    return pooled is not None and pooled.k >= FEWEST_FOR_NEW_SETTING and pooled.pi_low is not None


def new_setting(result: ComparisonResult) -> str:
    """Say whether a new setting may show no effect ("open"), the same direction ("clear"), or neither can be said.

    "clear" needs five studies whose variance between them is known to be above zero: an estimate of zero from few
    studies would make the interval of a new setting as narrow as that of the average.
    """
    pooled = result.pooled
    if not has_new_setting(result):
        return "not said"
    if pooled.pi_low <= 0 <= pooled.pi_high:
        return "open"
    known = pooled.k >= FEWEST_FOR_SAME_DIRECTION and (pooled.tau2_low or 0.0) > 0
    return "clear" if known else "not said"


def apart(result: ComparisonResult) -> bool:
    """Say whether there are two studies, and their intervals have no value in common."""
    if result.pooled is None or result.pooled.k != 2 or len(result.effects) != 2:
        return False
    lower, upper = sorted(result.effects, key=lambda effect: effect.yi)
    return lower.ci_high < upper.ci_low


def inconsistent(result: ComparisonResult) -> bool:
    """Say whether the studies disagree more than chance explains: I² from 50 %, or P of Q below 0.10.

    Source:
        I²: "50 to 90 % may represent substantial heterogeneity", Cochrane Handbook 5.0.1 as in table 3 of
        doi:10.1186/1471-2288-8-79. P of Q: the usual 0.10, since Q has little power with few studies.
    """
    pooled = result.pooled
    if pooled is None or pooled.k < 2:
        return False
    return (pooled.i2 or 0.0) >= 50 or (pooled.q_p_value is not None and pooled.q_p_value < 0.10)
