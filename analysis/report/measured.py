"""What the studies measured, with what and when: a column where they differ, a sentence where they do not."""

from dataclasses import dataclass

from analysis.report.studies import StudyRow
from analysis.report.wording import MISSING
from analysis.results import ComparisonResult

WEEKS = ("Weeks", "followup", True)
COLUMNS = (
    ("Instrument", "instrument", False),
    ("Value", "value_type", False),
    ("Detail, as printed", "detail", False),
    ("People", "people", True),
)  # head, field of a study, whether it is a number


@dataclass(frozen=True)
class MeasuredColumn:
    """One thing that was measured differently, a cell a study."""

    head: str
    number: bool
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """What differs, as the columns of a table without empty ones, and what does not, as a sentence."""

    columns: tuple[MeasuredColumn, ...]
    alike: str | None


def measured(result: ComparisonResult, studies: tuple[StudyRow, ...]) -> Measured:
    """Return what the studies of a page measured."""
    timed = (WEEKS,) if result.comparison.window_weeks is not None else ()
    columns = [
        MeasuredColumn(head, number, tuple(getattr(row, field) or MISSING for row in studies))
        for head, field, number in (*timed, *COLUMNS)
    ]
    same = [(column.head, column.cells[0]) for column in columns if len(set(column.cells)) == 1]
    differing = tuple(column for column in columns if len(set(column.cells)) > 1)
    return Measured(differing, alike_sentence(same, len(studies)))


def alike_sentence(same: list[tuple[str, str]], count: int) -> str | None:
    """Return what all studies share; nothing where they share nothing that is known."""
    known = [f"{head.lower()}: {cell}" for head, cell in same if cell != MISSING]
    if not known:
        return None
    lead = "What was measured" if count == 1 else "The same in every row of the forest plot"
    return f"{lead}: {'; '.join(known)}."
