"""An average and its interval, read against no effect and against the smallest difference that matters."""

from dataclasses import dataclass

from analysis.report.wording import scale_of
from analysis.results import ComparisonResult, Pooled

FEWEST_FOR_NEW_SETTING = 3  # two studies say nothing of a third
FAR_WIDER = 3.0  # times what the studies saw: then an interval tells no size
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

    @property
    def reaches(self) -> bool:
        """Say whether the estimate is at least as far from no effect as the smallest difference that matters."""
        return self.smallest is not None and abs(self.estimate) >= self.smallest

    def clear_size(self) -> str:
        if min(abs(self.low), abs(self.high)) >= self.smallest:
            return "matters"
        return "matters on average" if self.reaches else "may matter"

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


def observed(result: ComparisonResult) -> tuple[float, float]:
    """Return the least and the greatest value that the interval of a pooled study holds."""
    return min(effect.ci_low for effect in result.effects), max(effect.ci_high for effect in result.effects)


def beyond_observation(result: ComparisonResult) -> bool:
    """Say whether the interval of an average tells no size: it holds no effect, and is far wider than what was seen.

    Far wider is three times all that the studies' own intervals hold, or beyond what the scale can show.
    """
    pooled = result.pooled
    if pooled is None or pooled.k < 2 or not pooled.ci_low <= 0 <= pooled.ci_high:
        return False
    low, high = observed(result)
    length = scale_of(result).length
    if length is not None and max(-pooled.ci_low, pooled.ci_high) > length:
        return True
    return pooled.ci_high - pooled.ci_low > FAR_WIDER * (high - low)


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
