"""The commands: help with an example, exit codes, and nothing heavy imported where it is not used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import store
from analysis.faults import InputError
from flows import command
from flows.command import trochlea
from tests.invented_run import invented_run

ROOT = Path(__file__).parents[1]


@pytest.fixture
def stored(tmp_path: Path) -> list[str]:
    """The options that name a store with two invented runs."""
    path = tmp_path / "trochlea.duckdb"
    store.record(path, invented_run("one", changes=()))
    store.record(path, invented_run("two"))
    return ["--store", str(path), "--reports", str(tmp_path / "reports")]


def invoke(*arguments: str):
    return CliRunner().invoke(trochlea, arguments, catch_exceptions=False)


def test_history_is_a_table_of_every_run_the_latest_last(stored):
    assert invoke("history", *stored).output.splitlines() == [
        "run  started (UTC)        datasets  comparisons  changes  claims",
        "one  2020-03-01 06:00:00  2         1            0        1 not settled, 1 supported",
        "two  2020-03-01 06:00:00  2         1            1        1 not settled, 1 supported",
    ]


def test_history_for_a_machine_is_a_list_of_objects(stored):
    assert json.loads(invoke("history", "--json", *stored).output)[1] == {
        "id": "two", "started": "2020-03-01T06:00:00.123456+00:00", "datasets": 2, "comparisons": 1,
        "verdicts": {"not settled": 1, "supported": 1}, "changes": 1,
    }


def test_history_without_a_store_says_what_to_run(tmp_path):
    result = invoke("history", "--store", str(tmp_path / "none.duckdb"))
    assert (result.exit_code, "trochlea run" in result.output) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_report_draws_the_latest_run_unless_another_is_named(stored, tmp_path):
    assert invoke("report", *stored).output.startswith("Report of run two: ")
    latest = (tmp_path / "reports" / "results.json").read_bytes()
    assert invoke("report", "--run", "one", *stored).output.startswith("Report of run one: ")
    assert (tmp_path / "reports" / "results.json").read_bytes() != latest


@pytest.mark.parametrize("options", [["--run", "three"], ["--run", "'; drop table run; --"]])
def test_report_of_an_unknown_run_names_the_known_ones(stored, options):
    with pytest.raises(InputError, match="The runs are two, one|Did you mean"):
        invoke("report", *options, *stored)


def test_report_of_an_empty_store_says_what_to_run(tmp_path):
    with pytest.raises(InputError, match="trochlea run"):
        invoke("report", "--store", str(tmp_path / "none.duckdb"))


EXITS = {
    "bad input": (InputError([]), 2),
    "the store is busy": (store.StoreBusy("held"), 3),
    "a bug": (RuntimeError("invented"), 1),
    "Ctrl-C": (KeyboardInterrupt(), 130),
}


@pytest.mark.parametrize("case", EXITS)
def test_every_kind_of_end_has_its_exit_code_and_no_traceback(case, monkeypatch, capsys):
    error, code = EXITS[case]
    monkeypatch.delenv("TROCHLEA_DEBUG", raising=False)
    monkeypatch.setattr(sys, "argv", ["trochlea", "history"])
    monkeypatch.setattr(store, "history", lambda path: raise_it(error))
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code
    assert "Traceback" not in capsys.readouterr().err


def raise_it(error: BaseException) -> None:
    raise error


HEAVY = {"preview": {"prefect", "statsmodels"},
         "report": {"prefect", "statsmodels", "scipy", "weasyprint", "docx", "openpyxl", "resvg_py"},
         "history": {"prefect", "statsmodels", "numpy", "pandas"}, "check": {"prefect", "statsmodels", "scipy"},
         "run": {"prefect", "statsmodels", "distributed"}}


@pytest.mark.parametrize("name", HEAVY)
def test_a_command_imports_nothing_heavy_that_it_does_not_use(name):
    script = f"import sys, json, flows.commands.{name}; print(json.dumps(sorted(sys.modules)))"
    listed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY[name] & set(json.loads(listed.stdout)) == set()


def test_a_schedule_that_means_nothing_is_refused_in_full_before_anything_starts(tmp_path):
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from flows.command import main; main()"
    options = ["--cron", "61 6 * * 1", "--timezone", "Mars/Phobos"]
    ended = subprocess.run([sys.executable, "-c", script, "schedule", *options], cwd=tmp_path, capture_output=True,
                           text=True, timeout=120)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--cron: '61 6 * * 1'. Five fields are needed" in ended.stderr
    assert "--timezone: 'Mars/Phobos'. A name of the IANA list is needed" in ended.stderr
