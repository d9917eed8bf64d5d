"""From rows to what the evidence says: what enters, what is left out and why, and that the counts add up."""

from dataclasses import replace
from math import log, nan, sqrt
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from analysis.effects.five_numbers import mean_and_sd_from_summary
from analysis.evidence.datasets import read_evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.protocol.reading import read_protocol
from analysis.results import ArmRow, Comparison, ContrastRow, PValue, SourceRef
from analysis.synthesis import CAUTIONS, REASONS, synthesise_comparison
from tests.reviews import INVENTED

REPOSITORY = Path(__file__).parent.parent
ASKED = Comparison(
    id="invented", question="Invented?", experimental=("new", "newer"), control=("old",), outcome="pain",
    designs=("rct",), measure="MD", instruments=("scale-10",), window_weeks=(4, 26),
)  # fmt: skip


@pytest.fixture(scope="module")
def invented():
    codebook, _ = read_vocabulary(INVENTED / "data")
    return read_evidence(INVENTED / "data", codebook)[0]


@pytest.fixture(scope="module")
def real():
    codebook, _ = read_vocabulary(REPOSITORY / "data")
    evidence, faults = read_evidence(REPOSITORY / "data", codebook)
    assert not faults
    return evidence


@pytest.fixture(scope="module")
def answers(real):
    protocol, faults = read_protocol(REPOSITORY / "data", real.codebook)
    assert not faults
    return {asked.id: synthesise_comparison(asked, real) for asked in protocol.comparisons}


def ref(line=2, seen_as="primary"):
    return SourceRef("invented-alpha", "arms", line, "Invented table", seen_as)


def arm(name, line, **values):
    given = {"instrument": "scale-10", "followup_weeks": 12.0, "value_type": "final", "n": 20, "mean": 4.0, "sd": 2.0}
    seen_as = values.pop("seen_as", "primary")
    return ArmRow(ref(line, seen_as), "invented-alpha", name, "pain", **(given | values))


def contrast(line=2, **values):
    given = {"control": "old", "instrument": "scale-10", "followup_weeks": 12.0, "measure": "MD"}
    seen_as = values.pop("seen_as", "primary")
    names = {"study": "invented-alpha", "experimental": "new", "outcome": "pain"}
    return ContrastRow(replace(ref(line, seen_as), table="contrasts"), **(names | given | values))


def ask(invented, *rows, **settings):
    arms = tuple(row for row in rows if isinstance(row, ArmRow))
    contrasts = tuple(row for row in rows if isinstance(row, ContrastRow))
    return synthesise_comparison(replace(ASKED, **settings), replace(invented, arms=arms, contrasts=contrasts))


def test_two_arms_make_the_difference_of_their_means(invented):
    result = ask(invented, arm("new", 2, mean=3.0), arm("old", 3))
    (effect,) = result.effects
    assert (effect.yi, effect.vi) == (-1.0, pytest.approx(2**2 / 20 + 2**2 / 20, rel=1e-15))
    assert [one.line for one in effect.refs] == [2, 3]
    assert result.answer == "uncertain" and result.n_total == 40


def test_two_arms_on_one_side_are_combined_and_said_to_be(invented):
    result = ask(invented, arm("new", 2, mean=3.0), arm("newer", 3, mean=5.0), arm("old", 4))
    (effect,) = result.effects
    assert "arms-combined" in effect.cautions
    assert (effect.experimental.n, effect.experimental.mean, effect.n_total) == (40, 4.0, 60)


def test_contrasts_that_share_a_control_count_its_people_once(invented):
    """With one SD throughout, generalised least squares is the contrast of the combined arms."""
    se = sqrt(4 / 20 + 4 / 20)
    rows = [
        contrast(2, estimate=-1.0, se=se, n_experimental=20, n_control=20),
        contrast(3, experimental="newer", estimate=-2.0, se=se, n_experimental=20, n_control=20),
    ]
    result = ask(invented, *rows)
    (effect,) = result.effects
    assert_allclose((effect.yi, effect.vi), (-1.5, 4 / 40 + 4 / 20), rtol=1e-12)
    assert effect.cautions == ("contrasts-combined",) and effect.n_total == 60


