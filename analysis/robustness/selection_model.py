"""A three-parameter selection model: results that favour one side were seen, the others only with some chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.pooling.batch import Array, Batch, PoolingError, make_batch
from analysis.pooling.engine import pool
from analysis.robustness.ascent import climb
from analysis.robustness.step_likelihood import Height, Observed, log_likelihood

ONE_SIDED_P = 0.025
WIDEST_LOG_DELTA = 14.0  # delta between 1e-6 and 1e6; at a bound there is no estimate of it
STATUS = {
    "ok": "Nothing needs to be said.",
    "boundary": "The estimate of tau2 is 0; the standard errors take it as known.",
    "delta-at-bound": "The chance of being seen runs to its bound: the data do not say how strong selection is.",
    "no-errors": "The likelihood is flat around its maximum, so that there are no standard errors.",
    "not-converged": "The search did not settle; the result is not reliable.",
}


@dataclass(frozen=True)
class SelectionModel:
    """The average effect when studies that do not favour a side were seen with a relative chance of delta.

    Args:
        favoured: "higher" or "lower": the side whose significant results were always seen.
        significant, others: Studies with a one-sided P of at most 0.025 on that side, and the rest.
        estimate, se, ci_low, ci_high, p_value: The average effect over all studies, seen or not; Wald.
        tau2, se_tau2: Its heterogeneity; no se at the boundary.
        delta, se_delta: Chance of being seen of the others, relative to the significant; 1 is no selection.
        log_likelihood: At the maximum.
        lrt, lrt_p_value: Likelihood ratio against delta = 1, chi-square on one degree of freedom.
        status: Keys of STATUS.
    """

    favoured: str
    significant: int
    others: int
    estimate: float
    se: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    tau2: float
    se_tau2: float | None
    delta: float
    se_delta: float | None
    log_likelihood: float
    lrt: float
    lrt_p_value: float
    status: tuple[str, ...]


def selection_model(yi: ArrayLike, vi: ArrayLike, *, favoured: str, level: float = 0.95) -> SelectionModel | None:
    """Fit a step-function selection model with one step at a one-sided P of 0.025, by maximum likelihood.

    With few studies on either side of the step, delta is all but unknown; an estimate here is a question put to the
    pool, not a correction of it.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        favoured: "higher" when large effects were favoured, "lower" when small ones.
        level: Of the interval, between 0 and 1.

    Returns:
        None with fewer than four studies, or when all or none of them are significant on the favoured side.

    Raises:
        PoolingError: A row that is not allowed, or another word for `favoured`.

    Source:
        Vevea and Hedges 1995, doi:10.1007/BF02294384; metafor selmodel(type="stepfun", steps=0.025),
        tests/reference/metafor/small_study.json.
    """
    if favoured not in ("higher", "lower"):
        raise PoolingError(f"favoured is {favoured!r}. It is 'higher' or 'lower'.")
    batch = make_batch(yi, vi, [0])
    observed = observe(batch, 1.0 if favoured == "higher" else -1.0)
    if len(batch.yi) < 4 or observed.others in (0, len(batch.yi)):
        return None
    return in_units(fit(observed), observed, batch, favoured, level)


def observe(batch: Batch, sign: float) -> Observed:
    """Turn the effects so that high is favoured, and set each study's cut."""
    centre, scale = sign * float(batch.centre[0]), float(batch.scale[0])
    yi = sign * batch.yi
    cut = -special.ndtri(ONE_SIDED_P) * np.sqrt(batch.vi) - centre / scale
    return Observed(yi, batch.vi, cut, int((yi < cut).sum()))


@dataclass(frozen=True)
class Peak:
    """The highest maximum, in the scaled units of the batch."""

    point: Array
    height: Height
    settled: bool


