"""Numbers and sentences: the house conventions, and the whole table of answers."""

import itertools
import math
import re
from dataclasses import replace
from datetime import date

import pytest

from analysis.report import phrases
from analysis.report.absolute import risk_with
from analysis.report.answer import ANSWERS, COMPARED, NEW_SETTINGS, NO_ANSWERS, VERBS, answer_sentence, way
from analysis.report.choices import choice_name, choices_sentence
from analysis.report.extent import Extent, extent_of, inconsistent
from analysis.report.measures import measure_of
from analysis.report.methods import heterogeneity_sentences
from analysis.report.moment import lapse, lapses
from analysis.report.published_tally import ALONE, TALLIES
from analysis.report.studies import value_word
from analysis.report.summary import certainty_reasons, finding
from analysis.report.wording import (
    Scale,
    decimal,
    joined,
    level_words,
    p_value,
    percent,
    plain,
    printed_p,
    ratio,
    scale_of,
    sentence_case,
    significant,
)
from analysis.results import Awaited, Certainty, Choice, LeftOut, PValue, SourceRef
from tests.fixtures_bcg import bcg_result, bcg_run
from tests.fixtures_invented import invented_effect, invented_pooled, invented_pooling, invented_result

SMALLEST = 2.0
EXTENTS = {  # (interval, size) -> (estimate, low, high), invented; 2.0 is the smallest difference that matters
    ("clear", "matters"): (3.0, 2.5, 3.5),
    ("clear", "matters on average"): (3.0, 0.5, 5.5),
    ("clear", "may matter"): (1.5, 0.5, 2.5),
    ("clear", "too small"): (1.0, 0.5, 1.5),
    ("open", "too small"): (0.5, -0.5, 1.5),
    ("open", "may matter"): (1.5, -0.5, 3.5),
    ("open", "either way"): (0.5, -3.0, 4.0),
    ("clear", "not stated"): (1.0, 0.5, 1.5),
    ("open", "not stated"): (0.5, -0.5, 1.5),
}
RATINGS = [rating for rating in VERBS]


def result_with(estimate, low, high, smallest=SMALLEST, rating=None, k=3, better="lower", **pooled):
    """Return an invented comparison with an average."""
    certainty = Certainty(rating, ("imprecision",), "A. Rater", date(2026, 1, 1)) if rating else None
    effects = tuple(invented_effect(f"study-{number}", estimate) for number in range(k))
    made = invented_pooled(k, estimate, 1.0, ci_low=low, ci_high=high, **pooled)
    return invented_result(
        "wording", effects, made, smallest_important=smallest, certainty=certainty, better=better, label="hip work"
    )


def test_the_extents_of_these_tests_are_the_whole_table_of_answers():
    assert set(EXTENTS) == set(ANSWERS)


@pytest.mark.parametrize("key", EXTENTS, ids=" ".join)
def test_an_average_is_read_against_no_effect_and_what_matters(key):
    extent = Extent(*EXTENTS[key], None if key[1] == "not stated" else SMALLEST)
    assert (extent.settled, extent.size) == key


@pytest.mark.parametrize("key", EXTENTS, ids=" ".join)
@pytest.mark.parametrize("rating", RATINGS, ids=str)
@pytest.mark.parametrize("better", ["lower", "higher", "none"])
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("sign", [-1, 1])
def test_every_wording_is_whole_sentences_with_the_interval(key, rating, better, k, sign):
    estimate, *ends = (sign * value for value in EXTENTS[key])
    low, high = sorted(ends)
    smallest = None if key[1] == "not stated" else SMALLEST
    sentence = answer_sentence(result_with(estimate, low, high, smallest, rating, k, better))
    assert re.fullmatch(r"[A-Z][^{}]*\.", sentence)
    assert "  " not in sentence and " P " not in sentence and "p-value" not in sentence
    assert f"{abs(low):.2f}" in sentence and f"{abs(high):.2f}" in sentence
    assert ("One trial, not pooled." in sentence) == (k == 1)
    assert ("very uncertain" in sentence) == (rating == "very low")
    assert ("Not settled." in sentence) == (key[0] == "open" and key[1] != "too small")


