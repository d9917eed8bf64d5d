"""Six data sets of metadat that no other test holds, against metafor; and a likelihood with two maxima."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models import regress
from analysis.pooling import PoolingError, pool
from analysis.robustness import trim_and_fill
from analysis.robustness.trim_and_fill import MISSING, count_missing
from tests.metafor_answers import NAMES_BY_METAFOR, TESTS_BY_METAFOR, read

ANSWERS = read("more_sets.json")


def each(part, *names):
    """Give every answer of a part of the cases, named by case and options."""
    return [pytest.param(case, one, id="-".join([case["id"], *(one[name] for name in names)]))
            for case in ANSWERS["cases"] for one in case[part]]


def moderators(vi):
    """Return the two moderators of the script: the logarithm of the row's number, and the standard error."""
    return [np.log(np.arange(1, len(vi) + 1)), np.sqrt(vi)], ("row", "sei")


@pytest.mark.parametrize("case, fit", each("fits", "method", "test"))
def test_every_further_estimator_agrees_with_metafor(case, fit):
    """more_sets.json: rma(method="HSk"), "PMM", and "GENQ" with the weights of a first DL or HE."""
    pooled = pool(case["yi"], case["vi"], tau2=fit["method"], test=TESTS_BY_METAFOR[fit["test"]])
    for name, value in fit.items():
        if name not in ("method", "test"):
            ours = getattr(pooled, NAMES_BY_METAFOR.get(name, name))
            assert_allclose(ours, value, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("case, fit", each("regressions", "method"))
def test_moderators_by_further_estimators_agree_with_metafor(case, fit):
    """more_sets.json: rma(mods=...); of a common effect I2 and H2 follow QE, and R2 the weighted mean squares."""
    columns, names = moderators(case["vi"])
    found = regress(case["yi"], case["vi"], columns, names, tau2=fit["method"], test="z")
    assert_allclose([one.estimate for one in found.coefficients], fit["beta"], rtol=1e-9)
    assert_allclose([one.se for one in found.coefficients], fit["se"], rtol=1e-9)
    assert_allclose((found.tau2, found.i2, found.h2, found.qm), (fit["tau2"], fit["I2"], fit["H2"], fit["QM"]),
                    rtol=1e-9, atol=1e-12)
    if found.r2 is not None and "R2" in fit:
        assert_allclose(found.r2, fit["R2"], rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("case, fit", each("trimfill", "missing", "side"))
def test_trim_and_fill_on_either_side_agrees_with_metafor(case, fit):
    """more_sets.json: trimfill(estimator="L0") and "R0", by DL."""
    found = trim_and_fill(case["yi"], case["vi"], tau2="DL", test="z", missing=fit["missing"], side=fit["side"])
    assert (found.k0, found.side) == (fit["k0"], fit["side"])
    assert_allclose((found.estimate, found.se), (fit["estimate"], fit["se"]), rtol=1e-10)


def test_of_two_maxima_with_moderators_the_higher_is_taken():
    """more_sets.json: lau1992, Peto; metafor stays at 0, where its own restricted likelihood is lower."""
    case = ANSWERS["two_modes"]
    columns, names = moderators(case["vi"])
    found = regress(case["yi"], case["vi"], columns, names, tau2="REML", test="z")
    assert case["metafor"] == 0 and case["log_likelihood"][1] > case["log_likelihood"][0]
    assert_allclose(found.tau2, case["other"], rtol=1e-6)  # R's optimize stops at 1e-10 of the likelihood


@pytest.mark.parametrize("options, words", [
    ({"missing": "Q0"}, "missing is 'Q0'. It is one of L0, R0."),
    ({"side": "up"}, "side is 'up'. It is one of left, right, or none."),
])
def test_an_option_that_trim_and_fill_does_not_know_is_refused(options, words):
    with pytest.raises(PoolingError, match=words):
        trim_and_fill([0.1, 0.3, 0.2], [0.02, 0.05, 0.04], **options)


@pytest.mark.parametrize("missing", MISSING)
def test_the_side_that_is_asked_for_mirrors_with_the_signs(missing):
    yi, vi = np.array([0.1, 0.9, 0.4, 1.5, 0.2]), np.array([0.01, 0.2, 0.05, 0.4, 0.02])
    plain, turned = (trim_and_fill(sign * yi, vi, missing=missing, side=side)
                     for sign, side in ((1, "left"), (-1, "right")))
    assert (plain.k0, plain.se) == (turned.k0, turned.se) and plain.estimate == -turned.estimate


def test_trimming_that_goes_round_in_circles_has_no_answer():
    """Invented: an estimate of 1 of three where none is trimmed, and of none where one is."""
    effects, variances = np.array([0.0, 1.0, 5.0]), np.array([1.0, 1.0, 1.0])
    found = iter([1.0, 0.0] * 60)
    assert count_missing(effects, variances, "FE", lambda ranks: next(found)) is None
