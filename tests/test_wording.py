"""Numbers and sentences: the house conventions, and the whole table of answers."""

import itertools
import math
import re
from dataclasses import replace
from datetime import date

import pytest

from analysis.report import answer, phrases
from analysis.report.absolute import risk_with
from analysis.report.answer import ANSWERS, NEW_SETTINGS, NO_ANSWERS, VERBS, Extent, answer_sentence
from analysis.report.wording import (
    Scale,
    decimal,
    joined,
    p_value,
    percent,
    plain,
    printed_p,
    ratio,
    sentence_case,
    significant,
)
from analysis.results import Awaited, Certainty, LeftOut, PValue, SourceRef
from tests.fixtures_report import bcg_result, bcg_run, invented_effect, invented_pooled, invented_result

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


@pytest.mark.parametrize("better, word", [("lower", "better"), ("higher", "worse"), ("none", None)])
def test_good_news_follows_from_better_and_is_never_assumed(better, word):
    sentence = answer_sentence(result_with(-3.0, -3.5, -2.5, better=better))
    assert "lower" in sentence
    assert (f"({word})" in sentence) if word else not re.search("better|worse|favour", sentence)


@pytest.mark.parametrize("rating, verb", [item for item in VERBS.items() if item[0]])
def test_the_certainty_decides_how_firmly_it_is_said(rating, verb):
    """GRADE guidelines 26: "results in", "likely", "may" (doi:10.1016/j.jclinepi.2019.10.014)."""
    assert f"pain {verb} lower" in answer_sentence(result_with(-3.0, -3.5, -2.5, rating=rating)).lower()


@pytest.mark.parametrize("key", NEW_SETTINGS, ids=" ".join)
def test_the_sentence_says_whether_a_new_setting_holds_no_effect(key):
    low, high = (0.5, 1.5) if key[0] == "clear" else (-0.5, 1.5)
    ends = {"open": (-2.0, 4.0), "clear": (0.1, 2.0), "not defined": (None, None)}[key[1]]
    sentence = answer_sentence(result_with(1.0, low, high, pi_low=ends[0], pi_high=ends[1]))
    assert sentence.endswith(NEW_SETTINGS[key] or ".")
    assert ("setting" in sentence) == bool(NEW_SETTINGS[key])


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
        "Tuberculosis was less likely with BCG vaccine than with no vaccine, 0.49 times the risk on average "
        "(0.33 to 0.73). The effect differs between settings: in a new one it could be larger, nil or the other way "
        "round."
    )


def test_the_smallest_that_matters_of_a_ratio_is_a_ratio():
    result = bcg_result()
    told = replace(result, comparison=replace(result.comparison, smallest_important=0.8))
    assert answer.extent_of(told).size == "matters"  # its interval ends at 0.73
    assert answer.extent_of(told).smallest == pytest.approx(-math.log(0.8), rel=1e-12)


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
    """Cochrane Handbook 6.4, 15.4.4; a risk of 0.2 among controls, invented."""
    assert risk_with(measure, effect, 0.2) == pytest.approx(risk, rel=1e-12)


def test_an_unknown_code_is_shown_as_it_is():
    assert phrases.phrase(phrases.CAUTIONS, "a-code-nobody-knows") == "a-code-nobody-knows"
    assert phrases.measure_of("???").name == "???"


def test_every_comparison_of_a_run_has_a_sentence():
    assert all(answer_sentence(result) for result in bcg_run().comparisons)
