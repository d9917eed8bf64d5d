"""Means and standard deviations from medians with quartiles, with the range, or with both.

The formulas hold for values that are roughly normal. A test of skewness comes first, and a summary that it finds
skewed gives no mean: the true one could lie far from what symmetry would make of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.effects.sizes import Array, Check, as_columns, not_whole, present, settle_columns

FEWEST_PEOPLE = 5  # below it the extremes and the quartiles are single people


@dataclass(frozen=True)
class Recovered:
    """Means and standard deviations made from summaries; no row vanishes.

    Args:
        mean, sd: Shape (n,); NaN where there is none.
        codes: For each row "" or the key of effects.REASONS that says why.
        kinds: For each row the key of SUMMARIES that was used.
        skewness, critical: The statistic of the test of skewness and the bound from which it refuses, shape (n,).
    """

    mean: Array
    sd: Array
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    skewness: Array
    critical: Array


@dataclass(frozen=True)
class Five:
    """Columns of a summary, each of shape (n,)."""

    low: Array
    q1: Array
    median: Array
    q3: Array
    high: Array
    n: Array

    @property
    def range_sd(self) -> Array:
        """Return the SD that the range shows: its expectation in n normal values (Wan 2014, equation 9)."""
        return (self.high - self.low) / (2 * special.ndtri((self.n - 0.375) / (self.n + 0.25)))

    @property
    def quartile_sd(self) -> Array:
        """Return the SD that the quartiles show (Wan 2014, equation 16)."""
        return (self.q3 - self.q1) / (2 * special.ndtri((0.75 * self.n - 0.125) / (self.n + 0.25)))

    @property
    def range_lean(self) -> Array:
        """Return how far the median lies from the middle of the range, in half ranges."""
        return np.abs(self.low + self.high - 2 * self.median) / (self.high - self.low)

    @property
    def quartile_lean(self) -> Array:
        """Return how far the median lies from the middle of the quartiles, in half of their distance."""
        return np.abs(self.q1 + self.q3 - 2 * self.median) / (self.q3 - self.q1)


@dataclass(frozen=True)
class Summary:
    """How one kind of summary is read: each takes a Five and gives one number a row."""

    mean: Callable[[Five], Array]
    sd: Callable[[Five], Array]
    skewness: Callable[[Five], Array]
    critical: Callable[[Five], Array]


def mean_of_range(five: Five) -> Array:
    """Return Luo 2018, equation 7."""
    weight = 4 / (4 + five.n**0.75)
    return weight * (five.low + five.high) / 2 + (1 - weight) * five.median


def mean_of_quartiles(five: Five) -> Array:
    """Return Luo 2018, equation 11."""
    weight = 0.7 + 0.39 / five.n
    return weight * (five.q1 + five.q3) / 2 + (1 - weight) * five.median


def mean_of_five(five: Five) -> Array:
    """Return Luo 2018, equation 15."""
    outer, inner = 2.2 / (2.2 + five.n**0.75), 0.7 - 0.72 / five.n**0.55
    middles = outer * (five.low + five.high) / 2 + inner * (five.q1 + five.q3) / 2
    return middles + (1 - outer - inner) * five.median


def sd_of_five(five: Five) -> Array:
    """Return Shi 2020, equation 10: range and quartiles, weighed."""
    weight = 1 / (1 + 0.07 * five.n**0.6)
    return weight * five.range_sd + (1 - weight) * five.quartile_sd


def skewness_of_five(five: Five) -> Array:
    """Return the larger lean, that of the range on the footing of the quartiles."""
    footing = 2.65 * np.log(0.6 * five.n) / np.sqrt(five.n)
    return np.maximum(footing * five.range_lean, five.quartile_lean)


SUMMARIES: dict[str, Summary] = {
    "five-numbers": Summary(mean_of_five, sd_of_five, skewness_of_five,
                            lambda five: 3 / np.sqrt(five.n) - 40 / five.n**3),
    "quartiles": Summary(mean_of_quartiles, lambda five: five.quartile_sd, lambda five: five.quartile_lean,
                         lambda five: 2.65 / np.sqrt(five.n) - 6 / five.n**2),
    "range": Summary(mean_of_range, lambda five: five.range_sd, lambda five: five.range_lean,
                     lambda five: 1 / np.log(five.n + 9) + 2.5 / (five.n + 1)),
}


def mean_and_sd_from_summary(median: ArrayLike, n: ArrayLike, *, q1: ArrayLike = np.nan, q3: ArrayLike = np.nan,
                             low: ArrayLike = np.nan, high: ArrayLike = np.nan, test: bool = True) -> Recovered:
    """Return the mean and SD that a median shows beside quartiles, the range, or both.

    Args:
        median: Shape (n,).
        n: Sizes of the groups, at least 5.
        q1, q3: Quartiles; NaN where not printed.
        low, high: Least and greatest value; NaN where not printed.
        test: Whether a summary that the test of skewness finds skewed (at the 5 percent level) is refused.

    Source:
        Mean: Luo, Wan, Liu and Tong 2018, doi:10.1177/0962280216669183. SD: Wan, Wang, Liu and Tong 2014,
        doi:10.1186/1471-2288-14-135; of all five numbers Shi et al. 2020, doi:10.1002/jrsm.1429. Skewness:
        Shi et al. 2023, doi:10.1177/09622802231172043. metafor conv.fivenum takes the same.

    A recovered SD is less certain than a printed one, and no variance made from it says so.
    """
    low, q1, median, q3, high, n = as_columns(low, q1, median, q3, high, n)
    five = Five(low, q1, median, q3, high, n)
    kinds = kinds_of(five)
    with np.errstate(all="ignore"):
        mean, sd, skewness, critical = (by_kind(five, kinds, name) for name in ("mean", "sd", "skewness", "critical"))
        checks = [*summary_checks(five), *([(skewness >= critical, "skewed")] if test else [])]
    (mean, sd), codes = settle_columns((mean, sd), (sd > 0) & np.isfinite(mean), checks, otherwise="sd-zero")
    return Recovered(mean, sd, codes, tuple(kinds.tolist()), skewness, critical)


def kinds_of(five: Five) -> np.ndarray:
    """Return for each row the key of SUMMARIES that its figures allow; quartiles when neither pair is whole."""
    ranged = ~(np.isnan(five.low) | np.isnan(five.high))
    quartered = ~(np.isnan(five.q1) | np.isnan(five.q3))
    return np.select([ranged & quartered, ranged & ~quartered], ["five-numbers", "range"], "quartiles")


def by_kind(five: Five, kinds: np.ndarray, name: str) -> Array:
    """Return one quantity of every row by the formula of its kind."""
    return np.select([kinds == kind for kind in SUMMARIES],
                     [getattr(summary, name)(five) for summary in SUMMARIES.values()])


def summary_checks(five: Five) -> list[Check]:
    """Return what a summary needs: a median, a whole pair beside it, values that never fall, and enough people."""
    values = np.array([five.low, five.q1, five.median, five.q3, five.high])
    # what is not printed takes the greatest printed value below it, so that only printed values are compared
    falls = np.any(values < np.fmax.accumulate(values, axis=0), axis=0)
    lonely = (np.isnan(five.q1) | np.isnan(five.q3)) & (np.isnan(five.low) | np.isnan(five.high))
    _, infinite = present(np.where(np.isnan(values), 0.0, values).sum(axis=0), five.n)
    return [(np.isnan(five.median) | np.isnan(five.n) | lonely, "missing"), infinite, (falls, "summary-out-of-order"),
            (five.n < 1, "n-below-one"), (not_whole(five.n), "n-not-whole"), (five.n < FEWEST_PEOPLE, "n-too-small")]
