"""The three stages of a run as plain functions: what the Prefect flow and the preview have in common."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from analysis import store
from analysis.faults import InputError
from analysis.fingerprints import hash_code
from analysis.report import make_room, publish
from analysis.results import Run
from flows.answering import Spread, answer
from flows.asked import Material
from flows.material import read_material
from flows.review import Review
from flows.steps import Ask, synthesise

LOG = logging.getLogger("trochlea")


@dataclass
class Stopwatch:
    """Seconds of wall-clock time each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = time.perf_counter() - began


@dataclass(frozen=True)
class Outcome:
    """A run that ended well, where its report is, and what it took."""

    run: Run
    page: Path
    seconds: dict[str, float]
    lots: int = 0  # of comparisons that workers answered


def ingest(review: Review) -> Material:
    """Read the evidence and the protocol; folders that this code read before and that did not change are not reread."""
    LOG.info("Reading the evidence in %s", review.data)
    return read_material(review, store.datasets(review.store, hash_code()))


def compute(
    review: Review, material: Material, recorded: bool, ask: Ask | None = None, spread: Spread = answer
) -> Run:
    """Pool, test and judge, and compare with the run before."""
    LOG.info("Pooling and judging")
    return synthesise(material, run_before(review), datetime.now(UTC), recorded, ask, spread)


def run_before(review: Review) -> Run | None:
    try:
        return store.latest(review.store)
    except InputError:  # of a version of Trochlea with other nouns: there is nothing to compare with
        LOG.warning("The run before was written by another version of Trochlea; nothing is compared with it")
        return None


def deliver(review: Review, run: Run) -> Path:
    """Record a run, then swap its report in; return the page to open.

    Raises:
        InputError: The folder of the report may not be replaced; then nothing is recorded either.
    """
    LOG.info("Writing the report")
    make_room(review.reports)
    if run.recorded:
        store.record(review.store, run)
    publish(run, review.reports)
    return review.reports / "index.html"


def preview(review: Review) -> Outcome:
    """Do what a run does, at once, unrecorded."""
    watch = Stopwatch()
    with watch.time("ingest"):
        material = ingest(review)
    with watch.time("synthesise"):
        run = compute(review, material, recorded=False)
    with watch.time("publish"):
        page = deliver(review, run)
    return Outcome(run, page, watch.seconds)
