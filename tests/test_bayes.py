"""The normal model with priors on tau: against bayesmeta, R's integrate, closed forms, and what must always hold."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special

from analysis.bayes import PRIORS, posterior, posterior_batch
from analysis.bayes.posterior import STATUS
from analysis.pooling import PoolingError, pool
from tests.metafor_answers import BCG

FOLDER = Path(__file__).parent / "reference" / "bayes"
BAYESMETA = json.loads((FOLDER / "bayesmeta.json").read_text(encoding="utf-8"))
INTEGRATED = [pytest.param(case, id=case["id"])
              for case in json.loads((FOLDER / "quadrature.json").read_text(encoding="utf-8"))["cases"]]
EFFECTS = st.floats(-3, 3).map(lambda value: round(value, 3))
VARIANCES = st.floats(0.001, 2).map(lambda value: max(round(value, 4), 0.001))
STUDIES = st.lists(st.tuples(EFFECTS, VARIANCES), min_size=1, max_size=10)
KINDS = pytest.mark.parametrize("prior", PRIORS)
few = settings(max_examples=25, deadline=None)


def columns(studies):
    """Return effects and variances of invented studies."""
    return np.array([yi for yi, _ in studies]), np.array([vi for _, vi in studies])


def numbers(found):
    """Return every number of a posterior; NaN where one is infinite."""
    return np.array([getattr(getattr(found, part), name) for part in ("mu", "tau", "new")
                     for name in ("mean", "sd", "median", "low", "high")], dtype=float)


def schools(**options):
    """Return the posterior of the published example."""
    vi = np.square(BAYESMETA["sei"])
    named = {name: BAYESMETA[name] for name in ("prior", "scale", "mu_mean", "mu_sd")}
    return posterior(BAYESMETA["yi"], vi, **(named | options))


def test_heterogeneity_of_eight_schools_agrees_with_bayesmeta():
    """bayesmeta.json, to every digit that the vignette prints."""
    found, expected = schools(), BAYESMETA["tau"]
    assert_allclose((found.tau.median, found.tau.mean, found.tau.sd),
                    (expected["median"], expected["mean"], expected["sd"]), atol=6e-7)
    assert_allclose(schools(level=0.90).tau.high, expected["upper_95"], atol=6e-7)


def test_the_average_of_eight_schools_agrees_with_bayesmeta():
    """bayesmeta.json; bayesmeta approximates mu to about three digits, and quadrature.json has the rest."""
    found, expected = schools().mu, BAYESMETA["mu"]
    assert_allclose((found.median, found.mean, found.sd), (expected["median"], expected["mean"], expected["sd"]),
                    rtol=1e-4)


@pytest.mark.parametrize("case", INTEGRATED)
def test_posteriors_agree_with_integrate(case):
    """quadrature.json: R integrate to 1e-11 and uniroot to 1e-13."""
    mu_sd = np.inf if case["mu_sd"] is None else case["mu_sd"]
    found = posterior(case["yi"], case["vi"], prior=case["prior"], scale=case["scale"], mu_mean=case["mu_mean"],
                      mu_sd=mu_sd, bounds=[case["bound"]])
    for part in ("mu", "tau", "new"):
        ours, theirs = getattr(found, part), case[part]
        assert_allclose((ours.mean, ours.sd), (theirs["mean"], theirs["sd"]), rtol=1e-8, err_msg=part)
        assert_allclose((ours.median, ours.low, ours.high), theirs["quantiles"], rtol=1e-8, err_msg=part)
    assert_allclose((found.chances[0].average, found.chances[0].new), case["below"], rtol=1e-9)


def test_a_prior_that_allows_no_heterogeneity_gives_the_common_effect():
    """Closed form at tau = 0: normal, with mean and standard error of the common-effect pool."""
    pooled = pool(BCG["yi"], BCG["vi"], tau2="FE", test="z")
    found = posterior(BCG["yi"], BCG["vi"], prior="half-normal", scale=1e-7, bounds=[-0.45])
    assert_allclose((found.mu.mean, found.mu.sd), (pooled.estimate, pooled.se), rtol=1e-7)
    assert_allclose((found.mu.low, found.mu.high), (pooled.ci_low, pooled.ci_high), rtol=1e-7)
    assert_allclose(found.chances[0].average, special.ndtr((-0.45 - pooled.estimate) / pooled.se), rtol=1e-5)


def test_a_normal_prior_of_mu_is_one_more_study_at_no_heterogeneity():
    """Closed form at tau = 0: the prior counts as a study with its mean and variance."""
    found = posterior(BCG["yi"], BCG["vi"], prior="half-normal", scale=1e-7, mu_mean=0.3, mu_sd=0.1)
    pooled = pool([*BCG["yi"], 0.3], [*BCG["vi"], 0.01], tau2="FE", test="z")
    assert_allclose((found.mu.mean, found.mu.sd), (pooled.estimate, pooled.se), rtol=1e-7)


PRIOR_QUANTILES = {"half-normal": special.ndtri([0.75, 0.5125, 0.9875]),
                   "half-cauchy": np.tan(np.pi / 2 * np.array([0.5, 0.025, 0.975]))}


@KINDS
def test_one_study_says_nothing_of_heterogeneity(prior):
    """Closed form: under a flat prior of mu the posterior of tau is its prior, with these quantiles."""
    found = posterior([0.4], [0.09], prior=prior, scale=2.0)
    assert_allclose((found.tau.median, found.tau.low, found.tau.high), 2.0 * PRIOR_QUANTILES[prior], rtol=1e-9)
    assert_allclose(found.mu.median, 0.4, rtol=1e-9)


def test_one_study_under_a_half_normal_prior_has_the_moments_of_the_prior():
    """Closed form: E tau = scale sqrt(2/pi), E tau^2 = scale^2; var mu = v + E tau^2, var new = v + 2 E tau^2."""
    found = posterior([0.4], [0.09], prior="half-normal", scale=0.5)
    assert_allclose((found.tau.mean, found.tau.sd), (0.5 * np.sqrt(2 / np.pi), 0.5 * np.sqrt(1 - 2 / np.pi)), rtol=1e-9)
    assert_allclose((found.mu.sd, found.new.sd), (np.sqrt(0.09 + 0.25), np.sqrt(0.09 + 0.5)), rtol=1e-9)


@pytest.mark.parametrize("k, mu_sd, infinite", [
    (1, np.inf, {"mu mean", "mu sd", "tau mean", "tau sd", "new mean", "new sd"}),
    (2, np.inf, {"mu sd", "tau sd", "new sd"}), (3, np.inf, set()),
    (1, 1.0, {"tau sd", "new sd"}), (2, 1.0, set()),
])
def test_moments_that_are_infinite_are_said_to_be(k, mu_sd, infinite):
    """The density of tau falls as tau^-(k+1) under a flat prior of mu, as tau^-(k+2) under a normal one."""
    found = posterior([0.1, 0.5, 0.3][:k], [0.04] * k, prior="half-cauchy", scale=0.5, mu_sd=mu_sd)
    missing = {f"{part} {name}" for part in ("mu", "tau", "new") for name in ("mean", "sd")
               if getattr(getattr(found, part), name) is None}
    assert missing == infinite
    assert found.status == (("heavy-tail",) if infinite else ("ok",))


@KINDS
@few
@given(studies=STUDIES, power=st.integers(-20, 20))
def test_posteriors_follow_units_to_the_last_bit(prior, studies, power):
    """Powers of two round nothing."""
    yi, vi = columns(studies)
    unit = 2.0**power
    plain = posterior(yi, vi, prior=prior, scale=0.5)
    scaled = posterior(yi * unit, vi * unit**2, prior=prior, scale=0.5 * unit)
    assert np.array_equal(numbers(plain) * unit, numbers(scaled), equal_nan=True)


@KINDS
@few
@given(studies=STUDIES, shift=st.sampled_from([-30.0, 0.5]))
def test_posteriors_follow_shift_sign_and_order(prior, studies, shift):
    yi, vi = columns(studies)
    plain, turned = posterior(yi, vi, prior=prior, scale=0.5), posterior(-yi, vi, prior=prior, scale=0.5)
    moved = posterior(yi[::-1] + shift, vi[::-1], prior=prior, scale=0.5)
    assert_allclose((turned.mu.low, turned.new.high, turned.tau.median),
                    (-plain.mu.high, -plain.new.low, plain.tau.median), rtol=1e-8, atol=1e-8)
    assert_allclose((moved.mu.low - shift, moved.new.high - shift, moved.tau.high),
                    (plain.mu.low, plain.new.high, plain.tau.high), rtol=1e-7, atol=1e-7)


@KINDS
@settings(max_examples=10, deadline=None)
@given(analyses=st.lists(STUDIES, min_size=1, max_size=5))
def test_a_batch_equals_one_at_a_time_to_the_last_bit(prior, analyses):
    yi, vi = columns([study for studies in analyses for study in studies])
    starts = np.cumsum([0] + [len(studies) for studies in analyses[:-1]])
    batch = posterior_batch(yi, vi, starts, prior=prior, scale=0.4, bounds=[0.1])
    assert batch == tuple(posterior(*columns(studies), prior=prior, scale=0.4, bounds=[0.1]) for studies in analyses)


@KINDS
@few
@given(studies=STUDIES, bound=st.floats(-3, 3))
def test_chances_and_quantiles_are_two_sides_of_one_curve(prior, studies, bound):
    yi, vi = columns(studies)
    found = posterior(yi, vi, prior=prior, scale=0.5, bounds=[bound])
    back = posterior(yi, vi, prior=prior, scale=0.5, bounds=[found.mu.low, found.mu.median, found.new.high])
    assert_allclose([back.chances[0].average, back.chances[1].average, back.chances[2].new], [0.025, 0.5, 0.975],
                    atol=1e-9)
    assert 0 <= found.chances[0].average <= 1 and set(found.status) <= set(STATUS)
    assert "not-converged" not in found.status


@KINDS
@pytest.mark.parametrize("scale", [0.01, 1.0, 1e3, 1e12])
@pytest.mark.parametrize("mu_sd", [0.01, 1e6, np.inf])
def test_priors_that_contradict_the_effects_settle_without_a_warning(prior, scale, mu_sd):
    """Invented effects a million standard errors apart."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = posterior([0, 1e6, 3, 5e5], [1, 2, 1, 1e-6], prior=prior, scale=scale, mu_sd=mu_sd)
    assert found.status == ("ok",)
    assert np.isfinite(numbers(found)).all()
    assert found.tau.low < found.tau.median < found.tau.high


@pytest.mark.parametrize("options", [{"scale": 1e-12}, {"scale": 1e12}, {"scale": 1, "mu_sd": 1e-12},
                                     {"scale": 1, "mu_sd": 1e300}, {"scale": 1, "mu_sd": 1, "mu_mean": 1e12}])
def test_a_prior_beyond_double_precision_is_refused_in_words(options):
    with pytest.raises(PoolingError, match="double precision"):
        posterior([0.1, 0.2], [0.1, 0.1], prior="half-normal", **options)


@pytest.mark.parametrize("options, words", [
    ({"prior": "uniform", "scale": 1}, "one of half-normal, half-cauchy"),
    ({"prior": "half-normal", "scale": 0}, "scale"), ({"prior": "half-normal", "scale": np.nan}, "scale"),
    ({"prior": "half-normal", "scale": 1, "mu_sd": 0}, "prior of mu"),
    ({"prior": "half-normal", "scale": 1, "level": 1}, "level"),
    ({"prior": "half-normal", "scale": 1, "bounds": [np.inf]}, "bound"),
])
def test_options_that_are_not_allowed_are_refused_in_words(options, words):
    with pytest.raises(PoolingError, match=words):
        posterior([0.1, 0.2], [0.1, 0.1], **options)