@pytest.mark.parametrize("better, word", [("lower", "better"), ("higher", "worse"), ("none", None)])
def test_good_news_follows_from_better_and_is_never_assumed(better, word):
    sentence = answer_sentence(result_with(-3.0, -3.5, -2.5, better=better))
    assert "lower" in sentence
    assert (f"({word})" in sentence) if word else not re.search("better|worse|favour", sentence)


@pytest.mark.parametrize("rating, verb", [item for item in VERBS.items() if item[0]])
def test_the_certainty_decides_how_firmly_it_is_said(rating, verb):
    """GRADE guidelines 26: "results in", "likely", "may" (doi:10.1016/j.jclinepi.2019.10.014)."""
    assert f"pain {verb} 3.00 points lower" in answer_sentence(result_with(-3.0, -3.5, -2.5, rating=rating)).lower()


@pytest.mark.parametrize("key", NEW_SETTINGS, ids=" ".join)
def test_the_sentence_says_whether_a_new_setting_holds_no_effect(key):
    low, high = (0.5, 1.5) if key[0] == "clear" else (-0.5, 1.5)
    ends = {"open": (-2.0, 4.0), "clear": (0.1, 2.0), "not said": (None, None)}[key[1]]
    result = result_with(1.0, low, high, k=5, pi_low=ends[0], pi_high=ends[1], tau2=0.1, tau2_low=0.01)
    assert answer_sentence(result).endswith(NEW_SETTINGS[key] or ".")
    assert ("setting" in answer_sentence(result)) == bool(NEW_SETTINGS[key])


@pytest.mark.parametrize("k, tau2_low, said", [(5, 0.01, True), (4, 0.01, False), (5, 0.0, False), (5, None, False)])
def test_the_same_direction_is_promised_only_by_five_studies_that_are_known_to_vary(k, tau2_low, said):
    result = result_with(1.0, 0.5, 1.5, k=k, pi_low=0.1, pi_high=2.0, tau2=0.1, tau2_low=tau2_low)
    assert ("same direction" in answer_sentence(result)) == said


def test_two_studies_say_nothing_of_a_new_setting():
    two = result_with(1.0, 0.5, 1.5, k=2, pi_low=-2.0, pi_high=4.0, tau2=0.0, i2=0.0, i2_low=0.0, i2_high=100.0)
    assert finding(two).new_setting is None
    assert "setting" not in answer_sentence(two) + " ".join(heterogeneity_sentences(two))
    unseen = "No variation beyond chance was found, but with 2 trials much could go unseen."
    assert heterogeneity_sentences(two)[0] == unseen


@pytest.mark.parametrize("first, said", [(-4.0, "opposite directions (4.00 points better and 8.00 points worse)"),
                                         (2.0, "have no value in common (2.00 points worse and 8.00 points worse)"),
                                         (7.0, None)])  # fmt: skip
def test_two_studies_that_contradict_each_other_are_named(first, said):
    two = result_with(2.0, -30.0, 34.0, k=2, i2=90.0)
    effects = (invented_effect("one", first, ci_low=first - 1, ci_high=first + 1),
               invented_effect("two", 8.0, ci_low=7.0, ci_high=9.0))  # fmt: skip
    scaled = replace(two, effects=effects, unit="points on a 0 to 10 scale")
    sentence = answer_sentence(scaled)
    assert said in sentence if said else "The two" not in sentence


@pytest.mark.parametrize(
    "i2, p, told", [(50.0, 0.5, True), (49.0, 0.09, True), (49.0, 0.11, False), (None, None, False)]
)
def test_studies_that_disagree_more_than_chance_explains_are_a_reason_for_caution(i2, p, told):
    result = result_with(1.0, 0.5, 1.5, i2=i2, q_p_value=p)
    assert inconsistent(result) == told
    assert any("more than chance explains" in reason for reason in certainty_reasons(result)) == told


@pytest.mark.parametrize("weeks, text", [(1.6, "11 days"), (3.9, "27 days"), (4, "4 weeks"), (51, "51 weeks"),
                                         (52, "a year"), (78, "1.5 years"), (104, "2 years"),
                                         (1 / 7, "1 day")])  # fmt: skip
def test_time_is_said_in_days_weeks_or_years(weeks, text):
    assert lapse(weeks) == text


@pytest.mark.parametrize("weeks, text", [([6, 12, None], "6 to 12 weeks"), ([12, 12], "12 weeks"), ([], None),
                                         ([1.6, 12], "11 days to 12 weeks"), ([52, 104], "1 to 2 years")])  # fmt: skip
