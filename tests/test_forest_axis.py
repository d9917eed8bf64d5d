"""The axis of a forest plot and its room: what it holds, what is marked on it, and the words under it."""

import pytest

from analysis.report.drawing import Axis, Line, Polygon, Text, text_width
from analysis.report.forest import forest_plots
from analysis.report.forest_axis import axis_ends, thresholds
from analysis.report.forest_words import under_forest
from analysis.report.row_plot import ground_of
from analysis.report.studies import effect_anchors
from tests.fixtures_bcg import bcg_result
from tests.fixtures_invented import invented_effect, invented_pooled, invented_result

LABEL = "hip or core work added to knee exercise"


def two_trials(low=-17.5, high=31.8, smallest=10.0, **other):
    """Return an invented comparison of two trials whose interval rests on one degree of freedom."""
    effects = (invented_effect("Sharif 2020", 10.9, 4.8), invented_effect("Tazesh 2021", 6.4, 2.1))
    pooled = invented_pooled(2, 7.1, 1.0, ci_low=low, ci_high=high, **other)
    return invented_result("two", effects, pooled, label=LABEL, better="higher", smallest_important=smallest)


def plots_of(result):
    return forest_plots(result, effect_anchors(result))


def marks(drawing, css):
    return [shape for shape in drawing.shapes if css in shape.css.split()]


def own_length():
    low, high = axis_ends(two_trials(low=6.0, high=8.0, smallest=None))
    return high - low


def test_an_axis_grows_until_it_holds_the_whole_diamond():
    low, high = axis_ends(two_trials())
    assert low <= -17.5 and high >= 31.8
    for drawing in plots_of(two_trials()):
        (diamond,) = marks(drawing, "diamond")
        assert len(diamond.corners) == 4 and not [one for one in marks(drawing, "head") if isinstance(one, Polygon)]


def test_an_axis_grows_to_three_times_what_the_studies_ask_for_at_most():
    low, high = axis_ends(two_trials(low=-73.0, high=76.9, smallest=None))
    assert high - low == own_length()
    ends = axis_ends(two_trials(low=-2.7 * own_length() / 2, high=2.7 * own_length() / 2, smallest=None))
    assert own_length() < ends[1] - ends[0] <= 3.5 * own_length()  # a tick just outside is taken in


def test_the_smallest_difference_that_matters_is_marked_and_named_on_both_sides():
    for drawing in plots_of(two_trials()):
        assert len({line.x1 for line in marks(drawing, "threshold")}) == 2
        assert {"← matters", "matters →"} <= {one.text for one in drawing.shapes if isinstance(one, Text)}
    assert "Dashed lines: the smallest difference that matters (10 points)." in under_forest(two_trials()).key
    assert not any(marks(drawing, "threshold") for drawing in plots_of(two_trials(smallest=None)))


def test_a_difference_far_beyond_the_studies_is_neither_marked_nor_named():
    far = two_trials(smallest=1000.0)
    assert thresholds(far, Axis(*axis_ends(far), 0, 1)) == []
    assert "Dashed" not in under_forest(far).key


def test_the_dotted_line_reaches_the_diamond():
    for drawing in plots_of(two_trials()):
        (diamond,) = marks(drawing, "diamond")
        top = min(y for _, y in diamond.corners)
        assert max(line.y2 for line in marks(drawing, "average") if isinstance(line, Line)) >= top


@pytest.mark.parametrize("result", [two_trials(), bcg_result()], ids=["two trials", "bcg"])
def test_the_words_of_a_side_are_no_wider_than_its_part_of_the_axis(result):
    for drawing in plots_of(result):
        ends = [line for line in marks(drawing, "axis") if line.y1 == line.y2]
        left, right = ends[0].x1, ends[0].x2
        for said in (one for one in marks(drawing, "side") if "quiet" not in one.css and "matters" not in one.text):
            start = said.x - text_width(said.text, 12) * (said.anchor == "end")
            assert left - 1 <= start and start + text_width(said.text, 12) <= right + 1


def test_the_plot_has_a_third_of_the_row_where_words_leave_it_the_room():
    wide = plots_of(two_trials())[0]
    ends = [line for line in marks(wide, "axis") if line.y1 == line.y2]
    assert ends[0].x2 - ends[0].x1 > wide.width / 3


def test_why_the_diamond_of_two_trials_is_wide_stands_under_the_plot():
    assert under_forest(two_trials()).width == (
        "The diamond is this wide because two trials are few to judge from how much trials differ (one degree of "
        "freedom): by this method the 95 % interval then reaches from −17.5 to 31.8."
    )
    assert under_forest(two_trials(low=-73.0, high=76.9)).width.endswith("from −73.0 to 76.9, further than the figure.")
    assert under_forest(two_trials(test="z")).width == "" and under_forest(bcg_result()).width == ""


def test_plots_of_steps_hold_the_interval_of_the_average_as_the_forest_plot_does():
    ground = ground_of(two_trials())
    assert ground.low <= -17.5 and ground.high >= 31.8
