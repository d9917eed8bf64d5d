"""Claims tested at once: the P of each part, Holm's rule over all of them, and what it does to verdicts."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from statsmodels.stats.power import TTestPower

from analysis.document import from_json, to_json
from analysis.pooling import TESTS, PoolingError, pool
from analysis.protocol.judging import judge_claim
from analysis.protocol.multiplicity import adjust_for_claims
from analysis.report.claims_page import AFTER_HOLM, HOLDS_AFTER_HOLM, claim_rows, holm_sentence
from analysis.report.power import power_sentences
from analysis.results import Claim, ClaimPart, Verdict
from analysis.robustness import expected_power
from analysis.synthesis.finding import look_at_power
from flows.material import read_material
from flows.steps import synthesise
from tests.fixtures_bcg import bcg_run
from tests.reviews import invented_review

TODAY = date(2001, 1, 2)
EFFECTS = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=2, max_size=8)
few = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def bcg():
    """BCG against tuberculosis: log risk ratio -0.7145, standard error 0.1808, t on 12 degrees of freedom."""
    return bcg_run().comparisons[0]


def judged(result, *rules, setting="shown", earlier=None):
    """Judge invented claims of one part each, and adjust them."""
    parts = [ClaimPart(result.comparison.id, rule, bound, **more) for rule, bound, more in rules]
    claims = [Claim(f"I{i}", "Invented", "effectiveness", "Invented", (part,)) for i, part in enumerate(parts)]
    results = {result.comparison.id: result}
    alone = [judge_claim(claim, results, TODAY, None) for claim in claims]
    return adjust_for_claims(alone, results, setting, TODAY, earlier or {})


def test_p_against_no_effect_is_the_p_of_the_pool(bcg):
    """tests/reference/pages/bcg.json: metafor's P of the same average, knha."""
    (verdict,), _ = judged(bcg, ("favours", (), {}))
    assert_allclose(verdict.parts[0].p_value, bcg.pooled.p_value, rtol=1e-9)
    assert verdict.parts[0].p_holm == verdict.parts[0].p_value


@few
@given(studies=EFFECTS, bound=st.floats(-1, 1), width=st.floats(0.01, 2), test=st.sampled_from(list(TESTS)),
       rule=st.sampled_from(["favours", "at-most", "at-least", "within", "equivalent"]))
def test_a_part_is_settled_where_its_p_is_at_most_one_minus_the_level(studies, bound, width, test, rule, bcg):
    yi, vi = zip(*studies, strict=True)
    pooled = pool(yi, vi, test=test)
    result = replace(bcg, pooled=pooled, comparison=replace(bcg.comparison, measure="MD"), choices=())
    bounds = {"favours": (), "within": (bound, bound + width), "equivalent": (width,)}.get(rule, (bound,))
    (verdict,), _ = judged(result, (rule, bounds, {}))
    p = verdict.parts[0].p_value
    if abs(p - 0.05) > 1e-9:  # an interval that ends on its bound, to rounding, is either
        assert (verdict.verdict == "not settled") == (p > 0.05)
        assert verdict.after_holm == verdict.verdict


def test_the_same_bound_in_two_claims_is_one_test(bcg):
    verdicts, found = judged(bcg, ("favours", (), {}), ("at-most", (1.0,), {}), ("at-most", (0.8,), {}))
    assert (found.tests, found.parts, found.not_counted) == (2, 3, 0)
    plain, adjusted = zip(*((one.parts[0].p_value, one.parts[0].p_holm) for one in verdicts), strict=True)
    assert plain[0] == plain[1] and adjusted == (2 * plain[0], 2 * plain[1], plain[2])


def test_published_results_quoted_numbers_and_too_little_data_are_not_counted(bcg):
    rules = (("favours", (), {"basis": "published"}), ("reproduces", (0.49,), {}),
             ("favours", (), {"min_trials": 20}), ("favours", (), {}))
    verdicts, found = judged(bcg, *rules)
    assert (found.tests, found.parts, found.not_counted) == (1, 1, 3)
    assert [one.after_holm for one in verdicts] == [None, None, None, "supported"]


CROWD = [("at-most", (bound,), {}) for bound in (0.8, 0.75, 0.5, 0.45, 0.55)]


def test_a_verdict_is_not_changed_unless_the_protocol_asks(bcg):
    """BCG, risk ratio at most 0.75: P 0.035 alone, of five tests 0.14 by Holm."""
    alone, _ = judged(bcg, CROWD[1])
    shown, _ = judged(bcg, *CROWD)
    required, _ = judged(bcg, *CROWD, setting="required")
    assert alone[0].verdict == alone[0].after_holm == "supported"
    assert (shown[1].verdict, shown[1].after_holm) == ("supported", "not settled")
    assert (required[1].verdict, required[1].parts[0].reason) == ("not settled", "not-after-holm")


