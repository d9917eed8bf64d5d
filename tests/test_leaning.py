"""How far a pooled result leans on time, on single studies and on small ones: from effects to the results document."""

import json
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from analysis.results import Robustness
from analysis.synthesis.leaning import look_at_robustness
from tests.fixtures_bcg import bcg_result
from tests.fixtures_invented import invented_effect

BCG = json.loads((Path(__file__).parent / "reference" / "pages" / "bcg.json").read_text())
FOUND = look_at_robustness(bcg_result().effects, bcg_result().comparison)


@pytest.mark.parametrize("step, expected", list(zip(FOUND.cumulative, BCG["cumulative"], strict=True)))
def test_each_step_of_the_bcg_trials_by_year_agrees_with_metafor(step, expected):
    """bcg.json: rma of the first n trials by year, at tight control."""
    names = ("k", "estimate", "ci_low", "ci_high", "p_value")
    assert_allclose([getattr(step, name) for name in names], [expected[name] for name in names], rtol=1e-6)
    if step.k > 1:
        assert_allclose((step.tau2, step.i2), (expected["tau2"], expected["i2"]), rtol=1e-6, atol=1e-6)


def test_trials_join_by_year_and_bring_their_people():
    effects = bcg_result().effects
    assert [step.study for step in FOUND.cumulative] == [effects[place - 1].study for place in BCG["order"]]
    assert FOUND.cumulative[-1].n_total == bcg_result().n_total


def test_a_study_without_a_year_joins_last_and_uncounted_people_stay_uncounted():
    effects = (invented_effect("undated", 0.1, year=None), invented_effect("late", 0.2, year=2020, n_total=None),
               invented_effect("early", 0.3, year=1990))  # fmt: skip
    steps = look_at_robustness(effects, bcg_result().comparison).cumulative
    assert [(step.study, step.n_total) for step in steps] == [("early", 40), ("late", None), ("undated", None)]


@pytest.mark.parametrize("name", list(BCG["influence"][0]))
def test_the_influence_of_each_bcg_trial_agrees_with_metafor(name):
    """bcg.json: influence() and baujat() of the REML fit at tight control."""
    found, expected = ([row[name] for row in rows] for rows in ([vars(s) for s in FOUND.influence], BCG["influence"]))
    assert_allclose(found, expected, rtol=1e-5, atol=1e-8)
    assert [study.study for study in FOUND.influence] == [effect.study for effect in bcg_result().effects]


def test_small_study_effects_of_the_bcg_trials_agree_with_metafor():
    """bcg.json: regtest(model="lm"), ranktest(exact=FALSE), trimfill(estimator="L0") fitted again at tight control.

    The centre of the mirror images carries metafor's default convergence, 1e-5 in tau2.
    """
    small, expected = FOUND.small_studies, BCG["small_studies"]
    for name in ("egger_t", "egger_df", "egger_p_value", "begg_tau", "begg_p_value"):
        assert_allclose(getattr(small, name), expected[name], rtol=1e-9)
    filled = small.trim_and_fill
    assert filled.side == expected["side"]
    assert_allclose([astuple(study) for study in filled.imputed],
                    [(study["yi"], study["sei"]) for study in expected["imputed"]], rtol=2e-5)  # fmt: skip
    for name in ("estimate", "ci_low", "ci_high"):
        assert_allclose(getattr(filled, name), expected[name], rtol=5e-5)


def test_what_needs_more_studies_is_not_said_with_fewer():
    """Two for steps, three for influence, ten for small-study effects (Sterne 2011, doi:10.1136/bmj.d4002)."""
    effects, comparison = bcg_result().effects, bcg_result().comparison
    assert look_at_robustness(effects[:1], comparison) == Robustness()
    two, nine, ten = (look_at_robustness(effects[:count], comparison) for count in (2, 9, 10))
    assert (len(two.cumulative), two.influence, two.small_studies) == (2, (), None)
    assert (len(nine.influence), nine.small_studies) == (9, None)
    assert ten.small_studies is not None


def test_a_common_effect_is_common_in_every_step():
    comparison = replace(bcg_result().comparison, model="common")
    found = look_at_robustness(bcg_result().effects, comparison)
    assert {step.tau2 for step in found.cumulative[1:]} == {0.0}
    assert_allclose(found.cumulative[-1].estimate, BCG["choices"]["model=common"]["estimate"], rtol=1e-9)
    assert {study.tau2 for study in found.influence} == {0.0}
