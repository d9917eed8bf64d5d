"""A participant table as DuckDB sees it: one file, nothing else of the machine, its columns by name."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.evidence.participants.declared import KEYS
from analysis.evidence.participants.identifying import identifies
from analysis.faults import Fault, suggest
from analysis.results import Participants

LONGEST_HEADER = 100_000  # bytes
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
           "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip
PLAIN = (*NUMBERS, "VARCHAR", "BOOLEAN", "ENUM", "UUID")  # of a key, or of a yes-or-no outcome


@dataclass(frozen=True)
class ParticipantTable:
    """One file of participants, the columns in its order, and what they are declared to be."""

    path: Path
    where: str
    columns: tuple[str, ...]
    declared: Participants

    @property
    def is_csv(self) -> bool:
        return self.path.suffix == ".csv"

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the columns that hold numbers, each once."""
        named = [name for one in self.declared.outcomes if one.event is None for name in (one.column, one.baseline)]
        return tuple(dict.fromkeys(name for name in (*named, *self.declared.covariates) if name))

    def source(self, typed: bool) -> str:
        """Return the SQL of the file; of CSV, the numbers as numbers when typed, else every cell as text."""
        path = text(str(self.path.resolve()))
        if not self.is_csv:
            return f"read_parquet({path}, file_row_number = true)"
        kinds = ("DOUBLE" if typed and name in self.numbers else "VARCHAR" for name in self.columns)
        columns = ", ".join(f"{text(name)}: '{kind}'" for name, kind in zip(self.columns, kinds, strict=True))
        rejects = "" if typed else ", store_rejects = true, rejects_limit = 200"
        return (f"read_csv({path}, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
                f"columns = {{{columns}}}{rejects})")  # fmt: skip


def text(value: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def name_of(column: str) -> str:
    """Return a column's name as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


@contextmanager
def open_table(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB of its own that may read this one file and nothing else."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"set allowed_paths = [{text(str(path.resolve()))}]")
        connection.execute("set temp_directory = ''")  # what does not fit into memory is refused, never written out
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def read_columns(path: Path, where: str, declared: Participants) -> tuple[ParticipantTable | None, list[Fault]]:
    """Return a participant table by its header, or None and every fault of it."""
    try:
        columns, faults = csv_columns(path, where) if path.suffix == ".csv" else parquet_columns(path, where, declared)
    except duckdb.Error as error:
        return None, [Fault(where, f"it cannot be read: {first_line(error)}", "A sound Parquet file is needed")]
    faults = faults or check_columns(columns, where, declared)
    return (None, faults) if faults else (ParticipantTable(path, where, tuple(columns), declared), [])


def first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def csv_columns(path: Path, where: str) -> tuple[list[str], list[Fault]]:
    """Return the names of a CSV file's first line."""
    with path.open("rb") as file:
        first = file.readline(LONGEST_HEADER)
    try:
        header = next(csv.reader([first.decode("utf-8-sig")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return [], [Fault(where, "the first line is no CSV in UTF-8", "Save the file as CSV UTF-8", 1)]
    if len(first) >= LONGEST_HEADER:
        return [], [Fault(where, f"a first line of {LONGEST_HEADER:,} bytes or more", "It names the columns", 1)]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        found = "columns parted by semicolons or tabs"
        return [], [Fault(where, found, "Save the file with commas between cells", 1)]
    return header, []


def parquet_columns(path: Path, where: str, declared: Participants) -> tuple[list[str], list[Fault]]:
    """Return the names of a Parquet file's columns, and a fault for each whose kind is not what it is declared as."""
    with open_table(path) as connection:
        described = connection.execute(f"describe select * from read_parquet({text(str(path.resolve()))})").fetchall()
    kinds = {name: kind.partition("(")[0] for name, kind, *_ in described}
    numbers = ParticipantTable(path, where, (), declared).numbers
    faults = [
        Fault(where, f"{kinds[name].lower()} where numbers are needed", "Write the column as numbers", column=name)
        for name in numbers
        if name in kinds and kinds[name] not in NUMBERS
    ]
    faults += [
        Fault(where, f"a column of {kind[:40].lower()}", "Columns hold plain values", column=name)
        for name, kind in kinds.items()
        if name not in numbers and (kind not in PLAIN or kind.endswith("[]"))
    ]
    return list(kinds), faults


def check_columns(columns: list[str], where: str, declared: Participants) -> list[Fault]:
    """Return the faults of a header: unknown, doubled, missing and telling columns."""
    wanted = [*KEYS, *(name for one in declared.outcomes for name in (one.column, one.baseline) if name)]
    wanted = list(dict.fromkeys([*wanted, *declared.covariates]))
    if not set(KEYS) & {*columns}:  # a first line that is a participant's is not to be quoted
        return [Fault(where, "a first line that names none of its columns", f"It names {', '.join(wanted)}", 1)]
    faults = [Fault(where, "the column stands twice", "Each column stands once", 1, name)
              for name in sorted({name for name in columns if columns.count(name) > 1})]  # fmt: skip
    faults += [Fault(where, "the column is missing", f"{suggest(name, columns)}metadata.toml [participants] names it "
                     "or it is a key", 1, name) for name in wanted if name not in columns]  # fmt: skip
    return faults + [undeclared(name, where) for name in columns if name not in wanted]


def undeclared(name: str, where: str) -> Fault:
    """Return the fault of a column that nothing declares; of one that tells who it is, why it may not stay."""
    reason = identifies(name)
    if reason:
        fix = "Remove it from the file; participant is a code that the curator's list alone can trace"
        return Fault(where, f"the column {name[:60]!r}, {reason}", "No column tells who somebody is", 1, fix=fix)
    allowed = "The file holds what metadata.toml [participants] declares and no more"
    return Fault(where, "an undeclared column", allowed, 1, name[:60] or "(empty)", "Declare it, or remove it")