def fit(observed: Observed) -> Peak:
    """Return the highest of the maxima that several starts lead to."""
    plain = pool(observed.yi, observed.vi, tau2="ML", test="z")
    spread = max(plain.tau2, float(observed.vi.min()))
    starts = np.array([(plain.estimate - shift * np.sqrt(spread), factor * spread, eta)
                       for shift in (0.0, 1.0) for factor in (0.1, 1.0, 4.0) for eta in (-2.0, 0.0, 1.0)])
    low = np.array([-np.inf, 0.0, -WIDEST_LOG_DELTA])
    high = np.array([np.inf, np.inf, WIDEST_LOG_DELTA])
    with np.errstate(all="ignore"):  # far from the data a likelihood is 0; such a step is not taken
        points, settled = climb(lambda at: log_likelihood(observed, at), starts, low, high)
        heights = log_likelihood(observed, points)
    best = int(np.nanargmax(heights.value))
    alone = Height(*(part[best] for part in (heights.value, heights.gradient, heights.curvature)))
    return Peak(points[best], alone, bool(settled[best]))


def in_units(peak: Peak, observed: Observed, batch: Batch, favoured: str, level: float) -> SelectionModel:
    """Put the maximum in the units of the effects, with Wald standard errors and the likelihood ratio."""
    sign, scale, k = (1.0 if favoured == "higher" else -1.0), float(batch.scale[0]), len(batch.yi)
    mu, tau2, eta = (float(value) for value in peak.point)
    se, se_tau2, se_eta = standard_errors(peak)
    estimate, delta = float(batch.centre[0]) + sign * mu * scale, float(np.exp(eta))
    se = None if se is None else se * scale
    reach = None if se is None else float(special.ndtri((1 + level) / 2)) * se
    lrt = max(0.0, 2 * (float(peak.height.value) - without_selection(observed)))
    return SelectionModel(
        favoured=favoured, significant=k - observed.others, others=observed.others, estimate=estimate, se=se,
        ci_low=None if reach is None else estimate - reach, ci_high=None if reach is None else estimate + reach,
        p_value=None if se is None else float(2 * special.ndtr(-abs(estimate / se))), tau2=tau2 * scale**2,
        se_tau2=None if se_tau2 is None else se_tau2 * scale**2, delta=delta,
        se_delta=None if se_eta is None else se_eta * delta,
        log_likelihood=float(peak.height.value) - k * float(np.log(scale)), lrt=lrt,
        lrt_p_value=float(special.gammaincc(0.5, lrt / 2)), status=status_of(peak, se))


def without_selection(observed: Observed) -> float:
    """Return the log-likelihood of the same studies with delta = 1, at its maximum."""
    plain = pool(observed.yi, observed.vi, tau2="ML", test="z")
    return float(log_likelihood(observed, np.array([[plain.estimate, plain.tau2, 0.0]])).value[0])


def standard_errors(peak: Peak) -> tuple[float | None, float | None, float | None]:
    """Return the errors of mu, tau2 and log delta from the curvature; None for a parameter that is held or flat."""
    kept = [index for index, held in enumerate((False, peak.point[1] <= 0, at_bound(peak))) if not held]
    values, vectors = np.linalg.eigh(-peak.height.curvature[np.ix_(kept, kept)])
    errors: list[float | None] = [None, None, None]
    if values.min() > 0:
        for index, variance in zip(kept, (vectors**2 / values).sum(axis=1), strict=True):
            errors[index] = float(np.sqrt(variance))
    return errors[0], errors[1], errors[2]


def at_bound(peak: Peak) -> bool:
    """Say whether delta ran to one of its bounds."""
    return bool(abs(peak.point[2]) >= WIDEST_LOG_DELTA)


def status_of(peak: Peak, se: float | None) -> tuple[str, ...]:
    """Return the codes of STATUS that hold."""
    holds = (("boundary", peak.point[1] <= 0), ("delta-at-bound", at_bound(peak)), ("no-errors", se is None),
             ("not-converged", not peak.settled))
    return tuple(code for code, flag in holds if flag) or ("ok",)
