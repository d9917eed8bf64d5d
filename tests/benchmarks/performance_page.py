"""docs/performance.md as tests.benchmarks.side_by_side writes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.incremental_speed import lines

if TYPE_CHECKING:
    from tests.benchmarks.side_by_side import Curve, Measured

OWN = "Trochlea"
HEAD = """# How fast it is

Written by `make bench WRITE=--write`, which runs `python -m tests.benchmarks.side_by_side`: Trochlea and other programs
in one run, on the same data. The data are invented (tau2 0.09, sampling variances between 0.02 and 0.3) but for the BCG
trials (Colditz 1994). Times are seconds of CPU, medians of repeats; on another machine look at the ratios.

{machine}.{missing}

The other Python packages are no dependencies. To have them in the table: `python -m venv peers`, then
`peers/bin/pip install pymare statsmodels PyMetaAnalysis pimeta` with the requirements of Trochlea, and
`peers/bin/python -m tests.benchmarks.side_by_side`.
"""
RUNS = """## Runs after the first

An invented library of 1,000 datasets, 300 comparisons and 100 claims: `python -m tests.benchmarks.incremental_speed`.
Seconds are those that `trochlea run --json` prints, by the clock and without Prefect's start; of the later runs, the
middle one of three. statsmodels is imported and asked by a process beside. "Computed" and "taken" count comparisons.
"""
METHOD = """## What is asked of each

REML with Hartung-Knapp, or what comes nearest. Trochlea scans the likelihood for a second maximum, solves to 1e-10
and gives the intervals of the mean, of tau2 and I2 (Q-profile) and of prediction with every figure. "Bare NumPy" is
`tests/benchmarks/numpy_reml.py`: Fisher scoring on equal sizes, nothing checked, no interval. "Apart" is the
largest distance of an estimate from Trochlea's, in standard errors: where a program stops early, or solves another
equation (PM), it is not 0.

A program is not asked for sizes that would take it longer than about eight seconds. Exponents are fitted to the
sizes from a thousand on (to all there are where that leaves fewer than two): 1 is a cost in proportion, 2 its
square.
"""


def page(measured: "Measured", machine: str) -> str:
    """Return the whole page."""
    missing = f" Not installed, so left out: {', '.join(measured.missing)}." if measured.missing else ""
    return "\n".join((
        HEAD.format(machine=machine, missing=missing).rstrip(), "", *each_table(measured), "", *command_lines(measured),
        "", "![Seconds of CPU over sizes](images/performance.svg)", "", *growth(measured), "", RUNS.rstrip(), "",
        *lines(measured.runs), "", METHOD.rstrip(), ""))


def each_table(measured: "Measured") -> list[str]:
    """Return seconds an analysis, and how many times Trochlea's they are."""
    own, rows = measured.each[OWN], []
    for name, spent in sorted(measured.each.items(), key=lambda pair: pair[1]):
        bcg, apart = measured.bcg.get(name), measured.apart.get(name)
        rows.append((name, duration(spent), f"{spent / own:,.1f}" if spent < 100 * own else f"{spent / own:,.0f}",
                     duration(bcg) if bcg else "", f"{apart:.0e}" if apart is not None else ""))
    return ["## Analyses of ten studies, and the 13 BCG trials alone", "",
            *table(("program", "an analysis of 2,000", "times Trochlea", "BCG alone", "apart"), rows),
            *failures(measured)]


def failures(measured: "Measured") -> list[str]:
    """Say which programs gave no answer to some analyses."""
    return ["", *(f"{name} did not converge in {count} of {all_of_them}; Trochlea did in all."
                  for name, (count, all_of_them) in measured.failed.items() if count)]


def command_lines(measured: "Measured") -> list[str]:
    """Return what the command took, by kinds of files."""
    lines = ["`trochlea pool effects.parquet --out pooled.parquet`, 100,000 analyses of ten studies with named groups, "
             "start included:", ""]  # fmt: skip
    return lines + [f"- {kind}: {spent:.1f} seconds of CPU, {clock:.1f} by the clock, {megabytes:,.0f} MB at most"
                    for kind, (spent, clock, megabytes) in measured.command.items()]  # fmt: skip


def growth(measured: "Measured") -> list[str]:
    """Return the curves as tables with their exponents."""
    parts = []
    for title, curves, unit in (
            ("One analysis, over its studies", measured.studies, duration),
            ("Leaving out each study in turn, over studies", measured.left_out, duration),
            ("Analyses of ten studies, over analyses", measured.batches, duration),
            ("Memory of the engine beside its input", measured.memory, lambda size: f"{size:,.1f} MB")):
        sizes = sorted({size for points in curves.values() for size, _ in points})
        rows = [(name, *(unit(dict(points)[size]) if size in dict(points) else "" for size in sizes), exponent(points))
                for name, points in curves.items()]
        parts += [f"## {title}", "", *table(("", *(f"{size:,}" for size in sizes), "exponent"), rows), ""]
    return parts[:-1]


def exponent(points: "Curve") -> str:
    """Return the slope of the logarithm of the cost over that of the size."""
    large = [point for point in points if point[0] >= 1000]
    chosen = large if len(large) > 1 else points
    if len(chosen) < 2:
        return ""
    sizes, costs = np.log(np.array(chosen)).T
    return f"{np.polyfit(sizes, costs, 1)[0]:.2f}"


def duration(seconds: float) -> str:
    """Return seconds with a unit that suits them, to two digits or three."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table of Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (header, *rows)]
    return [lines[0], f"|{'---|' * len(header)}", *lines[1:]]
