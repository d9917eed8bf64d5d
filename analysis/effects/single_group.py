"""Effects of one group: a mean, or a proportion."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.effects.sizes import Array, Check, EffectSizes, as_columns, not_whole, present, settle


def mean_of_group(mi: ArrayLike, sdi: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return the mean of each group with variance sd^2 / n (MN).

    Args:
        mi, sdi, ni: Mean, standard deviation (above 0) and size (at least 1) of the groups, shape (n,).

    Source:
        metafor escalc(measure="MN"), tests/reference/metafor/groups.json.
    """
    mi, sdi, ni = as_columns(mi, sdi, ni)
    checks = [*present(mi, sdi, ni), *size_checks(ni), (sdi < 0, "sd-negative"), (sdi == 0, "sd-zero")]
    with np.errstate(all="ignore"):
        return settle(mi, sdi**2 / ni, checks)


def size_checks(ni: Array) -> list[Check]:
    """Return what any size of a group needs."""
    return [(ni < 1, "n-below-one"), (not_whole(ni), "n-not-whole")]


def proportion_checks(xi: Array, ni: Array) -> list[Check]:
    """Return what events in a group need."""
    return [*present(xi, ni), *size_checks(ni), (not_whole(xi), "n-not-whole"), (xi < 0, "events-negative"),
            (xi > ni, "events-above-n")]


def with_half(xi: Array, ni: Array) -> tuple[Array, Array]:
    """Return events and sizes with 0.5 added to both cells of a group in which nobody or everybody has the event."""
    half = np.where((xi == 0) | (xi == ni), 0.5, 0.0)
    return xi + half, ni + 2 * half


def proportion(xi: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return p = x/n with variance p (1 - p) / n (PR).

    Where nobody or everybody has the event, 0.5 in both cells enters the variance and not the estimate, as for
    risk differences; metafor changes both.

    Args:
        xi, ni: Events and size of the groups, shape (n,), whole numbers.

    Source:
        metafor escalc(measure="PR") where no cell is 0, tests/reference/metafor/groups.json.
    """
    xi, ni = as_columns(xi, ni)
    with np.errstate(all="ignore"):
        x, n = with_half(xi, ni)
        return settle(xi / ni, x * (n - x) / n**3, proportion_checks(xi, ni))


def log_odds(xi: ArrayLike, ni: ArrayLike) -> EffectSizes:
    """Return log(x / (n - x)) with variance 1/x + 1/(n - x) (PLO). Arguments as in `proportion`.

    Where nobody or everybody has the event, 0.5 is added to both cells of that group.

    Source:
        metafor escalc(measure="PLO"), tests/reference/metafor/groups.json.
    """
    xi, ni = as_columns(xi, ni)
    with np.errstate(all="ignore"):
        x, n = with_half(xi, ni)
        return settle(np.log(x / (n - x)), 1 / x + 1 / (n - x), proportion_checks(xi, ni))
