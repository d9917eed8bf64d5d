"""Where a change came from: the cell, the line or the key, with what stood there and what stands there now."""

from pathlib import Path

import pytest

from flows.review import Review
from tests.reviews import invented_review
from tests.two_runs import (
    ALPHA,
    COMPARISONS,
    PAIN,
    REVISED,
    REWEIGHTED,
    VOCABULARY,
    edit,
    of,
    result_of,
    run_now,
    told,
    two_runs,
)

CORRECTION = """
[[correction]]
table = "arms"
line = 2
column = "mean"
expect = "2.5"
value = "3.0"
reason = "A digit was read wrongly"
by = "Nobody"
on = 2020-02-29
"""
PUBLISHED = """
id = "invented-review"
title = "An invented review"
curator = "The tests"
[source]
citation = "Invented for the tests, 2003"
[study]
design = "review"
"""
POOLING = """review,experimental,control,outcome,measure,estimate,ci_low,ci_high,level,location,seen_as
invented-review,new,old,pain,MD,-1,-2,-0.5,0.95,Invented table,primary
"""


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return invented_review(tmp_path)



def test_a_cell_that_changed_is_named_with_its_line_and_both_texts(review):
    _, after = two_runs(review, REVISED)
    for what in ("trial-revised", "moved"):
        (origin,) = of(after.changes, what).origins
        assert (origin.dataset, origin.file, origin.line, origin.column, origin.old, origin.new) == (
            "invented-alpha", "arms.csv", 2, "mean", "2.5", "3.0",
        )  # fmt: skip


def test_a_declared_correction_is_a_change_of_its_cell_with_who_and_why(review):
    before = run_now(review)
    (review.data / "raw" / "invented-alpha" / "corrections.toml").write_text(CORRECTION)
    (origin,) = of(run_now(review).changes, "trial-revised").origins
    assert (origin.file, origin.line, origin.column, origin.old, origin.new) == ("arms.csv", 2, "mean", "2.5", "3.0")
    assert origin.note == "corrected: A digit was read wrongly (Nobody, 2020-02-29)"
    assert before.datasets[0].corrections == ()


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("seen_as,note\n", "seen_as,note\n\n", id="an empty line before the rows"),
        pytest.param(",2.5,1.5,", ", 2.5 ,1.5,", id="blanks in a cell"),
    ],
)
def test_a_file_written_anew_revises_no_trial(review, old, new):
    _, after = two_runs(review, (ALPHA, old, new))
    assert told(after.changes) == {"dataset-rewritten"}


def test_a_note_and_a_row_of_another_question_move_nothing(review):
    note = (ALPHA, "22,4.0,1.6,,Invented table 1,primary,", "22,4.0,1.6,,Invented table 1,primary,a note")
    _, after = two_runs(review, note, (ALPHA, "final,20,,,9", "final,20,,,10"))
    assert {change.what for change in after.changes if change.subject == PAIN} == set()


def test_a_line_put_in_between_is_one_line_more_and_no_other_one_revised(review):
    more = "invented-alpha,old,pain,scale-10,30,final,22,4.2,1.6,,Invented table 1,primary,\n"
    text = (review.data / ALPHA).read_text()
    header = text.index("\n") + 1
    before = run_now(review)
    (review.data / ALPHA).write_text(text[:header] + more + text[header:])
    after = run_now(review)
    (origin,) = next(change for change in after.changes if change.what == "dataset-revised").origins
    assert (origin.line, origin.column, origin.old) == (2, None, None)
    assert "trial-revised" not in told(after.changes)
    assert result_of(after).pooled == result_of(before).pooled


@pytest.mark.parametrize(
    "change, what, file, line, key, old, new",
    [
        pytest.param((COMPARISONS, "window_weeks = [4, 26]", "window_weeks = [2, 26]"), "setting",
                     "comparisons.toml", 18, "window_weeks", "[4.0, 26.0]", "[2.0, 26.0]", id="a key of a comparison"),
        pytest.param((COMPARISONS, 'measure = "MD"', 'measure = "MD"\ntau2 = "SJ"'), "setting",
                     "comparisons.toml", 10, "tau2", "REML", "SJ", id="a default"),
        pytest.param(("protocol/claims.toml", 'rule = "favours"', 'rule = "favours"\ntowards = "control"'), "rule",
                     "claims.toml", 12, "towards", "experimental", "control", id="a rule"),
        pytest.param((VOCABULARY, "range = [0, 100]", "range = [0, 50]"), "vocabulary",
                     "vocabulary.toml", 29, "instruments.scale-100.range", "[0, 100]", "[0, 50]", id="a range"),
    ],
)  # fmt: skip
def test_a_change_of_the_protocol_names_its_line(review, change, what, file, line, key, old, new):
    _, after = two_runs(review, change)
    (origin,) = next(one for one in after.changes if one.what == what).origins
    assert (origin.file, origin.line, origin.column, origin.old, origin.new) == (file, line, key, old, new)


def test_a_trial_that_leaves_by_the_protocol_names_the_line_that_sent_it_away(review):
    _, after = two_runs(review, (COMPARISONS, "window_weeks = [4, 26]", "window_weeks = [10, 26]"))
    gone = of(after.changes, "trial-removed")
    assert (gone.old, [origin.column for origin in gone.origins]) == ("invented-beta", ["window_weeks"])


def test_a_verdict_comes_with_its_intervals_its_parts_and_its_places(review):
    before, after = two_runs(review, REVISED, REWEIGHTED)
    change = of(after.changes, "verdict")
    pooled = [result_of(run).pooled for run in (before, after)]
    (move,) = change.moves
    assert [move.old, move.new] == [(one.estimate, one.ci_low, one.ci_high) for one in pooled]
    assert [(origin.file, origin.column) for origin in change.origins] == [
        ("arms.csv", "mean"), ("comparisons.toml", "model"),
    ]  # fmt: skip


def test_a_verdict_on_published_poolings_names_the_cell_of_the_pooling(review):
    folder = review.data / "raw" / "invented-review"
    folder.mkdir()
    (folder / "metadata.toml").write_text(PUBLISHED)
    (folder / "poolings.csv").write_text(POOLING)
    edit(review, "protocol/claims.toml", 'rule = "favours"', 'rule = "favours"\nbasis = "published"')
    _, after = two_runs(review, ("raw/invented-review/poolings.csv", "MD,-1,-2,-0.5", "MD,-1,-2,0.5"))
    change = of(after.changes, "verdict")
    assert (change.old, change.new, change.moves) == ("supported", "not settled", ())
    assert [(one.dataset, one.line, one.column, one.old, one.new) for one in change.origins] == [
        ("invented-review", 2, "ci_high", "-0.5", "0.5"),
    ]  # fmt: skip


def test_that_verdicts_must_hold_after_holm_is_named_with_its_line(review):
    asked = ("protocol/claims.toml", "[[claim]]", '[defaults]\nholm = "required"\n\n[[claim]]')
    _, after = two_runs(review, asked)
    change = next(one for one in after.changes if one.new == "holm = required")
    (origin,) = change.origins
    assert (change.subject, origin.file, origin.column, origin.old, origin.new) == (
        "review", "claims.toml", "holm", "shown", "required")
    line = (review.data / "protocol" / "claims.toml").read_text(encoding="utf-8").splitlines()[origin.line - 1]
    assert line == 'holm = "required"'
