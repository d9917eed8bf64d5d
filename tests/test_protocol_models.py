"""Models beyond one mean from CSV and TOML to metafor's figures, and what a protocol may not ask."""

import pytest
from numpy.testing import assert_allclose

from analysis.faults import InputError
from analysis.protocol.moderators import MODERATORS, SETTLED_BY
from analysis.results import Comparison, NotFitted
from analysis.synthesis.moderators import VALUES
from tests.metafor_answers import MODELS, read
from tests.tables_as_reviews import asked, contrast, write_bystander, write_contrasts, write_study

RAUDENBUSH = next(case for case in MODELS if case["id"] == "raudenbush-weeks-knha")
MODERATED = read("moderators.json")
LEVELS = {case["id"]: case for case in read("multilevel.json")["cases"]}


def figures(rows, name):
    return [getattr(row, name) for row in rows]


# ---------------------------------------------------------------- moderators


def test_a_moderator_in_numbers_agrees_with_metafor(tmp_path):
    """models.json: raudenbush1985 on weeks of contact, REML, Knapp-Hartung; tau2 is 0, metafor's 2e-15."""
    weeks = RAUDENBUSH["input"]["moderators"]["weeks"]
    write_contrasts(tmp_path, RAUDENBUSH["input"]["yi"], RAUDENBUSH["input"]["vi"], followup_weeks=weeks)
    found, expected = asked(tmp_path, 'moderators = ["followup_weeks"]').regression, RAUDENBUSH["answer"]
    for name, theirs in (("estimate", "beta"), ("se", "se"), ("p_value", "pvalue")):
        assert_allclose(figures(found.coefficients, name), expected[theirs], rtol=1e-8, err_msg=name)
    assert_allclose((found.qe, found.qm, found.qm_p_value, found.r2),
                    [expected[name] for name in ("QE", "QM", "QM_pvalue", "R2")], rtol=1e-8)  # fmt: skip
    assert (found.k, found.qe_df, found.qm_df, found.qm_df2, found.tau2) == (19, 17, 1, 17, 0.0)


@pytest.mark.parametrize("interval, test", [("z", "z"), ("hksj", "knha")])
def test_a_moderator_in_words_agrees_with_metafor(tmp_path, interval, test):
    """moderators.json: the BCG trials by how people were allocated, `~ alloc`."""
    expected = next(fit for fit in MODERATED["fits"] if (fit["id"], fit["test"]) == ("~ alloc", test))
    write_contrasts(tmp_path, MODERATED["yi"], MODERATED["vi"], detail=MODERATED["alloc"])
    found = asked(tmp_path, f'moderators = ["detail"]\ninterval = "{interval}"').regression
    for name in ("estimate", "se", "p_value"):
        assert_allclose(figures(found.coefficients, name), expected[name], rtol=1e-7, err_msg=name)
    for name in ("tau2", "i2", "qe", "qm", "qm_p_value"):
        assert_allclose(getattr(found, name), expected[name], rtol=1e-7, err_msg=name)
    assert figures(found.coefficients, "level") == [None, "random", "systematic"]
    assert found.factors[0].levels == ("alternate", "random", "systematic")


def test_the_line_meets_the_coefficients_and_its_interval(tmp_path):
    """Where weeks are 0 the line is the intercept of models.json, with its interval; it rises by the slope."""
    weeks = RAUDENBUSH["input"]["moderators"]["weeks"]
    write_contrasts(tmp_path, RAUDENBUSH["input"]["yi"], RAUDENBUSH["input"]["vi"], followup_weeks=weeks)
    found = asked(tmp_path, 'moderators = ["followup_weeks"]').regression
    first, last = found.lines[0].line[0], found.lines[0].line[-1]
    intercept, slope = found.coefficients
    assert_allclose((first.value, first.estimate, first.ci_low, first.ci_high),
                    (0, intercept.estimate, intercept.ci_low, intercept.ci_high), rtol=1e-9)  # fmt: skip
    assert_allclose(last.estimate - first.estimate, 3 * slope.estimate, rtol=1e-9)
    assert_allclose(sum(bubble.weight for bubble in found.lines[0].bubbles), 100, rtol=1e-12)


