"""Measure Trochlea and other programs in one run, on the same invented and published data.

Run it by: python -m tests.benchmarks.side_by_side            prints the tables
           python -m tests.benchmarks.side_by_side --write    and renews docs/performance.md and its figure

What is not installed is left out and named: R with metafor, PyMARE, statsmodels, PyMetaAnalysis, pimeta. None of them
is a dependency; docs/performance.md says how to bring them. Times are seconds of CPU, so that other work on the
machine tells less; each is the median of repeats that take a second together, three at least.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from analysis.pooling import leave_one_out, pool, pool_batch
from tests.benchmarks.growth_plot import draw
from tests.benchmarks.incremental_speed import runs_of_a_library
from tests.benchmarks.numpy_reml import numpy_reml
from tests.benchmarks.peers import PEERS, Metafor, Peer, metafor
from tests.benchmarks.performance_page import page
from tests.metafor_answers import BCG

DOCS = Path(__file__).parents[2] / "docs"
ANALYSES, STUDIES, MANY = 2000, 10, 100_000
METAFOR_FITS = 200
LIMIT = 8.0  # seconds: a program is not asked for a size that, as it has grown so far, would take longer
SIZES = (10, 30, 100, 300, 1_000, 10_000, 100_000, 1_000_000)
LEFT_OUT = (30, 100, 200, 1_000, 10_000, 100_000)
BATCHES = (100, 1_000, 10_000, 100_000)

Array = np.ndarray
Curve = list[tuple[int, float]]


@dataclass
class Measured:
    """All that one run found. Seconds of CPU; curves are (size, seconds) or (size, megabytes).

    Args:
        each: By program, seconds an analysis of 10 studies.
        apart: By program, the largest distance of its estimates from Trochlea's, in standard errors.
        bcg: By program, seconds for the 13 BCG trials alone.
        studies, left_out, batches: By program, seconds over studies of one analysis, over studies left out in turn, and
            over analyses.
        memory: By what grows, the largest memory that the engine took beside its input, megabytes.
        failed: By program, how many fits did not converge, and of how many.
        missing: Programs that are not installed.
        runs: What runs after the first cost in an invented library, of tests.benchmarks.incremental_speed.
        command: Seconds of CPU, of the clock, and megabytes of one `trochlea pool` of 100,000 analyses, by the kind of
            its file.
    """

    each: dict[str, float] = field(default_factory=dict)
    apart: dict[str, float] = field(default_factory=dict)
    bcg: dict[str, float] = field(default_factory=dict)
    studies: dict[str, Curve] = field(default_factory=dict)
    left_out: dict[str, Curve] = field(default_factory=dict)
    batches: dict[str, Curve] = field(default_factory=dict)
    memory: dict[str, Curve] = field(default_factory=dict)
    command: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    failed: dict[str, tuple[int, int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    runs: dict[str, dict] = field(default_factory=dict)


def main() -> None:
    """Measure everything; print it, and write it where that is asked for."""
    measured = Measured()
    say("Trochlea")
    random = np.random.default_rng(20220222)
    batch = invented(random, ANALYSES * STUDIES)
    studies = invented(random, max(SIZES))
    moments = [measure_batch(batch)]  # a machine has slow minutes: before, between and after the others
    measure_trochlea(measured, batch, studies, random)
    measure_peers(measured, batch, studies)
    moments.append(measure_batch(batch))
    measure_metafor(measured, batch, studies)
    moments.append(measure_batch(batch))
    measured.each |= {name: median(moment[name] for moment in moments) for name in moments[0]}
    measured.command = measure_command(random)
    say("runs of a library")
    measured.runs = runs_of_a_library()
    text = page(measured, machine())
    sys.stdout.write(text)
    if "--write" in sys.argv:
        (DOCS / "performance.md").write_text(text, encoding="utf-8")
        (DOCS / "images" / "performance.svg").write_text(draw(measured), encoding="utf-8")


def invented(random: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Return effects with a tau2 of 0.09 and their variances."""
    vi = random.uniform(0.02, 0.3, rows)
    return random.normal(0, 0.3, rows) + random.normal(0, np.sqrt(vi)), vi


