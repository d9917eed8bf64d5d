"""Models beyond one mean."""

from analysis.models.coefficients import Coefficient
from analysis.models.design import ModelError
from analysis.models.meta_regression import Regression, regress
from analysis.models.moderators import Factor, Moderators, code_moderators
from analysis.models.multilevel import LIKELIHOODS, Multilevel, fit_multilevel
from analysis.models.network import NETWORK_TAU2, Network, fit_network
from analysis.models.permutation import Permutation, permute
from analysis.models.robust import ROBUST
from analysis.models.status import MODEL_STATUS
from analysis.models.subgroups import SUBGROUP_TAU2, Subgroups, pool_subgroups
from analysis.models.trials import Trial, make_trial, trials_from_arms, trials_from_pairs

__all__ = ["LIKELIHOODS", "MODEL_STATUS", "NETWORK_TAU2", "ROBUST", "SUBGROUP_TAU2", "Coefficient", "Factor",
           "ModelError", "Moderators", "Multilevel", "Network", "Permutation", "Regression", "Subgroups", "Trial",
           "code_moderators", "fit_multilevel", "fit_network", "make_trial", "permute", "pool_subgroups", "regress",
           "trials_from_arms", "trials_from_pairs"]
