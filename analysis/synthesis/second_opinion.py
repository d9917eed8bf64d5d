"""The main pools recomputed with statsmodels, where it has the estimator and is right."""

import numpy as np
from statsmodels import __version__
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects

from analysis.pooling import pool
from analysis.results import MANTEL_HAENSZEL, ComparisonResult, Pooled, SecondOpinion
from analysis.synthesis.averaging import figures_of, table_of

PROGRAM = f"statsmodels {__version__}"
SMALLEST_RATIO = 1e-9  # of tau2 to the smallest vi: below it both programs say zero
AGREES_WITHIN = 1e-4  # relative: its Paule-Mandel iteration stops at about 1e-5


def second_opinion(result: ComparisonResult) -> SecondOpinion:
    """Return what statsmodels makes of the effects of a comparison, beside our own engine.

    Two analyses are compared: the common effect, and random effects by Paule and Mandel. Its DerSimonian-Laird
    is not asked (it does not cut tau2 at zero), and it has no REML. Tables pooled by Mantel and Haenszel are held
    against its stratified tables, which have the standard error of a log odds ratio and none of a log risk ratio.
    Differences are relative: of estimates to their standard error, of standard errors and tau2 to themselves.
    """
    if len(result.effects) < 2:
        return SecondOpinion(PROGRAM, asked=False, why_not="fewer-than-two-trials")
    if result.within and not result.within.not_fitted:
        return SecondOpinion(PROGRAM, asked=False, why_not="multilevel")
    if result.comparison.model == MANTEL_HAENSZEL:
        return opinion_on_tables(result)
    yi, vi = figures_of(result.effects)
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


def opinion_on_tables(result: ComparisonResult) -> SecondOpinion:
    """Return what statsmodels makes of the two-by-two tables of a comparison."""
    ours, measure = result.pooled, result.comparison.measure
    why_not = "no-tables" if measure == "RD" else "zero-cells" if "zero-cells-corrected" in ours.status else None
    if why_not:
        return SecondOpinion(PROGRAM, asked=False, why_not=why_not)
    a, n1, c, n2 = np.array([table_of(effect) for effect in result.effects], float).T
    theirs = StratifiedTable(np.array([[a, n1 - a], [c, n2 - c]]))
    ratio = theirs.oddsratio_pooled if measure == "OR" else theirs.riskratio_pooled
    estimate, se = float(np.log(ratio)), float(theirs.logodds_pooled_se) if measure == "OR" else None
    largest = differ(ours, estimate, ours.se if se is None else se)
    return SecondOpinion(PROGRAM, asked=True, estimate=estimate, se=se, largest_difference=largest,
                         agrees=largest <= AGREES_WITHIN)


def differ(ours: Pooled, estimate: float, se: float) -> float:
    """Return the larger of the differences in the estimate (per standard error) and the standard error."""
    return max(abs(ours.estimate - estimate) / ours.se, abs(ours.se - se) / ours.se)


def differ_in_tau2(ours: Pooled, tau2: float, smallest_vi: float) -> float:
    """Return the relative difference in tau2; 0 where both are 0 beside the sampling variances."""
    larger = max(ours.tau2 or 0.0, tau2)
    return 0.0 if larger <= SMALLEST_RATIO * smallest_vi else abs((ours.tau2 or 0.0) - tau2) / larger
