"""Many analyses as blocks that the engine takes one after the other, and their answers in order again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import Array, Batch, Indices, check, lay_out, rows_of
from analysis.pooling.columns import side_by_side

ROWS_AT_ONCE = 32_768  # of a block: a few columns of them fit in the cache of a processor
SMALL = 64  # studies of an analysis that may stand beside others
FEW_ROWS = 4096  # so many are pooled at once whatever their sizes: calls cost more than rows that fill up
MOST_FILLED = 1.5  # the largest analysis of a block beside its smallest


@dataclass(frozen=True)
class Block:
    """Analyses laid out together.

    Args:
        analyses: Which they are, shape (b,).
        rows: Their rows end to end in the order of the batch, shape (n,).
        batch: The analyses, laid out.
    """

    analyses: Indices
    rows: Indices
    batch: Batch


def make_blocks(yi: ArrayLike, vi: ArrayLike, starts: ArrayLike) -> Iterator[Block]:
    """Check effects and lay them out for the engine, in blocks of whole analyses of like size.

    Whether an analysis stands beside others or lies end to end with them depends on its own size alone, so that its
    answer is the same to the last bit in every company. Arguments and errors as in `make_batch`.
    """
    yi, vi, starts = check(yi, vi, starts)
    k = np.diff(np.append(starts, len(yi)))
    small = np.flatnonzero(k <= SMALL)
    small = small[np.argsort(k[small], kind="stable")]
    for analyses in like_sized(small, k[small]):
        yield make_block(yi, vi, starts, k, analyses)
    tall = np.flatnonzero(k > SMALL)
    for analyses in as_they_come(tall, k[tall]):
        yield make_block(yi, vi, starts, k, analyses)


def make_block(yi: Array, vi: Array, starts: Indices, k: Indices, analyses: Indices) -> Block:
    """Lay out the given analyses together, all small or all large."""
    first, rows = rows_of(starts[analyses], k[analyses])
    batch = lay_out(yi[rows], vi[rows], first, rows)
    if k[analyses[0]] > SMALL:
        return Block(analyses, rows, batch)
    batch, order = side_by_side(batch)
    return Block(analyses, rows[order], batch)


def like_sized(analyses: Indices, k: Indices) -> Iterator[Indices]:
    """Yield analyses in blocks that are small enough and hardly filled up; they come by rising size."""
    while len(analyses):
        last = np.searchsorted(k, MOST_FILLED * k[0], side="right")
        if len(k) * k[-1] <= FEW_ROWS:
            last = len(k)
        last = min(last, max(1, ROWS_AT_ONCE // k[last - 1]))
        yield analyses[:last]
        analyses, k = analyses[last:], k[last:]


def as_they_come(analyses: Indices, k: Indices) -> Iterator[Indices]:
    """Yield analyses in blocks of about ROWS_AT_ONCE rows, or of one analysis that has more."""
    ends = np.cumsum(k)
    first = 0
    while first < len(analyses):
        last = int(np.searchsorted(ends, ends[first] - k[first] + ROWS_AT_ONCE, side="right"))
        yield analyses[first:max(last, first + 1)]
        first = max(last, first + 1)
