"""Moderators by a formula such as `~ dose * design`. Alone in its file because formulaic takes long to load."""

import re
from collections.abc import Mapping

import numpy as np
from formulaic import Formula, SimpleFormula
from formulaic.errors import FormulaicError
from formulaic.parser.types import Factor as FormulaFactor

from analysis.models.design import ModelError
from analysis.models.moderators import Column, Moderators, factor_of, in_words

LONGEST = 1000  # characters
REFUSED = re.compile(r"\*\*|[\^%|{}\[\]]")  # powers, nesting, several parts, Python
AS_FACTOR = re.compile(r"C\((\w+)\)")
ALLOWED = "A formula holds names of columns, C(column) for a factor of numbers, and + * : - ( )"


def code_formula(formula: str, given: Mapping[str, Column]) -> Moderators:
    """Return the columns that a formula makes of moderators, without its intercept.

    Args:
        formula: `~ dose * design`: dose, design and their product. Names with other characters than letters, digits
            and _ stand in backquotes. Nothing in it is run.
        given: The moderators by name; those in words are factors.

    Raises:
        ModelError: The formula cannot be read, names a column that is not there, or leaves out the intercept.

    Source:
        Coding of factors and interactions: formulaic, as R's model.matrix.
    """
    terms = read_formula(formula)
    used = check_factors(terms, given)
    columns = {name: np.asarray(values) for name, values in given.items() if name in used}
    if not columns:
        raise ModelError("The formula names no moderator")
    table = np.rec.fromarrays(list(columns.values()), names=list(columns))
    try:
        matrix = terms.get_model_matrix(table, context={}, output="numpy")
    except FormulaicError as error:
        raise ModelError(f"The formula cannot be used: {first_line(error)}") from error
    names = matrix.model_spec.column_names
    factors = [factor_of(name, list(values)) for name, values in given.items() if name in used and in_words(values)]
    return Moderators(np.asarray(matrix, dtype=np.float64)[:, 1:].T, tuple(names[1:]), tuple(factors))


def columns_of(formula: str) -> tuple[str, ...]:
    """Return the names of the columns that a formula needs, in their order.

    Raises:
        ModelError: The formula cannot be read.
    """
    factors = (factor for term in read_formula(formula) for factor in term.factors)
    return tuple(dict.fromkeys(name for name in map(column_of, factors) if name))


def read_formula(formula: str) -> SimpleFormula:
    """Return the terms of a formula, or refuse it."""
    text = formula.strip()
    if not text.startswith("~") or "~" in text[1:] or len(text) > LONGEST or REFUSED.search(text):
        raise ModelError(f"The formula {formula[:80]!r} is not of the form '~ dose * design'. {ALLOWED}")
    try:
        terms = Formula(text)
    except (FormulaicError, RecursionError) as error:
        raise ModelError(f"The formula {formula[:80]!r} cannot be read: {first_line(error)}") from error
    if not isinstance(terms, SimpleFormula) or "1" not in [str(term) for term in terms]:
        raise ModelError("A formula keeps its intercept; for the mean of each group ask for subgroups")
    return terms


def column_of(factor: FormulaFactor) -> str:
    """Return the column that a factor stands for, "" for the intercept, or refuse what would be run as Python."""
    kind, found = factor.eval_method.value, AS_FACTOR.fullmatch(factor.expr)
    if kind == "lookup":
        return factor.expr
    if kind == "python" and found and found[1].isidentifier():
        return found[1]
    if factor.expr == "1":
        return ""
    raise ModelError(f"The formula holds {factor.expr[:80]!r}. {ALLOWED}")


def check_factors(terms: SimpleFormula, given: Mapping[str, Column]) -> set[str]:
    """Return the columns that the terms name, or refuse one that is not there."""
    names = {column_of(factor) for term in terms for factor in term.factors} - {""}
    for name in sorted(names - set(given)):
        raise ModelError(f"The formula names {name[:80]!r}, which is not there")
    return names


def first_line(error: Exception) -> str:
    """Return the first line of a message."""
    return next(iter(str(error).splitlines()), "").strip() or type(error).__name__
