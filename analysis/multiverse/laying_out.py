"""Every combination of what is asked and what enters, as subsets of the effects that there are."""

from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np

from analysis.evidence.gathered import Evidence
from analysis.multiverse.dimensions import ASKED, KEPT, Asked, Effects, Kept, Question
from analysis.results import Comparison, Effect
from analysis.synthesis.comparison import in_plotting_order
from analysis.synthesis.gathering import gather
from analysis.synthesis.selection import arms_of, contrasts_of

FEWEST = 2  # studies: one alone is no pool
MOST_CELLS = 100_000  # combinations times effects; beyond it single studies are not left out in turn
LARGEST = "studies"
SAME_STUDIES = ("measure",)  # choices that may not change which studies answer, or they would be two choices in one


@dataclass(frozen=True)
class Dimension:
    """A choice with more than one option that matters here; the protocol's own is the first."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Which effects enter in each combination.

    Args:
        dimensions: The choices that were crossed, in the order of the axes.
        effects: Every effect that enters somewhere, in plotting order, so that a subset of them is too.
        subsets: Different sets of effects, shape (u, c), True where an effect enters.
        which: The subset of each combination, shape (m,), the last dimension running fastest; -1 for too few studies.
        not_crossed: Choices left as declared, because there would be too many combinations.
    """

    dimensions: tuple[Dimension, ...]
    effects: Effects
    subsets: np.ndarray
    which: np.ndarray
    not_crossed: tuple[str, ...]


def lay_out(comparison: Comparison, evidence: Evidence) -> Layout:
    """Return every combination of the options of ASKED and KEPT."""
    question = narrowed(comparison, evidence)
    base = effects_of(question)
    asked = {name: options_asked(name, question, base) for name in ASKED}
    sets = [effects_of(asked_all(question, picked)) for picked in product(*asked.values())]
    effects = in_plotting_order(tuple({identity(one): one for found in sets for one in found}.values()), comparison)
    entering = membership(sets, effects)
    kept = useful({name: make(question, effects) for name, make in KEPT.items()}, entering, effects)
    kept, not_crossed = bounded(kept, entering.size)
    dimensions = [Dimension(name, tuple(one.code for one in options)) for name, options in (asked | kept).items()]
    subsets, which = different(crossed(entering, kept, effects))
    return Layout(tuple(dimensions), effects, subsets, which, not_crossed)


def bounded(kept: dict[str, list[Kept]], entering: int) -> tuple[dict[str, list[Kept]], tuple[str, ...]]:
    """Return choices whose combinations can be pooled in a second or so, and those left as declared for it."""
    if entering * prod(map(len, kept.values())) <= MOST_CELLS or len(kept[LARGEST]) == 1:
        return kept, ()
    return kept | {LARGEST: kept[LARGEST][:1]}, (LARGEST,)


def different(masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different masks with enough studies, and the place of each mask among them or -1."""
    enough = masks.sum(axis=1) >= FEWEST
    which = np.full(len(masks), -1)
    subsets, places = np.unique(masks[enough], axis=0, return_inverse=True)
    which[enough] = places.ravel()
    return subsets, which


def narrowed(comparison: Comparison, evidence: Evidence) -> Question:
    """Return the question with the rows alone that could answer it, whatever is chosen."""
    rows = {"arms": tuple(arms_of(comparison, evidence)), "contrasts": tuple(contrasts_of(comparison, evidence))}
    return Question(comparison, replace(evidence, poolings=(), known_people=evidence.people, **rows))


def effects_of(question: Question) -> Effects:
    """Return the effects that could enter: those of the main pool and the doubtful ones."""
    effects, doubtful, _ = gather(question.comparison, question.evidence)
    return effects + doubtful


def asked_all(question: Question, options: tuple[Asked, ...]) -> Question:
    for option in options:
        question = option.ask(question)
    return question


def options_asked(name: str, question: Question, base: Effects) -> list[Asked]:
    """Return the options of a choice that, alone, answer otherwise than the protocol's own and from enough studies."""
    own, *others = ASKED[name](question, base)
    seen, options = {identities(base)}, [own]
    for option in others:
        found = effects_of(option.ask(question))
        same = {one.study for one in found} == {one.study for one in base}
        if len(found) >= FEWEST and identities(found) not in seen and (same or name not in SAME_STUDIES):
            seen.add(identities(found))
            options.append(option)
    return options


def identity(effect: Effect) -> tuple:
    """Return what makes an effect the same wherever it comes up."""
    return effect.study, effect.measure, effect.yi, effect.vi, effect.seen_as, effect.refs


def identities(effects: Effects) -> frozenset:
    return frozenset(map(identity, effects))


def membership(sets: list[Effects], effects: Effects) -> np.ndarray:
    """Return which effects each set holds, shape (sets, effects)."""
    place = {identity(effect): index for index, effect in enumerate(effects)}
    entering = np.zeros((len(sets), len(effects)), dtype=bool)
    for row, found in enumerate(sets):
        entering[row, [place[identity(one)] for one in found]] = True
    return entering


def useful(kept: dict[str, list[Kept]], entering: np.ndarray, effects: Effects) -> dict[str, list[Kept]]:
    """Return choices with the options that, alone, change what enters somewhere; the own one of each stays."""
    chosen = {}
    for name, options in kept.items():
        seen = {}
        for option in options:
            entered = entering & mask(option, effects)
            if option is options[0] or (entered.sum(axis=1) >= FEWEST).any():
                seen.setdefault(entered.tobytes(), option)
        chosen[name] = list(seen.values())
    return chosen


def mask(option: Kept, effects: Effects) -> np.ndarray:
    """Return which effects an option keeps, shape (c,)."""
    return np.array([option.keep(effect) for effect in effects], dtype=bool)


def crossed(entering: np.ndarray, kept: dict[str, list[Kept]], effects: Effects) -> np.ndarray:
    """Return what enters in each combination, shape (m, c)."""
    masks = entering
    for options in kept.values():
        keeps = np.stack([mask(option, effects) for option in options])
        masks = (masks[:, None, :] & keeps).reshape(len(masks) * len(options), len(effects))
    return masks
