"""A comparison and its rows in, what the evidence says of it out: the whole chain on one screen."""

from dataclasses import replace
from statistics import median

import numpy as np

from analysis.evidence.gathered import Evidence
from analysis.protocol.choices import (
    LEAVE_ONE_OUT,
    ONLY_LOW_RISK,
    TABLE_MEASURES,
    WITH_DOUBTFUL,
    WITHOUT,
    WITHOUT_HIGH_RISK,
    varied,
)
from analysis.results import (
    MANTEL_HAENSZEL,
    Better,
    Choice,
    Comparison,
    ComparisonResult,
    Effect,
    GroupQuestion,
    NotFitted,
    Pooled,
    PoolingRow,
    Robustness,
    SecondOpinion,
    WithinStudies,
)
from analysis.synthesis.averaging import way_of_pooling
from analysis.synthesis.believing import look_at_prior
from analysis.synthesis.bias_shares import bias_shares
from analysis.synthesis.expecting import awaited_for
from analysis.synthesis.finding import look_at_power
from analysis.synthesis.gathering import Gathered, gather
from analysis.synthesis.importance import with_importance
from analysis.synthesis.leaning import look_at_robustness
from analysis.synthesis.meta_regression import regress_on_moderators
from analysis.synthesis.subgroups import group_studies
from analysis.synthesis.within_studies import People, first_rows, pool_rows, whom

NOT_ASKED = SecondOpinion("statsmodels", asked=False, why_not="preview")
NOBODY: People = {}
WITH_UNIT = ("MD", "MN", "MC")
KEPT_BY_RISK = {  # choice -> does a study of this level of risk of bias stay; None: nobody judged it
    WITHOUT_HIGH_RISK: lambda level: level != "high",
    ONLY_LOW_RISK: lambda level: level == "low",
}


def synthesise_comparison(comparison: Comparison, evidence: Evidence) -> ComparisonResult:
    """Return what the evidence says of a comparison.

    Every row that answers the question ends in `effects`, `doubtful` or `left_out`, and `rows_found`
    counts them. The main pool takes primary and secondary figures; doubtful ones enter only the choice
    "with-doubtful"; superseded ones are never pooled.
    """
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    people = evidence.people
    (effects, doubtful, left_out), within = settle(comparison, evidence, people)
    effects = in_plotting_order(effects, comparison, people)
    comparison = with_importance(comparison, effects, evidence.codebook)
    used = model_used(comparison, within)
    pooled = pool_effects(effects, used, people)
    better = evidence.codebook.outcomes[comparison.outcome].better
    answer = answer_of(pooled, better)
    published = published_for(comparison, evidence)
    awaited, all_awaited = awaited_for(used, effects, pooled, evidence)
    arms = {arm for effect in effects for arm in effect.experimental.arms + effect.control.arms}
    return ComparisonResult(
        comparison=comparison,
        experimental_label=comparison.experimental_label or label_of(comparison.experimental, arms, evidence),
        control_label=comparison.control_label or label_of(comparison.control, arms, evidence),
        outcome_label=evidence.codebook.outcomes[comparison.outcome].label,
        unit=unit_of(comparison, evidence),
        better=better,
        effects=effects,
        doubtful=doubtful,
        left_out=left_out,
        rows_found=sum(len(effect.refs) for effect in effects + doubtful) + len(left_out),
        n_total=sum_people(effects, people),
        pooled=pooled,
        answer=answer,
        choices=try_choices(used, effects, doubtful, better, answer, (evidence, people)),
        published=published,
        published_better=tuple(evidence.codebook.outcomes[row.outcome].better for row in published),
        control_risk=control_risk(effects, comparison),
        second_opinion=NOT_ASKED,
        awaited=awaited,
        robustness=look_further(effects, used, pooled, better),
        regression=regress_on_moderators(used, effects, people, datasets),
        subgroups=group_studies(used, effects, datasets),
        within=within and in_order(within, effects, people),
        bias_shares=bias_shares(effects, pooled),
        all_awaited=all_awaited,
    )


def look_further(
    effects: tuple[Effect, ...], comparison: Comparison, pooled: Pooled | None, better: Better
) -> Robustness:
    """Return how far the pool leans on single studies, what it could find, and what a stated prior makes of it."""
    power, posterior = look_at_power(effects, comparison, pooled), look_at_prior(effects, comparison, better)
    return replace(look_at_robustness(effects, comparison), power=power, posterior=posterior)