def test_a_verdict_that_holm_takes_keeps_the_date_since_when_it_is_not_settled(bcg):
    claim = Claim("I1", "Invented", "effectiveness", "Invented", ())
    earlier = {"I1": Verdict(claim, "not settled", (), False, 0, 0, date(2000, 1, 1))}
    required, _ = judged(bcg, *CROWD, setting="required", earlier=earlier)
    assert required[1].since == date(2000, 1, 1) and required[0].since == TODAY


def test_the_page_says_what_holds_after_holm_and_over_how_many_tests(bcg):
    verdicts, found = judged(bcg, *CROWD, ("favours", (), {}), ("reproduces", (0.49,), {}))
    run = replace(bcg_run(), verdicts=verdicts, multiplicity=found)
    assert holm_sentence(run) == (
        "Holm's rule is taken over 6 tests of claims: 1 of 3 settled verdicts that rest on them holds. "
        "1 part of claims is not counted, for want of a P: published results, quoted numbers, too little data.")
    rows = claim_rows(run)
    unsettled = f"{AFTER_HOLM}: not settled"
    assert [row.after_holm for row in rows] == [unsettled, unsettled, None, None, None, HOLDS_AFTER_HOLM, None]
    assert rows[5].parts[0].p_values == "P 0.0019 for this test alone, 0.012 when allowing for all claims tested"
    assert rows[6].parts[0].p_values is None


def test_a_run_recorded_before_holm_was_looked_at_can_still_be_read():
    run = bcg_run()
    old = to_json(run)
    for key in ('"multiplicity":null,', '"after_holm":null', '"p_value":null,"p_holm":null', '"power":null'):
        for text in (f",{key}", key):
            old = old.replace(text.rstrip(","), "") if text.rstrip(",") in old else old
    assert "after_holm" not in old and "p_holm" not in old and "multiplicity" not in old
    assert from_json(old) == run
    assert holm_sentence(run) is None


def test_a_protocol_may_ask_that_verdicts_hold_after_holm(tmp_path):
    review = invented_review(tmp_path)
    claims = review.data / "protocol" / "claims.toml"
    claims.write_text('[defaults]\nholm = "required"\n\n' + claims.read_text(encoding="utf-8"), encoding="utf-8")
    run = synthesise(read_material(review), None, bcg_run().started, recorded=False)
    assert run.multiplicity.setting == "required"


@pytest.mark.parametrize("effect, k", [(0.0, 3), (0.3, 3), (0.5, 2), (1.0, 8), (0.4, 40)])
def test_power_by_t_agrees_with_statsmodels(effect, k):
    """statsmodels TTestPower, whose statistic is noncentral t on k - 1; the studies are equally large."""
    found = expected_power(effect, [0.3] * k, tau2=0.1, df=k - 1)
    second = TTestPower().power(effect / math.sqrt(0.4), k, 0.05)
    assert_allclose(found.power, second, rtol=1e-9)
    assert_allclose(expected_power(found.detectable, [0.3] * k, tau2=0.1, df=k - 1).power, 0.8, rtol=1e-9)


def test_power_by_t_of_many_studies_is_that_of_z():
    vi = np.full(100_000, 20.0)
    z, t = (expected_power(0.04, vi, df=df) for df in (np.inf, 99_999))
    assert_allclose((t.power, t.detectable), (z.power, z.detectable), rtol=1e-4)


def test_degrees_of_freedom_below_one_are_refused():
    with pytest.raises(PoolingError, match="df is 0: at least 1, or infinite for the Wald test"):
        expected_power(0.3, [0.1, 0.2], df=0)


def test_the_page_says_which_difference_can_be_found(bcg):
    """BCG with an invented smallest important risk ratio of 0.8; by t on 12 degrees of freedom."""
    comparison = replace(bcg.comparison, smallest_important=0.8)
    power = look_at_power(bcg.effects, comparison, bcg.pooled)
    assert_allclose(power.effect, math.log(0.8), rtol=1e-15)
    result = replace(bcg, comparison=comparison, robustness=replace(bcg.robustness, power=power))
    sentences = power_sentences(result)
    assert sentences[0] == (
        "If the true average were RR 0.8, the smallest difference that matters, the chance of finding it with these 13 "
        "trials would be 21 %; 80 % needs a true average of RR 0.58.")
    assert sentences[1].startswith("One more trial of ") and sentences[2] == (
        "The variance between trials is taken as it was estimated.")


def test_without_a_smallest_important_difference_nothing_is_said_of_power(bcg):
    assert look_at_power(bcg.effects, bcg.comparison, bcg.pooled) is None and power_sentences(bcg) == ()
