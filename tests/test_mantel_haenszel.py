"""Mantel-Haenszel as the model of a protocol: tables as papers print them in, metafor's figures out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.faults import InputError
from analysis.multiverse import explore
from analysis.pooling import (
    cumulative_rows,
    leave_one_out_rows,
    mantel_haenszel,
    mantel_haenszel_batch,
    peto,
    peto_batch,
)
from analysis.report.methods import methods_facts
from analysis.report.methods_paragraph import methods_paragraph
from analysis.report.r_script import has_script, r_script
from analysis.synthesis import synthesise_comparison
from analysis.synthesis.second_opinion import second_opinion
from flows.material import read_material
from tests.metafor_answers import read
from tests.tables_as_reviews import QUESTION, asked, contrast, review_in, run_of, write_protocol, write_study

TABLES = read("tables.json")
ANSWERS = {answer["measure"]: answer for answer in TABLES["answers"]}
BCG, ZERO = TABLES["bcg"], TABLES["zero"]
CELLS = ("a", "n1", "c", "n2")
FIGURES = ("estimate", "se", "ci_low", "ci_high", "p_value", "q")
MODEL = 'model = "mantel-haenszel"\n'


def keys(measure, more=""):
    return f'measure = "{measure}"\n{MODEL}{more}'


def write_tables(folder, tables):
    """Write the two groups of each study as arms of a folder."""
    for place, (a, n1, c, n2) in enumerate(zip(*(tables[name] for name in CELLS), strict=True)):
        name = f"{tables['author'][place]} {tables['year'][place]}" if "author" in tables else f"study {place + 1:02}"
        detail = {"detail": tables["alloc"][place]} if "alloc" in tables else {}
        same = {"outcome": "pain", "instrument": "scale", **detail}
        groups = ("new", a, n1), ("old", c, n2)
        rows = [{"arm": arm, "events": events, "n": n, **same} for arm, events, n in groups]
        more = f"year = {tables['year'][place]}\n" if "year" in tables else ""
        write_study(folder / "data", name, "arms", rows, more)


def assert_same(found, answer, names=FIGURES):
    assert_allclose([getattr(found, name) for name in names], [answer[name] for name in names], rtol=1e-11)


@pytest.mark.parametrize("measure", ANSWERS)
def test_a_protocol_pools_tables_as_rma_mh_does(tmp_path, measure):
    """tables.json: whole, without each, one after the other, and by subgroups with the test between them."""
    write_tables(tmp_path, BCG)
    answer = ANSWERS[measure]
    result = asked(tmp_path, keys(measure, 'sensitivity = ["leave-one-out"]\nsubgroup = "detail"\n'))
    assert_same(result.pooled, answer["whole"])
    assert (result.pooled.tau2, result.pooled.tau2_method) == (0, "MH")
    assert_allclose(sum(result.pooled.weights), 100, rtol=1e-12)
    without = {choice.code.removeprefix("without:"): choice.pooled for choice in result.choices}
    order = {effect.study: effect for effect in result.effects}
    names = [f"{author} {year}" for author, year in zip(BCG["author"], BCG["year"], strict=True)]
    for name, expected in zip(names, answer["without"], strict=True):
        assert_same(without[next(study for study in order if order[study].label == name)], expected)
    steps = result.robustness.cumulative
    for step, expected in zip(steps[1:], answer["cumulative"][1:], strict=True):
        assert_same(step, expected, ("estimate", "ci_low", "ci_high", "p_value"))
    for group, expected in zip(result.subgroups.groups, answer["groups"], strict=True):
        assert group.name == expected["name"]
        assert_same(group, expected, ("estimate", "se", "ci_low", "ci_high", "p_value"))
    found = result.subgroups.q_between, result.subgroups.q_between_p_value
    assert_allclose(found, (answer["q_between"], answer["q_between_p"]), rtol=1e-10)


@pytest.mark.parametrize("measure", ANSWERS)
def test_zero_cells_stay_as_they_are_where_they_can(tmp_path, measure):
    """tables.json: li2007 has an empty cell in two trials; only the effects shown beside are corrected."""
    write_tables(tmp_path, TABLES["li2007"])
    pooled = asked(tmp_path, keys(measure)).pooled
    assert_same(pooled, ANSWERS[measure]["li2007"])
    assert "zero-cells-corrected" not in pooled.status


@pytest.mark.parametrize("answer", TABLES["corrected"], ids=lambda one: one["measure"])
def test_a_cell_that_is_zero_in_every_study_is_corrected_and_said_to_be(tmp_path, answer):
    """tables.json: rma.mh with add = 1/2 where a cell is 0; invented tables."""
    write_tables(tmp_path, ZERO)
    result = asked(tmp_path, keys(answer["measure"]))
    assert_same(result.pooled, answer)
    assert result.pooled.status == ("zero-cells-corrected", "common-effect")
    assert second_opinion(result).why_not == "zero-cells"
    plain = mantel_haenszel(*(ZERO[name] for name in CELLS), measure=answer["measure"])
    assert plain.status[0] == "not-estimable" and math.isnan(plain.estimate)


def test_tables_without_events_say_nothing_of_a_corrected_ratio():
    """Property: a table without any event changes no digit. Invented."""
    tables = [[*ZERO[name], more] for name, more in zip(CELLS, (0, 50, 0, 60), strict=True)]
    for measure in ("OR", "RR"):
        without = mantel_haenszel(*(ZERO[name] for name in CELLS), measure=measure, correct=True)
        assert_same(mantel_haenszel(*tables, measure=measure, correct=True), vars(without))


def test_a_corrected_risk_difference_keeps_its_estimate():
    """Property: nobody had the event in either group, so that the difference is 0. Invented."""
    pooled = mantel_haenszel([0, 0], [20, 35], [0, 0], [30, 22], measure="RD", correct=True)
    assert pooled.estimate == 0 and pooled.se > 0 and pooled.status[0] == "zero-cells-corrected"


def test_a_batch_of_tables_is_each_analysis_alone():
    """Property: to the last bit, whatever stands beside."""
    sets = [BCG, TABLES["li2007"], ZERO, {name: [BCG[name][0]] for name in CELLS}]
    columns = [sum((list(one[name]) for one in sets), []) for name in CELLS]
    sizes = [len(one["a"]) for one in sets]
    starts = np.cumsum(sizes) - sizes
    for measure in ANSWERS:
        for correct in (False, True):
            batch = mantel_haenszel_batch(*columns, starts, measure=measure, correct=correct)
            alone = [mantel_haenszel(*(one[name] for name in CELLS), measure=measure, correct=correct) for one in sets]
            assert [repr(batch.pooled(i)) for i in range(len(sets))] == [repr(one) for one in alone]
    batch = peto_batch(*columns, starts)
    assert [repr(batch.pooled(i)) for i in range(len(sets))] == [
        repr(peto(*(one[name] for name in CELLS))) for one in sets
    ]


def test_rows_without_each_and_one_after_the_other_are_pooled_alone():
    """Property: of Peto's method, by hand from the same rows."""
    columns = [np.array(BCG[name], float) for name in CELLS]

    def pool_rows(rows, starts):
        return peto_batch(*(column[rows] for column in columns), starts)

    without, so_far = leave_one_out_rows(13, pool_rows), cumulative_rows(13, pool_rows)
    for i in range(13):
        assert without.pooled(i).estimate == peto(*(np.delete(column, i) for column in columns)).estimate
        assert so_far.pooled(i).estimate == peto(*(column[:i + 1] for column in columns)).estimate


