"""What must hold of any data: units, order, sign, batches, weights."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.pooling import STATUS, TAU2_ESTIMATORS, TESTS, pool, pool_batch

EFFECTS = st.floats(-3, 3).map(lambda value: round(value, 3))
VARIANCES = st.floats(0.001, 2).map(lambda value: max(round(value, 4), 0.001))
STUDIES = st.lists(st.tuples(EFFECTS, VARIANCES), min_size=2, max_size=12)
METHODS = pytest.mark.parametrize("method", TAU2_ESTIMATORS)
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "tau2", "i2", "h2", "q", "tau2_low", "tau2_high", "pi_low",
           "pi_high", "p_value", "q_p_value")
few = settings(max_examples=40, deadline=None)


def columns(studies):
    """Return effects and variances of invented studies."""
    return np.array([yi for yi, _ in studies]), np.array([vi for _, vi in studies])


def close(first, second, rtol=1e-8, atol=1e-9):
    """Hold two results to the same numbers."""
    for name in NUMBERS:
        one, other = getattr(first, name), getattr(second, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert_allclose(one, other, rtol=rtol, atol=atol, err_msg=name)


def clear_of_ties(pooled_batch):
    """Leave out data whose likelihood has two maxima: which is higher may be a matter of rounding."""
    assume(pooled_batch.modes[0] == 1)


@METHODS
@few
@given(studies=STUDIES, shift=st.sampled_from([-1000.0, 0.5, 1e4]))
def test_a_shift_of_all_effects_shifts_the_estimate_and_nothing_else(method, studies, shift):
    yi, vi = columns(studies)
    clear_of_ties(pool_batch(yi, vi, [0], tau2=method))
    plain, moved = pool(yi, vi, tau2=method), pool(yi + shift, vi, tau2=method)
    assert_allclose(moved.estimate - shift, plain.estimate, rtol=0, atol=1e-8)
    assert_allclose((moved.se, moved.tau2, moved.q), (plain.se, plain.tau2, plain.q), rtol=1e-6, atol=1e-9)


@METHODS
@few
@given(studies=STUDIES, power=st.integers(-30, 30))
def test_results_follow_the_units_of_the_effect_to_the_last_bit(method, studies, power):
    """Powers of two round nothing, so nothing may differ."""
    yi, vi = columns(studies)
    unit = 2.0**power
    plain, scaled = pool(yi, vi, tau2=method), pool(yi * unit, vi * unit**2, tau2=method)
    assert scaled.estimate == plain.estimate * unit
    assert (scaled.se, scaled.ci_low) == (plain.se * unit, plain.ci_low * unit)
    assert (scaled.tau2, scaled.i2, scaled.q) == (plain.tau2 * unit**2, plain.i2, plain.q)


@METHODS
@few
@given(studies=STUDIES, order=st.randoms(use_true_random=False))
def test_the_order_of_the_studies_does_not_matter(method, studies, order):
    yi, vi = columns(studies)
    clear_of_ties(pool_batch(yi, vi, [0], tau2=method))
    shuffled = list(range(len(yi)))
    order.shuffle(shuffled)
    close(pool(yi, vi, tau2=method), pool(yi[shuffled], vi[shuffled], tau2=method))


@METHODS
@few
@given(studies=STUDIES)
def test_turning_every_sign_turns_the_estimate_to_the_last_bit(method, studies):
    yi, vi = columns(studies)
    plain, turned = pool(yi, vi, tau2=method), pool(-yi, vi, tau2=method)
    assert (turned.estimate, turned.ci_low, turned.pi_low) == (
        -plain.estimate, -plain.ci_high, None if plain.pi_high is None else -plain.pi_high)
    assert (turned.se, turned.tau2, turned.q) == (plain.se, plain.tau2, plain.q)


@METHODS
@pytest.mark.parametrize("test", TESTS)
@settings(max_examples=15, deadline=None)
@given(analyses=st.lists(st.lists(st.tuples(EFFECTS, VARIANCES), min_size=1, max_size=9), min_size=1, max_size=8))
def test_a_batch_equals_one_at_a_time_to_the_last_bit(method, test, analyses):
    yi, vi = columns([study for studies in analyses for study in studies])
    starts = np.cumsum([0] + [len(studies) for studies in analyses[:-1]])
    batch = pool_batch(yi, vi, starts, tau2=method, test=test)
    alone = [pool(*columns(studies), tau2=method, test=test) for studies in analyses]
    assert [batch.pooled(i) for i in range(len(batch))] == alone


@few
@given(studies=STUDIES)
def test_every_study_twice_halves_the_variance_of_a_common_effect(studies):
    yi, vi = columns(studies)
    once, twice = pool(yi, vi, tau2="FE", test="z"), pool(np.tile(yi, 2), np.tile(vi, 2), tau2="FE", test="z")
    assert_allclose((twice.estimate, twice.se**2, twice.q), (once.estimate, once.se**2 / 2, 2 * once.q),
                    rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("method", ["ML", "HS"])
@few
@given(studies=STUDIES)
def test_every_study_twice_leaves_the_estimates_that_count_studies_alone(method, studies):
    """The likelihood is squared; HS is a mean over studies. Others take degrees of freedom off."""
    yi, vi = columns(studies)
    clear_of_ties(pool_batch(yi, vi, [0], tau2=method))
    once, twice = (pool(np.tile(yi, n), np.tile(vi, n), tau2=method, test="z") for n in (1, 2))
    assert_allclose((twice.estimate, twice.se**2, twice.tau2), (once.estimate, once.se**2 / 2, once.tau2),
                    rtol=1e-7, atol=1e-9)


@few
@given(studies=STUDIES, share=st.sampled_from([0.25, 0.5]))
def test_a_study_reported_in_two_parts_counts_as_one_for_a_common_effect(studies, share):
    yi, vi = columns(studies)
    whole = pool(yi, vi, tau2="FE", test="z")
    parts = pool(np.append(yi, yi[0]), np.append([vi[0] / share, *vi[1:]], vi[0] / (1 - share)), tau2="FE", test="z")
    assert_allclose((parts.estimate, parts.se, parts.q), (whole.estimate, whole.se, whole.q), rtol=1e-9, atol=1e-9)


@METHODS
@few
@given(studies=STUDIES)
def test_weights_are_positive_and_add_up_to_one_hundred(method, studies):
    weights = pool(*columns(studies), tau2=method).weights
    assert min(weights) > 0
    assert_allclose(sum(weights), 100, rtol=1e-12)


@METHODS
@few
@given(studies=STUDIES)
def test_the_floored_interval_is_never_narrower_than_the_classical_one(method, studies):
    yi, vi = columns(studies)
    floored, classical = pool(yi, vi, tau2=method, test="hksj-floor"), pool(yi, vi, tau2=method, test="z")
    assert floored.se >= classical.se * (1 - 1e-15)


@METHODS
@few
@given(studies=STUDIES)
def test_the_estimating_equation_is_solved(method, studies):
    batch = pool_batch(*columns(studies), [0], tau2=method)
    assert "not-converged" not in batch.status(0)
    assert batch.iterations[0] <= 40
    assert abs(batch.residual[0]) <= 1e-9


@METHODS
@few
@given(studies=STUDIES)
def test_what_is_not_defined_has_a_code_that_says_so(method, studies):
    pooled = pool(*columns(studies), tau2=method)
    assert set(pooled.status) <= set(STATUS)
    assert (pooled.pi_low is None) == ("common-effect" in pooled.status)
    finite = [getattr(pooled, name) for name in NUMBERS if getattr(pooled, name) is not None]
    assert np.isfinite(finite).all()


@few
@given(studies=STUDIES)
def test_a_study_without_information_does_not_move_a_common_effect(studies):
    yi, vi = columns(studies)
    plain = pool(yi, vi, tau2="FE", test="z")
    more = pool(np.append(yi, 0.0), np.append(vi, 1e14), tau2="FE", test="z")
    assert_allclose((more.estimate, more.se, more.q), (plain.estimate, plain.se, plain.q), rtol=1e-9, atol=1e-9)
