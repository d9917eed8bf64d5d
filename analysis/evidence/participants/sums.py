"""Sums that come out the same bit for bit, whatever the order in which threads add.

A sum of floating-point numbers depends on its order, and DuckDB's threads add in any. So each value is shifted by a
fixed centre, it and its products are turned into whole numbers of a fixed power of two, and those are added: whole
numbers add up to the same in every order. What is left, centring the sums by their means, is done in exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import frexp, sqrt

BITS = 62  # of a BIGINT, without its sign and one to spare


@dataclass(frozen=True)
class Scale:
    """Where a column is centred, and how far from there its values may lie."""

    shift: float
    half: float

    @property
    def exponent(self) -> int:
        """Return the least e for which no shifted value is above 2^e."""
        return frexp(self.half)[1]


def whole(*factors: tuple[str, Scale]) -> str:
    """Return the SQL of a product of shifted values as a whole number."""
    product = " * ".join(name for name, _ in factors)
    return f"cast({product} * {unit(*(scale for _, scale in factors))!r} as bigint)"


def unit(*scales: Scale) -> float:
    """Return the power of two that a product of shifted values is multiplied with."""
    return 2.0 ** (BITS - sum(scale.exponent for scale in scales))


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of n values; None where they are not defined."""

    n: int
    mean: float | None = None
    sd: float | None = None


def moments(n: int, total: int | None, squares: int | None, scale: Scale) -> Moments:
    """Return mean and SD from a count, a sum and a sum of squares, both of whole numbers."""
    if n == 0:
        return Moments(0)
    mean = Fraction(scale.shift) + Fraction(total, n) / Fraction(unit(scale))
    spread = max(centred(n, total, total, squares, scale, scale), Fraction(0))
    return Moments(n, float(mean), sqrt(spread / (n - 1)) if n > 1 else None)


def centred(n: int, first: int, second: int, products: int, one: Scale, other: Scale) -> Fraction:
    """Return the sum of products about the means, exactly."""
    about = Fraction(products) / Fraction(unit(one, other))
    return about - Fraction(first, n) * second / (Fraction(unit(one)) * Fraction(unit(other)))


def correlation(n: int, sums: tuple[int, int, int, int, int], x: Scale, y: Scale) -> float | None:
    """Return the correlation of pairs from the sums of x, y, xx, xy and yy; None without spread."""
    sx, sy, sxx, sxy, syy = sums
    xx, yy = centred(n, sx, sx, sxx, x, x), centred(n, sy, sy, syy, y, y)
    if n < 3 or xx <= 0 or yy <= 0:
        return None
    return max(-1.0, min(1.0, float(centred(n, sx, sy, sxy, x, y)) / sqrt(xx * yy)))
