"""Throw random input at the effects and the engine: numbers or a reason for each, and no error that is not handled.

Run it by: python -m tests.benchmarks.fuzz [--inputs 1000000] [--seed 1]

Two in three inputs are rows of raw columns or summaries, turned to effects by a measure drawn at random; the others are
studies, pooled in batches by an estimator and a test drawn at random, some of them diagnosed, given a prior, regressed
on moderators or taken as clusters; and tables, pooled by Mantel-Haenszel and Peto. Values are ordinary, extreme,
missing or absurd. What is allowed: an EffectError, PoolingError or ModelError in words, a code of REASONS or STATUS, or
finite numbers.
"""

import argparse
import time
import warnings
from collections import Counter

import numpy as np

from analysis.bayes import PRIORS, posterior
from analysis.effects import MEASURES, REASONS, EffectError
from analysis.effects.five_numbers import mean_and_sd_from_summary
from analysis.models import ROBUST, ModelError, fit_multilevel, regress
from analysis.pooling import (
    MANTEL_HAENSZEL,
    STATUS,
    TAU2_ESTIMATORS,
    TESTS,
    PoolingError,
    hts_prediction_interval,
    mantel_haenszel,
    peto,
    pool_batch,
)
from analysis.robustness import baujat, begg, egger, fail_safe_n, influence, pet_peese, selection_model, trim_and_fill
from analysis.robustness.trim_and_fill import MISSING, SIDES

AWKWARD = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 4.0, 1e-300, 5e-324, 1e300, -1e300, 1e-12, 1e12, np.nan,
                    np.inf, -np.inf])
ROWS = 1000  # in one call
DIAGNOSTICS = (egger, begg, trim_and_fill, influence, baujat, pet_peese, fail_safe_n, hts_prediction_interval)


def main() -> None:
    """Throw inputs until there were enough, and count what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random, seen, began = np.random.default_rng(options.seed), Counter(), time.perf_counter()
    warnings.simplefilter("error")
    while sum(seen.values()) < options.inputs:
        for throw in (throw_effects, throw_summaries, throw_batch, *SMALL_THROWS * 20):
            seen.update(throw(random))
    for outcome, count in seen.most_common():
        print(f"{count:>9,} {outcome}")
    print(f"{sum(seen.values()):,} inputs, none unhandled, in {time.perf_counter() - began:.0f} s")


def values(random: np.random.Generator, size: int) -> np.ndarray:
    """Return ordinary, whole, wide and awkward numbers, mixed."""
    kinds = (random.normal(0, 10, size), random.integers(0, 60, size).astype(float),
             np.sign(random.normal(size=size)) * 10.0 ** random.uniform(-20, 20, size), random.choice(AWKWARD, size))
    return np.choose(random.choice(4, size, p=[0.2, 0.7, 0.05, 0.05]), kinds)


def throw_effects(random: np.random.Generator) -> Counter:
    """Make effects of random columns by a random measure."""
    measure = MEASURES[random.choice(list(MEASURES))]
    made = measure.make(*(values(random, ROWS) for _ in measure.inputs))
    return settled(made.codes, made.yi, made.vi)


def throw_summaries(random: np.random.Generator) -> Counter:
    """Recover means and SDs of random summaries, most of them in order."""
    five = values(random, 5 * ROWS).reshape(5, ROWS)
    five = np.where(random.random(ROWS) < 0.8, np.sort(five, axis=0), five)
    low, q1, median, q3, high = np.where(random.random((5, ROWS)) < 0.2, np.nan, five)
    found = mean_and_sd_from_summary(median, random.integers(0, 300, ROWS), q1=q1, q3=q3, low=low, high=high)
    return settled(found.codes, found.mean, found.sd)


def settled(codes: tuple[str, ...], first: np.ndarray, second: np.ndarray) -> Counter:
    """Count rows by outcome; every row has two finite numbers, the second above 0, or a known reason."""
    fine = np.array([code == "" for code in codes])
    if not (np.isfinite(first) == fine).all() or not (second[fine] > 0).all() or not set(codes) - {""} <= set(REASONS):
        raise AssertionError("a row has neither numbers nor a reason")
    return Counter({"effects": int(fine.sum()), "rows left out with a reason": int((~fine).sum())})


def studies(random: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return effects and variances: mostly sound, on any scale; sometimes not."""
    unit = 10.0 ** random.uniform(-12, 12)
    vi = unit**2 * 10.0 ** random.uniform(-1, random.choice([1, 8]), size)
    yi = unit * random.choice([0.0, 1.0, 30.0]) * random.normal(size=size) + random.normal(0, np.sqrt(vi))
    yi = np.round(yi / unit) * unit if random.random() < 0.2 else yi
    if random.random() < 0.05:
        yi, vi = values(random, size), values(random, size)
    return yi, vi


