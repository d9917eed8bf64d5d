"""PET-PEESE, the selection model, fail-safe N, Baujat, contours: against R, and what must hold of any data."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.pooling import PoolingError, pool
from analysis.pooling.batch import make_batch
from analysis.robustness import baujat, egger, fail_safe_n, funnel_contours, pet_peese, selection_model
from analysis.robustness.selection_model import STATUS, WIDEST_LOG_DELTA, observe
from analysis.robustness.step_likelihood import log_likelihood
from tests.metafor_answers import BCG, UNIVARIATE, read

ANSWERS = read("small_study.json")["cases"]
CASES = [pytest.param(case, answer, id=case["id"]) for case, answer in zip(UNIVARIATE, ANSWERS, strict=True)]
SIDES = {"greater": "higher", "less": "lower"}
SELECTED = [pytest.param(case, fit, id=f"{case['id']}-{fit['side']}")
            for case, answer in zip(UNIVARIATE, ANSWERS, strict=True) for fit in answer["selection"]]
PLOTS = [pytest.param(case, plot, id=f"{case['id']}-{plot['method']}")
         for case, answer in zip(UNIVARIATE, ANSWERS, strict=True) for plot in answer["baujat"]]
STUDIES = st.lists(st.tuples(st.floats(-2, 2).map(lambda value: round(value, 3)),
                             st.floats(0.005, 1).map(lambda value: round(value, 4))), min_size=4, max_size=15)
few = settings(max_examples=40, deadline=None)


def columns(studies):
    """Return effects and variances of invented studies."""
    return np.array([yi for yi, _ in studies]), np.array([vi for _, vi in studies])


@pytest.mark.parametrize("case, answer", CASES)
def test_pet_and_peese_agree_with_lm(case, answer):
    """small_study.json: lm(yi ~ sei) and lm(yi ~ vi), weights 1 / vi."""
    found = pet_peese(case["yi"], case["vi"])
    for name in ("pet", "peese"):
        for field, value in answer[name].items():
            assert_allclose(getattr(getattr(found, name), field), value, rtol=1e-8, err_msg=f"{name} {field}")
    kept = found.peese if found.pet.p_value < 0.10 else found.pet
    assert found.chosen == ("PEESE" if found.pet.p_value < 0.10 else "PET")
    assert (found.estimate, found.ci_low, found.ci_high) == (kept.estimate, kept.ci_low, kept.ci_high)


def test_both_branches_of_the_rule_occur_among_the_published_cases():
    assert {pet_peese(case["yi"], case["vi"]).chosen for case in UNIVARIATE} == {"PET", "PEESE"}


@pytest.mark.parametrize("case, answer", CASES)
def test_fail_safe_n_agrees_with_metafor_and_carries_its_warning(case, answer):
    """small_study.json: fsn(type="Rosenthal")."""
    found = fail_safe_n(case["yi"], case["vi"])
    assert found.n == answer["fail_safe"]
    assert_allclose(found.p_value, answer["fail_safe_p_value"], rtol=1e-9)
    assert "no evidence that a result is safe" in found.warning


@pytest.mark.parametrize("case, plot", PLOTS)
def test_baujat_agrees_with_metafor(case, plot):
    """small_study.json: baujat(rma(...)), common effect and REML at tight control."""
    found = baujat(case["yi"], case["vi"], tau2=plot["method"])
    assert_allclose(found.heterogeneity, plot["x"], rtol=1e-6, atol=1e-9)
    assert_allclose(found.influence, plot["y"], rtol=1e-6, atol=1e-9)


def test_baujat_of_a_common_effect_adds_up_to_q():
    found = baujat(BCG["yi"], BCG["vi"], tau2="FE")
    assert_allclose(found.heterogeneity.sum(), pool(BCG["yi"], BCG["vi"], tau2="FE", test="z").q, rtol=1e-12)


@pytest.mark.parametrize("case, fit", SELECTED)
def test_the_selection_model_agrees_with_metafor(case, fit):
    """small_study.json: selmodel(type="stepfun", steps=0.025), the best of several starts.

    metafor's optimiser stops within about 1e-5 of the maximum: its likelihood is then right to ten digits.
    """
    found = selection_model(case["yi"], case["vi"], favoured=SIDES[fit["side"]])
    assert_allclose(found.log_likelihood, fit["log_likelihood"], rtol=1e-9)
    for name in ("estimate", "se", "delta", "se_delta"):
        assert_allclose(getattr(found, name), fit[name], rtol=1e-5, err_msg=name)
    assert ("boundary" in found.status) == fit["held"] == (found.tau2 == 0)
    if not fit["held"]:  # with tau2 held at 0, metafor compares with a common effect and not with ML
        for name in ("tau2", "se_tau2", "lrt", "lrt_p_value"):
            assert_allclose(getattr(found, name), fit[name], rtol=2e-5, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("case, fit", SELECTED)
def test_the_slope_of_the_likelihood_is_zero_at_the_selection_model(case, fit):
    found = selection_model(case["yi"], case["vi"], favoured=SIDES[fit["side"]])
    batch, sign = make_batch(case["yi"], case["vi"], [0]), 1.0 if fit["side"] == "greater" else -1.0
    scale = float(batch.scale[0])
    point = np.array([[sign * (found.estimate - float(batch.centre[0])) / scale, found.tau2 / scale**2,
                       np.log(found.delta)]])
    gradient = log_likelihood(observe(batch, sign), point).gradient[0]
    assert_allclose(gradient[[0, 2]], 0, atol=1e-6)
    assert gradient[1] < 0 if found.tau2 == 0 else abs(gradient[1]) < 1e-6


def test_a_higher_maximum_than_that_of_one_start_is_found():
    """egger2001: from metafor's own start, selmodel ends at -0.3828 with a log-likelihood of -18.8440."""
    case = next(case for case in UNIVARIATE if case["id"] == "egger2001-or")
    found = selection_model(case["yi"], case["vi"], favoured="lower")
    assert found.log_likelihood > -18.8440 + 1.5 and found.tau2 == 0


