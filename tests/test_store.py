"""The store keeps runs whole, one transaction each, and takes every name as text."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from analysis import store
from analysis.document import text_of, to_json
from analysis.evidence.contract import TABLES
from analysis.faults import InputError
from analysis.results import RawTable
from tests.invented_run import HEADER, HOSTILE, invented_dataset, invented_run

RUN_ID = "20200301-060000-abcdef"
CODE = invented_run().fingerprints.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trochlea.duckdb"


def query(path: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_store_that_is_not_there_holds_nothing_and_is_not_made_by_reading(path):
    assert store.latest(path) is None
    assert store.history(path) == ()
    assert not path.exists()


def test_a_run_comes_back_byte_for_byte(path):
    run = invented_run()
    store.record(path, run)
    assert to_json(store.load(path, RUN_ID)) == to_json(run)
    assert store.latest(path) == run


def test_the_latest_run_is_the_one_recorded_last_whatever_the_clock_said(path):
    store.record(path, invented_run("b"))
    store.record(path, invented_run("a", started=invented_run().started.replace(year=2010)))
    assert store.latest(path).id == "a"
    assert [summary.id for summary in store.history(path)] == ["b", "a"]


def test_the_history_counts_what_the_runs_hold(path):
    store.record(path, invented_run())
    (summary,) = store.history(path)
    assert summary == store.RunSummary(
        RUN_ID, invented_run().started, 2, 1, (("not settled", 1), ("supported", 1)), 1
    )


def test_an_unchanged_dataset_is_kept_once(path):
    store.record(path, invented_run("one"))
    changed = (invented_dataset("a"), invented_dataset("b", "another note"))
    store.record(path, invented_run("two", datasets=changed))
    kept = query(path, "select dataset, count(*) from dataset_version group by all order by all")
    assert kept == [("a", 1), ("b", 2)]
    assert query(path, "select count(*) from raw_row") == [(6,)]
    assert store.load(path, "one").datasets == invented_run().datasets
    assert store.latest(path).datasets == changed


def test_an_unchanged_result_is_kept_once(path):
    store.record(path, invented_run("one"))
    (result,) = invented_run().comparisons
    store.record(path, invented_run("two"))
    store.record(path, invented_run("three", comparisons=(dataclasses.replace(result, n_total=85),)))
    assert query(path, "select n_total from result order by all") == [(84,), (85,)]
    assert query(path, "select n_total from results") == [(85,)]
    assert store.load(path, "two").comparisons == (result,)


@pytest.mark.parametrize("code", [CODE, "other code"])
def test_what_is_read_back_is_written_as_it_was(path, code):
    store.record(path, invented_run())
    found = store.latest(path, code)
    assert to_json(found) == to_json(invented_run())
    assert [text_of(one) for one in found.comparisons] == [to_json(one) for one in invented_run().comparisons]


def test_every_name_is_text_to_the_store(path):
    store.record(path, invented_run())
    assert query(path, "select study from effects order by position") == [("a",), (HOSTILE,), ("b",)]
    assert query(path, "select question from results") == [(f"Which is better, {HOSTILE}?",)]
    assert query(path, "select note from arms where dataset = 'b' and line = 2") == [(HOSTILE + "\0☃\u2028",)]


def test_a_hostile_run_id_is_text_too(path):
    store.record(path, invented_run(HOSTILE))
    assert store.load(path, HOSTILE).id == HOSTILE


@pytest.mark.parametrize("table", TABLES)
def test_the_view_of_a_table_has_the_columns_of_the_contract(path, table):
    store.record(path, invented_run())
    columns = [row[0] for row in query(path, f"describe {table}")]
    assert columns == ["dataset", "line", *(column.name for column in TABLES[table].columns)]


def test_the_view_of_a_table_reads_numbers_and_leaves_what_is_empty_null(path):
    store.record(path, invented_run())
    found = query(path, "select line, n, mean, sd, instrument, note from arms where dataset = 'a'")
    assert found == [(2, 21, -3.5, 0.5, None, None), (3, None, 100.0, 2.0, None, "=1+1")]


def test_the_views_show_the_latest_run_and_the_history_of_verdicts_shows_all(path):
    store.record(path, invented_run("one"))
    store.record(path, invented_run("two", verdicts=invented_run().verdicts[:1]))
    assert query(path, "select claim, verdict from verdicts") == [("C1", "not settled")]
    assert query(path, "select claim, run from verdict_history") == [("C1", "one"), ("C1", "two"), ("C2", "one")]


def test_numbers_are_stored_to_the_last_bit(path):
    store.record(path, invented_run())
    assert query(path, "select distinct vi from effects") == [(0.1 + 0.2,)]
    assert query(path, "select se, k, status from results") == [(1 / 3, 2, ["boundary"])]


def test_every_effect_leads_to_its_row_as_transcribed(path):
    store.record(path, invented_run())
    joined = query(path, "select distinct effects.study, arms.arm from effects "
                         "join effect_rows using (comparison, position) join arms using (dataset, line)")
    assert sorted(joined) == [("a", "hip"), ("b", "knee")]


def test_what_is_left_out_is_stored_with_its_reason(path):
    store.record(path, invented_run())
    assert query(path, "select study, code, dataset, line from left_out") == [("c", "no-spread", "b", 3)]


def test_many_rows_are_stored_in_order_and_none_is_lost(path):
    dataset = invented_dataset("a")
    row = dataset.tables[0].rows[0]
    rows = tuple(dataclasses.replace(row, line=line) for line in range(2, 1003))
    many = dataclasses.replace(dataset, tables=(RawTable("arms", HEADER, rows),))
    store.record(path, invented_run(datasets=(many,)))
    assert query(path, "select line from arms") == [(row.line,) for row in rows]


def test_an_unknown_run_names_the_nearest_and_the_latest(path):
    for number in range(7):
        store.record(path, invented_run(f"2020030{number}-060000-abcdef"))
    with pytest.raises(InputError) as raised:
        store.load(path, "20200302-06000-abcdef")
    (fault,) = raised.value.faults
    assert fault.allowed == (
        "Did you mean 20200302-060000-abcdef? The runs are 20200302-060000-abcdef, 20200306-060000-abcdef, "
        "20200305-060000-abcdef, 20200304-060000-abcdef, 20200303-060000-abcdef and 2 more"
    )
    assert raised.value.exit_code == 2


def test_an_unknown_run_of_a_store_without_runs_says_what_to_run(path):
    with pytest.raises(InputError, match="The store holds no run yet. Make one with: trochlea run"):
        store.load(path, "x")


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 5000])
def test_a_file_that_is_no_store_is_refused_in_one_sentence(path, content):
    path.write_bytes(content)
    with pytest.raises(store.StoreFault, match="cannot be opened as a store") as raised:
        store.record(path, invented_run())
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == content


def test_a_store_of_another_version_is_left_alone(path):
    store.record(path, invented_run())
    with duckdb.connect(str(path)) as connection:
        connection.execute("update store_version set version = 99")
    before = path.read_bytes()
    with pytest.raises(store.StoreFault, match="is a store of version 99"):
        store.record(path, invented_run("another"))
    with pytest.raises(store.StoreFault, match="is a store of version 99"):
        store.latest(path)
    assert path.read_bytes() == before


def test_a_duckdb_file_of_somebody_else_is_left_alone(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table patients (name varchar)")
    before = path.read_bytes()
    with pytest.raises(store.StoreFault, match="no store of Trochlea"):
        store.record(path, invented_run())
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path):
    with pytest.raises(store.StoreFault, match="nowhere is no folder"):
        store.record(tmp_path / "nowhere" / "trochlea.duckdb", invented_run())


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_a_run_that_cannot_be_written_leaves_nothing_of_itself(path):
    store.record(path, invented_run("one"))
    unwritable = dataclasses.replace(invented_run().comparisons[0], n_total="many")  # fails late, in its own table
    with pytest.raises(duckdb.Error):
        store.record(path, invented_run("two", comparisons=(unwritable,)))
    assert [summary.id for summary in store.history(path)] == ["one"]
    assert query(path, "select distinct run from verdict") == [("one",)]
    assert query(path, "select count(*) from result_version") == [(1,)]


HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def held_by_another_process(path: Path, seconds: float) -> subprocess.Popen:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_busy_store_says_which_process_holds_it(path):
    with held_by_another_process(path, 60) as holder:
        with pytest.raises(store.StoreBusy, match=f"held by process {holder.pid}") as raised:
            store.record(path, invented_run(), patience=0.3)
        holder.kill()
    assert raised.value.exit_code == 3


def test_a_writer_waits_for_a_store_that_is_soon_free(path):
    store.record(path, invented_run("one"))
    with held_by_another_process(path, 0.5):
        store.record(path, invented_run("two"), patience=30)
    assert store.latest(path).id == "two"


RECORD_UNTIL_KILLED = """
import sys
from pathlib import Path
from analysis import store
from tests.invented_run import invented_run
for number in range(10_000):
    store.record(Path(sys.argv[1]), invented_run(f"run-{number}"))
    print(f"run-{number}", flush=True)
