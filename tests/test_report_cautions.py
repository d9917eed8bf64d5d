"""What the first screen of a comparison says of figures that are not as printed, and of studies without figures."""

from dataclasses import replace

import pytest

from analysis.report.cautions import CONVERTED, CORRECTED, DOUBTED, SAID_ELSEWHERE
from analysis.report.index_page import status_line
from analysis.report.phrases import CAUTIONS
from analysis.report.site import render
from analysis.report.summary import certainty_reasons
from analysis.results import Awaited
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_effect, invented_pooled, invented_result
from tests.report_checks import read_page


def cautioned(study, *codes):
    return replace(invented_effect(study, 1.0), cautions=codes)


@pytest.mark.parametrize("effects, said", [
    ((cautioned("a", "sign-turned"), cautioned("b")), "figures were converted for pooling in 1 of 2 trials"),
    ((cautioned("a", "rescaled", "corrected"), cautioned("b", "arms-combined", "implausible")),
     "figures were converted for pooling in 2, were corrected after transcription in 1 "
     "and look implausible or incomplete in 1 of 2 trials"),
    ((cautioned("a", "implausible"),), "figures look implausible or incomplete in the one trial"),
])  # fmt: skip
def test_what_was_done_to_figures_is_said_with_in_how_many_studies(effects, said):
    result = invented_result("c", effects, invented_pooled(len(effects), 1.0, 1.0))
    assert said in certainty_reasons(result)


def test_studies_that_are_awaited_are_counted_and_the_first_are_named():
    awaited = tuple(Awaited(name, f"{name} 2001", 40, "Citation") for name in "ABCDE")
    result = invented_result("c", (invented_effect("a", 1.0),), invented_pooled(1, 1.0, 1.0))
    (said,) = [reason for reason in certainty_reasons(replace(result, awaited=awaited)) if "not in" in reason]
    assert said == ("5 known trials are not in the average, because nobody has typed in their figures: A 2001, B 2001, "
                    "C 2001 and 2 more")  # fmt: skip
    assert certainty_reasons(replace(result, pooled=None, effects=(), awaited=awaited[:1])) == (
        "1 known trial is not in the average, because nobody has typed in their figures: A 2001",)  # fmt: skip


def test_every_caution_is_of_one_kind():
    kinds = [*CONVERTED, *CORRECTED, *DOUBTED, *SAID_ELSEWHERE]
    assert sorted(kinds) == sorted(CAUTIONS)


def test_a_certainty_that_nobody_rated_says_so_and_leads_to_how_it_is_rated():
    pages = render(bcg_run())
    assert "not rated yet, since nobody has signed a rating; how it is rated" in read_page(pages["index.html"]).text
    assert b'href="prisma.html#item-15"' in pages["index.html"] and b'id="item-15"' in pages["prisma.html"]


def test_the_first_page_says_what_its_sources_are():
    run = bcg_run()
    (source,) = run.datasets[:1]
    study = replace(source.metadata.study, design="review")
    run = replace(run, datasets=(source, replace(source, id="r", metadata=replace(source.metadata, study=study))))
    assert status_line(run).startswith("1 question · 2 sources (1 study report and 1 review) · run of ")
