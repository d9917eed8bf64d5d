"""The figures beside the forest plot: what their marks stand for, what they say, and what they never draw."""

import itertools
from dataclasses import replace

import pytest

from analysis.report import render
from analysis.report.baujat import MOST_NAMES, influence_plot
from analysis.report.drawing import Box, Line, Polygon, Text
from analysis.report.flags import flag_sentence, study_flags
from analysis.report.forest import forest_plots
from analysis.report.funnel import funnel_plots
from analysis.report.left_one_out import left_one_out
from analysis.report.over_time import over_time
from analysis.report.robustness_parts import robustness_parts
from analysis.report.small_studies import small_study_effects
from analysis.report.specification import LINE, shade, specification_curve
from analysis.report.studies import effect_anchors
from analysis.results import Change, Robustness, Step
from tests.benchmarks.report_speed import invented_comparison
from tests.fixtures_bcg import bcg_result, bcg_run
from tests.fixtures_invented import (
    hostile_multiverse,
    hostile_result,
    invented_effect,
    invented_pooled,
    invented_result,
)

BCG = bcg_result()
FIGURES = {
    "cumulative": over_time(BCG).drawings,
    "left-one-out": left_one_out(BCG).drawings,
    "baujat": influence_plot(BCG).drawings,
    "funnel": funnel_plots(BCG),
    "curve": specification_curve(BCG, BCG.multiverse, {}),
    "hostile cumulative": over_time(hostile_result()).drawings,
    "hostile left-one-out": left_one_out(hostile_result()).drawings,
    "hostile baujat": influence_plot(hostile_result()).drawings,
    "hostile curve": specification_curve(hostile_result(), hostile_multiverse(), {}),
}
every_drawing = pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(drawing, id=f"{name} {drawing.layout}")
        for name, drawings in FIGURES.items()
        for drawing in drawings
    ],
)


def marks(drawing, css="mark"):
    return [shape for shape in drawing.shapes if css in shape.css.split()]


