"""The evidence map: which mark a claim and outcome get, and which gaps are named."""

from dataclasses import replace

import pytest

from analysis.report.changed import claim_anchor
from analysis.report.drawing import Circle, Text
from analysis.report.evidence_map import LEVELS, cells_of, evidence_map, level_of, mark
from analysis.results import Awaited, Claim, ClaimPart, PartVerdict, Verdict
from tests.fixtures_bcg import VOLATILE_START, bcg_result, bcg_run
from tests.fixtures_invented import invented_effect, invented_pooling, invented_result, invented_run

STATES = {  # what an invented comparison holds -> how much is known
    "pooled": {"effects": (invented_effect("a", 1.0), invented_effect("b", 1.0))},
    "one": {"effects": (invented_effect("a", 1.0),), "published": (invented_pooling(1.0, "MD"),)},
    "published": {"published": (invented_pooling(1.0, "MD"),), "awaited": (Awaited("c", "C", None, "Citation"),)},
    "awaited": {"awaited": (Awaited("c", "C", None, "Citation"),)},
    "nothing": {"doubtful": (invented_effect("d", 1.0),)},
}


def judged(id, *comparisons):
    parts = tuple(PartVerdict(ClaimPart(one, "favours"), "not testable", "no-trial") for one in comparisons)
    claim = Claim(id, f"Invented claim {id}.", "invented", "nowhere", tuple(part.part for part in parts))
    return Verdict(claim, "not testable", parts, False, 0, 0, VOLATILE_START.date())


def run_of(results, verdicts):
    return replace(bcg_run(), comparisons=tuple(results), verdicts=tuple(verdicts))


@pytest.mark.parametrize("level", LEVELS)
def test_the_best_that_is_known_decides_the_level(level):
    assert level_of(invented_result("one", **STATES[level])) == level


def test_every_level_has_a_mark_of_its_own_shape():
    shapes = {(type(shape), shape.css, getattr(shape, "radius", None)) for shape in (mark(one, 0, 0) for one in LEVELS)}
    assert len(shapes) == len(LEVELS)


def test_comparisons_of_one_outcome_share_a_mark_and_the_best_of_them_counts():
    results = (invented_result("empty"), invented_result("full", **STATES["pooled"]))
    (cell,) = cells_of(run_of(results, [judged("X1", "empty", "full")]))
    assert (cell.claim, cell.outcome, cell.level) == ("X1", "pain", "pooled")
    assert [result.comparison.id for result in cell.results] == ["empty", "full"]


def test_claims_without_a_comparison_are_named_as_gaps():
    results = [invented_result(level, **held) for level, held in STATES.items()]
    run = run_of(results, [judged("X1", "pooled"), judged("X2", "nothing"), judged("X3"), judged("X4")])
    found = evidence_map(run)
    assert found.sentence == (
        "Of 4 claims, by the best that is known of each: 1 with pooled studies and 1 with nothing usable. "
        "X3 and X4 are tested by no comparison."
    )
    for drawing in found.drawings:
        links = [shape.href for shape in drawing.shapes if isinstance(shape, Text) and shape.href]
        assert links == [f"#{claim_anchor(id)}" for id in ("X1", "X2", "X3", "X4")]


def test_marks_stand_where_claim_and_outcome_cross():
    other = replace(bcg_result().comparison, id="other", outcome="cough")
    results = (bcg_result(), replace(bcg_result(), comparison=other, outcome_label="cough"))
    run = run_of(results, [judged("X1", "bcg-vs-none"), judged("X2", "other", "bcg-vs-none")])
    drawing = evidence_map(run).drawings[0]
    dots = [shape for shape in drawing.shapes if isinstance(shape, Circle)]
    assert [(dot.x == dots[0].x, dot.y == dots[0].y) for dot in dots] == [(True, True), (False, False), (True, False)]
    assert {"tuberculosis", "cough"} <= {shape.text for shape in drawing.shapes if isinstance(shape, Text)}


def test_without_any_tested_claim_there_is_no_map():
    assert evidence_map(replace(invented_run(), verdicts=())) is None
    assert evidence_map(run_of((), [judged("X1")])) is None
