"""kill -9 at every instant of the commands that write into a review: each folder is whole, as it was or as it is to be.

A command is killed before each change that it makes on the disk, one after the other. Whatever is left then: no folder
is lost, none is half written, and the same command, given again, ends where it would have ended, and sweeps up.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import folders, store
from analysis.faults import InputError
from analysis.folders import room_beside
from flows import adding
from flows.command import trochlea
from flows.stages import compute, deliver, ingest
from tests.adding import SAID, empty_review
from tests.killing import killed_before
from tests.reviews import invented_review
from tests.test_double_extraction import HEADER, A
from tests.test_new import SAID as NEW

STEPS = 400  # more than any command takes
DAY = re.compile(rb"^added = .*$", re.MULTILINE)
TABLE = "study,ai,n1i,ci,n2i\nInvented 2001,{0},20,2,22\nInvented 2002,{0},30,4,33\n"


@dataclass(frozen=True)
class Command:
    """A command, and what it finds."""

    prepare: Callable[[Path], Path]  # makes a review below a folder, and returns its data folder
    arguments: tuple[str, ...]

    def give(self, data: Path) -> None:
        """Give the command to a review; that it is refused is no matter here."""
        with contextlib.chdir(data.parent), contextlib.suppress(InputError):
            CliRunner().invoke(trochlea, [*self.arguments, "--data", "data"], catch_exceptions=False)


def to_add(folder: Path) -> Path:
    (folder / "invented.csv").write_text(TABLE.format(1))
    return empty_review(folder)


def to_update(folder: Path) -> Path:
    data = to_add(folder)
    Command(to_add, ADD).give(data)
    (folder / "invented.csv").write_text(TABLE.format(3))
    return data


def to_fill(folder: Path) -> Path:
    """Return a review with a source that awaits its figures."""
    data = invented_review(folder).data
    Command(to_fill, ("new", "invented-gamma", *NEW)).give(data)
    (data / "raw" / "invented-gamma" / "arms.csv").unlink()
    return data


def to_resolve(folder: Path) -> Path:
    """Return a review with two extractions of two tables that agree, and neither table where it is pooled."""
    data = invented_review(folder).data
    contrasts = "study,experimental,control,outcome,measure,estimate,se,location,seen_as\n" \
                "invented-alpha,new,old,pain,MD,-1,0.4,Table 2,primary\n"  # fmt: skip
    for side in ("a", "b"):
        own = data / "extractions" / "invented-alpha" / side
        own.mkdir(parents=True)
        (own / "arms.csv").write_text("\n".join([HEADER, *A, ""]).replace("2.5", "2.5" if side == "a" else "2.7"))
        (own / "contrasts.csv").write_text(contrasts)
    (data / "extractions" / "invented-alpha" / "resolutions.toml").write_text(RESOLVED)
    (data / "raw" / "invented-alpha" / "arms.csv").write_text("\n".join([HEADER, *A, ""]))
    return data


RESOLVED = """[[resolution]]
table = "arms"
line_a = 2
line_b = 2
column = "mean"
a = "2.5"
b = "2.7"
value = "2.7"
reason = "Invented"
by = "Nobody"
on = 2026-01-01
"""
ADD = ("add", "invented.csv", "--arm", "experimental=newest", *SAID[2:], "--outcome=death", "--add-to-vocabulary")
COMMANDS = {
    "add": Command(to_add, ADD),
    "add --update": Command(to_update, (*ADD, "--update")),
    "new": Command(lambda folder: invented_review(folder).data, ("new", "invented-gamma", *NEW)),
    "new, two tables": Command(to_fill, ("new", "invented-gamma", "--table", "arms", "--table", "contrasts")),
    "compare --out": Command(to_resolve, ("compare", "invented-alpha", "--out", "data/raw/invented-alpha")),
}


def units_of(data: Path) -> dict[str, dict[str, bytes]]:
    """Return what must be whole: each dataset's folder, and each other file of a review, by what they hold."""
    units: dict[str, dict[str, bytes]] = {}
    for path in sorted(data.rglob("*")):
        parts = path.relative_to(data).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            unit = "/".join(parts[:2] if parts[0] == "raw" else parts)
            units.setdefault(unit, {})["/".join(parts)] = DAY.sub(b"", path.read_bytes())
    return units