"""


MAKE_UNTIL_KILLED = """
import sys
from pathlib import Path
from analysis import store
from tests.invented_run import invented_run
print("ready", flush=True)
store.record(Path(sys.argv[1]), invented_run())
"""


def python_that_sees_the_tests(script: str, *arguments: str) -> subprocess.Popen:
    paths = os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1])))
    return subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True,
                            env={**os.environ, "PYTHONPATH": paths})


@pytest.mark.parametrize("milliseconds", [1, 20, 40, 60, 80, 100, 150])
def test_a_first_run_killed_at_any_instant_leaves_a_place_for_the_next(path, milliseconds):
    with python_that_sees_the_tests(MAKE_UNTIL_KILLED, str(path)) as recorder:
        recorder.stdout.readline()
        time.sleep(milliseconds / 1000)
        recorder.send_signal(signal.SIGKILL)
    before = [summary.id for summary in store.history(path)]
    assert before in ([], [RUN_ID])
    store.record(path, invented_run("next"))
    assert [summary.id for summary in store.history(path)] == [*before, "next"]


@pytest.mark.parametrize("milliseconds", [3, 11, 23, 37, 53])
def test_a_run_killed_while_it_is_recorded_leaves_the_runs_before_it_whole(path, milliseconds):
    with python_that_sees_the_tests(RECORD_UNTIL_KILLED, str(path)) as recorder:
        reported = [recorder.stdout.readline().strip() for _ in range(2)]
        time.sleep(milliseconds / 1000)
        recorder.send_signal(signal.SIGKILL)
        reported += recorder.stdout.read().split()
    ids = [summary.id for summary in store.history(path)]
    assert ids[: len(reported)] == reported
    assert len(ids) - len(reported) in (0, 1)  # one may have been committed and not yet reported
    assert to_json(store.latest(path)) == to_json(invented_run(ids[-1]))
    assert len(query(path, "select * from verdict")) == 2 * len(ids)
    assert len(query(path, "select * from effect")) == 3
