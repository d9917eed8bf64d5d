"""The studies that wait for their figures, and what each would do to the interval of an answer.

What is assumed: every person carries as much as one does in the median study of the pool, the arms that are compared
are of like size where their own numbers are not printed, and tau2 stays as it is. With one study there is no tau2 to
be seen and it is taken as 0. Without a study, a standardised difference is expected to have the variance 4 / n.
"""

from collections.abc import Sequence
from math import sqrt

from scipy import special

from analysis.evidence.gathered import Evidence
from analysis.results import Awaited, Comparison, Dataset, Effect, Expected, Pooled
from analysis.robustness.power import new_trial, smd_variance
from analysis.synthesis.averaging import settings_of
from analysis.synthesis.times import measured_at_other_times


def awaited_for(
    comparison: Comparison, effects: tuple[Effect, ...], pooled: Pooled | None, evidence: Evidence
) -> tuple[tuple[Awaited, ...], Expected | None]:
    """Return the studies with an arm on each side whose figures are awaited, and what all would do together."""
    found, sizes = [], []
    for dataset in evidence.datasets:
        if not would_answer(dataset, comparison):
            continue
        study = dataset.metadata.study
        elsewhere = measured_at_other_times(study.follow_ups or "", comparison)
        n = None if elsewhere else people_compared(dataset, comparison)
        sizes.append(n)
        expected = expect(comparison, effects, pooled, [n]) if n else None
        label, citation = study.label or dataset.id, dataset.metadata.source.citation
        found.append(Awaited(dataset.id, label, study.n_randomised, citation, expected, elsewhere))
    known = [n for n in sizes if n]
    return tuple(found), expect(comparison, effects, pooled, known) if known else None


def would_answer(dataset: Dataset, comparison: Comparison) -> bool:
    """Return whether the figures of a source that are not here would answer a comparison."""
    study = dataset.metadata.study
    arms = {arm.treatment for arm in dataset.metadata.arms}
    sides = arms & set(comparison.experimental), arms & set(comparison.control)
    return study.status == "awaiting-extraction" and study.design in comparison.designs and all(sides)


def people_compared(dataset: Dataset, comparison: Comparison) -> int | None:
    """Return the people in the arms that are compared; of all people their share, where arms print no number."""
    arms = dataset.metadata.arms
    compared = [arm for arm in arms if arm.treatment in (*comparison.experimental, *comparison.control)]
    sizes = [arm.n_randomised for arm in compared]
    if None not in sizes:
        return sum(sizes)
    whole = dataset.metadata.study.n_randomised
    return round(whole * len(compared) / len(arms)) if whole else None


def expect(
    comparison: Comparison, effects: tuple[Effect, ...], pooled: Pooled | None, sizes: Sequence[int]
) -> Expected | None:
    """Return what studies of the given sizes would do to the interval; None where nothing can be said beforehand.

    Args:
        comparison: The question; its test and level make the interval.
        effects: The studies in the pool.
        pooled: Their average; None without a study.
        sizes: People each new study would bring, each at least 1.
    """
    if pooled is None:
        return expect_first(comparison, sizes)
    if comparison.model == "multilevel" or any(effect.n_total is None for effect in effects):
        return None  # effects of one study are not independent; a study may not print its people
    vi, people, tau2 = [e.vi for e in effects], [e.n_total for e in effects], pooled.tau2 or 0.0
    trials = [new_trial(n, vi, people, tau2=tau2) for n in sizes]
    before = trials[0].se_before
    after = 1 / sqrt(before**-2 + sum(trial.information for trial in trials))
    k, now = pooled.k + len(sizes), pooled.ci_high - pooled.ci_low
    # the interval of a pool keeps what Hartung and Knapp's factor made of it; one study alone has none
    wide = now / (2 * before * critical(comparison, pooled.k)) if pooled.k > 1 else 1.0
    width = 2 * wide * critical(comparison, k) * after
    open_answer = pooled.ci_low <= 0 <= pooled.ci_high
    chance = chance_of_direction(pooled.estimate, width / 2, before, after) if open_answer else None
    return Expected(k, sum(sizes), now, width, chance)


def expect_first(comparison: Comparison, sizes: Sequence[int]) -> Expected | None:
    """Return what the first studies of a question would give; known beforehand for a standardised difference alone."""
    if comparison.measure != "SMD" or min(sizes) < 2:
        return None
    information = sum(1 / float(smd_variance(0.0, n / 2, n / 2)) for n in sizes)
    return Expected(len(sizes), sum(sizes), None, 2 * critical(comparison, len(sizes)) / sqrt(information))


def critical(comparison: Comparison, k: int) -> float:
    """Return the quantile that an interval of k studies is made with; one study has the normal one."""
    tail = (1 + comparison.level) / 2
    if settings_of(comparison)["test"] == "z" or k < 2:
        return float(special.ndtri(tail))
    return float(special.stdtrit(k - 1, tail))


def chance_of_direction(estimate: float, half: float, before: float, after: float) -> float:
    """Return the chance that an average leaves no difference outside its interval once more figures are in.

    Given what is known, the new average lies around the old one with variance se_before^2 - se_after^2: figures of
    variance v + tau2 = 1/w, expected around an average of information I, move it by w / (I + w) of their distance from
    it, and the distance has variance 1/w + 1/I.

    Args:
        estimate: The average now.
        half: Half the expected width of the interval.
        before, after: Standard errors of the average without and with the new figures, after < before.
    """
    spread = sqrt(before**2 - after**2)
    return float(special.ndtr((estimate - half) / spread) + special.ndtr((-estimate - half) / spread))