def corners_of(shape):
    if isinstance(shape, Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if isinstance(shape, Box):
        return [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
    return shape.corners if isinstance(shape, Polygon) else [(shape.x, shape.y)]


def test_every_figure_has_a_broad_and_a_narrow_layout():
    assert {tuple(drawing.layout for drawing in drawings) for drawings in FIGURES.values()} == {("broad", "narrow")}


@every_drawing
def test_nothing_is_drawn_outside_of_a_figure(drawing):
    for shape in drawing.shapes:
        for x, y in corners_of(shape):
            assert -1e-6 <= x <= drawing.width + 1e-6 and -1e-6 <= y <= drawing.height + 1e-6, shape


@every_drawing
def test_a_figure_says_its_finding_in_a_sentence(drawing):
    assert drawing.desc.endswith(".")
    assert drawing.title.count(":") >= 1


def test_the_average_is_drawn_trial_by_trial_in_the_order_of_years():
    """Thirteen BCG trials by year (metafor 3.8-1, order(year)): from the fourth on, all of the interval is below 1."""
    found = over_time(BCG)
    joined = ["Aronson 1948", "+ Ferguson & Simes 1949", "+ Stein & Aronson 1953"]
    assert [row.label for row in found.rows[:3]] == joined
    assert found.rows[-1].effect == "0.49" and found.rows[-1].people == "357,347"
    assert found.rows[0].tau2 == "–"
    assert found.sentence.startswith("Since Rosenthal et al 1960 joined, as number 4 of 13 trials,")


@pytest.mark.parametrize(
    "intervals, said",
    [
        ([(-1, 1), (-1, 1)], "With all 2 trials the interval of the average includes no effect."),
        ([(-2, -1), (-1, 1)], "With all 2 trials the interval of the average includes no effect. It did not at every"),
        ([(-2, -1), (-2, -1)], "From the first of 2 trials on,"),
        ([(1, 2), (-2, -1)], "Since b joined, as number 2 of 2 trials,"),
    ],
)
def test_since_when_an_answer_stands_is_said_in_words(intervals, said):
    steps = tuple(Step("ab"[k], k + 1, 40, 0.0, low, high, 0.5, 0.0, 0.0) for k, (low, high) in enumerate(intervals))
    effects = (invented_effect("a", 1.0), invented_effect("b", 1.0))
    result = invented_result("time", effects, invented_pooled(2, 0.0, 1.0), robustness=Robustness(steps))
    assert over_time(result).sentence.startswith(said)


def test_steps_and_single_studies_have_figures_from_three_studies_on():
    """The steps from one study to two, and each of two alone, are the rows of the forest plot again."""
    assert robustness_parts(bcg_run(), BCG).over_time and robustness_parts(bcg_run(), BCG).left_one_out
    two = robustness_parts(bcg_run(), replace(BCG, effects=BCG.effects[:2]))
    assert two.over_time is None and two.left_one_out is None


def test_leaving_out_one_trial_is_drawn_only_where_the_protocol_declares_it():
    assert left_one_out(BCG).rows[1].label == "without Ferguson & Simes 1949"
    assert left_one_out(BCG).sentence.endswith("stays between 0.45 and 0.53; the answer never changes.")
    assert left_one_out(replace(BCG, choices=())) is None


def test_baujat_places_each_trial_by_what_it_adds_and_what_it_moves():
    """metafor 3.8-1, baujat(): TPT Madras 1980 furthest right, Hart & Sutherland 1977 furthest up."""
    broad, narrow = influence_plot(BCG).drawings
    places = [(mark.x, mark.y) for mark in marks(broad)]
    names = [effect.label for effect in BCG.effects]
    assert names[places.index(max(places))] == "TPT Madras 1980"
    assert names[places.index(min(places, key=lambda place: place[1]))] == "Hart & Sutherland 1977"
    assert influence_plot(BCG).sentence == (
        "TPT Madras 1980 lies furthest from the other results; Hart & Sutherland 1977 moves the average most."
    )


def test_names_in_baujats_plot_never_cover_each_other_or_a_mark():
    for drawing in influence_plot(BCG).drawings:
        names = [one for one in drawing.shapes if isinstance(one, Text) and one.css == "tick" and one.text[0].isalpha()]
        assert 0 < len(names) <= MOST_NAMES
        heights = sorted(name.y for name in names)
        assert all(after - before >= 14 for before, after in zip(heights, heights[1:], strict=False))


def test_a_study_without_both_coordinates_is_not_drawn_and_not_listed():
    result = hostile_result()
    assert len(result.robustness.influence) == 4
    assert [len(marks(drawing)) for drawing in influence_plot(result).drawings] == [3, 3]
    assert len(influence_plot(result).rows) == 3


def test_the_funnel_plot_marks_what_trim_and_fill_puts_in_as_rings():
    """metafor 3.8-1, trimfill(estimator="L0"): one study on the right; with it RR 0.52, 0.35 to 0.77."""
    effects = small_study_effects(BCG)
    assert [len(marks(drawing, "ring")) for drawing in effects.drawings] == [1, 1]
    assert [len(marks(drawing)) for drawing in effects.drawings] == [14, 14]
    assert len(effects.imputed) == 1
    assert "puts 1 trial in on the right" in effects.sentences[1]
    assert "RR 0.52 (0.35 to 0.77)" in effects.sentences[1]


def test_small_study_tests_are_named_with_what_they_cannot_show():
    """metafor 3.8-1: regtest(model="lm") t -1.40 on 11 degrees of freedom, P 0.19; ranktest tau 0.0256, P 0.90."""
    sentence = small_study_effects(BCG).sentences[0]
    assert "Egger's regression test gives t −1.40 on 11 degrees of freedom, P 0.19" in sentence
    assert "Begg's rank test gives τ 0.0256, P 0.90" in sentence
    assert "does not show" in sentence


def test_a_symmetric_funnel_and_equal_errors_are_said():
    small = BCG.robustness.small_studies
    for filled, said in (
        (replace(small.trim_and_fill, imputed=()), "finds the funnel symmetric"),
        (None, "has nothing to go by"),
    ):
        result = replace(BCG, robustness=replace(BCG.robustness, small_studies=replace(small, trim_and_fill=filled)))
        assert said in small_study_effects(result).sentences[1]


def test_the_curve_sorts_every_branch_by_its_effect():
    found = BCG.multiverse
    averages = [step.estimate for step in found.curve]
    assert averages == sorted(averages) and sum(step.branches for step in found.curve) == found.in_measure
    for drawing in specification_curve(BCG, found, {}):
        line = [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.css == "curve"]
        assert [one.y1 for one in line] == sorted((one.y1 for one in line), reverse=True)
        assert all(one.x2 == other.x1 for one, other in itertools.pairwise(line))


def test_every_option_has_a_strip_below_the_curve():
    options = [option for choice in BCG.multiverse.choices for option in choice.options]
    for drawing in specification_curve(BCG, BCG.multiverse, {}):
        strips = [mark.y for mark in marks(drawing)]
        assert len(strips) == len(options) and min(b - a for a, b in itertools.pairwise(strips)) == LINE


def test_a_strip_is_darker_where_its_option_is_commoner():
    assert [shade(percent, 50.0) for percent in (0, 24, 25, 49, 50, 74, 75, 100)] == [0, 1, 2, 2, 3, 3, 4, 4]


def test_a_step_of_another_answer_has_another_colour_on_the_curve():
    step = replace(BCG.multiverse.curve[0], same_answer=0)
    turned = replace(BCG.multiverse, curve=(step, *BCG.multiverse.curve[1:]))
    for found, others in ((BCG.multiverse, 0), (turned, 1)):
        drawing = specification_curve(BCG, found, {})[0]
        assert sum(shape.css == "whisker other" for shape in drawing.shapes) == others


def test_fewer_than_three_steps_make_no_curve():
    assert specification_curve(BCG, replace(BCG.multiverse, curve=BCG.multiverse.curve[:2]), {}) == ()


def test_a_trial_that_is_new_or_revised_says_so_beside_its_name():
    """Invented changes of the BCG run; one of another comparison is not told here."""
    changes = (
        Change("evidence", BCG.comparison.id, "trial-added", None, "aronson-1948"),
        Change("evidence", BCG.comparison.id, "trial-revised", "hart-sutherland-1977", "hart-sutherland-1977"),
        Change("evidence", "elsewhere", "trial-added", None, "comstock-1974"),
        Change("evidence", BCG.comparison.id, "trial-removed", "gone-1900", None),
    )
    flags = study_flags(replace(bcg_run(), changes=changes), BCG)
    assert flags == {"aronson-1948": "new", "hart-sutherland-1977": "revised"}
    for plot in forest_plots(BCG, effect_anchors(BCG), flags):
        labels = [shape.text for shape in plot.shapes if isinstance(shape, Text) and shape.href]
        assert labels[0] == "Aronson 1948 · new"
        assert [label for label in labels if label.endswith("· revised")]
        assert len([label for label in labels if "·" in label]) == 2
    assert flag_sentence(flags) == (
        " New: not in the run before; revised: its figures are others than in the run before."
    )
    assert flag_sentence({}) == ""


def test_a_flag_is_never_cut_off_with_a_long_name():
    long = replace(BCG.effects[0], label="A very long name of a study that no column holds, 1948")
    result = replace(BCG, effects=(long, *BCG.effects[1:]))
    for plot in forest_plots(result, effect_anchors(result), {long.study: "revised"}):
        label = next(shape.text for shape in plot.shapes if isinstance(shape, Text) and shape.href)
        assert label.endswith("… · revised")


def test_a_page_of_fifty_trials_keeps_within_three_hundred_kilobytes():
    many = replace(invented_comparison("many", 50), multiverse=BCG.multiverse)
    run = replace(bcg_run(), comparisons=(many,), verdicts=())
    page = render(run)["comparisons/many.html"]
    assert page.count(b"of-mark") > 250
    assert len(page) < 300_000