def test_an_effect_without_a_table_is_left_out_and_said_to_be(tmp_path):
    """Invented: two trials print their events, one its odds ratio alone."""
    write_tables(tmp_path, {name: BCG[name][:2] for name in CELLS})
    write_study(tmp_path / "data", "ratio alone", "contrasts",
                [contrast(0, 1) | {"measure": "OR", "estimate": 0.5, "se": ""}
                 | {"ci_low": 0.25, "ci_high": 1, "level": 0.95}])
    result = asked(tmp_path, keys("OR", 'sensitivity = ["model=random", "tau2=DL", "interval=z"]\n'))
    assert [(one.study, one.code) for one in result.left_out] == [("ratio-alone", "no-table")]
    assert [(choice.code, choice.pooled.k) for choice in result.choices] == [("model=random", 3)]


def test_the_choice_of_tables_stands_beside_random_effects_and_in_the_multiverse(tmp_path):
    write_tables(tmp_path, BCG)
    result = asked(tmp_path, 'measure = "OR"\nsensitivity = ["model=mantel-haenszel"]\n')
    (choice,) = result.choices
    assert_same(choice.pooled, ANSWERS["OR"]["whole"])
    material = read_material(review_in(tmp_path))
    (explored,) = explore(material.protocol.comparisons, material.evidence)
    ways = next(one.codes for one in explored.dimensions if one.name == "tau2")
    assert ways[0] == "tau2=REML" and ways[-1] == "model=mantel-haenszel"
    column = explored.different.index(("MH", "z"))
    whole = explored.subsets.sum(axis=1) == 13
    for measure in ANSWERS:
        mine = whole & (explored.measures[:: len(explored.different)] == measure)
        found = explored.figures["estimate"][mine, column]
        assert_allclose(found, [ANSWERS[measure]["whole"]["estimate"]], rtol=1e-11)


