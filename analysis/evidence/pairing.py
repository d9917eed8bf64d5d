"""Two tables of the same source side by side: which row of one is which of the other, and where they differ."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.evidence.cells import CellError, read_cell
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import TableContract
from analysis.faults import Fault
from analysis.results import WHOLE_ROW, Disagreement, PValue, RawRow, RawTable

OWN_WORDS = ("location", "note")  # each extractor's own, and not compared
MAY_BE_MISREAD = ("instrument", "followup_weeks", "value_type", "detail", "subgroup", "measure", "window")
NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Line:
    """A row of one extraction: its cells as typed and as read, by column."""

    row: RawRow
    typed: dict[str, str]
    read: dict[str, object]

    def words(self, columns: Sequence[str]) -> str:
        return ", ".join(self.typed[name] for name in columns if self.typed.get(name))


@dataclass(frozen=True)
class Paired:
    """The rows of one table that two extractions share, and those that one has alone, in the order of the files."""

    contract: TableContract
    both: tuple[tuple[Line, Line], ...]
    only_a: tuple[Line, ...]
    only_b: tuple[Line, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return key_of(self.contract)


def key_of(contract: TableContract) -> tuple[str, ...]:
    """Return the columns that say what a row is about."""
    return tuple(name for name in contract.key if name not in (*OWN_WORDS, "seen_as"))


def read_lines(
    table: RawTable | None, contract: TableContract, codebook: Codebook, where: str
) -> tuple[list[Line], list[Fault]]:
    """Return the lines of a table with every cell read by its column, and a fault for each that is no value of it."""
    lines, faults = [], []
    for row in table.rows if table else ():
        typed = {name: cell.strip() for name, cell in zip(table.header, row.cells, strict=True)}
        read = {}
        for name, text in typed.items():
            try:
                read[name] = read_cell(contract.column(name), text, codebook) if text else None
            except CellError as error:
                faults.append(Fault(where, error.found, error.allowed, row.line, name))
        lines.append(Line(row, typed, read))
    return lines, faults


def pair_lines(contract: TableContract, a: Sequence[Line], b: Sequence[Line]) -> Paired:
    """Return which rows are the same: those with one key, then those left whose keys differ in one cell.

    Rows of one key that come again are paired in their order. A row whose key differs, in a cell that may be misread
    and in no other, is paired only where no other row could be meant. Arms and outcomes are never taken for another.
    """
    key = key_of(contract)
    waiting = defaultdict(list)
    for line in b:
        waiting[tuple(line.read.get(name) for name in key)].append(line)
    both, left_a = [], []
    for line in a:
        same = waiting[tuple(line.read.get(name) for name in key)]
        if same:
            both.append((line, same.pop(0)))
        else:
            left_a.append(line)
    taken = {id(line) for _, line in both}
    left_b = [line for line in b if id(line) not in taken]
    near = nearly_same(key, left_a, left_b)
    both = sorted([*both, *near], key=lambda pair: pair[0].row.line)
    gone = {id(line) for pair in near for line in pair}
    alone = [tuple(line for line in left if id(line) not in gone) for left in (left_a, left_b)]
    return Paired(contract, tuple(both), *alone)


def nearly_same(key: tuple[str, ...], a: Sequence[Line], b: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Return the pairs whose keys differ in one cell, each the only one that its two rows could be in."""
    near = [(one, other) for one in a for other in b if misread(key, one, other)]
    return [
        (one, other)
        for one, other in near
        if sum(one is first for first, _ in near) == 1 and sum(other is second for _, second in near) == 1
    ]


def misread(key: Sequence[str], one: Line, other: Line) -> bool:
    """Return whether the keys of two rows differ in one cell, and in one that may be misread."""
    differing = [name for name in key if one.read.get(name) != other.read.get(name)]
    return len(differing) == 1 and differing[0] in MAY_BE_MISREAD


def disagreements(paired: Paired) -> list[Disagreement]:
    """Return every cell in which paired rows differ as read ("2.40" is 2.4), and every row that one has alone."""
    table, found = paired.contract.name, []
    for one, other in paired.both:
        for name in compared_columns(paired, one, other):
            if one.read.get(name) != other.read.get(name):
                cells = one.typed.get(name, ""), other.typed.get(name, "")
                found.append(Disagreement(table, name, one.row.line, other.row.line, *cells, one.words(paired.key)))
    for line in paired.only_a:
        found.append(Disagreement(table, WHOLE_ROW, line.row.line, None, whole(line), "", line.words(paired.key)))
    for line in paired.only_b:
        found.append(Disagreement(table, WHOLE_ROW, None, line.row.line, "", whole(line), line.words(paired.key)))
    return found


def compared_columns(paired: Paired, one: Line, other: Line) -> list[str]:
    """Return the columns of the contract that one of two rows has, without each extractor's own words."""
    names = [column.name for column in paired.contract.columns]
    return [name for name in names if name not in OWN_WORDS and (name in one.typed or name in other.typed)]


def whole(line: Line) -> str:
    """Return a row as one text, to guard what is said of it."""
    return ",".join(line.typed.values())


def number_of(value: object) -> float | None:
    """Return a value as a number; None for words. A P that is only bounded is no number."""
    if isinstance(value, PValue):
        return value.value if value.relation == "=" else None
    return float(value) if isinstance(value, int | float) else None