@few
@given(studies=STUDIES, unit=st.sampled_from([2.0**-12, 0.25, 8.0]))
def test_the_selection_model_follows_units_and_sign(studies, unit):
    yi, vi = columns(studies)
    plain = selection_model(yi, vi, favoured="higher")
    turned = selection_model(-yi, vi, favoured="lower")
    scaled = selection_model(yi * unit, vi * unit**2, favoured="higher")
    if plain is None:
        assert turned is None and scaled is None
        return
    assert set(plain.status) <= set(STATUS)
    in_units = plain.estimate * unit, plain.tau2 * unit**2, plain.delta
    assert_allclose((scaled.estimate, scaled.tau2, scaled.delta), in_units, rtol=1e-12)
    mirrored = -plain.estimate, plain.tau2, plain.delta
    assert_allclose((turned.estimate, turned.tau2, turned.delta), mirrored, rtol=1e-12)


@few
@given(studies=STUDIES, order=st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_change_the_height_of_the_selection_model(studies, order):
    yi, vi = columns(studies)
    shuffled = list(range(len(yi)))
    order.shuffle(shuffled)
    one, other = (selection_model(yi[rows], vi[rows], favoured="higher") for rows in (slice(None), shuffled))
    assert (one is None) == (other is None)
    if one is not None:
        assert_allclose(one.log_likelihood, other.log_likelihood, rtol=1e-9, atol=1e-9)


@few
@given(studies=STUDIES)
def test_a_free_delta_never_lowers_the_likelihood(studies):
    found = selection_model(*columns(studies), favoured="higher")
    assume(found is not None)
    assert found.lrt >= 0 and 0 <= found.lrt_p_value <= 1
    assert abs(np.log(found.delta)) <= WIDEST_LOG_DELTA
    assert "not-converged" not in found.status


@few
@given(studies=STUDIES, shift=st.sampled_from([-40.0, 3.0]))
def test_a_shift_moves_pet_and_peese_with_it(studies, shift):
    yi, vi = columns(studies)
    plain, moved = pet_peese(yi, vi), pet_peese(yi + shift, vi)
    assume(plain is not None and moved is not None)
    for name in ("pet", "peese"):
        one, other = getattr(plain, name), getattr(moved, name)
        assert_allclose((other.estimate - shift, other.se), (one.estimate, one.se), rtol=1e-6, atol=1e-8)


@few
@given(studies=STUDIES)
def test_the_slope_of_pet_is_eggers_test(studies):
    """The identity of the two: t of the standard error is the same whichever coefficient is read."""
    yi, vi = columns(studies)
    found, turned = egger(yi, vi), egger(-yi, vi)
    assume(found is not None)
    assert (found.statistic, found.p_value) == (-turned.statistic, turned.p_value)
    assert found.df == pet_peese(yi, vi).df == len(yi) - 2


def test_contours_lie_at_the_normal_quantiles():
    """Quantiles: R qnorm(0.95), qnorm(0.975), qnorm(0.995). Invented studies at 0, 1.7, 2 and 3 standard errors."""
    contours = funnel_contours([0, 1.7, -2, 3], [1, 1, 1, 1])
    assert_allclose([one.quantile for one in contours], [1.644853626951473, 1.959963984540054, 2.575829303548901])
    assert [one.beyond for one in contours] == [3, 2, 1]


def test_too_few_studies_or_studies_all_on_one_side_have_no_selection_model():
    assert selection_model([1, 0, 2], [0.1] * 3, favoured="higher") is None
    assert selection_model([0.01, 0, 0.02, -0.1], [0.1] * 4, favoured="higher") is None
    assert selection_model([3, 4, 5, 3.5], [0.1] * 4, favoured="higher") is None
    assert pet_peese([0.1, 0.2], [0.01, 0.02]) is None and baujat([0.1, 0.2], [0.01, 0.02]) is None
    assert pet_peese([0.1, 0.2, 0.4], [0.02] * 3) is None


def test_a_significant_study_that_is_joined_by_none_needs_no_more():
    """Invented: z of 0.5 each, whose sum over root 4 is 1, a one-sided P of 0.16 (R pnorm(-1))."""
    found = fail_safe_n([0.5] * 4, [1.0] * 4)
    assert found.n == 0
    assert_allclose(found.p_value, 0.1586552539314571, rtol=1e-12)


@pytest.mark.parametrize("call, words", [
    (lambda: selection_model([1, 2, 3, 4], [1] * 4, favoured="left"), "'higher' or 'lower'"),
    (lambda: fail_safe_n([1], [1], alpha=0.5), "below 0.5"),
    (lambda: funnel_contours([1], [1], levels=(0.0,)), "between 0 and 1"),
    (lambda: pet_peese([1, np.nan, 2], [1, 1, 2]), "Row 1"),
    (lambda: baujat([1, 2, 3], [1, 0, 2]), "Row 1"),
])
def test_what_cannot_be_asked_is_refused_in_words(call, words):
    with pytest.raises(PoolingError, match=words):
        call()
