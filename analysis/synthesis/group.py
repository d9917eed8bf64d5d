"""A question on one group and the rows that answer it, turned into what the evidence says."""

from dataclasses import replace

import numpy as np

from analysis.evidence.gathered import Evidence
from analysis.protocol.choices import LEAVE_ONE_OUT, WITH_DOUBTFUL, varied
from analysis.protocol.groups import GROUP_SHARES
from analysis.results import GroupChoice, GroupEffect, GroupQuestion, GroupResult, LeftOut, Pooled
from analysis.synthesis.averaging import way_of_pooling
from analysis.synthesis.comparison import applies, label_of, unit_of
from analysis.synthesis.gathering import enter
from analysis.synthesis.group_effects import derive_group, preference_of_group, screen_group
from analysis.synthesis.selection import REASONS, Screened

Effects = tuple[GroupEffect, ...]


def synthesise_group(question: GroupQuestion, evidence: Evidence) -> GroupResult:
    """Return what the evidence says of one group.

    Every row that answers ends in `effects`, `doubtful` or `left_out`. People enter once, whoever reports them.
    """
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    screened = screen_group(question, evidence)
    found, doubtful, left_out = enter(
        screened,
        evidence,
        make=lambda candidate: derive_group(candidate, question, evidence.codebook, datasets),
        prefer=lambda candidate: preference_of_group(candidate, question),
        place=lambda candidate: None,
    )
    effects = in_order(tuple(found))
    arms = {arm for effect in effects for arm in effect.arm.arms}
    return GroupResult(
        question=question,
        group_label=question.label or label_of(question.treatments, arms, evidence),
        outcome_label=evidence.codebook.outcomes[question.outcome].label,
        unit=unit_of(question, evidence),
        bounds=bounds_of(question, evidence),
        effects=effects,
        doubtful=doubtful,
        left_out=of_other_arms(left_out, screened, (*effects, *doubtful), evidence),
        rows_found=sum(len(effect.refs) for effect in (*effects, *doubtful)) + len(left_out),
        n_total=sum(effect.arm.n for effect in effects),
        pooled=pool_group(effects, question),
        choices=try_choices(question, effects, doubtful),
    )


def in_order(effects: Effects) -> Effects:
    """Return effects by year, so that a new study comes last."""
    return tuple(sorted(effects, key=lambda effect: (effect.year or 0, effect.study)))


def pool_group(effects: Effects, question: GroupQuestion) -> Pooled | None:
    """Return the average as the protocol declares it; None without a study."""
    return way_of_pooling(effects, question)(np.arange(len(effects)), [0]).pooled(0) if effects else None


def of_other_arms(
    left_out: tuple[LeftOut, ...], screened: Screened, effects: Effects, evidence: Evidence
) -> tuple[LeftOut, ...]:
    """Return the rows left out, those of other people than the arms used said so: they were measured otherwise."""
    people = evidence.people
    arms = {row.ref: row.arm for candidate in screened.candidates for row in candidate.rows}
    used: dict[str, set[str]] = {}
    for effect in effects:
        used.setdefault(people.get(effect.study, effect.study), set()).update(effect.arm.arms)

    def is_other(one: LeftOut) -> bool:
        return one.code == "other-row-used" and arms[one.ref] not in used[people.get(one.study, one.study)]

    code = "other-arm-used"
    return tuple(replace(one, code=code, reason=REASONS[code]) if is_other(one) else one for one in left_out)


def bounds_of(question: GroupQuestion, evidence: Evidence) -> tuple[float, float] | None:
    """Return what a value can be: a share from 0 to 1, a mean on its scale; None where nothing says so."""
    if question.measure in GROUP_SHARES:
        return 0.0, 1.0
    if question.measure != "MN":
        return None
    return question.rescale_to or evidence.codebook.instruments[question.instruments[0]].range


def try_choices(question: GroupQuestion, effects: Effects, doubtful: Effects) -> tuple[GroupChoice, ...]:
    """Return the average under each other choice that the protocol declares and that is another one here."""

    def choice(code: str, chosen: Effects, under: GroupQuestion) -> GroupChoice:
        return GroupChoice(code, tuple(effect.study for effect in chosen), pool_group(in_order(chosen), under))

    choices = []
    for code in question.sensitivity:
        if code == LEAVE_ONE_OUT:
            several = effects if len(effects) > 1 else ()
            choices += [
                choice(f"without:{one.study}", tuple(other for other in effects if other is not one), question)
                for one in several
            ]
        elif code == WITH_DOUBTFUL:
            choices += [choice(code, effects + doubtful, question)] if doubtful else []
        elif len(effects) > 1 and applies(code, question):
            choices.append(choice(code, effects, varied(question, code)))
    return tuple(choices)