def test_a_contrast_printed_the_other_way_round_is_turned(invented):
    row = contrast(experimental="old", control="new", estimate=1.5, ci_low=0.5, ci_high=2.5, level=0.95,
                   n_experimental=21, n_control=20)  # fmt: skip
    (effect,) = ask(invented, row).effects
    assert effect.yi == -1.5 and effect.cautions == ("sides-turned",)
    assert (effect.experimental.arms, effect.experimental.n) == (("new",), 20)


def test_an_instrument_that_runs_the_other_way_turns_the_sign(invented):
    rows = [arm("new", 2, instrument="relief-10", mean=6.0), arm("old", 3, instrument="relief-10")]
    (effect,) = ask(invented, *rows, measure="SMD", instruments=()).effects
    assert effect.yi < 0 and "sign-turned" in effect.cautions


def test_a_longer_scale_is_brought_to_the_common_one(invented):
    rows = [
        arm("new", 2, instrument="scale-100", mean=30.0, sd=20.0),
        arm("old", 3, instrument="scale-100", mean=40.0, sd=20.0),
    ]
    (effect,) = ask(invented, *rows, instruments=("scale-100",), rescale_to=(0, 10)).effects
    assert_allclose((effect.yi, effect.vi), (-1.0, 0.4), rtol=1e-15)
    assert "rescaled" in effect.cautions and effect.experimental.mean == 3.0


@pytest.mark.parametrize(
    "values, measure, derivation",
    [
        ({"estimate": -1.0, "ci_low": -2.0, "ci_high": 0.0, "level": 0.95}, "MD", "estimate-interval"),
        ({"estimate": -1.0, "se": 0.5}, "MD", "estimate-se"),
        ({"estimate": -1.0, "p_value": PValue("=", 0.04)}, "MD", "difference-p"),
        ({"estimate": -1.0, "ci_low": -2.0, "ci_high": 0.0, "level": 0.95}, "SMD", "smd-interval"),
        ({"measure": "SMD", "estimate": -0.5, "ci_low": -1, "ci_high": 0, "level": 0.9}, "SMD", "estimate-interval"),
        ({"measure": "SMD", "estimate": -0.5}, "SMD", "smd-groups"),
        ({"measure": None, "statistic": "t", "statistic_value": -2.1}, "SMD", "smd-t"),
        ({"measure": None, "statistic": "F(1,38)", "statistic_value": 4.4, "direction": "lower"}, "SMD", "smd-f"),
        ({"measure": None, "p_value": PValue("=", 0.04), "direction": "lower"}, "SMD", "smd-p"),
    ],
)  # fmt: skip
def test_what_a_paper_prints_is_enough(invented, values, measure, derivation):
    settings = {"measure": "SMD", "instruments": ()} if measure == "SMD" else {}
    (effect,) = ask(invented, contrast(n_experimental=20, n_control=20, **values), **settings).effects
    assert effect.derivation == derivation and effect.yi < 0


def test_a_t_takes_the_sign_of_the_estimate_beside_it(invented):
    row = contrast(measure="MD", estimate=-3.0, statistic="t", statistic_value=2.41, n_experimental=20, n_control=20)
    (effect,) = ask(invented, row, measure="SMD", instruments=()).effects
    assert effect.derivation == "smd-t" and effect.yi < 0


