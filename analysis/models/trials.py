"""Trials of a network as contrasts against their first arm, with the covariance that sharing an arm brings."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from analysis.models.design import ModelError
from analysis.pooling.batch import Array, Indices

ROUNDING = 1e-6  # of the largest; pairs of one trial may differ by as much in what they say of the same thing


@dataclass(frozen=True)
class Trial:
    """One trial.

    Args:
        study: Its name.
        treatments: Of its a arms, no two the same; the first is the one the others are compared with.
        yi: Each other arm minus the first, shape (a - 1,).
        covariance: Of yi, shape (a - 1, a - 1), positive definite.
    """

    study: str
    treatments: tuple[str, ...]
    yi: Array
    covariance: Array


def make_trial(study: str, treatments: tuple[str, ...], yi: ArrayLike, covariance: ArrayLike) -> Trial:
    """Check contrasts against the first arm.

    Raises:
        ModelError: An arm twice, numbers that do not fit together, or a covariance that no data can have.
    """
    yi, covariance = np.asarray(yi, np.float64), np.asarray(covariance, np.float64)
    if len(treatments) < 2:
        raise ModelError(f"Study {study[:80]!r} has one arm, and nothing to compare it with")
    doubled = sorted({name for name in treatments if treatments.count(name) > 1})
    if doubled:
        raise ModelError(f"Study {study[:80]!r} has more than one arm of {doubled[0][:80]!r}; combine them into one")
    size = len(treatments) - 1
    if yi.shape != (size,) or covariance.shape != (size, size):
        raise ModelError(f"Study {study[:80]!r} has {size + 1} arms; it needs {size} contrasts and their covariance")
    check_covariance(study, yi, covariance)
    return Trial(study, treatments, yi, covariance)


def check_covariance(study: str, yi: Array, covariance: Array) -> None:
    """Refuse contrasts that are not finite and a covariance that is not positive definite."""
    if not (np.isfinite(yi).all() and np.isfinite(covariance).all()):
        raise ModelError(f"Study {study[:80]!r}: a contrast or its variance is not a finite number")
    size = np.abs(covariance).max()
    symmetric = (np.abs(covariance - covariance.T) <= ROUNDING * size).all()
    if not symmetric or np.linalg.eigvalsh(covariance)[0] <= 1e-12 * size:
        raise ModelError(f"Study {study[:80]!r}: the variances of its contrasts are not above 0, or cannot be true "
                         "together")


def trials_from_arms(study: ArrayLike, treatment: ArrayLike, value: ArrayLike, variance: ArrayLike,
                     sizes: ArrayLike | None = None, baseline: str | None = None) -> tuple[Trial, ...]:
    """Return trials from what each arm says.

    Args:
        study, treatment: Names, shape (n,).
        value: What is compared by its differences, shape (n,): means, log odds, log risks or risks.
        variance: Of the values, shape (n,), each > 0.
        sizes: People in each arm, shape (n,): contrasts then covary as if all arms of a trial spread alike. Without it
            they covary by the variance of the arm they share, which is exact.
        baseline: The arm that the others of its trial are compared with; the first where a trial lacks it.

    Raises:
        ModelError: A study with one arm, or with the same treatment twice.
    """
    study, treatment = np.asarray(study, np.str_), np.asarray(treatment, np.str_)
    value, variance = np.asarray(value, np.float64), np.asarray(variance, np.float64)
    people = None if sizes is None else np.asarray(sizes, np.float64)
    trials = []
    for rows in rows_by_name(study):
        rows = rows[np.argsort(treatment[rows] != baseline, kind="stable")]
        trials.append(trial_from_arms(str(study[rows[0]]), treatment[rows], value[rows], variance[rows],
                                      None if people is None else people[rows]))
    return tuple(trials)


def trial_from_arms(study: str, treatment: np.ndarray, value: Array, variance: Array,
                    sizes: Array | None = None) -> Trial:
    """Return one trial, its contrasts against the first arm."""
    covariance = np.diag(variance[1:]) + variance[0]
    if sizes is not None:
        covariance = covary_by_sizes(np.diag(covariance), sizes)
    return make_trial(study, tuple(treatment.tolist()), value[1:] - value[0], covariance)


def covary_by_sizes(variances: Array, sizes: Array) -> Array:
    """Return the covariance of contrasts whose correlation is what the sizes of their arms alone would give.

    Source:
        Gleser and Olkin 2009, Stochastically dependent effect sizes; metafor vcalc with grp1, grp2, w1, w2.
    """
    spread = 1 / sizes[1:] + 1 / sizes[0]
    correlation = 1 / sizes[0] / np.sqrt(np.outer(spread, spread))
    np.fill_diagonal(correlation, 1.0)
    return correlation * np.sqrt(np.outer(variances, variances))


def rows_by_name(names: np.ndarray) -> list[Indices]:
    """Return the rows of each name, in order of first appearance."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names.tolist()):
        rows.setdefault(name, []).append(row)
    return [np.array(found, dtype=np.intp) for found in rows.values()]


