"""The normal model with a prior on heterogeneity, by quadrature: no sampler, no seed."""

from analysis.bayes.posterior import Chance, Posterior, Summary, posterior, posterior_batch
from analysis.bayes.priors import PRIORS

__all__ = ["PRIORS", "Chance", "Posterior", "Summary", "posterior", "posterior_batch"]
