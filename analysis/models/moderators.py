"""Moderators as columns of a model: numbers as they are, words as factors against their first level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.models.design import ModelError
from analysis.pooling.batch import Array

Column = Array | Sequence[str]  # numbers, or words


@dataclass(frozen=True)
class Factor:
    """A moderator in words: its levels in order of the alphabet; the first is the one the others are compared with."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Moderators:
    """What a model has beside its intercept.

    Args:
        columns: Shape (m, k).
        names: One a column: `dose` for numbers, `design[T.parallel]` for a level of a factor.
        factors: The moderators in words.
    """

    columns: Array
    names: tuple[str, ...]
    factors: tuple[Factor, ...] = ()


def code_moderators(given: Mapping[str, Column]) -> Moderators:
    """Return each moderator as one column, or for words as one column of 0 and 1 for each level but the first.

    Raises:
        ModelError: Words that are the same for every study.

    Source:
        Treatment coding, as R's contr.treatment; the names of columns are formulaic's.
    """
    factors = [factor_of(name, values) for name, values in given.items() if in_words(values)]
    levels = {factor.name: factor.levels[1:] for factor in factors}
    columns: dict[str, Array] = {}
    for name, values in given.items():
        if name not in levels:
            columns[name] = np.asarray(values, dtype=np.float64)
            continue
        words = np.asarray(values, dtype=np.str_)
        columns |= {f"{name}[T.{level}]": (words == level).astype(np.float64) for level in levels[name]}
    rows = len(next(iter(given.values()), ()))
    return Moderators(np.array(list(columns.values())).reshape(len(columns), rows), tuple(columns), tuple(factors))


def in_words(values: Column) -> bool:
    """Say whether a moderator is given in words."""
    return len(values) > 0 and isinstance(values[0], str)


def factor_of(name: str, words: Sequence[str]) -> Factor:
    """Return a moderator in words with its levels, or refuse one that says the same of every study."""
    levels = tuple(sorted(set(map(str, words))))
    if len(levels) == 1:
        raise ModelError(f"{name[:80]} is {levels[0][:80]!r} in every study; leave it out")
    return Factor(name, levels)
