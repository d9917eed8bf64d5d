"""What a dataset declares of its participant data: [participants] of metadata.toml. No participant is in here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ParticipantOutcome:
    """One column of participants.csv or .parquet: an outcome at a time."""

    column: str
    outcome: str
    instrument: str | None = None
    followup_weeks: float | None = None
    value_type: str = "final"  # "final" or "change"
    baseline: str | None = None  # the column of the same measurement before treatment
    event: str | None = None  # what stands in a cell of somebody with the event
    no_event: str | None = None  # and of somebody without
    detail: str | None = None
    scale: tuple[float, float] | None = None  # the instrument's range that its values were held to


@dataclass(frozen=True)
class Participants:
    """What the columns of a participant table are, beside study, participant and arm."""

    outcomes: tuple[ParticipantOutcome, ...]
    covariates: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()  # covariates that differences of means are adjusted for, beside the baseline
