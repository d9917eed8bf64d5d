"""Network meta-analysis against R metafor, and what a network refuses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models import ModelError, fit_network, make_trial, regress, trials_from_arms, trials_from_pairs
from analysis.pooling import pool
from tests.metafor_answers import BCG, MODELS, read

ANSWERS = read("network.json")
FITS = [pytest.param(case, fit, id=f"{case['id']}-{fit['method']}")
        for case in ANSWERS["cases"] for fit in case["fits"]]
SENN = next(case for case in MODELS if case["kind"] == "network")


def trials_of(case):
    return trials_from_arms(case["arms"]["study"], case["arms"]["treatment"], case["yi"], case["vi"])


def column(rows, name):
    return [getattr(row, name) for row in rows]


@pytest.mark.parametrize("case, expected", FITS)
def test_contrasts_with_their_covariance_agree_with_metafors_model_of_arms(case, expected):
    """network.json: arms with fixed studies, rho 1/2; its optimiser is 1e-7 off the maximum in tau2."""
    found = fit_network(trials_of(case), case["reference"], tau2=expected["method"])
    tolerance = 1e-12 if expected["method"] == "FE" else 1e-7
    assert column(found.treatments, "name") == expected["treatments"]
    for name in ("estimate", "se"):
        assert_allclose(column(found.treatments, name), expected[name], rtol=tolerance, err_msg=name)
    assert_allclose(found.tau2, expected["tau2"], rtol=tolerance)
    assert_allclose(found.q, expected["q"], rtol=1e-12)
    assert found.q_df == expected["q_df"]


def test_covariances_by_group_sizes_agree_with_metafors_vcalc():
    """models.json: Senn 2013, whose one trial of three arms has contrasts correlated by the sizes of its arms."""
    arms, expected = SENN["input"]["arms"], SENN["answer"]
    study, treatment, n, mean, sd = (np.array([arm[name] for arm in arms])
                                     for name in ("study", "treatment", "ni", "mi", "sdi"))
    trials = trials_from_arms(study, treatment, mean, sd**2 / n, sizes=n, baseline="placebo")
    for method, estimate, se in (("REML", "estimate", "se"), ("FE", "fixed_estimate", "fixed_se")):
        found = fit_network(trials, "placebo", tau2=method)
        assert column(found.treatments, "name") == expected["treatments"]
        assert_allclose(column(found.treatments, "estimate"), expected[estimate], rtol=1e-8)
        assert_allclose(column(found.treatments, "se"), expected[se], rtol=1e-8)
        assert_allclose(found.q, expected["Q"], rtol=1e-12)
        assert found.q_df == expected["Q_df"]
    assert_allclose(fit_network(trials, "placebo").tau2, expected["tau2"], rtol=2e-8)


@pytest.mark.parametrize("tau2", ["FE", "DL", "PM", "REML", "ML", "EB"])
def test_a_network_of_two_treatments_is_a_meta_analysis(tau2):
    """BCG as a network: the engine gives the same numbers."""
    names = [f"study {i}" for i in range(13)]
    trials = trials_from_pairs(names, ["vaccine"] * 13, ["none"] * 13, BCG["yi"], BCG["vi"])
    found, whole = fit_network(trials, "none", tau2=tau2), pool(BCG["yi"], BCG["vi"], tau2=tau2, test="z")
    row = found.treatments[0]
    assert_allclose((row.estimate, row.se, found.tau2, found.q, found.i2),
                    (whole.estimate, whole.se, whole.tau2, whole.q, whole.i2), rtol=1e-9)
    if tau2 != "FE":
        assert_allclose((found.tau2_low, found.tau2_high), (whole.tau2_low, whole.tau2_high), rtol=1e-9)


@pytest.mark.parametrize("tau2", ["FE", "DL", "PM", "REML", "ML"])
def test_the_order_of_arms_and_the_reference_change_nothing(tau2):
    """Permutation of arms: another baseline in every trial, another reference for all."""
    case = ANSWERS["cases"][1]
    order = np.random.default_rng(2).permutation(len(case["yi"]))
    study, treatment = (np.array(case["arms"][name])[order] for name in ("study", "treatment"))
    turned = fit_network(trials_from_arms(study, treatment, np.array(case["yi"])[order], np.array(case["vi"])[order]),
                         "grp_counseling", tau2=tau2)
    plain = fit_network(trials_of(case), case["reference"], tau2=tau2)
    for row in plain.treatments:
        again = turned.compare(row.name, case["reference"])
        assert_allclose((again.estimate, again.se), (row.estimate, row.se), rtol=1e-8)
    assert_allclose((turned.tau2, turned.q), (plain.tau2, plain.q), rtol=1e-8)


def test_all_pairs_of_a_trial_say_what_its_arms_say():
    """Hasselblad: the pairs of each trial carry the variances of its arms."""
    case = ANSWERS["cases"][1]
    study, treatment = np.array(case["arms"]["study"]), np.array(case["arms"]["treatment"])
    yi, vi = np.array(case["yi"]), np.array(case["vi"])
    pairs = [(i, j) for i in range(len(yi)) for j in range(i) if study[i] == study[j]]
    first, second = (np.array(rows) for rows in zip(*pairs, strict=True))
    found = fit_network(trials_from_pairs(study[first], treatment[first], treatment[second], yi[first] - yi[second],
                                          vi[first] + vi[second]), case["reference"])
    plain = fit_network(trials_of(case), case["reference"])
    assert_allclose(column(found.treatments, "estimate"), column(plain.treatments, "estimate"), rtol=1e-9)
    assert_allclose((found.tau2, found.q), (plain.tau2, plain.q), rtol=1e-9)
    assert found.k == 24


def test_a_star_of_two_armed_trials_is_a_regression_on_its_treatments():
    """Invented trials against one control: the network is a meta-regression without intercept."""
    random = np.random.default_rng(4)
    vi, third = random.uniform(0.05, 0.3, 12), np.arange(12) % 3
    yi = random.normal(0, 0.4, 12)
    names = np.array(["a", "b", "c"])[third]
    found = fit_network(trials_from_pairs([str(i) for i in range(12)], names, ["control"] * 12, yi, vi), "control")
    columns = [third == 1, third == 2]
    regression = regress(yi, vi, np.array(columns, float), ("b", "c"), test="z")
    assert_allclose(found.tau2, regression.tau2, rtol=1e-9)
    assert_allclose(found.compare("b", "a").estimate, regression.coefficients[1].estimate, rtol=1e-9)
    assert_allclose(found.compare("b", "a").se, regression.coefficients[1].se, rtol=1e-9)


def test_what_is_compared_directly_is_counted():
    case = ANSWERS["cases"][0]
    edges = {(edge.first, edge.second): edge.trials for edge in fit_network(trials_of(case), "placebo").edges}
    assert edges["placebo", "rosiglitazone"] == 6
    assert sum(edges.values()) == 25 + 3  # 25 trials of two arms and one of three


def test_without_loops_a_common_effect_is_the_trials_themselves():
    trials = trials_from_pairs(["1", "2"], ["b", "c"], ["a", "b"], [0.5, 0.2], [0.04, 0.09])
    found = fit_network(trials, "a", tau2="FE")
    assert_allclose(column(found.treatments, "estimate"), [0.5, 0.7], rtol=1e-12)
    assert (found.q_df, found.q_p_value, found.i2) == (0, None, None)
    assert_allclose(found.q, 0, atol=1e-20)
    with pytest.raises(ModelError, match="tau2 cannot be estimated; use --tau2 FE"):
        fit_network(trials, "a")


@pytest.mark.parametrize("rows, words", [
    ([("1", "b", "a"), ("2", "d", "c")], r"falls into 2 parts with no trial between them: \(a, b\); \(c, d\)"),
    ([("1", "b", "c"), ("2", "d", "c")], "'a' is not among the treatments: b, c, d"),
])
def test_a_network_that_is_none_is_refused_with_its_parts(rows, words):
    study, experimental, control = zip(*rows, strict=True)
    with pytest.raises(ModelError, match=words):
        fit_network(trials_from_pairs(study, experimental, control, [0.1, 0.2], [1.0, 1.0]), "a")


@pytest.mark.parametrize("vi, yi, words", [
    ([1.0, 1.0, 9.0], [1, 2, 1], "need an arm with a variance of 0 or below"),
    ([1.0, 1.0, 1.0], [1, 2, 5], "the estimates of its pairs contradict each other"),
    ([1.0, -1.0, 1.0], [1, 2, 1], "variance of 0 or below"), ([1.0, np.nan, 1.0], [1, 2, 1], "not a finite number"),
])
def test_pairs_of_three_arms_that_cannot_be_true_together_are_refused(vi, yi, words):
    """Invented pairs b - a, c - a, c - b."""
    with pytest.raises(ModelError, match=words):
        trials_from_pairs(["1"] * 3, ["b", "c", "c"], ["a", "a", "b"], yi, vi)


def test_four_arms_whose_pair_variances_contradict_are_refused():
    """Invented: six pairs, one of which is off; each alone could be true."""
    pairs = [("b", "a"), ("c", "a"), ("d", "a"), ("c", "b"), ("d", "b"), ("d", "c")]
    experimental, control = zip(*pairs, strict=True)
    with pytest.raises(ModelError, match="the variances of its pairs contradict each other"):
        trials_from_pairs(["1"] * 6, experimental, control, np.zeros(6), [1, 1, 1, 1, 1, 1.2])


@pytest.mark.parametrize("treatments, yi, covariance, words", [
    (("a",), [], np.empty((0, 0)), "one arm"), (("a", "a"), [1], [[1]], "more than one arm of 'a'"),
    (("a", "b"), [1, 2], [[1]], "needs 1 contrasts"), (("a", "b"), [1], [[-1.0]], "not above 0"),
    (("a", "b"), [np.inf], [[1.0]], "not a finite number"),
    (("a", "b", "c"), [1, 2], [[1, 2], [2, 1]], "cannot be true together"),
    (("a", "b", "c"), [1, 2], [[1, 0.5], [0.2, 1]], "cannot be true together"),
])
def test_a_trial_that_cannot_be_is_refused(treatments, yi, covariance, words):
    with pytest.raises(ModelError, match=words):
        make_trial("invented", treatments, yi, covariance)


def test_pairs_that_are_missing_are_asked_for():
    with pytest.raises(ModelError, match="has 3 arms; each of its 3 pairs stands once"):
        trials_from_pairs(["1", "1"], ["b", "c"], ["a", "a"], [1, 2], [1, 1])


def test_an_estimator_without_meaning_for_networks_and_no_trials_are_refused():
    with pytest.raises(ModelError, match="one of FE, DL"):
        fit_network(trials_of(ANSWERS["cases"][0]), "placebo", tau2="SJ")
    with pytest.raises(ModelError, match="no trial"):
        fit_network((), "placebo")