def measure_trochlea(measured: Measured, batch: tuple[Array, Array], studies: tuple[Array, Array],
                     random: np.random.Generator) -> None:
    """Measure the engine, and how far from it a bare batch in NumPy ends."""
    square = [column.reshape(ANALYSES, STUDIES) for column in batch]
    whole = pool_batch(*batch, np.arange(ANALYSES) * STUDIES)
    measured.apart["bare NumPy"] = float(np.max(np.abs(numpy_reml(*square) - whole.estimate) / whole.se))
    measured.bcg["Trochlea"] = seconds(lambda: pool(BCG["yi"], BCG["vi"]))
    measured.studies["Trochlea"] = curve(SIZES, lambda k: pool_batch(*first(studies, k), [0]))
    measured.left_out["Trochlea"] = curve(LEFT_OUT, lambda k: leave_one_out(*first(studies, k)))
    many = invented(random, MANY * STUDIES)

    def pool_many(b: int) -> None:
        pool_batch(*first(many, b * STUDIES), np.arange(b) * STUDIES)

    measured.batches["Trochlea"] = curve(BATCHES, pool_many)
    measured.memory["analyses of 10 studies"] = [(b, megabytes(lambda b=b: pool_many(b))) for b in BATCHES]
    measured.memory["studies of one analysis"] = [
        (k, megabytes(lambda k=k: pool_batch(*first(studies, k), [0]))) for k in SIZES]
    measured.memory["studies left out in turn"] = [
        (k, megabytes(lambda k=k: leave_one_out(*first(studies, k)))) for k in LEFT_OUT]


def measure_batch(batch: tuple[Array, Array]) -> dict[str, float]:
    """Return seconds of an analysis of many, by the engine and by a bare batch in NumPy."""
    starts, square = np.arange(ANALYSES) * STUDIES, [column.reshape(ANALYSES, STUDIES) for column in batch]
    return {"Trochlea": seconds(lambda: pool_batch(*batch, starts)) / ANALYSES,
            "bare NumPy": seconds(lambda: numpy_reml(*square)) / ANALYSES}


