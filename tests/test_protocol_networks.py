"""Networks from CSV and TOML to metafor's figures, what keeps treatments apart, and what a protocol may not ask."""

import pytest
from numpy.testing import assert_allclose

from analysis.faults import InputError
from analysis.models.inconsistency import split_q
from analysis.results import NotFitted
from tests.metafor_answers import read
from tests.tables_as_reviews import contrast, network_of, write_arms, write_study
from tests.test_network import trials_of

CASES = {case["id"]: case for case in read("network.json")["cases"]}
SPLITS = {case["id"]: case for case in read("inconsistency.json")["cases"]}
SENN = CASES["senn2013"]
TREATMENTS = sorted(set(SENN["arms"]["treatment"]))


def fit_of(method):
    return next(fit for fit in SENN["fits"] if fit["method"] == method)


@pytest.mark.parametrize("model, method", [("random", "REML"), ("common", "FE")])
def test_a_network_agrees_with_metafor(tmp_path, model, method):
    """network.json: Senn 2013, 26 trials of ten treatments, one of three arms; metafor's optimiser is 1e-7 off."""
    write_arms(tmp_path, SENN["arms"], ("n", "mean", "sd"))
    found, expected = network_of(tmp_path, TREATMENTS, "placebo", f'model = "{model}"'), fit_of(method)
    by_name = {one.experimental: one for one in found.against_reference}
    for name in ("estimate", "se"):
        ours = [getattr(by_name[treatment], name) for treatment in expected["treatments"]]
        assert_allclose(ours, expected[name], rtol=2e-7, err_msg=name)
    assert_allclose((found.tau2, found.q), (expected["tau2"], expected["q"]), rtol=2e-7)
    assert (len(found.trials), found.q_df, len(found.league)) == (26, expected["q_df"], 45)


@pytest.mark.parametrize("name", SPLITS)
def test_q_within_and_between_designs_agrees_with_metafor(name):
    """inconsistency.json: a common effect, with treatment effects of its own for each design."""
    case, expected = CASES[name], SPLITS[name]
    others = tuple(sorted(set(case["arms"]["treatment"]) - {case["reference"]}))
    found = split_q(trials_of(case), others)
    assert_allclose((found.within, found.between), (expected["within"], expected["between"]), rtol=1e-9)
    assert (found.within_df, found.between_df) == (expected["within_df"], expected["between_df"])


def test_a_network_counts_direct_trials_and_people(tmp_path):
    """Senn 2013: Willms 1999 compares three treatments, and so three pairs."""
    write_arms(tmp_path, SENN["arms"], ("n", "mean", "sd"))
    found = network_of(tmp_path, TREATMENTS, "placebo")
    willms = next(trial for trial in found.trials if trial.label == "Willms (1999)")
    assert willms.treatments == ("acarbose", "metformin", "placebo") and len(willms.effects) == 3
    assert sum(len(edge.studies) for edge in found.edges) == 25 + 3
    assert found.n_total == sum(SENN["arms"]["n"])


def pair(first, second, yi, vi=0.04, **more):
    return contrast(yi, vi, **more) | {"experimental": first, "control": second}


def test_treatments_that_nothing_connects_with_the_reference_are_named_and_kept_apart(tmp_path):
    for place, (first, second) in enumerate([("a", "b"), ("b", "c"), ("a", "c"), ("d", "e")]):
        write_study(tmp_path / "data", f"trial {place}", "contrasts", [pair(first, second, 0.1 * place)])
    found = network_of(tmp_path, ("a", "b", "c", "d", "e", "f"), "a")
    assert found.not_fitted is None
    assert found.apart == (("d", "e"),) and [trial.label for trial in found.apart_trials] == ["trial 3"]
    assert found.unstudied == ("f",)
    assert [one.experimental for one in found.against_reference] == ["b", "c"]


def test_without_a_spare_trial_a_common_effect_is_fitted_and_said(tmp_path):
    for place, (first, second) in enumerate([("a", "b"), ("b", "c")]):
        write_study(tmp_path / "data", f"trial {place}", "contrasts", [pair(first, second, 0.1 + place)])
    found = network_of(tmp_path, ("a", "b", "c"), "a")
    assert (found.tau2_method, found.status, found.q_df) == ("FE", ("no-spare-trials",), 0)
    assert_allclose(found.league[1].estimate, 0.1 + 1.1, rtol=1e-12)  # a - c, through b
    assert_allclose(found.league[1].se, 0.08**0.5, rtol=1e-12)


@pytest.mark.parametrize("trials, found", [([("a", "b")], 2), ([("b", "c")], 0)])
def test_too_small_a_network_says_so_and_is_no_fault(tmp_path, trials, found):
    for place, (first, second) in enumerate(trials):
        write_study(tmp_path / "data", f"trial {place}", "contrasts", [pair(first, second, 0.3)])
    assert network_of(tmp_path, ("a", "b", "c"), "a").not_fitted == NotFitted("too-few", needs=3, found=found)


def test_every_row_of_a_network_is_used_or_left_out_once(tmp_path):
    """A trial measured twice enters with the preferred time; a doubtful row and a part of the people stay out."""
    rows = [pair("a", "b", 0.1, followup_weeks=6), pair("a", "b", 0.2, followup_weeks=12)]
    write_study(tmp_path / "data", "twice", "contrasts", rows)
    write_study(tmp_path / "data", "part", "contrasts", [pair("b", "c", 0.1, followup_weeks=8, subgroup="women")])
    write_study(tmp_path / "data", "whole", "contrasts", [pair("b", "c", 0.1, followup_weeks=8)])
    found = network_of(tmp_path, ("a", "b", "c"), "a", "window_weeks = [4, 20]\ntarget_weeks = 12")
    used = [ref.line for trial in found.trials for effect in trial.effects for ref in effect.refs]
    assert (len(used), [one.code for one in found.left_out]) == (2, ["other-row-used", "subgroup"])
    assert {effect.followup_weeks for trial in found.trials for effect in trial.effects} == {12, 8}


@pytest.mark.parametrize(
    "treatments, reference, keys, message",
    [
        pytest.param(("a", "b", "c"), "d", "", "[network] reference: found 'd'. Use one of a, b, c of treatments.",
                     id="a reference that is none of them"),
        pytest.param(("a", "b"), "a", "", "[network] treatments: 2 treatments. A network has three treatments or more; "
                     "of two, ask a [[comparison]].", id="two treatments"),
        pytest.param(("a", "b", "c"), "a", 'tau2 = "SJ"',
                     "[network] tau2: found 'SJ'. Use one of DL, PM, REML, ML, EB.",
                     id="an estimator that depends on the order of arms"),
        pytest.param(("a", "b", "c"), "a", 'measure = "MD"\nrescale_to = [0, 10]',
                     "[network] instruments: 'scale' has no range. rescale_to needs the range of each instrument.",
                     id="no range to bring to another"),
    ],
)  # fmt: skip
def test_a_fault_of_a_network_names_its_key(tmp_path, treatments, reference, keys, message):
    write_study(tmp_path / "data", "trial", "contrasts", [pair("a", "b", 0.3)])
    with pytest.raises(InputError) as caught:
        network_of(tmp_path, treatments, reference, keys)
    assert any(message in str(fault) for fault in caught.value.faults), caught.value.faults
