"""The ledger: the sources whose figures nobody has typed yet, those first that would settle most."""

from dataclasses import dataclass

from analysis.results import Comparison, ComparisonResult, Dataset, Expected, Run

OPEN = ("not settled", "not testable")


@dataclass(frozen=True)
class Bearing:
    """A comparison that the figures of a source would answer, and what they would do to it."""

    result: ComparisonResult
    expected: Expected | None
    claims: tuple[str, ...]  # ids of the claims that rest on it and are open
    other_times: bool = False  # the source prints no follow-up that is asked for

    @property
    def narrowing(self) -> float:
        """Return by which part of its width the interval is expected to shrink; 0 where it widens or is not known."""
        expected = self.expected
        return max(0.0, 1 - expected.width / expected.width_now) if expected and expected.width_now else 0.0


@dataclass(frozen=True)
class Entry:
    """A source of the ledger: an awaited dataset, and all that its figures bear on."""

    dataset: Dataset
    bearings: tuple[Bearing, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the open claims that its figures bear on, each once, in the order of the comparisons."""
        return tuple(dict.fromkeys(claim for bearing in self.bearings for claim in bearing.claims))

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(bearing.result.comparison for bearing in self.bearings)


def ledger(run: Run) -> tuple[Entry, ...]:
    """Return every awaited source; first those that bear on most open claims, then on most comparisons.

    Among equals those come first that narrow intervals most, all their comparisons added up; then by id.
    """
    claims = open_claims(run)
    entries = [
        Entry(dataset, bearings_of(dataset.id, run, claims))
        for dataset in run.datasets
        if dataset.metadata.study.status == "awaiting-extraction"
    ]
    return tuple(sorted(entries, key=weight))


def weight(entry: Entry) -> tuple:
    narrowing = sum(bearing.narrowing for bearing in entry.bearings)
    asked = sum(not bearing.other_times for bearing in entry.bearings)
    return -len(entry.claims), -asked, not entry.bearings, -narrowing, entry.dataset.id


def bearings_of(dataset: str, run: Run, claims: dict[str, tuple[str, ...]]) -> tuple[Bearing, ...]:
    return tuple(
        Bearing(
            result,
            awaited.expected,
            () if awaited.other_times else claims.get(result.comparison.id, ()),
            awaited.other_times,
        )
        for result in run.comparisons
        for awaited in result.awaited
        if awaited.study == dataset
    )


def open_claims(run: Run) -> dict[str, tuple[str, ...]]:
    """Return the claims, by comparison, of which a part that rests on our own pool is not settled or not testable."""
    found: dict[str, list[str]] = {}
    for verdict in run.verdicts:
        for judged in verdict.parts:
            if judged.part.basis == "own" and judged.verdict in OPEN:
                found.setdefault(judged.part.comparison, []).append(verdict.claim.id)
    return {comparison: tuple(dict.fromkeys(ids)) for comparison, ids in found.items()}
