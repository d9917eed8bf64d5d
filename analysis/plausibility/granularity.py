"""GRIM and GRIMMER: whether values in whole steps can have a printed mean and SD at all.

The sum of n whole numbers is whole, so their mean is a whole number over n; the sum of their squares is whole too, and
even exactly when their sum is. What no such sums give, however rounded, was misprinted or is of another n.
"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor


def mean_possible(mean: str, n: int, step: Fraction = Fraction(1)) -> bool:
    """Return whether n values in whole steps can have a mean that is printed so.

    Args:
        mean: As printed: "5.19" is rounded to two decimals, in either direction at a half.
        n: How many values, at least 1.
        step: Between possible values of one person.

    Source:
        Brown and Heathers 2017, doi:10.1177/1948550616673876 (GRIM).
    """
    return bool(possible_sums(mean, n, step))


def possible_sums(mean: str, n: int, step: Fraction) -> range:
    """Return the sums, in steps, whose mean rounds to the printed one."""
    middle, half = printed(mean)
    return range(ceil((middle - half) * n / step), floor((middle + half) * n / step) + 1)


def printed(number: str) -> tuple[Fraction, Fraction]:
    """Return a printed number exactly, and half a unit of its last digit."""
    return Fraction(number), Fraction(10) ** last_digit(number) / 2


def last_digit(number: str) -> int:
    """Return the power of ten of the last digit of a printed number: -2 for 2.40, 0 for 17 and for nothing."""
    bare = number.lstrip("<>= ")
    return Decimal(bare).as_tuple().exponent if bare else 0


def sd_possible(mean: str, sd: str, n: int, step: Fraction = Fraction(1)) -> bool:
    """Return whether n values in whole steps can have a mean and an SD that are printed so.

    Arguments as in `mean_possible`; n at least 2, the SD with divisor n - 1.

    Source:
        Anaya 2016, doi:10.7287/peerj.preprints.2400v1 (GRIMMER), in the form of Allard 2018 (Analytic-GRIMMER).
    """
    middle, half = printed(sd)
    low, high = max(middle - half, Fraction(0)) / step, (middle + half) / step
    return any(squares_exist(total, n, low, high) for total in possible_sums(mean, n, step))


def squares_exist(total: int, n: int, low: Fraction, high: Fraction) -> bool:
    """Return whether a whole sum of squares, even as the sum is, gives an SD between two bounds, in steps."""
    about = Fraction(total * total, n)
    first, last = ceil(low**2 * (n - 1) + about), floor(high**2 * (n - 1) + about)
    first += (first - total) % 2
    return first <= last