def settle(comparison: Comparison, evidence: Evidence, people: People) -> tuple[Gathered, WithinStudies | None]:
    """Return what is gathered for the model of a comparison; rows that no multilevel model fits enter one a study."""
    found = gather(comparison, evidence)
    if comparison.model != "multilevel":
        return found, None
    rows = pool_rows(found[0], comparison, people, intervals=True)
    if isinstance(rows, NotFitted):
        return gather(replace(comparison, model="random"), evidence), WithinStudies((), not_fitted=rows)
    return found, rows.within


def model_used(comparison: Comparison, within: WithinStudies | None) -> Comparison:
    """Return a comparison as it is pooled: with random effects where a multilevel model could not be fitted."""
    return replace(comparison, model="random") if within and within.not_fitted else comparison


def in_order(within: WithinStudies, effects: tuple[Effect, ...], people: People) -> WithinStudies:
    """Return whom each effect is about, in plotting order; nothing where each study enters once."""
    if within.not_fitted:
        return within
    return replace(within, people=tuple(whom(effect, people) for effect in effects))


def pool_effects(effects: tuple[Effect, ...], comparison: Comparison, people: People = NOBODY) -> Pooled | None:
    """Return the pooled analysis as the protocol declares it; None without a trial.

    Rows that no multilevel model fits, since a choice left too few of them, are pooled one a study.
    """
    if not effects:
        return None
    if comparison.model == "multilevel":
        rows = pool_rows(effects, comparison, people)
        if not isinstance(rows, NotFitted):
            return rows.pooled
        effects = first_rows(effects, people)
    return way_of_pooling(effects, comparison)(np.arange(len(effects)), [0]).pooled(0)


def in_plotting_order(
    effects: tuple[Effect, ...], comparison: Comparison, people: People = NOBODY
) -> tuple[Effect, ...]:
    """Return effects by year (a new trial last), by size or by weight (the largest first); those of a study together.

    Of several effects of a study the preferred one stays first, and gives the study its place.
    """
    keys = {
        "year": lambda effect: (effect.year or 0, effect.study),
        "effect": lambda effect: (effect.yi, effect.study),
        "weight": lambda effect: (effect.vi, effect.study),
    }
    place, first = keys[comparison.order], {whom(effect, people): effect for effect in reversed(effects)}
    return tuple(sorted(effects, key=lambda effect: place(first[whom(effect, people)])))


def answer_of(pooled: Pooled | None, better: Better) -> str:
    """Return which side the interval of the average lies on, if it lies on one."""
    if pooled is None:
        return "no-data"
    if pooled.ci_low <= 0 <= pooled.ci_high:
        return "uncertain"
    above = pooled.ci_low > 0
    if better == "none":
        return "higher" if above else "lower"
    return "favours-experimental" if above == (better == "higher") else "favours-control"


def try_choices(
    comparison: Comparison, effects: tuple[Effect, ...], doubtful: tuple[Effect, ...], better: Better, answer: str,
    sources: tuple[Evidence, People],
) -> tuple[Choice, ...]:  # fmt: skip
    """Return the comparison under each other choice that its protocol declares and that is another one here."""
    evidence, people = sources

    def choice(code: str, chosen: tuple[Effect, ...], under: Comparison) -> Choice:
        pooled = pool_effects(in_plotting_order(chosen, comparison, people), under, people)
        outcome = answer_of(pooled, better)
        return Choice(code, tuple(dict.fromkeys(one.study for one in chosen)), pooled, outcome, outcome == answer)

    choices = []
    for code in comparison.sensitivity:
        name, _, value = code.partition("=")
        if code == LEAVE_ONE_OUT:
            studies = first_rows(effects, people)
            choices += [
                choice(f"without:{first.study}", without(first, effects, people), comparison)
                for first in (studies if len(studies) > 1 else ())
            ]
        elif code == WITH_DOUBTFUL:
            choices += [choice(code, effects + doubtful, comparison)] if doubtful else []
        elif code in KEPT_BY_RISK:
            kept = kept_by_risk(effects, code)
            choices += [choice(code, kept, comparison)] if len(kept) < len(effects) else []
        elif name == WITHOUT:
            kept = tuple(effect for effect in effects if value not in effect.experimental.arms + effect.control.arms)
            choices += [choice(code, kept, comparison)] if len(kept) < len(effects) else []
        elif len(effects) > 1 and applies(code, comparison):
            under = varied(comparison, code)
            chosen = effects_under(under, comparison, effects, evidence, people)
            choices += [choice(code, chosen, under)] if can_be_fitted(chosen, under, people) else []
    return tuple(choices)


