"""Effects of one group, changes, and what is recovered from summaries: against metafor and against identities."""

import math
import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.effects import MEASURES, REASONS, EffectError
from analysis.effects.continuous import small_sample_correction
from analysis.effects.dependent import split_control
from analysis.effects.dispersion import (
    change_sd,
    sd_from_p_between,
    sd_from_t_between,
    sd_of_change_from_p,
    sd_of_change_from_t,
)
from analysis.effects.five_numbers import SUMMARIES, mean_and_sd_from_summary
from analysis.effects.reported import (
    effect_from_interval,
    mean_difference_from_p,
    smd_as_printed,
    smd_from_f,
    smd_from_mean_difference,
    smd_from_p,
    smd_from_t,
)
from tests.metafor_answers import EDGES, read

GROUPS = [pytest.param(case, id=f"{case['measure']}-{len(case['yi'])}") for case in read("groups.json")["cases"]]
CONVERSIONS = EDGES["conversions"]
P_OF_T_15 = 0.005963848485531982  # R 2 * pt(-3.2, 15)
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("case", GROUPS)
def test_effects_of_groups_agree_with_metafor(case):
    """groups.json, escalc of metafor 3.8-1."""
    effects = made(case)
    assert_allclose(effects.yi, case["yi"], rtol=1e-12)
    assert_allclose(effects.vi, case["vi"], rtol=1e-12)


def made(case):
    """Make the effects of a case of groups.json."""
    measure = MEASURES[case["measure"]]
    return measure.make(*(case["input"][name] for name in measure.inputs)).require()


@pytest.mark.parametrize("name", ["MC", "SMCC", "SMCR"])
def test_changes_agree_with_a_newer_metafor(name):
    """edge_cases.json conversions, escalc of metafor 5.1-12."""
    case = CONVERSIONS[name]
    effects = MEASURES[name].make(*(case[column] for column in MEASURES[name].inputs)).require()
    assert_allclose((effects.yi[0], effects.vi[0]), (case["yi"], case["vi"]), rtol=1e-12)


def test_a_proportion_of_nobody_keeps_its_estimate_and_has_a_variance():
    """Invented group; 0.5 in both cells of the variance only, as for a risk difference."""
    effects = MEASURES["PR"].make([0, 8], [12, 8]).require()
    assert effects.yi.tolist() == [0.0, 1.0]
    assert_allclose(effects.vi, (0.5 * 12.5 / 13**3, 8.5 * 0.5 / 9**3), rtol=1e-14)


def test_a_change_in_sds_of_change_is_the_paired_t_over_root_n():
    """Invented pairs, the identity t = d sqrt(n), d the mean difference over its SD."""
    before, after = np.array([3.0, 5, 4, 8, 1]), np.array([2.0, 6, 1, 7, 4])
    change, r = after - before, np.corrcoef(before, after)[0, 1]
    effects = MEASURES["SMCC"].make(after.mean(), after.std(ddof=1), before.mean(), before.std(ddof=1), 5, r)
    t = change.mean() / (change.std(ddof=1) / math.sqrt(5))
    assert_allclose(effects.yi, small_sample_correction(4) * t / math.sqrt(5), rtol=1e-12)


def test_summaries_agree_with_metafor():
    """edge_cases.json conversions, conv.fivenum of metafor 5.1-12."""
    five, quartiles = CONVERSIONS["fivenum_luo_shi_1"], CONVERSIONS["fivenum_q"]
    whole = mean_and_sd_from_summary(five["median"], five["n"], q1=five["q1"], q3=five["q3"], low=five["min"],
                                     high=five["max"])
    part = mean_and_sd_from_summary(quartiles["median"], quartiles["n"], q1=quartiles["q1"], q3=quartiles["q3"])
    assert_allclose((whole.mean[0], whole.sd[0]), (five["mean"], five["sd"]), rtol=1e-13)
    assert_allclose((part.mean[0], part.sd[0]), (quartiles["mean"], quartiles["sd"]), rtol=1e-13)


def test_a_skewed_range_is_refused_as_metafor_refuses_it():
    """edge_cases.json conversions fivenum_range: conv.fivenum gives no mean and no SD."""
    case = CONVERSIONS["fivenum_range"]
    assert "mean" not in case
    found = mean_and_sd_from_summary(case["median"], case["n"], low=case["min"], high=case["max"])
    assert found.codes == ("skewed",) and np.isnan(found.mean[0])
    assert found.skewness[0] >= found.critical[0]


def test_a_range_gives_the_sd_of_wan():
    """Wan 2014, equation 9: a range of 18 in 40 people over twice R qnorm((40 - 0.375) / 40.25)."""
    found = mean_and_sd_from_summary(8, 40, low=2, high=20, test=False)
    assert_allclose(found.sd, 18 / (2 * 2.15635570519), rtol=1e-10)
    weight = 4 / (4 + 40**0.75)
    assert_allclose(found.mean, weight * 11 + (1 - weight) * 8, rtol=1e-13)


BAD_SUMMARIES = [
    (dict(median=8, n=40), "missing"), (dict(median=np.nan, n=40, q1=1, q3=2), "missing"),
    (dict(median=8, n=40, q1=5), "missing"), (dict(median=8, n=40, q1=9, q3=12), "summary-out-of-order"),
    (dict(median=8, n=40, q1=5, q3=7), "summary-out-of-order"), (dict(median=8, n=4, q1=5, q3=11), "n-too-small"),
    (dict(median=8, n=9.5, q1=5, q3=11), "n-not-whole"), (dict(median=8, n=0, q1=5, q3=11), "n-below-one"),
    (dict(median=8, n=40, q1=8, q3=8), "sd-zero"), (dict(median=np.inf, n=40, q1=5, q3=np.inf), "infinite"),
    (dict(median=8, n=40, q1=5, q3=11, low=6, high=20), "summary-out-of-order"),
]