def test_several_times_are_said_from_the_first_to_the_last(weeks, text):
    assert lapses(weeks) == text


def timed(weeks, target, k=1):
    result = result_with(1.0, 0.5, 1.5, k=k)
    effects = tuple(replace(effect, followup_weeks=weeks) for effect in result.effects)
    return replace(
        result, effects=effects, comparison=replace(result.comparison, window_weeks=(1, 26), target_weeks=target)
    )


def test_the_time_stands_in_the_sentence_and_the_table_where_it_plays_a_part():
    assert "In study-0, after 11 days, pain was" in answer_sentence(timed(1.6, 12))
    assert "On average, after 11 days, pain was" in answer_sentence(timed(1.6, 12, k=3))
    assert finding(timed(1.6, 12)).followup == "at 11 days"
    assert "after" not in answer_sentence(result_with(1.0, 0.5, 1.5))


@pytest.mark.parametrize("weeks, told", [(1.6, True), (2.9, True), (3.0, False), (12.0, False)])
def test_a_study_that_measured_before_a_quarter_of_the_intended_time_is_a_reason_for_caution(weeks, told):
    reasons = [reason for reason in certainty_reasons(timed(weeks, 12)) if "earlier than intended" in reason]
    assert reasons == [f"measured much earlier than intended ({lapse(weeks)}; intended 12 weeks)"] * told


def function_of(estimate, low, high, spread=8.0, better="higher"):
    """Return two invented trials of function, 10 points of which matter, each with an interval of twice the spread."""
    result = result_with(estimate, low, high, 10.0, better=better, k=2)
    effects = tuple(replace(one, ci_low=estimate - spread, ci_high=estimate + spread) for one in result.effects)
    return replace(result, effects=effects, unit="points on the Anterior Knee Pain Scale, 0 to 100",
                   outcome_label="function")  # fmt: skip


@pytest.mark.parametrize("estimate, low, high, better, said", [
    (12.0, -11.0, 35.0, "higher", "more than the 10 points that patients notice; the true effect may be an important "
     "gain, nothing, or an important loss."),
    (7.1, -3.0, 17.0, "higher", "less than the 10 points that patients notice; the true effect may be an important "
     "gain or nothing."),
    (7.1, -3.0, 17.0, "lower", "may be an important loss or nothing."),
    (-7.1, -17.0, 3.0, "lower", "may be an important gain or nothing."),
    (7.1, -13.0, 17.0, "none", "may be an important difference in either direction, or nothing."),
    (7.1, -3.0, 17.0, "none", "may be an important difference or nothing."),
    (12.0, 2.0, 22.0, "higher", "more than the 10 points that patients notice; the true effect may be less than that."),
    (7.0, 2.0, 12.0, "higher", "less than the 10 points that patients notice; the true effect may be more than that."),
    (15.0, 11.0, 19.0, "higher", "The whole 95 % interval is beyond the 10 points that patients notice."),
])  # fmt: skip
def test_an_average_is_told_against_what_patients_notice(estimate, low, high, better, said):
    assert answer_sentence(function_of(estimate, low, high, better=better)).endswith(said)


@pytest.mark.parametrize("low, high, spread, told", [
    (-24.1, 24.0, 8.0, True), (-23.9, 24.0, 8.0, False),  # three times the 16 points that both trials hold
    (-101.0, 90.0, 95.0, True), (-99.0, 99.0, 95.0, False),  # more than the scale can show
    (1.0, 90.0, 8.0, False),
])  # fmt: skip
def test_no_size_is_read_from_an_interval_far_wider_than_what_was_seen(low, high, spread, told):
    sentence = answer_sentence(function_of(0.5, low, high, spread))
    assert ("no size can be read from it" in sentence) == told
    if spread == 8.0 and told:
        assert "wider than anything the two trials saw (7.5 worse to 8.5 better): so few cannot tell" in sentence


