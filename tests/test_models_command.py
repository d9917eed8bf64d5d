"""trochlea pool beyond one mean: factors, formulas, subgroups, multilevel models and networks."""

import csv
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis.models import fit_multilevel, fit_network, trials_from_arms
from flows.commands.pool import command
from tests.metafor_answers import BCG, MODELS, read
from tests.test_pool_command import HOSTILE, KEYS, analyses, effects_file, faults, run, write

MODERATORS, NETWORKS = read("moderators.json"), read("network.json")["cases"]
EXACT = ("--shared-arm", "variance")
SENN = next(case for case in MODELS if case["kind"] == "network")
SCHOOLS = next(case for case in MODELS if case["kind"] == "multilevel")
SMOKING = NETWORKS[1]


def schools(folder, **columns):
    given = SCHOOLS["input"]
    return effects_file(folder, given, cluster=given["cluster"], **columns)


def senn(folder):
    rows = [(arm["study"], arm["treatment"], arm["ni"], arm["mi"], arm["sdi"]) for arm in SENN["input"]["arms"]]
    return write(folder, ["study", "treatment", "n", "mean", "sd"], rows)


def smoking(folder):
    arms = SMOKING["arms"]
    return write(folder, ["study", "treatment", "n", "events"],
                 zip(arms["study"], arms["treatment"], arms["n"], arms["events"], strict=True))


def refusal(*arguments):
    outcome = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert outcome.exit_code == 2
    return outcome.output


@pytest.mark.parametrize("options", [["--moderator", "alloc"], ["--formula", "~ alloc"]])
def test_a_column_of_words_is_a_factor_whose_first_level_is_named(tmp_path, options):
    """moderators.json."""
    expected = next(fit for fit in MODERATORS["fits"] if (fit["id"], fit["test"]) == ("~ alloc", "knha"))
    path = effects_file(tmp_path, MODERATORS, alloc=MODERATORS["alloc"])
    found, = analyses(path, *options)
    assert_allclose([row["estimate"] for row in found["coefficients"]], expected["estimate"], rtol=1e-9)
    assert_allclose((found["qm"], found["qm_p_value"]), (expected["qm"], expected["qm_p_value"]), rtol=1e-9)
    assert found["factors"] == [{"name": "alloc", "reference": "alternate",
                                 "levels": ["alternate", "random", "systematic"]}]
    assert "alloc: compared with alternate" in run(path, *options)


def test_an_interaction_by_formula_gives_the_numbers_of_metafor(tmp_path):
    """moderators.json."""
    expected = next(fit for fit in MODERATORS["fits"] if (fit["id"], fit["test"]) == ("~ ablat * alloc", "z"))
    path = effects_file(tmp_path, MODERATORS, alloc=MODERATORS["alloc"], ablat=MODERATORS["ablat"])
    found, = analyses(path, "--formula", "~ ablat * alloc", "--test", "z")
    assert_allclose([row["se"] for row in found["coefficients"]], expected["se"], rtol=1e-9)
    assert [row["name"] for row in found["coefficients"]][-1] == "ablat:alloc[T.systematic]"


def test_each_group_has_the_levels_of_its_own_rows(tmp_path):
    """An invented factor with a level that one group lacks."""
    path = effects_file(tmp_path, BCG, group=["x"] * 6 + ["y"] * 7, invented=["p", "q"] * 3 + ["p", "r"] * 3 + ["p"])
    first, second = analyses(path, "--moderator", "invented")
    assert first["factors"][0]["levels"] == ["p", "q"]
    assert second["factors"][0]["levels"] == ["p", "r"]


@pytest.mark.parametrize("kind", ["separate", "common"])
def test_subgroups_stand_beside_the_whole(tmp_path, kind):
    """moderators.json."""
    expected = next(one for one in MODERATORS["subgroups"] if one["test"] == "knha")[kind]
    path = effects_file(tmp_path, MODERATORS, alloc=MODERATORS["alloc"])
    found, = analyses(path, "--subgroup", "alloc", "--subgroup-tau2", kind)
    whole, = analyses(path)
    assert_allclose([row["estimate"] for row in found["subgroups"]], expected["estimate"], rtol=1e-9)
    assert_allclose((found["q_between"], found["q_between_p_value"]), (expected["q"], expected["p_value"]), rtol=1e-9)
    assert {name: found[name] for name in KEYS} == whole
    assert "Between subgroups: P" in run(path, "--subgroup", "alloc", "--subgroup-tau2", kind)


