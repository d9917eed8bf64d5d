"""The three stages of a run as plain functions: what the Prefect flow and the preview have in common."""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from analysis import store
from analysis.faults import InputError
from analysis.made_by import hash_code
from analysis.report import make_room, publish
from analysis.results import Run
from flows.answering import Spread, answer, kept_from
from flows.asked import Material
from flows.material import read_material
from flows.review import Review
from flows.second_program import Ask
from flows.steps import synthesise

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
    taken: int = 0  # of its comparisons and networks, from the run before
    lots: int = 0  # of comparisons that workers answered


def ingest(review: Review, fresh: bool = False) -> Material:
    """Read the evidence and the protocol; folders that this code read before and that did not change are not reread.

    What was read stays until the end, and Python does not look for refuse in it until `deliver` is through.

    Args:
        review: The review.
        fresh: Whether to read everything, and to compute everything later.
    """
    LOG.info("Reading the evidence in %s", review.data)
    with collecting_later():
        material = read_material(review, run_before(review), fresh)
    gc.freeze()
    return material


def run_before(review: Review) -> Run | None:
    try:
        return store.latest(review.store, hash_code())
    except InputError:  # of a version of Trochlea with other nouns: there is nothing to compare with
        LOG.warning("The run before was written by another version of Trochlea; nothing is compared with it")
        return None


def compute(material: Material, recorded: bool, ask: Ask | None = None, spread: Spread = answer) -> Run:
    """Pool, test and judge what is not known from the run before, and compare with it."""
    LOG.info("Pooling and judging")
    return synthesise(material, material.previous, datetime.now(UTC), recorded, ask, spread)


def taken(material: Material, run: Run) -> int:
    """Return how many comparisons and networks a run took over."""
    return len(set(run.made_from) & kept_from(material.kept).keys())


def deliver(review: Review, run: Run, fresh: bool = False) -> Path:
    """Record a run, then swap its report in; return the page to open.

    Args:
        review: The review.
        run: The run.
        fresh: Whether to draw every page, those that did not change too.

    Raises:
        InputError: The folder of the report may not be replaced; then nothing is recorded either.
    """
    LOG.info("Writing the report")
    make_room(review.reports)
    with collecting_later():
        if run.recorded:
            store.record(review.store, run)
        publish(run, review.reports, fresh)
    gc.unfreeze()
    return review.reports / "index.html"


@contextmanager
def collecting_later() -> Iterator[None]:
    """Keep Python from looking for refuse: reading and writing make a million objects, and none that is refuse soon."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def preview(review: Review) -> Outcome:
    """Do what a run does, at once, unrecorded."""
    watch = Stopwatch()
    with watch.time("ingest"):
        material = ingest(review)
    with watch.time("synthesise"):
        run = compute(material, recorded=False)
    with watch.time("publish"):
        page = deliver(review, run)
    return Outcome(run, page, watch.seconds, taken(material, run))
