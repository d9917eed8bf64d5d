"""A run as tables for other programs: its effects, its results, its rows as transcribed."""

from collections.abc import Callable, Iterator

from analysis.report.tables import STUDY_COLUMNS, Cell, studies_cells
from analysis.results import ComparisonResult, Run

Table = tuple[tuple[str, ...], list[list[Cell]]]  # columns, rows
POOLED = ("k", "tau2_method", "test", "level", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "tau2_low",
          "tau2_high", "i2", "i2_low", "i2_high", "h2", "q", "q_df", "q_p_value", "pi_low", "pi_high")  # fmt: skip
RESULTS = ("comparison", "question", "measure", "unit", "answer", "n_total", *POOLED, "status")
PLACE = ("dataset", "table", "line")


def effects(run: Run) -> Table:
    """Return every effect of every comparison, on the scale of the analysis: logarithms of ratios."""
    rows = [[result.comparison.id, *cells] for result in run.comparisons for cells in studies_cells(result)]
    return ("comparison", *STUDY_COLUMNS), rows


def results(run: Run) -> Table:
    """Return the average of every comparison, on the scale of the analysis."""
    return RESULTS, [result_cells(result) for result in run.comparisons]


def result_cells(result: ComparisonResult) -> list[Cell]:
    comparison, pooled = result.comparison, result.pooled
    numbers = [getattr(pooled, name) if pooled else None for name in POOLED]
    status = " ".join(pooled.status) if pooled else "no-data"
    return [comparison.id, comparison.question, comparison.measure, result.unit, result.answer, result.n_total,
            *numbers, status]  # fmt: skip


def rows(run: Run) -> Table:
    """Return every row as transcribed, cell by cell as text; corrections stand in the column of their name."""
    names = dict.fromkeys(name for dataset in run.datasets for table in dataset.tables for name in table.header)
    return (*PLACE, *names, "corrected"), [list(cells) for cells in row_cells(run, tuple(names))]


def row_cells(run: Run, names: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    for dataset in run.datasets:
        mended = {}
        for one in dataset.corrections:
            mended.setdefault((one.table, one.line), []).append(f"{one.column}={one.value}")
        for table in dataset.tables:
            for row in table.rows:
                cells = dict(zip(table.header, row.cells, strict=True))
                place = dataset.id, table.name, row.line
                changes = "; ".join(mended.get((table.name, row.line), [])) or None
                yield *place, *(cells.get(name) or None for name in names), changes


TABLES: dict[str, Callable[[Run], Table]] = {"effects": effects, "results": results, "rows": rows}