def test_a_multilevel_model_has_the_promised_keys(tmp_path):
    """models.json, metafor rma.mv and robust(); 1e-7 is what its optimiser leaves."""
    found, = analyses(schools(tmp_path), "--model", "multilevel", "--test", "z")
    expected = SCHOOLS["answer"]
    names = ("estimate", "se", "ci_low", "ci_high", "robust_se", "robust_ci_low", "robust_ci_high", "sigma2")
    for name in names:
        assert_allclose(found[name], expected[name], rtol=1e-7, err_msg=name)
    assert list(found)[:len(KEYS)] == KEYS
    assert (found["k"], found["clusters"], found["robust_kind"], found["robust_df"]) == (56, 11, "CR1", 10)
    assert (found["tau2"], found["status"]) == (None, ["ok"])


def test_a_multilevel_model_takes_moderators_cr2_and_component_intervals(tmp_path):
    given = SCHOOLS["input"]
    invented = ["early" if i % 3 else "late" for i in range(56)]
    path = schools(tmp_path, invented=invented)
    found, = analyses(path, "--model", "multilevel", "--moderator", "invented", "--robust", "CR2",
                      "--component-intervals")
    assert [row["name"] for row in found["coefficients"]] == ["intercept", "invented[T.late]"]
    assert found["coefficients"][1]["robust_df"] < 11 and found["robust_kind"] == "CR2"
    plain = fit_multilevel(given["yi"], given["vi"], given["cluster"], component_intervals=True)
    alone, = analyses(path, "--model", "multilevel", "--component-intervals")
    assert_allclose(alone["sigma2_ci"], plain.sigma2_ci, rtol=1e-9)
    assert (found["estimate"], found["status"]) == (None, ["moderators", "wald-used"])
    assert "CR2" in run(path, "--model", "multilevel", "--robust", "CR2", "--component-intervals")


def test_large_numbers_of_clusters_in_parquet_are_told_apart(tmp_path):
    given = SCHOOLS["input"]
    labels = [10_000_000 + int(label) for label in given["cluster"]]
    path = tmp_path / "schools.parquet"
    pq.write_table(pa.table({"yi": given["yi"], "vi": given["vi"], "cluster": labels}), path)
    found, = analyses(path, "--model", "multilevel")
    assert found["clusters"] == 11


def test_a_network_of_means_has_the_promised_keys(tmp_path):
    """network.json, metafor's model of arms; 1e-7 is what its optimiser leaves."""
    found, = analyses(senn(tmp_path), "--model", "network", "--reference", "placebo", "--test", "z", *EXACT)
    expected = NETWORKS[0]["fits"][1]
    assert [row["treatment"] for row in found["treatments"]] == expected["treatments"]
    assert list(found["treatments"][0]) == ["treatment", "estimate", "se", "ci_low", "ci_high", "p_value"]
    assert_allclose([row["estimate"] for row in found["treatments"]], expected["estimate"], rtol=1e-7)
    assert_allclose((found["tau2"], found["q"]), (expected["tau2"], expected["q"]), rtol=1e-7)
    assert (found["k"], found["q_df"], found["reference"], found["measure"]) == (26, 18, "placebo", "MD")
    assert list(found)[:len(KEYS)] == KEYS


def test_a_network_can_let_contrasts_covary_by_sizes_as_vcalc(tmp_path):
    """models.json: the Senn network with vcalc's covariances."""
    options = ["--model", "network", "--reference", "placebo", "--shared-arm", "sizes", "--test", "z"]
    for method, estimate, se in (("REML", "estimate", "se"), ("FE", "fixed_estimate", "fixed_se")):
        found, = analyses(senn(tmp_path), *options, "--tau2", method)
        for ours, theirs in (("estimate", estimate), ("se", se)):
            assert_allclose([row[ours] for row in found["treatments"]], SENN["answer"][theirs], rtol=1e-8)
        assert_allclose(found["q"], SENN["answer"]["Q"], rtol=1e-12)


def test_a_network_of_events_corrects_every_arm_of_a_study_with_a_zero(tmp_path):
    """network.json: Hasselblad, log odds of the arms with 0.5 in the studies that have a zero cell."""
    found, = analyses(smoking(tmp_path), "--model", "network", "--reference", "no_contact", "--measure", "OR", *EXACT)
    expected = SMOKING["fits"][1]
    assert_allclose([row["estimate"] for row in found["treatments"]], expected["estimate"], rtol=1e-7)
    assert_allclose(found["tau2"], expected["tau2"], rtol=1e-7)
    assert found["status"] == ["wald-used"]
    assert "logarithm of the odds ratio" in run(smoking(tmp_path), "--model", "network", "--reference", "no_contact",
                                                "--measure", "OR")


