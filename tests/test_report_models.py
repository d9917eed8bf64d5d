"""Pages of models beyond one mean: what they say, that every figure has its table, and that hostile names stay text."""

import pytest

from analysis.document import from_json, to_json
from analysis.forms.outline import outline
from analysis.forms.sheets import sheets
from analysis.protocol.moderators import MODERATORS
from analysis.report import render
from analysis.report.drawing import Box, Line, Polygon
from analysis.report.moderator_words import MODERATOR_NAMES
from analysis.report.moderator_words import NOT_FITTED as MODERATOR_REASONS
from analysis.report.network_page import NOT_FITTED as NETWORK_REASONS
from analysis.report.network_plot import network_drawings
from analysis.report.prisma_answers import GAP, answer
from analysis.report.within import NOT_MULTILEVEL
from analysis.synthesis import NOT_FITTED
from tests.model_runs import model_runs
from tests.report_checks import broken_links, pages_of, skipped_headings


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return model_runs(tmp_path_factory.mktemp("models"))


NAMES = ("line", "groups", "rows", "network", "share", "mean")


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_whole(runs, name):
    files = render(runs[name])
    assert broken_links(files) == []
    for path, page in pages_of(files).items():
        assert page.faults == [] and skipped_headings(page) == [], path
        assert len(set(page.ids)) == len(page.ids), path


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_as_many_rows_as_marks(runs, name):
    for path, page in pages_of(render(runs[name])).items():
        if path.startswith(("comparisons/", "networks/", "groups/")):
            groups = [figure for figure in page.figures if figure.rows]
            assert [figure.marks for figure in groups] == [figure.rows for figure in groups], path


@pytest.mark.parametrize("name", NAMES)
def test_a_run_with_models_is_read_as_it_was_written(runs, name):
    assert from_json(to_json(runs[name])) == runs[name]


def page_text(runs, name, path="comparisons/asked.html"):
    return pages_of(render(runs[name]))[path].text


def test_a_moderator_is_put_in_a_plain_sentence(runs):
    """models.json: slope -0.157, Knapp-Hartung interval by t on 17 degrees of freedom."""
    text = page_text(runs, "line")
    assert (
        "Per week of follow-up, the effect shifts by 0.157 units in favour of new (95 % interval 0.0826 to 0.232)."
    ) in text
    assert "19.8 on 1 and 17 degrees of freedom" in text


def test_few_studies_a_coefficient_are_shown_with_a_caution(runs):
    text = page_text(runs, "groups")
    assert "Read this with caution: 13 trials for 2 coefficients." in text
    assert "caution: 19" not in page_text(runs, "line")


def test_subgroups_stand_in_the_forest_plot_with_their_test_in_the_methods(runs):
    """moderators.json: Q 2.04 and P 0.36 by Knapp-Hartung with a tau2 each."""
    text = page_text(runs, "groups")
    assert "Test of subgroup differences Q 2.04 on 2 degrees of freedom, P 0.36" in text
    assert "Detail of the result: random" in text and "Average of 7 trials" in text


def test_a_multilevel_page_counts_studies_and_says_what_is_robust(runs):
    text = page_text(runs, "rows")
    assert "11 trials" in text and "56 trials" not in text
    assert "Disagreement between trials variance between studies" in text and "; within studies " in text
    assert "We pooled 11 studies (56 effects) with a multilevel model" in text
    assert "Studies enter with several results each." in text


def test_a_network_page_says_what_is_indirect_and_what_contradicts(runs):
    text = page_text(runs, "network", "networks/all.html")
    direct = "Trials compare 8 of the 9 other treatments with placebo directly; 1 is known only through a third one."
    assert direct in text
    assert "Direct and indirect comparisons contradict each other more than chance explains" in text
    assert "10 treatments · 26 trials · 6,646 people" in text


def test_nothing_is_drawn_outside_of_the_network(runs):
    for drawing in network_drawings(runs["network"].networks[0], "Invented."):
        for shape in drawing.shapes:
            ends = [(shape.x1, shape.y1), (shape.x2, shape.y2)] if isinstance(shape, Line) else (
                shape.corners if isinstance(shape, Polygon) else [(shape.x, shape.y)]
            )
            assert not isinstance(shape, Box)
            assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in ends)


def test_the_forms_hold_models_and_networks(runs):
    found = {sheet.name: len(sheet.rows) for sheet in sheets(runs["network"])}
    assert (found["networks"], found["network trials"]) == (45, 28)
    assert {sheet.name: len(sheet.rows) for sheet in sheets(runs["groups"])}["moderators"] == 3
    blocks = [block.text for block in outline(runs["network"]) if hasattr(block, "text")]
    assert "Which trials connect them" in blocks


def test_the_checklist_counts_questions_that_look_for_causes(runs):
    assert answer(runs["groups"], "13e").text == "1 of 1 question looks for causes by moderators or subgroups."
    assert answer(runs["network"], "20c").status == GAP


def test_every_moderator_and_every_reason_has_words():
    assert set(MODERATORS) <= set(MODERATOR_NAMES)
    assert set(NOT_FITTED) <= {*MODERATOR_REASONS, *NETWORK_REASONS, *NOT_MULTILEVEL}
