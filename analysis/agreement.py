"""How far two people who read the same figures agree: Cohen's kappa, limits of agreement, intraclass correlation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

NORMAL = 1.96  # as Bland and Altman 1999 print it; in 1986 they took 2


@dataclass(frozen=True)
class Limits:
    """Bland and Altman's limits of agreement of differences, first minus second."""

    mean: float
    sd: float
    low: float
    high: float


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return agreement beyond chance, unweighted: 1 is perfect, 0 is chance; None where chance alone is perfect.

    Args:
        pairs: What the first and the second rater said of each thing, at least one.

    Source:
        Cohen 1960, doi:10.1177/001316446002000104. Checked against statsmodels cohens_kappa.
    """
    n = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[word] * second[word] for word in first)  # in n^2
    observed = n * sum(one == other for one, other in pairs)
    return None if expected == n * n else (observed - expected) / (n * n - expected)


def limits_of_agreement(pairs: Sequence[tuple[float, float]]) -> Limits | None:
    """Return the mean difference, its SD and mean -/+ 1.96 SD; None for fewer than two pairs.

    Source:
        Bland and Altman 1999, doi:10.1177/096228029900800204.
    """
    if len(pairs) < 2:
        return None
    differences = [one - other for one, other in pairs]
    mean = fsum(differences) / len(pairs)
    sd = sqrt(fsum((difference - mean) ** 2 for difference in differences) / (len(pairs) - 1))
    return Limits(mean, sd, mean - NORMAL * sd, mean + NORMAL * sd)


def intraclass_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return ICC(2,1): two-way random raters, absolute agreement, one rating; None where nothing varies.

    Args:
        pairs: What both raters read of each thing; fewer than two give None.

    Source:
        Shrout and Fleiss 1979, doi:10.1037/0033-2909.86.2.420. Checked against mean squares of R's aov.
    """
    n = len(pairs)
    if n < 2:
        return None
    centre = fsum(value for pair in pairs for value in pair) / (2 * n)
    between = fsum(2 * ((one + other) / 2 - centre) ** 2 for one, other in pairs) / (n - 1)
    raters = [fsum(pair[side] for pair in pairs) / n - centre for side in (0, 1)]
    raters_square = n * fsum(shift**2 for shift in raters)
    total = fsum((value - centre) ** 2 for pair in pairs for value in pair)
    error = max(0.0, total - between * (n - 1) - raters_square) / (n - 1)
    whole = between + error + 2 * (raters_square - error) / n
    return (between - error) / whole if whole > 0 else None