@pytest.mark.parametrize("summary, code", BAD_SUMMARIES)
def test_a_summary_that_gives_no_mean_says_why(summary, code):
    found = mean_and_sd_from_summary(**summary)
    assert found.codes == (code,) and np.isnan(found.mean[0]) and np.isnan(found.sd[0])


SUMMARY = st.lists(st.floats(-100, 100).map(lambda value: round(value, 2)), min_size=5, max_size=5).map(sorted)


@few
@given(values=SUMMARY, n=st.integers(5, 500), shift=st.sampled_from([-50.0, 8.0]), unit=st.sampled_from([0.25, 4.0]))
def test_a_summary_follows_shift_and_unit_and_never_goes_unsaid(values, n, shift, unit):
    low, q1, median, q3, high = values
    plain = mean_and_sd_from_summary(median, n, q1=q1, q3=q3, low=low, high=high, test=False)
    moved = [value * unit + shift for value in values]
    other = mean_and_sd_from_summary(moved[2], n, q1=moved[1], q3=moved[3], low=moved[0], high=moved[4], test=False)
    assert plain.kinds == ("five-numbers",) and set(plain.codes) <= {"", "sd-zero"} <= set(REASONS) | {""}
    assert_allclose(other.mean, plain.mean * unit + shift, rtol=1e-9, atol=1e-9)
    assert_allclose(other.sd, plain.sd * unit, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", SUMMARIES)
def test_a_symmetric_summary_has_its_median_as_mean(kind):
    """Invented summary, symmetric around 10."""
    low, high = (4, 16) if kind != "quartiles" else (np.nan, np.nan)
    q1, q3 = (8, 12) if kind != "range" else (np.nan, np.nan)
    found = mean_and_sd_from_summary(10, 25, q1=q1, q3=q3, low=low, high=high)
    assert found.kinds == (kind,) and found.codes == ("",)
    assert_allclose(found.mean, 10.0, rtol=1e-14)


def test_the_sd_of_change_comes_back_from_t_and_p():
    """Invented change of 2.4 with SD 3 in 16 people: t = 3.2 on 15 df, P = R 2 * pt(-3.2, 15)."""
    assert_allclose(sd_of_change_from_t(2.4, 3.2, 16), 3.0, rtol=1e-14)
    assert_allclose(sd_of_change_from_p(2.4, P_OF_T_15, 16), 3.0, rtol=1e-9)


def test_the_sd_of_two_groups_comes_back_from_t_and_p():
    """Invented groups of 18 and 24 with SD 2.5 that differ by 1.5; t and P as in test_effects.py."""
    assert_allclose(sd_from_t_between(1.5, 1.924280941769456, 18, 24), 2.5, rtol=1e-14)
    assert_allclose(sd_from_p_between(1.5, 0.06145410047979451, 18, 24), 2.5, rtol=1e-12)


def test_people_who_change_alike_have_a_change_without_spread():
    assert_allclose(change_sd(2.0, 2.0, 1.0), 0.0, atol=1e-15)


@few
@given(n=st.integers(1, 400), share=st.floats(0, 1), parts=st.integers(1, 12))
def test_a_split_control_adds_up_and_keeps_its_risk(n, share, parts):
    events, parts = round(share * n), min(parts, n)
    split = split_control(n, parts, events)
    assert sum(split.n) == n and sum(split.events) == events
    assert max(split.n) - min(split.n) <= 1
    assert all(0 <= had <= size and abs(had - size * events / n) < 1 for had, size in
               zip(split.events, split.n, strict=True))


@pytest.mark.parametrize("call, words", [
    (lambda: split_control(3, 4), "cannot be split"),
    (lambda: split_control(3, 2, 4), "not possible"),
    (lambda: sd_of_change_from_t(0, 2, 9), "says nothing"),
    (lambda: sd_of_change_from_t(1, 0, 9), "a t of 0"),
    (lambda: sd_of_change_from_p(1, 1.0, 9), "strictly between"),
    (lambda: sd_from_t_between(1, 2, 1, 1), "three people"),
    (lambda: sd_from_t_between(0, 2, 9, 9), "says nothing"),
    (lambda: sd_from_p_between(1, 0.0, 9, 9), "strictly between"),
])
def test_figures_that_give_no_spread_are_refused_in_words(call, words):
    with pytest.raises(EffectError, match=words):
        call()


PRINTED = {
    "t": lambda values: smd_from_t(values[0], *values[1:3]), "F": lambda values: smd_from_f(values[0], 1, *values[1:3]),
    "P": lambda values: smd_from_p(0.04, 1, *values[1:3]), "g": lambda values: smd_as_printed(*values[:3]),
    "difference": lambda values: smd_from_mean_difference(*values[:5]),
    "interval": lambda values: effect_from_interval(*values[:3], ratio=False),
    "difference-p": lambda values: mean_difference_from_p(values[0], 0.04, *values[1:3]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*MEASURES, *PRINTED])
def test_infinite_values_have_their_reason_and_raise_no_warning(name):
    """Every pattern of signs: infinity less infinity, and its remainder, are no numbers."""
    for signs in product((math.inf, -math.inf), repeat=6):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if name in MEASURES:
                effects = MEASURES[name].make(*([value] for value in signs[: len(MEASURES[name].inputs)]))
            else:
                effects = PRINTED[name](signs)
        assert effects.codes == ("infinite",)
