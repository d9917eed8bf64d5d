"""What a protocol may ask effects to depend on: the moderators that rows, metadata and doses carry."""

MODERATORS: dict[str, str] = {
    "followup_weeks": "weeks of follow-up",
    "year": "year of publication",
    "n_total": "people in the effect",
    "value_type": "values at follow-up or changes",
    "instrument": "the instrument",
    "detail": "the detail of the row, as printed",
    "design": "the design of the study",
    "country": "the country",
    "experimental": "the treatments of the experimental side",
    "control": "the treatments of the control side",
    "derivation": "how the effect was made",
    "seen_as": "primary or secondary source",
    "dose_weeks": "weeks of the experimental arm's programme",
    "dose_sessions": "its sessions in all",
    "dose_sessions_per_week": "its sessions a week",
    "dose_sets": "its sets",
    "dose_reps": "its repetitions",
    "dose_hold_seconds": "seconds that a position is held",
}
SUBGROUP_TAU2 = ("separate", "common")
SETTLED_BY: dict[str, str] = {  # moderators that a comparison settles when the key of that name has one value
    "experimental": "experimental",
    "control": "control",
    "instrument": "instruments",
    "design": "designs",
}
