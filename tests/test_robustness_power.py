"""Holm's rule and power: against statsmodels, a published figure, and what must hold of any data."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from statsmodels.stats.multitest import multipletests

from analysis.pooling import PoolingError, pool
from analysis.robustness import expected_power, holm, new_trial
from analysis.robustness.power import smd_variance
from tests.metafor_answers import BCG

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)
VARIANCES = st.lists(st.floats(0.001, 5), min_size=1, max_size=15)
few = settings(max_examples=60, deadline=None)


@few
@given(p_values=P_VALUES)
def test_holm_agrees_with_statsmodels(p_values):
    """statsmodels multipletests(method="holm")."""
    assert_allclose(holm(p_values), multipletests(p_values, method="holm")[1], rtol=1e-14)


def test_a_claim_that_was_not_tested_counts_for_none():
    """By hand: two tests, 0.01 x 2 and 0.04 x 1."""
    assert holm([None, 0.04, 0.01, None]) == (None, 0.04, 0.02, None)
    assert holm([]) == ()


def test_power_of_ten_small_studies_is_the_published_one():
    """R package metapower, README: mpower(effect_size=.3, study_size=20, k=10, es_type="d"), fixed 0.5594533."""
    vi = smd_variance(0.3, [10] * 10, [10] * 10)
    assert_allclose(expected_power(0.3, vi).power, 0.5594533, atol=5e-8)


def test_heterogeneity_as_large_as_the_variance_doubles_the_variance_of_the_pool():
    """Valentine, Pigott and Rothstein 2010: power with tau2 = v is that of half as many studies without it."""
    vi = smd_variance(0.3, [10] * 10, [10] * 10)
    assert_allclose(expected_power(0.3, vi, tau2=vi[0]).power, expected_power(0.3, vi[:5]).power, rtol=1e-12)


@few
@given(vi=VARIANCES, tau2=st.floats(0, 3), alpha=st.floats(0.001, 0.2))
def test_power_is_alpha_without_an_effect_even_in_sign_and_four_fifths_at_the_detectable_effect(vi, tau2, alpha):
    nothing = expected_power(0.0, vi, tau2=tau2, alpha=alpha)
    assert_allclose(nothing.power, alpha, rtol=1e-10)
    found = expected_power(nothing.detectable, vi, tau2=tau2, alpha=alpha)
    turned = expected_power(-nothing.detectable, vi, tau2=tau2, alpha=alpha)
    assert 0.8 <= found.power < 0.8 + alpha / 2
    assert_allclose(turned.power, found.power, rtol=1e-12)


@pytest.mark.parametrize("k, size", [(2, 5.0), (2, 16.0), (3, 4.0), (5, 3.0), (13, 0.0), (13, 2.5), (200, 2.0)])
def test_power_with_a_floor_is_the_integral_of_its_definition(k, size):
    """(Z + size) / max(1, S) beyond t, S^2 chi-square over k - 1: by scipy's adaptive quadrature over S^2."""
    df, critical = k - 1, stats.t.isf(0.025, k - 1)

    def beyond(square):
        reach = critical * math.sqrt(max(1.0, square / df))
        return stats.norm.sf(reach - size) + stats.norm.cdf(-reach - size)

    above, _ = quad(lambda square: beyond(square) * stats.chi2.pdf(square, df), df, math.inf, epsabs=1e-14, limit=500)
    found = expected_power(size, [1.0 * k] * k, df=df, floored=True)
    assert_allclose(found.se, 1.0, rtol=1e-15)
    assert_allclose(found.power, above + beyond(0.0) * stats.chi2.cdf(df, df), rtol=1e-7, atol=1e-13)
    assert found.power <= expected_power(size, [1.0 * k] * k, df=df).power
    assert_allclose(expected_power(found.detectable, [1.0 * k] * k, df=df, floored=True).power, 0.8, rtol=1e-9)


def test_two_studies_hardly_ever_find_what_five_standard_errors_show():
    """t on one degree of freedom is 12.7, and no standard error is below the classical one."""
    assert expected_power(5.0, [2.0, 2.0], df=1, floored=True).power < 1e-12
    assert expected_power(5.0, [2.0, 2.0], df=1).power > 0.25


def test_the_standard_error_is_that_of_the_pool():
    pooled = pool(BCG["yi"], BCG["vi"], test="z")
    assert_allclose(expected_power(0.2, BCG["vi"], tau2=pooled.tau2).se, pooled.se, rtol=1e-12)


def test_a_new_trial_like_the_others_adds_what_one_of_them_adds():
    """Invented pool of four trials of 100 people: a fifth brings the variance from v/4 to v/5."""
    found = new_trial(100, [0.04] * 4, [100] * 4, tau2=0.0)
    assert_allclose((found.vi, found.share, found.se_after), (0.04, 0.2, math.sqrt(0.04 / 5)), rtol=1e-13)
    assert_allclose(found.se_before, math.sqrt(0.04 / 4), rtol=1e-13)


@few
@given(vi=VARIANCES, tau2=st.floats(0.01, 3), n=st.floats(1, 1e6))
def test_no_trial_adds_more_than_heterogeneity_allows(vi, tau2, n):
    found = new_trial(n, vi, [50] * len(vi), tau2=tau2)
    assert found.information < 1 / tau2
    assert found.se_after < found.se_before
    assert new_trial(2 * n, vi, [50] * len(vi), tau2=tau2).se_after <= found.se_after


@pytest.mark.parametrize("call", [
    lambda: holm([0.1, 1.2]), lambda: holm([math.nan]), lambda: expected_power(0.3, [0.0]),
    lambda: expected_power(0.3, [1.0], tau2=-1), lambda: expected_power(math.inf, [1.0]),
    lambda: expected_power(0.3, [1.0], alpha=1.0), lambda: new_trial(0, [1.0], [10], tau2=0),
    lambda: new_trial(10, [1.0, 2.0], [10], tau2=0), lambda: new_trial(10, [1.0], [np.nan], tau2=0),
])
def test_values_out_of_bounds_are_refused(call):
    with pytest.raises(PoolingError):
        call()
