"""Pool every group of a table, all in one batch."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.effects import REASONS
from analysis.faults import Fault, InputError
from analysis.models import Factor, ModelError, Multilevel, Network, Regression, Subgroups
from analysis.pooling import PoolingError, cumulative, leave_one_out, mantel_haenszel, peto, pool_batch
from analysis.results import Pooled
from analysis.robustness import Begg, Egger, Filled, Influence, begg, egger, influence, trim_and_fill
from flows.pool.answers import Group, ask
from flows.pool.beyond import fit_clusters, regress_group, split_group
from flows.pool.inputs import Inputs
from flows.pool.request import Request

NEXT = {"random": "Choose other moderators, or larger groups",
        "multilevel": "Choose other moderators or clusters, or larger groups",
        "network": "Mend the rows of the study, or the options"}
MODELS = tuple(NEXT)


@dataclass(frozen=True)
class LeftOutRow:
    """A row that could not be used."""

    line: int
    study: str
    code: str
    reason: str


@dataclass(frozen=True)
class Again:
    """The same group pooled from other rows; `study` is the one left out or the last one added."""

    study: str
    pooled: Pooled


@dataclass(frozen=True)
class SmallStudy:
    """Whether small studies show other effects; None where it cannot be said."""

    egger: Egger | None
    begg: Begg | None
    trim_and_fill: Filled | None


@dataclass(frozen=True)
class Analysis:
    """One group, pooled. `pooled` is None when no row could be used; the rest when it was not asked for.

    `answers` are by name, as in `flows.pool.answers.QUESTIONS`.
    """

    group: str | None
    study: tuple[str, ...]
    yi: np.ndarray
    vi: np.ndarray
    left_out: tuple[LeftOutRow, ...]
    pooled: Pooled | None
    leave_one_out: tuple[Again, ...] = ()
    cumulative: tuple[Again, ...] = ()
    small_study: SmallStudy | None = None
    influence: Influence | None = None
    regression: Regression | None = None
    factors: tuple[Factor, ...] = ()
    subgroups: Subgroups | None = None
    multilevel: Multilevel | None = None
    network: Network | None = None
    answers: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """The usable rows of one group, and those left out."""

    group: str | None
    used: np.ndarray
    left_out: tuple[LeftOutRow, ...]


def analyse(inputs: Inputs, request: Request) -> tuple[Analysis, ...]:
    """Pool each group of the inputs.

    Raises:
        InputError: Numbers beyond what double precision can pool, or moderators that cannot be fitted.
    """
    groups = [rows_of(inputs, index, request) for index in range(len(inputs.groups))]
    try:
        pool_them = POOLINGS[request.pooling] if request.model == "random" else pool_nothing
        pooled = pool_them(inputs, groups, request)
        return tuple(naming(rows.group, assemble, inputs, rows, one, request)
                     for rows, one in zip(groups, pooled, strict=True))
    except PoolingError as error:
        raise InputError([Fault(request.where, str(error).rstrip("."), "Bring all effects to one unit")]) from error
    except ModelError as error:
        raise InputError([Fault(request.where, str(error), NEXT[request.model])]) from error


def naming(group: str | None, fit: Callable[..., Analysis], *arguments: object) -> Analysis:
    """Fit a group, and name it in what keeps it from being fitted."""
    try:
        return fit(*arguments)
    except ModelError as error:
        if group is None:
            raise
        raise ModelError(f"Group {group[:80]}: {error}") from error


def rows_of(inputs: Inputs, index: int, request: Request) -> Rows:
    """Return which rows of a group can be used. Mantel-Haenszel and Peto use every whole table."""
    start, stop = np.searchsorted(inputs.group, [index, index + 1])
    keeps = {""} if request.pooling == "IV" else {"", "no-events", "all-events"}
    rows = range(start, stop)
    used = np.array([row for row in rows if inputs.codes[row] in keeps], dtype=np.intp)
    left_out = tuple(LeftOutRow(inputs.line[row], inputs.study[row], inputs.codes[row],
                                REASONS[inputs.codes[row]].sentence)
                     for row in rows if inputs.codes[row] not in keeps)
    return Rows(inputs.groups[index], used, left_out)


def pool_effects(inputs: Inputs, groups: list[Rows], request: Request) -> list[Pooled | None]:
    """Pool by inverse variance: all groups that have a usable row in one batch."""
    sizes = [len(rows.used) for rows in groups if len(rows.used)]
    if not sizes:
        return [None] * len(groups)
    rows = np.concatenate([rows.used for rows in groups])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    batch = pool_batch(inputs.yi[rows], inputs.vi[rows], starts, tau2=request.tau2, test=request.test,
                       level=request.level)
    pooled = iter(range(len(batch)))
    return [batch.pooled(next(pooled)) if len(rows.used) else None for rows in groups]


def pool_nothing(inputs: Inputs, groups: list[Rows], request: Request) -> list[Pooled | None]:
    """Return no single mean, for a model that has its own."""
    return [None] * len(groups)


def pool_tables(inputs: Inputs, groups: list[Rows], request: Request) -> list[Pooled | None]:
    """Pool tables by Mantel-Haenszel or Peto."""
    return [one_table_pool(inputs, rows.used, request) if len(rows.used) else None for rows in groups]


def one_table_pool(inputs: Inputs, rows: np.ndarray, request: Request) -> Pooled:
    """Pool the tables of the given rows."""
    columns = inputs.tables[:, rows]
    if request.pooling == "PETO":
        return peto(*columns, level=request.level)
    return mantel_haenszel(*columns, measure=request.measure, level=request.level)


POOLINGS: dict[str, Callable[[Inputs, list[Rows], Request], list[Pooled | None]]] = {
    "IV": pool_effects,
    "MH": pool_tables,
    "PETO": pool_tables,
}


def assemble(inputs: Inputs, rows: Rows, pooled: Pooled | None, request: Request) -> Analysis:
    """Attach to a pooled group what else was asked for."""
    used = rows.used
    names, yi, vi = tuple(inputs.study[row] for row in used), inputs.yi[used], inputs.vi[used]
    plain = Analysis(rows.group, names, yi, vi, rows.left_out, pooled)
    if not len(used):
        return plain
    if request.model == "multilevel":
        multilevel, factors = fit_clusters(inputs, used, request)
        return replace(plain, multilevel=multilevel, factors=factors)
    without = pool_without(inputs, used, request) if request.leave_one_out and len(used) > 1 else []
    so_far = pool_so_far(inputs, used, request) if request.cumulative else []
    regression, factors = regress_group(inputs, used, request) if request.has_moderators else (None, ())
    return replace(
        plain, leave_one_out=tuple(Again(*pair) for pair in zip(names, without, strict=False)),
        cumulative=tuple(Again(*pair) for pair in zip(names, so_far, strict=False)),
        small_study=ask_small_studies(yi, vi, request) if request.small_study else None,
        influence=influence(yi, vi, tau2=request.tau2) if request.influence else None,
        regression=regression, factors=factors,
        answers=ask(Group(yi, vi, pooled.tau2), request) if request.questions else {},
        subgroups=split_group(inputs, used, request) if request.subgroup else None)


def ask_small_studies(yi: np.ndarray, vi: np.ndarray, request: Request) -> SmallStudy:
    """Ask whether small studies show other effects."""
    filled = trim_and_fill(yi, vi, tau2=request.tau2, test=request.test, missing=request.missing,
                           side=request.missing_side)
    return SmallStudy(egger(yi, vi), begg(yi, vi), filled)


def pool_without(inputs: Inputs, used: np.ndarray, request: Request) -> list[Pooled]:
    """Pool without each row in turn."""
    if request.pooling != "IV":
        return [one_table_pool(inputs, np.delete(used, i), request) for i in range(len(used))]
    batch = leave_one_out(inputs.yi[used], inputs.vi[used], tau2=request.tau2, test=request.test,
                          level=request.level)
    return [batch.pooled(i) for i in range(len(batch))]


def pool_so_far(inputs: Inputs, used: np.ndarray, request: Request) -> list[Pooled]:
    """Pool the first row, the first two, and so on."""
    if request.pooling != "IV":
        return [one_table_pool(inputs, used[:i], request) for i in range(1, len(used) + 1)]
    batch = cumulative(inputs.yi[used], inputs.vi[used], tau2=request.tau2, test=request.test,
                       level=request.level)
    return [batch.pooled(i) for i in range(len(batch))]