def test_a_study_without_the_moderator_is_left_out_by_name(tmp_path):
    weeks = [2, 3, "", 0, 1]
    write_contrasts(tmp_path, [0.1, 0.4, 0.3, -0.2, 0.2], [0.02, 0.03, 0.02, 0.05, 0.04], followup_weeks=weeks)
    found = asked(tmp_path, 'moderators = ["followup_weeks"]').regression
    assert found.k == 4
    assert [(one.label, one.moderators) for one in found.left_out] == [("study 03", ("followup_weeks",))]


DOSE = '\n[[arms]]\nid = "new"\ntreatment = "new"\n\n[arms.dose]\nsets = "{}"\n'
AS_NUMBERS, AS_WORDS = ("3", "4", "2.5", "3"), ("3", "3 to 4", "3", "3 to 4")


@pytest.mark.parametrize("printed, levels", [(AS_NUMBERS, None), (AS_WORDS, ("3", "3 to 4"))])
def test_a_dose_is_a_number_only_when_every_study_prints_one(tmp_path, printed, levels):
    for place, sets in enumerate(printed):
        row = contrast(0.1 * place, 0.04 + 0.01 * place)
        write_study(tmp_path / "data", f"study {place}", "contrasts", [row], DOSE.format(sets))
    found = asked(tmp_path, 'moderators = ["dose_sets"]').regression
    assert found.not_fitted is None
    assert found.factors == () if levels is None else found.factors[0].levels == levels


