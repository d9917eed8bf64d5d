"""What did not change is taken from the run before, and nothing that comes out shows that it was."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis import store
from analysis.document import to_json
from analysis.made_by import hash_code
from analysis.plausibility import find_doubts, places_of
from analysis.report import publish, publishing, render
from analysis.report.site import drafts_of
from analysis.report.slots import Filled, Slots
from analysis.results import ComparisonResult, Run, SecondOpinion
from analysis.synthesis import synthesise_network
from analysis.synthesis.second_opinion import second_opinion
from flows import answering, steps
from flows.answering import answer, questions_of
from flows.asked import Material
from flows.material import read_material
from flows.review import Review
from flows.stages import Outcome, compute, taken
from flows.summary import as_object, computed
from tests.benchmarks.invented_library import dataset_name
from tests.incremental_edits import (
    EDITS,
    EVERYTHING,
    change_a_figure,
    edit,
    move_the_median_of_all,
    write_library,
)
from tests.test_report_publishing import files_in

REPOSITORY = Path(__file__).parent.parent
FIRST, SECOND = (datetime(2026, 3, day, 6, tzinfo=UTC) for day in (1, 2))


@dataclass(frozen=True)
class Before:
    """A review that was run once: where it lies, and that run as the store gives it back."""

    review: Review
    run: Run


def ask(results: list[ComparisonResult]) -> list[SecondOpinion]:
    return [second_opinion(result) for result in results]


def run_once(folder: Path) -> Before:
    review = Review(folder / "data", folder / "reports", folder / "store.duckdb")
    run = steps.synthesise(read_material(review), None, FIRST, True, ask)
    store.record(review.store, run)
    publish(run, review.reports)
    return Before(review, store.latest(review.store, run.fingerprints.code))


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Before:
    folder = tmp_path_factory.mktemp("library")
    write_library(folder / "data")
    return run_once(folder)


def copied(before: Before, folder: Path) -> Review:
    """Return a copy of what a person would edit; the report is that of the first run."""
    shutil.copytree(before.review.data, folder / "data")
    shutil.copytree(before.review.reports, folder / "reports")
    return Review(folder / "data", folder / "reports", before.review.store)


def answered(material: Material, monkeypatch) -> tuple[Run, set[str]]:
    """Return a second run, and the questions that were computed for it."""
    asked = []
    with monkeypatch.context() as patched:
        for name in ("synthesise_comparison", "synthesise_network"):
            make = getattr(answering, name)
            patched.setattr(answering, name, lambda one, part, make=make: asked.append(one.id) or make(one, part))
        return steps.synthesise(material, material.previous, SECOND, True, ask), set(asked)


@pytest.mark.parametrize("do", EDITS, ids=lambda do: do.__name__)
def test_a_run_takes_what_did_not_change_and_comes_out_as_from_scratch(before, tmp_path, monkeypatch, do):
    """Byte for byte: the results document, and every file of the report."""
    review = copied(before, tmp_path)
    do(review.data)
    run, computed = answered(read_material(review, before.run), monkeypatch)
    scratch, everything = answered(read_material(review, before.run, fresh=True), monkeypatch)
    assert computed == (everything if EDITS[do] == EVERYTHING else EDITS[do])
    assert to_json(run) == to_json(scratch)
    publish(run, review.reports)
    assert files_in(review.reports) == render(scratch)


def test_a_caution_that_other_studies_bring_reaches_a_result_of_which_nothing_changed(before, tmp_path, monkeypatch):
    review = copied(before, tmp_path)
    move_the_median_of_all(review.data)
    run, _ = answered(read_material(review, before.run), monkeypatch)
    found = {one.study: one.cautions for one in result_of(run, "new-1-pain").effects}
    assert "implausible" in found[dataset_name(5)]
    assert not any("implausible" in one.cautions for one in result_of(before.run, "new-1-pain").effects)


def result_of(run: Run, id: str) -> ComparisonResult:
    return next(result for result in run.comparisons if result.comparison.id == id)


# ---------------------------------------------------------------- the real review

NUMBER = "[source]", '[source]\nregistration = "NCT00000001"'
REAL_EDITS = {  # what was done -> file, old and new text; each on top of those before it, and a run after each
    "a figure": [("raw/hott-2019/contrasts.csv", "13,final,MD,0.8,-4.8,6.4", "13,final,MD,0.9,-4.8,6.6")],
    "two folders of one trial": [(f"raw/khayambashi-{year}/metadata.toml", *NUMBER) for year in (2012, 2014)],
    "a trial that is awaited": [("raw/almeida-2021/metadata.toml", "n_randomised = ", "n_randomised = 1")],
    "a published pooling": [("raw/bazettjones2023/poolings.csv", "SMD,-0.50", "SMD,-0.51")],
    "a claim": [("protocol/claims.toml", 'rule = "at-least"', 'rule = "at-most"')],
    "a word and a default": [
        ("protocol/vocabulary.toml", 'label = "pain"', 'label = "how much it hurts"'),
        ("protocol/comparisons.toml", 'interval = "hksj-floor"', 'interval = "z"'),
    ],
}
DRAWN = ("two folders of one trial", "a word and a default")  # after which the pages are compared too


def test_runs_of_the_real_review_come_out_as_from_scratch_however_often_they_take_over(tmp_path):
    for name in ("raw", "protocol"):
        shutil.copytree(REPOSITORY / "data" / name, tmp_path / "data" / name)
    first = run_once(tmp_path)
    review, previous = first.review, first.run
    for day, (what, edits) in enumerate(REAL_EDITS.items(), 2):
        for file, old, new in edits:
            edit(review.data / file, old, new)
        started = FIRST.replace(day=day)
        run, scratch = (
            steps.synthesise(read_material(review, previous, fresh), previous, started, True, ask)
            for fresh in (False, True)
        )
        assert to_json(run) == to_json(scratch), what
        store.record(review.store, run)
        publish(run, review.reports)
        assert what not in DRAWN or files_in(review.reports) == render(scratch), what
        previous = store.latest(review.store, run.fingerprints.code)


# ---------------------------------------------------------------- what a result is made from


def test_a_question_has_the_same_answer_from_its_part_as_from_the_whole(before):
    """Also each alone as all in one call: the engine stops each analysis on its own."""
    for data in (before.review.data, REPOSITORY / "data"):
        material = read_material(replace(before.review, data=data))
        comparisons, networks = questions_of(material, places_of(find_doubts(material.evidence)))
        whole = [replace(one, evidence=material.evidence) for one in comparisons]
        together, alone = answer(comparisons), [answer([one])[0] for one in comparisons]
        assert list(map(to_json, together)) == list(map(to_json, answer(whole))) == list(map(to_json, alone))
        for one in networks:
            assert synthesise_network(one.question, one.evidence) == synthesise_network(one.question, material.evidence)


@pytest.mark.parametrize("changed", ["hash_code", "made_by", "system_here"])
def test_other_code_other_programs_and_another_machine_take_nothing(before, monkeypatch, changed):
    _, everything = answered(read_material(before.review, before.run, fresh=True), monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(answering, changed, lambda *_: "another")
        assert answered(read_material(before.review, before.run), monkeypatch)[1] == everything


def test_the_hash_of_the_code_changes_with_any_source(tmp_path):
    for name in ("a.py", "b.sql", "deep.html"):
        (tmp_path / name).write_text("1")
    first = hash_code.__wrapped__(tmp_path)
    (tmp_path / "deep.html").write_text("2")
    second = hash_code.__wrapped__(tmp_path)
    (tmp_path / "deep.html").rename(tmp_path / "deeper.html")
    assert len({first, second, hash_code.__wrapped__(tmp_path)}) == 3


def test_a_run_that_does_not_say_what_it_was_made_from_gives_nothing(before, monkeypatch):
    _, everything = answered(read_material(before.review, before.run, fresh=True), monkeypatch)
    older = replace(before.run, made_from=())
    assert answered(read_material(before.review, older), monkeypatch)[1] == everything


def test_a_preview_takes_results_and_says_that_no_second_program_was_asked(before):
    material = read_material(before.review, before.run)
    run = steps.synthesise(material, before.run, SECOND, recorded=False)
    assert to_json(run) == to_json(
        steps.synthesise(replace(material, kept=None), before.run, SECOND, recorded=False)
    )
    assert not any(one.second_opinion.asked for one in run.comparisons)


def test_an_outcome_says_how_much_was_computed_and_how_much_taken(before, tmp_path):
    review = copied(before, tmp_path)
    change_a_figure(review.data)
    material = read_material(review, before.run)
    run = compute(material, recorded=True)
    outcome = Outcome(run, review.reports / "index.html", {}, taken(material, run))
    assert computed(outcome) == "Computed: 3 of 10; 7 unchanged, taken from the run before."
    assert computed(replace(outcome, taken=0)) == "Computed: all."
    assert (as_object(outcome)["computed"], as_object(outcome)["taken"]) == (3, 7)


# ---------------------------------------------------------------- pages


def published_again(review: Review, run: Run, monkeypatch, fresh: bool = False) -> set[str]:
    """Publish a run once more; return the pages below the top that were drawn for it."""
    made = []

    def noted(run: Run):
        slots, drafts = drafts_of(run)
        return slots, [replace(one, make=lambda one=one: made.append(one.path) or one.make()) for one in drafts]

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "drafts_of", noted)
        publish(run, review.reports, fresh)
    return {path for path in made if "/" in path and path.endswith(".html")}


def second_run(before: Before, review: Review) -> Run:
    return steps.synthesise(read_material(review, before.run), before.run, SECOND, True, ask)


def test_only_pages_of_what_changed_are_drawn_again(before, tmp_path, monkeypatch):
    review = copied(before, tmp_path)
    assert published_again(review, second_run(before, review), monkeypatch) == set()
    change_a_figure(review.data)
    drawn = published_again(review, second_run(before, review), monkeypatch)
    assert f"datasets/{dataset_name(5)}.html" in drawn and f"datasets/{dataset_name(6)}.html" not in drawn
    assert "comparisons/new-1-pain.html" in drawn and "comparisons/new-0-function.html" not in drawn


def test_all_pages_are_drawn_afresh_when_that_is_asked_for(before, tmp_path, monkeypatch):
    review = copied(before, tmp_path)
    run = second_run(before, review)
    every = {path for path in render(run) if "/" in path and path.endswith(".html")}
    assert published_again(review, run, monkeypatch, fresh=True) == every


@pytest.mark.parametrize("touched", ["changed", "emptied", "removed", "linked elsewhere"])
def test_a_page_that_somebody_touched_is_drawn_again(before, tmp_path, monkeypatch, touched):
    review = copied(before, tmp_path)
    page = review.reports / "comparisons" / "new-0-pain.html"
    if touched == "changed":
        page.write_bytes(page.read_bytes().replace(b"new treatment 0", b"miracle cure"))
    elif touched == "emptied":
        page.write_bytes(b"")
    else:
        page.unlink()
    if touched == "linked elsewhere":
        page.symlink_to(review.reports / "comparisons" / "new-1-pain.html")
    run = second_run(before, review)
    assert published_again(review, run, monkeypatch) == {"comparisons/new-0-pain.html"}
    assert files_in(review.reports) == render(run)


@pytest.mark.parametrize(
    "old, new",
    [(":", ":1"), ("run_id", "no_slot"), ("run_id", "date"), ("\t", "\t\t"), ("html\t", "html\t0"), ("since", "")],
)
def test_a_list_of_files_that_somebody_touched_costs_pages_and_harms_none(before, tmp_path, old, new):
    review = copied(before, tmp_path)
    listed = review.reports / publishing.MANIFEST
    lines = listed.read_text().splitlines()
    listed.write_text("\n".join(line.replace(old, new) if "\t" in line else line for line in lines))
    run = second_run(before, review)
    publish(run, review.reports)
    assert files_in(review.reports) == render(run)


def test_slots_are_filled_and_filled_anew_whatever_they_hold():
    old, new = Slots({"id": "<a>", "day": ""}), Slots({"id": "x" * 50, "day": "\N{LATIN SMALL LETTER E WITH ACUTE}"})
    text = "{id}, {day}{id} and slot-0-id-end"
    page = old.fill(text.format(id=old.slot("id"), day=old.slot("day")).encode())
    assert page == Filled(b"&lt;a&gt;, &lt;a&gt; and slot-0-id-end", (("id", 0, 9), ("day", 11, 0), ("id", 11, 9)))
    assert new.refill(page) == new.fill(text.format(id=new.slot("id"), day=new.slot("day")).encode())