def leavings(data: Path) -> list[str]:
    return [path.name for path in data.rglob(".*")]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_kill_at_any_instant_leaves_every_folder_whole_and_the_command_completes_it(name, tmp_path):
    command, start = COMMANDS[name], tmp_path / "start"
    start.mkdir()
    before = units_of(command.prepare(start))
    shutil.copytree(start, tmp_path / "done")
    command.give(tmp_path / "done" / "data")
    after = units_of(tmp_path / "done" / "data")
    assert after != before and leavings(tmp_path / "done" / "data") == []
    step, killed = 1, True
    while killed:
        assert step < STEPS
        data = shutil.copytree(start, tmp_path / f"{step}") / "data"
        killed = killed_before(step, data, lambda data=data: command.give(data))
        left = units_of(data)
        assert before.keys() <= left.keys() <= after.keys()
        assert all(files in (before.get(unit), after[unit]) for unit, files in left.items())
        command.give(data)
        assert units_of(data) == after and leavings(data) == []
        shutil.rmtree(data)
        step += 1
    assert step > len(after) - len(before)


def test_a_kill_while_a_run_is_delivered_leaves_one_whole_report_and_the_runs_before_it(tmp_path):
    """Killed before every fortieth change of the disk; the store's own file is written out of Python's sight."""
    folder = tmp_path / "review"
    review = invented_review(folder)
    first = compute(ingest(review), recorded=True)
    deliver(review, first)
    old = units_of(review.reports)
    second = compute(ingest(review), recorded=True)
    kept = shutil.copytree(folder, tmp_path / "kept")
    step, killed, seen = 1, True, set()
    while killed:
        killed = killed_before(step, folder, lambda: deliver(review, second))
        report, runs = units_of(review.reports), [run.id for run in store.history(review.store)]
        assert runs in ([first.id], [first.id, second.id])
        assert report == old or runs[-1] == second.id
        seen.add(report == old)
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        step += 40
    assert seen == {True, False}


def test_a_room_of_a_live_process_is_never_swept(tmp_path):
    with room_beside(tmp_path) as room:
        (room / "draft").mkdir()
        with room_beside(tmp_path) as other:
            assert room.is_dir() and other != room
    assert leavings(tmp_path) == []


def test_a_folder_that_a_dead_run_had_moved_aside_comes_back(tmp_path):
    """Where the system cannot exchange two folders, a kill between two renames leaves the old one in the room."""
    aside = tmp_path / ".add-1-abcdefgh" / ".was-invented"
    aside.mkdir(parents=True)
    (aside / "arms.csv").write_text("typed by hand")
    (tmp_path / ".add-ons").mkdir()
    with room_beside(tmp_path):
        assert (tmp_path / "invented" / "arms.csv").read_text() == "typed by hand"
    assert leavings(tmp_path) == [".add-ons"]


@pytest.mark.parametrize("update", [(), ("--update",)])
def test_who_comes_second_is_told_that_somebody_else_just_wrote(update, tmp_path, monkeypatch):
    data = to_update(tmp_path) if update else to_add(tmp_path)
    drafted = adding.drafted

    @contextlib.contextmanager
    def overtaken(*given):
        with drafted(*given) as room, monkeypatch.context() as alone:
            alone.setattr(adding, "drafted", drafted)
            Command(to_add, (*ADD, *update)).give(data)
            yield room

    monkeypatch.setattr(adding, "drafted", overtaken)
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(trochlea, [*ADD, *update]).exception
    assert isinstance(error, InputError) and str(error) == (
        f"{2 if update else 3} faults\n"
        "  - data/raw/invented-2001: somebody else wrote this folder just now. Nothing is written over what this "
        "command has not compared with its source.\n"
        "  - data/raw/invented-2002: somebody else wrote this folder just now. Nothing is written over what this "
        "command has not compared with its source.\n"
        f"{'' if update else VOCABULARY}"
        "Nothing was written. Give the same command again: it compares the source with what is there now."
    )


VOCABULARY = (
    "  - data/protocol/vocabulary.toml: somebody else wrote the same codes into it just now. Nothing is written over "
    "what this command has not compared with its source.\n"
)


def test_who_cannot_have_the_folder_is_told_that_another_writes(tmp_path, monkeypatch):
    data = to_add(tmp_path)
    monkeypatch.setattr(folders, "PAUSE", 0)
    held = folders.lock(data / "raw")
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(trochlea, ADD).exception
    os.close(held)
    assert "another trochlea has been writing into raw" in str(error)
