"""Measures that a protocol may ask for: from a table of arms and TOML to metafor's figures."""

import math

import pytest
from numpy.testing import assert_allclose

from analysis.multiverse import explore
from analysis.report.answer import answer_sentence
from analysis.report.wording import scale_of
from flows.material import read_material
from tests.metafor_answers import CORRELATIONS, MODELS
from tests.tables_as_reviews import asked, review_in, run_of, write_arms, write_contrasts, write_study

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


def write_correlations(folder, rows):
    """Write a study a correlation: r, and what is printed beside it."""
    sides = {"experimental": "new", "control": "old", "outcome": "pain", "instrument": "scale", "measure": "COR"}
    for place, (r, beside) in enumerate(rows, 1):
        write_study(folder / "data", f"study {place:02}", "contrasts", [sides | {"estimate": repr(r)} | beside])


@pytest.mark.parametrize("measure", ["COR", "ZCOR"])
def test_correlations_with_their_people_are_those_of_escalc(tmp_path, measure):
    """correlations.json, metafor 3.8-1."""
    pairs = zip(CORRELATIONS["ri"], CORRELATIONS["ni"], strict=True)
    write_correlations(tmp_path, [(r, {"n_total": n}) for r, n in pairs])
    effects = sorted(asked(tmp_path, f'measure = "{measure}"').effects, key=lambda effect: effect.study)
    assert_allclose([effect.yi for effect in effects], CORRELATIONS[measure]["yi"], rtol=1e-13)
    assert_allclose([effect.vi for effect in effects], CORRELATIONS[measure]["vi"], rtol=1e-13)
    assert {effect.derivation for effect in effects} == {"correlation"}


Q95 = 1.959963984540054
INSIDE = [(r, n) for r, n in zip(CORRELATIONS["ri"], CORRELATIONS["ni"], strict=True) if r]


def printed_beside(r, n):
    """Return what a paper without its number of people would print: the interval, the standard error, the exact P."""
    z, se = math.atanh(r), 1 / math.sqrt(n - 3)
    low, high = math.tanh(z - Q95 * se), math.tanh(z + Q95 * se)
    return {
        "correlation-interval": {"ci_low": repr(low), "ci_high": repr(high), "level": 0.95},
        "correlation-se": {"se": repr((1 - r**2) * se)},
        "correlation-p": {"p_value": repr(math.erfc(abs(z) / se / math.sqrt(2)))},
    }


@pytest.mark.parametrize("way", ["correlation-interval", "correlation-se", "correlation-p"])
def test_a_correlation_without_its_people_is_that_of_fishers_z_with_them(tmp_path, way):
    """Property: printed from Fisher's z of n people, its variance comes back; that of r follows by the slope there."""
    few = [(r, n) for r, n in INSIDE if n < 1000]  # of a thousand, P has too few digits left for its z
    write_correlations(tmp_path, [(r, printed_beside(r, n)[way]) for r, n in few])
    for measure in ("ZCOR", "COR"):
        effects = sorted(asked(tmp_path, f'measure = "{measure}"').effects, key=lambda effect: effect.study)
        assert {effect.derivation for effect in effects} == {way} and len(effects) == len(few)
        slopes = [1.0 if measure == "ZCOR" else (1 - r**2) ** 2 for r, _ in few]
        expected = [slope / (n - 3) for slope, (_, n) in zip(slopes, few, strict=True)]
        assert_allclose([effect.vi for effect in effects], expected, rtol=1e-9)


@pytest.mark.parametrize(
    "beside, reason",
    [
        pytest.param({}, "No standard deviation, interval or exact P is printed.", id="nothing beside it"),
        pytest.param({"p_value": "<0.05"}, "P is printed only as a bound, so that no standard error follows from it.",
                     id="a bound of P"),
        pytest.param({"n_total": 3}, "No effect follows from the figures: no event in either group, no one left, "
                     "or too few people. Missing: there are too few people for the variance of this measure.",
                     id="three people"),
    ],
)  # fmt: skip
def test_a_correlation_that_shows_no_variance_is_left_out_with_its_reason(tmp_path, beside, reason):
    write_correlations(tmp_path, [(0.3, beside)])
    result = asked(tmp_path, 'measure = "ZCOR"')
    assert result.effects == () and [one.reason for one in result.left_out] == [reason]


def test_an_answer_in_correlations_is_said_as_one(tmp_path):
    """Invented: r is no amount of pain, and its sign no good or bad news of a size."""
    write_correlations(tmp_path, [(r, {"n_total": 400}) for r in (0.4, 0.42, 0.38)])
    said = answer_sentence(asked(tmp_path, 'measure = "COR"'))
    assert said == "On average pain was higher with new than with old (r 0.40; 95 % interval 0.35 to 0.45)."


def test_the_multiverse_tries_both_scales_of_a_correlation(tmp_path):
    write_correlations(tmp_path, [(r, {"n_total": n}) for r, n in INSIDE])
    asked(tmp_path, 'measure = "COR"')
    material = read_material(review_in(tmp_path))
    (found,) = explore(material.protocol.comparisons, material.evidence)
    assert {one.name: one.codes for one in found.dimensions}["measure"] == ("measure=COR", "measure=ZCOR")
