"""trochlea pool: what may be asked of a pool beside its numbers, and what it says of columns and of variances."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis.effects import MEASURES
from analysis.models import regress
from analysis.robustness.fail_safe import WARNING
from analysis.robustness.power import smd_variance
from flows.commands.pool import command
from tests.metafor_answers import BCG, UNIVARIATE, read
from tests.test_pool_command import HOSTILE, KEYS, analyses, effects_file, faults, run, write

SMALL = read("small_study.json")["cases"]
PAIRS = list(zip(UNIVARIATE, SMALL, strict=True))
CASES = [pytest.param(case, answer, id=case["id"]) for case, answer in PAIRS]
SIDES = {"greater": "higher", "less": "lower"}
SELECTED = [pytest.param(case, fit, id=f"{case['id']}-{fit['side']}") for case, answer in PAIRS
            for fit in answer["selection"]]
PLOTS = [pytest.param(case, plot, id=f"{case['id']}-{plot['method']}") for case, answer in PAIRS
         for plot in answer["baujat"]]
BAYES = Path(__file__).parent / "reference" / "bayes" / "quadrature.json"
FLAT = [pytest.param(case, id=case["id"]) for case in json.loads(BAYES.read_text(encoding="utf-8"))["cases"]
        if case["mu_sd"] is None]
ALL = ("--pet-peese", "--selection", "lower", "--fail-safe", "--baujat", "--prior", "half-cauchy", "--prior-scale",
       "0.5", "--below", "0", "--power", "-0.2")
NAMES = ["pet_peese", "selection", "fail_safe", "baujat", "posterior", "power"]


@pytest.mark.parametrize("case, answer", CASES)
def test_pet_peese_comes_out_of_the_command(tmp_path, case, answer):
    """small_study.json: R lm."""
    path = effects_file(tmp_path, case)
    found = analyses(path, "--pet-peese")[0]["pet_peese"]
    for name in ("pet", "peese"):
        for field, value in answer[name].items():
            assert_allclose(found[name][field], value, rtol=1e-8, err_msg=f"{name} {field}")
    assert found["estimate"] == found[found["chosen"].lower()]["estimate"]
    assert f"  {found['chosen']} counts" in run(path, "--pet-peese")


@pytest.mark.parametrize("case, fit", SELECTED)
def test_the_selection_model_comes_out_of_the_command(tmp_path, case, fit):
    """small_study.json: metafor selmodel; tighter in test_robustness_selection."""
    found = analyses(effects_file(tmp_path, case), "--selection", SIDES[fit["side"]])[0]["selection"]
    assert found["favoured"] == SIDES[fit["side"]]
    assert_allclose(found["log_likelihood"], fit["log_likelihood"], rtol=1e-8)
    assert_allclose(found["estimate"], fit["estimate"], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("case, answer", CASES)
def test_the_fail_safe_n_comes_with_its_warning_in_json_and_on_the_screen(tmp_path, case, answer):
    """small_study.json: metafor fsn."""
    path = effects_file(tmp_path, case)
    found = analyses(path, "--fail-safe")[0]["fail_safe"]
    assert (found["n"], found["warning"]) == (answer["fail_safe"], WARNING)
    assert WARNING in re.sub(r"\s+", " ", run(path, "--fail-safe"))


@pytest.mark.parametrize("case, plot", PLOTS)
def test_baujat_comes_out_of_the_command_in_the_order_of_the_rows(tmp_path, case, plot):
    """small_study.json: metafor baujat."""
    names = [HOSTILE, *(f"invented {i}" for i in range(1, len(case["yi"])))]
    path = effects_file(tmp_path, case, study=names)
    rows = analyses(path, "--baujat", "--tau2", plot["method"])[0]["baujat"]
    assert [row["study"] for row in rows] == names
    assert_allclose([row["heterogeneity"] for row in rows], plot["x"], rtol=1e-6, atol=1e-9)
    assert_allclose([row["influence"] for row in rows], plot["y"], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("case", FLAT)
def test_posteriors_come_out_of_the_command(tmp_path, case):
    """quadrature.json: R integrate."""
    path = effects_file(tmp_path, case)
    options = ("--prior", case["prior"], "--prior-scale", case["scale"], "--below", case["bound"])
    found = analyses(path, *options)[0]["posterior"]
    for part in ("mu", "tau", "new"):
        quantiles = [found[part][name] for name in ("median", "low", "high")]
        assert_allclose(quantiles, case[part]["quantiles"], rtol=1e-7, atol=1e-9, err_msg=part)
        assert_allclose(found[part]["mean"], case[part]["mean"], rtol=1e-7, err_msg=part)
    chance, = found["chances"]
    assert_allclose((chance["average"], chance["new"]), case["below"], rtol=1e-7)
    assert "Chance to lie below" in run(path, *options)


def test_power_of_ten_small_studies_is_the_published_one(tmp_path):
    """R package metapower, README: mpower(effect_size=.3, study_size=20, k=10, es_type="d"), 0.5594533."""
    vi = smd_variance(0.3, [10] * 10, [10] * 10)
    path = write(tmp_path, ["yi", "vi"], [(0.3, one) for one in vi])
    found = analyses(path, "--power", "0.3", "--tau2", "FE")[0]["power"]
    assert_allclose(found["power"], 0.5594533, atol=5e-8)
    assert "found with a chance of 55.9 %" in run(path, "--power", "0.3", "--tau2", "FE")


def test_power_rests_on_the_tau2_of_each_analysis(tmp_path):
    path = effects_file(tmp_path, BCG, group=["a", "b"] * 6 + ["c"])
    found = analyses(path, "--power", "-0.2", "--test", "z")
    assert [one["power"]["tau2"] for one in found] == [found[0]["tau2"], found[1]["tau2"], 0]
    assert_allclose([one["power"]["se"] for one in found], [one["se"] for one in found], rtol=1e-12)


def test_everything_at_once_leaves_the_promised_keys_as_they_were(tmp_path):
    path = effects_file(tmp_path, BCG)
    found, = analyses(path, *ALL)
    assert list(found) == [*KEYS, *NAMES]
    assert {name: found[name] for name in KEYS} == analyses(path)[0]
    assert "In the tables stands the logarithm of the risk ratio" in run(path, *ALL, "--measure", "RR")


@pytest.mark.parametrize("k", [1, 2, 3])
def test_everything_asked_of_few_studies_gives_an_answer_or_null(tmp_path, k):
    path = write(tmp_path, ["yi", "vi"], list(zip(BCG["yi"], BCG["vi"], strict=True))[:k])
    found, = analyses(path, *ALL)
    assert (found["selection"], len(found["baujat"])) == (None, 0 if k < 3 else 3)
    assert (found["pet_peese"] is None) == (k < 3)
    assert run(path, *ALL).count("Nothing can be said.") == (3 if k < 3 else 1)


def test_a_group_without_rows_has_no_answers(tmp_path):
    path = write(tmp_path, ["group", "yi", "vi"], [("x", "", ""), ("y", 0.1, 0.1), ("y", 0.2, 0.1)])
    empty, _ = analyses(path, *ALL)
    assert [empty[name] for name in NAMES] == [None, None, None, [], None, None]
    assert "Group x" in run(path, *ALL)


def test_answers_written_to_a_file_stand_in_columns_of_their_own(tmp_path):
    path, out = effects_file(tmp_path, BCG), tmp_path / "out.csv"
    expected, = analyses(path, *ALL)
    run(path, *ALL, "--out", out)
    row, = csv.DictReader(out.open(encoding="utf-8"))
    assert float(row["power_power"]) == expected["power"]["power"]
    assert float(row["posterior_tau_median"]) == expected["posterior"]["tau"]["median"]
    assert float(row["posterior_new_below_0"]) == expected["posterior"]["chances"][0]["new"]
    assert float(row["selection_estimate"]) == expected["selection"]["estimate"]
    assert not any("{" in cell or "[" in cell for cell in row.values())


@pytest.mark.parametrize("options, words", [
    (["--prior", "half-normal"], "--prior and --prior-scale go together"),
    (["--prior-scale", "1"], "--prior and --prior-scale go together"),
    (["--below", "0"], "--below goes with --prior"), (["--power", "nan"], "--power is a finite number"),
    (["--prior", "half-normal", "--prior-scale", "0"], "--prior-scale is a finite number above 0"),
    (["--prior", "half-normal", "--prior-scale", "nan"], "--prior-scale is a finite number above 0"),
    (["--prior", "half-normal", "--prior-scale", "1", "--below", "inf"], "--below is a finite number"),
    (["--prior", "uniform", "--prior-scale", "1"], "is not one of"), (["--selection", "both"], "is not one of"),
    (["--pooling", "PETO", "--fail-safe"], "go with --pooling IV"),
    (["--model", "multilevel", "--power", "1"], "go with --pooling IV and --model random"),
])
def test_questions_that_do_not_fit_are_refused(tmp_path, options, words):
    outcome = CliRunner().invoke(command, [str(effects_file(tmp_path, BCG)), *options])
    assert outcome.exit_code == 2
    assert words in outcome.output


def test_a_prior_far_from_the_effects_is_refused_with_what_to_change(tmp_path):
    fault, = faults(effects_file(tmp_path, BCG), "--prior", "half-normal", "--prior-scale", "1e12")
    assert "differs from the spread of the effects" in fault
    assert fault.endswith("State --prior-scale in the units of the effects (logarithms for ratios).")


def test_a_table_without_effects_is_told_every_set_of_columns(tmp_path):
    fault = faults(write(tmp_path, ["y", "v"], [(1, 2)]))[0]
    for code, measure in MEASURES.items():
        assert re.search(rf"{', '.join(measure.inputs)} \([A-Z ]*\b{code}\b[A-Z ]*\)", fault), code


def test_the_logarithm_of_a_ratio_is_named_as_such(tmp_path):
    text = run(effects_file(tmp_path, BCG), "--measure", "RR")
    assert re.search(r"^  risk ratio +0\.4894 .*\n  log risk ratio +-0\.7145 ", text, re.MULTILINE)


def test_variances_far_apart_leave_the_slope_its_digits():
    """Invented. With one study that outweighs all others the line runs through it: the slope is theirs about it."""
    yi, x = np.array([0.5, 1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0, 5.0])
    vi = np.array([1e-6, 1e6, 2e6, 4e6])
    weights, from_first = 1 / vi[1:], x[1:] - x[0]
    expected = (weights * from_first * (yi[1:] - yi[0])).sum() / (weights * from_first**2).sum()
    found = regress(yi, vi, x[None], ("x",), tau2="FE", test="z")
    assert_allclose(found.coefficients[1].estimate, expected, rtol=1e-11)


def test_variances_too_far_apart_for_a_regression_are_refused_in_a_sentence(tmp_path):
    """Invented variances, 1e19 apart."""
    path = write(tmp_path, ["yi", "vi", "dose"], [(0.5, 1e-9, 1), (1, 1e10, 2), (2, 2e10, 3), (4, 4e10, 5)])
    fault, = faults(path, "--moderator", "dose")
    assert fault.startswith("The variances of the studies differ by a factor of 4e+19, too far for one model in double "
                            "precision: a few studies outweigh all others.")


def test_questions_about_a_study_that_outweighs_all_others_are_answered_or_null(tmp_path):
    """Invented variances, 1e19 apart."""
    path = write(tmp_path, ["yi", "vi"], [(0.5, 1e-9), (1, 1e10), (2, 2e10), (4, 4e10)])
    asked = ("--small-study", "--pet-peese", "--selection", "higher", "--fail-safe", "--baujat", "--power", "1")
    found, = analyses(path, *asked)
    assert found["small_study"]["trim_and_fill"] is None
    assert_allclose(found["power"]["se"], 1e-9**0.5, rtol=1e-9)
    assert run(path, *asked).startswith("4 studies")
