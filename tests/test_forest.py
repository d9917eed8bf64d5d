"""The forest plot and its fellows: where marks stand, what is never drawn, what words go with it."""

import math
from dataclasses import replace

import pytest

from analysis.report.drawing import (
    Axis,
    Box,
    Line,
    Polygon,
    Text,
    fitted,
    limits,
    linear_ticks,
    ticks,
    two_lines,
    wrapped,
)
from analysis.report.forest import diamond, forest_plots
from analysis.report.funnel import FEWEST_STUDIES, funnel_plots
from analysis.report.links import places_of
from analysis.report.published import not_drawable, published_groups
from analysis.report.strip import shared_scale, strip, strip_axis
from analysis.report.studies import effect_anchors
from analysis.report.wording import Scale
from tests.fixtures_bcg import bcg_result
from tests.fixtures_invented import (
    hostile_result,
    invented_effect,
    invented_pooled,
    invented_pooling,
    invented_result,
    invented_run,
)


def plots_of(result):
    return forest_plots(result, effect_anchors(result))


def marks(drawing, css):
    return [shape for shape in drawing.shapes if css in shape.css.split()]


def sides_of(drawing):
    """Return what is said left and right of no effect, lines joined; `end` holds the heads of the columns too."""
    said = [shape for shape in marks(drawing, "side") if isinstance(shape, Text)]
    return {end: " ".join(shape.text for shape in said if shape.anchor == end) for end in ("end", "start")}


def texts(drawing):
    return [shape.text for shape in drawing.shapes if isinstance(shape, Text)]


WIDE, MEDIUM, NARROW = plots_of(bcg_result())
LAYOUTS = pytest.mark.parametrize("drawing", [WIDE, MEDIUM, NARROW], ids=lambda drawing: drawing.layout)


@LAYOUTS
def test_the_area_of_a_square_follows_the_weight(drawing):
    """Weights of metafor 3.8-1; squares held at the smallest size are left out."""
    weights = bcg_result().pooled.weights
    areas = [square.width * square.height for square in marks(drawing, "square")]
    shares = [area / weight for area, weight in zip(areas, weights, strict=True) if area > 25.0]
    assert shares == pytest.approx([shares[0]] * len(shares), rel=1e-9)
    assert min(areas) >= 25.0


@LAYOUTS
def test_the_tips_of_the_diamond_are_the_interval(drawing):
    (diamond_of,) = marks(drawing, "diamond")
    (left, _), (middle, _), (right, _), _ = diamond_of.corners
    pooled, axis = bcg_result().pooled, axis_of(drawing)
    assert (left, middle, right) == pytest.approx(tuple(map(axis, (pooled.ci_low, pooled.estimate, pooled.ci_high))))


def axis_of(drawing):
    """Return the map from value to position that two ticks of a drawing (1 and 0.5) fix."""
    places = {shape.text: shape.x for shape in drawing.shapes if isinstance(shape, Text) and shape.css == "tick"}
    one, half = places["1"], places["0.5"]
    return lambda value: one + value / math.log(0.5) * (half - one)