def measure_peers(measured: Measured, batch: tuple[Array, Array], studies: tuple[Array, Array]) -> None:
    """Measure the Python packages that are installed."""
    yi, vi = (column.reshape(ANALYSES, STUDIES) for column in batch)
    whole = pool_batch(*batch, np.arange(ANALYSES) * STUDIES)
    bcg = np.array(BCG["yi"]), np.array(BCG["vi"])
    for peer in PEERS:
        if peer.version is None:
            measured.missing.append(peer.package)
            continue
        name = f"{peer.package} {peer.version} ({peer.what})"
        say(name)
        few = METAFOR_FITS // 4
        measured.each[name] = seconds(lambda peer=peer, few=few: fit_all(peer, yi[:few], vi[:few])) / few
        estimates = fit_all(peer, yi[:few], vi[:few])
        measured.apart[name] = float(np.max(np.abs(estimates - whole.estimate[:few]) / whole.se[:few]))
        measured.bcg[name] = seconds(lambda peer=peer: peer.one(*bcg))
        measured.studies[name] = curve(SIZES, lambda k, peer=peer: peer.one(*first(studies, k)))
        if peer.without_each:
            measured.left_out[name] = curve(LEFT_OUT, lambda k, peer=peer: peer.without_each(*first(studies, k)))
        if peer.batch:
            measured.each[f"{name}, one call"] = seconds(lambda peer=peer: peer.batch(yi, vi)) / ANALYSES
            measured.batches[name] = curve(BATCHES[:-1], lambda b, peer=peer: peer.batch(
                np.tile(yi, (-(-b // ANALYSES), 1))[:b], np.tile(vi, (-(-b // ANALYSES), 1))[:b]))


def measure_metafor(measured: Measured, batch: tuple[Array, Array], studies: tuple[Array, Array]) -> None:
    """Measure R metafor, where it is installed."""
    yi, vi = (column.reshape(ANALYSES, STUDIES)[:METAFOR_FITS] for column in batch)
    with tempfile.TemporaryDirectory() as folder:
        found: Metafor | None = metafor(Path(folder), (yi, vi), first(studies, 3_000))
    say("metafor is done")
    if found is None:
        measured.missing.append("R with metafor")
        return
    name = f"metafor {found.version} (REML, knha)"
    whole = pool_batch(yi.ravel(), vi.ravel(), np.arange(METAFOR_FITS) * STUDIES)
    measured.each[name], measured.bcg[name] = found.each, found.bcg
    measured.failed[name] = (int(np.isnan(found.estimates).sum()), METAFOR_FITS)
    measured.apart[name] = float(np.nanmax(np.abs(found.estimates - whole.estimate) / whole.se))
    measured.studies[name] = [(int(k), spent) for k, spent in found.studies]
    measured.left_out[name] = [(int(k), spent) for k, spent in found.left_out]


def measure_command(random: np.random.Generator) -> dict[str, tuple[float, float, float]]:
    """Return seconds of CPU and of the clock, and megabytes, of pooling 100,000 analyses in files of each kind."""
    yi, vi = invented(random, MANY * STUDIES)
    names = pa.array([f"review {number}" for number in np.repeat(np.arange(MANY), STUDIES)])
    table = pa.table({"yi": yi, "vi": vi, "group": names})
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table, Path(folder) / "effects.parquet")
        pa.csv.write_csv(table, Path(folder) / "effects.csv")
        return {kind: spent_by_command(Path(folder), kind) for kind in ("parquet", "csv")}


def spent_by_command(folder: Path, kind: str) -> tuple[float, float, float]:
    """Pool the effects of a folder with the command, into a file of the same kind."""
    began = time.perf_counter()
    arguments = ["pool", str(folder / f"effects.{kind}"), "--out", str(folder / f"pooled.{kind}")]
    program = [sys.executable, "-c", "from flows.command import main; main()", *arguments]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, program)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024


def say(what: str) -> None:
    """Show what is measured now."""
    sys.stderr.write(f"{what} ...\n")


def first(columns: tuple[Array, Array], k: int) -> tuple[Array, Array]:
    """Return the first k rows."""
    return columns[0][:k], columns[1][:k]


def curve(sizes: tuple[int, ...], work: Callable[[int], object]) -> Curve:
    """Return (size, seconds) up to the last size that is expected to take at most LIMIT."""
    found: Curve = []
    for size in sizes:
        if expected(found, size) > LIMIT:
            break
        found.append((size, seconds(lambda size=size: work(size))))
    return found


def expected(found: Curve, size: int) -> float:
    """Return the seconds that a size would take if the cost grew on as it did last, with its square at least."""
    if not found:
        return 0.0
    (before, early), (last, late) = found[-2:] if len(found) > 1 else (found[0], found[0])
    power = np.log(late / early) / np.log(last / before) if last > before else 1.0
    steady = late > 0.05 and power < 1.3
    return late * (size / last) ** max(power, 1.0 if steady or late < 1e-3 else 2.0)


def fit_all(peer: Peer, yi: Array, vi: Array) -> Array:
    """Return the estimates of analyses, one at a time."""
    return np.array([peer.one(*pair) for pair in zip(yi, vi, strict=True)])


def seconds(work: Callable[[], object]) -> float:
    """Return the median of the seconds of CPU that work takes; once where it takes longer than 0.7."""
    spent: list[float] = []
    while len(spent) < 3 or (sum(spent) < 1 and len(spent) < 30):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
        if spent[0] > 0.7:
            break
    return median(spent)


def megabytes(work: Callable[[], object]) -> float:
    """Return the largest memory that work took at once, beside what was there before."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def machine() -> str:
    """Say what the figures were measured on."""
    return f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()} {platform.machine()}"


if __name__ == "__main__":
    main()
