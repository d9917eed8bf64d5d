"""From a table to effects in groups: which columns hold them, which rows can be used, and why others not."""

from dataclasses import dataclass

import numpy as np

from analysis.effects import MEASURES, REASONS
from analysis.effects.measures import EVENTS
from analysis.faults import Fault, InputError
from flows.pool.moderators import Columns, moderator_names, read_moderators
from flows.pool.request import Request
from flows.pool.table import Table, Words, one_word, words_of

MISSING = "missing"
AGREEMENT = 0.01  # relative: what rounding of a printed standard error may make of its square


@dataclass(frozen=True)
class Inputs:
    """Rows in order of their groups, usable or not; arrays of shape (n,).

    Args:
        groups: One label an analysis, in order of first appearance; (None,) without a group column.
        group: Index of each row's group, rising.
        study: Name of each row; "" where it has none.
        number: Number of each row in the file, from 1.
        line: Line of each row in the file.
        yi, vi: Effects; NaN where the row has none.
        codes: "" or the reason why the row has no effect.
        tables: ai, n1i, ci, n2i of each row, shape (4, n); without rows when there are none.
        moderators: By name, each of shape (n,), numbers or words.
        cluster: Label of each row; "" without clusters.
        subgroup: Name of each row's subgroup; "" without subgroups.
    """

    groups: tuple[str | None, ...]
    group: np.ndarray
    study: Words
    number: np.ndarray
    line: np.ndarray
    yi: np.ndarray
    vi: np.ndarray
    codes: Words
    tables: np.ndarray
    moderators: Columns
    cluster: Words
    subgroup: Words

    def names(self, rows: np.ndarray) -> tuple[str, ...]:
        """Return the names of some rows; the number of the row where it has none."""
        return tuple(name or f"row {number}"
                     for name, number in zip(self.study.at(rows), self.number[rows].tolist(), strict=True))


@dataclass(frozen=True)
class Effects:
    """Effects of the rows of a table as they stand there."""

    yi: np.ndarray
    vi: np.ndarray
    codes: Words
    tables: np.ndarray


def read_inputs(table: Table, request: Request) -> Inputs:
    """Make effects of a table and put them in groups.

    Raises:
        InputError: Every column that is missing, or every cell that is not allowed.
    """
    check_columns(table, request)
    effects, faults = read_effects(table, request)
    study, study_faults = read_names(table, "study")
    group, group_faults = read_names(table, "group")
    moderators, moderator_faults = read_moderators(table, request)
    faults += study_faults + group_faults + moderator_faults
    cluster, cluster_faults = read_labels(table, cluster_column(request), "cluster")
    subgroup, subgroup_faults = read_labels(table, request.subgroup, "subgroup")
    faults += cluster_faults + subgroup_faults
    if "group" in table.columns:
        faults += gaps(table, "group", group, "group")
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.line or 0))
    return in_groups(table, effects, (study, group, cluster, subgroup), moderators)


def cluster_column(request: Request) -> str | None:
    """Return the column of clusters when the model needs one."""
    return "cluster" if request.model == "multilevel" else None


def read_labels(table: Table, column: str | None, what: str) -> tuple[Words, list[Fault]]:
    """Return a column of labels, one in every row; empty ones when none is needed."""
    if column is None:
        return one_word("", len(table.lines)), []
    labels, faults = table.texts(column)
    return labels, faults + gaps(table, column, labels, what)


def gaps(table: Table, column: str, labels: Words, what: str) -> list[Fault]:
    """Return a fault for each row without a label."""
    return [table.fault(row, column, "the cell is empty", f"Every row belongs to a {what}")
            for row in np.flatnonzero(labels.index == labels.words.index(""))] if "" in labels.words else []


def check_columns(table: Table, request: Request) -> None:
    """Refuse a table that lacks the columns the request needs."""
    names = table.columns
    needed = EVENTS if request.pooling != "IV" else needed_columns(table, request.measure)
    missing = [name for name in needed if name not in names]
    faults = []
    if missing and needed[0] == "yi":
        raw = sorted({measure for measure, made in MEASURES.items() if all(name in names for name in made.inputs)})
        fix = f"For the columns there, add --measure with one of {', '.join(raw)}" if raw else None
        faults = [Fault(table.where, "no columns that hold effects", allowed_columns(table), 1, fix=fix)]
    elif missing:
        wanted = f"This needs {', '.join(needed)}; the table has {listed(table)}"
        faults = [Fault(table.where, "the column is missing", wanted, 1, name) for name in missing]
    faults += [Fault(table.where, "the column is missing", f"The table has {listed(table)}", 1, name)
               for name in (*moderator_names(request), cluster_column(request), request.subgroup)
               if name is not None and name not in names]
    if faults:
        raise InputError(faults)


