"""The stages of a run: what is written, in which order, and what a person is told."""

import dataclasses
from pathlib import Path

import pytest

from analysis import store
from analysis.faults import InputError
from analysis.results import Change
from flows import stages
from flows.review import Review
from flows.stages import Outcome
from flows.summary import as_object, shortened, three_lines
from tests.invented_run import HOSTILE, invented_run


@pytest.fixture
def review(tmp_path: Path) -> Review:
    (tmp_path / "data").mkdir()
    return Review(tmp_path / "data", tmp_path / "reports", tmp_path / "data" / "trochlea.duckdb")


def refuse(*_: object) -> None:
    raise store.StoreBusy("held by process 1")


def test_a_run_is_in_the_store_before_its_report_is_drawn(review, monkeypatch):
    found_while_drawing = []
    monkeypatch.setattr(stages, "publish", lambda *_: found_while_drawing.append(store.latest(review.store)))
    stages.deliver(review, invented_run())
    assert found_while_drawing == [invented_run()]


def test_a_run_that_the_store_does_not_take_draws_nothing(review, monkeypatch):
    monkeypatch.setattr(store, "record", refuse)
    with pytest.raises(store.StoreBusy):
        stages.deliver(review, invented_run())
    assert not review.reports.exists()


def test_a_folder_that_may_not_be_replaced_keeps_the_run_out_of_the_store(review):
    review.reports.mkdir()
    (review.reports / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError):
        stages.deliver(review, invented_run())
    assert not review.store.exists()


def test_a_preview_is_drawn_and_leaves_no_store(review):
    page = stages.deliver(review, invented_run(recorded=False))
    assert page.is_file()
    assert not review.store.exists()


def outcome(**changed: object) -> Outcome:
    return Outcome(invented_run(**changed), Path("reports/index.html"), {"ingest": 0.25, "publish": 0.5})


def test_the_end_of_a_run_is_three_lines():
    assert three_lines(outcome()).splitlines() == [
        "Found: 2 datasets with 4 rows, 1 comparison, 2 claims: 1 not settled, 1 supported. Computed: all.",
        "Changed since run 20200223-060000-abcdef: C2: the verdict changed (not settled to supported).",
        "Report: reports/index.html",
    ]


def test_many_changes_are_counted_after_the_weightiest():
    changes = tuple(Change("evidence", f"invented-{number}", "dataset-added") for number in range(5))
    assert "invented-2: a dataset was added; and 2 more." in three_lines(outcome(changes=changes))


@pytest.mark.parametrize(
    "changed, words",
    [
        pytest.param({"previous": None, "changes": ()}, "this is the first run", id="nothing before"),
        pytest.param({"changes": ()}, "nothing since run 20200223-060000-abcdef", id="nothing new"),
    ],
)
def test_no_change_is_said_and_why(changed, words):
    assert words in three_lines(outcome(**changed)).splitlines()[1]


def test_three_lines_stay_three_whatever_a_name_holds():
    change = Change("verdict", HOSTILE + "\n\x1b[31m", "verdict", "a\nb", "c")
    assert len(three_lines(outcome(changes=(change,))).splitlines()) == 3
    assert "\x1b" not in three_lines(outcome(changes=(change,)))


def test_the_object_for_a_machine_has_the_verdicts_the_changes_and_the_seconds():
    printed = as_object(outcome())
    assert printed["verdicts"] == {"C1": "not settled", "C2": "supported"}
    assert printed["changes"] == [dataclasses.asdict(change) for change in invented_run().changes]
    assert printed["seconds"] == {"ingest": 0.25, "publish": 0.5, "all": 0.75}


@pytest.mark.parametrize(
    "old, new, shown",
    [
        pytest.param("10.940000000000001 1.460525904740507", "7.130183145349057 -17.5",
                     ("10.94 1.461", "7.13 -17.5"), id="numbers of many digits"),
        pytest.param("-3.422582478268831", "-3.4225824782688306", ("-3.422582478268831", "-3.4225824782688306"),
                     id="a last digit that moved"),
        pytest.param(None, "12 weeks", (None, "12 weeks"), id="words"),
    ],
)  # fmt: skip
def test_the_lines_at_the_end_of_a_run_show_as_many_digits_as_tell_two_values_apart(old, new, shown):
    assert shortened(old, new) == shown
