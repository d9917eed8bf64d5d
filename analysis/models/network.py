"""Network meta-analysis: many treatments compared through trials that share some of them."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.models.coefficients import Coefficient, make_coefficients
from analysis.models.design import Design, Fit, ModelError, fit_at, lay_out
from analysis.models.meta_regression import profile
from analysis.models.residual_tau2 import estimate_tau2
from analysis.models.trials import Trial
from analysis.pooling.batch import Array
from analysis.pooling.engine import check_options

NETWORK_TAU2 = ("FE", "DL", "PM", "REML", "ML", "EB")  # the estimators that do not depend on how arms are ordered


@dataclass(frozen=True)
class Edge:
    """Two treatments that trials compare directly, in order of the alphabet, and how many trials do."""

    first: str
    second: str
    trials: int


@dataclass(frozen=True)
class Network:
    """A fitted network. What is not defined is None.

    Args:
        k: Trials.
        reference: What the treatments are compared with.
        treatments: All others, in order of the alphabet, each minus the reference, with normal intervals.
        covariance: Of their estimates, shape (t, t), for any other comparison.
        edges: What is compared directly.
        tau2: One for all comparisons; `tau2_low`, `tau2_high` by Q-profile.
        i2: Percent.
        q, q_df, q_p_value: Under a common effect, inconsistency included.
        status: Codes of `analysis.pooling.STATUS`.
    """

    k: int
    method: str
    level: float
    reference: str
    treatments: tuple[Coefficient, ...]
    covariance: Array
    edges: tuple[Edge, ...]
    tau2: float
    tau2_low: float | None
    tau2_high: float | None
    i2: float | None
    q: float
    q_df: int
    q_p_value: float | None
    status: tuple[str, ...]

    def compare(self, experimental: str, control: str) -> Coefficient:
        """Return one treatment minus another.

        Raises:
            ModelError: A treatment that is not in the network.
        """
        names = [row.name for row in self.treatments]
        for name in (experimental, control):
            if name not in (*names, self.reference):
                raise ModelError(f"{name[:80]!r} is not in the network")
        contrast = np.array([(name == experimental) - float(name == control) for name in names])
        estimate = contrast @ np.array([row.estimate for row in self.treatments])
        se = np.sqrt(contrast @ self.covariance @ contrast)
        return make_coefficients([f"{experimental} - {control}"], np.array([estimate]), np.array([se]),
                                 np.array([np.inf]), self.level)[0]


def fit_network(trials: tuple[Trial, ...], reference: str, *, tau2: str = "REML", level: float = 0.95) -> Network:
    """Fit a network with one between-trial variance.

    The variance of a trial is its sampling covariance plus tau2 (I + 11') / 2: any two arms differ by tau2, and
    contrasts that share an arm are correlated by 1/2. Each trial is turned so that its contrasts become independent;
    what is left is a meta-regression.

    Args:
        trials: As `analysis.models.trials` makes them.
        reference: A treatment of theirs.
        tau2: A word of NETWORK_TAU2; FE is a common effect.
        level: Of all intervals.

    Raises:
        PoolingError: An option that is not allowed.
        ModelError: An estimator that networks do not have, a reference that is not there, a network in several parts,
            or one without enough trials for tau2.

    Source:
        Salanti et al. 2008, doi:10.1177/0962280207080643; metafor rma.mv, tests/reference/metafor/network.json.
    """
    check_options(tau2, "z", level)
    if tau2 not in NETWORK_TAU2:
        raise ModelError(f"tau2 of a network is one of {', '.join(NETWORK_TAU2)}; found {tau2!r}")
    names = check_network(trials, reference)
    design = make_design(trials, names)
    if design.df == 0 and tau2 != "FE":
        raise ModelError("Each comparison rests on a single trial and there are no loops, so tau2 cannot be estimated; "
                         "use --tau2 FE")
    found = estimate_tau2(design, tau2)
    fit = fit_at(design, found)
    covariance = covariance_of(fit)
    low, high = (None, None) if tau2 == "FE" else profile(design, level)
    return Network(
        k=len(trials), method=tau2, level=level, reference=reference,
        treatments=treatments_of(fit, names, covariance, level), covariance=covariance, edges=edges_of(trials),
        tau2=found * design.unit, tau2_low=low, tau2_high=high, **spread(design, found, tau2),
        status=status_of(found, tau2))


def check_network(trials: tuple[Trial, ...], reference: str) -> tuple[str, ...]:
    """Return the treatments besides the reference, or refuse a network that is not one."""
    if not trials:
        raise ModelError("There is no trial with two arms that can be used")
    names = sorted({name for trial in trials for name in trial.treatments})
    if reference not in names:
        raise ModelError(f"The reference {reference[:80]!r} is not among the treatments: {', '.join(shown(names))}")
    parts = connected_parts(trials)
    if len(parts) > 1:
        listed = "; ".join(f"({', '.join(shown(sorted(part)))})" for part in parts)
        raise ModelError(f"The network falls into {len(parts)} parts with no trial between them: {listed}")
    return tuple(name for name in names if name != reference)


def shown(names: list[str]) -> list[str]:
    """Return the first dozen names, each cut to what fits a line."""
    return [name[:40] for name in names[:12]] + (["..."] if len(names) > 12 else [])


def connected_parts(trials: tuple[Trial, ...]) -> list[set[str]]:
    """Return the treatments that trials link with each other, the largest part first."""
    parts: list[set[str]] = []
    for trial in trials:
        arms = set(trial.treatments)
        linked = [part for part in parts if part & arms]
        parts = [part for part in parts if not part & arms] + [arms.union(*linked)]
    return sorted(parts, key=lambda part: (-len(part), min(part)))


def make_design(trials: tuple[Trial, ...], names: tuple[str, ...]) -> Design:
    """Return the trials as independent rows, those with the reference as baseline in no column."""
    place = {name: i for i, name in enumerate(names)}
    turned = [turn(trial, place) for trial in trials]
    yi, vi, columns = (np.concatenate(parts) for parts in zip(*turned, strict=True))
    return lay_out(yi, vi, columns, 0.0)


def turn(trial: Trial, place: dict[str, int]) -> tuple[Array, Array, Array]:
    """Return contrasts, variances and columns of a trial, turned and scaled so that its variance is diag(vi + tau2).

    With S = LL' and L^-1 K L'^-1 = U D U', K = (I + 11') / 2, the rows D^-1/2 U' L^-1 y have variance 1 / D + tau2.
    """
    size = len(trial.yi)
    root = np.linalg.cholesky(trial.covariance)
    half = np.linalg.solve(root, (np.eye(size) + 1) / 2)
    values, vectors = np.linalg.eigh(np.linalg.solve(root, half.T))
    matrix = (vectors / np.sqrt(values)).T @ np.linalg.inv(root)
    columns = np.zeros((size, len(place)))
    for row, name in enumerate(trial.treatments[1:]):
        for arm, sign in ((name, 1.0), (trial.treatments[0], -1.0)):
            if arm in place:
                columns[row, place[arm]] = sign
    return matrix @ trial.yi, 1 / values, matrix @ columns


def covariance_of(fit: Fit) -> Array:
    """Return the covariance of the treatments in squared units of the effects."""
    back = np.linalg.inv(fit.design.triangle)
    return back @ fit.inverse @ back.T * fit.design.unit


def treatments_of(fit: Fit, names: tuple[str, ...], covariance: Array, level: float) -> tuple[Coefficient, ...]:
    """Return each treatment minus the reference."""
    estimates = np.linalg.solve(fit.design.triangle, fit.coefficients) * np.sqrt(fit.design.unit)
    return make_coefficients(names, estimates, np.sqrt(np.diag(covariance)), np.full(len(names), np.inf), level)


def spread(design: Design, tau2: float, method: str) -> dict[str, float | int | None]:
    """Return Q and I2 as `analysis.models.meta_regression` defines them; no P and no I2 without degrees of freedom."""
    at_zero, df = fit_at(design, 0.0), design.df
    if df == 0:
        return {"i2": None, "q": at_zero.q, "q_df": 0, "q_p_value": None}
    typical = df / at_zero.trace
    i2 = max(0.0, 1 - df / at_zero.q) if method == "FE" else tau2 / (tau2 + typical)
    return {"i2": 100 * i2, "q": at_zero.q, "q_df": df, "q_p_value": float(special.gammaincc(df / 2, at_zero.q / 2))}


def edges_of(trials: tuple[Trial, ...]) -> tuple[Edge, ...]:
    """Return what trials compare directly; a trial of three arms compares three pairs."""
    counts: dict[tuple[str, str], int] = {}
    for trial in trials:
        arms = sorted(trial.treatments)
        for pair in ((a, b) for i, a in enumerate(arms) for b in arms[i + 1:]):
            counts[pair] = counts.get(pair, 0) + 1
    return tuple(Edge(*pair, trials) for pair, trials in sorted(counts.items()))


def status_of(tau2: float, method: str) -> tuple[str, ...]:
    """Return what must be said of the fit."""
    if method == "FE":
        return ("common-effect",)
    return ("boundary",) if tau2 == 0 else ("ok",)
