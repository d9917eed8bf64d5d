"""Nouns as objects of JSON: every number finite, or null."""

import math
from dataclasses import is_dataclass

import numpy as np


def as_plain(noun: object) -> dict:
    """Return a noun as an object of JSON, its numbers finite or null; arrays, which others show, are left out."""
    return {name: plain(value) for name, value in vars(noun).items() if not isinstance(value, np.ndarray)}


def plain(value: object) -> object:
    """Return what a noun holds: words as they are, nouns as objects, tuples of them as lists."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return as_plain(value) if is_dataclass(value) else finite(value)


def finite(value: float | int | None) -> float | int | None:
    """Return a number that JSON can hold, or None."""
    return value if value is not None and math.isfinite(value) else None
