"""What a group of effects is fitted by beside its mean: moderators, subgroups, clusters."""

from dataclasses import replace

import numpy as np

from analysis.models import (
    Factor,
    Moderators,
    Multilevel,
    Permutation,
    Regression,
    Subgroups,
    fit_multilevel,
    permute,
    pool_subgroups,
    regress,
)
from flows.pool.inputs import Inputs
from flows.pool.moderators import coded
from flows.pool.request import Request


def regress_group(inputs: Inputs, used: np.ndarray, request: Request) -> tuple[Regression, tuple[Factor, ...]]:
    """Regress the effects of a group on the moderators; the factors among them name their first levels."""
    moderators = coded(inputs.moderators, used, request)
    found = regress(inputs.yi[used], inputs.vi[used], moderators.columns, moderators.names, tau2=request.tau2,
                    test=request.test, level=request.level)
    return found, moderators.factors


def permute_group(inputs: Inputs, used: np.ndarray, request: Request) -> Permutation:
    """Ask how often moderators dealt out at random explain as much of a group."""
    moderators = coded(inputs.moderators, used, request)
    return permute(inputs.yi[used], inputs.vi[used], moderators.columns, moderators.names, most=request.permutations,
                   seed=request.seed, tau2=request.tau2, test=request.test)


def split_group(inputs: Inputs, used: np.ndarray, request: Request) -> Subgroups:
    """Pool the subgroups of a group."""
    return pool_subgroups(inputs.yi[used], inputs.vi[used], tuple(inputs.subgroup.at(used)),
                          tau2_kind=request.subgroup_tau2, tau2=request.tau2, test=request.test, level=request.level)


def fit_clusters(inputs: Inputs, used: np.ndarray, request: Request) -> tuple[Multilevel, tuple[Factor, ...]]:
    """Fit the multilevel model of a group; it has Wald intervals, and says so where another was asked for."""
    whole = coded(inputs.moderators, used, request) if request.has_moderators else Moderators(np.empty((0, 0)), ())
    found = fit_multilevel(inputs.yi[used], inputs.vi[used], inputs.cluster.at(used), whole,
                           method=request.tau2, robust=request.robust, level=request.level,
                           component_intervals=request.component_intervals)
    return replace(found, status=with_wald(found.status, request)), whole.factors


def with_wald(status: tuple[str, ...], request: Request) -> tuple[str, ...]:
    """Add to the codes of a model without Hartung-Knapp intervals that such were asked for."""
    if request.test == "z":
        return status
    return (*(code for code in status if code != "ok"), "wald-used")