def test_the_table_says_sizes_and_sides_as_the_answer_does():
    found = finding(function_of(7.1, -17.5, 31.8))
    assert (found.effect, found.interval) == ("7.1 points better", "17.5 worse to 31.8 better")
    assert found.unit == "Anterior Knee Pain Scale, 0 to 100"
    assert found.reading == "with hip work than with exercise b"
    assert finding(function_of(-12.0, -20.0, -4.0)).interval == "4.0 to 20.0 worse"
    assert finding(ratio_result(0.96, 0.72, 1.28, risk=0.5)).interval == "0.72 to 1.28"
    assert finding(ratio_result(0.96, 0.72, 1.28)).effect == "RR 0.96"
    nothing = finding(function_of(0.01, -4.0, 4.0))
    assert (nothing.effect, nothing.reading) == ("no difference", None)


def test_where_two_studies_are_too_few_the_choices_that_differ_say_why():
    two = function_of(7.1, -17.5, 31.8)
    narrow, alone = invented_pooled(2, 7.1, 3.8, test="z"), invented_pooled(1, 6.4, 4.1)
    rest = [Choice(f"without:study-{one}", ("study-0",), alone, "favours-experimental", False) for one in (0, 1)]
    told = replace(two, choices=(Choice("interval=z", (), narrow, "favours-experimental", False), *rest))
    assert choices_sentence(told) == (
        "0 of 3 choices agree; each trial alone: 6.4 and 6.4. Those that differ rest on one trial alone, or on an "
        "interval that is too narrow for two: neither counts how much trials differ."
    )
    other = Choice("tau2=DL", (), replace(narrow, test="hksj-floor"), "favours-experimental", False)
    assert "too narrow" not in choices_sentence(replace(told, choices=(*told.choices, other)))
    assert choice_name(two, "without=c", {"c": "core work"}) == "without core work"


def test_the_last_bit_of_a_number_does_not_decide_how_a_half_is_rounded():
    assert decimal(2.25, 1) == decimal(2.250000000000001, 1) == decimal(2.2499999999999996, 1)
    assert decimal(-0.04, 1) == "0.0" and decimal(123456789012.0, 0) == "123,456,789,012"


def test_an_open_difference_says_at_each_end_whether_it_is_better_or_worse():
    assert answer_sentence(function_of(7.1, -17.5, 31.8, spread=10.0)) == (
        "Not settled. On average function was 7.1 points better with hip work than with exercise b (Anterior Knee Pain "
        "Scale, 0 to 100; 95 % interval 17.5 worse to 31.8 better). That is less than the 10 points that patients "
        "notice; the true effect may be an important gain, nothing, or an important loss."
    )
    angle = replace(result_with(4.0, -9.37, 17.405, None, better="none"), unit="degrees")
    assert "4.0 degrees higher" in answer_sentence(angle)
    assert "9.4 lower to 17.4 higher" in answer_sentence(angle)


def ratio_result(estimate, low, high, better="higher", measure="RR", risk=None):
    made = invented_pooled(1, math.log(estimate), 1.0, ci_low=math.log(low), ci_high=math.log(high))
    effects = (invented_effect("one", math.log(estimate), measure=measure),)
    return invented_result("ratio", effects, made, measure, label="orthoses", better=better, control_risk=risk,
                           outcome_label="improvement")  # fmt: skip


@pytest.mark.parametrize("result, said", [
    (ratio_result(1.48, 1.11, 1.98), "improvement was 1.48 times as likely with orthoses as with exercise b (95 % "
     "interval 1.11 to 1.98)."),
    (ratio_result(1.73, 1.02, 2.93, measure="OR"), "improvement was more likely with orthoses than with exercise b ("
     "1.73 times the odds; 95 % interval 1.02 to 2.93)."),
    (ratio_result(0.96, 0.72, 1.282, risk=0.5), "improvement was about as likely with orthoses as with exercise b: 480 "
     "against 500 of 1,000 people (95 % interval 140 fewer to 141 more)."),
    (ratio_result(0.5, 0.2, 1.2, risk=0.5), "improvement was less likely with orthoses than with exercise b: 250 "
     "against 500 of 1,000 people (95 % interval 400 fewer to 100 more)."),
    (ratio_result(0.96, 0.72, 1.28), "improvement was about as likely with orthoses as with exercise b (0.96 times the "
     "risk; 95 % interval 0.72 to 1.28)."),
    (ratio_result(0.5, 0.2, 1.2, measure="HR"), "improvement was less likely with orthoses than with exercise b (0.50 "
     "times the rate; 95 % interval 0.20 to 1.20)."),
])  # fmt: skip
def test_a_ratio_is_said_in_people_where_a_risk_is_known_and_as_times_as_likely_for_good_outcomes(result, said):
    assert answer_sentence(result).endswith(said)


