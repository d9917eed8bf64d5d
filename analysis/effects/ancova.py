"""The difference between two groups at follow-up, adjusted for baseline, from what their arms add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from analysis.effects.sizes import EffectError, EffectSizes, as_columns, settle


@dataclass(frozen=True)
class PairedArm:
    """People measured at baseline and at follow-up: SDs with divisor n - 1, and the correlation of the two."""

    n: int
    mean: float
    sd: float
    baseline_mean: float
    baseline_sd: float
    correlation: float


def combine_paired(arms: Sequence[PairedArm]) -> PairedArm:
    """Return several arms as one group, exactly as if it had never been parted.

    Raises:
        EffectError: No arm is given.
    """
    if not arms:
        raise EffectError("A group has at least one arm.")
    n = sum(arm.n for arm in arms)
    mean = sum(arm.n * arm.mean for arm in arms) / n
    baseline = sum(arm.n * arm.baseline_mean for arm in arms) / n
    yy = sum((arm.n - 1) * arm.sd**2 + arm.n * (arm.mean - mean) ** 2 for arm in arms)
    xx = sum((arm.n - 1) * arm.baseline_sd**2 + arm.n * (arm.baseline_mean - baseline) ** 2 for arm in arms)
    xy = sum(products(arm) + arm.n * (arm.mean - mean) * (arm.baseline_mean - baseline) for arm in arms)
    return PairedArm(n, mean, sqrt(yy / (n - 1)), baseline, sqrt(xx / (n - 1)), xy / sqrt(xx * yy))


def products(arm: PairedArm) -> float:
    """Return the sum of products of baseline and follow-up about their means."""
    return (arm.n - 1) * arm.correlation * arm.sd * arm.baseline_sd


def adjusted_difference(experimental: PairedArm, control: PairedArm) -> EffectSizes:
    """Return the coefficient of the group in the regression of follow-up on group and baseline, with its variance.

    One slope for both groups and one residual variance, with n - 3 degrees of freedom; the regression that OLS fits to
    the participants one by one.

    Args:
        experimental, control: The two groups; n of both together at least 4.

    Source:
        Vickers and Altman 2001, doi:10.1136/bmj.323.7321.1123; statsmodels OLS, tests/test_participants.py.
    """
    both = experimental, control
    xx = sum((arm.n - 1) * arm.baseline_sd**2 for arm in both)
    yy = sum((arm.n - 1) * arm.sd**2 for arm in both)
    xy = sum(products(arm) for arm in both)
    df = experimental.n + control.n - 3
    apart = experimental.baseline_mean - control.baseline_mean
    slope = xy / xx if xx > 0 else 0.0
    difference = experimental.mean - control.mean - slope * apart
    spread = 1 / experimental.n + 1 / control.n + (apart**2 / xx if xx > 0 else 0.0)
    variance = (yy - slope * xy) / max(df, 1) * spread
    yi, vi, few, flat = as_columns(difference, variance, float(df < 1), float(xx <= 0))
    return settle(yi, vi, [(few > 0, "n-too-small"), (flat > 0, "sd-zero")])
