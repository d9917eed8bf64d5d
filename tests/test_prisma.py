"""The PRISMA 2020 page and the methods paragraph: every item said something to, every gap named, counts that add up."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.report import render
from analysis.report.citations import HETEROGENEITY, INTERVAL_CITATIONS, PREDICTION, Q_PROFILE, TAU2_CITATIONS
from analysis.report.methods_paragraph import methods_paragraph
from analysis.report.phrases import DESIGN_PLURALS, DESIGNS
from analysis.report.prisma_answers import ANSWERED, ANSWERS, GAP, IN_PART
from analysis.report.prisma_items import ITEMS
from analysis.report.prisma_page import SYMBOLS, prisma_page
from analysis.report.source_flow import ends, flow_steps
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import HOSTILE, invented_run
from tests.report_checks import broken_links, read_page

RUNS = {"bcg": bcg_run(), "invented": invented_run()}
every_run = pytest.mark.parametrize("name", RUNS)
NUMBERS = tuple(
    f"{number}{letter}"
    for number in range(1, 28)
    for letter in {10: "ab", 13: "abcdef", 16: "ab", 20: "abcd", 23: "abcd", 24: "abc"}.get(number, ("",))
)
METHODS = Path(__file__).parents[1] / "docs" / "methods.md"


def test_the_checklist_has_the_numbers_of_prisma_2020():
    """As printed in Page 2021, doi:10.1136/bmj.n71, Table 1; read in doi:10.3390/ijerph18168799, Table A1."""
    assert tuple(item.number for item in ITEMS) == NUMBERS
    assert len({number.rstrip("abcdef") for number in NUMBERS}) == 27


def test_every_item_has_its_answer_and_every_answer_its_item():
    assert set(ANSWERS) == set(NUMBERS)


@every_run
def test_every_line_says_something_and_what_is_answered_says_where(name):
    for row in prisma_page(RUNS[name]).rows:
        assert row.text and row.status in SYMBOLS
        assert row.address if row.status in (ANSWERED, IN_PART) else True


@every_run
def test_a_report_without_search_and_screening_names_them_as_gaps(name):
    status = {row.number: row.status for row in prisma_page(RUNS[name]).rows}
    assert {status[number] for number in ("1", "6", "7", "8", "24a", "25", "26")} == {GAP}
    assert "does not call itself a systematic review" in prisma_page(RUNS[name]).sentence


@every_run
def test_every_source_ends_in_one_place(name):
    assert ends(RUNS[name]).total() == len(RUNS[name].datasets)


def test_the_flow_of_the_bcg_trials_ends_in_the_average():
    steps = [(step.name, step.count) for step in flow_steps(RUNS["bcg"])]
    assert steps[2:] == [
        ("Sources known", "1 source"),
        ("Figures transcribed", "1 source, 26 rows"),
        ("In at least one average", "1 source; 1 question with an average or one study's effect"),
    ]


def test_a_source_whose_figures_were_not_seen_goes_no_further():
    steps = {step.name: step for step in flow_steps(RUNS["invented"])}
    assert steps["Figures not seen: awaiting extraction"].count == "1 source"
    assert steps["Figures not seen: awaiting extraction"].side


@every_run
def test_a_run_of_no_source_and_no_question_still_has_its_page(name):
    empty = replace(RUNS[name], comparisons=(), verdicts=(), datasets=(), changes=())
    page = read_page(render(empty)["prisma.html"])
    assert page.faults == [] and "0 sources" in page.text
    assert broken_links(render(empty)) == []


def test_a_hostile_curator_stays_text():
    page = read_page(render(RUNS["invented"])["prisma.html"])
    assert HOSTILE in page.text and "script" not in page.tags


def test_the_methods_paragraph_of_the_bcg_trials():
    """The settings are those of the run, the versions its fingerprints', the papers docs/methods.md's."""
    run = RUNS["bcg"]
    paragraph = methods_paragraph(run, run.comparisons[0])
    assert paragraph.text == (
        "We compared BCG vaccine with no vaccine for tuberculosis in randomised trials and quasi-randomised trials. "
        "The measure of effect was the risk ratio, analysed on the log scale. "
        "Effects were made from the events and people of each group. "
        "We pooled 13 studies with a random-effects model, the variance between studies estimated by restricted "
        "maximum likelihood (REML) [1], and give 95 % intervals (Hartung-Knapp, t quantile with k − 1 degrees of "
        "freedom [2]). Differences between studies are described by τ², I² and Q [3], with intervals by the Q-profile "
        "method [4], and by a prediction interval for a new setting [5]. Sensitivity analyses declared in the "
        "protocol: variance between studies by DerSimonian-Laird; variance between studies by Paule-Mandel; "
        "interval by Wald, normal quantile; common effect model; leaving out each study in turn. Analyses were run "
        f"with Trochlea (code {'c' * 12}, run {run.id}; Python 3.11 and NumPy 2.4)."
    )
    assert paragraph.references == (
        TAU2_CITATIONS["REML"], *INTERVAL_CITATIONS["hksj"], HETEROGENEITY, Q_PROFILE, PREDICTION,
    )  # fmt: skip


def test_a_paragraph_claims_no_pooling_where_there_was_none():
    run = RUNS["invented"]
    paragraph = methods_paragraph(run, next(r for r in run.comparisons if r.comparison.id == "none"))
    assert "Nothing was pooled" in paragraph.text and "random-effects" not in paragraph.text
    assert paragraph.references == ()


def test_papers_are_cited_as_the_methods_page_names_them():
    printed = " ".join(METHODS.read_text(encoding="utf-8").split())
    papers = [*TAU2_CITATIONS.values(), *INTERVAL_CITATIONS["hksj-floor"], HETEROGENEITY, Q_PROFILE, PREDICTION]
    assert [paper for paper in papers if paper not in printed] == []


def test_every_design_has_its_plural():
    assert DESIGN_PLURALS.keys() == DESIGNS.keys()
