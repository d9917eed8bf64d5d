"""Differences adjusted for covariates: those of OLS on the same participants, from what their arms add up to."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.effects.ancova import AdjustedArm, combine_adjusted, covariate_adjusted_difference
from analysis.report import render
from analysis.synthesis import synthesise_comparison
from flows.material import read_material
from flows.stages import compute, ingest
from tests.participant_files import METADATA, read_people, write_people
from tests.reviews import invented_review

HEADER = ("study", "participant", "arm", "age", "weight", "pain_0", "pain_12", "well")
ADJUST = METADATA.replace('covariates = ["age"]', 'covariates = ["age", "weight"]\nadjust = ["age", "weight"]')
NO_BASELINE = ADJUST.replace('baseline = "pain_0"\n', "").replace('"weight"]\nadj', '"weight", "pain_0"]\nadj')


def people(seed=3, n=80, lacks=()):
    """Return the lines of an invented trial with two covariates; some lack what is named."""
    random, rows = np.random.default_rng(seed), []
    for index in range(n):
        age, weight, before = random.uniform(20, 70), random.normal(75, 12), random.uniform(30, 70)
        after = 0.5 * before + 0.1 * age - 0.05 * weight + random.normal(15, 5) - 4 * (index % 2)
        cells = {"age": f"{age:.4f}", "weight": f"{weight:.4f}", "pain_0": f"{before:.4f}", "pain_12": f"{after:.4f}"}
        cells |= dict.fromkeys(lacks[index] if index < len(lacks) else (), "")
        keys = ("invented-people", f"QX{index:04d}", "AB"[index % 2])
        rows.append((*keys, *cells.values(), "yes" if index % 3 else "no"))
    return rows


def ols(rows, names):
    """Fit the outcome on the group and covariates, participant by participant, of those who have all of them."""
    places = [HEADER.index(name) for name in ("pain_12", *names)]
    whole = [row for row in rows if all(row[place] for place in places)]
    columns = np.array([[float(row[place]) for place in places] for row in whole])
    group = np.array([row[2] == "A" for row in whole], dtype=float)
    return sm.OLS(columns[:, 0], np.column_stack([np.ones(len(whole)), group, columns[:, 1:]])).fit(), len(whole)


def effect_of(folder, rows, metadata, **asked):
    review = invented_review(folder)
    write_people(review.data / "raw", rows, metadata, HEADER)
    material = read_material(review)
    wanted = next(one for one in material.protocol.comparisons if one.id == "new-vs-old-pain")
    result = synthesise_comparison(replace(wanted, rescale_to=None, **asked), material.evidence)
    return next((effect for effect in result.effects if effect.study == "invented-people"), result.left_out)


LACKS = [{"age"}] * 7 + [{"weight", "pain_12"}] * 8 + [set(), {"pain_0"}] * 6


@pytest.mark.parametrize("metadata, names", [(ADJUST, ("pain_0", "age", "weight")), (NO_BASELINE, ("age", "weight"))])
@pytest.mark.parametrize("lacks", [(), LACKS])
def test_an_adjusted_difference_is_that_of_ols_on_the_same_participants(metadata, names, lacks, tmp_path):
    rows = people(n=140, lacks=lacks)
    effect, (fit, n) = effect_of(tmp_path, rows, metadata), ols(rows, names)
    assert (effect.derivation, effect.n_total) == ("participants-covariates", n)
    assert_allclose([effect.yi, effect.sei], [fit.params[1], fit.bse[1]], rtol=1e-10)


@pytest.mark.parametrize("asked, derivation", [("final", "participants-means"), ("change", "participants-change")])
def test_the_protocol_may_ask_for_no_adjustment(asked, derivation, tmp_path):
    assert effect_of(tmp_path, people(), ADJUST, participants=asked).derivation == derivation


def block_of(columns):
    return AdjustedArm(len(columns), columns.mean(0), (columns - columns.mean(0)).T @ (columns - columns.mean(0)))


def test_three_arms_two_of_them_combined_are_that_of_ols_too():
    random = np.random.default_rng(5)
    arms = [random.multivariate_normal([centre, 50, 30], np.diag([9, 25, 16]) + 3, 40) for centre in (20.0, 24.0, 30.0)]
    made = covariate_adjusted_difference(combine_adjusted([block_of(arms[0]), block_of(arms[1])]), block_of(arms[2]))
    columns, group = np.concatenate(arms), np.repeat([1.0, 1.0, 0.0], 40)
    fit = sm.OLS(columns[:, 0], np.column_stack([np.ones(120), group, columns[:, 1:]])).fit()
    assert_allclose([made.yi[0], np.sqrt(made.vi[0])], [fit.params[1], fit.bse[1]], rtol=1e-10)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), unit=st.floats(1e-3, 1e3), shift=st.floats(-1e3, 1e3))
def test_the_unit_and_the_zero_of_a_covariate_change_nothing(seed, unit, shift):
    arms = [np.random.default_rng(seed + side).normal(10, 3, (30, 3)) for side in (0, 1)]
    plain = covariate_adjusted_difference(*map(block_of, arms))
    moved = covariate_adjusted_difference(*(block_of(arm * [1, unit, 1] + [0, shift, 0]) for arm in arms))
    assert_allclose([moved.yi[0], moved.vi[0]], [plain.yi[0], plain.vi[0]], rtol=1e-8)


def test_covariates_that_determine_each_other_leave_no_effect(tmp_path):
    rows = [(*row[:4], repr(2 * float(row[3])), *row[5:]) for row in people()]
    left_out = [one for one in effect_of(tmp_path, rows, ADJUST) if one.study == "invented-people"]
    assert [one.code for one in left_out] == ["not-estimable"] * 2
    arm = np.random.default_rng(1).normal(0, 1, (30, 3)) @ np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    assert covariate_adjusted_difference(block_of(arm), block_of(arm + 1)).codes == ("collinear",)


def test_too_few_people_for_the_covariates_leave_the_difference_unadjusted(tmp_path):
    rows = people(lacks=[{"age"}] * 72)
    assert effect_of(tmp_path, rows, ADJUST).derivation == "participants-ancova"


@pytest.mark.parametrize("adjust, message", [
    ('["height"]', "adjust: found 'height'. Did you mean 'weight'? It is one of covariates."),
    ('["age", "age"]', "adjust: a covariate that stands twice. Each stands once."),
])  # fmt: skip
def test_a_broken_declaration_gives_its_message(adjust, message, tmp_path):
    metadata = ADJUST.replace('adjust = ["age", "weight"]', f"adjust = {adjust}")
    faults = read_people(write_people(tmp_path, people(), metadata, HEADER))[2]
    assert any(message in fault for fault in faults)


def test_what_is_adjusted_for_stands_on_the_page_and_in_no_ones_own_figures(tmp_path):
    review = invented_review(tmp_path)
    rows = people()
    write_people(review.data / "raw", rows, ADJUST, HEADER)
    pages = render(compute(ingest(review), recorded=False))
    page = next(text.decode() for name, text in pages.items() if name.endswith("invented-people.html"))
    assert "40 people: pain_12 " in page and "weight " in page
    secrets = {cell.encode() for row in rows for cell in (row[1], *row[3:7])}
    assert [(name, secret) for name, text in pages.items() for secret in secrets if secret in text] == []


SHARED = ADJUST + '\n[[participants.outcomes]]\ncolumn = "pain_6"\nbaseline = "pain_0"\noutcome = "pain"\n' \
    'instrument = "scale-100"\nfollowup_weeks = 6\n'  # fmt: skip
WIDE = (*HEADER, "pain_6")
LACKING = st.sets(st.sampled_from(["pain_0", "pain_6", "pain_12", "age", "weight"]), max_size=2)


def groups_of(tables, rows):
    """Give, of each arm and column, the people of each group that has figures, as told by its numbers alone."""
    outcomes, covariates = tables
    for line in csv_rows(outcomes):
        mine, name = of_arm(rows, line["arm"]), line["location"].rpartition(", ")[2]
        all_ = having(mine, name)
        pairs = having(mine, name, "pain_0")
        adjusted = having(mine, name, "pain_0", "age", "weight")
        if line["outcome"] != "pain":
            continue
        if line["adjusted"]:
            kept = json.loads(line["adjusted"])
            means = zip(kept["of"], kept["mean"], strict=True)
            yield from (((line["arm"], one), adjusted, mean) for one, mean in means)
        if line["pairs"]:
            people_ = next(one for one in (pairs, adjusted) if len(one) == int(line["pairs"]))
            yield (line["arm"], name), people_, float(line["pairs_mean"])
            yield (line["arm"], "pain_0"), people_, float(line["baseline_mean"])
        if line["mean"]:
            people_ = next(one for one in (all_, pairs, adjusted) if len(one) == int(line["n"]))
            yield (line["arm"], name), people_, float(line["mean"])
    for line in csv_rows(covariates):
        if line["mean"]:
            people_ = having(of_arm(rows, line["arm"]), line["covariate"])
            yield (line["arm"], line["covariate"]), people_, float(line["mean"])


def csv_rows(table):
    return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]


def of_arm(rows, treatment):
    return {row[1]: row for row in rows if {"A": "new", "B": "old"}[row[2]] == treatment}


def having(mine, *names):
    return frozenset(code for code, row in mine.items() if all(row[WIDE.index(name)] for name in names))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(lacks=st.lists(LACKING, min_size=24, max_size=40), seed=st.integers(0, 99))
def test_no_two_groups_of_one_column_differ_by_one_to_four_people(lacks, seed):
    without = people(seed, len(lacks), [one - {"pain_6"} for one in lacks])
    rows = [(*row, "" if "pain_6" in lack else f"{20 + index / 7:.4f}")
            for index, (row, lack) in enumerate(zip(without, lacks, strict=True))]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        dataset, _, faults = read_people(write_people(Path(folder), rows, SHARED, WIDE))
    assert faults == []
    found = {}
    for column, who, mean in groups_of(dataset.tables, rows):
        values = [float(row[WIDE.index(column[1])]) for row in rows if row[1] in who]
        assert len(who) >= 5
        assert_allclose(mean, np.mean(values), rtol=1e-12)
        found.setdefault(column, []).append(who)
    for several in found.values():
        assert all(len(one ^ other) == 0 or len(one ^ other) >= 5 for one in several for other in several)
