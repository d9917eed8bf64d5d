"""Which effects enter: of each group of people once, every other row with the reason why not."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from analysis.evidence.gathered import Evidence
from analysis.results import Comparison, Dataset, Effect, GroupEffect, LeftOut
from analysis.synthesis.deriving import Refused, derive
from analysis.synthesis.selection import REASONS, Candidate, Row, Screened, people_of, preference, screen

Gathered = tuple[tuple[Effect, ...], tuple[Effect, ...], tuple[LeftOut, ...]]  # pooled, doubtful, left out
Made = Effect | GroupEffect


def gather(comparison: Comparison, evidence: Evidence) -> Gathered:
    """Return the effects of the main pool, those of doubtful rows, and the rows left out with their reasons.

    A study enters once, in a multilevel model once for each instrument, time and detail.
    """
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    effects, doubtful, left_out = enter(
        screen(comparison, evidence),
        evidence,
        make=lambda candidate: derive(candidate, comparison, evidence.codebook, datasets),
        prefer=lambda candidate: preference(candidate, comparison),
        place=measurement if comparison.model == "multilevel" else lambda candidate: None,
    )
    return mark_mixture(effects, comparison), doubtful, left_out


def enter(
    screened: Screened,
    evidence: Evidence,
    make: Callable[[Candidate], Made | Refused],
    prefer: Callable[[Candidate], tuple],
    place: Callable[[Candidate], tuple | None],
) -> tuple[list[Made], tuple[Made, ...], tuple[LeftOut, ...]]:
    """Return the effects of the main pool, those of doubtful rows, and the rows left out with their reasons.

    Args:
        screened: The candidates of a question, and the rows that cannot be one.
        evidence: All of the review: who is whom, and how studies are named.
        make: Gives the effect of a candidate, or why it has none.
        prefer: A sort key: of the same people the candidate that comes first enters.
        place: What tells one measurement from another where several of the same people enter; None: they enter once.
    """
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    left_out = [leave_out(row, code, datasets) for row, code in screened.left_out]
    effects, doubtful = [], []
    for candidates in by_people(screened.candidates, evidence.people).values():
        taken: dict[tuple | None, Made] = {}
        for candidate in sorted(candidates, key=prefer):
            at = place(candidate)
            beside = refuse_beside(candidate, at, taken, datasets)
            effect = Refused(beside) if beside else make(candidate)
            if isinstance(effect, Refused):
                left_out += [leave_out(row, effect.code, datasets, effect.missing) for row in candidate.rows]
            else:
                taken[at] = effect
        for effect in taken.values():
            (doubtful if is_doubtful(effect) else effects).append(effect)
    return effects, tuple(doubtful), tuple(left_out)


def measurement(candidate: Candidate) -> tuple:
    """Return what tells one measurement of a study from another: a change and a value at follow-up are one."""
    row = candidate.first
    return row.instrument, row.followup_weeks, row.detail


def is_doubtful(effect: Made) -> bool:
    """Return whether an effect enters the sensitivity analysis alone."""
    return effect.seen_as == "doubtful" or "unit-of-analysis" in effect.cautions


def mark_mixture(effects: list[Effect], comparison: Comparison) -> tuple[Effect, ...]:
    """Return effects with a caution on changes that are standardised beside values at follow-up."""
    kinds = {effect.value_type for effect in effects}
    if comparison.measure not in ("SMD", "SMDH") or not {"change", "final"} <= kinds:
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


def refuse_beside(
    candidate: Candidate, place: tuple | None, taken: dict[tuple | None, Made], datasets: dict[str, Dataset]
) -> str | None:
    """Return why a candidate does not enter beside those taken of the same people; None when it may."""
    declared = people_of(candidate.study, datasets)
    if any(people_of(effect.study, datasets) != declared for effect in taken.values()):
        return "same-trial"
    if place in taken:
        return "other-row-used" if place is None else "same-measurement"
    return None


def leave_out(row: Row, code: str, datasets: dict[str, Dataset], missing: str | None = None) -> LeftOut:
    """Return a row with the reason why it is not in the pool."""
    reason = f"{REASONS[code]} Missing: {missing}." if missing else REASONS[code]
    return LeftOut(row.study, study_label(row.study, datasets), row.ref, code, reason)


def leave_out_code(effect: Made, code: str) -> list[LeftOut]:
    """Return the rows of an effect with the reason why it is not in the pool."""
    return [LeftOut(effect.study, effect.label, ref, code, REASONS[code]) for ref in effect.refs]


def study_label(study: str, datasets: dict[str, Dataset]) -> str:
    """Return how reports name a study."""
    dataset = datasets.get(study)
    return (dataset.metadata.study.label if dataset else None) or study
