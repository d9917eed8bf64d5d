"""Print how long 2,000 REML analyses of 10 invented studies take, beside bare DerSimonian-Laird in NumPy.

Run it by: python -m tests.benchmarks.engine_speed
"""

import time
from collections.abc import Callable

import numpy as np

from analysis.pooling import pool_batch

ANALYSES, STUDIES, REPEATS = 2000, 10, 7


def main() -> None:
    """Print both times and their ratio; each is the best of seven."""
    random = np.random.default_rng(20220222)
    vi = random.uniform(0.02, 0.3, ANALYSES * STUDIES)
    yi = random.normal(0, 0.3, len(vi)) + random.normal(0, np.sqrt(vi))
    starts = np.arange(ANALYSES) * STUDIES
    engine = best_of(lambda: pool_batch(yi, vi, starts, tau2="REML", test="hksj"))
    bare = best_of(lambda: bare_dersimonian_laird(yi, vi))
    print(f"{ANALYSES} analyses of {STUDIES} studies: REML with all intervals {1e3 * engine:.1f} ms, "
          f"bare DL {1e3 * bare:.2f} ms, ratio {engine / bare:.0f}")


def bare_dersimonian_laird(yi: np.ndarray, vi: np.ndarray) -> np.ndarray:
    """Return DL estimates of equally large analyses, with nothing checked and nothing else given."""
    y, w = yi.reshape(-1, STUDIES), 1 / vi.reshape(-1, STUDIES)
    total = w.sum(1)
    mean = (w * y).sum(1) / total
    q = (w * (y - mean[:, None]) ** 2).sum(1)
    tau2 = np.maximum((q - (STUDIES - 1)) / (total - (w**2).sum(1) / total), 0)
    weights = 1 / (1 / w + tau2[:, None])
    return (weights * y).sum(1) / weights.sum(1)


def best_of(work: Callable[[], object]) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main()
