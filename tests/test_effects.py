"""Effects against R metafor, and against identities between the ways to make them."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.effects import MEASURES, REASONS, EffectError
from analysis.effects.continuous import mean_difference, small_sample_correction, standardised_mean_difference
from analysis.effects.dependent import combine_arms, combine_contrasts, combine_events
from analysis.effects.dispersion import change_sd, sd_from_interval, sd_from_se
from analysis.effects.reported import (
    effect_from_interval,
    effect_from_p,
    effect_from_se,
    interval_asymmetry,
    mean_difference_from_p,
    smd_from_f,
    smd_from_mean_difference,
    smd_from_p,
    smd_from_t,
)
from tests.metafor_answers import CORRELATIONS, EDGES, MODELS, numbers

ESCALC = [pytest.param(case, id=case["id"]) for case in MODELS if case["kind"] == "escalc"]
MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
NORMAL_975 = 1.959963984540054  # R qnorm(0.975)
T_40_975 = 2.021075390306273  # R qt(0.975, 40)


def made(case):
    """Make the effects of an escalc case of models.json."""
    names = ("m1", "sd1", "n1", "m2", "sd2", "n2") if "m1" in case["input"] else ("a", "n1", "c", "n2")
    return MEASURES[case["input"]["measure"]].make(*(case["input"][name] for name in names)).require()


@pytest.mark.parametrize("case", ESCALC)
def test_effects_agree_with_metafor(case):
    """models.json, escalc of metafor 3.8-1; the one risk difference with a zero cell is left to its own test."""
    effects = made(case)
    same = np.full(len(effects.yi), True)
    if case["id"] == "egger2001-RD":
        same = np.array(case["input"]["a"]) > 0
    assert_allclose(effects.yi[same], np.array(case["answer"]["yi"])[same], rtol=1e-12)
    assert_allclose(effects.vi, case["answer"]["vi"], rtol=1e-12)


@pytest.mark.parametrize("measure", ["COR", "ZCOR"])
def test_correlations_agree_with_metafor(measure):
    effects = MEASURES[measure].make(CORRELATIONS["ri"], CORRELATIONS["ni"]).require()
    assert_allclose(effects.yi, CORRELATIONS[measure]["yi"], rtol=1e-13)
    assert_allclose(effects.vi, CORRELATIONS[measure]["vi"], rtol=1e-13)


def edge_answers(kind, **wanted):
    """Return (name, input, answer) of edge_cases.json whose answers have the wanted settings."""
    return [pytest.param(case, answer, id=f"{name}-{answer['measure']}")
            for name, case in EDGES[kind].items() for answer in case["out"]
            if all(answer.get(key) == value for key, value in wanted.items()) and answer["measure"] in MEASURES]


def from_table(case, measure):
    """Make one effect from a table of edge_cases.json."""
    a, b, c, d = (case[cell] for cell in ("ai", "bi", "ci", "di"))
    return MEASURES[measure].make(a, a + b, c, c + d)


@pytest.mark.parametrize("case, answer", edge_answers("tables", add=0.5, drop00=False))
def test_awkward_tables_agree_with_metafor_or_are_refused_by_rule(case, answer):
    effects = from_table(case, answer["measure"])
    expected = expected_refusal(case, answer["measure"])
    assert effects.codes == (expected,)
    if not expected:
        assert_allclose(effects.vi, answer["vi"], rtol=1e-12)
        plain = case["ai"] / (case["ai"] + case["bi"]) - case["ci"] / (case["ci"] + case["di"])
        assert_allclose(effects.yi, plain if answer["measure"] == "RD" else answer["yi"], rtol=1e-12)


def expected_refusal(case, measure):
    """Say which rule of docs/methods.md leaves a table out: no people, no events, events in everybody."""
    if case["ai"] + case["bi"] == 0:
        return "n-below-one"
    if measure == "RD":
        return ""
    return "no-events" if case["ai"] + case["ci"] == 0 else "all-events" if case["bi"] + case["di"] == 0 else ""


@pytest.mark.parametrize("case, answer", [param for param in edge_answers("groups", vtype="LS")
                                          if param.values[1]["measure"] in ("MD", "SMD")])
def test_awkward_groups_agree_with_metafor_or_are_refused(case, answer):
    """edge_cases.json, metafor 5.1-12. MD and SMD; SMDH and ROM changed between its versions."""
    effects = MEASURES[answer["measure"]].make(*(case[name] for name in MEANS))
    if case["sd1i"] == case["sd2i"] == 0:
        assert effects.codes == ("sd-zero",)
    else:
        assert_allclose((effects.yi[0], effects.vi[0]), (answer["yi"], answer["vi"]), rtol=1e-12)


def test_the_small_sample_correction_is_the_ratio_of_gammas():
    by_gamma = [math.gamma(m / 2) / (math.sqrt(m / 2) * math.gamma((m - 1) / 2)) for m in (2, 3, 10, 40, 200)]
    assert_allclose(small_sample_correction([2, 3, 10, 40, 200]), by_gamma, rtol=1e-13)


def test_the_interval_of_an_odds_ratio_gives_metafors_variance():
    """edge_cases.json conversions wald_or: conv.wald of metafor 5.1-12."""
    case = EDGES["conversions"]["wald_or"]
    effects = effect_from_interval(case["or"], case["ci_lb"], case["ci_ub"], ratio=True)
    assert_allclose((effects.yi[0], effects.vi[0]), (case["yi"], case["vi"]), rtol=1e-12)


def test_the_p_value_of_an_odds_ratio_gives_metafors_variance():
    """edge_cases.json conversions wald_p."""
    case = EDGES["conversions"]["wald_p"]
    effects = effect_from_p(case["or"], case["pval"], ratio=True)
    assert_allclose((effects.yi[0], effects.vi[0]), (case["yi"], case["vi"]), rtol=1e-12)


@pytest.mark.parametrize("level, quantile", [(0.95, NORMAL_975), (0.90, 1.644853626951473)])
def test_an_interval_is_read_at_its_own_level(level, quantile):
    """Quantiles: R qnorm(0.975), qnorm(0.95)."""
    effects = effect_from_interval(2.0, 2.0 - quantile * 0.3, 2.0 + quantile * 0.3, ratio=False, level=level)
    assert_allclose(effects.vi, 0.09, rtol=1e-12)


def test_an_interval_made_with_t_is_read_with_t():
    effects = effect_from_interval(2.0, 2.0 - T_40_975 * 0.3, 2.0 + T_40_975 * 0.3, ratio=False, df=40)
    assert_allclose(effects.vi, 0.09, rtol=1e-12)


def test_t_f_p_and_the_interval_give_the_same_effect_as_the_means():
    """Invented groups with equal spread; t, F and P are those of the pooled t test of the same means."""
    m1, m2, sd, n1, n2 = 10.0, 8.5, 2.5, 18, 24
    direct = standardised_mean_difference(m1, sd, n1, m2, sd, n2)
    se = sd * math.sqrt(1 / n1 + 1 / n2)
    t = (m1 - m2) / se
    p = 0.06145410047979451  # R 2 * pt(-1.924280941769456, 40)
    assert_allclose(t, 1.924280941769456, rtol=1e-14)
    reach = T_40_975 * se
    for effects in (smd_from_t(t, n1, n2), smd_from_f(t**2, 1, n1, n2),
                    smd_from_mean_difference(m1 - m2, m1 - m2 - reach, m1 - m2 + reach, n1, n2, df=40)):
        assert_allclose((effects.yi, effects.vi), (direct.yi, direct.vi), rtol=1e-12)
    assert_allclose(smd_from_p(p, 1, n1, n2).yi, direct.yi, rtol=1e-12)
    assert_allclose(smd_from_p(p, -1, n1, n2).yi, -direct.yi, rtol=1e-12)
    assert_allclose(mean_difference_from_p(m1 - m2, p, n1, n2).vi, se**2, rtol=1e-12)


def test_a_standard_error_is_squared():
    assert_allclose(effect_from_se(math.e, 0.2, ratio=True).yi, 1.0, rtol=1e-15)
    assert_allclose(effect_from_se(math.e, 0.2, ratio=True).vi, 0.04, rtol=1e-15)


@pytest.mark.parametrize("estimate, low, high, ratio, expected", [
    (1.0, 0.0, 2.0, False, 0.0), (1.5, 0.0, 2.0, False, 0.5), (2.0, 0.0, 2.0, False, 1.0),
    (1.0, 0.5, 2.0, True, 0.0), (2.0, 0.5, 2.0, True, 1.0),
])
def test_asymmetry_is_the_distance_from_the_middle_in_half_widths(estimate, low, high, ratio, expected):
    assert_allclose(interval_asymmetry(estimate, low, high, ratio=ratio), expected, atol=1e-15)


def test_standard_deviations_come_back_from_standard_errors_and_intervals():
    sd, n = 2.5, 41
    se = sd / math.sqrt(n)
    assert_allclose(sd_from_se(se, n), sd, rtol=1e-14)
    assert_allclose(sd_from_interval(7 - T_40_975 * se, 7 + T_40_975 * se, n), sd, rtol=1e-12)


def test_the_sd_of_change_is_that_of_paired_differences():
    """Invented pairs: the identity var(y - x) = var(x) + var(y) - 2 cov(x, y)."""
    before, after = np.array([3.0, 5, 4, 8, 1]), np.array([2.0, 6, 1, 7, 4])
    r = np.corrcoef(before, after)[0, 1]
    sds = before.std(ddof=1), after.std(ddof=1)
    assert_allclose(change_sd(*sds, r), (after - before).std(ddof=1), rtol=1e-13)


def test_combined_arms_are_the_people_of_all_arms():
    """Invented people in three arms, put together."""
    arms = [np.array([1.0, 4, 2]), np.array([7.0, 8]), np.array([3.0, 3, 5, 9])]
    combined = combine_arms([len(arm) for arm in arms], [arm.mean() for arm in arms],
                            [arm.std(ddof=1) for arm in arms])
    everybody = np.concatenate(arms)
    assert_allclose((combined.n, combined.mean, combined.sd), (9, everybody.mean(), everybody.std(ddof=1)),
                    rtol=1e-14)


def test_combined_events_are_sums():
    assert combine_events([3, 0, 5], [10, 12, 9]) == (8.0, 31.0)


def test_contrasts_that_share_a_control_equal_the_contrast_of_the_combined_arms():
    """Invented trial with one SD in all arms: the identity that makes the covariance right."""
    n, mean, sd, n_control, mean_control = np.array([12.0, 20, 31]), np.array([5.0, 6.5, 4.0]), 2.2, 25.0, 3.0
    contrasts = mean_difference(mean, sd, n, mean_control, sd, n_control)
    combined = combine_contrasts(contrasts.yi, contrasts.vi, n, n_control)
    expected = (n * mean).sum() / n.sum() - mean_control, sd**2 * (1 / n.sum() + 1 / n_control)
    assert_allclose(combined, expected, rtol=1e-13)


def test_one_contrast_alone_stays_as_it_is():
    assert_allclose(combine_contrasts([0.4], [0.09], [15], 18), (0.4, 0.09), rtol=1e-14)


def test_contrasts_with_unequal_variances_are_weighed_by_their_covariance():
    """Invented; generalised least squares written out with the full matrix."""
    yi, vi, n_control = np.array([0.5, 0.1, 0.3, -0.2]), np.array([0.2, 0.05, 0.11, 0.9]), 20.0
    n = np.array([10.0, 40.0, 25.0, 12.0])
    shared = vi * (1 / n_control) / (1 / n + 1 / n_control)
    covariance = np.minimum.outer(shared, shared)
    np.fill_diagonal(covariance, vi)
    inverse = np.linalg.inv(covariance)
    expected = inverse.sum(0) @ yi / inverse.sum(), 1 / inverse.sum()
    assert_allclose(combine_contrasts(yi, vi, n, n_control), expected, rtol=1e-12)


REFUSALS = [
    ("MD", (5, 1, 10, 4, np.nan, 10), "missing"), ("MD", (np.inf, 1, 10, 4, 1, 10), "infinite"),
    ("MD", (5, 1, 0, 4, 1, 10), "n-below-one"), ("SMD", (5, 1, 10.5, 4, 1, 10), "n-not-whole"),
    ("MD", (5, -1, 10, 4, 1, 10), "sd-negative"), ("ROM", (-1, 2, 15, 3, 2, 15), "means-differ-in-sign"),
    ("ROM", (0, 2, 15, 3, 2, 15), "means-differ-in-sign"), ("SMD", (5, 1, 1, 4, 1, 2), "n-too-small"),
    ("SMDH", (5, 1, 1, 4, 1, 9), "n-too-small"), ("SMD", (5, 0, 10, 4, 2, 1), "sd-zero"),
    ("OR", (-1, 10, 2, 10), "events-negative"), ("RR", (11, 10, 2, 10), "events-above-n"),
    ("RD", (1, 10, 2.5, 10), "n-not-whole"), ("COR", (1.0, 20), "correlation-out-of-range"),
    ("ZCOR", (0.5, 3), "n-too-small"),
]


@pytest.mark.parametrize("measure, row, code", REFUSALS)
def test_a_row_that_has_no_effect_keeps_its_place_and_says_why(measure, row, code):
    good = {"MD": (5, 1, 10, 4, 1, 10), "RR": (3, 10, 2, 10), "COR": (0.5, 20)}
    kind = next(name for name in good if MEASURES[name].inputs == MEASURES[measure].inputs)
    effects = MEASURES[measure].make(*zip(good[kind], row, good[kind], strict=True))
    assert effects.codes == ("", code, "")
    assert np.isnan(effects.yi[1]) and np.isnan(effects.vi[1])
    assert np.isfinite(effects.yi[[0, 2]]).all()
    with pytest.raises(EffectError, match=f"Row 1: .*{code}"):
        effects.require()


@pytest.mark.parametrize("effects, code", [
    (effect_from_interval(1, 2, 0, ratio=False), "interval-reversed"),
    (effect_from_interval(3, 0, 2, ratio=False), "estimate-outside"),
    (effect_from_interval(1, 0, 2, ratio=True), "ratio-not-positive"),
    (effect_from_interval(1, 0, 2, ratio=False, level=95), "level-out-of-range"),
    (effect_from_se(1, 0, ratio=False), "se-not-positive"),
    (effect_from_p(1.2, 0, ratio=True), "p-out-of-range"),
    (effect_from_p(1, 0.3, ratio=True), "effect-zero"),
    (mean_difference_from_p(2, 0.04, 1, 2), "n-too-small"),
    (smd_from_f(-1, 1, 10, 10), "statistic-negative"),
    (smd_from_p(0.04, 0, 10, 10), "direction-unknown"),
    (smd_from_mean_difference(3, 0, 2, 10, 10), "estimate-outside"),
    (smd_from_t(np.nan, 10, 10), "missing"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_printed_statistic_that_cannot_be_used_says_why(effects, code):
    assert effects.codes == (code,)
    assert code in REASONS


@pytest.mark.parametrize("call, words", [
    (lambda: sd_from_se([1, 0], 10), "Row 1: a standard error"),
    (lambda: sd_from_interval(2, 1, 10), "Row 0: the lower end"),
    (lambda: sd_from_interval(1, 2, 1), "at least two people"),
    (lambda: change_sd(1, 1, 1.1), "a correlation lies"),
    (lambda: combine_arms([3, 0], [1, 1], [1, 1]), "Row 1: an arm"),
    (lambda: combine_events([3], [2]), "Row 0: an arm"),
    (lambda: combine_contrasts([1], [1], [3], 0), "shared control group"),
    (lambda: MEASURES["MD"].make([1, 2], [1, 2, 3], 1, 1, 1, 1), "equally long"),
    (lambda: MEASURES["MD"].make("=1+1", 1, 1, 1, 1, 1), "must hold numbers"),
])
def test_values_out_of_bounds_are_refused_in_words(call, words):
    with pytest.raises(EffectError, match=words):
        call()


def test_no_effect_function_warns_or_loses_a_row_on_any_mixture():
    """Every measure over every combination of awkward values; numbers or a code, never neither."""
    values = numbers([-1, 0, 0.5, 1, 3, 1e300, None])
    for measure in MEASURES.values():
        grid = np.array(np.meshgrid(*[values[: (4 if len(measure.inputs) > 4 else 7)]] * len(measure.inputs)))
        effects = measure.make(*grid.reshape(len(measure.inputs), -1))
        fine = effects.usable
        assert len(effects.codes) == grid[0].size
        assert (np.isfinite(effects.yi) == fine).all() and (effects.vi[fine] > 0).all()
        assert set(effects.codes) - {""} <= set(REASONS)
