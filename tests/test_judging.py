"""Claims: a verdict follows from an interval by a declared rule, and from nothing else."""

from dataclasses import replace
from datetime import date
from math import log

import pytest

from analysis.protocol.claims import BOUNDS
from analysis.protocol.judging import REASONS, judge_claim, judge_part, judge_within, together
from analysis.results import Choice, Claim, ClaimPart, PoolingRow, SourceRef, Verdict
from tests.fixtures_bcg import bcg_run

TODAY = date(2001, 1, 2)


@pytest.fixture(scope="module")
def bcg():
    """BCG against tuberculosis: risk ratio 0.49, 0.33 to 0.73; in a new setting 0.14 to 1.76; 13 trials."""
    return bcg_run().comparisons[0]


def part(bcg, rule="at-most", bound=(0.5,), **settings):
    return ClaimPart(bcg.comparison.id, rule, bound, **settings)


@pytest.mark.parametrize(
    "interval, verdict",
    [
        pytest.param((0.33, 0.48), "supported", id="all of it below the bound"),
        pytest.param((0.33, 0.50), "supported", id="touching the bound"),
        pytest.param((0.33, 0.73), "not settled", id="across the bound"),
        pytest.param((0.51, 0.73), "contradicted", id="all of it above the bound"),
    ],
)
def test_a_claim_is_settled_only_when_the_whole_interval_agrees(interval, verdict):
    low, high = interval
    assert judge_within(log(low), log(high), float("-inf"), log(0.50)) == verdict


@pytest.mark.parametrize(
    "rule, bound, verdict",
    [
        ("favours", (), "supported"),
        ("at-most", (0.5,), "not settled"),
        ("at-most", (0.8,), "supported"),
        ("at-most", (0.3,), "contradicted"),
        ("at-least", (0.3,), "supported"),
        ("at-least", (0.8,), "contradicted"),
        ("within", (0.3, 0.8), "supported"),
        ("within", (0.5, 0.6), "not settled"),
        ("within", (0.8, 1.2), "contradicted"),
        ("equivalent", (1.25,), "contradicted"),
        ("equivalent", (4.0,), "supported"),
        ("reproduces", (0.49,), "reproduced"),
        ("reproduces", (0.5,), "reproduced"),
        ("reproduces", (0.48,), "not reproduced"),
    ],
)
def test_each_rule_reads_ratios_as_ratios(bcg, rule, bound, verdict):
    """REPORT figures of the BCG example: 0.49 (0.33 to 0.73), REML and Hartung-Knapp."""
    assert judge_part(part(bcg, rule, bound), bcg).verdict == verdict


def test_every_rule_is_judged_above():
    marks = test_each_rule_reads_ratios_as_ratios.pytestmark
    assert {values[0] for mark in marks for values in mark.args[1]} == set(BOUNDS)


def test_a_claim_about_every_setting_is_judged_on_the_prediction_interval(bcg):
    judged = judge_part(part(bcg, "favours", (), on="prediction"), bcg)
    assert judged.verdict == "not settled" and judged.high > 0 > judged.low


def test_favours_reads_which_way_is_good_news(bcg):
    assert judge_part(part(bcg, "favours", ()), replace(bcg, better="higher")).verdict == "contradicted"
    assert judge_part(part(bcg, "favours", (), towards="control"), bcg).verdict == "contradicted"


def test_too_few_trials_are_said_and_not_judged(bcg):
    judged = judge_part(part(bcg, min_trials=14), bcg)
    assert (judged.verdict, judged.reason) == ("not testable", "too-few-trials")


def test_no_trial_is_not_testable(bcg):
    judged = judge_part(part(bcg), replace(bcg, pooled=None))
    assert (judged.verdict, judged.reason) == ("not testable", "no-trial")


def pooling(low, high, seen_as="primary"):
    ref = SourceRef("invented", "poolings", 2, "Invented abstract", seen_as)
    return PoolingRow(ref, "invented", "new", "old", "pain", measure="RR", estimate=0.5, ci_low=low, ci_high=high)


@pytest.mark.parametrize(
    "rows, verdict",
    [
        ([pooling(0.3, 0.8), pooling(0.4, 0.9)], "supported"),
        ([pooling(0.3, 0.8), pooling(0.4, 1.1)], "not settled"),
        ([pooling(1.1, 1.8)], "contradicted"),
        ([pooling(None, None)], "not testable"),
        ([pooling(0.3, 0.8), pooling(1.1, 1.8, "doubtful")], "supported"),
    ],
)
def test_published_poolings_are_judged_one_by_one_and_must_all_agree(bcg, rows, verdict):
    judged = judge_part(part(bcg, "favours", (), basis="published"), replace(bcg, published=tuple(rows)))
    assert judged.verdict == verdict and judged.reason in REASONS


def test_published_results_of_outcomes_that_run_opposite_ways_are_judged_each_by_its_own_sign(bcg):
    rows, better = (pooling(0.3, 0.8), pooling(1.1, 1.8), pooling(None, None)), ("lower", "higher", "lower")
    result = replace(bcg, published=rows, published_better=better)
    judged = judge_part(part(bcg, "favours", (), basis="published"), result)
    assert (judged.verdict, judged.agree, judged.of) == ("supported", 2, 2)
    assert judged.of_rows == ("supported", "supported", "not counted")


@pytest.mark.parametrize(
    "parts, whole",
    [
        ([], "not testable"),
        (["supported"], "supported"),
        (["supported", "supported"], "supported"),
        (["supported", "not settled"], "not settled"),
        (["supported", "not testable"], "not settled"),
        (["not testable", "not testable"], "not testable"),
        (["supported", "contradicted"], "contradicted"),
        (["reproduced"], "reproduced"),
        (["reproduced", "not reproduced"], "not reproduced"),
    ],
)
def test_a_claim_of_several_parts_is_settled_by_all_of_them(parts, whole):
    assert together(parts) == whole


def test_a_verdict_is_fragile_when_another_choice_gives_another(bcg):
    other = Choice("interval=z", (), replace(bcg.pooled, ci_high=log(0.45)), "favours-experimental", True)
    claim = Claim("I1", "Invented", "effectiveness", "Invented", (part(bcg),))
    fragile = judge_claim(claim, {bcg.comparison.id: replace(bcg, choices=(other,))}, TODAY, None)
    assert (
        fragile.verdict == "not settled" and fragile.fragile and (fragile.agreeing_choices, fragile.choices) == (0, 1)
    )


def test_a_choice_too_thin_to_judge_makes_nothing_fragile(bcg):
    thin = Choice("without:invented", (), replace(bcg.pooled, k=1), "uncertain", False)
    claim = Claim("I1", "Invented", "effectiveness", "Invented", (part(bcg),))
    verdict = judge_claim(claim, {bcg.comparison.id: replace(bcg, choices=(thin,))}, TODAY, None)
    assert not verdict.fragile and verdict.choices == 0


@pytest.mark.parametrize("before, since", [("not settled", date(2000, 1, 1)), ("supported", TODAY)])
def test_a_verdict_keeps_its_date_while_it_stays(bcg, before, since):
    claim = Claim("I1", "Invented", "effectiveness", "Invented", (part(bcg),))
    earlier = Verdict(claim, before, (), False, 0, 0, date(2000, 1, 1))
    assert judge_claim(claim, {bcg.comparison.id: bcg}, TODAY, earlier).since == since
