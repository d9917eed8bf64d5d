"""What is wrong with a participant table, cell by cell: asked only when its sums showed that something is.

A fault names the line and the column. It quotes no cell, which could be somebody's own, but words for missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from analysis.evidence.cells import MISSING
from analysis.evidence.participants.identifying import CELLS
from analysis.evidence.participants.summing import FARTHEST
from analysis.evidence.participants.table import ParticipantTable, first_line, name_of, text
from analysis.faults import Fault

EMPTY = "the cell is empty"
SHOWN = 20  # faults of one kind; the others are counted
NUMBERED = "(select *, row_number() over () as row_of_file from {source})"
SAMPLE = 10_000  # participants whose codes are looked at


@dataclass(frozen=True)
class Wrong:
    """A kind of fault: where it holds, in SQL; what is found, in words; what is allowed."""

    column: str
    where: str
    found: str
    allowed: str


def cell_faults(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, study: str, arms: tuple[str, ...]
                ) -> list[Fault]:  # fmt: skip
    """Return every fault of the cells of a table, the first of each kind with their lines."""
    torn = torn_lines(connection, table) if table.is_csv else []
    if torn:
        return torn
    rows = connection.execute(counting(table)).fetchall()[0][0]
    if not rows:
        return [Fault(table.where, "no participant", "Each participant has a line")]
    regular = not table.is_csv or is_regular(table, rows)
    kinds = [*keys(study, arms), *events(table), *numbers(table)]
    faults = [fault for kind in kinds for fault in of_kind(connection, table, kind, regular)]
    return faults + doubled(connection, table, regular)


def counting(table: ParticipantTable) -> str:
    """Return the SQL of how many rows a table has; a column is named, or DuckDB keeps no record of torn lines."""
    return f"select count(*), count(participant) from {table.source(typed=False)}"


def torn_lines(connection: duckdb.DuckDBPyConnection, table: ParticipantTable) -> list[Fault]:
    """Return a fault for each line that is no row: too few or too many cells, an open quote, no UTF-8."""
    try:
        connection.execute(counting(table)).fetchall()
    except duckdb.Error as error:
        return [Fault(table.where, f"it is not CSV: {first_line(error)}", "Each participant is one line of cells")]
    sql = f"select distinct line, error_message from reject_errors order by line limit {SHOWN}"
    return [
        Fault(table.where, f"no row of cells: {message.splitlines()[0][:120]}",
              "Each line has a cell for each column; a cell with a comma stands in quotes", line)
        for line, message in connection.execute(sql).fetchall()
    ]  # fmt: skip


def is_regular(table: ParticipantTable, rows: int) -> bool:
    """Return whether each row is a line of its own, so that lines can be counted by rows."""
    lines, last = 0, b"\n"
    with table.path.open("rb") as file:
        while block := file.read(1 << 20):
            lines, last = lines + block.count(b"\n"), block[-1:]
    return lines + (last != b"\n") == rows + 1


def keys(study: str, arms: tuple[str, ...]) -> Iterator[Wrong]:
    """Give what may be wrong with study, participant and arm."""
    yield Wrong("study", f"study is null or study <> {text(study)}", "another study",
                f"study is {study}, the folder's id")  # fmt: skip
    yield Wrong("participant", "participant is null", EMPTY, "Each line has a participant")
    known = ", ".join(text(arm) for arm in arms)
    allowed = f"arm is an id or a treatment of [[arms]] in metadata.toml: {', '.join(arms)}"
    yield Wrong("arm", f"arm is null or arm not in ({known})", "a word that is no arm", allowed)


def events(table: ParticipantTable) -> Iterator[Wrong]:
    """Give what may be wrong with yes-or-no outcomes."""
    for one in table.declared.outcomes:
        if one.event is not None:
            column = name_of(one.column)
            allowed = f"The cell is {one.event!r}, {one.no_event!r} or empty, as metadata.toml says"
            other = f"{column} not in ({text(one.event)}, {text(one.no_event)})"
            yield Wrong(one.column, other, "a word that is neither", allowed)


def numbers(table: ParticipantTable) -> Iterator[Wrong]:
    """Give what may be wrong with numbers: words, numbers off their scale, and what is no number of a study."""
    for name in table.numbers:
        value = f"try_cast({name_of(name)} as double)"
        odd = f"{name_of(name)} is not null and ({value} is null or not isfinite({value}))"
        yield Wrong(name, odd, "no number", "Write one number such as -3.5, or leave the cell empty when it is missing")
        low, high, said = limits(table, name)
        beyond = f"isfinite({value}) and not {value} between {low!r} and {high!r}"
        yield Wrong(name, beyond, "a number that lies beyond", said)


def limits(table: ParticipantTable, name: str) -> tuple[float, float, str]:
    """Return the least and greatest value of a column, in numbers and in words."""
    for one in table.declared.outcomes:
        if one.scale and name in (one.column, one.baseline):
            low, high = one.scale
            if name == one.column and one.value_type == "change":
                most = high - low
                return -most, most, f"A change on {one.instrument} runs from {-most:g} to {most:g}"
            return low, high, f"{one.instrument} runs from {low:g} to {high:g}"
    return -FARTHEST, FARTHEST, "A number of a study is not so large"


def of_kind(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, kind: Wrong, regular: bool
            ) -> Iterator[Fault]:  # fmt: skip
    """Give the first faults of a kind, each with its line, and the number of the others."""
    people = "cast(participant as varchar) as participant, cast(study as varchar) as study, cast(arm as varchar) as arm"
    others = [f"cast({name_of(name)} as varchar) as {name_of(name)}" for name in table.columns
              if name not in ("participant", "study", "arm")]  # fmt: skip
    source = NUMBERED.format(source=f"(select {', '.join([people, *others])} from {table.source(typed=False)})")
    sql = (f"select row_of_file, left(cast({name_of(kind.column)} as varchar), 60), count(*) over () from {source} "
           f"where {kind.where} order by row_of_file limit {SHOWN}")  # fmt: skip
    found = connection.execute(sql).fetchall()
    for row, cell, _ in found:
        shown = f", {cell!r}" if (cell or "").lower() in MISSING else ""
        yield place(table, row, EMPTY if cell is None else f"{kind.found}{shown}", kind.allowed, kind.column, regular)
    if found and found[0][2] > len(found):
        yield more(table, found[0][2] - len(found), kind.column, kind.allowed)


def doubled(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, regular: bool) -> list[Fault]:
    """Return a fault for each participant who stands twice, by the lines."""
    source = NUMBERED.format(source=table.source(typed=False))
    sql = (f"select row_of_file, earliest, count(*) over () from (select row_of_file, participant, "
           f"min(row_of_file) over (partition by study, participant) as earliest from {source}) "
           f"where participant is not null and earliest < row_of_file order by row_of_file limit {SHOWN}")  # fmt: skip
    found = connection.execute(sql).fetchall()
    allowed = "A participant has one line"
    faults = [place(table, row, f"the same participant as in {word(table, first, regular)}", allowed, "participant",
                    regular) for row, first, _ in found]  # fmt: skip
    if found and found[0][2] > len(found):
        faults.append(more(table, found[0][2] - len(found), "participant", allowed))
    return faults


def word(table: ParticipantTable, row: int, regular: bool) -> str:
    """Return how a row is told: by its line in a CSV file whose rows are lines, else by its number."""
    return f"line {row + 1}" if table.is_csv and regular else f"row {row}"


def place(table: ParticipantTable, row: int, found: str, allowed: str, column: str, regular: bool) -> Fault:
    """Return a fault at a row."""
    if table.is_csv and regular:
        return Fault(table.where, found, allowed, row + 1, column)
    return Fault(table.where, f"row {row}: {found}", allowed, column=column)


def more(table: ParticipantTable, count: int, column: str, allowed: str) -> Fault:
    return Fault(table.where, f"{count:,} more such cells", allowed, column=column)


def telling_codes(connection: duckdb.DuckDBPyConnection, table: ParticipantTable) -> list[Fault]:
    """Return a fault when the codes of participants look like names, dates, e-mail addresses or telephone numbers."""
    asked = ", ".join(f"count_if(regexp_full_match(code, {text(pattern)}))" for pattern in CELLS.values())
    sql = (f"select {asked} from (select cast(participant as varchar) as code "
           f"from {table.source(typed=True)} limit {SAMPLE})")  # fmt: skip
    counts = connection.execute(sql).fetchone()
    allowed = "A participant is a code that only the curator's own list can trace to somebody"
    return [
        Fault(table.where, f"{count:,} cells that look like {what}", allowed, column="participant",
              fix="Put codes in their place before the file comes here")
        for what, count in zip(CELLS, counts, strict=True)
        if count
    ]  # fmt: skip
