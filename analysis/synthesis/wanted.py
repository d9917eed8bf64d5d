"""Which rows the comparisons of a protocol ask of a source whose figures are awaited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.results import Comparison, Dataset
from analysis.synthesis.expecting import would_answer
from analysis.synthesis.times import times_asked_for, weeks_printed


@dataclass(frozen=True)
class Occasion:
    """A measurement that a comparison asks for, and the arms of the source on each side; None where the paper says."""

    experimental: tuple[str, ...]
    control: tuple[str, ...]
    outcome: str
    instrument: str | None
    followup_weeks: int | None

    def cells(self) -> dict[str, str]:
        """Return the cells of a row that say what was measured."""
        weeks = "" if self.followup_weeks is None else str(self.followup_weeks)
        return {"outcome": self.outcome, "instrument": self.instrument or "", "followup_weeks": weeks}


def wanted_rows(dataset: Dataset, comparisons: Sequence[Comparison]) -> dict[str, list[dict[str, str]]]:
    """Return the cells that are known of each row that the comparisons ask for, by table, each row once."""
    asked = occasions(dataset, comparisons)
    arms = [{"study": dataset.id, "arm": arm, **one.cells()} for one in asked for arm in one.experimental + one.control]
    contrasts = [
        {"study": dataset.id, "experimental": one_side, "control": other_side, **one.cells()}
        for one in asked
        for one_side in one.experimental
        for other_side in one.control
    ]
    return {"arms": each_once(arms), "contrasts": each_once(contrasts)}


def wanted_instruments(dataset: Dataset, comparisons: Sequence[Comparison]) -> dict[str, tuple[str, ...]]:
    """Return the instruments that may be typed for an outcome, where its comparisons take several."""
    taken: dict[str, dict[str, None]] = {}
    for comparison in comparisons:
        if would_answer(dataset, comparison):
            taken.setdefault(comparison.outcome, {}).update(dict.fromkeys(comparison.instruments))
    return {outcome: tuple(codes) for outcome, codes in taken.items() if len(codes) > 1}


def each_once(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows without repetitions, those of one outcome together, by time."""
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    kept = [row for place, row in enumerate(rows) if row not in rows[:place]]
    return sorted(kept, key=lambda row: (outcomes.index(row["outcome"]), int(row["followup_weeks"] or 0)))


def occasions(dataset: Dataset, comparisons: Sequence[Comparison]) -> list[Occasion]:
    """Return what the comparisons ask of a source; the instrument that one of them names stands also for "any"."""
    asking = [comparison for comparison in comparisons if would_answer(dataset, comparison)]
    asked = [one for comparison in asking for one in times_of(dataset, comparison)]
    named = {one.outcome: one.instrument for one in asked if one.instrument}
    return [replace(one, instrument=one.instrument or named.get(one.outcome)) for one in asked]


def times_of(dataset: Dataset, comparison: Comparison) -> Iterator[Occasion]:
    """Give what one comparison asks for, at each time of its window that the source names."""
    instrument = comparison.instruments[0] if len(comparison.instruments) == 1 else None
    arms = dict.fromkeys(arm.treatment for arm in dataset.metadata.arms)
    sides = [tuple(arm for arm in arms if arm in side) for side in (comparison.experimental, comparison.control)]
    follow_ups = dataset.metadata.study.follow_ups or ""
    unknown = [] if weeks_printed(follow_ups) and comparison.window_weeks else [None]
    for weeks in times_asked_for(follow_ups, comparison) or unknown:
        yield Occasion(*sides, comparison.outcome, instrument, weeks)
