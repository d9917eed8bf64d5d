"""Print what a run takes in one process and on Dask's workers, on the protocol here and on an invented library.

Run it from the repository: python -m tests.benchmarks.dask_speed [DATASETS]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.invented_library import write_invented_library
from tests.dask_cluster import cluster_of

TROCHLEA = "from flows.command import main; main()"
ROUNDS = 2  # the first loads everything in new workers
DATASETS_A_TREATMENT = 10


def run(data: Path, to: Path, *options: str) -> dict:
    """Return the seconds of a run: of its synthesis, and of the whole by the clock."""
    places = ("--data", str(data), "--reports", str(to / "reports"), "--store", str(to / "runs.duckdb"))
    began = time.perf_counter()
    ended = subprocess.run([sys.executable, "-c", TROCHLEA, "run", "--json", *places, *options], check=True,
                           capture_output=True, text=True, env={**os.environ, "PREFECT_HOME": str(to / "prefect")})
    whole = time.perf_counter() - began
    (to / "runs.duckdb").unlink()  # so that each run is a first one
    return {"synthesis": json.loads(ended.stdout)["seconds"]["synthesise"], "whole run": whole}


def show(name: str, data: Path, to: Path, *options: str) -> None:
    for number in range(ROUNDS):
        took = run(data, to, *options)
        print(f"{name}, run {number + 1}:", ", ".join(f"{what} {took[what]:.1f} s" for what in took), flush=True)


def main(datasets: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder)
        library = to / "library" / "data"
        write_invented_library(library, datasets, datasets // DATASETS_A_TREATMENT)
        for name, data in ((f"{datasets} invented datasets", library), ("the protocol here", Path("data"))):
            show(f"{name}, one process", data, to)
            for count in (1, 2):
                home = to / f"{data.parent.name or 'here'}-{count}"
                home.mkdir()
                with cluster_of(home, *(f"worker-{number}" for number in range(count))) as cluster:
                    show(f"{name}, workers: {count}", data, to, "--runner", "dask", "--scheduler", cluster.address)
            show(f"{name}, a scheduler of its own", data, to, "--runner", "dask")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
