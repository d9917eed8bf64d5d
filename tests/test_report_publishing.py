"""A report on disk: whole or not there, never a folder of somebody else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jinja2
import pytest

from analysis import folders
from analysis.faults import InputError
from analysis.made_by import key_of, made_by
from analysis.report import publish, publishing, render
from analysis.report.site import compiled_templates
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_run

ROOT = Path(__file__).parent.parent
ENDLESS = """
import sys
from pathlib import Path
from analysis.report import publish
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_run
print("ready", flush=True)
while True:
    publish(invented_run(), Path(sys.argv[1]))
    publish(bcg_run(), Path(sys.argv[1]))
"""


def files_in(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, less the list of it that publishing keeps for itself."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != publishing.MANIFEST}


def test_what_is_published_is_what_was_rendered(tmp_path):
    publish(bcg_run(), tmp_path / "deep" / "reports")
    assert files_in(tmp_path / "deep" / "reports") == render(bcg_run())


def test_a_second_report_replaces_the_first_and_leaves_nothing_beside(tmp_path):
    publish(invented_run(), tmp_path / "reports")
    publish(bcg_run(), tmp_path / "reports")
    assert files_in(tmp_path / "reports") == render(bcg_run())
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_without_an_exchange_of_folders_two_renames_do(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    test_a_second_report_replaces_the_first_and_leaves_nothing_beside(tmp_path)


def test_a_crash_between_two_renames_is_mended_by_the_next_report(tmp_path):
    publish(bcg_run(), tmp_path / "reports")
    (tmp_path / "reports").rename(tmp_path / ".reports.old")
    publish(invented_run(), tmp_path / "reports")
    assert files_in(tmp_path / "reports") == render(invented_run())
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_a_folder_that_is_no_report_is_refused_and_kept(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="it holds what no report wrote: thesis.txt"):
        publish(bcg_run(), tmp_path)
    assert files_in(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_file_put_into_a_report_is_refused_and_kept(tmp_path):
    publish(bcg_run(), tmp_path / "reports")
    (tmp_path / "reports" / "comparisons" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="it holds what no report wrote: comparisons/thesis.txt"):
        publish(bcg_run(), tmp_path / "reports")
    assert (tmp_path / "reports" / "comparisons" / "thesis.txt").read_text() == "years of work"


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="it cannot be written"):
        publish(bcg_run(), tmp_path / "file" / "reports")


def test_a_page_that_cannot_be_drawn_leaves_the_last_report_whole(tmp_path, monkeypatch):
    publish(bcg_run(), tmp_path / "reports")
    monkeypatch.setattr(publishing, "drafts_of", lambda run: {}["no such page"])
    with pytest.raises(KeyError):
        publish(invented_run(), tmp_path / "reports")
    assert files_in(tmp_path / "reports") == render(bcg_run())


@pytest.mark.parametrize("wait", [0.01, 0.07, 0.13, 0.19])
def test_a_kill_at_any_moment_leaves_one_whole_report(tmp_path, wait):
    folder = tmp_path / "reports"
    publish(bcg_run(), folder)
    program = subprocess.Popen([sys.executable, "-c", ENDLESS, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
    assert program.stdout.readline() == b"ready\n"
    time.sleep(wait)
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    assert files_in(folder) in (render(bcg_run()), render(invented_run()))
    publish(bcg_run(), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_compiled_templates_go_by_the_code_and_those_of_other_code_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "othercode-1.cache").write_bytes(b"")
    cache = compiled_templates(tmp_path)
    assert list(tmp_path.iterdir()) == []
    environment = jinja2.Environment(loader=jinja2.DictLoader({"a": "{{ 1 + 1 }}"}), bytecode_cache=cache)
    assert environment.get_template("a").render() == "2"
    assert [path.name.startswith(key_of(made_by())[:12]) for path in tmp_path.iterdir()] == [True]
    assert compiled_templates(tmp_path / "nowhere" / "at all") is None
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled_templates(tmp_path) is None