@pytest.mark.parametrize(
    "values, code",
    [
        ({"estimate": -1.0, "ci_low": -2.0, "ci_high": 0.0, "level": 0.95, "seen_as": "superseded"}, "superseded"),
        ({"estimate": -1.0, "se": 0.5, "subgroup": "women"}, "subgroup"),
        ({"estimate": -1.0, "se": 0.5, "followup_weeks": 0.0}, "baseline"),
        ({"estimate": -1.0, "se": 0.5, "followup_weeks": 52.0}, "outside-window"),
        ({"estimate": -1.0, "se": 0.5, "followup_weeks": None}, "no-time"),
        ({"estimate": -1.0, "se": 0.5, "instrument": "scale-100"}, "other-instrument"),
        ({"estimate": -1.0}, "no-spread"),
        ({"estimate": -1.0, "p_value": PValue("<", 0.001)}, "p-not-exact"),
        ({"measure": None, "p_value": PValue("=", 0.01)}, "no-estimate"),
        ({"measure": "percent-difference", "estimate": -26.0}, "measure-not-fitting"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_its_reason(invented, values, code):
    result = ask(invented, contrast(**values))
    assert [one.code for one in result.left_out] == [code]
    assert result.pooled is None and result.answer == "no-data"


def test_an_arm_without_its_counterpart_says_so(invented):
    rows = [arm("new", 2, mean=3.0), arm("old", 3), arm("new", 4, followup_weeks=8.0)]
    assert [(one.ref.line, one.code) for one in ask(invented, *rows).left_out] == [(4, "no-counterpart")]


def test_a_trial_enters_once_at_the_time_nearest_the_target(invented):
    rows = [
        contrast(line, estimate=-line, se=0.5, followup_weeks=weeks) for line, weeks in [(2, 6.0), (3, 12.0), (4, 26.0)]
    ]
    result = ask(invented, *rows, target_weeks=13.0)
    assert [effect.yi for effect in result.effects] == [-3.0]
    assert [(one.ref.line, one.code) for one in result.left_out] == [(2, "other-row-used"), (4, "other-row-used")]


def test_doubtful_rows_enter_only_the_sensitivity_analysis(invented):
    sound = contrast(2, study="invented-beta", estimate=-1.0, se=0.5)
    doubtful = contrast(3, estimate=-3.0, se=0.5, seen_as="doubtful")
    result = ask(invented, sound, doubtful, sensitivity=("with-doubtful",))
    assert [effect.study for effect in result.effects] == ["invented-beta"]
    assert [effect.study for effect in result.doubtful] == ["invented-alpha"]
    (choice,) = result.choices
    assert choice.code == "with-doubtful" and choice.pooled.k == 2


def test_a_double_zero_table_is_not_estimable(invented):
    rows = [arm(name, line, mean=None, sd=None, events=0) for line, name in ((2, "new"), (3, "old"))]
    result = ask(invented, *rows, measure="OR", instruments=())
    assert {one.code for one in result.left_out} == {"not-estimable"}


def test_every_row_that_answers_a_question_is_accounted_for(answers):
    for result in answers.values():
        refs = [ref for effect in result.effects + result.doubtful for ref in effect.refs]
        refs += [one.ref for one in result.left_out]
        assert len(refs) == len(set(refs)) == result.rows_found


def test_every_code_has_its_sentence(answers):
    for result in answers.values():
        assert {one.code for one in result.left_out} <= set(REASONS)
        assert {code for effect in result.effects for code in effect.cautions} <= set(CAUTIONS)


def test_no_trial_is_pooled_twice(answers, real):
    people = {one.id: one.metadata.study.same_people_as or one.id for one in real.datasets}
    for result in answers.values():
        entered = [people[effect.study] for effect in result.effects + result.doubtful]
        assert len(entered) == len(set(entered))


def test_hott_enters_exercise_against_free_activity_as_one_trial_of_three_arms(answers):
    """Hott 2019, abstract: hip 1.0 (-4.6 to 6.6) and knee 0.2 (-5.5 to 6.0) against free activity."""
    (effect,) = answers["exercise-vs-free-activity-function-3-months"].effects
    assert effect.n_total == 112 and "contrasts-combined" in effect.cautions
    assert 0.2 < effect.yi < 1.0


def test_matthews_risk_ratio_is_that_of_the_printed_counts(answers):
    """Matthews 2020, abstract: 48 of 100 with foot orthoses, 46 of 92 with hip exercise."""
    (effect,) = answers["orthoses-vs-hip-recovery"].effects
    assert_allclose(effect.yi, log((48 / 100) / (46 / 92)), rtol=1e-12)
    assert answers["orthoses-vs-hip-recovery"].control_risk == 0.5


def test_a_p_value_gives_back_the_printed_difference(answers):
    """Willson 2008, abstract: 3.5 degrees, P = 0.012, 20 and 20 people."""
    effect = next(one for one in answers["hip-adduction-beside"].effects if one.study == "willson-2008")
    assert effect.yi == 3.5 and effect.derivation == "difference-p"
    assert effect.ci_low > 0


def with_quartiles(name, line, **values):
    return arm(name, line, **({"mean": None, "sd": None, "median": 4.0, "q1": 2.0, "q3": 6.5, "n": 30} | values))


@pytest.mark.parametrize(
    "values, derivation",
    [
        ({}, "means-quartiles"),
        ({"q1": None, "q3": None, "min": 0.0, "max": 8.5}, "means-range"),
        ({"min": 0.0, "max": 8.5}, "means-five-numbers"),
        ({"mean": 4.2}, "means-quartiles"),
    ],
)
def test_a_median_with_its_spread_is_enough_and_said_to_be_recovered(invented, values, derivation):
    rows = [with_quartiles("new", 2, **values), arm("old", 3)]
    (effect,) = ask(invented, *rows).effects
    figures = {"q1": 2.0, "q3": 6.5} | values
    found = mean_and_sd_from_summary(4.0, 30, q1=figures["q1"] or nan, q3=figures["q3"] or nan,
                                     low=figures.get("min", nan), high=figures.get("max", nan))  # fmt: skip
    assert effect.derivation == derivation
    assert_allclose(effect.experimental.mean, values.get("mean", found.mean[0]), rtol=1e-14)
    assert_allclose(effect.experimental.sd, found.sd[0], rtol=1e-14)


def test_a_printed_sd_comes_before_a_recovered_one(invented):
    rows = [with_quartiles("new", 2, mean=3.0, sd=2.0), arm("old", 3)]
    (effect,) = ask(invented, *rows).effects
    assert effect.derivation == "means" and effect.experimental.sd == 2.0


@pytest.mark.parametrize(
    "values, code",
    [
        ({"q1": 3.9, "q3": 9.0}, "skewed"),
        ({"q1": None}, "no-spread"),
        ({"median": None, "mean": None}, "no-estimate"),
        ({"n": None}, "no-group-sizes"),
        ({"n": 4}, "no-spread"),
        ({"q1": 4.0, "q3": 4.0}, "no-spread"),
    ],
)
def test_a_summary_that_shows_no_mean_is_left_out_with_its_reason(invented, values, code):
    result = ask(invented, with_quartiles("new", 2, **values), arm("old", 3))
    assert {one.code for one in result.left_out} == {code}
    assert result.pooled is None


def test_a_mean_difference_with_its_t_is_enough(invented):
    (effect,) = ask(invented, contrast(estimate=-3.0, statistic="t", statistic_value=2.5)).effects
    assert effect.derivation == "difference-t"
    assert_allclose((effect.yi, effect.sei), (-3.0, 1.2), rtol=1e-14)


def test_a_preferred_detail_is_taken_before_the_order_of_the_source(invented):
    rows = [
        contrast(2, estimate=-1.0, se=0.5, detail="left knee"),
        contrast(3, estimate=-2.0, se=0.5, detail="right knee"),
    ]
    assert [effect.yi for effect in ask(invented, *rows).effects] == [-1.0]
    assert [effect.yi for effect in ask(invented, *rows, details=("right",)).effects] == [-2.0]


def test_the_smallest_important_difference_is_that_of_the_instruments_in_the_pool(invented, answers):
    """Crossley 2004: 2 of 10 on the visual analogue scale; Piva 2009: 1.16 on the numeric rating scale, Tahir's own."""
    assert ask(invented, contrast(estimate=-1.0, se=0.5)).comparison.smallest_important == 1.0
    pain = answers["hip-knee-vs-knee-pain"]
    assert {effect.instrument for effect in pain.effects} == {"nprs"}
    assert pain.comparison.smallest_important == 1.16 and "Piva" in pain.comparison.smallest_important_source


def test_coarsely_rounded_means_are_said_to_be(answers, invented):
    """Herbst 2015 prints 0.013 and 0.011 with SDs of 0.003: rounding alone is as large as the standard error."""
    (effect,) = answers["hip-abduction-strength-before"].effects
    assert "coarse-rounding" in effect.cautions
    (fine,) = ask(invented, arm("new", 2, mean=3.01), arm("old", 3, mean=4.02)).effects
    assert "coarse-rounding" not in fine.cautions


def test_a_slope_is_no_effect_to_show_beside(answers):
    """Morelli 2015, Table 2, prints slopes per session and per week beside its poolings."""
    shown = answers["proximal-exercise-pain"].published
    assert shown and "slope" not in {row.measure for row in shown}


def test_what_an_arm_lacks_is_said_by_the_label_of_its_treatment(invented):
    label = invented.codebook.treatments["new"].label
    result = ask(invented, arm("new", 2, sd=None), arm("old", 3))
    assert {row.reason.partition(" Missing: ")[2] for row in result.left_out} == {f"the spread of {label}."}
    assert label != "new"
