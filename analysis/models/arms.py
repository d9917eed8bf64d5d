"""What a network compares: a value an arm, with its variance. A new measure is a function and a line of a table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, present, settle
from analysis.pooling.batch import Indices


@dataclass(frozen=True)
class ArmMeasure:
    """How the value of an arm is made.

    Args:
        make: Takes the columns of `inputs` in their order, and the study of each arm as a number from 0.
        inputs: Names of columns.
    """

    make: Callable[..., EffectSizes]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Events among people, arm by arm; cells corrected by 0.5 in every arm of a study that has a zero cell."""

    events: Array
    n: Array
    study: Indices

    def some(self, holds: np.ndarray) -> np.ndarray:
        """Return for each arm whether something holds for any arm of its study."""
        return np.bincount(self.study, weights=holds)[self.study] > 0

    def corrected(self) -> tuple[Array, Array]:
        """Return events and people."""
        half = np.where(self.some((self.events == 0) | (self.events == self.n)), 0.5, 0.0)
        return self.events + half, self.n + 2 * half

    def checks(self) -> list[Check]:
        """Return what every measure needs of an arm."""
        return [*present(self.events, self.n), (self.n < 1, "n-below-one"),
                ((self.n % 1 != 0) | (self.events % 1 != 0), "n-not-whole"),
                (self.events < 0, "events-negative"), (self.events > self.n, "events-above-n")]

    def ratio_checks(self) -> list[Check]:
        """Return what a ratio needs: somebody in the study with the event, and somebody without."""
        return [*self.checks(), (~self.some(self.events > 0), "no-events"),
                (~self.some(self.events < self.n), "all-events")]


def counts_of(n: ArrayLike, events: ArrayLike, study: Indices) -> Counts:
    """Return columns as counts."""
    return Counts(*as_columns(events, n), study)


def arm_mean(n: ArrayLike, mean: ArrayLike, sd: ArrayLike, study: Indices) -> EffectSizes:
    """Return means with variance sd^2 / n (MD).

    Args:
        n, mean, sd: People, mean and standard deviation of each arm, shape (a,).
        study: The study of each arm, shape (a,), numbers from 0.
    """
    n, mean, sd = as_columns(n, mean, sd)
    with np.errstate(all="ignore"):
        variance = sd**2 / n
        checks = [*present(n, mean, sd), (n < 1, "n-below-one"), (n % 1 != 0, "n-not-whole"), (sd < 0, "sd-negative"),
                  (sd == 0, "sd-zero")]
    return settle(mean, variance, checks)


def arm_log_odds(n: ArrayLike, events: ArrayLike, study: Indices) -> EffectSizes:
    """Return log(a / b) with variance 1/a + 1/b, b = n - a (OR). Arguments as in `arm_mean`."""
    counts = counts_of(n, events, study)
    with np.errstate(all="ignore"):
        a, people = counts.corrected()
        return settle(np.log(a / (people - a)), 1 / a + 1 / (people - a), counts.ratio_checks())


def arm_log_risk(n: ArrayLike, events: ArrayLike, study: Indices) -> EffectSizes:
    """Return log(a / n) with variance 1/a - 1/n (RR). Arguments as in `arm_mean`."""
    counts = counts_of(n, events, study)
    with np.errstate(all="ignore"):
        a, people = counts.corrected()
        return settle(np.log(a / people), 1 / a - 1 / people, counts.ratio_checks())


def arm_risk(n: ArrayLike, events: ArrayLike, study: Indices) -> EffectSizes:
    """Return a / n with variance ab / n^3; a zero cell corrects the variance alone (RD). Arguments as in `arm_mean`."""
    counts = counts_of(n, events, study)
    with np.errstate(all="ignore"):
        a, people = counts.corrected()
        return settle(counts.events / counts.n, a * (people - a) / people**3, counts.checks())


ARM_MEASURES: dict[str, ArmMeasure] = {
    "MD": ArmMeasure(arm_mean, ("n", "mean", "sd")),
    "OR": ArmMeasure(arm_log_odds, ("n", "events")),
    "RR": ArmMeasure(arm_log_risk, ("n", "events")),
    "RD": ArmMeasure(arm_risk, ("n", "events")),
}
