"""Any two runs of the store compared: what moved, what of it came from where, and how a person is told."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis import store
from analysis.faults import InputError
from analysis.report import render
from analysis.results import Run
from flows.command import trochlea
from flows.review import Review
from flows.steps import explained_changes
from tests.invented_run import HOSTILE
from tests.report_checks import broken_links, read_page
from tests.reviews import invented_review
from tests.two_runs import (
    ALPHA,
    COMPARISONS,
    OTHER_SPREAD,
    PAIN,
    RETUNED,
    REVISED,
    VOCABULARY,
    edit,
    of,
    result_of,
    run_now,
    told,
    two_runs,
)

ROOT = Path(__file__).parents[1]


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return invented_review(tmp_path)


def diff(review: Review, *arguments: str):
    return CliRunner().invoke(trochlea, ["diff", *arguments, "--store", str(review.store)], catch_exceptions=False)


def split_of(run: Run):
    return next(move.split for change in run.changes for move in change.moves if move.comparison == PAIN)


def shifted(run: Run, by: float, **changed: object) -> Run:
    """Return a run whose average of pain is another, as nothing but a fault would make it."""
    pooled = replace(result_of(run).pooled, estimate=result_of(run).pooled.estimate + by)
    results = tuple(replace(one, pooled=pooled) if one.comparison.id == PAIN else one for one in run.comparisons)
    return replace(run, id=f"{run.id}-shifted", comparisons=results, **changed)


# ---------------------------------------------------------------- what of a move came from where


def test_the_parts_of_a_move_are_those_of_the_data_alone_and_of_the_protocol_after(review):
    """The halfway point is a run of its own: the new data, the old protocol."""
    before = run_now(review)
    edit(review, *OTHER_SPREAD)
    halfway = run_now(review)
    edit(review, *RETUNED)
    after = run_now(review)
    changes = explained_changes(before, after)
    split = next(move.split for change in changes for move in change.moves if move.comparison == PAIN)
    start, middle, end = (result_of(run).pooled.estimate for run in (before, halfway, after))
    assert (split.data, split.method, split.code) == (middle - start, end - middle, 0.0)
    assert split.data and split.method


@pytest.mark.parametrize(
    "change, part",
    [
        pytest.param(REVISED, "data", id="data"),
        pytest.param((VOCABULARY, "range = [0, 100]", "range = [0, 50]"), "method", id="the meaning of a scale"),
        pytest.param((COMPARISONS, "rescale_to = [0, 10]", 'rescale_to = [0, 10]\ntau2 = "SJ"'), "method", id="a key"),
    ],
)
def test_a_move_of_one_cause_is_all_its(review, change, part):
    before, after = two_runs(review, change)
    split = split_of(after)
    move = result_of(after).pooled.estimate - result_of(before).pooled.estimate
    assert {name: getattr(split, name) for name in ("data", "method", "code")} == {
        "data": 0.0, "method": 0.0, "code": 0.0, part: move,
    }  # fmt: skip


def test_the_parts_of_a_ratio_add_up_on_the_scale_of_the_reader(review):
    more = (ALPHA, "invented-alpha,new,recovery,,12,final,20,,,9", "invented-alpha,new,recovery,,12,final,20,,,12")
    _, after = two_runs(review, more, RETUNED)
    recovery = "new-vs-old-recovery"
    split = next(move.split for change in after.changes for move in change.moves if move.comparison == recovery)
    assert_allclose(split.data, (12 / 20) / (6 / 22) - (9 / 20) / (6 / 22), rtol=1e-12)  # one trial: its own ratio
    assert (split.method, split.code) == (0.0, 0.0)


def test_a_run_that_did_not_keep_its_protocol_says_why_a_move_has_no_parts(review):
    before, after = two_runs(review, REVISED, RETUNED)
    changes = explained_changes(replace(before, protocol_files=()), after)
    assert {move.why_not for change in changes for move in change.moves if move.comparison == PAIN} == {"no-vocabulary"}


def test_runs_of_other_code_are_not_made_again_with_this(review):
    runs = two_runs(review, REVISED, RETUNED)
    before, after = (replace(run, fingerprints=replace(run.fingerprints, code="other")) for run in runs)
    changes = explained_changes(before, after)
    assert {move.why_not for change in changes for move in change.moves if move.comparison == PAIN} == {"other-code"}


def test_averages_on_two_scales_are_told_on_their_own_and_not_subtracted(review):
    edit(review, COMPARISONS, 'rescale_to = [0, 10]', "")
    edit(review, COMPARISONS, 'instruments = ["scale-10", "scale-100"]', 'instruments = ["scale-10"]')
    _, after = two_runs(review, (COMPARISONS, 'measure = "MD"', 'measure = "SMD"'))
    move = of(after.changes, "moved").moves[0]
    assert (move.split, move.why_not, move.old_scale[0]) == (None, "other-scale", "MD")
    text = diff(review).output
    assert "−1.50 points on" in text
    assert "SMD −0.9" in text


# ---------------------------------------------------------------- drift


def test_a_move_that_data_and_protocol_do_not_explain_is_found_behind_them(review):
    before, after = two_runs(review, REVISED, RETUNED)
    drift = of(explained_changes(before, shifted(after, 0.01)), "number-moved")
    assert_allclose(drift.moves[0].split.code, 0.01, rtol=1e-9)
    assert {origin.file for origin in drift.origins} >= {"code", "numpy"}
    assert not {origin.file for origin in drift.origins} & {"data", "protocol"}
    assert "number-moved" not in told(explained_changes(before, after))


def test_a_number_that_moved_with_everything_equal_ends_with_exit_code_1(review):
    run = run_now(review)
    store.record(review.store, shifted(run, 1e-9))
    ended = diff(review)
    assert ended.exit_code == 1
    assert "a number moved although nothing that it is made from changed. This is a fault" in ended.stdout
    assert f"The same in both runs: data {run.fingerprints.data}, protocol {run.fingerprints.protocol}" in ended.stdout
    assert ended.stderr.startswith("A number moved although nothing")


def test_a_number_that_moved_with_the_code_is_drift_and_no_fault(review):
    run = run_now(review)
    store.record(review.store, shifted(run, 1e-9, fingerprints=replace(run.fingerprints, code="another")))
    ended = diff(review)
    assert ended.exit_code == 0
    assert "DRIFT" in ended.stdout and "the code changed, and a number moved with it" in ended.stdout
    assert f"      code: {run.fingerprints.code} → another" in ended.stdout.splitlines()


# ---------------------------------------------------------------- the command


def test_a_person_is_told_by_kind_with_intervals_parts_and_places(review):
    before, after = two_runs(review, OTHER_SPREAD, RETUNED)
    lines = diff(review).output.splitlines()
    assert lines[0].startswith(f"From run {before.id} of ")
    assert lines[1].endswith("Not the same: data and protocol.")
    assert [line for line in lines if line.isupper()] == ["EVIDENCE CHANGED", "METHODS CHANGED"]
    assert "      Invented Alpha, arms.csv line 2, sd: 1.5 → 2.5" in lines
    assert "  2 comparisons: a line of the protocol changed, tau2 = REML → tau2 = SJ" in lines
    split = split_of(after)
    parts = [f"{value:+.3f}".replace("-", "−") for value in (split.data, split.method)]
    sentence = f"Of the move, {parts[0]} from data and {parts[1]} from the protocol."
    assert any(line.endswith(sentence) for line in lines)


def test_a_machine_is_told_everything(review):
    before, after = two_runs(review, REVISED)
    document = json.loads(diff(review, before.id, "latest", "--json").output)
    assert (document["old"]["run"], document["new"]["run"]) == (before.id, after.id)
    assert [row["name"] for row in document["made_from"] if not row["same"]] == ["data"]
    assert {change["what"] for change in document["changes"]} == told(after.changes)


def test_the_same_run_twice_is_identical(review):
    run_now(review)
    ended = diff(review, "latest", "latest")
    assert (ended.exit_code, "nothing changed; the two are identical" in ended.output) == (0, True)


def test_a_diff_goes_backwards_too(review):
    two_runs(review, (COMPARISONS, "window_weeks = [4, 26]", "window_weeks = [10, 26]"))
    assert "a study was removed" in diff(review, "previous", "latest").output
    assert "a study was added" in diff(review, "latest", "previous").output


@pytest.mark.parametrize(
    "arguments, said",
    [
        pytest.param([], "'previous' names no run. The store holds 1 of the 2 runs that are needed", id="one run"),
        pytest.param([HOSTILE, "latest"], "no run", id="an unknown run"),
    ],
)
def test_runs_that_are_not_there_are_refused(review, arguments, said):
    run_now(review)
    with pytest.raises(InputError) as raised:
        diff(review, *arguments)
    assert said in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("place", ["nowhere/page.html", "data"])
def test_a_page_that_cannot_be_written_is_refused_and_leaves_nothing(review, tmp_path, place):
    two_runs(review, REVISED)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match="it cannot be written"):
        diff(review, "--html", str(tmp_path / place))
    assert sorted(tmp_path.rglob("*")) == before


def test_the_page_stands_alone_whatever_a_name_holds(review, tmp_path):
    hostile = HOSTILE.replace(",", ";")
    note = f"22,4.0,1.6,,{hostile},primary,"
    _, after = two_runs(review, REVISED, (ALPHA, "22,4.0,1.6,,Invented table 1,primary,", note))
    assert after.changes
    diff(review, "--html", str(tmp_path / "page.html"))
    content = (tmp_path / "page.html").read_bytes()
    page = read_page(content)
    assert page.faults == [] and page.open == []
    assert page.headings[0] == "h1"
    assert [address for address, _ in page.links] == ["#main"]
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert hostile in page.text and b"<script" not in content


def test_the_changes_page_of_a_run_links_to_every_cell_that_stands_in_it(review):
    more = "invented-alpha,old,pain,scale-10,30,final,22,4.2,1.6,,Invented table 1,primary,\n"
    gone = "invented-alpha,old,recovery,,12,final,22,,,6,Invented table 2,primary,\n"
    edit(review, ALPHA, "seen_as,note\n", f"seen_as,note\n{more}")
    _, after = two_runs(review, REVISED, (ALPHA, more, ""), (ALPHA, gone, ""), RETUNED)
    files = render(after)
    assert broken_links(files) == []
    assert ("datasets/invented-alpha.html#line-2", "") in [
        (address, css or "") for address, css in read_page(files["changes.html"]).links
    ]


def test_diff_imports_nothing_heavy_that_it_does_not_use():
    script = "import sys, json, flows.commands.diff; print(json.dumps(sorted(sys.modules)))"
    listed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"prefect", "statsmodels", "pandas"} & set(json.loads(listed.stdout)) == set()
