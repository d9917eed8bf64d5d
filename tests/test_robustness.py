"""Small-study tests, trim and fill, influence: against R metafor."""

import pytest
from numpy.testing import assert_allclose

from analysis.robustness import begg, egger, influence, trim_and_fill
from tests.metafor_answers import UNIVARIATE, read

CASES = [pytest.param(case, id=case["id"]) for case in UNIVARIATE]
FILLED = [pytest.param(case, fit, id=f"{case['id']}-{fit['method']}")
          for case, answer in zip(UNIVARIATE, read("influence.json")["trim_and_fill"], strict=True)
          for fit in answer["fits"]]
DIAGNOSTICS = [pytest.param(case, answer, id=case["id"])
               for case, answer in zip(UNIVARIATE, read("influence.json")["cases"], strict=True)]


@pytest.mark.parametrize("case", CASES)
def test_egger_agrees_with_metafor(case):
    """univariate.json extra: regtest(model="lm")."""
    found, expected = egger(case["yi"], case["vi"]), case["extra"]["egger"]
    assert found.df == expected["df"]
    assert_allclose((found.statistic, found.p_value), (expected["statistic"], expected["pvalue"]), rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_begg_agrees_with_metafor(case):
    """univariate.json extra: ranktest."""
    found, expected = begg(case["yi"], case["vi"]), case["extra"]["begg"]
    assert_allclose((found.tau, found.p_value), (expected["tau"], expected["pvalue"]), rtol=1e-9)


@pytest.mark.parametrize("case, fit", FILLED)
def test_trim_and_fill_agrees_with_metafor(case, fit):
    """influence.json: trimfill, its filled effects fitted again at tight control.

    The centre of the mirror images carries metafor's default convergence: 1e-5 in tau2 for REML, none for DL.
    """
    found = trim_and_fill(case["yi"], case["vi"], tau2=fit["method"], test="z")
    assert (found.k0, found.side) == (fit["k0"], fit["side"])
    rtol = 1e-10 if fit["method"] == "DL" else 2e-5
    assert_allclose((found.estimate, found.se), (fit["estimate"], fit["se"]), rtol=rtol)


@pytest.mark.parametrize("case, answer", DIAGNOSTICS)
def test_influence_agrees_with_metafor(case, answer):
    """influence.json: influence.rma.uni at tight control."""
    found = influence(case["yi"], case["vi"])
    assert case["id"] == answer["id"]
    for name in ("rstudent", "dffits", "cooks_distance", "cov_ratio", "tau2", "q", "hat", "dfbeta"):
        assert_allclose(getattr(found, name), answer[name], rtol=1e-6, atol=1e-8, err_msg=name)


def test_two_studies_say_nothing_of_small_ones():
    yi, vi = [0.1, 0.3], [0.02, 0.05]
    assert (egger(yi, vi), begg(yi, vi), trim_and_fill(yi, vi), influence(yi, vi)) == (None,) * 4


def test_equal_variances_say_nothing_of_small_studies():
    yi, vi = [0.1, 0.3, 0.2, 0.7], [0.05] * 4
    assert (egger(yi, vi), begg(yi, vi), trim_and_fill(yi, vi)) == (None,) * 3


def test_one_study_far_more_precise_than_the_others_leaves_begg_its_answer():
    """Invented; the variance of its residual is vi less nearly itself. By hand: 1 of 3 pairs agrees, 2 do not."""
    found = begg([0.0, 1.0, -2.0], [1e-17, 1.0, 2.0])
    assert_allclose(found.tau, -1 / 3, rtol=1e-12)


def test_a_study_that_outweighs_all_others_leaves_no_side_to_fill():
    """Invented; weights twenty orders of magnitude apart."""
    assert trim_and_fill([16.0, 57.0, 24.0, 3.0, 44.0], [7.0, 44.0, 2e7, 37.0, 7e-19]) is None
