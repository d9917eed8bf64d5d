"""participants.csv or .parquet to the summaries by arm that stand for it, or every fault of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

from analysis.evidence.participants.faults import cell_faults, telling_codes
from analysis.evidence.participants.summary import summarise
from analysis.evidence.participants.summing import Sums, all_differ, scales, sum_up
from analysis.evidence.participants.sums import Scale
from analysis.evidence.participants.table import ParticipantTable, first_line, open_table, read_columns
from analysis.faults import Fault
from analysis.results import Metadata, RawTable

ADDABLE = "Its values are such as a study measures, and its participants fit into memory"


def read_table(
    path: Path, where: str, metadata: Metadata, arms: dict[str, str]
) -> tuple[list[RawTable], list[Fault]]:
    """Return the summaries of the file of a dataset that declares its participants, or every fault of it."""
    table, faults = read_columns(path, where, metadata.participants)
    return ([], faults) if table is None else read_summaries(table, metadata.id, arms)


def read_summaries(table: ParticipantTable, study: str, arms: dict[str, str]) -> tuple[list[RawTable], list[Fault]]:
    """Return the summaries of one file by arm, or every fault of its cells."""
    with open_table(table.path) as connection:
        try:
            faults = telling_codes(connection, table)
        except duckdb.Error:
            faults = []  # a cell that is no number: the next pass finds it
        sums, reach = attempt(connection, table, study, exact=False)
        if sums is None or sums.suspicious or not sound(sums, table, arms):
            faults += found_in_cells(connection, table, study, arms)
            if not faults:
                sums, reach = attempt(connection, table, study, exact=True)
                faults = [] if sums else [Fault(table.where, "it cannot be added up", ADDABLE)]
    return ([], faults) if faults else (summarise(table, sums, reach, study, arms), [])


def attempt(
    connection: duckdb.DuckDBPyConnection, table: ParticipantTable, study: str, exact: bool
) -> tuple[Sums | None, dict[str, Scale]]:
    """Return the sums of a table and the scales they are in; no sums when a cell stands in the way.

    That no participant stands twice is looked at beside, in a thread: DuckDB leaves Python to itself meanwhile.
    """
    with connection.cursor() as second, ThreadPoolExecutor(1) as beside:
        differ = beside.submit(all_differ, second, table)
        try:
            reach = scales(connection, table, exact)
            sums = sum_up(connection, table, reach, study)
            return replace(sums, suspicious=sums.suspicious or not differ.result()), reach
        except duckdb.Error:
            second.interrupt()
            return None, {}


def sound(sums: Sums, table: ParticipantTable, arms: dict[str, str]) -> bool:
    """Return whether all arms are known and each yes-or-no cell is a yes or a no."""
    yes_or_no = [number for number, one in enumerate(table.declared.outcomes) if one.event is not None]
    return bool(sums.arms) and all(
        arm in arms and all(found[f"{n} n"] == found[f"{n} events"] + found[f"{n} others"] for n in yes_or_no)
        for arm, found in sums.arms.items()
    )


def found_in_cells(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, study: str, arms: dict[str, str]
                   ) -> list[Fault]:  # fmt: skip
    """Return the faults of the cells, or the one that keeps them from being looked at."""
    try:
        return cell_faults(connection, table, study, tuple(arms))
    except duckdb.Error as error:
        return [Fault(table.where, f"it cannot be read: {first_line(error)}", "A sound file is needed")]
