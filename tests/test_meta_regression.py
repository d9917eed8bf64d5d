"""Meta-regression against R metafor."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models import ModelError, regress
from analysis.pooling import PoolingError, pool
from tests.metafor_answers import BCG, MODELS, TESTS_BY_METAFOR, read

CASES = [pytest.param(case, id=case["id"]) for case in MODELS if case["kind"] == "meta_regression"]
EVERY_ESTIMATOR = read("influence.json")["regressions"]
FITS = [pytest.param(fit, id=f"{fit['method']}-{fit['test']}") for fit in EVERY_ESTIMATOR["fits"]]


@pytest.mark.parametrize("case", CASES)
def test_coefficients_agree_with_metafor(case):
    """models.json: rma.uni with mods, REML, tight control; its tau2 of 2e-15 (I2 of 9e-12) stands for 0."""
    given, expected = case["input"], case["answer"]
    found = regress(given["yi"], given["vi"], list(given["moderators"].values()), tuple(given["moderators"]),
                    test=TESTS_BY_METAFOR[given["test"]])
    assert [row.name for row in found.coefficients] == expected["names"]
    for ours, theirs in (("estimate", "beta"), ("se", "se"), ("p_value", "pvalue")):
        assert_allclose([getattr(row, ours) for row in found.coefficients], expected[theirs], rtol=1e-9)
    for ours, theirs in (("tau2", "tau2"), ("i2", "I2"), ("r2", "R2"), ("qe", "QE"), ("qm", "QM"),
                         ("qm_p_value", "QM_pvalue")):
        assert_allclose(getattr(found, ours), expected[theirs], rtol=1e-9, atol=1e-10, err_msg=ours)


@pytest.mark.parametrize("fit", FITS)
def test_every_estimator_of_residual_heterogeneity_agrees_with_metafor(fit):
    """influence.json: BCG on latitude and year, metafor 3.8-1 at tight control."""
    data = EVERY_ESTIMATOR
    found = regress(data["yi"], data["vi"], [data["ablat"], data["year"]], ("ablat", "year"), tau2=fit["method"],
                    test=TESTS_BY_METAFOR[fit["test"]])
    for name in ("estimate", "se"):
        assert_allclose([getattr(row, name) for row in found.coefficients], fit[name], rtol=1e-7)
    for name in ("tau2", "qe", "qm"):
        assert_allclose(getattr(found, name), fit[name], rtol=1e-7, err_msg=name)


def test_a_moderator_that_explains_nothing_leaves_the_mean_as_intercept():
    """An invented moderator, orthogonal to effects and to the column of ones under every weighting."""
    yi, vi = [0.1, 0.1, 0.6, 0.6, 0.3, 0.3], [0.02] * 6
    found = regress(yi, vi, [-1, 1, -1, 1, -1, 1], ("invented",), tau2="FE", test="z")
    assert_allclose([row.estimate for row in found.coefficients], [pool(yi, vi, tau2="FE").estimate, 0], atol=1e-14)


def test_the_units_of_a_moderator_change_only_its_own_coefficient():
    moderator = np.arange(13.0)
    plain = regress(BCG["yi"], BCG["vi"], moderator, ("invented",))
    scaled = regress(BCG["yi"], BCG["vi"], 1e6 * moderator + 1e6, ("invented",))
    assert_allclose((scaled.tau2, scaled.qm, scaled.coefficients[1].estimate),
                    (plain.tau2, plain.qm, plain.coefficients[1].estimate / 1e6), rtol=1e-8)


@pytest.mark.parametrize("moderators, words", [
    ([[1.0] * 13], "the same in every study"), ([range(13), range(0, 26, 2)], "follows from the others"),
    ([[1.0, np.nan] + [2.0] * 11], "finite number"), ([[1.0, 2.0]], "finite number"),
    ([np.arange(13.0) ** i for i in range(1, 13)], "at least 14 studies"),
])
def test_moderators_that_cannot_be_fitted_are_refused(moderators, words):
    names = tuple(f"m{i}" for i in range(len(moderators)))
    with pytest.raises(ModelError, match=words):
        regress(BCG["yi"], BCG["vi"], [list(row) for row in moderators], names)


def test_rows_that_cannot_be_pooled_cannot_be_regressed():
    with pytest.raises(PoolingError, match="Row 0: vi"):
        regress([0.1, 0.2, 0.3], [0, 1, 1], [1, 2, 3], ("invented",))
