"""What may be asked of one mean beside its numbers: bias of small studies, selection, power, priors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.bayes import Posterior, posterior
from analysis.faults import Fault, InputError
from analysis.pooling import PoolingError, PredictionInterval, hts_prediction_interval
from analysis.robustness import (
    Baujat,
    Bootstrap,
    FailSafe,
    Gosh,
    PetPeese,
    SelectionModel,
    baujat,
    bootstrap,
    expected_power,
    fail_safe_n,
    gosh,
    pet_peese,
    selection_model,
)
from flows.pool.plain import finite, plain
from flows.pool.request import Request


@dataclass(frozen=True)
class PowerAt:
    """The chance that the z test of a group finds an effect.

    Args:
        effect: What was asked about, on the analysis scale (logarithms for ratios).
        tau2: Taken as known; 0 for a common effect and for one study.
        alpha: Two-sided, 1 - level.
        power: 0 to 1.
        se: Standard error of the pooled effect.
        detectable: Smallest effect that is found with a chance of 0.8.
    """

    effect: float
    tau2: float
    alpha: float
    power: float
    se: float
    detectable: float


@dataclass(frozen=True)
class Group:
    """The effects of a group: yi and vi of shape (k,), and tau2 as it was pooled, None where it is not defined."""

    yi: np.ndarray
    vi: np.ndarray
    tau2: float | None


def ask_prediction_hts(group: Group, request: Request) -> PredictionInterval | None:
    """Ask where Higgins, Thompson and Spiegelhalter expect a new study."""
    return hts_prediction_interval(group.yi, group.vi, tau2=request.tau2, level=request.level)


def ask_pet_peese(group: Group, request: Request) -> PetPeese | None:
    """Ask what a study without sampling error would show."""
    return pet_peese(group.yi, group.vi, level=request.level)


def ask_selection(group: Group, request: Request) -> SelectionModel | None:
    """Ask what the mean would be if one side was favoured."""
    return selection_model(group.yi, group.vi, favoured=request.selection, level=request.level)


def ask_fail_safe(group: Group, request: Request) -> FailSafe:
    """Ask how many studies without effect would lift P above 0.05."""
    return fail_safe_n(group.yi, group.vi)


def ask_baujat(group: Group, request: Request) -> Baujat | None:
    """Ask where each study lies in Baujat's plot."""
    return baujat(group.yi, group.vi, tau2=request.tau2)


def ask_power(group: Group, request: Request) -> PowerAt:
    """Ask with which chance an effect is found."""
    alpha, tau2 = round(1 - request.level, 12), group.tau2 or 0.0
    found = expected_power(request.power, group.vi, tau2=tau2, alpha=alpha)
    return PowerAt(request.power, tau2, alpha, found.power, found.se, found.detectable)


def ask_posterior(group: Group, request: Request) -> Posterior:
    """Ask what follows under a prior of heterogeneity.

    Raises:
        InputError: A prior that lies too far from the effects.
    """
    try:
        return posterior(group.yi, group.vi, prior=request.prior, scale=request.prior_scale, level=request.level,
                         bounds=request.below)
    except PoolingError as error:
        raise InputError([Fault(request.where, str(error).rstrip("."),
                                "State --prior-scale in the units of the effects (logarithms for ratios)")]) from error


def ask_bootstrap(group: Group, request: Request) -> Bootstrap | None:
    """Ask how far average and heterogeneity move in studies made anew by the fitted model."""
    return bootstrap(group.yi, group.vi, draws=request.bootstrap, seed=request.seed, tau2=request.tau2,
                     level=request.level)


def ask_gosh(group: Group, request: Request) -> Gosh | None:
    """Ask what every set of studies shows."""
    return gosh(group.yi, group.vi, tau2=request.tau2, most=request.sets, seed=request.seed)


QUESTIONS: dict[str, Callable[[Group, Request], object]] = {
    "prediction_hts": ask_prediction_hts,
    "pet_peese": ask_pet_peese,
    "selection": ask_selection,
    "fail_safe": ask_fail_safe,
    "baujat": ask_baujat,
    "posterior": ask_posterior,
    "power": ask_power,
    "bootstrap": ask_bootstrap,
    "gosh": ask_gosh,
}


def ask(group: Group, request: Request) -> dict[str, object]:
    """Return the answer to every question of a request, in the order of QUESTIONS; None where nothing can be said."""
    return {name: QUESTIONS[name](group, request) for name in request.questions}


def answers_as_plain(answers: dict[str, object], study: tuple[str, ...], request: Request) -> dict:
    """Return the answers as JSON; those that a group without rows could not give are null."""
    whole = {name: answers.get(name) for name in request.questions}
    return {name: baujat_rows(found, study) if name == "baujat" else plain(found) for name, found in whole.items()}


def baujat_rows(found: Baujat | None, study: tuple[str, ...]) -> list[dict]:
    """Return the coordinates of each study; none where there are too few."""
    if found is None:
        return []
    pairs = zip(study, found.heterogeneity.tolist(), found.influence.tolist(), strict=True)
    return [{"study": name, "heterogeneity": finite(x), "influence": finite(y)} for name, x, y in pairs]
