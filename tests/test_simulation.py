"""Bootstrap, permutation and sets of studies against metafor, and what must hold of any draws."""

import sys

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose, assert_array_equal

from analysis.faults import InputError
from analysis.models import permute
from analysis.models.design import make_design
from analysis.models.designs import arranged
from analysis.models.residual_tau2 import estimate_tau2
from analysis.pooling import TAU2_ESTIMATORS, estimate_batch, pool, pool_batch
from analysis.robustness import bootstrap, gosh
from analysis.robustness.gosh import random_sets, tally
from flows.commands.pool import command
from tests.metafor_answers import BCG, TESTS_BY_METAFOR, read
from tests.test_pool_command import analyses, effects_file, run, write

SIMULATION = read("simulation.json")
PERMUTED = [pytest.param(case, id=f"{' '.join(np.atleast_1d(case['moderators']))}-{case['method']}-{case['test']}")
            for case in SIMULATION["permutations"]]
SETS = [pytest.param(case, id=case["method"]) for case in SIMULATION["sets"]]
METHODS = pytest.mark.parametrize("method", TAU2_ESTIMATORS)
INVENTED = np.random.default_rng(63)
YI, VI, COLUMNS = INVENTED.normal(0, 0.5, 9), INVENTED.uniform(0.02, 0.5, 9), INVENTED.normal(size=(2, 9))


@pytest.mark.parametrize("case", PERMUTED)
def test_exact_permutation_agrees_with_metafor_to_every_arrangement(case):
    """simulation.json, metafor 3.8-1 permutest(exact = TRUE): a P is a count over a count, so nothing may differ."""
    names = tuple(np.atleast_1d(case["moderators"]).tolist())
    found = permute(SIMULATION["yi"], SIMULATION["vi"], [SIMULATION[name] for name in names], names, most=10_000,
                    tau2=case["method"], test=TESTS_BY_METAFOR[case["test"]])
    assert (found.every, found.seed) == (True, None)
    assert_allclose([row.p_value for row in found.coefficients], case["p_value"], rtol=1e-12)
    assert_allclose(found.qm_p_value, case["qm_p_value"], rtol=1e-12)


@METHODS
def test_the_engine_fits_many_regressions_as_it_fits_one(method):
    orders = np.array([np.random.default_rng(seed).permutation(9) for seed in range(20)])
    design = make_design(YI, VI, COLUMNS)
    together = TAU2_ESTIMATORS[method](arranged(design, orders)).tau2
    alone = [estimate_tau2(make_design(YI, VI, COLUMNS[:, order]), method) for order in orders]
    assert_allclose(together, alone, rtol=1e-9, atol=1e-10)


def test_arrangements_at_random_follow_the_seed_and_approach_the_exact_p(monkeypatch):
    """The standard error of a P of 5,000 arrangements is at most 0.5 / sqrt(5000); four of them are allowed."""
    names = ("ablat", "year")
    columns = [SIMULATION[name] for name in names]
    exact = permute(SIMULATION["yi"], SIMULATION["vi"], columns, names, most=6_000, tau2="DL", test="z")
    drawn = permute(SIMULATION["yi"], SIMULATION["vi"], columns, names, most=5_000, tau2="DL", test="z", seed=4)
    assert (exact.arrangements, drawn.arrangements, drawn.every) == (5040, 5000, False)
    for one, other in zip(exact.coefficients, drawn.coefficients, strict=True):
        assert abs(one.p_value - other.p_value) <= 4 * 0.5 / np.sqrt(5_000)
    monkeypatch.setattr(sys.modules[permute.__module__], "ROWS_AT_ONCE", 700)
    again = permute(SIMULATION["yi"], SIMULATION["vi"], columns, names, most=5_000, tau2="DL", test="z", seed=4)
    assert again == drawn


@pytest.mark.parametrize("case", SETS)
def test_the_pools_of_all_sets_agree_with_metafor(case):
    """simulation.json, metafor 3.8-1 gosh; the sets compared in the order of their estimates."""
    found = gosh(SIMULATION["yi"][:5], SIMULATION["vi"][:5], tau2=case["method"])
    assert (found.sets, found.every, found.seed) == (2**5 - 5 - 1, True, None)
    ours, theirs = np.argsort(found.estimates), np.argsort(case["estimate"])
    assert_allclose(found.estimates[ours], np.array(case["estimate"])[theirs], rtol=1e-8)
    assert_allclose(found.i2s[ours], np.array(case["i2"])[theirs], rtol=1e-7, atol=1e-9)


def test_sets_at_random_are_as_many_as_asked_for_and_each_has_two_studies():
    blocks = list(random_sets(4, 45_000, np.random.default_rng(1)))
    assert sum(map(len, blocks)) == 45_000
    assert min(block.sum(1).min() for block in blocks) == 2
    share = np.concatenate(blocks).mean(0)
    assert_allclose(share, (2**3 - 1) / (2**4 - 4 - 1), rtol=0, atol=4 * 0.5 / np.sqrt(45_000))


def test_sets_follow_the_seed_and_the_seed_follows_the_data():
    first, second = (gosh(BCG["yi"], BCG["vi"], most=500, seed=seed) for seed in (None, None))
    assert first.seed == second.seed and (first.estimates == second.estimates).all()
    assert gosh(BCG["yi"], BCG["vi"], most=500, seed=first.seed + 1).estimate != first.estimate
    counts, across, up = tally(first, 60, 40)
    assert counts.sum() == 500
    assert across[0] < first.estimate.min and across[-1] > first.estimate.max and (up[0], up[-1]) == (0, 100)


