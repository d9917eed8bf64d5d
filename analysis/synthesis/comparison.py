"""A comparison and its rows in, what the evidence says of it out: the whole chain on one screen."""

from collections import defaultdict
from dataclasses import replace
from statistics import median

from analysis.evidence.gathered import Evidence
from analysis.pooling import pool
from analysis.protocol.choices import LEAVE_ONE_OUT, WITH_DOUBTFUL, WITHOUT, varied
from analysis.results import (
    Awaited,
    Better,
    Choice,
    Comparison,
    ComparisonResult,
    Dataset,
    Effect,
    LeftOut,
    Pooled,
    PoolingRow,
    SecondOpinion,
)
from analysis.synthesis.deriving import derive
from analysis.synthesis.importance import with_importance
from analysis.synthesis.leaning import look_at_robustness, settings_of
from analysis.synthesis.selection import REASONS, Candidate, Row, people_of, preference, screen

NOT_ASKED = SecondOpinion("statsmodels", asked=False, why_not="preview")
BINARY = ("RR", "OR", "RD")


def synthesise_comparison(comparison: Comparison, evidence: Evidence) -> ComparisonResult:
    """Return what the evidence says of a comparison.

    Every row that answers the question ends in `effects`, `doubtful` or `left_out`, and `rows_found`
    counts them. The main pool takes primary and secondary figures; doubtful ones enter only the choice
    "with-doubtful"; superseded ones are never pooled.
    """
    effects, doubtful, left_out = gather(comparison, evidence)
    effects = in_plotting_order(effects, comparison)
    comparison = with_importance(comparison, effects, evidence.codebook)
    pooled = pool_effects(effects, comparison)
    better = evidence.codebook.outcomes[comparison.outcome].better
    answer = answer_of(pooled, better)
    published = published_for(comparison, evidence)
    return ComparisonResult(
        comparison=comparison,
        experimental_label=comparison.experimental_label or label_of(comparison.experimental, effects, evidence),
        control_label=comparison.control_label or label_of(comparison.control, effects, evidence),
        outcome_label=evidence.codebook.outcomes[comparison.outcome].label,
        unit=unit_of(comparison, evidence),
        better=better,
        effects=effects,
        doubtful=doubtful,
        left_out=left_out,
        rows_found=sum(len(effect.refs) for effect in effects + doubtful) + len(left_out),
        n_total=sum_people(effects),
        pooled=pooled,
        answer=answer,
        choices=try_choices(comparison, effects, doubtful, better, answer),
        published=published,
        published_better=tuple(evidence.codebook.outcomes[row.outcome].better for row in published),
        control_risk=control_risk(effects, comparison),
        second_opinion=NOT_ASKED,
        awaited=awaited_for(comparison, evidence),
        robustness=look_at_robustness(effects, comparison),
    )


def gather(
    comparison: Comparison, evidence: Evidence
) -> tuple[tuple[Effect, ...], tuple[Effect, ...], tuple[LeftOut, ...]]:
    """Return the effects of the main pool, those of doubtful rows, and the rows left out with their reasons."""
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    screened = screen(comparison, evidence)
    left_out = [leave_out(row, code, datasets) for row, code in screened.left_out]
    effects, doubtful = [], []
    for candidates in by_people(screened.candidates, evidence.people).values():
        taken = None
        for candidate in sorted(candidates, key=lambda one: preference(one, comparison)):
            effect = derive(candidate, comparison, evidence.codebook, datasets) if taken is None else None
            if isinstance(effect, Effect):
                taken = effect
            else:
                code, detail = (why_not(candidate, taken, datasets), None) if taken else (effect.code, effect.missing)
                left_out += [leave_out(row, code, datasets, detail) for row in candidate.rows]
        if taken is not None:
            (doubtful if is_doubtful(taken) else effects).append(taken)
    return mark_mixture(effects, comparison), tuple(doubtful), tuple(left_out)


def is_doubtful(effect: Effect) -> bool:
    """Return whether an effect enters the sensitivity analysis alone."""
    return effect.seen_as == "doubtful" or "unit-of-analysis" in effect.cautions


def mark_mixture(effects: list[Effect], comparison: Comparison) -> tuple[Effect, ...]:
    """Return effects with a caution on changes that are standardised beside values at follow-up."""
    kinds = {effect.value_type for effect in effects}
    if comparison.measure != "SMD" or not {"change", "final"} <= kinds:
        return tuple(effects)
    return tuple(
        replace(effect, cautions=(*effect.cautions, "change-and-final")) if effect.value_type == "change" else effect
        for effect in effects
    )


def by_people(candidates: tuple[Candidate, ...], people: dict[str, str]) -> dict[str, list[Candidate]]:
    """Return the candidates by the people they are about, whichever report they stand in."""
    groups = defaultdict(list)
    for candidate in candidates:
        groups[people.get(candidate.study, candidate.study)].append(candidate)
    return groups


