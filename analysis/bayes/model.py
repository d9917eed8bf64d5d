"""The posterior of tau, and of the mean given tau, of every analysis of a batch."""

from dataclasses import dataclass

import numpy as np

from analysis.bayes.priors import Prior
from analysis.bayes.quadrature import Panels, integrate, log_total, nodes_between
from analysis.pooling.batch import Array, Batch, Indices, PoolingError
from analysis.pooling.weighting import Weighted, generalised_q, weigh

FARTHEST = 1e9  # of a prior from the spread of the effects, and back


@dataclass(frozen=True)
class Model:
    """A batch with its priors, in the scaled units of the batch.

    Args:
        batch: The analyses.
        prior: Of tau.
        scale: Of the prior of tau, shape (b,).
        centre: Mean of the normal prior of mu, shape (b,).
        precision: One over its variance, shape (b,); 0 for a flat prior.
        stretch: tau = stretch u / (1 - u) brings 0 to infinity to 0 to 1, shape (b,).
    """

    batch: Batch
    prior: Prior
    scale: Array
    centre: Array
    precision: Array
    stretch: Array

    def tau(self, owner: Indices, u: Array) -> Array:
        """Return tau at places between 0 and 1; owner and u share their first axis."""
        stretch = self.stretch[owner].reshape(-1, *[1] * (u.ndim - 1))
        return stretch * u / (1 - u)

    def log_density(self, owner: Indices, u: Array) -> Array:
        """Return the log posterior density of u, not normalised, shape of u, (n, m)."""
        problems, scale = self.batch.take(owner), self.scale[owner]
        tau = self.tau(owner, u)
        columns = [log_marginal(weigh(problems, column**2), self.centre[owner], self.precision[owner])
                   + self.prior.log_density(column / scale) for column in tau.T]
        return np.array(columns).T - 2 * np.log1p(-u)


def make_model(batch: Batch, prior: Prior, scale: float, mu_mean: float, mu_sd: float) -> Model:
    """Bring priors to the units of a batch.

    Wherever the mass of tau lies, it is at most a few spreads of the effects; half the places are given to what lies
    below the geometric mean of spread and prior scale, so that neither end of the axis runs out of numbers.

    Raises:
        PoolingError: A prior so far from the effects that double precision cannot hold both.
    """
    spread = np.sqrt(batch.sums(batch.yi**2 + batch.vi) / batch.k)
    prior_scale, width = scale / batch.scale, mu_sd / batch.scale
    check_reach("The scale of the prior of tau", prior_scale / spread)
    if np.isfinite(mu_sd):
        check_reach("The standard deviation of the prior of mu", width / spread)
        check_reach("The mean of the prior of mu", 1 + np.abs(mu_mean - batch.centre) / batch.scale / spread)
    return Model(batch, prior, prior_scale, (mu_mean - batch.centre) / batch.scale, width**-2.0,
                 np.sqrt(prior_scale * spread))


def check_reach(name: str, ratio: Array) -> None:
    """Refuse a prior that is far from the spread of the effects."""
    if not ((ratio >= 1 / FARTHEST) & (ratio <= FARTHEST)).all():
        raise PoolingError(f"{name} differs from the spread of the effects by a factor above {FARTHEST:.0e}. "
                           "Such a prior cannot be joined to them in double precision.")


def log_marginal(weighted: Weighted, centre: Array, precision: Array) -> Array:
    """Return the log-likelihood of tau with mu integrated out, up to a constant, shape (b,).

    With a flat prior of mu this is the restricted likelihood.
    """
    total = weighted.total
    pull = total * precision / (total + precision) * (weighted.mean - centre) ** 2
    logs = weighted.batch.sums(np.log(weighted.weights))
    return (logs - generalised_q(weighted) - np.log(total + precision) - pull) / 2


@dataclass(frozen=True)
class Mixture:
    """The posterior as a mixture of normal distributions of mu, one a node of tau; n nodes.

    Args:
        owner: The analysis of each node, shape (n,), rising.
        weight: Shape (n,), adding up to 1 within an analysis.
        tau, mean, sd: tau, and mean and standard deviation of mu given it, shape (n,).
        panels: What the nodes stand on.
        settled: Whether the quadrature came right, shape (b,).
    """

    owner: Indices
    weight: Array
    tau: Array
    mean: Array
    sd: Array
    panels: Panels
    settled: np.ndarray

    def expect(self, values: Array) -> Array:
        """Return the posterior mean of a quantity given at every node, shape (b,)."""
        return np.bincount(self.owner, self.weight * values, minlength=len(self.settled))


def solve(model: Model) -> Mixture:
    """Integrate tau out of every analysis."""
    panels, settled = integrate(model.log_density, len(model.batch.k))
    total = log_total(panels, len(settled))
    weight = np.exp(panels.log_weights - total[panels.owner][:, None]).ravel()
    owner = np.repeat(panels.owner, panels.log_values.shape[1])
    tau = model.tau(panels.owner, panels.points).ravel()
    kept = weight > 0
    owner, weight, tau = owner[kept], weight[kept], tau[kept]
    mean, sd = mean_given_tau(model, owner, tau)
    return Mixture(owner, weight, tau, mean, sd, panels, settled)


def mean_given_tau(model: Model, owner: Indices, tau: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation of mu given tau."""
    weighted = weigh(model.batch.take(owner), tau**2)
    precision, centre = model.precision[owner], model.centre[owner]
    total = weighted.total + precision
    return (weighted.total * weighted.mean + precision * centre) / total, 1 / np.sqrt(total)


def share_below(model: Model, mixture: Mixture, panel: Indices, u: Array) -> tuple[Array, Array]:
    """Return how much of the posterior of tau lies inside a panel below u, and its density there, each shape (b,).

    Args:
        panel: One panel an analysis, shape (b,).
        u: A place in that panel, shape (b,).
    """
    panels = mixture.panels.take(panel)
    total = log_total(mixture.panels, len(mixture.settled))[panels.owner]
    part = Panels(panels.owner, panels.low, u, model.log_density(panels.owner, nodes_between(panels.low, u)))
    density = model.log_density(panels.owner, u[:, None])[:, 0]
    with np.errstate(divide="ignore"):  # at the lower end of the panel nothing lies below
        below = np.where(u > panels.low, np.exp(part.log_integral - total), 0.0)
    return below, np.exp(density - total)
