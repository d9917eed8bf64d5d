"""Multilevel models against R metafor and clubSandwich, and against dense matrices."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models import MODEL_STATUS, ROBUST, ModelError, code_moderators, fit_multilevel
from analysis.models.cluster_score import slopes
from analysis.models.clusters import make_clusters
from analysis.models.moderators import Moderators
from analysis.models.robust import turn_residuals
from analysis.models.variance_components import fit_at
from analysis.pooling import PoolingError, pool
from tests.metafor_answers import BCG, MODELS, read

ANSWERS = read("multilevel.json")
CASES = [pytest.param(case, id=case["id"]) for case in ANSWERS["cases"]]
KONSTANTOPOULOS = next(case for case in MODELS if case["kind"] == "multilevel")
NONE = Moderators(np.empty((0, 0)), ())


def fit(case, **options):
    moderators = code_moderators({name: np.array(values, float) for name, values in case["moderators"].items()}
                                 if case["moderators"] else {})
    return fit_multilevel(case["yi"], case["vi"], case["cluster"], moderators, method=case["method"], **options)


def column(rows, name):
    return [getattr(row, name) for row in rows]


def test_schools_in_districts_agree_with_metafor():
    """models.json: metafor at its own control, whose components are 3e-8 off the maximum."""
    given, expected = KONSTANTOPOULOS["input"], KONSTANTOPOULOS["answer"]
    found = fit_multilevel(given["yi"], given["vi"], given["cluster"])
    mean, robust = found.coefficients[0], found.robust[0]
    assert_allclose(found.sigma2, expected["sigma2"], rtol=5e-8)
    assert_allclose((mean.estimate, mean.se, mean.ci_low, mean.ci_high),
                    [expected[name] for name in ("estimate", "se", "ci_low", "ci_high")], rtol=1e-7)
    assert_allclose((robust.se, robust.ci_low, robust.ci_high),
                    [expected[f"robust_{name}"] for name in ("se", "ci_low", "ci_high")], rtol=1e-7)
    assert_allclose(found.log_likelihood, expected["logLik"], rtol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_components_and_coefficients_agree_with_metafor(case):
    """multilevel.json. Its components are off by up to 1e-7: the likelihood is flat there to double precision."""
    found, expected = fit(case), case["answer"]
    assert_allclose(found.sigma2, expected["sigma2"], rtol=3e-7)
    assert_allclose(column(found.coefficients, "estimate"), expected["estimate"], rtol=2e-8)
    assert_allclose(column(found.coefficients, "se"), expected["se"], rtol=1e-7)
    assert_allclose(found.log_likelihood, expected["log_likelihood"], rtol=1e-11)
    assert_allclose(found.qe, expected["qe"], rtol=1e-12)
    if expected["qm"] is not None:
        assert_allclose(found.qm, expected["qm"], rtol=5e-7)
    if expected["pi"] is not None:
        assert_allclose((found.pi_low, found.pi_high), expected["pi"], rtol=1e-7)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["CR1", "CR2"])
def test_robust_standard_errors_agree_with_metafor_and_clubsandwich(case, kind):
    """multilevel.json: robust() of metafor 3.8-1; CR2 with Satterthwaite degrees of freedom of clubSandwich 0.5.8."""
    found, expected = fit(case, robust=kind), case["answer"]
    assert_allclose(column(found.robust, "se"), expected[f"{kind.lower()}_se"], rtol=2e-8)
    assert_allclose(column(found.robust, "df"), np.broadcast_to(expected[f"{kind.lower()}_df"], len(found.robust)),
                    rtol=2e-8)


def test_profile_likelihood_intervals_agree_with_metafor():
    """multilevel.json: confint(rma.mv) with uniroot at 1e-12."""
    case = next(case for case in ANSWERS["cases"] if case["id"] == ANSWERS["profile"]["id"].replace("--", "-"))
    assert_allclose(fit(case, component_intervals=True).sigma2_ci, ANSWERS["profile"]["sigma2_ci"], rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_score_is_zero_at_the_components_found(case):
    """The maximum itself, where metafor's optimiser stops 1e-7 short; the score beside the information's root."""
    moderators = np.array(list(case["moderators"].values()), float).reshape(-1, len(case["yi"]))
    clusters = make_clusters(np.array(case["yi"]), np.array(case["vi"]), case["cluster"], moderators)
    found = np.array(fit(case).sigma2) / clusters.unit
    slope = slopes(fit_at(clusters, found), case["method"] == "REML")
    assert_allclose(slope.score * found, 0, atol=1e-9)
    assert np.linalg.eigvalsh(slope.hessian).max() < 0


def invented(rows=40, seed=3):
    """Invented clusters of one to many rows, with one moderator."""
    random = np.random.default_rng(seed)
    cluster = np.sort(random.integers(0, 9, rows))
    vi = random.uniform(0.1, 1.0, rows)
    yi = random.normal(0, 0.7, 9)[cluster] + random.normal(0, 0.5 + vi)
    return yi, vi, cluster, random.normal(size=(1, rows))


def dense(clusters, values):
    """Return the variance, its inverse, the projection and the derivatives of the variance as full matrices."""
    member = (clusters.owner[:, None] == np.arange(clusters.m)).astype(float)
    both = [member @ member.T, np.eye(len(clusters.yi))]
    variance = np.diag(clusters.vi) + values[0] * both[0] + values[1] * both[1]
    inverse = np.linalg.inv(variance)
    lean = inverse @ clusters.basis
    return variance, inverse, inverse - lean @ np.linalg.inv(clusters.basis.T @ lean) @ lean.T, both


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("values", [(1.3, 0.7), (0.0, 2.0), (3.0, 0.0)])
def test_sums_over_clusters_are_the_full_matrices(restricted, values):
    """Likelihood, score, Hessian and information of invented data by n by n matrices."""
    clusters = make_clusters(*invented())
    values = np.array(values)
    variance, inverse, projection, both = dense(clusters, values)
    inside, y = projection if restricted else inverse, clusters.yi
    fit_there = fit_at(clusters, values)
    height = np.linalg.slogdet(variance)[1] + y @ projection @ y
    if restricted:
        height += np.linalg.slogdet(clusters.basis.T @ inverse @ clusters.basis)[1]
    assert_allclose(fit_there.log_likelihood(restricted), -height / 2, rtol=1e-12)
    slope = slopes(fit_there, restricted)
    information = [[np.trace(inside @ a @ inside @ b) / 2 for b in both] for a in both]
    curved = [[y @ projection @ a @ projection @ b @ projection @ y for b in both] for a in both]
    score = [(y @ projection @ a @ projection @ y - np.trace(inside @ a)) / 2 for a in both]
    assert_allclose(slope.score, score, rtol=1e-10)
    assert_allclose(slope.information, information, rtol=1e-10)
    assert_allclose(slope.hessian, np.array(information) - curved, rtol=1e-10)


def test_cr2_is_unbiased_where_the_model_holds():
    """Pustejovsky and Tipton 2018: A (V - XCX') A = V in every cluster, by invented matrices of full rank."""
    random = np.random.default_rng(5)
    parts = random.normal(size=(3, 4, 6))
    variance = parts @ np.swapaxes(parts, 1, 2) + np.eye(4)
    left = variance - 0.2 * np.linalg.eigvalsh(variance)[:, :1, None] * np.ones((3, 4, 4)) / 4
    turn = turn_residuals(variance, left)
    assert_allclose(turn @ left @ turn, variance, rtol=1e-10)


@pytest.mark.parametrize("factor", [1e-8, 1e6])
def test_components_follow_the_units_of_the_effect(factor):
    yi, vi, cluster, _ = invented()
    plain, scaled = fit_multilevel(yi, vi, cluster), fit_multilevel(factor * yi, factor**2 * vi, cluster)
    assert_allclose(np.array(scaled.sigma2) / factor**2, plain.sigma2, rtol=1e-7)
    assert_allclose(scaled.robust[0].se / factor, plain.robust[0].se, rtol=1e-7)


def test_a_shift_and_another_order_of_rows_change_nothing_but_the_mean():
    yi, vi, cluster, _ = invented()
    order = np.random.default_rng(1).permutation(len(yi))
    plain, moved = fit_multilevel(yi, vi, cluster), fit_multilevel((yi + 1e3)[order], vi[order], cluster[order])
    assert_allclose(moved.sigma2, plain.sigma2, rtol=1e-7)
    assert_allclose(moved.coefficients[0].estimate - 1e3, plain.coefficients[0].estimate, rtol=1e-8)


def test_effects_that_do_not_differ_between_clusters_give_a_component_of_exactly_zero():
    """Invented: every cluster has the same mean, so the score at 0 is negative."""
    yi, cluster = np.tile([-1.0, 0, 1], 6), np.repeat(np.arange(6), 3)
    found = fit_multilevel(yi, np.full(18, 0.01), cluster)
    assert found.sigma2[0] == 0.0 and found.sigma2[1] > 0
    assert found.status == ("component-zero", "robust-empty") and set(found.status) <= set(MODEL_STATUS)
    alone = pool(yi, np.full(18, 0.01), test="z")
    assert_allclose((found.sigma2[1], found.coefficients[0].se), (alone.tau2, alone.se), rtol=1e-9)


def test_identical_effects_have_no_variance_beside_sampling():
    found = fit_multilevel([0.3] * 6, [0.1] * 6, [1, 1, 2, 2, 3, 3], component_intervals=True)
    assert found.sigma2 == (0.0, 0.0)
    assert [low for low, _ in found.sigma2_ci] == [0.0, 0.0]
    assert_allclose((found.coefficients[0].estimate, found.coefficients[0].se), (0.3, (0.1 / 6) ** 0.5), rtol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_no_point_of_a_fine_grid_is_higher_than_the_maximum_found(seed):
    """Invented effects, variances over four decades; the grid has 900 points."""
    random = np.random.default_rng(seed)
    cluster = np.append([0, 0, 1, 1, 2], random.integers(0, 6, 15))
    vi = 10 ** random.uniform(-3, 1, 20)
    yi = random.normal(0, 1, 6)[cluster] + random.normal(0, 0.3, 20) + random.normal(0, np.sqrt(vi))
    clusters = make_clusters(yi, vi, cluster, np.empty((0, 20)))
    found = np.array(fit_multilevel(yi, vi, cluster).sigma2) / clusters.unit
    grid = np.append(0, np.geomspace(1e-3, 1e5, 29))
    highest = max(fit_at(clusters, np.array([a, b])).log_likelihood(True) for a in grid for b in grid)
    assert fit_at(clusters, found).log_likelihood(True) >= highest - 1e-9


@pytest.mark.parametrize("yi, vi, cluster, words", [
    ([1, 2, 3], [1, 1, 1], ["a", "b", "c"], "Every cluster has one row"),
    ([1, 2, 3], [1, 1, 1], ["a", "a", "a"], "at least 2 clusters; there is 1"),
    ([1, 2, 3], [1, 1, 1], ["a", "b"], "2 labels and 3 rows"),
])
def test_clusters_that_split_nothing_are_refused(yi, vi, cluster, words):
    with pytest.raises(ModelError, match=words):
        fit_multilevel(yi, vi, cluster)


def test_options_and_rows_that_are_not_allowed_are_refused():
    for options, words in (({"method": "DL"}, "REML or ML"), ({"robust": "CR3"}, "CR1 or CR2")):
        with pytest.raises(ModelError, match=words):
            fit_multilevel(BCG["yi"], BCG["vi"], [0, 1] * 6 + [2], **options)
    with pytest.raises(PoolingError, match="Row 1: vi"):
        fit_multilevel([1, 2, 3], [1, 0, 1], [1, 1, 2])
    with pytest.raises(ModelError, match="follows from the others"):
        fit_multilevel(BCG["yi"], BCG["vi"], [0, 1] * 6 + [2], Moderators(np.ones((1, 13)), ("invented",)))


@pytest.mark.parametrize("seed", range(12))
def test_wild_variances_are_fitted_and_settle(seed):
    """Invented effects, variances from 1e-8 to 1e4 in clusters of very different sizes."""
    random = np.random.default_rng(seed)
    n = int(random.integers(6, 60))
    cluster = random.integers(0, max(3, n // 3), n)
    cluster[:4] = [0, 0, 1, 1]
    vi = 10 ** random.uniform(-8, 4, n)
    found = fit_multilevel(random.normal(0, 10 ** random.uniform(-4, 3)) + random.normal(0, np.sqrt(vi)), vi, cluster)
    assert "not-converged" not in found.status
    assert np.isfinite([*found.sigma2, found.coefficients[0].se, found.log_likelihood]).all()


@pytest.mark.parametrize("kind", ROBUST)
def test_where_no_residuals_are_left_the_interval_of_the_model_stands_in_place_of_a_robust_one(kind):
    found = fit_multilevel([0.3] * 6, [0.1, 0.2, 0.1, 0.3, 0.2, 0.1], list("aabbcc"), robust=kind)
    assert "robust-empty" in found.status
    (model,), (robust,) = found.coefficients, found.robust
    assert (robust.se, robust.df) == (model.se, 2) and robust.ci_low < 0.3 < robust.ci_high
