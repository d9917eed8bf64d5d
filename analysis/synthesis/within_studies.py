"""Several effects of a study in one model: which enter, and what they pool to."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.models import ModelError, Multilevel, fit_multilevel
from analysis.models.multilevel import row_weights
from analysis.results import Comparison, Effect, NotFitted, Pooled, WithinStudies

People = Mapping[str, str]  # id of a study -> id of the study that first reported its people
ROBUST = "CR2"


def whom(effect: Effect, people: People) -> str:
    """Return whom an effect is about: the study that first reported its people."""
    return people.get(effect.study, effect.study)


@dataclass(frozen=True)
class RowsPooled:
    """A multilevel model as the pooled analysis of a comparison, and what it is made of."""

    pooled: Pooled
    within: WithinStudies


def pool_rows(
    effects: tuple[Effect, ...], comparison: Comparison, people: People, intervals: bool = False
) -> RowsPooled | NotFitted:
    """Return the average over studies of several effects each, or why it cannot be had.

    The interval is robust (CR2, Satterthwaite): it holds even where the effects of a study share people and their
    errors are correlated, which the model takes to be independent.

    Args:
        effects: Of the pool; several may be about the same people.
        comparison: Gives the level, and ML in place of REML.
        people: Whom a study is about.
        intervals: Whether to give intervals of the variances, which takes longer.
    """
    clusters = [whom(effect, people) for effect in effects]
    if not effects:
        return why_not(clusters)
    try:
        found = fit_multilevel(
            [effect.yi for effect in effects], [effect.vi for effect in effects], clusters,
            method="ML" if comparison.tau2 == "ML" else "REML", robust=ROBUST, component_intervals=intervals,
            level=comparison.level,
        )  # fmt: skip
    except ModelError:
        found = None
    if found is None or "robust-empty" in found.status:
        return why_not(clusters)
    weights = row_weights([effect.vi for effect in effects], clusters, found.sigma2)
    return RowsPooled(pooled_of(found, weights), within_of(found, clusters))


def why_not(clusters: list[str]) -> NotFitted:
    """Return why rows cannot be fitted: one study, one row each, or rows too few or too alike."""
    studies = len(set(clusters))
    if studies < 2:
        return NotFitted("too-few", needs=2, found=studies)
    return NotFitted("one-row-each" if studies == len(clusters) else "rows-alike", found=len(clusters))


def pooled_of(found: Multilevel, weights: tuple[float, ...]) -> Pooled:
    """Return a multilevel model as a pooled analysis: the robust interval, and both variances as tau2."""
    mean, robust = found.coefficients[0], found.robust[0]
    return Pooled(
        k=found.clusters, tau2_method=found.method, test=found.robust_kind.lower(), level=found.level,
        estimate=mean.estimate, se=robust.se, ci_low=robust.ci_low, ci_high=robust.ci_high, p_value=robust.p_value,
        tau2=sum(found.sigma2), tau2_low=None, tau2_high=None, i2=found.i2, i2_low=None, i2_high=None, h2=None,
        q=found.qe, q_df=found.qe_df, q_p_value=found.qe_p_value, pi_low=found.pi_low, pi_high=found.pi_high,
        weights=weights, status=found.status,
    )  # fmt: skip


def within_of(found: Multilevel, clusters: list[str]) -> WithinStudies:
    mean = found.coefficients[0]
    between_ci, within_ci = found.sigma2_ci or (None, None)
    return WithinStudies(
        people=tuple(clusters), rows=found.k, studies=found.clusters, between=found.sigma2[0], within=found.sigma2[1],
        between_ci=between_ci, within_ci=within_ci, robust=found.robust_kind, robust_df=found.robust[0].df,
        model_se=mean.se, model_low=mean.ci_low, model_high=mean.ci_high, model_p_value=mean.p_value,
    )  # fmt: skip


def first_rows(effects: tuple[Effect, ...], people: People) -> tuple[Effect, ...]:
    """Return the effect of each study that the protocol prefers: the first of its rows."""
    first: dict[str, Effect] = {}
    for effect in effects:
        first.setdefault(whom(effect, people), effect)
    return tuple(first.values())
