"""Print what a run takes beside an empty Prefect flow, both in the same minute, and a preview beside both.

Run it from the repository: python -m tests.benchmarks.prefect_overhead
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flows.prefect_settings import settle_prefect

ROUNDS = 3
EMPTY_FLOW = "from prefect import flow\n@flow\ndef empty(): pass\nempty()"
TROCHLEA = "from flows.command import main; main()"


def seconds(script: str, *arguments: str) -> float:
    """Return the wall-clock seconds of a Python process, its start and its end included."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PREFECT_HOME"] = str(Path(folder) / "prefect")
        settle_prefect(Path("data"))
        places = ("--store", f"{folder}/trochlea.duckdb", "--reports", f"{folder}/reports")
        print(f"first run, with a new Prefect home: {seconds(TROCHLEA, 'run', *places):.1f} s")
        for _ in range(ROUNDS):
            empty, run = seconds(EMPTY_FLOW), seconds(TROCHLEA, "run", *places)
            print(f"empty flow {empty:.1f} s, run {run:.1f} s, ratio {run / empty:.2f}", end=", ")
            print(f"preview {seconds(TROCHLEA, 'preview', *places):.2f} s")


if __name__ == "__main__":
    main()