def corners_of(shape):
    if isinstance(shape, Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if isinstance(shape, Box):
        return [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
    return shape.corners if isinstance(shape, Polygon) else [(shape.x, shape.y)]


@LAYOUTS
def test_nothing_is_drawn_outside_of_the_figure(drawing):
    for shape in drawing.shapes:
        for x, y in corners_of(shape):
            assert 0 <= x <= drawing.width and 0 <= y <= drawing.height


@LAYOUTS
def test_every_trial_is_a_row_in_the_order_given_and_links_to_its_numbers(drawing):
    labels = [(shape.text, shape.href) for shape in drawing.shapes if isinstance(shape, Text) and shape.href]
    assert len(labels) == 13
    assert labels[0] == ("Aronson 1948", "#study-aronson-1948")
    assert labels[-1] == ("Comstock et al 1976", "#study-comstock-1976")


def test_only_the_wide_layout_has_the_columns_of_raw_data():
    assert "4/123" in texts(WIDE)
    assert "4/123" not in texts(MEDIUM) + texts(NARROW)


def test_the_heads_of_raw_data_wrap_and_say_what_the_numbers_are():
    label = "hip or core work added to knee exercise"
    plain = invented_result("heads", (invented_effect("one", -1.0),) * 2, invented_pooled(2, -1.0, 0.98), label=label)
    words = texts(plots_of(plain)[0])
    assert {"hip or core work", "added to knee", "exercise"} <= set(words)
    assert words.count("mean (SD), n") == 2 and "events/total" not in words
    assert texts(WIDE).count("events/total") == 2
    bare = replace(plain, effects=tuple(replace(e, experimental=replace(e.experimental, mean=None, sd=None),
                                                control=replace(e.control, mean=None, sd=None))
                                        for e in plain.effects))  # fmt: skip
    assert not {"mean (SD), n", "events/total"} & set(texts(plots_of(bare)[0]))
    mixed = replace(plain, effects=(plain.effects[0], bare.effects[1]))  # a lone number of people is no mean
    assert {"3.25 (1.5), 20", "n 20"} <= set(texts(plots_of(mixed)[0]))


def test_one_study_has_no_weight():
    alone = invented_result("one", (invented_effect("only", -1.0),), invented_pooled(1, -1.0, 0.98))
    assert all("Weight" not in texts(drawing) and "100.0 %" not in texts(drawing) for drawing in plots_of(alone))


def test_a_diamond_that_leaves_the_axis_is_cut_where_it_leaves():
    """Half its height at the cut is in proportion to what is left of that side."""
    axis = Axis(-1.0, 1.0, 0, 200)
    *_, shape = diamond(axis, 0.0, -0.5, 2.0, 50)
    assert shape.corners == ((50.0, 50.0), (100.0, 42.0), (191.0, 46.0), (191.0, 54.0), (100.0, 58.0))
    *_, endless = diamond(axis, 0.0, -math.inf, math.inf, 50)
    assert {y for _, y in endless.corners} == {42.0, 58.0}


def test_the_average_is_named_in_every_layout():
    assert "Average of 13 trials, random effects" in texts(WIDE)
    assert "Average of 13 trials" in texts(MEDIUM) and "Average of 13 trials" in texts(NARROW)


def test_an_interval_that_leaves_the_axis_gets_an_arrow():
    plots = plots_of(hostile_result())
    assert len(marks(plots[0], "effect")) == 3  # of the diamond: a line and two arrow heads
    assert [shape for shape in marks(plots[0], "head") if isinstance(shape, Polygon)]


def test_doubtful_studies_stand_below_hollow_and_named():
    drawing = plots_of(hostile_result())[0]
    (hollow,), (average,) = marks(drawing, "hollow"), marks(drawing, "diamond")
    assert hollow.y > average.corners[0][1]
    assert "Doubtful, not pooled" in texts(drawing)


def test_one_study_has_no_diamond_and_is_said_to_be_alone():
    result = invented_result("one", (invented_effect("only", -1.0),), invented_pooled(1, -1.0, 0.98))
    drawing = plots_of(result)[0]
    assert not marks(drawing, "diamond") and not marks(drawing, "average")
    assert "one trial, not pooled" in drawing.desc


def test_no_study_has_no_figure():
    assert plots_of(invented_result("none")) == ()


@pytest.mark.parametrize("better, left, right", [
    ("lower", "← favours BCG vaccine", "favours no vaccine →"),
    ("higher", "← favours no vaccine", "favours BCG vaccine →"),
    ("none", "← lower in BCG vaccine", "higher in BCG vaccine →"),
])  # fmt: skip
def test_the_sides_follow_from_better(better, left, right):
    said = sides_of(plots_of(replace(bcg_result(), better=better))[0])
    assert said["end"].endswith(left) and said["start"] == right


def test_the_description_says_the_finding_then_the_parts():
    assert WIDE.desc == (
        '13 trials: 11 on the side "favours BCG vaccine", 2 on the side "favours no vaccine"; '
        "average RR 0.49, 95 % interval 0.33 to 0.73, less likely."
    )


def test_published_results_are_rings_and_never_diamonds_or_squares():
    run = invented_run()
    groups = published_groups(run, run.comparisons[0], places_of(run))
    assert [group.measure for group in groups] == ["mean difference", "odds ratio", "measure not stated"]
    for group in groups:
        for drawing in group.drawings:
            assert len(marks(drawing, "ring")) == len(group.rows)
            assert not marks(drawing, "diamond") + marks(drawing, "square")


def published(*rows, better, side="lower"):
    result = invented_result("published", published=rows, published_better=better, better=side, label="hip work")
    run = replace(invented_run(), comparisons=(result,))
    return published_groups(run, result, places_of(run)), not_drawable(run, result, places_of(run))


def test_published_results_whose_outcomes_run_opposite_ways_never_share_an_axis():
    rows = invented_pooling(-1.0, "SMD", -2.0, -0.1), invented_pooling(0.94, "SMD")
    groups, _ = published(*rows, better=("lower", "higher"))
    assert [len(group.rows) for group in groups] == [1, 1]
    assert sides_of(groups[0].drawings[0]) == {"end": "← favours hip work", "start": "favours exercise b →"}
    assert sides_of(groups[1].drawings[0]) == {"end": "← favours exercise b", "start": "favours hip work →"}
    assert groups[1].drawings[0].desc == "1 published result: 1 without an interval."
    together, _ = published(*rows, better=("lower", "lower"))
    assert [len(group.rows) for group in together] == [2]


def test_published_results_call_a_side_as_the_rest_of_the_page_does_where_it_is_one_treatment():
    run, result = invented_run(), invented_result("named", published=(invented_pooling(0.5, "SMD", 0.1, 0.9),))
    names = replace(run, labels=replace(run.labels, treatments=(("a", "its own label"), ("b", "another label"))))
    (group,) = published_groups(names, result, places_of(names))
    assert group.rows[0].compared == f"{result.experimental_label} against {result.control_label}"
    two = replace(result, comparison=replace(result.comparison, experimental=("a", "c")))
    assert published_groups(names, two, places_of(names))[0].rows[0].compared.startswith("its own label against ")


def test_a_direction_that_nobody_knows_has_no_labels():
    groups, _ = published(invented_pooling(-1.0, "SMD", -2.0, -0.1), better=("none",))
    assert not [text for text in texts(groups[0].drawings[0]) if "favours" in text]


def test_a_slope_is_listed_and_never_drawn_as_an_effect():
    groups, others = published(invented_pooling(-0.009, "slope"), better=("higher",))
    assert groups == () and others[0].result == "slope −0.009, no interval printed"


def test_the_line_at_no_effect_runs_through_all_published_results_and_never_through_words():
    rows = invented_pooling(-1.0, "SMD", -2.0, -0.1), invented_pooling(0.94, "SMD")
    (group,), _ = published(*rows, better=("lower", "lower"))
    broad, narrow = group.drawings
    (line,) = marks(broad, "null")
    assert all(line.y1 < ring.y < line.y2 for ring in marks(broad, "ring"))
    words = [shape.y for shape in narrow.shapes if isinstance(shape, Text) and "num" in shape.css.split()]
    assert len(marks(narrow, "null")) == 2
    assert not [y for line in marks(narrow, "null") for y in words if line.y1 < y < line.y2]


def test_below_ten_studies_there_is_no_funnel_plot():
    """Sterne 2011, doi:10.1136/bmj.d4002: at least ten studies."""
    result = bcg_result()
    assert funnel_plots(replace(result, effects=result.effects[: FEWEST_STUDIES - 1])) == ()
    assert [len(marks(plot, "dot")) for plot in funnel_plots(result)] == [13, 13]


@pytest.mark.parametrize("layout", [0, 1], ids=["broad", "narrow"])
def test_a_funnel_plot_has_precise_studies_at_the_top(layout):
    result = bcg_result()
    dots = marks(funnel_plots(result)[layout], "dot")
    order = sorted(range(13), key=lambda index: result.effects[index].sei)
    heights = [dots[index].y for index in order]
    assert heights == sorted(heights)


def test_strips_of_one_group_share_their_scale():
    results = [
        bcg_result(),
        replace(bcg_result(), pooled=replace(bcg_result().pooled, estimate=0.0, ci_low=-0.1, ci_high=0.1)),
    ]
    shared = shared_scale(results)
    lines = [next(shape for shape in strip(result, shared).shapes if shape.css == "null") for result in results]
    assert lines[0] == lines[1]
    assert strip(invented_result("none"), shared) is None


@pytest.mark.parametrize("size", [0.3, 1.0, 7.0, 60.0])
def test_the_axis_of_strips_has_at_most_four_ticks_and_names_no_effect(size):
    result = invented_result("strip", (invented_effect("one", size),), invented_pooled(1, size, size / 2))
    shown = texts(strip_axis(shared_scale([result]), result, "axis"))
    assert 2 <= len(shown) <= 4
    assert 0.0 in [float(text.replace("−", "-")) for text in shown]


@pytest.mark.parametrize("scale", [Scale("RR"), Scale("MD")], ids=["ratio", "difference"])
@pytest.mark.parametrize("size", [1e-6, 0.01, 1.0, 8.0, 300.0])
def test_axis_limits_hold_no_effect_and_every_estimate_whatever_the_size(scale, size):
    size = min(size, 20.0) if scale.ratio else size
    low, high = limits(scale, [-size, 0.3 * size], [0.1 * size, 0.2 * size, 50 * size])
    assert low <= -size and high >= 0.3 * size
    marks = ticks(scale, low, high)
    assert 2 <= len(marks) <= 10
    assert all(low <= mark <= high for mark in marks)


def test_ticks_of_a_ratio_are_the_round_ones():
    shown = [round(math.exp(tick), 10) for tick in ticks(Scale("RR"), math.log(0.08), math.log(12))]
    assert shown == [0.1, 0.2, 0.5, 1, 2, 5, 10]
    assert linear_ticks(-3.2, 4.1) == [-2, 0, 2, 4]


def test_a_value_beyond_the_axis_is_held_at_its_end():
    axis = Axis(-1.0, 1.0, 100, 300)
    assert (axis.at(-5), axis.at(0), axis.at(math.inf)) == (100, 200, 300)


def test_long_words_are_cut_and_broken_to_fit():
    assert fitted("x" * 400, 100).endswith("…")
    assert len(fitted("x" * 400, 100)) <= 14
    assert two_lines("hip and knee strengthening", 116) == ("hip and knee", "strengthening")
    assert two_lines("short", 116) == ("short", "")
    label = "hip or core work added to knee exercise"
    assert wrapped(label, 130, 3) == ["hip or core work", "added to knee", "exercise"]
    assert wrapped("x" * 400, 130, 3) == [fitted("x" * 400, 130)]
    assert wrapped("short", 130, 3) == ["short"]
