"""Measures that a protocol may ask for: from a table of arms and TOML to metafor's figures."""

import math

import pytest
from numpy.testing import assert_allclose

from analysis.report.wording import scale_of
from tests.metafor_answers import MODELS
from tests.tables_as_reviews import asked, run_of, write_arms, write_contrasts, write_study

CASES = {case["id"]: case for case in MODELS if case["kind"] == "escalc"}
PETO = next(case for case in MODELS if case["kind"] == "peto" and case["id"] == "bcg")
COLUMNS = {"mean": ("m1", "m2"), "sd": ("sd1", "sd2"), "events": ("a", "c"), "n": ("n1", "n2")}


def write_groups(folder, table):
    """Write the two groups of each study as arms."""
    count = len(table["n1"])
    arms = {"study": [f"study {i // 2 + 1:02}" for i in range(2 * count)], "treatment": ["new", "old"] * count}
    for name, (one, other) in COLUMNS.items():
        if one in table:
            arms[name] = [value for pair in zip(table[one], table[other], strict=True) for value in pair]
    write_arms(folder, arms, [name for name in COLUMNS if name in arms])


@pytest.mark.parametrize("name", ["normand1999-SMDH", "normand1999-ROM", "normand1999-SMD", "bcg-PETO", "bcg-OR"])
def test_effects_of_arms_are_those_of_escalc(tmp_path, name):
    """models.json, metafor 3.8-1."""
    table, answer = CASES[name]["input"], CASES[name]["answer"]
    write_groups(tmp_path, table)
    effects = sorted(asked(tmp_path, f'measure = "{table["measure"]}"').effects, key=lambda effect: effect.study)
    assert_allclose([effect.yi for effect in effects], answer["yi"], rtol=1e-12)
    assert_allclose([effect.vi for effect in effects], answer["vi"], rtol=1e-12)


def test_petos_odds_ratio_under_a_common_effect_is_petos_method(tmp_path):
    """models.json, metafor rma.peto."""
    write_groups(tmp_path, PETO["input"])
    pooled = asked(tmp_path, 'measure = "PETO"\nmodel = "common"').pooled
    expected = [PETO["answer"][name] for name in ("estimate", "se", "ci_low", "ci_high", "Q")]
    assert_allclose([pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high, pooled.q], expected, rtol=1e-10)


def test_hazard_ratios_are_pooled_as_printed_and_shown_as_ratios(tmp_path):
    """Invented: an interval that is symmetric on the log scale gives log(HR) and its standard error back."""
    rows = {"measure": "HR", "estimate": 0.5, "ci_low": 0.25, "ci_high": 1.0, "level": 0.95}
    sides = {"experimental": "new", "control": "old", "outcome": "pain", "instrument": "scale"}
    write_study(tmp_path / "data", "trial", "contrasts", [sides | rows])
    write_study(tmp_path / "data", "arms alone", "arms",
                [{"arm": arm, "outcome": "pain", "instrument": "scale", "n": 9, "mean": 1, "sd": 1}
                 for arm in ("new", "old")])  # fmt: skip
    (result,) = run_of(tmp_path, 'measure = "HR"').comparisons
    (effect,) = result.effects
    assert_allclose((effect.yi, effect.sei), (math.log(0.5), math.log(2) / 1.959963984540054), rtol=1e-12)
    assert scale_of(result).text(result.pooled.estimate) == "0.50"
    assert {one.code for one in result.left_out} == {"measure-not-fitting"}


def test_a_difference_gives_no_ratio_of_means(tmp_path):
    write_contrasts(tmp_path, [0.1, 0.2], [0.04, 0.05])
    result = asked(tmp_path, 'measure = "ROM"')
    assert result.effects == () and {one.code for one in result.left_out} == {"measure-not-fitting"}
