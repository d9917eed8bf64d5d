"""Estimators of the between-study variance, tau2. A new one is a function and a line of TAU2_ESTIMATORS."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.pooling.batch import Array, Batch, Indices
from analysis.pooling.likelihood import FULL, RESTRICTED, Likelihood, highest_mode
from analysis.pooling.profile import solve_generalised_q
from analysis.pooling.weighting import Weighted, generalised_q, projection_trace, weigh

SMALLEST_TAU2 = 1e-13  # in units of the smallest vi: below it, an estimate is the rounding of its sums


@dataclass(frozen=True)
class Tau2:
    """tau2 of every analysis and how it was found; each of shape (b,).

    Args:
        tau2: Squared scaled units; exactly 0.0 at the boundary.
        left: What is left of the estimating equation, relative to its parts, of a batch weighed by tau2.
        iterations: Newton steps; 0 for closed formulas.
        converged: False where the steps did not settle.
        modes: Maxima of the likelihood that the scan saw; 1 for other estimators.
    """

    tau2: Array
    left: Callable[[Weighted], Array]
    iterations: Indices
    converged: np.ndarray
    modes: Indices

    def left_over(self, weighted: Weighted) -> Array:
        """Return what is left of the estimating equation at tau2, shape (b,); 0 at the boundary."""
        return np.where(self.tau2 > 0, self.left(weighted), 0.0)


Tau2Estimator = Callable[[Batch], Tau2]


def degrees_of_freedom(batch: Batch) -> Array:
    """Return k - 1, but 1 for a single study, whose tau2 is 0 under every estimator here; k - p with moderators."""
    return batch.df


def closed_form(tau2: Array) -> Tau2:
    """Wrap the value of a formula that needs no steps, cut at 0."""
    steps = np.zeros(len(tau2), dtype=np.intp)
    return Tau2(cut(tau2), lambda weighted: np.zeros(len(weighted.tau2)), steps, np.full(len(tau2), True), steps + 1)


def cut(tau2: Array) -> Array:
    """Return tau2 with everything below rounding as exactly 0."""
    return np.where(tau2 > SMALLEST_TAU2, tau2, 0.0)


def common_effect(batch: Batch) -> Tau2:
    """Take tau2 as 0: all studies are assumed to share one effect."""
    return closed_form(np.zeros(len(batch.k)))


def dersimonian_laird(batch: Batch) -> Tau2:
    """Return (Q - (k - 1)) / (sum w - sum w^2 / sum w), w = 1 / vi.

    Source:
        DerSimonian and Laird 1986, doi:10.1016/0197-2456(86)90046-2.
    """
    weighted = weigh(batch, np.zeros(len(batch.k)))
    excess = generalised_q(weighted) - degrees_of_freedom(batch)
    return closed_form(divided(excess, projection_trace(weighted)))


def dersimonian_laird_two_step(batch: Batch) -> Tau2:
    """Return DerSimonian-Laird with the weights that DerSimonian-Laird gives.

    Source:
        DerSimonian and Kacker 2007, doi:10.1016/j.cct.2006.04.004, two-step DL; metafor's GENQ with these weights.
    """
    return second_step(batch, dersimonian_laird(batch).tau2)


def hedges_two_step(batch: Batch) -> Tau2:
    """Return DerSimonian-Laird with the weights that Hedges' estimator, Cochran's analysis of variance, gives.

    Source:
        DerSimonian and Kacker 2007, doi:10.1016/j.cct.2006.04.004, two-step CA; metafor's GENQ with these weights.
    """
    return second_step(batch, hedges(batch).tau2)


def second_step(batch: Batch, first: Array) -> Tau2:
    """Return the moment estimate by weights 1 / (vi + first): first + (Q - (k - 1)) / tr P, both at `first`."""
    weighted = weigh(batch, first)
    excess = generalised_q(weighted) - degrees_of_freedom(batch)
    return closed_form(first + divided(excess, projection_trace(weighted)))


def hedges(batch: Batch) -> Tau2:
    """Return the variance of the effects less the mean of the sampling variances.

    Source:
        Hedges and Olkin 1985, Statistical Methods for Meta-Analysis, chapter 9.
    """
    spread = batch.spread() / degrees_of_freedom(batch)
    return closed_form(np.where(batch.k > 1, spread - batch.mean_variance(), 0.0))


def hunter_schmidt(batch: Batch) -> Tau2:
    """Return (Q - k) / sum w, w = 1 / vi.

    Source:
        Viechtbauer 2005, doi:10.3102/10769986030003261, equation of the HS estimator.
    """
    weighted = weigh(batch, np.zeros(len(batch.k)))
    return closed_form((generalised_q(weighted) - batch.k) / weighted.total)


def hunter_schmidt_corrected(batch: Batch) -> Tau2:
    """Return (Q k / (k - 1) - k) / sum w, w = 1 / vi.

    Source:
        Brannick et al. 2019, doi:10.1177/1094428117741966, as metafor's HSk.
    """
    weighted = weigh(batch, np.zeros(len(batch.k)))
    q = generalised_q(weighted) * batch.k / degrees_of_freedom(batch)
    return closed_form((q - batch.k) / weighted.total)


def sidik_jonkman(batch: Batch) -> Tau2:
    """Return tau0 * Q(tau0) / (k - 1) with tau0 the mean squared distance from the mean; 0 only if that is 0.

    Source:
        Sidik and Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x.
    """
    crude = batch.crude()
    return closed_form(crude * generalised_q(weigh(batch, crude)) / degrees_of_freedom(batch))


def paule_mandel(batch: Batch) -> Tau2:
    """Return the tau2 at which the generalised Q equals k - 1; empirical Bayes solves the same equation.

    Source:
        Paule and Mandel 1982, doi:10.6028/jres.087.022.
    """
    return by_generalised_q(batch, degrees_of_freedom(batch))


def paule_mandel_median(batch: Batch) -> Tau2:
    """Return the tau2 at which the generalised Q equals the median of chi-square on k - 1.

    Source:
        Viechtbauer 2021, European Congress of Methodology, as metafor's PMM.
    """
    return by_generalised_q(batch, 2.0 * special.gammaincinv(degrees_of_freedom(batch) / 2.0, 0.5))


def by_generalised_q(batch: Batch, target: Array) -> Tau2:
    """Solve the generalised Q for its target."""
    roots = solve_generalised_q(batch, target)
    return Tau2(cut(roots.tau2), lambda weighted: generalised_q(weighted) / target - 1.0, roots.iterations,
                roots.converged, np.ones(len(target), dtype=np.intp))


def maximum_likelihood(batch: Batch) -> Tau2:
    """Return the tau2 of the highest likelihood."""
    return by_likelihood(batch, FULL)


def restricted_maximum_likelihood(batch: Batch) -> Tau2:
    """Return the tau2 of the highest restricted likelihood."""
    return by_likelihood(batch, RESTRICTED)


def by_likelihood(batch: Batch, likelihood: Likelihood) -> Tau2:
    """Maximise one of the likelihoods."""
    modes = highest_mode(batch, likelihood)
    return Tau2(cut(modes.tau2), lambda weighted: divided(weighted.spread(2), likelihood.trace(weighted)) - 1.0,
                modes.iterations, modes.converged, modes.count)


def divided(above: Array, below: Array) -> Array:
    """Divide, with 0 where the divisor is 0: a single study has no degrees of freedom to spread over."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


TAU2_ESTIMATORS: dict[str, Tau2Estimator] = {
    "FE": common_effect,
    "DL": dersimonian_laird,
    "PM": paule_mandel,
    "REML": restricted_maximum_likelihood,
    "ML": maximum_likelihood,
    "EB": paule_mandel,
    "HE": hedges,
    "SJ": sidik_jonkman,
    "HS": hunter_schmidt,
    "HSk": hunter_schmidt_corrected,
    "PMM": paule_mandel_median,
    "DL2": dersimonian_laird_two_step,
    "CA2": hedges_two_step,
}
