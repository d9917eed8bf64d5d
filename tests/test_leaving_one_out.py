"""Leaving out each of many studies by subtraction, held to leaving it out row by row. All effects are invented."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.pooling import TAU2_ESTIMATORS, TESTS, leave_one_out, leave_one_out_rows, pool, pool_batch
from analysis.pooling.smooth_sums import SmoothSums
from analysis.pooling.without_one import SHARE, dominant, without_each
from analysis.robustness import influence

STUDIES = 150
RANDOM = np.random.default_rng(20261126)
VI = RANDOM.uniform(0.02, 0.3, STUDIES)
YI = RANDOM.normal(0, 0.3, STUDIES) + RANDOM.normal(0, np.sqrt(VI))
FROM_NOISE = RANDOM.normal(0, np.sqrt(VI))
FIRST, SOME = np.arange(STUDIES) == 7, (np.arange(STUDIES) > 30) & (np.arange(STUDIES) < 64)
WIDE = 10 ** RANDOM.uniform(-12, 6, STUDIES)
CASES = {
    "spread effects": (YI, VI),
    "effects of sampling error alone": (FROM_NOISE, VI),
    "effects too much alike": (FROM_NOISE / 10, VI),
    "an outlier": (np.where(FIRST, 1e6, YI), VI),
    "a study that outweighs all": (YI, np.where(FIRST, 1e-9, VI)),
    "many precise studies": (YI, np.where(SOME, 1e-7, VI)),
    "many precise studies apart": (np.where(SOME, 10 + YI / 1e4, YI), np.where(SOME, 1e-7, VI)),
    "variances over eighteen decades": (np.sqrt(WIDE) * FROM_NOISE, WIDE),
    "unrelated variances": (YI, WIDE),
    "far from zero": (YI + 1e6, VI),
    "large units": (YI * 1e8, VI * 1e16),
    "the same effect": (np.ones(STUDIES), VI),
    "one effect differs": (np.where(FIRST, 2.0, 1.0), VI),
    "equal variances": (YI, np.full(STUDIES, 0.1)),
    "two sizes of effect": (np.where(SOME, YI / 100, 5 * YI), np.where(SOME, 1e-4, 1.0)),
}
AWKWARD = pytest.mark.parametrize("yi, vi", CASES.values(), ids=CASES)
IN_ERRORS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
SQUARED = ("tau2", "tau2_low", "tau2_high")
FREE = ("i2", "i2_low", "i2_high", "p_value", "q_p_value")


def row_by_row(yi, vi, options):
    return leave_one_out_rows(len(yi), lambda rows, starts: pool_batch(yi[rows], vi[rows], starts, **options))


@AWKWARD
@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("method", TAU2_ESTIMATORS)
def test_subtracting_a_study_is_leaving_it_out(method, test, yi, vi):
    """To 1e-9 of a standard error, beside what rounding leaves of the effects themselves."""
    options = {"tau2": method, "test": test, "level": 0.95}
    found, expected = leave_one_out(yi, vi, **options), row_by_row(yi, vi, options)
    rounding = 4 * np.finfo(float).eps * np.abs(yi).max()
    for name in IN_ERRORS:
        apart = np.abs(getattr(found, name) - getattr(expected, name))
        assert (np.nan_to_num(apart) <= 1e-9 * expected.se + rounding).all(), name
    for name in SQUARED:
        assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-9, atol=1e-9 * vi.min(), err_msg=name)
    for name in FREE:
        assert_allclose(getattr(found, name), getattr(expected, name), rtol=0, atol=1e-7, err_msg=name)
    assert_allclose(found.q, expected.q, rtol=1e-9)
    assert [found.status(i) for i in range(STUDIES)] == [expected.status(i) for i in range(STUDIES)]
    assert (found.modes == expected.modes).all()


@AWKWARD
def test_few_studies_hold_much_of_a_sum_and_the_most_precise_is_among_them(yi, vi):
    batch = without_each(yi, vi)
    assert STUDIES / 2 < len(batch.left_out) <= STUDIES - 1 / SHARE
    assert np.argmin(vi) not in batch.left_out


@pytest.mark.parametrize("tau2", [0.0, 1e-12, 0.3, 0.75, 41.0, 1e9])
def test_smooth_sums_are_the_sums(tau2):
    sums = SmoothSums(YI, VI, VI.min())
    found = sums.at(np.array([tau2]))
    w, y = 1 / (VI + tau2), YI - found.centre[0]
    for power in (1, 2, 3):
        scale = np.sqrt((w**power).sum() * (w**power * y**2).sum())
        assert_allclose(found.w[power - 1, 0], (w**power).sum(), rtol=1e-13)
        assert_allclose(found.wy[power - 1, 0], (w**power * y).sum(), rtol=0, atol=1e-13 * scale)
        assert_allclose(found.wyy[power - 1, 0], (w**power * y**2).sum(), rtol=1e-13)
    assert_allclose(found.logs[0], np.log(w).sum(), rtol=1e-13)


def test_a_row_that_holds_much_is_never_subtracted():
    yi, vi = CASES["an outlier"]
    assert dominant(yi, vi)[7]
    assert leave_one_out(yi, vi).q[7] == pool(np.delete(yi, 7), np.delete(vi, 7)).q


def test_influence_of_many_studies_is_that_of_each():
    found = influence(YI, VI)
    whole, without = pool(YI, VI, test="z"), pool(YI[:-1], VI[:-1], test="z")
    total = (1 / (VI + without.tau2)).sum()
    assert_allclose(found.dfbeta[-1], (whole.estimate - without.estimate) * np.sqrt(total), rtol=1e-8)
    assert_allclose(found.q[-1], without.q, rtol=1e-9)
