"""The arms of a study that answer a question on one group: which of them count, and the effect that they make."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

from analysis.effects import MEASURES
from analysis.effects import REASONS as EFFECT_REASONS
from analysis.evidence.codebook import Codebook
from analysis.evidence.gathered import Evidence
from analysis.results import ArmRow, ArmSummary, Dataset, GroupEffect, GroupQuestion, ParticipantRow
from analysis.synthesis.arm_figures import changed
from analysis.synthesis.deriving import (
    COARSE,
    Refused,
    cautions_of_study,
    combined,
    dispersion_of,
    half_unit,
    has_range,
    runs_otherwise,
    summarise_events,
    summarise_means,
)
from analysis.synthesis.participants import as_change, cautions_of, derivation_of, is_participants, too_few
from analysis.synthesis.selection import Candidate, Screened, occasion, preference, references, refuse_row

CHANGE = "change"


@dataclass(frozen=True)
class GroupMeasure:
    """How a measure of one group is made.

    Args:
        take: Gives an arm in the figures that the measure is made of, or the code of why it has none.
        summarise: Puts the arms of a study together.
        make: A key of effects.MEASURES, whose function takes what `summarise` gives.
        halved: The caution of a group in which nobody or everybody has the event.
    """

    take: Callable[[ArmRow], ArmRow | str]
    summarise: Callable[[tuple[ArmRow, ...], Codebook], ArmSummary | Refused]
    make: str
    halved: str | None = None


def at_followup(row: ArmRow) -> ArmRow | str:
    return "change-not-value" if row.value_type == CHANGE else row


def as_change_from_baseline(row: ArmRow) -> ArmRow | str:
    """Return an arm as its change: as printed, else from baseline and follow-up with their correlation."""
    if row.value_type == CHANGE:
        return replace(row, correlation=None)
    made = as_change(row) if isinstance(row, ParticipantRow) else changed(row, None)
    return "no-change" if made is row else replace(made, value_type=CHANGE)


def as_counted(row: ArmRow) -> ArmRow | str:
    return row


GROUP_MEASURES = {
    "MN": GroupMeasure(at_followup, summarise_means, "MN"),
    "MC": GroupMeasure(as_change_from_baseline, summarise_means, "MN"),  # the mean of each person's change
    "PR": GroupMeasure(as_counted, summarise_events, "PR", "half-in-variance"),
    "PLO": GroupMeasure(as_counted, summarise_events, "PLO", "half-added"),
}


# ---------------------------------------------------------------- which rows


def screen_group(question: GroupQuestion, evidence: Evidence) -> Screened:
    """Return the candidates of a question on one group, and the rows that cannot be one.

    Arms of a study that were measured alike make one candidate.
    """
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    measure, left_out = GROUP_MEASURES[question.measure], []
    alike: dict[tuple, list[ArmRow]] = defaultdict(list)
    for row in evidence.arms:
        if row.outcome != question.outcome or row.arm not in question.treatments:
            continue
        code = refuse_row(row, question, datasets) or refuse_baseline(row, question)
        taken = row if code else measure.take(row)
        code = code or (taken if isinstance(taken, str) else None)
        if code:
            left_out.append((row, code))
        else:
            alike[occasion(row), row.ref.dataset].append(taken)
    candidates = (Candidate(rows[0].study, experimental=tuple(rows)) for rows in alike.values())
    return Screened(tuple(candidates), tuple(left_out))


def refuse_baseline(row: ArmRow, question: GroupQuestion) -> str | None:
    """Return that a row is of the time before treatment, where no window says that this is what is asked."""
    return "baseline" if question.window_weeks is None and row.followup_weeks == 0 else None


def preference_of_group(candidate: Candidate, question: GroupQuestion) -> tuple:
    """Return a sort key as for comparisons; of what the protocol prefers alike, the most arms come first.

    A change as printed comes before one that is made of baseline and follow-up.
    """
    *stated, participants, _, _, secondary, dataset, line = preference(candidate, question)
    return *stated, -len(candidate.rows), participants, any(map(is_made, candidate.rows)), secondary, dataset, line


# ---------------------------------------------------------------- what they make


def derive_group(
    candidate: Candidate, question: GroupQuestion, codebook: Codebook, datasets: dict[str, Dataset]
) -> GroupEffect | Refused:
    """Return what the arms of a candidate show together, on the scale of the question; or why nothing."""
    if question.rescale_to and not has_range(candidate, codebook):
        return Refused("no-range")
    if too_few(candidate):
        return Refused("too-few-participants")
    measure = GROUP_MEASURES[question.measure]
    arm = measure.summarise(candidate.experimental, codebook)
    if isinstance(arm, Refused):
        return arm
    made = MEASURES[measure.make].make(*figures(arm))
    if made.codes[0]:
        return Refused("not-estimable", EFFECT_REASONS[made.codes[0]].sentence.lower())
    yi, factor, moved = to_scale_of_group(float(made.yi[0]), candidate, question, codebook)
    vi = float(made.vi[0]) * factor**2
    half = NormalDist().inv_cdf((1 + question.level) / 2) * sqrt(vi)
    study = datasets[candidate.study].metadata.study if candidate.study in datasets else None
    halved = (measure.halved,) if measure.halved and arm.events in (0, arm.n) else ()
    own = (*combined(candidate), *halved, *coarse(candidate, made.vi[0]))
    row = candidate.first
    return GroupEffect(
        study=candidate.study, label=(study.label if study else None) or candidate.study,
        year=study.year if study else None, yi=yi, vi=vi, sei=sqrt(vi), ci_low=yi - half, ci_high=yi + half,
        measure=question.measure, derivation=derivation_of_group(candidate), followup_weeks=row.followup_weeks,
        instrument=row.instrument, value_type=row.value_type, detail=row.detail,
        arm=arm if arm.mean is None else replace(arm, mean=yi, sd=arm.sd * factor), seen_as=candidate.seen_as,
        cautions=(*own, *moved, *cautions_of(candidate), *cautions_of_study(candidate, study, datasets)),
        refs=references(candidate.rows),
    )  # fmt: skip


def figures(arm: ArmSummary) -> tuple[float, ...]:
    """Return what the function of a measure takes: mean, SD and size, or events and size."""
    return (arm.mean, arm.sd, arm.n) if arm.events is None else (arm.events, arm.n)


def derivation_of_group(candidate: Candidate) -> str:
    """Return the code of how the figures of a candidate came about."""
    if candidate.first.events is not None and candidate.first.mean is None:
        return derivation_of(candidate, "events")
    if not is_participants(candidate) and any(is_made(row) for row in candidate.rows):
        return "change-correlation"
    return derivation_of(candidate, dispersion_of(candidate))


def is_made(row: ArmRow) -> bool:
    """Return whether a change was made from baseline and follow-up."""
    return row.value_type == CHANGE and None not in (row.baseline_mean, row.correlation)


def coarse(candidate: Candidate, vi: float) -> tuple[str, ...]:
    """Return the caution of means that are printed so coarsely that rounding moves them by COARSE standard errors."""
    if candidate.first.mean is None or is_participants(candidate):
        return ()
    rounding = half_unit([value for row in candidate.rows for value in (row.mean, row.sd)])
    return ("coarse-rounding",) if rounding > COARSE * sqrt(vi) else ()


def to_scale_of_group(
    yi: float, candidate: Candidate, question: GroupQuestion, codebook: Codebook
) -> tuple[float, float, tuple[str, ...]]:
    """Return a mean on the common scale, by how much it was stretched, and what a reader must know.

    An instrument that runs the other way is turned round end for end: its best value becomes the best of the scale.
    """
    if question.rescale_to is None:
        return yi, 1.0, ()
    (low, high), (new_low, new_high) = codebook.instruments[candidate.first.instrument].range, question.rescale_to
    stretch = (new_high - new_low) / (high - low)
    mirrored = runs_otherwise(candidate, question, codebook)
    stretched = ("rescaled",) if (low, high) != question.rescale_to else ()
    cautions = (*stretched, *(("scale-mirrored",) if mirrored else ()))
    if question.measure == "MC":
        return yi * (-stretch if mirrored else stretch), stretch, cautions
    return (new_high - (yi - low) * stretch if mirrored else new_low + (yi - low) * stretch), stretch, cautions
