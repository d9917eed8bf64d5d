"""The difference between two groups at follow-up, adjusted for baseline, from what their arms add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from analysis.effects.sizes import Array, EffectError, EffectSizes, as_columns, settle

MOST_COLLINEAR = 1e10  # condition of the correlations of covariates; beyond, one follows from the others


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


@dataclass(frozen=True)
class AdjustedArm:
    """People with an outcome and all that it is adjusted for: means, and products about them, the outcome first."""

    n: int
    means: Array  # shape (1 + q,)
    products: Array  # shape (1 + q, 1 + q)


def combine_adjusted(arms: Sequence[AdjustedArm]) -> AdjustedArm:
    """Return several arms as one group, exactly as if it had never been parted.

    Raises:
        EffectError: No arm is given.
    """
    if not arms:
        raise EffectError("A group has at least one arm.")
    n = sum(arm.n for arm in arms)
    means = sum(arm.n * arm.means for arm in arms) / n
    between = sum(arm.n * np.outer(arm.means - means, arm.means - means) for arm in arms)
    return AdjustedArm(n, means, sum(arm.products for arm in arms) + between)


def covariate_adjusted_difference(experimental: AdjustedArm, control: AdjustedArm) -> EffectSizes:
    """Return the coefficient of the group in the regression of the outcome on group and covariates, with its variance.

    One slope a covariate for both groups and one residual variance, with n - 2 - q degrees of freedom; the regression
    that OLS fits to the participants one by one. Covariates that determine each other leave no effect.

    Source:
        Frisch and Waugh 1933, doi:10.2307/1907330; statsmodels OLS, tests/test_participants_adjusted.py.
    """
    within = experimental.products + control.products
    apart = experimental.means - control.means
    spread = np.sqrt(np.diag(within)[1:])
    flat = not np.all(spread > 0)
    scaled = within[1:, 1:] / np.outer(spread, spread) if not flat else np.eye(len(spread))
    collinear = flat or np.linalg.cond(scaled) > MOST_COLLINEAR
    inverse = np.eye(len(spread)) if collinear else np.linalg.inv(scaled) / np.outer(spread, spread)
    slopes = inverse @ within[1:, 0]
    df = experimental.n + control.n - 2 - len(spread)
    residual = (within[0, 0] - slopes @ within[1:, 0]) / max(df, 1)
    variance = residual * (1 / experimental.n + 1 / control.n + apart[1:] @ inverse @ apart[1:])
    yi, vi, few, bad = as_columns(apart[0] - slopes @ apart[1:], variance, float(df < 1), float(collinear))
    return settle(yi, vi, [(few > 0, "n-too-small"), (bad > 0, "collinear")])
