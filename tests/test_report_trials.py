"""The page of a trial, and the way between it, the rows of its sources and the comparisons, in both directions."""

from dataclasses import replace
from math import log

from analysis.report import render
from analysis.report.links import places_of
from analysis.report.trial_page import Parts, effect_words, trial_page
from analysis.report.trials import pages_of_studies, trials_of
from analysis.report.uses import uses_of
from analysis.results import Awaited, Dataset, LeftOut, Metadata, RawRow, RawTable, Source, SourceRef, Study
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import HOSTILE, invented_effect, invented_result, invented_run
from tests.report_checks import read_page

BCG = bcg_run()


def invented_report(id, design="rct", same=None, label=None, rows=()):
    """Return an invented source; `rows` are the studies that its table of arms names."""
    table = RawTable("arms", ("study", "n"), tuple(RawRow(2 + line, (study, "20")) for line, study in enumerate(rows)))
    metadata = Metadata(id, f"Title of {id}", "nobody", Source(f"Citation of {id}"),
                        Study(design, label=label, same_people_as=same))  # fmt: skip
    return Dataset(id, metadata, (), (table,) if rows else ())


def run_with(*datasets, **changed):
    return replace(BCG, datasets=datasets, comparisons=(), verdicts=(), **changed)


def page_of(run, study):
    trials = trials_of(run)
    places, uses = places_of(run, pages_of_studies(trials)), uses_of(run)
    (trial,) = [trial for trial in trials if study in trial.ids]
    return trial_page(run, trial, Parts(run, places, uses))


def test_reports_of_the_same_people_share_one_page_named_after_the_first():
    run = run_with(
        invented_report("later-2020", same="first-2019", label="Later 2020"),
        invented_report("first-2019", label="First 2019"),
        invented_report("latest-2021", same="later-2020"),
    )
    (trial,) = trials_of(run)
    assert (trial.name, trial.label) == ("first-2019", "First 2019")
    assert set(trial.ids) == {"first-2019", "later-2020", "latest-2021"}
    assert len(page_of(run, "latest-2021").reports) == 3


def test_studies_that_name_each_other_keep_a_page_each():
    run = run_with(invented_report("a", same="b"), invented_report("b", same="a"))
    assert [trial.ids for trial in trials_of(run)] == [("a",), ("b",)]
    assert {"trials/a.html", "trials/b.html"} <= set(render(run))


def test_a_review_is_no_trial_but_the_studies_of_its_rows_are():
    run = run_with(invented_report("review-2018", design="review", rows=("seen-only-there", "seen-only-there")))
    (trial,) = trials_of(run)
    page = page_of(run, "seen-only-there")
    assert (trial.id, trial.datasets) == ("seen-only-there", ())
    assert [row.row.address for row in page.rows] == [f"../datasets/review-2018.html#line-{line}" for line in (2, 3)]
    assert page.status.startswith("seen only in other sources")


def test_a_trial_shows_every_comparison_it_enters_with_its_weight():
    """Weight of Aronson 1948 among the BCG trials: 5.1 percent (metafor 3.8-1, REML)."""
    page = page_of(BCG, "aronson-1948")
    (entry,) = page.entries
    assert entry.address == "../comparisons/bcg-vs-none.html#study-aronson-1948"
    assert (entry.groups, entry.weight) == (("BCG vaccine: 4/123", "no vaccine: 11/139"), "5.1 %")
    assert [use.part for row in page.rows for use in row.uses] == ["in the average"] * 2


def test_a_trial_says_where_it_is_left_out_and_where_it_is_awaited():
    result = BCG.comparisons[0]
    ref = SourceRef("bcg", "arms", 3, "row 1", "primary")
    left_out = (LeftOut("aronson-1948", "Aronson 1948", ref, "no-spread", "Invented reason."),)
    awaited = (Awaited("aronson-1948", "Aronson 1948", 9, "Citation"),)
    page = page_of(replace(BCG, comparisons=(replace(result, left_out=left_out, awaited=awaited),)), "aronson-1948")
    assert [(line.reason, line.row.address) for line in page.omissions] == [
        ("Invented reason.", "../datasets/bcg.html#line-3")
    ]
    assert page.awaited == ((result.comparison.question, "../comparisons/bcg-vs-none.html#awaited"),)
    assert [use.part for use in page.rows[1].uses] == ["in the average", "left out"]


def test_the_five_links_can_be_walked_back_from_the_line_to_the_average():
    files = render(BCG)
    source = read_page(files["datasets/bcg.html"])
    trial = read_page(files["trials/aronson-1948.html"])
    comparison = read_page(files["comparisons/bcg-vs-none.html"])
    back = "../comparisons/bcg-vs-none.html#study-aronson-1948"
    assert back in [address for address, _ in source.links]
    assert back in [address for address, _ in trial.links]
    assert "../datasets/bcg.html#line-2" in [address for address, _ in trial.links]
    assert "../trials/aronson-1948.html" in [address for address, _ in comparison.links]
    assert {"study-aronson-1948", "pooled"} <= set(comparison.ids)


def test_a_published_result_knows_where_it_is_shown():
    uses = uses_of(invented_run())
    ref = SourceRef("invented", "poolings", 2, "", "primary")
    assert {use.part for use in uses.of_row(ref)} == {"published result shown beside"}
    assert uses.of_row(SourceRef("invented", "poolings", 99, "", "primary")) == ()


def test_a_source_names_each_comparison_once_with_all_its_parts():
    sources = uses_of(invented_run()).sources["invented"]
    assert len({use.comparison for use in sources}) == len(sources)
    assert sources[0].part == "in the average, doubtful, kept apart, published result shown beside"


def test_a_hostile_study_has_a_page_of_its_own():
    trial = page_of(invented_run(), HOSTILE)
    assert trial.label == HOSTILE
    assert trial.entries


def test_a_trial_tells_its_effects_as_sizes_and_sides():
    effect = invented_effect("one", -1.24, ci_low=-1.78, ci_high=-0.71)
    result = replace(invented_result("pain", (effect,), better="lower"), unit="points on a 0 to 10 scale")
    assert effect_words(result, effect) == "1.24 points better (0.71 to 1.78 better); 0 to 10 scale"
    risk = invented_effect("one", log(0.5), measure="RR", ci_low=log(0.2), ci_high=log(1.25))
    assert effect_words(invented_result("risk", (risk,), measure="RR"), risk) == "RR 0.50 (0.20 to 1.25)"