def test_two_studies_have_but_one_set():
    assert gosh([0.1, 0.2], [0.1, 0.1]) is None


def test_draws_do_not_depend_on_how_many_are_made_together(monkeypatch):
    found = bootstrap(BCG["yi"], BCG["vi"], draws=500)
    monkeypatch.setattr(sys.modules[bootstrap.__module__], "ROWS_AT_ONCE", 100)
    assert bootstrap(BCG["yi"], BCG["vi"], draws=500) == found
    assert bootstrap(BCG["yi"], BCG["vi"], draws=500, seed=1) != found


def test_the_bootstrap_of_a_common_effect_is_its_wald_interval():
    """The draws are normal with a known variance; a quantile of 40,000 is known to 2.7 hundredths of a standard error
    (four standard errors of a quantile of 0.025)."""
    found, wald = bootstrap(YI, VI, draws=40_000, seed=5, tau2="FE"), pool(YI, VI, tau2="FE", test="z")
    assert_allclose((found.ci_low, found.ci_high), (wald.ci_low, wald.ci_high), rtol=0, atol=0.054 * wald.se)
    assert (found.tau2_low, found.tau2_high) == (0, 0)


@METHODS
def test_the_bootstrap_follows_the_units_of_the_effects(method):
    plain = bootstrap(YI, VI, draws=200, seed=3, tau2=method)
    scaled = bootstrap(8 * YI, 64 * VI, draws=200, seed=3, tau2=method)
    assert (scaled.ci_low, scaled.tau2_high, scaled.i2_high) == (8 * plain.ci_low, 64 * plain.tau2_high, plain.i2_high)


def test_one_study_has_nothing_to_draw_from():
    assert bootstrap([0.1], [0.1], draws=100) is None


@METHODS
def test_estimates_without_intervals_are_those_with_them(method):
    starts = np.array([0, 4, 5])
    found, whole = estimate_batch(YI, VI, starts, tau2=method), pool_batch(YI, VI, starts, tau2=method)
    assert_array_equal(found.estimate, whole.estimate)
    assert_array_equal(found.tau2[[0, 2]], whole.tau2[[0, 2]])
    assert_array_equal(found.i2[[0, 2]], whole.i2[[0, 2]])


def test_all_of_it_comes_out_of_the_command(tmp_path):
    path, picture = effects_file(tmp_path, BCG), tmp_path / "sets.svg"
    found, = analyses(path, "--bootstrap", 300, "--gosh", picture, "--sets", 400, "--seed", 9)
    expected = bootstrap(BCG["yi"], BCG["vi"], draws=300, seed=9)
    assert found["bootstrap"] == vars(expected)
    assert {name: found["gosh"][name] for name in ("sets", "every", "seed")} == {"sets": 400, "every": False, "seed": 9}
    svg = picture.read_text(encoding="utf-8")
    assert svg.startswith("<svg") and "400 sets of studies, drawn at random" in svg
    text = run(path, "--bootstrap", 300, "--gosh", picture, "--seed", 9)
    assert "300 draws, 95 % intervals by percentiles, seed 9" in text
    assert "8,178 sets, all sets of two studies or more" in text


def test_permutation_comes_out_of_the_command(tmp_path):
    columns = {name: SIMULATION[name] for name in ("yi", "vi", "ablat")}
    path = write(tmp_path, list(columns), zip(*columns.values(), strict=True))
    found, = analyses(path, "--moderator", "ablat", "--permutations", 10_000)
    case = next(one for one in SIMULATION["permutations"]
                if (one["moderators"], one["method"], one["test"]) == ("ablat", "REML", "knha"))
    assert_allclose(found["permutation"]["qm_p_value"], case["qm_p_value"], rtol=1e-12)
    text = run(path, "--moderator", "ablat", "--permutations", 10_000)
    assert "2,520 arrangements, all that differ" in text
    out = tmp_path / "out.csv"
    run(path, "--moderator", "ablat", "--permutations", 10_000, "--out", out)
    assert "permutation_ablat_p_value" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("options, words", [
    (["--permutations", "1000"], "--permutations goes with --moderator or --formula"),
    (["--gosh", "x.png"], "--gosh ends in .svg"), (["--bootstrap", "5"], "is not in the range"),
    (["--bootstrap", "100", "--model", "multilevel"], "go with --pooling IV and --model random"),
])
def test_options_of_simulation_that_do_not_fit_are_refused(tmp_path, options, words):
    outcome = CliRunner().invoke(command, [str(effects_file(tmp_path, BCG)), *options])
    assert outcome.exit_code == 2 and words in " ".join(outcome.output.split())


def test_one_picture_shows_one_group(tmp_path):
    path = effects_file(tmp_path, BCG, group=["a", "b"] * 6 + ["a"])
    with pytest.raises(InputError, match="2 groups. --gosh draws one analysis; keep the rows of one group"):
        CliRunner().invoke(command, [str(path), "--gosh", str(tmp_path / "x.svg")], catch_exceptions=False)
    assert not (tmp_path / "x.svg").exists()