@pytest.mark.parametrize("measure", ["RR", "RD"])
def test_risks_of_arms_are_compared_as_the_effects_of_two_groups_are(tmp_path, measure):
    """Invented trials of two arms: the same numbers as from tables."""
    tables = [(3, 20, 5, 22), (10, 40, 20, 41), (7, 33, 9, 30)]
    arms = [row for i, (a, n1, c, n2) in enumerate(tables) for row in ((i, "new", n1, a), (i, "old", n2, c))]
    path = write(tmp_path, ["study", "treatment", "n", "events"], arms)
    found, = analyses(path, "--model", "network", "--reference", "old", "--measure", measure, *EXACT)
    pairs, = analyses(write(tmp_path, ["ai", "n1i", "ci", "n2i"], tables), "--measure", measure, "--test", "z")
    assert_allclose([found["treatments"][0]["estimate"], found["tau2"], found["q"]],
                    [pairs["estimate"], pairs["tau2"], pairs["q"]], rtol=1e-9, atol=1e-12)


def test_arms_that_cannot_be_used_are_listed_and_take_their_partner_along(tmp_path):
    rows = [("1", "a", 20, 3, 1), ("1", "b", "", 4, 1), ("2", "a", 20, 3, 1), ("2", "b", 20, 4, 1),
            ("3", "a", 20, 2, 1), ("3", "b", 20, 4, 1), ("4", "a", 9, 1, 0), ("4", "b", 9, 1, 2), ("4", "c", 9, 2, 2),
            ("5", "b", 9, 1, 2), ("5", "c", 9, 2, 2)]
    found, = analyses(write(tmp_path, ["study", "treatment", "n", "mean", "sd"], rows), "--model", "network",
                      "--reference", "a")
    assert [(row["line"], row["code"]) for row in found["left_out"]] == [
        (2, "one-arm"), (3, "missing"), (8, "sd-zero")]
    assert (found["k"], found["status"][-1]) == (4, "rows-left-out")


def test_each_group_is_a_network_of_its_own(tmp_path):
    arms = SENN["input"]["arms"]
    rows = [(group, arm["study"], arm["treatment"], arm["ni"], arm["mi"], arm["sdi"]) for group in "xy" for arm in arms]
    first, second = analyses(write(tmp_path, ["group", "study", "treatment", "n", "mean", "sd"], rows), "--model",
                             "network", "--reference", "placebo")
    assert first["group"] == "x" and second["group"] == "y"
    assert first["treatments"] == second["treatments"]


def test_a_network_without_a_usable_trial_is_still_reported(tmp_path):
    path = write(tmp_path, ["study", "treatment", "n", "mean", "sd"], [("1", "a", 3, 1, 1)])
    found, = analyses(path, "--model", "network", "--reference", "a")
    assert (found["k"], found["status"]) == (0, ["no-studies", "rows-left-out"])
    assert "No row could be used" in run(path, "--model", "network", "--reference", "a")


def test_a_disconnected_network_is_refused_with_its_parts(tmp_path):
    rows = [("1", "a", 9, 1, 1), ("1", "b", 9, 1, 1), ("2", "c", 9, 1, 1), ("2", HOSTILE, 9, 1, 1)]
    fault, = faults(write(tmp_path, ["study", "treatment", "n", "mean", "sd"], rows), "--model", "network",
                    "--reference", "a")
    assert "falls into 2 parts with no trial between them" in fault
    assert HOSTILE[:40] in fault


@pytest.mark.parametrize("row, words", [
    (("2", "b", 0, 1, 1), "fewer than one person"), (("2", "b", 9, 1, -1), "below 0"),
    (("2", "", 9, 1, 1), "Every row belongs to a treatment"), (("", "b", 9, 1, 1), "Every row belongs to a study"),
    (("1", "b", 9, 1, 1), "more than one arm of 'b'"), (("2", "b", "many", 1, 1), "'many'"),
    (("2", "=1+1", 9, 1, 1), "formula"),
])
def test_an_arm_that_cannot_be_is_refused(tmp_path, row, words):
    rows = [("1", "a", 9, 1, 1), ("1", "b", 9, 1, 1), ("2", "a", 9, 1, 1), row]
    path = write(tmp_path, ["study", "treatment", "n", "mean", "sd"], rows)
    assert any(words in fault for fault in faults(path, "--model", "network", "--reference", "a"))


def test_a_network_names_the_columns_that_it_lacks(tmp_path):
    missing = faults(effects_file(tmp_path, BCG), "--model", "network", "--reference", "a")
    assert [fault.split(":")[0] for fault in missing] == [
        f"line 1, {name}" for name in ("study", "treatment", "n", "mean", "sd")]


