"""The engine against R metafor, fit by fit."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.effects import MEASURES
from analysis.pooling import (
    TAU2_ESTIMATORS,
    PoolingError,
    cumulative,
    leave_one_out,
    mantel_haenszel,
    peto,
    pool,
    pool_batch,
    subsets,
)
from tests.metafor_answers import BCG, EDGES, MODELS, NAMES_BY_METAFOR, TESTS_BY_METAFOR, TIGHT, UNIVARIATE, numbers

FITS = [pytest.param(case, fit, id=f"{case['id']}-{fit['method']}-{fit['test']}")
        for case in UNIVARIATE for fit in case["fits"] if (fit["method"], fit["test"]) != ("FE", "knha")]
TIGHT_FITS = [pytest.param(case, fit, id=f"{case['id']}-{fit['method']}-{fit['test']}")
              for case in TIGHT for fit in case["fits"] if not ("equal_y" in case["id"] and fit["test"] == "knha")]
TABLES = [pytest.param(case, id=f"{case['kind']}-{case['id']}")
          for case in MODELS if case["kind"] in ("mantel_haenszel", "peto")]
PUBLISHED = [pytest.param(case, id=case["id"]) for case in UNIVARIATE]


@pytest.mark.parametrize("case, fit", FITS)
def test_every_published_fit_agrees_with_metafor_to_eight_digits(case, fit):
    """univariate.json, metafor 3.8-1. The file prints 15 digits; its own convergence leaves about 1e-9."""
    pooled = pool(case["yi"], case["vi"], tau2=fit["method"], test=TESTS_BY_METAFOR[fit["test"]])
    for name, expected in fit.items():
        if name in ("method", "test"):
            continue
        value = getattr(pooled, NAMES_BY_METAFOR.get(name, name))
        if expected is None:
            assert value is None
        else:
            assert_allclose(value, expected, rtol=2e-8, atol=0, err_msg=name)


@pytest.mark.parametrize("case, fit", TIGHT_FITS)
def test_awkward_data_agree_with_metafor_at_tight_control(case, fit):
    """tight.json, metafor 3.8-1. Below 1e-9 of the smallest variance its tau2 stands for 0.

    Identical effects under knha are left to the next test: metafor gives them an interval without width.
    """
    pooled = pool(case["yi"], case["vi"], tau2=fit["method"], test=TESTS_BY_METAFOR[fit["test"]])
    unit = min(case["vi"])
    tolerances = dict.fromkeys(("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high"), 1e-9 * unit**0.5)
    tolerances |= {"tau2": 1e-9 * unit, "i2": 1e-7, "h2": 1e-9, "p_value": 1e-11, "q": 1e-11, "q_p_value": 1e-11}
    for name, atol in tolerances.items():
        assert_allclose(getattr(pooled, name), fit[name], rtol=1e-7, atol=atol, err_msg=name)


@pytest.mark.parametrize("id", ["k2_equal_y", "k3_equal_y_v", "k5_equal_y"])
@pytest.mark.parametrize("method", [name for name in TAU2_ESTIMATORS if name != "FE"])
def test_identical_effects_never_give_an_interval_without_width(id, method):
    """metafor gives knha a standard error of 0 here; ours is the classical one, and the status says so."""
    case = EDGES["generic"][id]
    pooled = pool(case["yi"], case["vi"], tau2=method, test="hksj")
    assert pooled.se == pool(case["yi"], case["vi"], tau2=method, test="z").se > 0
    assert {"identical-effects", "boundary"} <= set(pooled.status)
    assert pooled.tau2 == 0.0


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in TIGHT])
def test_q_profile_ends_agree_with_metafor_solved_to_full_precision(case):
    """tight.json: confint.rma.uni with uniroot's tolerance at 1e-12 on effects scaled to variance 1."""
    pooled = pool(case["yi"], case["vi"])
    unit = min(case["vi"])
    for name, atol in (("tau2_low", 1e-9 * unit), ("tau2_high", 1e-9 * unit), ("i2_low", 1e-7), ("i2_high", 1e-7)):
        assert_allclose(getattr(pooled, name), case["q_profile"][name], rtol=1e-7, atol=atol, err_msg=name)


def test_the_upper_end_of_the_q_profile_is_not_cut():
    """metafor cuts it at 100; Q(tau2) = y'y-spread / (v + tau2) solved by hand for two studies."""
    case = EDGES["generic"]["k2_het"]
    low_quantile = 0.000982069117175254  # chi-square, 1 df, 0.025: R qchisq(0.025, 1)
    by_hand = (9 / low_quantile - (case["vi"][0] + case["vi"][1])) / 2
    assert_allclose(pool(case["yi"], case["vi"]).tau2_high, by_hand, rtol=1e-10)


