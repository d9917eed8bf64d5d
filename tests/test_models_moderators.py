"""Factors, formulas and subgroups against R metafor."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models import ModelError, code_moderators, pool_subgroups, regress
from analysis.models.formula import code_formula, columns_of
from analysis.pooling import pool
from tests.metafor_answers import BCG, TESTS_BY_METAFOR, read

ANSWERS = read("moderators.json")
GIVEN = {"alloc": ANSWERS["alloc"], **{name: np.array(ANSWERS[name], float) for name in ("ablat", "decade")}}
FITS = [pytest.param(fit, id=f"{fit['id']}, {fit['test']}") for fit in ANSWERS["fits"]]
SUBGROUPS = [pytest.param(one, id=one["test"]) for one in ANSWERS["subgroups"]]
HOSTILE = "<script>alert(1)</script>'; DROP TABLE study;--"


def fit(moderators, test):
    return regress(ANSWERS["yi"], ANSWERS["vi"], moderators.columns, moderators.names, test=TESTS_BY_METAFOR[test])


def assert_same_fit(found, expected):
    """Tolerances: 1e-9 of each quantity; metafor's control is 1e-12."""
    for name in ("estimate", "se", "p_value"):
        assert_allclose([getattr(row, name) for row in found.coefficients], expected[name], rtol=1e-9, err_msg=name)
    for name in ("tau2", "i2", "r2", "qe", "qm", "qm_p_value"):
        assert_allclose(getattr(found, name), expected[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("expected", FITS)
def test_factors_and_interactions_by_formula_agree_with_metafor(expected):
    """moderators.json."""
    assert_same_fit(fit(code_formula(expected["id"], GIVEN), expected["test"]), expected)


@pytest.mark.parametrize("expected", [one for one in FITS if one.values[0]["id"] == "~ alloc"])
def test_a_moderator_in_words_is_the_factor_of_a_formula(expected):
    moderators = code_moderators({"alloc": GIVEN["alloc"]})
    assert_same_fit(fit(moderators, expected["test"]), expected)
    assert moderators.names == code_formula("~ alloc", GIVEN).names == ("alloc[T.random]", "alloc[T.systematic]")
    assert moderators.factors[0].levels == ("alternate", "random", "systematic")


@pytest.mark.parametrize("make", [code_moderators, lambda given: code_formula("~ invented", given)])
def test_words_that_are_the_same_in_every_study_are_refused(make):
    with pytest.raises(ModelError, match="invented is 'p' in every study"):
        make({"invented": ["p", "p", "p"]})


def test_a_factor_of_one_number_leaves_nothing_to_regress_on():
    """An invented column."""
    moderators = code_formula("~ C(invented)", {"invented": np.ones(13)})
    with pytest.raises(ModelError, match="no moderator that differs"):
        fit(moderators, "z")


def test_the_order_of_words_and_numbers_is_kept():
    moderators = code_moderators({"dose": np.array([1.0, 2, 3]), "design": ["b", "a", "b"]})
    assert moderators.names == ("dose", "design[T.b]")
    assert_allclose(moderators.columns, [[1, 2, 3], [1, 0, 1]])


@pytest.mark.parametrize("expected", SUBGROUPS)
@pytest.mark.parametrize("kind", ["separate", "common"])
def test_subgroups_and_the_test_between_them_agree_with_metafor(expected, kind):
    """moderators.json: rma.uni by subset, compared by rma(FE); one rma.uni with mods."""
    found = pool_subgroups(ANSWERS["yi"], ANSWERS["vi"], tuple(ANSWERS["alloc"]), tau2_kind=kind,
                           test=TESTS_BY_METAFOR[expected["test"]])
    answer = expected[kind]
    assert [row.name for row in found.subgroups] == expected["levels"]
    for name in ("estimate", "se"):
        assert_allclose([getattr(row, name) for row in found.subgroups], answer[name], rtol=1e-9, err_msg=name)
    assert_allclose([row.tau2 for row in found.subgroups], np.broadcast_to(answer["tau2"], 3), rtol=1e-9)
    assert_allclose((found.q_between, found.q_between_p_value), (answer["q"], answer["p_value"]), rtol=1e-9)
    assert (found.q_between_df, sum(row.k for row in found.subgroups)) == (2, 13)


def test_one_subgroup_is_the_whole_and_has_nothing_to_compare():
    found = pool_subgroups(BCG["yi"], BCG["vi"], ("all",) * 13)
    assert found.subgroups[0].estimate == pool(BCG["yi"], BCG["vi"]).estimate
    assert (found.q_between, found.q_between_df, found.q_between_p_value) == (None, 0, None)


def test_the_test_between_subgroups_does_not_see_a_shift():
    names = tuple(ANSWERS["alloc"])
    plain = pool_subgroups(BCG["yi"], BCG["vi"], names)
    shifted = pool_subgroups(np.array(BCG["yi"]) + 1e4, BCG["vi"], names)
    assert_allclose(shifted.q_between, plain.q_between, rtol=1e-8)


def test_a_common_tau2_needs_more_studies_than_subgroups():
    with pytest.raises(ModelError, match="needs at least 4 studies; there are 3"):
        pool_subgroups([1.0, 2, 3], [1.0, 1, 1], ("a", "b", "c"), tau2_kind="common")


@pytest.mark.parametrize("formula, words", [
    ("dose", "not of the form"), ("yi ~ ablat", "not of the form"), ("~ ablat +* alloc", "cannot be read"),
    ("~ (ablat", "cannot be read"), ("~ 0 + alloc", "keeps its intercept"), ("~ alloc - 1", "keeps its intercept"),
    ("~ nope", "names 'nope', which is not there"), ("~ 1", "names no moderator"), ("~", "names no moderator"),
    ("~ ablat ** 99", "not of the form"), ("~ ablat^9", "not of the form"), ("~ {1}", "not of the form"),
    ("~ __import__('os')", "A formula holds names"), ("~ np.log(ablat)", "A formula holds names"),
    ("~ ablat | alloc", "not of the form"), ("~ 2:ablat", "A formula holds names"),
    ("~ C(open('x'))", "A formula holds"), ("~ " + "(" * 2000, "not of the form"), ("", "not of the form"),
    ("~ .", "cannot be read"), ("~ 'a'", "cannot be read"),
])
def test_a_formula_that_is_none_or_would_run_something_is_refused(formula, words):
    with pytest.raises(ModelError, match=words):
        code_formula(formula, GIVEN)


def test_a_column_named_like_a_call_is_never_called():
    """An invented column whose name is Python."""
    name = "__import__('os').abort()"
    given = {name: np.array([1.0, 2, 3])}
    with pytest.raises(ModelError):
        code_formula(f"~ C({name})", given)
    assert code_formula(f"~ `{name}`", given).names == (name,)


def test_hostile_levels_stay_text():
    """An invented factor."""
    moderators = code_formula("~ invented", {"invented": ["a", HOSTILE, "a"]})
    assert moderators.names == ("invented[T.a]",)
    assert moderators.factors[0].levels == (HOSTILE, "a")


def test_a_formula_names_the_columns_it_needs():
    assert columns_of("~ ablat * C(decade) + `two words`") == ("ablat", "decade", "two words")
