"""Moderators of a table: columns of numbers or of words, as they are named or as a formula needs them."""

import importlib
from collections.abc import Mapping

import numpy as np

from analysis.evidence.cells import NUMBER
from analysis.faults import Fault, InputError
from analysis.models import ModelError, Moderators, code_moderators
from flows.pool.request import Request
from flows.pool.table import EMPTY, Table, Words

Columns = dict[str, np.ndarray]  # numbers or words


def moderator_names(request: Request) -> tuple[str, ...]:
    """Return the columns that the moderators of a request need.

    Raises:
        InputError: A formula that cannot be read.
    """
    if request.formula is None:
        return request.moderators
    try:
        return load_formula().columns_of(request.formula)
    except ModelError as error:
        raise InputError([Fault("--formula", str(error), "Write it as in --help")]) from error


def load_formula() -> object:
    """Return the module of formulas; formulaic takes long to load."""
    return importlib.import_module("analysis.models.formula")


def read_moderators(table: Table, request: Request) -> tuple[Columns, list[Fault]]:
    """Return the moderators, each with a value in every row, and a fault for every cell that has none."""
    columns: Columns = {}
    faults: list[Fault] = []
    for name in moderator_names(request):
        read = read_words if holds_words(table.columns[name]) else read_numbers
        columns[name], bad = read(table, name)
        faults += bad
    return columns, faults


def holds_words(cells: Words | np.ndarray) -> bool:
    """Say whether a column is a factor: it holds something, and no cell of it is a number."""
    if isinstance(cells, np.ndarray):
        return False
    filled = [word.strip() for word in cells.words if word.strip() not in EMPTY]
    return bool(filled) and not any(NUMBER.fullmatch(cell.removeprefix("+")) for cell in filled)


def read_words(table: Table, name: str) -> tuple[np.ndarray, list[Fault]]:
    """Return a column of words, each row with one."""
    words, faults = table.texts(name)
    gaps = [table.fault(row, name, "the cell is empty", f"{name[:40]} has a word in every row")
            for row, word in enumerate(words.every()) if word in EMPTY]
    return np.array(words.every(), dtype=np.str_), faults + gaps


def read_numbers(table: Table, name: str) -> tuple[np.ndarray, list[Fault]]:
    """Return a column of numbers, each row with one."""
    values, faults = table.numbers(name)
    known = {fault.line for fault in faults}
    gaps = [table.fault(row, name, "the cell is empty", "A moderator has a number in every row")
            for row in np.nonzero(np.isnan(values))[0] if table.lines[row] not in known]
    return values, faults + gaps


def coded(columns: Mapping[str, np.ndarray], rows: np.ndarray, request: Request) -> Moderators:
    """Return the moderators of the given rows as columns of a model.

    Raises:
        ModelError: A formula that these rows cannot follow.
    """
    chosen = {name: values[rows] if values.dtype.kind == "f" else values[rows].tolist()
              for name, values in columns.items()}
    if request.formula is None:
        return code_moderators(chosen)
    return load_formula().code_formula(request.formula, chosen)
