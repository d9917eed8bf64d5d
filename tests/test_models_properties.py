"""What must hold of moderators and diagnostics whatever the data: units, order, sign, the scale of a moderator."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.models import regress
from analysis.models.design import lay_out
from analysis.models.residual_tau2 import estimate_tau2
from analysis.pooling import TAU2_ESTIMATORS, leave_one_out, pool
from analysis.robustness import begg, egger, influence

ROUND = st.floats(-3, 3).map(lambda value: round(value, 2))
STUDIES = st.lists(st.tuples(ROUND, st.floats(0.05, 1), ROUND), min_size=5, max_size=12)
METHODS = pytest.mark.parametrize("method", TAU2_ESTIMATORS)
few = settings(max_examples=25, deadline=None)


def columns(studies):
    """Return effects, variances and a moderator of invented studies, which differ in it."""
    yi, vi, x = (np.array(column) for column in zip(*studies, strict=True))
    assume(np.ptp(x) > 0.5)
    return yi, vi, x


def fitted(yi, vi, x, method):
    """Return intercept, slope, their errors, tau2 and QE."""
    found = regress(yi, vi, x, ("x",), tau2=method, test="z")
    return np.array([*(value for one in found.coefficients for value in (one.estimate, one.se)), found.tau2, found.qe])


@METHODS
@few
@given(studies=STUDIES)
def test_with_an_intercept_alone_every_estimator_is_that_of_one_mean(method, studies):
    yi, vi, _ = columns(studies)
    design = lay_out(yi, vi, np.ones((len(yi), 1)), float(yi[0]))
    assert_allclose(estimate_tau2(design, method) * design.unit, pool(yi, vi, tau2=method).tau2, rtol=1e-7, atol=1e-10)


@METHODS
@few
@given(studies=STUDIES, order=st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter_with_moderators(method, studies, order):
    yi, vi, x = columns(studies)
    shuffled = list(range(len(yi)))
    order.shuffle(shuffled)
    assert_allclose(fitted(yi[shuffled], vi[shuffled], x[shuffled], method), fitted(yi, vi, x, method), rtol=1e-6,
                    atol=1e-7)


@METHODS
@few
@given(studies=STUDIES, shift=st.sampled_from([-50.0, 7.0]), unit=st.sampled_from([-1.0, 0.25, -8.0]))
def test_shift_unit_and_sign_of_effects_pass_through_a_regression(method, studies, shift, unit):
    yi, vi, x = columns(studies)
    plain = fitted(yi, vi, x, method)
    moved = fitted(unit * yi + shift, unit**2 * vi, x, method)
    size = abs(unit)
    expected = plain * [unit, size, unit, size, unit**2, 1] + [shift, 0, 0, 0, 0, 0]
    assert_allclose(moved, expected, rtol=1e-6, atol=1e-6 * max(1, size**2))


@METHODS
@few
@given(studies=STUDIES, shift=st.sampled_from([-30.0, 4.0]), unit=st.sampled_from([-2.0, 0.1]))
def test_unit_and_shift_of_a_moderator_change_what_stands_beside_it_alone(method, studies, shift, unit):
    yi, vi, x = columns(studies)
    plain, moved = fitted(yi, vi, x, method), fitted(yi, vi, unit * x + shift, method)
    slope, se, tau2, qe = moved[2:]
    assert_allclose((slope * unit, se * abs(unit), tau2, qe), plain[2:], rtol=1e-6, atol=1e-7)
    assert_allclose(moved[0] + slope * shift, plain[0], rtol=1e-6, atol=1e-6)


@few
@given(studies=STUDIES, order=st.randoms(use_true_random=False))
def test_diagnostics_go_with_their_study_in_any_order(studies, order):
    yi, vi, _ = columns(studies)
    shuffled = list(range(len(yi)))
    order.shuffle(shuffled)
    plain, moved = influence(yi, vi, tau2="DL"), influence(yi[shuffled], vi[shuffled], tau2="DL")
    for name in ("rstudent", "dffits", "cooks_distance", "cov_ratio", "tau2", "q", "hat", "dfbeta"):
        assert_allclose(getattr(moved, name), getattr(plain, name)[shuffled], rtol=1e-7, atol=1e-8, err_msg=name)


@few
@given(studies=STUDIES, unit=st.sampled_from([-1.0, 4.0]))
def test_tests_of_small_study_effects_turn_with_the_sign_and_know_no_unit(studies, unit):
    yi, vi, _ = columns(studies)
    assume(np.ptp(vi) > 0.01)
    plain, moved = (egger(yi, vi), begg(yi, vi)), (egger(unit * yi, unit**2 * vi), begg(unit * yi, unit**2 * vi))
    assert [one is None for one in plain] == [one is None for one in moved]
    for one, other in zip(plain, moved, strict=True):
        if one is not None:
            statistic = "statistic" if one is plain[0] else "tau"
            assert_allclose((getattr(other, statistic) * np.sign(unit), other.p_value),
                            (getattr(one, statistic), one.p_value), rtol=1e-9, atol=1e-12)


@METHODS
@few
@given(studies=STUDIES, shift=st.sampled_from([-100.0, 3.0]))
def test_leaving_one_out_shifts_with_the_effects(method, studies, shift):
    yi, vi, _ = columns(studies)
    plain, moved = leave_one_out(yi, vi, tau2=method), leave_one_out(yi + shift, vi, tau2=method)
    one = (plain.modes == 1) & (moved.modes == 1)
    assert_allclose(moved.estimate[one] - shift, plain.estimate[one], rtol=0, atol=1e-7)
    assert_allclose(moved.tau2[one], plain.tau2[one], rtol=1e-6, atol=1e-8)