def needed_columns(table: Table, measure: str | None) -> tuple[str, ...]:
    """Return the columns that hold the effects: raw ones of the measure, else yi with vi or sei."""
    names = table.columns
    raw = MEASURES[measure].inputs if measure else ()
    has_effects = "yi" in names and ("vi" in names or "sei" in names)
    if raw and (all(name in names for name in raw) or not has_effects):
        return raw
    return ("yi", "sei") if "sei" in names and "vi" not in names else ("yi", "vi")


def allowed_columns(table: Table) -> str:
    """Say which columns would do."""
    raw = "; ".join(f"{', '.join(names)} ({' '.join(codes)})" for names, codes in raw_columns().items())
    return f"The table needs yi with vi or sei; or, with --measure: {raw}. It has {listed(table)}"


def raw_columns() -> dict[tuple[str, ...], list[str]]:
    """Return each set of raw columns with the measures that are made from it."""
    sets: dict[tuple[str, ...], list[str]] = {}
    for code, measure in MEASURES.items():
        sets.setdefault(measure.inputs, []).append(code)
    return sets


def listed(table: Table) -> str:
    """Return the columns of the table, the first thirty of them."""
    return ", ".join(repr(name[:40])[1:-1] for name in list(table.columns)[:30])


def read_effects(table: Table, request: Request) -> tuple[Effects, list[Fault]]:
    """Return the effect of every row, and a fault for every cell that cannot be."""
    needed = EVENTS if request.pooling != "IV" else needed_columns(table, request.measure)
    columns, faults = read_columns(table, needed)
    if "yi" in needed:
        effects = given_effects(columns[0], columns[1], needed[1])
        return effects, faults + check_spread(table, columns[1], needed[1]) + check_agreement(table, columns[1])
    made = MEASURES[request.measure or "PETO"].make(*columns)
    tables = columns if needed == EVENTS else np.empty((0, len(table.lines)))
    effects = Effects(made.yi, made.vi, words_of(made.codes), tables)
    return effects, faults or impossible(table, effects.codes, columns, needed)


def read_columns(table: Table, names: tuple[str, ...]) -> tuple[np.ndarray, list[Fault]]:
    """Return columns of numbers, shape (len(names), n), and the faults of their cells."""
    read = [table.numbers(name) for name in names]
    columns = np.array([values for values, _ in read]).reshape(len(names), len(table.lines))
    return columns, [fault for _, faults in read for fault in faults]


def given_effects(yi: np.ndarray, spread: np.ndarray, name: str) -> Effects:
    """Return effects that the table gives as they are."""
    vi = spread if name == "vi" else spread**2
    missing = np.isnan(yi) | np.isnan(vi)
    codes = Words(("", MISSING), missing.astype(np.intp))
    return Effects(np.where(missing, np.nan, yi), np.where(missing, np.nan, vi), codes, np.empty((0, len(yi))))


def check_spread(table: Table, spread: np.ndarray, name: str) -> list[Fault]:
    """Return a fault for each variance or standard error that is not above 0."""
    return [table.fault(row, name, f"{spread[row]:g}", f"{name} is above 0")
            for row in np.nonzero(spread <= 0)[0]]


def check_agreement(table: Table, vi: np.ndarray) -> list[Fault]:
    """Return a fault for each row whose vi is not the square of the sei beside it: one of them is another thing."""
    if "vi" not in table.columns or "sei" not in table.columns:
        return []
    sei, faults = table.numbers("sei")
    apart = np.abs(sei**2 - vi) > AGREEMENT * vi
    allowed = "vi is the square of sei; keep one"
    return faults + [table.fault(row, "sei", f"{sei[row]:g} beside a vi of {vi[row]:g}", allowed)
                     for row in np.nonzero(apart)[0]]


def impossible(table: Table, codes: Words, columns: np.ndarray, names: tuple[str, ...]) -> list[Fault]:
    """Return a fault for each row whose values cannot be true together."""
    bad = np.array([bool(code) and REASONS[code].impossible for code in codes.words])
    return [table.fault(row, ", ".join(names), ", ".join(f"{value:g}" for value in columns[:, row]),
                        REASONS[codes.words[codes.index[row]]].sentence) for row in np.flatnonzero(bad[codes.index])]


def read_names(table: Table, column: str) -> tuple[Words, list[Fault]]:
    """Return a column of names; without the column, empty ones."""
    if column not in table.columns:
        return one_word("", len(table.lines)), []
    return table.texts(column)


def in_groups(table: Table, effects: Effects, labels: tuple[Words, ...], moderators: Columns) -> Inputs:
    """Put rows together by group, in the order in which groups first appear."""
    study, group, cluster, subgroup = labels
    order = np.argsort(group.index, kind="stable")
    return Inputs(
        groups=group.words if "group" in table.columns else (None,), group=group.index[order],
        study=study.take(order), number=order + 1, line=table.lines[order], yi=effects.yi[order], vi=effects.vi[order],
        codes=effects.codes.take(order), tables=effects.tables[:, order],
        moderators={name: values[order] for name, values in moderators.items()},
        cluster=cluster.take(order), subgroup=subgroup.take(order))
