"""Moderators in words: what each is called, what one unit of it is, and why a model of them has no answer."""

from analysis.report.phrases import DERIVATIONS, DESIGNS, SEEN_AS, VALUE_TYPES, phrase
from analysis.report.wording import joined, plain
from analysis.results import NotFitted, Unplaced

MODERATOR_NAMES = {
    "followup_weeks": "weeks of follow-up",
    "year": "year of publication",
    "n_total": "number of people",
    "value_type": "kind of value",
    "instrument": "instrument",
    "detail": "detail of the result",
    "design": "design",
    "country": "country",
    "experimental": "treatment",
    "control": "control treatment",
    "derivation": "way the effect was made",
    "seen_as": "kind of source",
    "dose_weeks": "weeks of exercise",
    "dose_sessions": "number of sessions",
    "dose_sessions_per_week": "sessions a week",
    "dose_sets": "number of sets",
    "dose_reps": "number of repetitions",
    "dose_hold_seconds": "seconds of holding",
}
UNITS = {
    "followup_weeks": "week of follow-up",
    "year": "year of publication",
    "n_total": "person in the study",
    "dose_weeks": "week of exercise",
    "dose_sessions": "session",
    "dose_sessions_per_week": "session a week",
    "dose_sets": "set",
    "dose_reps": "repetition",
    "dose_hold_seconds": "second of holding",
}
LEVEL_WORDS = {"value_type": VALUE_TYPES, "design": DESIGNS, "derivation": DERIVATIONS, "seen_as": SEEN_AS}
NOT_FITTED = {
    "no-studies": "No {noun} has figures that can be pooled, so there is nothing to relate.",
    "none-left": "No {noun} says anything of it, so there is nothing to relate.",
    "constant": "All {nouns} have the same {moderator} ({value}), so that it can explain no difference between them.",
    "too-few": "This needs at least {needs} {nouns} that say everything; {found}. So nothing is fitted.",
    "model": "The model cannot be fitted: {value}.",
}


def moderator_name(moderator: str) -> str:
    return phrase(MODERATOR_NAMES, moderator)


def unit_of(moderator: str) -> str:
    """Return what one unit of a moderator in numbers is."""
    return UNITS.get(moderator, f"unit of the {moderator_name(moderator)}")


def level_name(moderator: str, level: str) -> str:
    """Return a value of a moderator in words; codes of the contract by their sentence, all else as it stands."""
    return phrase(LEVEL_WORDS.get(moderator, {}), level)


def why_not(reason: NotFitted, noun: str, nouns: str) -> str:
    """Return why a model has no answer, as a sentence."""
    found = "there is 1" if reason.found == 1 else f"there are {reason.found or 'none'}"
    moderator = moderator_name(reason.moderator) if reason.moderator else ""
    value = level_name(reason.moderator, reason.value) if reason.moderator and reason.value else reason.value
    return phrase(NOT_FITTED, reason.code).format(
        noun=noun, nouns=nouns, moderator=moderator, value=value, needs=reason.needs, found=found
    )


def left_out_sentence(left_out: tuple[Unplaced, ...]) -> str:
    """Return which studies a model leaves out, and what they do not say."""
    if not left_out:
        return ""
    each = [f"{one.label} ({joined(map(moderator_name, one.moderators))} not known)" for one in left_out]
    return f"Left out of this: {joined(each)}."


def number_text(value: float) -> str:
    """Return a value of a moderator in numbers; a year has no comma."""
    return f"{value:.0f}" if value == int(value) and 1000 <= value < 3000 else plain(value)
