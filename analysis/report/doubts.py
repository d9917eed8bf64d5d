"""Figures of a source that look implausible: what was found, beside the row that it stands in."""

from dataclasses import dataclass

from analysis.report.links import Places
from analysis.report.wording import sentence_case
from analysis.results import Dataset, Doubt, Run, SourceRef


@dataclass(frozen=True)
class DoubtLine:
    """One figure that looks implausible, with the way to its row; no way when it is about the whole source."""

    row: str | None
    place: str
    text: str


def doubts_of(run: Run, dataset: Dataset) -> tuple[Doubt, ...]:
    """Return what looks implausible in a source, in the order of its tables and lines."""
    return tuple(one for one in run.doubts if one.dataset == dataset.id)


def doubt_lines(doubts: tuple[Doubt, ...], places: Places) -> tuple[DoubtLine, ...]:
    """Return each doubt as a line of the source's page."""
    return tuple(doubt_line(one, places) for one in doubts)


def doubt_line(one: Doubt, places: Places) -> DoubtLine:
    fix = f": {one.fix}" if one.fix else ""
    text = f"{sentence_case(one.found)}. {one.look}{fix}."
    if one.table is None:
        return DoubtLine(None, "The whole source", text)
    anchor = places.anchor(SourceRef(one.dataset, one.table, one.line, "", ""))
    return DoubtLine(anchor, f"{one.table}.csv line {one.line}, {one.column}", text)


def doubted_cells(doubts: tuple[Doubt, ...], table: str) -> set[tuple[int, str]]:
    """Return the cells of a table that look implausible, by line and column."""
    return {(one.line, one.column) for one in doubts if one.table == table}