@pytest.mark.parametrize("options, words", [
    (["--model", "network"], "--model network needs --reference"),
    (["--model", "network", "--reference", "a", "--measure", "SMD"], "goes with --measure MD or OR or RR or RD"),
    (["--model", "network", "--reference", "a", "--tau2", "SJ"], "goes with --tau2 FE or DL"),
    (["--model", "network", "--reference", "a", "--moderator", "x"], "do not go with --model network"),
    (["--model", "multilevel", "--tau2", "DL"], "goes with --tau2 REML or ML"),
    (["--model", "multilevel", "--leave-one-out"], "go with --model random"),
    (["--model", "multilevel", "--subgroup", "x"], "go with --model random"),
    (["--moderator", "x", "--formula", "~ x"], "not by both"),
    (["--pooling", "MH", "--measure", "OR", "--model", "multilevel"], "go with --pooling IV"),
    (["--subgroup-tau2", "some"], "is not one of"), (["--robust", "CR9"], "is not one of"),
])
def test_models_and_options_that_do_not_fit_are_refused(tmp_path, options, words):
    assert words in " ".join(refusal(effects_file(tmp_path, BCG), *options).split())


@pytest.mark.parametrize("options, words", [
    (["--model", "multilevel"], "line 1, cluster: the column is missing"),
    (["--subgroup", "alloc"], "line 1, alloc: the column is missing"),
    (["--formula", "~ nope"], "line 1, nope: the column is missing"),
    (["--formula", "~ __import__('os')"], "Write it as in --help"),
    (["--formula", "~ yi - 1"], "keeps its intercept"),
])
def test_columns_and_formulas_that_are_not_there_are_named(tmp_path, options, words):
    assert any(words in fault for fault in faults(effects_file(tmp_path, BCG), *options))


@pytest.mark.parametrize("options", [["--moderator", "invented"], ["--model", "multilevel"]])
def test_a_group_that_cannot_be_fitted_is_named(tmp_path, options):
    """Invented: the second group has one level, one cluster."""
    path = effects_file(tmp_path, BCG, group=["x"] * 10 + ["y"] * 3, invented=["p", "q"] * 5 + ["p"] * 3,
                        cluster=["1", "2", "2"] * 3 + ["1"] + ["3"] * 3)
    fault, = faults(path, *options)
    assert fault.startswith("Group y: ")


def test_a_factor_with_a_gap_or_a_hostile_cell_is_refused_in_place(tmp_path):
    words = ["a", "", "=cmd()", *["b"] * 10]
    empty, formula = faults(effects_file(tmp_path, BCG, invented=words), "--moderator", "invented")
    assert empty.startswith("line 3, invented: the cell is empty")
    assert formula.startswith("line 4, invented:") and "formula" in formula


def test_hostile_names_of_levels_and_treatments_stay_text(tmp_path):
    path = effects_file(tmp_path, BCG, invented=[HOSTILE, "b"] * 6 + ["b"])
    found, = analyses(path, "--moderator", "invented")
    assert found["factors"][0]["reference"] == HOSTILE
    assert HOSTILE in run(path, "--moderator", "invented")


@pytest.mark.parametrize("options", [["--model", "multilevel"], ["--subgroup", "cluster"], ["--moderator", "cluster"]])
def test_results_of_models_can_be_written_to_a_file(tmp_path, options):
    out = tmp_path / "out.csv"
    run(effects_file(tmp_path, BCG, cluster=["a", "b", "c"] * 4 + ["a"]), *options, "--out", out)
    row, = csv.DictReader(out.open(encoding="utf-8"))
    assert row["k"] == "13"
    assert not any("[" in value or "{" in value for value in row.values())
    if "multilevel" in options:
        assert float(row["sigma2_between"]) >= 0 and float(row["sigma2_within"]) >= 0


def test_the_command_gives_what_the_models_give(tmp_path):
    found, = analyses(smoking(tmp_path), "--model", "network", "--reference", "no_contact", "--measure", "OR", *EXACT)
    arms = SMOKING["arms"]
    plain = fit_network(trials_from_arms(arms["study"], arms["treatment"], SMOKING["yi"], SMOKING["vi"]), "no_contact")
    assert_allclose([row["se"] for row in found["treatments"]], [row.se for row in plain.treatments], rtol=1e-9)
    assert sum(edge["trials"] for edge in found["comparisons"]) == sum(edge.trials for edge in plain.edges)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert np.isfinite(found["tau2_ci"]).all()