def throw_batch(random: np.random.Generator) -> Counter:
    """Pool a batch of random analyses."""
    k = random.integers(1, 12, ROWS // 6)
    yi, vi = studies(random, int(k.sum()))
    tau2, test = str(random.choice(list(TAU2_ESTIMATORS))), str(random.choice(list(TESTS)))
    try:
        batch = pool_batch(yi, vi, np.cumsum(k) - k, tau2=tau2, test=test)
    except PoolingError:
        return Counter({"studies refused in words": len(yi)})
    always = (batch.estimate, batch.se, batch.ci_low, batch.ci_high, batch.p_value)
    several = (batch.tau2, batch.i2, batch.h2, batch.q)
    if not all(np.isfinite(one).all() for one in always) or not all(
            (np.isfinite(one) == (k > 1)).all() for one in several):
        raise AssertionError(f"{tau2} {test}: a number is missing without a code")
    if not {code for i in range(len(batch)) for code in batch.status(i)} <= set(STATUS):
        raise AssertionError("an unknown status")
    return Counter({"studies pooled": len(yi)})


def throw_diagnostics(random: np.random.Generator) -> Counter:
    """Ask what is asked of one analysis."""
    yi, vi = studies(random, int(random.integers(1, 14)))
    try:
        for ask in DIAGNOSTICS:
            ask(yi, vi)
        trim_and_fill(yi, vi, missing=str(random.choice(list(MISSING))), side=str(random.choice(SIDES)))
        selection_model(yi, vi, favoured=str(random.choice(["higher", "lower"])))
        posterior(yi, vi, prior=str(random.choice(list(PRIORS))), scale=float(np.sqrt(np.median(np.abs(vi))) or 1.0))
    except PoolingError:
        return Counter({"studies refused in words": len(yi)})
    return Counter({"studies diagnosed": len(yi)})


def throw_models(random: np.random.Generator) -> Counter:
    """Regress studies on one or two moderators, and take them as effects in clusters."""
    k = int(random.integers(2, 14))
    yi, vi = studies(random, k)
    moderators = values(random, k * 2).reshape(2, k)[: random.integers(1, 3)]
    seen = Counter()
    for name, fit in (
        ("regressed", lambda: regress(yi, vi, moderators, ("x", "y")[: len(moderators)],
                                      test=str(random.choice(list(TESTS))),
                                      tau2=str(random.choice(list(TAU2_ESTIMATORS))))),
        ("taken in clusters", lambda: fit_multilevel(yi, vi, random.integers(0, k // 2 + 1, k),
                                                     robust=str(random.choice(list(ROBUST))))),
    ):
        try:
            finite(fit())
            seen[f"studies {name}"] += k
        except (PoolingError, ModelError):
            seen["studies refused in words"] += k
    return seen


def throw_tables(random: np.random.Generator) -> Counter:
    """Pool tables by Mantel-Haenszel and by Peto; rare events and empty cells among them."""
    k = int(random.integers(1, 12))
    n1, n2 = random.integers(1, 60, (2, k)).astype(float)
    risk = random.choice([0.0, 0.02, 0.3, 1.0])
    columns = [random.binomial(n1.astype(int), risk).astype(float), n1, random.binomial(n2.astype(int), risk * 0.8), n2]
    if random.random() < 0.1:
        columns[random.integers(0, 4)] = values(random, k)
    try:
        measure, correct = str(random.choice(list(MANTEL_HAENSZEL))), bool(random.integers(2))
        for pooled in (mantel_haenszel(*columns, measure=measure, correct=correct), peto(*columns)):
            if "not-estimable" not in pooled.status:
                finite(pooled)
    except EffectError:
        return Counter({"tables refused in words": k})
    return Counter({"tables pooled": k})


def finite(found: object) -> None:
    """Hold every number of a result, whatever holds it, to be finite or None."""
    for value in vars(found).values():
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts:
            if isinstance(part, float) and not np.isfinite(part):
                raise AssertionError(f"a number is missing without a code: {found}")
            if hasattr(part, "__dict__"):
                finite(part)


SMALL_THROWS = (throw_diagnostics, throw_models, throw_tables)


if __name__ == "__main__":
    main()