def why_not(candidate: Candidate, taken: Effect, datasets: dict[str, Dataset]) -> str:
    """Return why a candidate does not enter beside the one taken: the same people, as declared or as found."""
    declared = people_of(candidate.study, datasets) == people_of(taken.study, datasets)
    return "other-row-used" if declared else "same-trial"


def leave_out(row: Row, code: str, datasets: dict[str, Dataset], missing: str | None = None) -> LeftOut:
    """Return a row with the reason why it is not in the pool."""
    reason = f"{REASONS[code]} Missing: {missing}." if missing else REASONS[code]
    return LeftOut(row.study, study_label(row.study, datasets), row.ref, code, reason)


def study_label(study: str, datasets: dict[str, Dataset]) -> str:
    """Return how reports name a study."""
    dataset = datasets.get(study)
    return (dataset.metadata.study.label if dataset else None) or study


def pool_effects(effects: tuple[Effect, ...], comparison: Comparison) -> Pooled | None:
    """Return the pooled analysis as the protocol declares it; None without a trial."""
    if not effects:
        return None
    return pool(
        [effect.yi for effect in effects],
        [effect.vi for effect in effects],
        level=comparison.level,
        **settings_of(comparison),
    )


def in_plotting_order(effects: tuple[Effect, ...], comparison: Comparison) -> tuple[Effect, ...]:
    """Return effects by year (a new trial last), by size or by weight (the largest first)."""
    keys = {
        "year": lambda effect: (effect.year or 0, effect.study),
        "effect": lambda effect: (effect.yi, effect.study),
        "weight": lambda effect: (effect.vi, effect.study),
    }
    return tuple(sorted(effects, key=keys[comparison.order]))


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
    comparison: Comparison, effects: tuple[Effect, ...], doubtful: tuple[Effect, ...], better: Better, answer: str
) -> tuple[Choice, ...]:
    """Return the comparison under each other choice that its protocol declares and that is another one here."""

    def choice(code: str, chosen: tuple[Effect, ...], under: Comparison) -> Choice:
        pooled = pool_effects(in_plotting_order(chosen, comparison), under)
        outcome = answer_of(pooled, better)
        return Choice(code, tuple(effect.study for effect in chosen), pooled, outcome, outcome == answer)

    choices = []
    for code in comparison.sensitivity:
        name, _, value = code.partition("=")
        if code == LEAVE_ONE_OUT:
            choices += [
                choice(f"without:{effect.study}", tuple(one for one in effects if one is not effect), comparison)
                for effect in (effects if len(effects) > 1 else ())
            ]
        elif code == WITH_DOUBTFUL:
            choices += [choice(code, effects + doubtful, comparison)] if doubtful else []
        elif name == WITHOUT:
            kept = tuple(effect for effect in effects if value not in effect.experimental.arms + effect.control.arms)
            choices += [choice(code, kept, comparison)] if len(kept) < len(effects) else []
        elif len(effects) > 1 and varied(comparison, code) != comparison:
            choices.append(choice(code, effects, varied(comparison, code)))
    return tuple(choices)


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


def awaited_for(comparison: Comparison, evidence: Evidence) -> tuple[Awaited, ...]:
    """Return the studies of the ledger with an arm on each side, whose figures nobody has typed yet."""
    found = []
    for dataset in evidence.datasets:
        study = dataset.metadata.study
        arms = {arm.treatment for arm in dataset.metadata.arms}
        sides = arms & set(comparison.experimental), arms & set(comparison.control)
        if study.status == "awaiting-extraction" and study.design in comparison.designs and all(sides):
            label = study.label or dataset.id
            found.append(Awaited(dataset.id, label, study.n_randomised, dataset.metadata.source.citation))
    return tuple(found)


def control_risk(effects: tuple[Effect, ...], comparison: Comparison) -> float | None:
    """Return the median risk among control arms that print events; None when none does."""
    if comparison.measure not in BINARY:
        return None
    risks = [effect.control.events / effect.control.n for effect in effects if effect.control.events is not None]
    return median(risks) if risks else None


def sum_people(effects: tuple[Effect, ...]) -> int | None:
    """Return the people in the pool; None when a trial does not print its number."""
    counts = [effect.n_total for effect in effects]
    return sum(counts) if counts and None not in counts else None


def label_of(codes: tuple[str, ...], effects: tuple[Effect, ...], evidence: Evidence) -> str:
    """Return the treatments of a side in words: those that trials here used, or all when none did."""
    used = {arm for effect in effects for arm in effect.experimental.arms + effect.control.arms}
    shown = [code for code in codes if code in used] or list(codes)
    return " or ".join(evidence.codebook.treatments[code].label for code in shown)


def unit_of(comparison: Comparison, evidence: Evidence) -> str | None:
    """Return the unit of a mean difference in words; None for measures without a unit."""
    if comparison.measure != "MD":
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