@pytest.mark.parametrize("id, words", [
    ("zero_variance", "Row 0: vi is 0.0"), ("all_zero_variance", "Row 0: vi is 0.0"),
    ("negative_variance", "Row 1: vi is -0.04"), ("missing_y", "Row 1: yi is nan"),
    ("missing_v", "Row 1: vi is nan"), ("infinite_y", "Row 1: yi is"),
])
def test_effects_that_cannot_be_pooled_are_refused_by_row(id, words):
    case = EDGES["generic"][id]
    with pytest.raises(PoolingError, match=words):
        pool(numbers(case["yi"]), numbers(case["vi"]))


@pytest.mark.parametrize("method", TAU2_ESTIMATORS)
def test_one_study_is_reported_and_not_pooled(method):
    """edge_cases.json k1 for the estimate; what metafor calls 0 is not defined here."""
    case, expected = EDGES["generic"]["k1"], EDGES["generic"]["k1"]["results"][0]
    pooled = pool([case["yi"]], [case["vi"]], tau2=method, test="hksj")
    assert_allclose((pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high, pooled.p_value),
                    [expected[name] for name in ("estimate", "se", "ci_lb", "ci_ub", "pval")], rtol=1e-13)
    undefined = (pooled.tau2, pooled.tau2_low, pooled.tau2_high, pooled.i2, pooled.h2, pooled.q, pooled.q_df,
                 pooled.q_p_value, pooled.pi_low, pooled.pi_high)
    assert undefined == (None,) * 10
    assert pooled.test == "z"
    assert {"one-study", "wald-used"} <= set(pooled.status)
    assert pooled.weights == (100.0,)


@pytest.mark.parametrize("yi, vi", [
    pytest.param([0, 0.02, -0.02, 0.01, 3, -3, 4], [1e-4, 1e-4, 1e-4, 1e-4, 1, 1, 2], id="the lower one"),
    pytest.param([0, 0.02, -0.02, 4], [1e-3, 1e-3, 1e-3, 1], id="zero"),
    pytest.param([0, 0.04, -0.04, 5, -6], [1e-4, 1e-4, 1e-4, 2, 2], id="the upper one"),
])
def test_of_two_maxima_the_higher_is_taken_and_the_status_says_so(yi, vi):
    """Invented effects; the definition of the restricted likelihood on a fine grid of tau2."""
    batch = pool_batch(yi, vi, [0], tau2="REML")
    grid = np.concatenate(([0.0], np.geomspace(1e-7, 1e3, 200_001)))
    heights = restricted_log_likelihood(np.array(yi), np.array(vi), grid)
    inner = np.nonzero((heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:]))[0]
    assert len(inner) + (heights[0] > heights[1]) == 2 == batch.modes[0]
    assert_allclose(batch.tau2[0], grid[np.argmax(heights)], rtol=1e-3, atol=0)
    assert "two-modes" in batch.status(0)


def restricted_log_likelihood(yi, vi, grid):
    """Return twice the restricted log-likelihood at each tau2, written out by its definition."""
    weights = 1 / (vi + grid[:, None])
    mean = (weights * yi).sum(1) / weights.sum(1)
    return np.log(weights).sum(1) - np.log(weights.sum(1)) - (weights * (yi - mean[:, None]) ** 2).sum(1)


@pytest.mark.parametrize("case", PUBLISHED)
def test_leaving_one_study_out_agrees_with_metafor(case):
    """univariate.json extra: leave1out of REML fits; their tau2 is converged to about 1e-7."""
    batch = leave_one_out(case["yi"], case["vi"], test="z")
    expected = case["extra"]["leave1out"]
    assert_allclose(batch.estimate, expected["estimate"], rtol=1e-6)
    assert_allclose(batch.tau2, expected["tau2"], rtol=1e-6, atol=1e-7)


def test_the_last_of_the_cumulative_analyses_is_the_whole():
    batch = cumulative(BCG["yi"], BCG["vi"])
    assert batch.pooled(12) == pool(BCG["yi"], BCG["vi"])
    assert batch.pooled(4) == pool(BCG["yi"][:5], BCG["vi"][:5])
    assert batch.pooled(0).status[0] == "one-study"


def test_many_studies_are_left_out_block_by_block_with_the_same_answers(monkeypatch):
    whole, steps = leave_one_out(BCG["yi"], BCG["vi"]), cumulative(BCG["yi"], BCG["vi"])
    monkeypatch.setattr(subsets, "ROWS_AT_ONCE", 30)
    assert [leave_one_out(BCG["yi"], BCG["vi"]).pooled(i) for i in range(13)] == [whole.pooled(i) for i in range(13)]
    assert [cumulative(BCG["yi"], BCG["vi"]).pooled(i) for i in range(13)] == [steps.pooled(i) for i in range(13)]


def test_leaving_one_out_of_one_study_is_refused():
    with pytest.raises(PoolingError, match="at least 2 studies"):
        leave_one_out([0.1], [0.2])