def test_every_way_of_comparing_two_sides_is_used():
    differences = [result_with(*EXTENTS["clear", "matters"]), result_with(*EXTENTS["open", "either way"]),
                   result_with(0.0, -1.0, 1.0), result_with(0.001, 0.0004, 0.002, smallest=None, tau2=0.0)]  # fmt: skip
    tiny = replace(differences[-1], unit="points on a 0 to 10 scale")
    ratios = [ratio_result(1.48, 1.11, 1.98), ratio_result(1.73, 1.02, 2.93, measure="OR"), ratio_result(0.5, 0.2, 1.2),
              ratio_result(0.96, 0.72, 1.28), ratio_result(0.96, 0.72, 1.28, risk=0.5),
              ratio_result(0.5, 0.2, 1.2, risk=0.5)]  # fmt: skip
    found = {
        (way(one, scale_of(one), extent_of(one)), extent_of(one).settled) for one in (*differences[:3], tiny, *ratios)
    }
    assert found == set(COMPARED)


def test_the_level_of_an_interval_is_always_said():
    assert level_words(0.95) == "95 % interval"
    assert level_words(0.975) == "97.5 % interval"
    narrow = result_with(1.0, 0.5, 1.5, level=0.8)
    assert "80 % interval" in answer_sentence(narrow)
    assert finding(narrow).level == "80 % interval"


SIDED = {  # invented intervals and standing of a published result of an outcome where lower is better
    "experimental": (-2.0, -1.0, "primary"), "control": (1.0, 2.0, "primary"), "no difference": (-1.0, 1.0, "primary"),
    "no interval": (None, None, "primary"), "doubtful": (-2.0, -1.0, "doubtful"),
}  # fmt: skip


def published(side, better="lower"):
    low, high, seen_as = SIDED.get(side) or SIDED[{"lower": "experimental", "higher": "control"}[side]]
    row = invented_pooling(-1.5, "MD", low, high)
    return replace(row, ref=replace(row.ref, seen_as=seen_as)), "none" if side in ("lower", "higher") else better


@pytest.mark.parametrize("side", TALLIES)
def test_without_an_average_published_results_are_told_by_side(side):
    row, better = published(side)
    alone = invented_result("published", published=(row,), published_better=(better,), label="hip work")
    words = {"experimental": "hip work", "control": "exercise b"}
    told = ALONE[side].format(**words)
    assert answer_sentence(alone) == f"We have no trial figures of our own to pool. 1 published result exists: {told}."
    three = replace(alone, published=(row,) * 3, published_better=(better,) * 3)
    told = TALLIES[side].format(count=3, s="", **words)
    assert answer_sentence(three) == (
        f"We have no trial figures of our own to pool. 3 published results exist: {told}. They share trials and are "
        "not pooled here."
    )


def test_a_published_result_favours_by_the_direction_of_its_own_outcome():
    row, _ = published("control")
    result = invented_result("turned", published=(row, row), published_better=("higher", "lower"), label="hip work")
    assert "in 1 the whole interval favours hip work, in 1 the whole interval favours exercise b" in answer_sentence(
        result
    )


@pytest.mark.parametrize("doubtful, left_out, awaited", list(itertools.product([False, True], repeat=3)))
def test_no_average_says_what_there_is_instead(doubtful, left_out, awaited):
    ref = SourceRef("d", "arms", 2, "Table 1", "primary")
    result = invented_result(
        "none",
        doubtful=(invented_effect("d", 1.0),) * doubtful,
        left_out=(LeftOut("s", "s", ref, "no-spread", "No spread."),) * left_out,
        awaited=(Awaited("a", "A", 10, "Citation"),) * awaited,
    )
    assert answer_sentence(result) == NO_ANSWERS[doubtful, left_out, awaited]


def test_bcg_reads_as_the_worked_example():
    """RR 0.49, 0.33 to 0.73, and 0.14 to 1.76 in a new setting: metafor 3.8-1, rma(dat.bcg, REML, knha)."""
    assert answer_sentence(bcg_result()) == (
        "On average tuberculosis was less likely with BCG vaccine than with no vaccine (0.49 times the risk; "
        "95 % interval 0.33 to 0.73). The effect differs between settings: in a new one it could be larger, nil or the "
        "other way round."
    )


