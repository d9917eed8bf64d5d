"""Pool every group of a table, all in one batch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from analysis.effects import REASONS
from analysis.faults import Fault, InputError
from analysis.models import Factor, ModelError, Multilevel, Network, Permutation, Regression, Subgroups
from analysis.pooling import (
    PooledBatch,
    PoolingError,
    cumulative_rows,
    leave_one_out,
    leave_one_out_rows,
    mantel_haenszel_batch,
    peto_batch,
    pool_batch,
)
from analysis.results import Pooled
from analysis.robustness import Begg, Egger, Filled, Influence, begg, egger, influence, trim_and_fill
from flows.pool.answers import Group, ask
from flows.pool.beyond import fit_clusters, permute_group, regress_group, split_group
from flows.pool.inputs import Inputs
from flows.pool.request import Request

NEXT = {"random": "Choose other moderators, or larger groups",
        "multilevel": "Choose other moderators or clusters, or larger groups",
        "network": "Mend the rows of the study, or the options"}
MODELS = tuple(NEXT)
METHODS_OF_TABLES = ("MH", "PETO")
POOLINGS = ("IV", *METHODS_OF_TABLES)


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
    permutation: Permutation | None = None
    subgroups: Subgroups | None = None
    multilevel: Multilevel | None = None
    network: Network | None = None
    answers: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Analyses(Sequence[Analysis]):
    """The groups of a table, pooled together, each put into words only when it is asked for.

    Args:
        inputs: All rows in the order of their groups.
        request: What was asked for.
        used: The rows that can be used, rising.
        starts: Where the used rows of each group begin in `used`, and where the last ends; shape (groups + 1,).
        ends: The same of all rows.
        batch: The groups that have a used row, pooled; None where the model has no one mean.
    """

    inputs: Inputs
    request: Request
    used: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    batch: PooledBatch | None

    def __len__(self) -> int:
        return len(self.inputs.groups)

    def __getitem__(self, i: int) -> Analysis:
        """Return one group with all that was asked of it.

        Raises:
            InputError: Numbers beyond what double precision can pool, or moderators that cannot be fitted.
        """
        with explained(self.request):
            return naming(self.inputs.groups[i], self.assembled, i)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Return the used rows of each group."""
        return np.diff(self.starts)

    @cached_property
    def places(self) -> np.ndarray:
        """Return where each group stands in the batch; what a group without rows has is not in it."""
        return np.cumsum(self.sizes > 0) - 1

    @cached_property
    def incomplete(self) -> np.ndarray:
        """Say which groups have rows that could not be used."""
        return self.sizes < np.diff(self.ends)

    def assembled(self, i: int) -> Analysis:
        """Pool one group and ask what else was asked for."""
        used = self.used[self.starts[i]:self.starts[i + 1]]
        whole = np.arange(self.ends[i], self.ends[i + 1])
        left_out = left_out_rows(self.inputs, np.setdiff1d(whole, used)) if self.incomplete[i] else ()
        plain = Analysis(self.inputs.groups[i], self.inputs.names(used), self.inputs.yi[used], self.inputs.vi[used],
                         left_out, self.pooled(i, used))
        return ask_more(plain, self.inputs, used, self.request) if len(used) else plain

    def pooled(self, i: int, used: np.ndarray) -> Pooled | None:
        """Return the one mean of a group, where it has a row and the model has one mean."""
        if self.batch is None or not len(used):
            return None
        return self.batch.pooled(int(self.places[i]))


def analyse(inputs: Inputs, request: Request) -> Analyses:
    """Pool the groups of the inputs all at once; what else is asked of a group waits until it is asked for.

    Raises:
        InputError: Numbers beyond what double precision can pool.
    """
    used = usable(inputs, request)
    edges = np.arange(len(inputs.groups) + 1)
    starts, ends = np.searchsorted(inputs.group[used], edges), np.searchsorted(inputs.group, edges)
    together = request.model == "random" and len(used)
    filled = starts[:-1][np.diff(starts) > 0]
    with explained(request):
        batch = pool_rows(inputs, used, filled, request) if together else None
    return Analyses(inputs, request, used, starts, ends, batch)


@contextmanager
def explained(request: Request) -> Iterator[None]:
    """Say of what cannot be pooled or fitted where it stands, and what to do."""
    try:
        yield
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


def usable(inputs: Inputs, request: Request) -> np.ndarray:
    """Return which rows can be used, rising. Mantel-Haenszel and Peto use every whole table."""
    keeps = {""} if request.pooling == "IV" else {"", "no-events", "all-events"}
    return np.flatnonzero(np.array([code in keeps for code in inputs.codes.words])[inputs.codes.index])


def left_out_rows(inputs: Inputs, rows: np.ndarray) -> tuple[LeftOutRow, ...]:
    """Return rows that could not be used, with their reasons."""
    columns = zip(inputs.line[rows].tolist(), inputs.names(rows), inputs.codes.at(rows), strict=True)
    return tuple(LeftOutRow(line, study, code, REASONS[code].sentence) for line, study, code in columns)


def pool_rows(inputs: Inputs, rows: np.ndarray, starts: np.ndarray, request: Request) -> PooledBatch:
    """Pool the given rows, laid end to end, in one batch: by inverse variance, Mantel-Haenszel or Peto."""
    if request.pooling == "MH":
        columns = inputs.tables[:, rows]
        return mantel_haenszel_batch(*columns, starts, measure=request.measure, level=request.level)
    if request.pooling == "PETO":
        return peto_batch(*inputs.tables[:, rows], starts, level=request.level)
    return pool_batch(inputs.yi[rows], inputs.vi[rows], starts, tau2=request.tau2, test=request.test,
                      level=request.level)


def ask_more(plain: Analysis, inputs: Inputs, used: np.ndarray, request: Request) -> Analysis:
    """Attach to a pooled group what else was asked for."""
    names, yi, vi = plain.study, plain.yi, plain.vi
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
        permutation=permute_group(inputs, used, request) if request.permutations else None,
        answers=ask(Group(yi, vi, plain.pooled.tau2), request) if request.questions else {},
        subgroups=split_group(inputs, used, request) if request.subgroup else None)


def ask_small_studies(yi: np.ndarray, vi: np.ndarray, request: Request) -> SmallStudy:
    """Ask whether small studies show other effects."""
    filled = trim_and_fill(yi, vi, tau2=request.tau2, test=request.test, missing=request.missing,
                           side=request.missing_side)
    return SmallStudy(egger(yi, vi), begg(yi, vi), filled)


def pool_without(inputs: Inputs, used: np.ndarray, request: Request) -> list[Pooled]:
    """Pool without each row in turn."""
    if request.pooling == "IV":
        batch = leave_one_out(inputs.yi[used], inputs.vi[used], tau2=request.tau2, test=request.test,
                              level=request.level)
    else:
        batch = leave_one_out_rows(len(used), lambda rows, starts: pool_rows(inputs, used[rows], starts, request))
    return [batch.pooled(i) for i in range(len(batch))]


def pool_so_far(inputs: Inputs, used: np.ndarray, request: Request) -> list[Pooled]:
    """Pool the first row, the first two, and so on."""
    batch = cumulative_rows(len(used), lambda rows, starts: pool_rows(inputs, used[rows], starts, request))
    return [batch.pooled(i) for i in range(len(batch))]
