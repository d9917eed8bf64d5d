"""What changed between two runs: found, weighed, and drift never passed over."""

from dataclasses import replace

import pytest

from analysis.changes import ORDER, WORDS, changes_between
from tests.fixtures_bcg import bcg_run


@pytest.fixture(scope="module")
def run():
    return bcg_run()


def with_result(run, **values):
    return replace(run, comparisons=(replace(run.comparisons[0], **values), *run.comparisons[1:]))


def with_cell(run, line, column, text):
    """Return a run whose first dataset has another text in a cell, and so another hash of its files."""
    first, *rest = run.datasets
    table, *others = first.tables
    index = table.header.index(column)
    rows = tuple(
        replace(row, cells=(*row.cells[:index], text, *row.cells[index + 1 :])) if row.line == line else row
        for row in table.rows
    )
    files = tuple(replace(file, sha256="f" * 64) for file in first.files)
    other = replace(first, files=files, tables=(replace(table, rows=rows), *others))
    return replace(run, datasets=(other, *rest))


def of(what, old, new):
    return next(change for change in changes_between(old, new) if change.what == what)


def kinds(old, new):
    return {(change.kind, change.what) for change in changes_between(old, new)}


def test_the_same_run_changed_nothing(run):
    assert changes_between(run, run) == ()


def test_a_number_that_moves_alone_is_drift(run):
    pooled = replace(run.comparisons[0].pooled, estimate=run.comparisons[0].pooled.estimate + 1e-12)
    assert kinds(run, with_result(run, pooled=pooled)) == {("drift", "number-moved")}


def test_a_number_that_moves_with_its_setting_is_no_drift(run):
    result = run.comparisons[0]
    pooled = replace(result.pooled, estimate=result.pooled.estimate + 1e-12)
    asked = replace(result.comparison, tau2="DL")
    assert kinds(run, with_result(run, pooled=pooled, comparison=asked)) == {
        ("methods", "setting"), ("methods", "moved"),
    }  # fmt: skip


def test_a_number_that_moves_alone_says_what_is_equal(run):
    pooled = replace(run.comparisons[0].pooled, estimate=run.comparisons[0].pooled.estimate + 1e-12)
    equal = {origin.file: origin.new for origin in of("number-moved", run, with_result(run, pooled=pooled)).origins}
    prints = run.fingerprints
    assert equal == {
        "data": prints.data, "protocol": prints.protocol, "code": prints.code, **dict(prints.versions),
    }  # fmt: skip


@pytest.mark.parametrize(
    "other, named",
    [
        pytest.param({"code": "another"}, "code", id="other code"),
        pytest.param({"versions": (("python", "3.11"), ("numpy", "2.5"))}, "numpy", id="other program"),
    ],
)
def test_a_number_that_moves_with_code_alone_is_drift_and_names_it(run, other, named):
    pooled = replace(run.comparisons[0].pooled, estimate=run.comparisons[0].pooled.estimate + 1e-12)
    moved = replace(with_result(run, pooled=pooled), fingerprints=replace(run.fingerprints, **other))
    assert kinds(run, moved) == {("drift", "moved-with-code"), ("methods", "versions")}
    assert [origin.file for origin in of("moved-with-code", run, moved).origins] == [named]


def test_a_trial_that_goes_is_evidence(run):
    fewer = run.comparisons[0].effects[1:]
    assert ("evidence", "trial-removed") in kinds(run, with_result(run, effects=fewer))
    assert ("evidence", "trial-added") in kinds(with_result(run, effects=fewer), run)


def test_a_trial_of_other_figures_is_revised_and_its_cell_is_named(run):
    line = run.comparisons[0].effects[0].refs[0].line
    change = of("trial-revised", run, with_cell(run, line, "events", "1001"))
    (origin,) = change.origins
    assert (change.kind, change.new) == ("evidence", run.comparisons[0].effects[0].study)
    assert (origin.dataset, origin.file, origin.line, origin.column, origin.new) == (
        run.datasets[0].id, "arms.csv", line, "events", "1001",
    )  # fmt: skip


def test_an_answer_that_turns_and_an_estimate_that_leaves_its_interval_weigh_more_than_evidence(run):
    pooled = replace(run.comparisons[0].pooled, estimate=0.5)
    moved = with_result(run, pooled=pooled, answer="favours-control", n_total=1)
    found = [change.kind for change in changes_between(run, moved)]
    assert found == sorted(found, key=ORDER.index)
    assert {("answer", "answer"), ("answer", "outside-old-interval"), ("evidence", "people")} <= kinds(run, moved)


def test_a_verdict_that_changes_comes_first(run):
    first, *rest = run.verdicts
    other = replace(run, verdicts=(replace(first, verdict="contradicted"), *rest))
    change = changes_between(run, other)[0]
    assert (change.kind, change.subject, change.old, change.new) == (
        "verdict", first.claim.id, first.verdict, "contradicted",
    )  # fmt: skip


def test_datasets_that_come_go_or_have_other_bytes_are_named(run):
    first, *rest = run.datasets
    revised = replace(first, files=tuple(replace(file, sha256=file.sha256[::-1] + "f") for file in first.files))
    assert ("evidence", "dataset-revised") in kinds(run, with_cell(run, 2, "events", "1001"))
    assert ("evidence", "dataset-rewritten") in kinds(run, replace(run, datasets=(revised, *rest)))
    assert ("evidence", "dataset-removed") in kinds(run, replace(run, datasets=tuple(rest)))
    assert ("evidence", "dataset-added") in kinds(replace(run, datasets=tuple(rest)), run)


def test_another_program_is_named(run):
    other = replace(run.fingerprints, versions=(*run.fingerprints.versions, ("invented", "1.0")))
    assert ("methods", "versions") in kinds(run, replace(run, fingerprints=other))


def test_every_change_has_its_words(run):
    emptied = replace(run, comparisons=(), verdicts=(), datasets=())
    for old, new in ((run, emptied), (emptied, run)):
        assert {change.what for change in changes_between(old, new)} <= set(WORDS)
