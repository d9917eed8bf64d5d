"""What a reader is told: the first page, verdicts with their reasons, changes, and the way back to the paper."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analysis.protocol.judging import judge_claim
from analysis.report import render
from analysis.report.changed import change_groups, since_sentence
from analysis.report.choices import choices_sentence
from analysis.report.claim_reasons import rule, why
from analysis.report.claims_page import claim_rows, fragile_sentence, rests_on_one, verdict_counts
from analysis.report.comparison_page import comparison_page, counts_sentence
from analysis.report.dataset_page import dataset_page, title_words
from analysis.report.index_page import MAIN_QUESTIONS, MOST_CHANGES, index_page
from analysis.report.links import doi_address, places_of, slug, source_links, unique
from analysis.report.methods import second_opinion_sentence
from analysis.report.phrases import CHANGE_KINDS
from analysis.report.short_answer import answer_of_main, rests_on, short_answer, time_words
from analysis.report.source_table import plain_cell
from analysis.report.studies import by_study, study_rows
from analysis.report.summary import finding
from analysis.report.uses import uses_of
from analysis.results import (
    Change,
    Choice,
    Claim,
    ClaimPart,
    Correction,
    Doubt,
    LeftOut,
    PartVerdict,
    SecondOpinion,
    Source,
    SourceRef,
)
from tests.fixtures_bcg import bcg_result, bcg_run
from tests.fixtures_invented import (
    FORMULA,
    HOSTILE,
    invented_effect,
    invented_pooled,
    invented_pooling,
    invented_result,
    invented_run,
)
from tests.report_checks import broken_links, read_page


def test_the_first_page_says_how_much_is_in_the_run_and_when():
    assert index_page(bcg_run()).status == "1 question · 1 source (1 study report) · run of 22 November 2026"
    assert index_page(invented_run()).status.endswith("1 verdict changed · preview, not recorded")


def test_the_first_page_opens_with_the_first_questions_of_the_protocol():
    run = invented_run()
    answers = index_page(run).answers
    assert [answer.question for answer in answers] == [
        result.comparison.question for result in run.comparisons[:MAIN_QUESTIONS]
    ]
    page = read_page(render(bcg_run())["index.html"])
    assert page.text.index("0.49 times the risk") < page.text.index("What changed") < page.text.index("B1")


@pytest.mark.parametrize("sizes, said", [
    ([(1, 2.0), (1, 0.1), (2, 0.1), (0, 0)], "Short answer: not settled. Of 4 main questions, 2 leave open whether it "
     "helps or harms (1 of them on one trial only), 1 has a clear direction (on one trial only) and 1 has no figures "
     "of our own."),
    ([(1, 2.0), (1, 2.0)], "Short answer: not settled. Of 2 main questions, 2 have a clear direction (each on one "
     "trial only)."),
    ([(2, 2.0), (2, 0.1)], "Short answer: settled in part. Of 2 main questions, 1 leaves open whether it helps or "
     "harms and 1 has a clear direction."),
    ([(3, 2.0)], "Short answer: settled. Of 1 main question, 1 has a clear direction."),
])  # fmt: skip
def test_the_short_answer_counts_the_main_questions_and_one_study_settles_none(sizes, said):
    results = [
        invented_result(
            f"q{number}",
            tuple(invented_effect(f"s{one}", size) for one in range(k)),
            invented_pooled(k, size, 0.98) if k else None,
        )
        for number, (k, size) in enumerate(sizes)
    ]
    assert answer_of_main(results) == said
    assert answer_of_main([]) is None


def test_an_answer_in_a_line_says_size_interval_and_what_it_rests_on():
    one = next(result for result in invented_run().comparisons if result.comparison.id == "one")
    assert short_answer(one) == (
        "1.00 points better (95 % interval 0.02 to 1.98), smaller than patients notice (2 points)"
    )
    assert rests_on(one) == "one trial only · 40 people · smallest difference that matters: 2 points"
    assert short_answer(bcg_result()) == "Less likely, 0.49 times the risk (95 % interval 0.33 to 0.73)"
    assert rests_on(bcg_result()) == "13 trials · 357,347 people"
    risk = next(result for result in invented_run().comparisons if result.comparison.id == "risk")
    assert short_answer(risk).startswith("Not settled: 205 against 250 of 1,000 people (95 % interval 250 fewer to")
    published = invented_result("p", published=invented_run().comparisons[0].published)
    assert short_answer(published) == "No average of ours · 4 published results"


def test_a_study_that_measured_much_earlier_than_intended_says_so_beside_its_answer():
    effect = replace(invented_effect("s", 2.0), followup_weeks=11 / 7)
    result = invented_result("e", (effect,), invented_pooled(1, 2.0, 1))
    result = replace(result, comparison=replace(result.comparison, window_weeks=(1, 26), target_weeks=12))
    assert time_words(result) == "after 11 days, much earlier than intended (12 weeks)"
    at_its_time = replace(result, effects=(replace(result.effects[0], followup_weeks=12),))
    assert time_words(at_its_time) == "after 12 weeks"


def test_every_comparison_has_its_answer_in_a_line():
    lines = [short_answer(result) for result in (*invented_run().comparisons, bcg_result())]
    assert all(line and "{" not in line for line in lines)


def test_the_main_questions_come_first_in_their_table_and_what_all_rows_share_stands_above():
    one = bcg_result()
    results = tuple(replace(one, comparison=replace(one.comparison, id=id, question=id)) for id in "zyxwba")
    run = replace(bcg_run(), comparisons=results)
    page = index_page(run)
    assert [row.question for row in page.groups[0].rows] == ["w", "x", "y", "z", "a", "b"]
    assert (page.certainty, page.change) == ("not rated yet", "first version")
    assert "Last change of every row: first version." in read_page(render(run)["index.html"]).text


def test_the_first_page_shows_at_most_five_changes_the_weightiest_first():
    many = tuple(Change("evidence", "bcg", "dataset-revised") for _ in range(9)) + (
        Change("verdict", "B1", "verdict", "supported", "not settled"),)  # fmt: skip
    page = index_page(replace(bcg_run(), previous="before", changes=many))
    assert len(page.changes) == MOST_CHANGES
    assert page.changes[0].kind == CHANGE_KINDS["verdict"]
    assert page.more_changes == len(many) - MOST_CHANGES


def test_changes_are_grouped_by_weight_and_drift_is_shown():
    assert [group.name for group in change_groups(invented_run())] == list(CHANGE_KINDS.values())
    drift = change_groups(invented_run())[-1].lines[0]
    assert (drift.old, drift.new) == ("RR 0.82 (0.37 to 1.65)", "RR 0.78 (0.33 to 1.49)")


def test_a_first_and_an_identical_run_say_so():
    assert since_sentence(bcg_run()) == "First version: there is no earlier run to compare with."
    assert since_sentence(replace(bcg_run(), previous="before")).startswith("Nothing: identical to the run before")


@pytest.mark.parametrize(
    "number, symbol, why",
    [
        (0, "~", "The 95 % interval, 0.33 to 0.73, reaches beyond RR 0.50."),
        (1, "✓", "The whole 95 % interval, 0.33 to 0.73, lies on the side of BCG vaccine."),
        (2, "~", "The interval in a new setting, 0.14 to 1.76, includes no effect (1.00) too."),
    ],
)
def test_a_verdict_comes_with_the_numbers_that_decided(number, symbol, why):
    """The worked example: at least halves, lowers on average, protects in every setting (metafor 3.8-1)."""
    row = claim_rows(bcg_run())[number]
    assert (row.symbol, row.parts[0].why) == (symbol, why)


def test_a_verdict_that_is_not_testable_says_what_is_missing():
    untested, (part, published) = claim_rows(invented_run())[1], claim_rows(invented_run())[0].parts
    assert untested.needs == HOSTILE
    assert part.why == "Our own average needs at least 2 studies for a verdict, and there are fewer."
    assert published.why == "The published meta-analyses do not all agree."
    assert published.basis == "published meta-analyses, each on its own"


SHARES = {  # (estimate, low, high) of published results, invented: lower is better
    "agrees": (-1.91, -2.92, -0.9), "crosses": (-0.99, -1.99, 0.02), "against": (1.1, 0.5, 2.0),
    "bare": (-1.0, None, None),
}  # fmt: skip


def published_claim(*shares, rule="favours", bound=(), better="lower", designs=("rct",)):
    """Return the row of an invented claim on published results, judged by the rules."""
    rows = tuple(invented_pooling(est, "SMD", low, high) for est, low, high in (SHARES[share] for share in shares))
    result = invented_result(
        "shared", published=rows, better=better, measure="SMD", label="people in pain", designs=designs
    )
    claim = Claim("S1", "Invented", "invented", "nowhere", (ClaimPart("shared", rule, bound, basis="published"),),
                  tested_as="only one side of it")  # fmt: skip
    verdict = judge_claim(claim, {"shared": result}, date(2026, 1, 1), None)
    return claim_rows(replace(invented_run(), comparisons=(result,), verdicts=(verdict,), datasets=()))[0]


@pytest.mark.parametrize("shares, why", [
    (("agrees", "bare", "bare"), "The one published result with an interval agrees: {0}, SMD −1.91 (−2.92 to −0.90). 2 "
     "more print no interval and are not counted."),
    (("agrees", "crosses"), "1 of 2 agrees; {0} (−1.99 to 0.02) includes no effect."),
    (("agrees", "agrees", "crosses", "crosses", "against"), "2 of 5 agree; {0} (0.5 to 2.0) disagrees; {0} "
     "(−1.99 to 0.02) and {0} (−1.99 to 0.02) include no effect."),
    (("against",), "The one published result with an interval disagrees: {0}, SMD 1.1 (0.5 to 2.0)."),
    (("agrees", "agrees", "bare"), "Both agree: {0}, SMD −1.91 (−2.92 to −0.90); {0}, SMD −1.91 (−2.92 to −0.90). "
     "1 more prints no interval and is not counted."),
])  # fmt: skip
def test_a_verdict_on_published_results_shows_the_numbers_that_decided(shares, why):
    assert published_claim(*shares).parts[0].why == why.format(HOSTILE)


@pytest.mark.parametrize("shares, alone", [(("agrees", "bare"), True), (("against",), True),
                                           (("agrees", "agrees"), False),
                                           (("bare",), False)])  # fmt: skip
def test_a_verdict_on_one_published_result_says_so_beside_it(shares, alone):
    said = published_claim(*shares).rests_on
    assert said == ("rests on one published meta-analysis of 4 studies" if alone else None)


def test_where_nobody_saw_how_many_studies_a_published_result_pools_that_is_said():
    result = invented_result("p", published=(replace(invented_pooling(1.1, "SMD", 0.5, 2.0), k=None),), measure="SMD")
    claim = Claim("S1", "Invented", "invented", "nowhere", (ClaimPart("p", "favours", (), basis="published"),))
    said = rests_on_one(judge_claim(claim, {"p": result}, date(2026, 1, 1), None), {"p": result})
    assert said == "rests on one published meta-analysis; how many studies it pools was not seen"


def test_the_counts_by_verdict_add_up_to_all_claims_and_the_fragile_are_said_apart():
    run = invented_run()
    assert sum(found.count for found in verdict_counts(run)) == len(run.verdicts)
    verdicts = tuple(replace(one, fragile=True, agreeing_choices=1, choices=3) for one in run.verdicts)
    fragile = replace(run, verdicts=verdicts)
    sentence = fragile_sentence(fragile)
    assert sentence.startswith(f"Of {len(run.verdicts)} claims, {len(run.verdicts)} are fragile")
    pages = render(fragile)
    for page in ("index.html", "claims.html"):
        assert sentence in read_page(pages[page]).text
    assert claim_rows(fragile)[0].holds == "same verdict in 1 of 3 other analyses"
    assert fragile_sentence(replace(run, verdicts=())) is None


def test_the_first_page_says_what_of_a_claim_was_tested():
    run = invented_run()
    told = replace(run.verdicts[0], claim=replace(run.verdicts[0].claim, tested_as="one side of it only"))
    page = read_page(render(replace(run, verdicts=(told, *run.verdicts[1:])))["index.html"])
    assert "Tested as: one side of it only." in page.text


def test_a_rule_at_no_effect_is_said_as_a_direction_and_groups_differ_rather_than_have_an_effect():
    row = published_claim("crosses", rule="at-most", bound=(0.0,), better="none", designs=("case-control",))
    assert row.parts[0].rule == "lower in people in pain (each interval below no difference)"
    assert "includes no difference" in row.parts[0].why
    assert row.tested_as == "only one side of it"
    own = ClaimPart("angles", "at-least", (0.0,))
    angles = next(result for result in invented_run().comparisons if result.comparison.id == "angles")
    assert rule(own, angles) == "higher in exercise a (SMD above 0), whole interval of the average"
    assert rule(replace(own, rule="at-most"), replace(angles, unit="degrees", comparison=replace(
        angles.comparison, measure="MD"))).startswith("lower in exercise a (below 0 degrees)")  # fmt: skip


def test_the_numbers_of_a_difference_carry_their_unit():
    part = PartVerdict(ClaimPart("one", "at-least", (-10.0,)), "not settled", "interval-straddles", -15.6, 14.9, -0.4)
    one = next(result for result in invented_run().comparisons if result.comparison.id == "one")
    assert why(part, one, {}) == "The 95 % interval, −15.60 to 14.90 points, reaches below −10.00 points."


def test_verdicts_are_counted_for_the_reader():
    counts = {count.verdict: count.count for count in verdict_counts(bcg_run())}
    assert counts == {"supported": 1, "not settled": 2}


def test_every_row_that_answers_the_question_is_accounted_for():
    assert counts_sentence(bcg_result()) == ("26 rows in the sources: 26 are used (13 trials), 0 doubtful, 0 left out.")


def test_the_first_screen_has_the_absolute_effect_of_the_worked_example():
    """Median risk among controls 16 per 1,000; 8 with BCG, 8 fewer (11 to 4), 14 fewer to 12 more in a new setting."""
    absolute = finding(bcg_result()).absolute
    assert (absolute.control, absolute.experimental) == ("16 per 1,000", "8 per 1,000")
    assert absolute.difference == "8 fewer (11 to 4 fewer)"
    assert absolute.new_setting == "14 fewer to 12 more"


def test_a_ratio_without_a_risk_among_controls_says_that_people_are_not_printed():
    odds = invented_result("odds", (invented_effect("one", 0.5, measure="OR"),), invented_pooled(1, 0.5, 0.4), "OR")
    assert finding(odds).absolute is None
    assert finding(odds).no_risk == "not printed"
    assert finding(replace(odds, control_risk=0.2)).no_risk is None


def test_a_page_without_figures_of_its_own_opens_with_published_results_and_folds_the_rest():
    run = invented_run()
    rows = run.comparisons[0].published
    result = invented_result("only-published", answer="no-data", published=rows)
    page = read_page(render(replace(run, comparisons=(result,), verdicts=()))["comparisons/only-published.html"])
    assert page.ids.index("published") < page.ids.index("studies") < page.ids.index("included")
    assert not {"forest", "differences", "small-study-effects", "choices"} & set(page.ids)


def left_out(study, reason, line):
    return LeftOut(study, study, SourceRef("invented", "arms", line, "", "primary"), "no-spread", reason)


def test_rows_left_out_take_one_line_a_study_and_each_reason_once():
    rows = (left_out("b", "No spread.", 2), left_out("a", "No time.", 3), left_out("b", "No spread.", 3))
    run = invented_run()
    studies = by_study(invented_result("left", left_out=rows).left_out, places_of(run))
    assert [(one.label, [(why, len(links)) for why, links in one.reasons]) for one in studies] == [
        ("b", [("No spread.", 2)]),
        ("a", [("No time.", 1)]),
    ]


def test_with_two_studies_each_is_told_alone():
    """The averages without one study are what the other shows: 6.4 and 10.9, invented."""
    effects = (invented_effect("one", 10.9, ci_high=20.0), invented_effect("two", 6.4))
    choices = tuple(Choice(f"without:{name}", (), invented_pooled(1, size, 1.0), "uncertain", True)
                    for name, size in (("one", 6.4), ("two", 10.9)))  # fmt: skip
    two = invented_result("two", effects, invented_pooled(2, 7.1, 24.6), choices=choices)
    assert choices_sentence(two) == "2 of 2 choices agree; each trial alone: 6.4 and 10.9."


def page_with_weeks(weeks, window):
    """Return the BCG page with invented weeks of measurement, given in turn to the trials."""
    result = bcg_result()
    effects = tuple(replace(one, followup_weeks=weeks[index % len(weeks)]) for index, one in enumerate(result.effects))
    asked = replace(result, effects=effects, comparison=replace(result.comparison, window_weeks=window))
    return render(replace(bcg_run(), comparisons=(asked,)))["comparisons/bcg-vs-none.html"].decode()


@pytest.mark.parametrize(
    "weeks, window, column, sentence",
    [
        pytest.param((6.0, 12.0), (1, 26), True, False, id="they differ"),
        pytest.param((6.0,), (1, 26), False, True, id="all the same"),
        pytest.param((None,), (1, 26), False, False, id="unknown"),
        pytest.param((6.0, 12.0), None, False, False, id="time plays no part"),
    ],
)
def test_weeks_are_a_column_where_they_differ_and_a_sentence_where_they_do_not(weeks, window, column, sentence):
    page = page_with_weeks(weeks, window)
    assert (">Weeks</th>" in page, "The same in every row of the forest plot: weeks: 6" in page) == (column, sentence)


def test_leaving_one_trial_out_is_listed_once_unless_it_changes_the_answer():
    result = bcg_result()
    alone = [choice for choice in result.choices if choice.code.startswith("without:")]
    differs = replace(alone[0], same_answer=False)
    choices = tuple(differs if choice is alone[0] else choice for choice in result.choices)
    run = replace(bcg_run(), comparisons=(replace(result, choices=choices),))
    page = comparison_page(run, run.comparisons[0], places_of(run))
    assert len(page.choices) == 1 + len(choices)
    assert [row.differs for row in page.choices_listed if row.leaves_one_out] == [True]


def corrected_run():
    """Return the BCG run with one cell mended, invented."""
    run, (dataset,) = bcg_run(), bcg_run().datasets
    one = Correction("arms", 2, "events", "4", "5", f"Misread {HOSTILE}.", "A. Curator", date(2026, 1, 2))
    return replace(run, datasets=(replace(dataset, corrections=(one,)),))


def test_a_correction_stands_beside_the_cell_it_mends_with_its_reason_and_name():
    files = render(corrected_run())
    page = read_page(files["datasets/bcg.html"])
    assert "4 † 5" in page.text
    reason = f"Misread {HOSTILE}. (A. Curator, 2 January 2026)"
    assert f"arms.csv line 2, events : 4 as transcribed, 5 used. {reason}" in page.text
    assert ("#correction-1", "") in page.links and ("#line-2", "") in page.links
    assert broken_links(files) == []


def test_what_looks_implausible_is_marked_in_its_cell_and_told_with_what_to_do():
    doubts = (Doubt("grim", "bcg", f"{HOSTILE} of 123", "arms", 2, "events", "Look at n"),
              Doubt("same-trial", "bcg", "the same trial as other", look="Say which", fix="write it"))  # fmt: skip
    files = render(replace(bcg_run(), doubts=doubts))
    page = read_page(files["datasets/bcg.html"])
    assert "4 ?" in page.text and ("#doubts", "") in page.links and ("#line-2", "") in page.links
    assert f"arms.csv line 2, events : {HOSTILE} of 123. Look at n." in page.text
    assert "The whole source: The same trial as other. Say which: write it." in page.text
    assert broken_links(files) == []


def test_a_study_with_a_corrected_figure_links_to_the_row():
    run = corrected_run()
    rows = study_rows(run, run.comparisons[0], places_of(run))
    assert [row.label for row in rows if row.corrected] == ["Aronson 1948"]
    assert rows[0].corrected[0].address == "../datasets/bcg.html#line-2"


@pytest.mark.parametrize("cell, number", [("4", True), ("<0.001", True), ("−12.5", True), ("1,200", True),
                                          ("12 weeks", False),
                                          ("", False), ("pfp", False)])  # fmt: skip
def test_a_number_in_a_source_is_known_so_that_it_is_never_broken(cell, number):
    assert plain_cell(cell).number == number


def test_the_note_of_a_row_stands_below_it_over_the_full_width():
    table = next(t for t in dataset_page_of("invented").tables if t.name == "arms")
    assert "note" not in table.header
    assert table.rows[0].note.text == FORMULA


def dataset_page_of(id):
    run = invented_run()
    dataset = next(one for one in run.datasets if one.id == id)
    return dataset_page(run, dataset, places_of(run), uses_of(run))


def test_a_title_that_nobody_saw_is_a_mark():
    assert title_words("Lee 2014 (title not seen)") == "–"
    assert title_words("A trial") == "A trial"


def test_facts_of_one_name_stand_under_it_once():
    result = bcg_result()
    twice = replace(result, pooled=replace(result.pooled, status=("boundary", "floor-used")))
    page = render(replace(bcg_run(), comparisons=(twice,)))["comparisons/bcg-vs-none.html"].decode()
    assert page.count("<dt>Notes from the calculation</dt>") == 1
    assert re.search(r"<dt>Notes from the calculation</dt><dd>[^<]*</dd>\s*<dd>", page)


def test_the_first_screen_holds_no_p_value():
    text = read_page(render(bcg_run())["comparisons/bcg-vs-none.html"]).text
    first_screen = text[: text.index("On this page")]
    assert "RR 0.49" in first_screen
    assert " P " not in first_screen and "0.0019" not in first_screen


def test_five_links_lead_from_the_average_to_the_paper():
    files = render(bcg_run())
    page, source = read_page(files["comparisons/bcg-vs-none.html"]), read_page(files["datasets/bcg.html"])
    addresses = [address for address, _ in page.links]
    assert {"pooled", "studies", "study-aronson-1948"} <= set(page.ids)
    assert {"#studies", "#study-aronson-1948", "../datasets/bcg.html#line-2"} <= set(addresses)
    assert "line-2" in source.ids
    assert ("https://doi.org/10.1001/jama.1994.03510330076038", "cite") in source.links


def test_a_row_of_a_source_with_several_tables_has_an_anchor_of_its_own():
    places = places_of(invented_run())
    refs = [SourceRef("invented", table, 2, "", "primary") for table in ("arms", "poolings")]
    assert [places.anchor(ref) for ref in refs] == ["arms-line-2", "poolings-line-2"]
    assert places.row(SourceRef("elsewhere", "arms", 2, "", "primary")).address is None


def test_slugs_are_safe_and_never_shared_by_two_names():
    names = ["hott-2019", "Hott 2019", "hott 2019", HOSTILE, "../../etc/passwd", "", "é", "x" * 500]
    assert slug("hott-2019") == "hott-2019"
    assert len({slug(name) for name in names}) == len(names)
    assert all(slug(name) and set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)
    assert unique(["a", "a", "a-again", "a"]) == ("a", "a-again", "a-again-again", "a-again-again-again")


@pytest.mark.parametrize("doi", ["javascript:alert(1)", "10.1/x", "see paper", None, "10.1000/a b"])
def test_a_text_that_is_no_doi_gets_no_link(doi):
    assert doi_address(doi) is None


def test_a_doi_is_quoted_and_an_address_must_be_of_the_web():
    assert doi_address('10.1000/a"b<c>') == "https://doi.org/10.1000/a%22b%3Cc%3E"
    assert source_links(Source("c", url="javascript:alert(1)"))[0][2] is None
    assert source_links(Source("c", pmid="18078506"))[0][2] == "https://pubmed.ncbi.nlm.nih.gov/18078506/"


@pytest.mark.parametrize(
    "opinion, said",
    [
        (SecondOpinion("program", True, agrees=True, largest_difference=1e-9), "finds the same"),
        (SecondOpinion("program", True, agrees=False, largest_difference=0.1), "does not agree"),
        (SecondOpinion("program", False, why_not="preview"), "Not asked."),
    ],
)
def test_the_second_opinion_is_told_whatever_it_is(opinion, said):
    assert said in second_opinion_sentence(opinion)


def test_commands_and_ids_of_runs_are_folded_away_from_whoever_reads_what_changed():
    started = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    page = render(replace(bcg_run(), previous="before", previous_started=started))["changes.html"].decode()
    assert "Nothing: identical to the run before, of 20 November 2026, 09:05 UTC." in page
    main, fold = page[page.index("<main") : page.index("</main>")], page[page.index("<details>") :]
    assert "trochlea " not in main and "(before)" not in main
    assert "trochlea diff before" in fold and "trochlea report --run" in fold


def test_the_menu_names_what_its_pages_list():
    page = read_page(render(bcg_run())["index.html"]).text
    assert "Trials and questions" in page and "PRISMA checklist" in page


def test_a_claim_of_several_parts_has_a_row_for_each_as_the_claims_page_says():
    page = render(invented_run())["claims.html"].decode()
    parts = [len(row.parts) for row in claim_rows(invented_run()) if len(row.parts) > 1]
    assert "one of several parts has a row for each part below its own" in page
    assert page.count('class="part"') >= sum(parts) > 0
