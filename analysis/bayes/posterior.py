"""What the effects of an analysis say of the average effect, of heterogeneity and of a new effect, given priors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.bayes.model import Mixture, Model, make_model, solve
from analysis.bayes.priors import PRIORS
from analysis.bayes.quantiles import cumulative, mixture_quantile, tau_quantile
from analysis.pooling.batch import Array, PoolingError, make_batch

STATUS = {
    "ok": "Nothing needs to be said.",
    "heavy-tail": "The prior of tau falls so slowly that with so few studies some means or standard deviations are "
                  "infinite; the quantiles stand.",
    "not-converged": "The quadrature did not settle; the result is not reliable.",
}


@dataclass(frozen=True)
class Summary:
    """One posterior distribution: mean and sd (None where infinite), median and central interval."""

    mean: float | None
    sd: float | None
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Chance:
    """How probable it is that the average effect, and the effect in a new setting, lie below a bound."""

    bound: float
    average: float
    new: float


@dataclass(frozen=True)
class Posterior:
    """The posterior of one analysis, in the units of its effects (log for ratios).

    Args:
        k: Studies.
        prior: Key of PRIORS.
        scale: Of the prior of tau.
        level: Of the intervals.
        mu: The average effect.
        tau: Standard deviation of the effects between studies.
        new: The effect in a new setting.
        chances: One a bound asked for.
        status: Keys of STATUS.
    """

    k: int
    prior: str
    scale: float
    level: float
    mu: Summary
    tau: Summary
    new: Summary
    chances: tuple[Chance, ...]
    status: tuple[str, ...]


def posterior(yi: ArrayLike, vi: ArrayLike, *, prior: str, scale: float, mu_mean: float = 0.0, mu_sd: float = math.inf,
              level: float = 0.95, bounds: Sequence[float] = ()) -> Posterior:
    """Return the posterior of one analysis. Arguments and errors as in `posterior_batch`."""
    return posterior_batch(yi, vi, [0], prior=prior, scale=scale, mu_mean=mu_mean, mu_sd=mu_sd, level=level,
                           bounds=bounds)[0]


def posterior_batch(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike, *, prior: str, scale: float, mu_mean: float = 0.0,
                    mu_sd: float = math.inf, level: float = 0.95,
                    bounds: Sequence[float] = ()) -> tuple[Posterior, ...]:
    """Return the posterior of every analysis: yi ~ N(mu, vi + tau^2), with priors of mu and tau.

    Given tau, mu is normal; tau itself is integrated out by adaptive quadrature, right to about ten digits.

    Args:
        yi, vi, starts: As in `analysis.pooling.pool_batch`.
        prior: Of tau: a key of PRIORS.
        scale: Of that prior, in the units of the effects, above 0. There is no default: it is a statement about
            how far effects may differ, to be made before the data are seen.
        mu_mean, mu_sd: Normal prior of mu; an infinite sd is the flat prior.
        level: Of the central intervals, between 0 and 1.
        bounds: Effects below which a probability is wanted, such as the smallest important difference.

    Raises:
        PoolingError: A row or an option that is not allowed.

    Source:
        Röver 2020, doi:10.18637/jss.v093.i06. Checked against closed forms, R's integrate, and the example of the
        bayesmeta vignette (tests/reference/bayes).
    """
    check(prior, scale, mu_mean, mu_sd, level, bounds)
    batch = make_batch(yi, vi, starts)
    model = make_model(batch, PRIORS[prior], scale, mu_mean, mu_sd)
    mixture = solve(model)
    parts = [summarise(model, mixture, kind, level, mu_sd < math.inf) for kind in ("mu", "tau", "new")]
    chances = [chances_below(model, mixture, float(bound)) for bound in bounds]
    return tuple(
        Posterior(int(batch.k[i]), prior, scale, level, *(part[i] for part in parts), tuple(one[i] for one in chances),
                  status_of([part[i] for part in parts], bool(mixture.settled[i])))
        for i in range(len(batch.k)))


def check(prior: str, scale: float, mu_mean: float, mu_sd: float, level: float, bounds: Sequence[float]) -> None:
    """Refuse an option that is not allowed."""
    if prior not in PRIORS:
        raise PoolingError(f"prior is {prior!r}. It is one of {', '.join(PRIORS)}.")
    if not (math.isfinite(scale) and scale > 0):
        raise PoolingError(f"The scale of the prior of tau is {scale}. It is a finite number above 0.")
    if not (math.isfinite(mu_mean) and mu_sd > 0):
        raise PoolingError("The prior of mu has a finite mean and a standard deviation above 0.")
    if not 0.0 < level < 1.0:
        raise PoolingError(f"level is {level}. It lies between 0 and 1: 0.95 for 95 percent.")
    if not all(math.isfinite(bound) for bound in bounds):
        raise PoolingError("A bound is a finite number.")


def summarise(model: Model, mixture: Mixture, kind: str, level: float, proper: bool) -> list[Summary]:
    """Return mean, sd, median and central interval of mu, of tau or of a new effect, of every analysis."""
    shares = (0.5, (1 - level) / 2, (1 + level) / 2)
    scale, shift = model.batch.scale, model.batch.centre
    if kind == "tau":
        centre, spread, shift = mixture.tau, np.zeros_like(mixture.tau), np.zeros_like(shift)
        ends = [tau_quantile(model, mixture, share) for share in shares]
    else:
        centre, spread = mixture.mean, mixture.sd if kind == "mu" else new_sd(mixture)
        ends = [mixture_quantile(mixture, spread, share) for share in shares]
    mean = mixture.expect(centre)
    sd = np.sqrt(mixture.expect(spread**2 + (centre - mean[mixture.owner]) ** 2))
    orders = finite_orders(model, kind, proper)
    columns = zip(shift + mean * scale, sd * scale, *(shift + end * scale for end in ends), orders, strict=True)
    return [Summary(float(m) if order >= 1 else None, float(s) if order >= 2 else None, *map(float, quantiles))
            for m, s, *quantiles, order in columns]


def new_sd(mixture: Mixture) -> Array:
    """Return the standard deviation of a new effect at every node."""
    return np.sqrt(mixture.sd**2 + mixture.tau**2)


def finite_orders(model: Model, kind: str, proper: bool) -> Array:
    """Return up to which order the moments of a quantity are finite, 0, 1 or 2, shape (b,).

    The density of tau falls as its prior times tau^(1 - k) under a flat prior of mu, tau^(-k) under a normal one.
    """
    if proper and kind == "mu":
        return np.full(len(model.batch.k), 2)
    power = model.prior.tail + model.batch.k - (0 if proper else 1)
    return np.where(power > 3, 2, np.where(power > 2, 1, 0))


def chances_below(model: Model, mixture: Mixture, bound: float) -> list[Chance]:
    """Return the probability that mu, and a new effect, lie below a bound."""
    at = (bound - model.batch.centre) / model.batch.scale
    average, new = (cumulative(mixture, sd, at)[0] for sd in (mixture.sd, new_sd(mixture)))
    return [Chance(bound, min(float(one), 1.0), min(float(other), 1.0))
            for one, other in zip(average, new, strict=True)]


def status_of(parts: list[Summary], settled: bool) -> tuple[str, ...]:
    """Return the codes of STATUS that hold."""
    heavy = any(part.mean is None or part.sd is None for part in parts)
    holds = (("heavy-tail", heavy), ("not-converged", not settled))
    return tuple(code for code, flag in holds if flag) or ("ok",)
