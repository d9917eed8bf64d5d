"""Print what runs cost after the first, in an invented library of a thousand datasets and three hundred comparisons.

Seconds are those of `trochlea run --json`: loading our own code, ingest, synthesise, publish; not Prefect's start.
They are of the clock, so that other work on the machine tells. Of a run after the first it is the middle one of three.

Run it by: python -m tests.benchmarks.incremental_speed
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.invented_library import dataset_name, write_invented_library

WHOLE = "all"
COMMAND = "from flows.command import main; main()"
REPEATS = 3
FIRST, UNCHANGED, ONE = "first run", "nothing changed", "one dataset changed"

Runs = dict[str, dict]  # what `trochlea run --json` prints, by what was done before


def main() -> None:
    """Print the seconds of each run, stage by stage."""
    print("\n".join(lines(runs_of_a_library())))


def runs_of_a_library() -> Runs:
    """Return a first run, one after which nothing changed, and one after a change of one dataset."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_invented_library(folder / "data")
        first, unchanged = run(folder), middle([run(folder) for _ in range(REPEATS)])
        return {FIRST: first, UNCHANGED: unchanged, ONE: middle([run_changed(folder) for _ in range(REPEATS)])}


def run_changed(folder: Path) -> dict:
    change_one(folder / "data")
    return run(folder)


def middle(runs: list[dict]) -> dict:
    """Return the run of median length."""
    return sorted(runs, key=lambda found: found["seconds"][WHOLE])[len(runs) // 2]


def run(folder: Path) -> dict:
    """Run the pipeline in a process of its own; return what it prints for a machine."""
    places = ["--data", str(folder / "data"), "--reports", str(folder / "reports")]
    whole = [sys.executable, "-c", COMMAND, "run", *places, "--json"]
    return json.loads(subprocess.run(whole, check=True, capture_output=True, text=True).stdout)


def change_one(data: Path) -> None:
    """Change a mean of one dataset."""
    table = data / "raw" / dataset_name(500) / "arms.csv"
    lines = table.read_text().splitlines(keepends=True)
    cells = lines[1].split(",")
    cells[7] = f"{float(cells[7]) + 0.1:.2f}"
    table.write_text("".join([lines[0], ",".join(cells), *lines[2:]]))


def lines(runs: Runs) -> list[str]:
    """Return a table of Markdown: the seconds of each run by stage, and how they compare with the first."""
    stages = [stage for stage in runs[FIRST]["seconds"] if stage != WHOLE]
    head = ("", *stages, "together", "of the first", "computed", "taken")
    first = runs[FIRST]["seconds"][WHOLE]
    rows = [
        (name, *(f"{found['seconds'][stage]:.2f}" for stage in (*stages, WHOLE)),
         f"{found['seconds'][WHOLE] / first:.3f}", str(found["computed"]), str(found["taken"]))
        for name, found in runs.items()
    ]  # fmt: skip
    table = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return [table[0], f"|{'---|' * len(head)}", *table[1:]]


if __name__ == "__main__":
    main()
