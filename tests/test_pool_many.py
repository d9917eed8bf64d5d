"""trochlea pool on many groups: from columns to columns. All numbers are invented."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_array_equal

from analysis.pooling import pool_batch
from flows.pool.columns import flat
from flows.pool.table import words_of, words_of_numbers
from tests.test_pool_command import analyses, faults, run, write

AWKWARD = [("whole", 0.1, 0.02), ("gone", "", 0.1), ("whole", 0.4, 0.03), ("single", 0.3, 0.1), ("pair", 0.2, 0.1),
           ("holes", 0.5, ""), ("whole", -0.2, 0.01), ("pair", 0.9, 0.2), ("holes", 0.4, 0.1), ("holes", 0.6, 0.1),
           ("same", 1, 0.1), ("same", 1, 0.2), ("same", 1, 0.3)]
GROUPS = ["whole", "gone", "single", "pair", "holes", "same"]


@pytest.fixture
def table(tmp_path):
    return write(tmp_path, ["group", "yi", "vi"], AWKWARD)


@pytest.mark.parametrize("options", [(), ("--tau2", "FE"), ("--test", "z"), ("--test", "hksj-floor", "--tau2", "DL")],
                         ids=" ".join)
def test_columns_hold_what_the_json_holds(tmp_path, table, options):
    """Groups with all rows, without any, of one, of two, with some left out, and of one effect."""
    expected, out = analyses(table, *options), tmp_path / "out.parquet"
    run(table, *options, "--out", out)
    rows = pq.read_table(out).to_pylist()
    assert [row["group"] for row in rows] == GROUPS
    assert [list(row) for row in rows] == [list(flat(found)) for found in expected]
    assert rows == [flat(found) for found in expected]


def test_a_csv_of_results_leaves_empty_what_is_not_defined(tmp_path, table):
    expected, out = analyses(table), tmp_path / "out.csv"
    run(table, "--out", out)
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert rows == [{name: "" if value is None else str(value) for name, value in flat(found).items()}
                    for found in expected]


def test_groups_that_none_can_be_pooled_of_are_written_too(tmp_path):
    table, out = write(tmp_path, ["group", "yi", "vi"], [("a", "", 1), ("b", 1, "")]), tmp_path / "out.parquet"
    run(table, "--out", out)
    assert [row["status"] for row in pq.read_table(out).to_pylist()] == ["no-studies rows-left-out"] * 2


@pytest.mark.parametrize("text", [
    pytest.param(pa.array(["b", None, " a", "b", "a "]), id="text"),
    pytest.param(pa.chunked_array([["b", None], [" a", "b", "a "]]), id="in chunks"),
    pytest.param(pa.array(["b", None, " a", "b", "a "], pa.large_string()).dictionary_encode(), id="a dictionary"),
    pytest.param(pa.DictionaryArray.from_arrays([3, 0, 2, 3, 1], ["", "a ", " a", "b", "unused"]),
                 id="a dictionary out of order"),
])
def test_text_in_parquet_is_read_whatever_form_it_has(tmp_path, text):
    path = tmp_path / "effects.parquet"
    pq.write_table(pa.table({"yi": np.arange(5.0), "vi": np.ones(5), "study": text}), path)
    found, = analyses(path, "--effects")
    assert [row["study"] for row in found["effects"]] == ["b", "row 2", "a", "b", "a"]


def test_words_keep_the_order_of_their_first_rows():
    words = words_of_numbers(np.array([3.0, 1.0, np.nan, 3.0, 0.5, np.nan]))
    assert (words.words, words.every()) == (("3", "1", "", "0.5"), ["3", "1", "", "3", "0.5", ""])
    assert words_of(["y", "x", "y"]).take(np.array([1, 2])).every() == ["x", "y"]


def test_a_bad_word_is_named_in_each_row_that_has_it(tmp_path):
    path = write(tmp_path, ["study", "yi", "vi"], [("=1+1", 1, 1), ("fine", "x", 1), ("=1+1", 2, 1), ("two", "x", 1)])
    assert [fault.split(":")[0] for fault in faults(path)] == ["line 2, study", "line 3, yi", "line 4, study",
                                                               "line 5, yi"]


def test_rows_of_a_group_may_stand_anywhere_in_a_large_file(tmp_path):
    """Enough groups for several blocks of the engine."""
    random, groups, k = np.random.default_rng(6), 5000, 7
    yi, vi = random.normal(0, 0.5, groups * k), random.uniform(0.02, 0.3, groups * k)
    order = random.permutation(groups * k)
    label = np.repeat(np.arange(groups), k)[order]
    path, out = tmp_path / "many.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"yi": yi[order], "vi": vi[order], "group": label}), path)
    run(path, "--out", out)
    found = pq.read_table(out)
    expected = dict(zip(found["group"].to_pylist(), found["estimate"].to_pylist(), strict=True))
    rows = order[np.argsort(label, kind="stable")]
    batch = pool_batch(yi[rows], vi[rows], np.arange(groups) * k)
    assert_array_equal([expected[str(group)] for group in range(groups)], batch.estimate)


def test_more_than_means_is_written_row_by_row(tmp_path, table):
    out = tmp_path / "out.parquet"
    run(table, "--power", "0.2", "--out", out)
    found = pq.read_table(out)
    assert "power_power" in found.column_names
    assert found["estimate"].to_pylist() == [one["estimate"] for one in analyses(table)]
