"""Print how often the scan of the likelihood misses a higher maximum that a scan four times as fine finds.

Invented analyses of 3 to 30 studies; the logarithms of variances are even over the factor that is named.

Run it by: python -m tests.benchmarks.scan_quality [ANALYSES of each kind]
"""

import sys
from dataclasses import replace

import numpy as np

from analysis.pooling import tau2
from analysis.pooling.batch import Batch, make_batch
from analysis.pooling.likelihood import FULL, RESTRICTED, Likelihood, log_likelihood

STUDIES = (3, 4, 5, 8, 12, 30)
FACTORS = (4.0, 8.0, 15.0, 40.0, 100.0, 1e3, 1e4, 1e6)
LIKELIHOODS = {"REML": RESTRICTED, "ML": FULL}
HIGHER = 1e-6  # of twice the log-likelihood


def main(analyses: int) -> None:
    """Print a line a likelihood and factor."""
    random = np.random.default_rng(20261126)
    for name in LIKELIHOODS:
        for factor in FACTORS:
            missed = [missed_by(name, invented(random, analyses, k, factor)) for k in STUDIES]
            print(f"{name}, variances up to {factor:g} apart: {sum(missed)} of {analyses * len(STUDIES):,} missed")


def invented(random: np.random.Generator, analyses: int, k: int, factor: float) -> tuple[np.ndarray, ...]:
    """Return effects, variances and starts."""
    vi = np.exp(random.uniform(0, np.log(factor), (analyses, k)))
    spread = random.choice([0.0, 0.3, 1.0, 5.0], (analyses, 1))
    yi = random.normal(0, 1, vi.shape) * np.sqrt(vi) * random.choice([1.0, 3.0], (analyses, 1))
    yi += spread * random.normal(0, 1, vi.shape)
    return yi.ravel(), vi.ravel(), np.arange(analyses) * k


def missed_by(name: str, columns: tuple[np.ndarray, ...]) -> int:
    """Return in how many analyses a fine scan finds a higher maximum."""
    batch, usual = make_batch(*columns), LIKELIHOODS[name]
    fine = replace(usual, step=usual.step / 4)
    return int((height(batch, fine) - height(batch, usual) > HIGHER).sum())


def height(batch: Batch, likelihood: Likelihood) -> np.ndarray:
    """Return twice the log-likelihood at the highest maximum found, up to a constant."""
    return log_likelihood(batch, likelihood, tau2.by_likelihood(batch, likelihood).tau2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