def trials_from_pairs(study: ArrayLike, experimental: ArrayLike, control: ArrayLike, yi: ArrayLike,
                      vi: ArrayLike) -> tuple[Trial, ...]:
    """Return trials from contrasts of two arms; a trial of three arms or more gives all pairs of them.

    The variance of a pair is the sum of those of its arms. So three pairs give the variances of three arms, and
    variances that no arms can have are refused.

    Args:
        study, experimental, control: Names, shape (n,).
        yi, vi: Experimental minus control and its variance, shape (n,).

    Raises:
        ModelError: A pair that is missing or stands twice, pairs that contradict each other, variances no arms have.

    Source:
        Franchini et al. 2012, Research Synthesis Methods 3:142, for arm variances from those of pairs.
    """
    study = np.asarray(study, np.str_)
    columns = [np.asarray(names, np.str_) for names in (experimental, control)]
    yi, vi = np.asarray(yi, np.float64), np.asarray(vi, np.float64)
    pairs = list(zip(*(names.tolist() for names in columns), strict=True))
    return tuple(trial_from_pairs(str(study[rows[0]]), [pairs[row] for row in rows], yi[rows], vi[rows])
                 for rows in rows_by_name(study))


def trial_from_pairs(study: str, pairs: list[tuple[str, str]], yi: Array, vi: Array) -> Trial:
    """Return one trial from all its pairs."""
    arms = tuple(dict.fromkeys(name for pair in pairs for name in reversed(pair)))
    wanted = {frozenset(pair) for pair in combinations(arms, 2)}
    if len(pairs) != len(wanted) or {frozenset(pair) for pair in pairs} != wanted:
        raise ModelError(f"Study {study[:80]!r} has {len(arms)} arms; each of its {len(wanted)} pairs stands once")
    experimental, control = (np.array([arms.index(name) for name in names]) for names in zip(*pairs, strict=True))
    if not (np.isfinite(yi).all() and np.isfinite(vi).all()):
        raise ModelError(f"Study {study[:80]!r}: a contrast or its variance is not a finite number")
    if len(arms) == 2:
        return make_trial(study, arms, yi, vi[:, None])
    means = solve_pairs(study, "estimates", experimental, control, -1.0, yi, len(arms))
    variances = solve_pairs(study, "variances", experimental, control, 1.0, vi, len(arms))
    if (variances <= 0).any():
        raise ModelError(f"Study {study[:80]!r}: the variances of its pairs would need an arm with a variance of 0 or "
                         "below")
    return trial_from_arms(study, np.array(arms), means, variances)


def solve_pairs(study: str, what: str, experimental: Indices, control: Indices, sign: float, values: Array,
                arms: int) -> Array:
    """Return what each arm must have for its pairs to be experimental + sign control, or refuse a contradiction."""
    rows = np.arange(len(values))
    sums = np.zeros((len(values), arms))
    sums[rows, experimental], sums[rows, control] = 1.0, sign
    found = np.linalg.lstsq(sums, values, rcond=None)[0]
    if (np.abs(sums @ found - values) > ROUNDING * np.abs(values).max()).any():
        raise ModelError(f"Study {study[:80]!r}: the {what} of its pairs contradict each other")
    return found
