"""Trials with more than two arms: arms combined into one, and contrasts that share a control."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.sizes import EffectError, as_columns


@dataclass(frozen=True)
class CombinedArm:
    """Several arms as one: people, mean and standard deviation of all of them together."""

    n: float
    mean: float
    sd: float


def combine_arms(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> CombinedArm:
    """Return the size, mean and standard deviation of all people of several arms, exactly.

    Args:
        n: Sizes of the arms, shape (m,), each >= 1 and together >= 2.
        mean: Means of the arms.
        sd: Standard deviations within the arms, each >= 0, with divisor n - 1.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 6, chapter 6.
    """
    n, mean, sd = as_columns(n, mean, sd)
    check_arms(n, np.isfinite(mean) & (sd >= 0) & np.isfinite(sd))
    total = n.sum()
    centre = (n * mean).sum() / total
    squares = ((n - 1) * sd**2 + n * (mean - centre) ** 2).sum()
    if total < 2:
        raise EffectError("A standard deviation needs at least two people.")
    return CombinedArm(float(total), float(centre), float(np.sqrt(squares / (total - 1))))


def combine_events(events: ArrayLike, n: ArrayLike) -> tuple[float, float]:
    """Return events and people of several arms together.

    Raises:
        EffectError: Events below 0 or above n, or an arm without people.
    """
    events, n = as_columns(events, n)
    check_arms(n, (events >= 0) & (events <= n))
    return float(events.sum()), float(n.sum())


def check_arms(n: np.ndarray, sound: np.ndarray) -> None:
    """Refuse an arm without people or with values out of their bounds."""
    bad = ~((n >= 1) & np.isfinite(n) & sound)
    if bad.any():
        raise EffectError(f"Row {int(np.argmax(bad))}: an arm has at least one person, and a mean with an SD of at "
                          "least 0, or events between 0 and its size.")


def combine_contrasts(yi: ArrayLike, vi: ArrayLike, n_experimental: ArrayLike,
                      n_control: float) -> tuple[float, float]:
    """Return one effect and variance from several contrasts of a trial that share their control group.

    Generalised least squares. Two contrasts covary by the variance of the control they share; contrast i puts it at
    v_i (1/n_c) / (1/n_i + 1/n_c), and of two the smaller is taken, so that no covariance exceeds a variance and no
    weight is negative. With equal variances between people in all arms this is exactly the contrast of the
    combined arms.

    Args:
        yi: Effects, shape (m,), each against the same control.
        vi: Their variances, each > 0.
        n_experimental: Sizes of the experimental groups, each >= 1.
        n_control: Size of the shared control group, >= 1.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Gleser and Olkin 2009, in The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., chapter 19.
    """
    yi, vi, n = as_columns(yi, vi, n_experimental)
    check_arms(n, np.isfinite(yi) & (vi > 0) & np.isfinite(vi))
    if not (np.isfinite(n_control) and n_control >= 1):
        raise EffectError("The shared control group has at least one person.")
    shared = vi * (1 / n_control) / (1 / n + 1 / n_control)
    return joined(yi, vi - shared, shared)


def joined(yi: np.ndarray, own: np.ndarray, shared: np.ndarray) -> tuple[float, float]:
    """Return the mean of effects with variances own + shared, of which two covary by the smaller shared one.

    Such effects lie on a random walk that starts at their mean and has gone `shared` far, each seen with its own
    error; so the farthest is walked back to the next, averaged with it, and so on to the start.
    """
    order = np.argsort(-shared, kind="stable")
    mean, variance = float(yi[order[0]]), float(own[order[0]])
    for before, here in zip(order, order[1:], strict=False):
        variance += float(shared[before] - shared[here])
        weight = variance / (variance + float(own[here]))
        mean, variance = mean + weight * (float(yi[here]) - mean), weight * float(own[here])
    return mean, variance + float(shared[order[-1]])


@dataclass(frozen=True)
class SplitControl:
    """A shared control group in parts; whole numbers that add up to the group. `events` is None for means."""

    n: tuple[int, ...]
    events: tuple[int, ...] | None


def split_control(n: int, parts: int, events: int | None = None) -> SplitControl:
    """Return the sizes, and the events, of a control group split among the arms that share it.

    Means and standard deviations stay as they are. Nobody counts twice, but the parts still share one mean:
    where the arms may be joined, `combine_arms` and `combine_contrasts` lose nothing and are to be preferred.

    Args:
        n: Size of the control group.
        parts: How many arms share it, at least 1 and at most n.
        events: Events of the control group, 0 to n.

    Raises:
        EffectError: A value out of its bounds.

    Source:
        Cochrane Handbook 5.1, 16.5.4.
    """
    if not 1 <= parts <= n:
        raise EffectError(f"A control group of {n} cannot be split into {parts} parts.")
    if events is not None and not 0 <= events <= n:
        raise EffectError(f"{events} events among {n} people are not possible.")
    upto = [n * part // parts for part in range(parts + 1)]
    sizes = tuple(high - low for low, high in zip(upto, upto[1:], strict=False))
    if events is None:
        return SplitControl(sizes, None)
    had = [(2 * people * events + n) // (2 * n) for people in upto]  # rounded to the nearest
    return SplitControl(sizes, tuple(high - low for low, high in zip(had, had[1:], strict=False)))