def test_the_smallest_that_matters_of_a_ratio_is_a_ratio():
    result = bcg_result()
    told = replace(result, comparison=replace(result.comparison, smallest_important=0.8))
    assert extent_of(told).size == "matters"  # its interval ends at 0.73
    assert extent_of(told).smallest == pytest.approx(-math.log(0.8), rel=1e-12)


@pytest.mark.parametrize(
    "value, text",
    [(0.4894, "0.49"), (1.0, "1.00"), (0.0042, "0.004"), (0.0001, "less than 0.001"), (123.4, "123"),
     (5432.1, "5,432"), (1e9, "more than 10,000"), (math.inf, "more than 10,000")],
)  # fmt: skip
def test_a_ratio_has_two_decimals_and_bounds_at_both_ends(value, text):
    assert ratio(value) == text


@pytest.mark.parametrize(
    "value, text",
    [(0.00192, "0.0019"), (0.0004, "less than 0.001"), (0.035, "0.035"), (0.19, "0.19"), (0.9, "0.90"),
     (0.0951, "0.10"), (None, "–")],
)  # fmt: skip
def test_p_has_two_digits_and_is_bounded_below(value, text):
    assert p_value(value) == text


@pytest.mark.parametrize("p, text", [(PValue("<", 0.001), "less than 0.001"), (PValue("=", 0.0003), "0.0003"),
                                     (PValue(">", 0.05), "more than 0.05"), (None, "–")])  # fmt: skip
def test_a_printed_p_keeps_its_digits_and_its_sign(p, text):
    assert printed_p(p) == text


def test_a_negative_number_has_a_true_minus_and_zero_has_none():
    assert decimal(-1.25, 1) == "−1.2"
    assert decimal(-0.001, 2) == "0.00"
    assert plain(-3.50) == "−3.5"
    assert Scale("MD").interval(-4.6, 11.0) == "−4.60 to 11.00"


@pytest.mark.parametrize("value, text", [(0, "0"), (152.233, "152"), (0.0069056, "0.00691"), (-12345.6, "−12,300"),
                                         (1e-12, "1.00e−12"), (99999, "100,000")])  # fmt: skip
def test_significant_digits_are_counted_from_the_first(value, text):
    assert significant(value, 3) == text


def test_ratios_leave_the_log_scale_only_in_words():
    scale = Scale("OR")
    assert scale.text(math.log(2)) == "2.00"
    assert scale.named(0.0) == "OR 1.00"
    assert scale.reported(0.5) == pytest.approx(math.log(0.5), rel=1e-15)


def test_small_words_are_joined_and_begun_as_sentences():
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a"]) == "a"
    assert joined([]) == ""
    assert sentence_case("hip and AKPS") == "Hip and AKPS"
    assert percent(92.22) == "92 %"


@pytest.mark.parametrize(
    "measure, effect, risk",
    [("RR", 0.5, 0.1), ("OR", 3.0, 3 * 0.2 / (0.8 + 3 * 0.2)), ("RD", -0.05, 0.15), ("HR", 2.0, 1 - 0.8**2),
     ("RR", 50.0, 1.0), ("RD", -0.9, 0.0)],
)  # fmt: skip
def test_a_relative_effect_becomes_a_risk_between_zero_and_one(measure, effect, risk):
    """Cochrane Handbook 5.1, 11.5.5; a risk of 0.2 among controls, invented."""
    assert risk_with(measure, effect, 0.2) == pytest.approx(risk, rel=1e-12)


def test_an_unknown_code_is_shown_as_it_is():
    assert phrases.phrase(phrases.CAUTIONS, "a-code-nobody-knows") == "a-code-nobody-knows"
    assert measure_of("???").name == "???"


def test_every_comparison_of_a_run_has_a_sentence():
    assert all(answer_sentence(result) for result in bcg_run().comparisons)


@pytest.mark.parametrize("kind, weeks, words", [
    ("final", 12.0, "at follow-up"), ("final", None, "measured once"), ("change", 12.0, "change"), (None, None, "–"),
])  # fmt: skip
def test_a_value_without_a_time_is_not_said_to_be_of_a_follow_up(kind, weeks, words):
    assert value_word(invented_effect("one", 1.0, value_type=kind, followup_weeks=weeks)) == words
