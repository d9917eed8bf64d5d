"""The CSV tables of a comparison: a new one is one line here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from analysis.report.tables import (
    CHOICE_COLUMNS,
    COEFFICIENT_COLUMNS,
    MULTIVERSE_COLUMNS,
    STUDY_COLUMNS,
    SUBGROUP_COLUMNS,
    Cell,
    choice_cells,
    coefficients_cells,
    csv_bytes,
    multiverse_cells,
    studies_cells,
    subgroups_cells,
)
from analysis.results import ComparisonResult


def always(result: ComparisonResult) -> bool:
    return True


@dataclass(frozen=True)
class Table:
    """One table: the end of its file's name, its columns, its rows, and which comparisons have it."""

    ending: str
    columns: tuple[str, ...]
    cells: Callable[[ComparisonResult], Iterable[Sequence[Cell]]]
    given: Callable[[ComparisonResult], object] = always


COMPARISON_TABLES = (
    Table("", STUDY_COLUMNS, studies_cells),
    Table("-choices", CHOICE_COLUMNS, lambda result: map(choice_cells, result.choices)),
    Table("-moderators", COEFFICIENT_COLUMNS, coefficients_cells, coefficients_cells),
    Table("-subgroups", SUBGROUP_COLUMNS, subgroups_cells, subgroups_cells),
    Table("-multiverse", MULTIVERSE_COLUMNS, multiverse_cells, lambda result: result.multiverse),
)


def tables_of(result: ComparisonResult) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Give the end of the name of each table that a comparison has, and what writes it."""
    for table in COMPARISON_TABLES:
        if table.given(result):
            yield f"{table.ending}.csv", partial(written, table, result)


def written(table: Table, result: ComparisonResult) -> bytes:
    return csv_bytes(table.columns, table.cells(result))