@pytest.mark.parametrize(
    "weeks, why",
    [
        pytest.param([4, 4, 4, 4], NotFitted("constant", "followup_weeks", "4"), id="the same in all"),
        pytest.param([4, 6], NotFitted("too-few", needs=3, found=2), id="too few"),
        pytest.param(["", ""], NotFitted("none-left"), id="printed nowhere"),
        pytest.param([], NotFitted("no-studies"), id="no study"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why_and_is_no_fault(tmp_path, weeks, why):
    write_contrasts(tmp_path, [0.1, 0.2, 0.4, 0.3][: len(weeks)], [0.02, 0.03, 0.02, 0.05][: len(weeks)],
                    followup_weeks=weeks)  # fmt: skip
    write_bystander(tmp_path)
    assert asked(tmp_path, 'moderators = ["followup_weeks"]').regression.not_fitted == why


def test_every_moderator_that_a_protocol_may_name_can_be_read():
    assert list(VALUES) == list(MODERATORS)
    assert set(SETTLED_BY.values()) <= set(Comparison.__dataclass_fields__)


# ---------------------------------------------------------------- subgroups


@pytest.mark.parametrize("kind", ["separate", "common"])
@pytest.mark.parametrize("interval, test", [("z", "z"), ("hksj", "knha")])
def test_subgroups_agree_with_metafor(tmp_path, kind, interval, test):
    """moderators.json: the BCG trials by how people were allocated, each with its own tau2 or one for all."""
    expected = next(one for one in MODERATED["subgroups"] if one["test"] == test)
    write_contrasts(tmp_path, MODERATED["yi"], MODERATED["vi"], detail=MODERATED["alloc"])
    found = asked(tmp_path, f'subgroup = "detail"\nsubgroup_tau2 = "{kind}"\ninterval = "{interval}"').subgroups
    order = [expected["levels"].index(group.name) for group in found.groups]
    for name in ("estimate", "se"):
        assert_allclose(figures(found.groups, name), [expected[kind][name][place] for place in order], rtol=1e-7)
    assert_allclose((found.q_between, found.q_between_p_value),
                    (expected[kind]["q"], expected[kind]["p_value"]), rtol=1e-7)  # fmt: skip
    assert [len(group.studies) for group in found.groups] == [2, 7, 4]


# ---------------------------------------------------------------- effects within studies


def write_districts(folder, case, weeks=None):
    """Write the schools of konstantopoulos2011 as rows of their districts."""
    rows = {}
    for place, (yi, vi, cluster) in enumerate(zip(case["yi"], case["vi"], case["cluster"], strict=True)):
        more = {"detail": f"school {place + 1}"} | ({"followup_weeks": weeks[place]} if weeks else {})
        rows.setdefault(cluster, []).append(contrast(yi, vi, **more))
    for cluster, found in rows.items():
        write_study(folder / "data", f"district {cluster}", "contrasts", found)


def test_rows_within_studies_agree_with_metafor_and_clubsandwich(tmp_path):
    """multilevel.json: konstantopoulos2011, REML; CR2 with Satterthwaite degrees of freedom."""
    case = LEVELS["konstantopoulos2011-REML"]
    write_districts(tmp_path, case)
    found, expected = asked(tmp_path, 'model = "multilevel"'), case["answer"]
    pooled, within = found.pooled, found.within
    assert_allclose((pooled.estimate, pooled.se, within.robust_df),
                    [expected[name] for name in ("estimate", "cr2_se", "cr2_df")], rtol=1e-6)  # fmt: skip
    assert_allclose((within.between, within.within), expected["sigma2"], rtol=1e-6)
    assert_allclose((within.model_se, pooled.q), (expected["se"], expected["qe"]), rtol=1e-6)
    assert_allclose((pooled.pi_low, pooled.pi_high), expected["pi"], rtol=1e-6)
    assert (pooled.k, within.rows, len(found.effects), len(set(within.people))) == (11, 56, 56, 11)


def test_what_each_row_weighs_agrees_with_metafor(tmp_path):
    """row_weights.json: weights(type = "rowsum") of the same model."""
    write_districts(tmp_path, LEVELS["konstantopoulos2011-REML"])
    found, expected = asked(tmp_path, 'model = "multilevel"'), read("row_weights.json")["percent"]
    assert_allclose(sorted(found.pooled.weights), sorted(expected), rtol=1e-5)
    assert_allclose(sum(found.pooled.weights), 100, rtol=1e-12)


def test_a_moderator_of_rows_within_studies_agrees_with_metafor_and_clubsandwich(tmp_path):
    """multilevel.json: konstantopoulos2011 on the year, here counted from 1976 as weeks."""
    case = LEVELS["konstantopoulos2011-year-REML"]
    write_districts(tmp_path, case, [year - 1976 for year in case["moderators"]["year"]])
    found, expected = asked(tmp_path, 'model = "multilevel"\nmoderators = ["followup_weeks"]'), case["answer"]
    slope = found.regression.coefficients[1]
    assert_allclose((slope.estimate, slope.se, slope.df),
                    [expected[name][1] for name in ("estimate", "cr2_se", "cr2_df")], rtol=1e-5)  # fmt: skip
    assert_allclose((found.regression.qe, found.regression.qm), (expected["qe"], expected["qm"]), rtol=1e-5)
    assert (found.regression.k, found.regression.studies) == (56, 11)


CHOICES = 'sensitivity = ["tau2=DL", "interval=z", "model=random", "leave-one-out"]'


def test_choices_of_a_multilevel_model_are_another_model_or_fewer_studies(tmp_path):
    write_districts(tmp_path, LEVELS["konstantopoulos2011-REML"])
    found = asked(tmp_path, f'model = "multilevel"\n{CHOICES}')
    codes = [choice.code for choice in found.choices]
    assert codes[0] == "model=random" and len(codes) == 12 and all(code.startswith("without:") for code in codes[1:])
    assert found.choices[0].pooled.k == 11 and found.choices[0].pooled.test == "hksj"
    assert {choice.pooled.k for choice in found.choices[1:]} == {10}


def test_a_random_model_is_tried_as_a_multilevel_one(tmp_path):
    write_districts(tmp_path, LEVELS["konstantopoulos2011-REML"])
    found = asked(tmp_path, 'sensitivity = ["model=multilevel"]')
    assert len(found.effects) == 11
    expected = LEVELS["konstantopoulos2011-REML"]["answer"]["estimate"]
    assert_allclose(found.choices[0].pooled.estimate, expected, rtol=1e-6)


def test_a_multilevel_model_that_is_none_here_is_no_choice(tmp_path):
    write_contrasts(tmp_path, [0.1, 0.2, 0.4], [0.02, 0.03, 0.02])
    assert asked(tmp_path, 'sensitivity = ["model=multilevel"]').choices == ()


@pytest.mark.parametrize(
    "rows, why",
    [
        pytest.param({"one": 3}, NotFitted("too-few", needs=2, found=1), id="one study"),
        pytest.param({"one": 1, "two": 1}, NotFitted("one-row-each", found=2), id="one row each"),
        pytest.param({}, NotFitted("too-few", needs=2, found=0), id="no study"),
    ],
)
def test_rows_that_no_multilevel_model_fits_enter_one_a_study(tmp_path, rows, why):
    write_bystander(tmp_path)
    for study, count in rows.items():
        write_study(tmp_path / "data", study, "contrasts",
                    [contrast(0.1 * place, 0.04, detail=f"row {place}") for place in range(count)])  # fmt: skip
    found = asked(tmp_path, 'model = "multilevel"')
    assert found.within.not_fitted == why
    assert len(found.effects) == len(rows) and found.rows_found == sum(rows.values()) + 1


# ---------------------------------------------------------------- what a protocol may not ask


@pytest.mark.parametrize(
    "keys, message",
    [
        pytest.param('moderators = ["yaer"]', "moderators: found ['yaer']. Did you mean 'year'? Use one of",
                     id="the nearest moderator is named"),
        pytest.param('moderators = ["year", "year"]', "moderators: 'year' more than once. Each moderator stands once.",
                     id="twice"),
        pytest.param('moderators = ["control"]',
                     "moderators: 'control', and the comparison takes one: old. A moderator differs between studies: "
                     "give control several codes, or leave it.", id="settled by the comparison"),
        pytest.param('subgroup = "design"',
                     "subgroup: 'design', and the comparison takes one: rct. A moderator differs between studies: give "
                     "designs several codes, or leave it.", id="a subgroup settled by the comparison"),
        pytest.param('subgroup = "year"\nmodel = "multilevel"',
                     'subgroup: a subgroup with model = "multilevel". Subgroups go with model random or common; '
                     "with multilevel name it under moderators.", id="subgroups of rows"),
        pytest.param('subgroup_tau2 = "common"',
                     "subgroup_tau2: no subgroup is named. subgroup_tau2 goes with subgroup.",
                     id="a variance of no subgroups"),
    ],
)  # fmt: skip
def test_a_fault_of_a_model_names_its_key(tmp_path, keys, message):
    write_contrasts(tmp_path, [0.1], [0.02])
    with pytest.raises(InputError) as caught:
        asked(tmp_path, keys)
    assert any(message in str(fault) for fault in caught.value.faults), caught.value.faults


# ---------------------------------------------------------------- small studies


def test_what_ifs_of_small_studies_agree_with_r(tmp_path):
    """small_study.json: the BCG trials' log RR by lm (PET is chosen, its P is 0.40) and by metafor's selmodel."""
    expected = next(case for case in read("small_study.json")["cases"] if case["id"] == "bcg-rr")
    write_contrasts(tmp_path, MODERATED["yi"], MODERATED["vi"])
    small = asked(tmp_path).robustness.small_studies
    found = small.without_error
    assert found.method == "PET"
    assert_allclose((found.estimate, found.ci_low, found.ci_high),
                    [expected["pet"][name] for name in ("estimate", "ci_low", "ci_high")], rtol=1e-9)  # fmt: skip
    selected = next(one for one in expected["selection"] if one["side"] == "less")
    assert_allclose(small.selection.estimate, selected["estimate"], rtol=1e-5)
