"""The report that is shown: drawn in memory, and again when the data change; published files are not touched."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.faults import TrochleaError
from analysis.report import render
from analysis.results import Run
from flows.review import Review
from flows.stages import compute, ingest

WATCHED = ("raw", "protocol")  # of the data folder; the store beside them changes on its own
Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Showing:
    """What is shown at one moment; a new number tells a page to load itself again."""

    number: int
    files: dict[str, bytes]
    notice: str = ""  # why it is not of the data as they are now


def signature(data: Path) -> Signature:
    """Return name, time of change and size of every file that a report is made from."""
    paths = sorted(path for folder in WATCHED for path in (data / folder).rglob("*"))
    found = []
    for path in paths:
        try:
            state = path.stat()
        except OSError:  # gone between the listing and the look
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


class LiveReport:
    """A preview of a review that follows its data, or one recorded run that stays as it is."""

    def __init__(self, review: Review, run: Run | None, choose: Callable[[Run], Run]):
        self.review, self.choose, self.follows = review, choose, run is None
        self.seen: Signature = signature(review.data) if self.follows else ()
        self.showing = Showing(0, render(choose(run or self.preview())))

    def preview(self) -> Run:
        return compute(ingest(self.review), recorded=False)

    def refresh(self) -> bool:
        """Draw again when the data changed; say whether they did. What cannot be drawn leaves the last report."""
        if not self.follows or (now := signature(self.review.data)) == self.seen:
            return False
        self.seen, last = now, self.showing
        try:
            self.showing = Showing(last.number + 1, render(self.choose(self.preview())))
        except TrochleaError as error:
            self.showing = Showing(last.number + 1, last.files, str(error))
        return True
