"""Two extractions of one source: where they differ, how far they agree, and how each difference was resolved."""

from dataclasses import dataclass
from datetime import date

WHOLE_ROW = "row"  # the column of a disagreement about a row that one extraction alone has
KEEP, LEAVE_OUT = "keep", "leave-out"  # what is chosen of such a row


@dataclass(frozen=True)
class Resolution:
    """What was chosen where two extractions differ: an entry of resolutions.toml; `a` and `b` guard it."""

    table: str
    column: str
    value: str
    reason: str
    by: str
    on: date
    line_a: int | None = None
    line_b: int | None = None
    a: str = ""
    b: str = ""


@dataclass(frozen=True)
class Disagreement:
    """One cell, or one whole row, in which two extractions differ; a line is None where one has no such row."""

    table: str
    column: str
    line_a: int | None
    line_b: int | None
    a: str
    b: str
    row: str  # what the row is about, in its key cells
    resolution: Resolution | None = None


@dataclass(frozen=True)
class ColumnAgreement:
    """How far two extractions agree in one column; what is not defined is None."""

    table: str
    column: str
    cells: int  # filled by one of the two at least
    equal: int
    kappa: float | None = None  # Cohen's, of a column of words
    pairs: int = 0  # numbers that both have
    mean_difference: float | None = None  # first minus second
    low: float | None = None  # Bland and Altman's limits of agreement
    high: float | None = None
    icc: float | None = None


@dataclass(frozen=True)
class DoubleExtraction:
    """Two extractions of one source, compared."""

    rows: int  # that both have
    columns: tuple[ColumnAgreement, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def open(self) -> tuple[Disagreement, ...]:
        """Return the disagreements that nobody has resolved."""
        return tuple(one for one in self.disagreements if one.resolution is None)

    @property
    def cells(self) -> int:
        return sum(column.cells for column in self.columns)

    @property
    def equal(self) -> int:
        return sum(column.equal for column in self.columns)
