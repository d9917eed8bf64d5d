"""A row with its cells as printed: how finely a figure is rounded is part of what it says."""

from dataclasses import dataclass

from analysis.plausibility.granularity import last_digit
from analysis.results import ArmRow, ContrastRow, Dataset

LARGEST = 300  # power of ten that a float can hold


@dataclass(frozen=True)
class PrintedRow:
    """A row and the text of its cells, corrections put in."""

    row: ArmRow | ContrastRow
    cells: dict[str, str]

    def half(self, column: str) -> float:
        """Return half a unit of the last digit that a cell shows, and a hair for the arithmetic: 0.05 for 2.4."""
        return 0.5 * 10.0 ** min(last_digit(self.cells.get(column, "")), LARGEST) * (1 + 1e-6)


Cells = dict[tuple[str, str, int], dict[str, str]]  # of each row, by dataset, table and line


def printed_cells(datasets: tuple[Dataset, ...]) -> Cells:
    """Return the cells of every row as printed, corrections put in."""
    texts = {
        (dataset.id, table.name, raw.line): dict(zip(table.header, map(str.strip, raw.cells), strict=True))
        for dataset in datasets
        for table in dataset.tables
        for raw in table.rows
    }
    for dataset in datasets:
        for one in dataset.corrections:
            texts[dataset.id, one.table, one.line][one.column] = one.value
    return texts


def printed_rows(cells: Cells, rows: tuple[ArmRow | ContrastRow, ...]) -> list[PrintedRow]:
    """Return typed rows with their cells; summaries of participants were not printed by anybody."""
    found = (PrintedRow(row, cells.get((row.ref.dataset, row.ref.table, row.ref.line), {})) for row in rows)
    return [one for one in found if one.row.ref.table != "participants"]