def test_the_multiverse_of_tables_begins_with_the_tables(tmp_path):
    write_tables(tmp_path, BCG)
    write_protocol(tmp_path / "data", QUESTION + keys("RR", 'sensitivity = ["model=common"]\n'))
    material = read_material(review_in(tmp_path))
    (explored,) = explore(material.protocol.comparisons, material.evidence)
    ways = next(one.codes for one in explored.dimensions if one.name == "tau2")
    assert ways[:2] == ("model=mantel-haenszel", "tau2=REML") and ways[-1] == "model=common"
    own = explored.figures["estimate"].ravel()[explored.analysis[0]]
    assert_allclose(own, ANSWERS["RR"]["whole"]["estimate"], rtol=1e-11)


@pytest.mark.parametrize(("measure", "same"), [("OR", "average and standard error"), ("RR", "average")])
def test_statsmodels_finds_the_same_from_the_tables(tmp_path, measure, same):
    write_tables(tmp_path, BCG)
    run = run_of(tmp_path, keys(measure))
    result = run.comparisons[0]
    opinion = second_opinion(result)
    assert opinion.agrees and opinion.largest_difference < 1e-12
    facts = {fact.name: fact.text for fact in methods_facts(run, replace(result, second_opinion=opinion))}
    assert f"finds the same {same} (" in facts["Second opinion"]


def test_statsmodels_is_not_asked_for_differences_between_risks(tmp_path):
    write_tables(tmp_path, BCG)
    assert second_opinion(asked(tmp_path, keys("RD"))).why_not == "no-tables"


def test_a_page_says_how_tables_were_pooled(tmp_path):
    write_tables(tmp_path, BCG)
    run = run_of(tmp_path, keys("RR"))
    result = run.comparisons[0]
    facts = {fact.name: fact.text for fact in methods_facts(run, result)}
    assert facts["Model"].startswith("Mantel-Haenszel: all studies are taken to share one true effect")
    assert facts["Interval"] == "95 %, Wald, normal quantile" and "Variance between studies" not in facts
    assert facts["Disagreement between trials"].startswith("I² ") and not any("τ²" in text for text in facts.values())
    paragraph = methods_paragraph(run, result)
    words = "with the method of Mantel and Haenszel, which pools two-by-two tables under one common effect [1, 2]"
    assert words in paragraph.text
    assert paragraph.references[1].startswith("Greenland and Robins 1985")


def test_the_script_of_tables_asks_rma_mh(tmp_path):
    """The script itself was run in R 4.2.2 with metafor 3.8-1: see test_export."""
    write_tables(tmp_path, BCG)
    text = r_script(asked(tmp_path, keys("OR")), "RUN")
    assert 'res <- rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i' in text and "res$tau2" not in text
    write_tables(tmp_path / "zero", {name: [0, 0] if name in "ac" else ZERO[name][:2] for name in CELLS})
    assert not has_script(asked(tmp_path / "zero", keys("RD")))


def test_rows_of_tables_have_no_diagnostics_of_other_weights(tmp_path):
    write_tables(tmp_path, BCG)
    robustness = asked(tmp_path, keys("OR")).robustness
    assert robustness.influence == () and robustness.small_studies.trim_and_fill is None
    assert robustness.small_studies.egger_p_value is not None


@pytest.mark.parametrize(("more", "message"), [
    ('measure = "SMD"\nmodel = "mantel-haenszel"', "mantel-haenszel with the measure SMD. mantel-haenszel pools "
     "events, by the measures OR, RR, RD"),
    ('measure = "HR"\nsensitivity = ["model=mantel-haenszel"]', "mantel-haenszel with the measure HR. "
     "mantel-haenszel pools events, by the measures OR, RR, RD"),
    ('measure = "OR"\nmodel = "mantel-haenszel"\nmoderators = ["year"]',
     "moderators with model = \"mantel-haenszel\". Moderators go with model random, common "
     "or multilevel; with tables name one under subgroup"),
    ('measure = "OR"\nmodel = "mantel-haenszel"\nsubgroup = "year"\nsubgroup_tau2 = "common"',
     "'common' with model = \"mantel-haenszel\". Tables are pooled without a variance between studies: leave "
     "subgroup_tau2"),
])  # fmt: skip
def test_what_does_not_go_with_tables_is_refused(tmp_path, more, message):
    write_tables(tmp_path, {name: BCG[name][:2] for name in CELLS})
    write_protocol(tmp_path / "data", QUESTION + more)
    with pytest.raises(InputError) as refused:
        read_material(review_in(tmp_path))
    assert message in str(refused.value).replace("\n", " ")


def test_the_comparison_of_tables_is_recomputed_the_same(tmp_path):
    """Property: nothing random."""
    write_tables(tmp_path, BCG)
    write_protocol(tmp_path / "data", QUESTION + keys("RR"))
    material = read_material(review_in(tmp_path))
    first, second = (synthesise_comparison(material.protocol.comparisons[0], material.evidence) for _ in range(2))
    assert first == second
