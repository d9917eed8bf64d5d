"""Models beyond one mean."""

from analysis.models.coefficients import Coefficient
from analysis.models.design import ModelError
from analysis.models.meta_regression import Regression, regress
from analysis.models.moderators import Factor, Moderators, code_moderators
from analysis.models.multilevel import Multilevel, fit_multilevel
from analysis.models.robust import ROBUST
from analysis.models.subgroups import SUBGROUP_TAU2, Subgroups, pool_subgroups

__all__ = ["ROBUST", "SUBGROUP_TAU2", "Coefficient", "Factor", "ModelError", "Moderators", "Multilevel", "Regression",
           "Subgroups", "code_moderators", "fit_multilevel", "pool_subgroups", "regress"]
