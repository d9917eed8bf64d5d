"""Comparisons dealt into lots of about equal cost, and their answers put back in order."""

import heapq
from collections.abc import Iterable, Sequence

from analysis.results import ComparisonResult
from flows.answering import Asked

LOTS_A_THREAD = 4  # so that a slow lot, or a slow machine, does not keep the others waiting for long
MOST = 150  # Prefect's server lists 200 tasks at once, and does not like many in a short time
FEWEST = 4  # comparisons in a lot: those of a lot are pooled together, and a task has a cost of its own

Lot = tuple[int, ...]  # places in what was asked


def deal(asked: Sequence[Asked], threads: int) -> list[Lot]:
    """Return lots for a number of threads, the costliest question dealt first, each to the lightest lot so far.

    The answers are the same however they are dealt; only the time is not.
    """
    number = max(1, min(threads * LOTS_A_THREAD, len(asked) // FEWEST, MOST))
    costs = [cost_of(one) for one in asked]
    lots: list[tuple[int, int, list[int]]] = [(0, lot, []) for lot in range(number)]
    for place in sorted(range(len(asked)), key=lambda place: -costs[place]):
        weight, lot, places = lots[0]
        heapq.heapreplace(lots, (weight + costs[place], lot, [*places, place]))
    return [tuple(sorted(places)) for _, _, places in sorted(lots, key=lambda lot: -lot[0]) if places]


def cost_of(one: Asked) -> int:
    """Return about what an answer costs: the rows that may enter, in every branch of its multiverse."""
    question, sides = one.question, {*one.question.experimental, *one.question.control}
    arms = sum(row.outcome == question.outcome and row.arm in sides for row in one.evidence.arms)
    contrasts = sum(
        row.outcome == question.outcome and row.experimental in sides and row.control in sides
        for row in one.evidence.contrasts
    )
    return 1 + arms + 2 * contrasts


def in_order(lots: Sequence[Lot], answers: Iterable[list[ComparisonResult]]) -> list[ComparisonResult]:
    """Return the answers of all lots in the order of what was asked."""
    found = {
        place: result for lot, some in zip(lots, answers, strict=True) for place, result in zip(lot, some, strict=True)
    }
    return [found[place] for place in sorted(found)]
