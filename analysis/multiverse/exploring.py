"""Every branch of the multiverse, pooled: one batch for each way of pooling, over all different sets of effects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from analysis.evidence.gathered import Evidence
from analysis.multiverse.dimensions import POOLED, Effects
from analysis.multiverse.laying_out import Dimension, Layout, lay_out
from analysis.pooling import pool_batch
from analysis.results import MANTEL_HAENSZEL, ONE_EFFECT, Comparison
from analysis.synthesis.averaging import by_tables, figures_of, settings_of

MODELS = ("random", *ONE_EFFECT)
FIGURES = ("k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2", "pi_low", "pi_high")
ROWS_AT_ONCE = 200_000  # of one way of pooling; more at once would fill the memory

Way = tuple[str, str]  # tau2 and test, as the engine names them
TABLES = ("MH", "z")  # the way of Mantel and Haenszel


@dataclass(frozen=True)
class Explored:
    """A comparison under every combination of choices.

    A branch is a combination. Branches that come to the same effects and the same way of pooling are one analysis.

    Args:
        comparison: As the protocol declares it.
        dimensions: The choices that were crossed, in the order of the axes; the first option is the protocol's.
        effects: Every effect that enters somewhere, in plotting order.
        subsets: Different sets of effects, shape (u, c).
        which: The subset of each combination of what is asked and what enters, shape (m,); -1 for too few studies.
        different: The different ways of pooling.
        ways: The one of each combination of how to pool, shape (p,).
        figures: What the engine found, by FIGURES, each of shape (u, different ways).
        not_crossed: Choices that were left as declared, because there are too many combinations.
    """

    comparison: Comparison
    dimensions: tuple[Dimension, ...]
    effects: Effects
    subsets: np.ndarray
    which: np.ndarray
    different: tuple[Way, ...]
    ways: np.ndarray
    figures: Mapping[str, np.ndarray]
    not_crossed: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.which) * len(self.ways)

    @cached_property
    def picks(self) -> np.ndarray:
        """The option of each choice in each branch, shape (d, b)."""
        shape = tuple(len(one.codes) for one in self.dimensions)
        return np.array(np.unravel_index(np.arange(len(self)), shape)).reshape(len(shape), len(self))

    @cached_property
    def analysis(self) -> np.ndarray:
        """The analysis of each branch, shape (b,), as a place in a flat figure; -1 for too few studies."""
        places = self.which[:, None] * len(self.different) + self.ways
        return np.where(self.which[:, None] < 0, -1, places).ravel()

    @cached_property
    def measures(self) -> np.ndarray:
        """The measure of every analysis."""
        names = np.array([effect.measure for effect in self.effects])
        return np.repeat(names[self.subsets.argmax(axis=1)], len(self.different))


def explore(comparisons: Iterable[Comparison], evidence: Evidence) -> tuple[Explored | None, ...]:
    """Return each comparison under every combination of choices; None where its own is no pool of a mean."""
    return explore_each((comparison, evidence) for comparison in comparisons)


def explore_each(questions: Iterable[tuple[Comparison, Evidence]]) -> tuple[Explored | None, ...]:
    """Return the same of comparisons with the evidence of each; those in one call never change each other's."""
    questions = tuple(questions)
    asked = tuple(comparison for comparison, _ in questions)
    layouts = [lay_out(one, evidence) if one.model in MODELS else None for one, evidence in questions]
    layouts = [layout if layout is not None and layout.which[0] >= 0 else None for layout in layouts]
    ways = [ways_of_pooling(one, layout.effects if layout else ()) for one, layout in zip(asked, layouts, strict=True)]
    jobs = [Job(layout, one.level, different)
            for one, layout, (different, _, _) in zip(asked, layouts, ways, strict=True) if layout]  # fmt: skip
    found = iter(pool_all(jobs))
    return tuple(
        explored(one, layout, way, next(found)) if layout else None
        for one, layout, way in zip(asked, layouts, ways, strict=True)
    )


def explored(
    comparison: Comparison, layout: Layout, ways: tuple, figures: dict[str, np.ndarray]
) -> Explored:
    different, of_each, pooled = ways
    dimensions = tuple(one for one in (*layout.dimensions, *pooled) if len(one.codes) > 1)
    return Explored(comparison, dimensions, layout.effects, layout.subsets, layout.which, different, of_each, figures,
                    layout.not_crossed)  # fmt: skip


