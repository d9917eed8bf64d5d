"""What a moderator says of each effect, taken from its rows, from the metadata of its study and from its dose."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.results import Dataset, Effect, NotFitted, Unplaced

Value = float | str | None
Datasets = Mapping[str, Dataset]

PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Moderated:
    """The effects that every moderator says something of.

    Args:
        effects: In the order given.
        places: Of these effects among all that were given.
        columns: A value an effect, by moderator: all numbers, or all words.
        left_out: The others, with the moderators that say nothing of them.
    """

    effects: tuple[Effect, ...]
    places: tuple[int, ...]
    columns: dict[str, tuple[float, ...] | tuple[str, ...]]
    left_out: tuple[Unplaced, ...]


def read_moderators(names: tuple[str, ...], effects: tuple[Effect, ...], datasets: Datasets) -> Moderated:
    """Return what moderators say of effects; one that is a number for every effect is taken as numbers."""
    values = {name: [VALUES[name](effect, datasets) for effect in effects] for name in names}
    lacking = [tuple(name for name in names if values[name][place] is None) for place in range(len(effects))]
    places = tuple(place for place, missing in enumerate(lacking) if not missing)
    columns = {name: typed([values[name][place] for place in places]) for name in names}
    pairs = zip(effects, lacking, strict=True)
    left_out = dict.fromkeys(Unplaced(one.study, one.label, missing) for one, missing in pairs if missing)
    return Moderated(tuple(effects[place] for place in places), places, columns, tuple(left_out))


def typed(values: list[float | str]) -> tuple[float, ...] | tuple[str, ...]:
    """Return values as numbers when each of them is one as it stands, else as words."""
    if all(not isinstance(value, str) or PLAIN_NUMBER.fullmatch(value) for value in values):
        return tuple(float(value) for value in values)
    return tuple(value if isinstance(value, str) else f"{value:g}" for value in values)


def constant(columns: Mapping[str, tuple]) -> NotFitted | None:
    """Return the first moderator that says the same of every study, if there is one."""
    for name, values in columns.items():
        if len(set(values)) == 1:
            return NotFitted("constant", name, values[0] if isinstance(values[0], str) else f"{values[0]:g}")
    return None


# ---------------------------------------------------------------- where each one stands


def of_study(key: str) -> Callable[[Effect, Datasets], Value]:
    """Return what takes a key of [study]."""

    def value(effect: Effect, datasets: Datasets) -> Value:
        dataset = datasets.get(effect.study)
        return getattr(dataset.metadata.study, key) if dataset else None

    return value


def of_dose(key: str) -> Callable[[Effect, Datasets], Value]:
    """Return what takes a key of the dose of the experimental arms; None where they differ in it."""

    def value(effect: Effect, datasets: Datasets) -> Value:
        dataset = datasets.get(effect.study)
        arms = [arm for arm in (dataset.metadata.arms if dataset else ()) if arm_code(arm) in effect.experimental.arms]
        printed = {getattr(arm.dose, key) if arm.dose else None for arm in arms}
        return printed.pop() if len(printed) == 1 else None

    return value


def arm_code(arm: object) -> str:
    return arm.treatment or arm.id


def number(value: float | None) -> float | None:
    return None if value is None else float(value)


VALUES: dict[str, Callable[[Effect, Datasets], Value]] = {
    "followup_weeks": lambda effect, _: number(effect.followup_weeks),
    "year": lambda effect, _: number(effect.year),
    "n_total": lambda effect, _: number(effect.n_total),
    "value_type": lambda effect, _: effect.value_type,
    "instrument": lambda effect, _: effect.instrument,
    "detail": lambda effect, _: effect.detail,
    "design": of_study("design"),
    "country": of_study("country"),
    "experimental": lambda effect, _: " + ".join(effect.experimental.arms) or None,
    "control": lambda effect, _: " + ".join(effect.control.arms) or None,
    "derivation": lambda effect, _: effect.derivation,
    "seen_as": lambda effect, _: effect.seen_as,
    "dose_weeks": of_dose("weeks"),
    "dose_sessions": of_dose("sessions"),
    "dose_sessions_per_week": of_dose("sessions_per_week"),
    "dose_sets": of_dose("sets"),
    "dose_reps": of_dose("reps"),
    "dose_hold_seconds": of_dose("hold_seconds"),
}
