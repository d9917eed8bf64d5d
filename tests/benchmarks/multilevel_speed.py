"""Print how long multilevel models of invented rows take, and with which power of the number of rows it grows.

Run it by: python -m tests.benchmarks.multilevel_speed
"""

import time

import numpy as np

from analysis.models import fit_multilevel

ROWS, ROWS_A_CLUSTER, REPEATS = (12_500, 25_000, 50_000, 100_000), 5, 3


def main() -> None:
    """Print a line a size, each time the best of three, and the growth exponent of a straight line through the logs."""
    for robust in ("CR1", "CR2"):
        times = [best_time(rows, robust) for rows in ROWS]
        for rows, seconds in zip(ROWS, times, strict=True):
            print(f"{rows:7} rows in {rows // ROWS_A_CLUSTER:6} clusters, REML with {robust}: {seconds:.2f} s")
        exponent = np.polyfit(np.log(ROWS), np.log(times), 1)[0]
        print(f"time grows with the number of rows to the power {exponent:.2f}")


def best_time(rows: int, robust: str) -> float:
    """Return the shortest time of a fit, in seconds."""
    random = np.random.default_rng(rows)
    cluster = random.permutation(np.repeat(np.arange(rows // ROWS_A_CLUSTER), ROWS_A_CLUSTER))
    vi = random.uniform(0.01, 0.2, rows)
    yi = 0.3 + random.normal(0, 0.3, rows)[cluster] + random.normal(0, 0.2, rows) + random.normal(0, np.sqrt(vi))
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        fit_multilevel(yi, vi, cluster, robust=robust)
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main()
