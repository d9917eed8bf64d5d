"""The main pools recomputed with statsmodels, where it has the estimator and is right."""

import numpy as np
from statsmodels import __version__
from statsmodels.stats.meta_analysis import combine_effects

from analysis.pooling import pool
from analysis.results import ComparisonResult, Pooled, SecondOpinion

PROGRAM = f"statsmodels {__version__}"
SMALLEST_RATIO = 1e-9  # of tau2 to the smallest vi: below it both programs say zero
AGREES_WITHIN = 1e-4  # relative: its Paule-Mandel iteration stops at about 1e-5


def second_opinion(result: ComparisonResult) -> SecondOpinion:
    """Return what statsmodels makes of the effects of a comparison, beside our own engine.

    Two analyses are compared: the common effect, and random effects by Paule and Mandel. Its DerSimonian-Laird
    is not asked (it does not cut tau2 at zero), and it has no REML. Differences are relative: of estimates
    to their standard error, of standard errors and tau2 to themselves.
    """
    if len(result.effects) < 2:
        return SecondOpinion(PROGRAM, asked=False, why_not="fewer-than-two-trials")
    if result.within and not result.within.not_fitted:
        return SecondOpinion(PROGRAM, asked=False, why_not="multilevel")
    yi = np.array([effect.yi for effect in result.effects])
    vi = np.array([effect.vi for effect in result.effects])
    theirs = combine_effects(yi, vi, method_re="iterated", alpha=1 - result.comparison.level)
    common, random = pool(yi, vi, tau2="FE", test="z"), pool(yi, vi, tau2="PM", test="z")
    tau2 = max(float(theirs.tau2), 0.0)
    largest = max(
        differ(common, float(theirs.mean_effect_fe), float(theirs.sd_eff_w_fe)),
        differ(random, float(theirs.mean_effect_re), float(theirs.sd_eff_w_re)),
        differ_in_tau2(random, tau2, float(vi.min())),
    )
    return SecondOpinion(
        PROGRAM,
        asked=True,
        estimate=float(theirs.mean_effect_re),
        se=float(theirs.sd_eff_w_re),
        tau2=tau2,
        largest_difference=largest,
        agrees=largest <= AGREES_WITHIN,
    )


def differ(ours: Pooled, estimate: float, se: float) -> float:
    """Return the larger of the differences in the estimate (per standard error) and the standard error."""
    return max(abs(ours.estimate - estimate) / ours.se, abs(ours.se - se) / ours.se)


def differ_in_tau2(ours: Pooled, tau2: float, smallest_vi: float) -> float:
    """Return the relative difference in tau2; 0 where both are 0 beside the sampling variances."""
    larger = max(ours.tau2 or 0.0, tau2)
    return 0.0 if larger <= SMALLEST_RATIO * smallest_vi else abs((ours.tau2 or 0.0) - tau2) / larger
