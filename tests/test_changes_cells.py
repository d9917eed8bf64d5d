"""Cells of two versions of a table compared: lines are told by what they hold, not by where they stand."""

import time
from dataclasses import replace

import pytest

from analysis.changes.cells import changed_cells
from analysis.results import FileHash, RawRow, RawTable
from tests.invented_run import HOSTILE, invented_dataset

HEADER = ("study", "arm", "outcome", "n", "mean")
FIRST = ("invented", "new", "pain", "20", "2.5")
SECOND = ("invented", "old", "pain", "22", "4.0")
THIRD = ("invented", "new", "function", "20", "61")


def dataset(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER):
    """Return an invented dataset with these rows from line 2 on."""
    lines = tuple(RawRow(line, cells) for line, cells in enumerate(rows, start=2))
    return replace(invented_dataset("invented"), tables=(RawTable("arms", header, lines),))


def told(old, new):
    return [(one.line, one.column, one.old, one.new) for one in changed_cells(old, new)]


@pytest.mark.parametrize(
    "old, new, changes",
    [
        pytest.param((FIRST, SECOND), (FIRST, SECOND), [], id="nothing"),
        pytest.param((FIRST, SECOND), (FIRST, (*SECOND[:4], "4.1")), [(3, "mean", "4.0", "4.1")], id="a cell"),
        pytest.param((FIRST, SECOND), (FIRST, (*SECOND[:4], "")), [(3, "mean", "4.0", None)], id="a cell emptied"),
        pytest.param((FIRST,), (SECOND, FIRST), [(2, None, None, ", ".join(SECOND))], id="a line put before"),
        pytest.param((SECOND, FIRST), (FIRST,), [(2, None, ", ".join(SECOND), None)], id="a line taken out"),
        pytest.param((FIRST, THIRD), (FIRST, ("other", "x", "y", "1", "2")),
                     [(3, None, None, "other, x, y, 1, 2"), (3, None, ", ".join(THIRD), None)], id="a line replaced"),
        pytest.param((FIRST, SECOND), ((*FIRST[:4], "2.6"), (*SECOND[:4], "4.1")),
                     [(2, "mean", "2.5", "2.6"), (3, "mean", "4.0", "4.1")], id="two lines, each its own"),
        pytest.param((FIRST,), ((*FIRST[:4], HOSTILE),), [(2, "mean", "2.5", HOSTILE)], id="hostile text"),
    ],
)  # fmt: skip
def test_every_cell_that_differs_is_told_once(old, new, changes):
    assert told(dataset(*old), dataset(*new)) == changes


def test_columns_in_another_order_are_no_change():
    turned = dataset(FIRST[::-1], SECOND[::-1], header=HEADER[::-1])
    assert changed_cells(dataset(FIRST, SECOND), turned) == ()


def test_what_came_one_way_went_the_other():
    one, other = dataset(FIRST, SECOND), dataset(SECOND, (*FIRST[:4], "9"), THIRD)
    there, back = told(one, other), told(other, one)
    assert sorted((column or "", str(old), str(new)) for _, column, old, new in there) == sorted(
        (column or "", str(new), str(old)) for _, column, old, new in back
    )


def test_a_key_of_the_metadata_is_told_by_its_dotted_name():
    old = dataset(FIRST)
    study = replace(old.metadata.study, unit_of_analysis="knees", n_randomised=40)
    new = replace(old, metadata=replace(old.metadata, study=study))
    assert [(one.file, one.column, one.old, one.new) for one in changed_cells(old, new)] == [
        ("metadata.toml", "study.n_randomised", None, "40"),
        ("metadata.toml", "study.unit_of_analysis", "people", "knees"),
    ]


def test_a_table_that_went_leaves_its_lines_as_removed():
    old = dataset(FIRST)
    new = replace(old, tables=(), files=(FileHash("metadata.toml", "0" * 64),))
    assert told(old, new) == [(2, None, ", ".join(FIRST), None)]


def test_a_table_of_thousands_of_lines_that_all_changed_is_compared_in_seconds():
    rows = [("invented", f"arm {number}", "pain", "20", str(number)) for number in range(4000)]
    again = [(*row[:4], f"{row[4]}.5") for row in rows]
    began = time.perf_counter()
    found = told(dataset(*rows), dataset(*again))
    assert time.perf_counter() - began < 10
    assert len(found) == 4000 and {column for _, column, *_ in found} == {"mean"}
