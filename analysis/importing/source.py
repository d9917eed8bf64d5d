"""What every format is read into: a table of text cells, each of which knows where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.faults import Fault, InputError

MOST_ROWS, MOST_COLUMNS = 50_000, 500


@dataclass(frozen=True)
class Cell:
    """A cell as a person sees it.

    `problem` is set where what it shows is not what it holds (a formula, a date, a percentage): what was found and
    what is allowed. It is a fault only if the column is used for figures.
    """

    text: str
    problem: tuple[str, str] | None = None
    spans: bool = False  # part of a merged cell; the text is that of the whole
    typed: bool = False  # kept as a number, so that its text has a decimal point whatever the file's other cells have


@dataclass(frozen=True)
class SourceRow:
    """A row of a source: where faults say it is, where its figures say they are from, and its cells."""

    where: str
    line: int | None
    location: str
    cells: tuple[Cell, ...]

    def fault(self, found: str, allowed: str, column: str | None = None, fix: str | None = None) -> Fault:
        return Fault(self.where, found, allowed, self.line, column, fix)


@dataclass(frozen=True)
class Assessed:
    """How a source judges the risk of bias of a study: words and reasons by the domains of a tool."""

    tool: str
    rater: str
    rated: date
    domains: Mapping[str, tuple[str, str]]
    overall: tuple[str, str] | None = None  # None where the source has none


@dataclass(frozen=True)
class SourceTable:
    """A source as columns and rows.

    `sure` is False where the names of the columns were put together by a guess; `notices` are what a person must know
    of how it was read.
    """

    where: str
    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    sure: bool = True
    notices: tuple[str, ...] = ()
    named: bool = False  # the columns are named by their fields already
    bias: Mapping[str, Assessed] = field(default_factory=dict)  # by the names of the studies


def refuse(where: str, found: str, allowed: str, fix: str | None = None) -> InputError:
    """Return the error of a source that cannot be read at all."""
    return InputError([Fault(where, found, allowed, fix=fix)])


def letters(index: int) -> str:
    """Return the letters of a spreadsheet column: A for 0, AA for 26."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