def without(left_out: Effect, effects: tuple[Effect, ...], people: People) -> tuple[Effect, ...]:
    """Return the effects about other people than one is about."""
    return tuple(one for one in effects if whom(one, people) != whom(left_out, people))


def applies(code: str, comparison: Comparison | GroupQuestion) -> bool:
    """Return whether a choice is another one than the protocol's: only random effects have other tau2 and intervals."""
    fixed = comparison.model != "random" and not code.startswith("model=")
    return varied(comparison, code) != comparison and not fixed


def can_be_fitted(effects: tuple[Effect, ...], under: Comparison, people: People) -> bool:
    """Return whether a choice is what it says: a multilevel model that is none here would be the random one again."""
    if under.model == MANTEL_HAENSZEL:
        return bool(effects)
    return under.model != "multilevel" or not isinstance(pool_rows(effects, under, people), NotFitted)


def effects_under(
    under: Comparison, comparison: Comparison, effects: tuple[Effect, ...], evidence: Evidence, people: People
) -> tuple[Effect, ...]:
    """Return the effects for another model: all rows for a multilevel one, else one a study; tables alone or not."""
    if under.model == comparison.model:
        return effects
    others = under.model == "multilevel" or MANTEL_HAENSZEL in (under.model, comparison.model)
    return gather(under, evidence)[0] if others else first_rows(effects, people)


def kept_by_risk(effects: tuple[Effect, ...], code: str) -> tuple[Effect, ...]:
    """Return the effects that a choice by risk of bias keeps; all of them where nobody judged any."""
    levels = [effect.risk_of_bias.overall.level if effect.risk_of_bias else None for effect in effects]
    if not any(levels):
        return effects
    return tuple(effect for effect, level in zip(effects, levels, strict=True) if KEPT_BY_RISK[code](level))


def published_for(comparison: Comparison, evidence: Evidence) -> tuple[PoolingRow, ...]:
    """Return the poolings of published reviews that ask the same; shown beside, never pooled with each other."""
    outcomes = comparison.published_outcomes or (comparison.outcome,)
    experimental = comparison.published_experimental or comparison.experimental
    control = comparison.published_control or comparison.control
    return tuple(
        row
        for row in evidence.poolings
        if row.outcome in outcomes and row.experimental in experimental and row.control in control
        and row.ref.seen_as != "superseded" and row.measure != "slope"
    )  # fmt: skip


def control_risk(effects: tuple[Effect, ...], comparison: Comparison) -> float | None:
    """Return the median risk among control arms that print events; None when none does."""
    if comparison.measure not in TABLE_MEASURES:
        return None
    risks = [effect.control.events / effect.control.n for effect in effects if effect.control.events is not None]
    return median(risks) if risks else None


def sum_people(effects: tuple[Effect, ...], people: People = NOBODY) -> int | None:
    """Return the people in the pool, those of a study once; None when a trial does not print its number."""
    counts: dict[str, int | None] = {}
    for effect in effects:
        study = whom(effect, people)
        counts[study] = max(filter(None, (counts.get(study), effect.n_total)), default=None)
    return sum(counts.values()) if counts and None not in counts.values() else None


def label_of(codes: tuple[str, ...], used: set[str], evidence: Evidence) -> str:
    """Return treatments in words: those that studies here used, or all when none did."""
    shown = [code for code in codes if code in used] or list(codes)
    return " or ".join(evidence.codebook.treatments[code].label for code in shown)


def unit_of(comparison: Comparison | GroupQuestion, evidence: Evidence) -> str | None:
    """Return the unit of means and their differences in words; None for measures without a unit."""
    if comparison.measure not in WITH_UNIT:
        return None
    if comparison.rescale_to:
        low, high = comparison.rescale_to
        return f"points on a {low:g} to {high:g} scale"
    instrument = evidence.codebook.instruments[comparison.instruments[0]]
    unit = instrument.unit or "units"
    if unit != "points" or unit in instrument.label:
        return unit
    low, high = instrument.range or (0, 0)
    ends = "" if low == high or f"{low:g} to {high:g}" in instrument.label else f", {low:g} to {high:g}"
    return f"points on the {instrument.label}{ends}"