def ways_of_pooling(
    comparison: Comparison, effects: Effects
) -> tuple[tuple[Way, ...], np.ndarray, tuple[Dimension, ...]]:
    """Return the different ways of pooling, the one of each combination of POOLED, and the choices crossed."""
    options = {name: make(comparison, effects) for name, make in POOLED.items()}
    found = []
    for picked in product(*options.values()):
        under = comparison
        for option in picked:
            under = option.change(under)
        found.append(way_of(under))
    different = tuple(dict.fromkeys(found))
    dimensions = tuple(Dimension(name, tuple(one.code for one in some)) for name, some in options.items())
    return different, np.array([different.index(one) for one in found]), dimensions


def way_of(comparison: Comparison) -> Way:
    """Return how a comparison is pooled."""
    settings = settings_of(comparison)
    return TABLES if comparison.model == MANTEL_HAENSZEL else (settings["tau2"], settings["test"])


# ---------------------------------------------------------------- pooling


@dataclass(frozen=True)
class Job:
    """The subsets of a comparison, and the ways to pool each of them."""

    layout: Layout
    level: float
    ways: tuple[Way, ...]


def pool_all(jobs: list[Job]) -> list[dict[str, np.ndarray]]:
    """Return the figures of every job; jobs of one level and way share a batch, so that many small ones cost little."""
    found = [{name: np.empty((len(job.layout.subsets), len(job.ways))) for name in FIGURES} for job in jobs]
    shared = defaultdict(list)
    for number, job in enumerate(jobs):
        for column, way in enumerate(job.ways):
            shared[job.level, *way].append((number, column))
    for (level, tau2, test), members in shared.items():
        if (tau2, test) == TABLES:
            for number, column in members:
                pool_tables(jobs[number].layout, level, found[number], column)
            continue
        for some in blocks(members, jobs):
            pool_some([jobs[number].layout for number, _ in some], level, tau2, test,
                      [(found[number], column) for number, column in some])  # fmt: skip
    return found


def blocks(members: list[tuple[int, int]], jobs: list[Job]) -> Iterator[list[tuple[int, int]]]:
    """Give the members of a batch in lots whose rows fit in memory together."""
    lot, rows = [], 0
    for member in members:
        size = int(jobs[member[0]].layout.subsets.sum())
        if lot and rows + size > ROWS_AT_ONCE:
            yield lot
            lot, rows = [], 0
        lot.append(member)
        rows += size
    yield lot


def pool_some(
    layouts: list[Layout], level: float, tau2: str, test: str, places: list[tuple[dict[str, np.ndarray], int]]
) -> None:
    """Pool the subsets of several layouts in one batch, and write what was found to the place of each."""
    rows = [rows_of(layout) for layout in layouts]
    sizes = np.concatenate([layout.subsets.sum(axis=1) for layout in layouts])
    yi, vi = (np.concatenate(column) for column in zip(*rows, strict=True))
    batch = pool_batch(yi, vi, np.cumsum(sizes) - sizes, tau2=tau2, test=test, level=level)
    ends = np.cumsum([len(layout.subsets) for layout in layouts])
    for name in FIGURES:
        for part, (figures, column) in zip(np.split(getattr(batch, name), ends[:-1]), places, strict=True):
            figures[name][:, column] = part


def pool_tables(layout: Layout, level: float, figures: dict[str, np.ndarray], column: int) -> None:
    """Pool the tables behind the subsets of a layout, those of each measure in a batch, and write what was found."""
    measures = np.array([effect.measure for effect in layout.effects])[layout.subsets.argmax(axis=1)]
    for measure in np.unique(measures).tolist():
        chosen = np.nonzero(measures == measure)[0]
        sizes = layout.subsets[chosen].sum(axis=1)
        pool_rows = by_tables(layout.effects, measure, level)
        batch = pool_rows(np.nonzero(layout.subsets[chosen])[1], np.cumsum(sizes) - sizes)
        for name in FIGURES:
            figures[name][chosen, column] = getattr(batch, name)


def rows_of(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return yi and vi of every subset, end to end."""
    columns = np.nonzero(layout.subsets)[1]
    yi, vi = figures_of(layout.effects)
    return yi[columns], vi[columns]