@pytest.mark.parametrize("case", TABLES)
def test_mantel_haenszel_and_peto_agree_with_metafor(case):
    """models.json: rma.mh and rma.peto of metafor 3.8-1."""
    pooled = pooled_tables(case["kind"], case["input"])
    for name, expected in case["answer"].items():
        assert_allclose(getattr(pooled, name.lower()), expected, rtol=1e-12, err_msg=name)


def pooled_tables(kind, tables):
    """Pool tables of models.json."""
    columns = [tables[name] for name in ("a", "n1", "c", "n2")]
    return peto(*columns) if kind == "peto" else mantel_haenszel(*columns, measure=tables["measure"])


@pytest.mark.parametrize("name", ["mixed", "all_zero_e", "single"])
def test_tables_with_zero_cells_agree_with_metafor(name):
    """edge_cases.json pooled_tables; an answer that metafor leaves out is flagged here."""
    for answer in EDGES["pooled_tables"][name]["out"]:
        pooled = edge_tables(name, answer)
        assert ("not-estimable" in pooled.status) == ("estimate" not in answer)
        if "estimate" in answer:
            assert_allclose((pooled.estimate, pooled.se), (answer["estimate"], answer["se"]), rtol=1e-12)
            assert pooled.q is None if pooled.k == 1 else math.isclose(pooled.q, answer["QE"], rel_tol=1e-11)


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_tables_with_events_in_everybody_are_said_to_be_not_estimable(measure):
    """Invented sizes, of which the difference n1 n2 (a + c) / N^2 - a c / N rounds below 0."""
    sizes = [10.0, 13.0, 49.0], [7.0, 29.0, 11.0]
    pooled = mantel_haenszel(sizes[0], sizes[0], sizes[1], sizes[1], measure=measure)
    assert "not-estimable" in pooled.status and math.isnan(pooled.estimate)


@pytest.mark.parametrize("answer", EDGES["pooled_tables"]["all_double_zero"]["out"], ids=lambda a: a["fit"])
def test_tables_without_any_event_are_said_to_be_not_estimable(answer):
    """metafor gives a risk difference of 0 with a standard error of 0 here."""
    pooled = edge_tables("all_double_zero", answer)
    assert "not-estimable" in pooled.status
    assert math.isnan(pooled.se)


def edge_tables(name, answer):
    """Pool one set of tables of edge_cases.json the way an answer was."""
    a, b, c, d = (numbers(EDGES["pooled_tables"][name][cell]) for cell in ("ai", "bi", "ci", "di"))
    if answer["fit"] == "PETO":
        return peto(a, a + b, c, c + d)
    return mantel_haenszel(a, a + b, c, c + d, measure=answer["measure"])


def test_bcg_from_its_tables_to_its_interval():
    """metafor's worked example: thirteen BCG trials, log RR, REML, Knapp-Hartung (univariate.json)."""
    tables = next(case["input"] for case in MODELS if case["id"] == "bcg-RR" and case["kind"] == "escalc")
    effects = MEASURES["RR"].make(*(tables[name] for name in ("a", "n1", "c", "n2"))).require()
    pooled = pool(effects.yi, effects.vi, tau2="REML", test="hksj")
    expected = next(fit for fit in BCG["fits"] if (fit["method"], fit["test"]) == ("REML", "knha"))
    assert_allclose((pooled.estimate, pooled.ci_low, pooled.ci_high, pooled.tau2),
                    [expected[name] for name in ("estimate", "ci_low", "ci_high", "tau2")], rtol=1e-8)


@pytest.mark.parametrize("options, words", [
    ({"tau2": "reml"}, "tau2 is 'reml'. It is one of FE, DL"),
    ({"test": "knha"}, "test is 'knha'. It is one of z, hksj, hksj-floor"),
    ({"level": 95}, "level is 95. It lies between 0 and 1"),
    ({"level": math.nan}, "level is nan"),
])
def test_an_unknown_option_names_what_is_known(options, words):
    with pytest.raises(PoolingError, match=words.replace("(", r"\(")):
        pool([0.1, 0.2], [0.1, 0.1], **options)


@pytest.mark.parametrize("starts", [[], [1], [0, 0], [0, 2], [0, 3], [0.0, 1.0], [[0]]])
def test_starts_that_leave_an_analysis_empty_are_refused(starts):
    with pytest.raises(PoolingError, match="starts"):
        pool_batch([0.1, 0.2], [0.1, 0.1], starts)


def test_lengths_that_do_not_fit_are_refused():
    with pytest.raises(PoolingError, match="yi has 2 rows and vi has 1"):
        pool([0.1, 0.2], [0.1])


def test_numbers_beyond_double_precision_are_refused_in_words():
    with pytest.raises(PoolingError, match="Row 1: .*double precision"):
        pool([0.0, 1e200], [1e-200, 1e-200])


def test_no_studies_are_refused():
    with pytest.raises(PoolingError, match="at least one number"):
        pool([], [])
