"""Where every row of every source is used: the way from the paper's table to the pooled numbers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.group_words import anchors_of
from analysis.report.links import slug
from analysis.report.studies import effect_anchors
from analysis.results import ComparisonResult, GroupResult, Run, SourceRef

AVERAGED, DOUBTFUL = "in the average", "doubtful, kept apart"
Row = tuple[str, str, int]  # dataset, table, line


@dataclass(frozen=True)
class Use:
    """One comparison that a row plays a part in, the part, and the place on its page; seen from a folder beside."""

    comparison: str
    question: str
    part: str
    page: str
    address: str


@dataclass(frozen=True)
class Uses:
    """The uses of every row, and of every source in one line a comparison."""

    rows: dict[Row, tuple[Use, ...]]
    sources: dict[str, tuple[Use, ...]]

    def of_row(self, ref: SourceRef) -> tuple[Use, ...]:
        return self.rows.get((ref.dataset, ref.table, ref.line), ())


def uses_of(run: Run) -> Uses:
    """Return where every row and every source of a run is used, in the order of the comparisons."""
    rows: dict[Row, dict[Use, None]] = defaultdict(dict)
    sources: dict[str, dict[str, list[Use]]] = defaultdict(lambda: defaultdict(list))
    for result in run.comparisons:
        for ref, use in row_uses(result):
            rows[ref.dataset, ref.table, ref.line][use] = None
            sources[ref.dataset][result.comparison.id].append(use)
        for awaited in result.awaited:
            sources[awaited.study][result.comparison.id].append(use_in(result, "awaited", "awaited"))
    for group in run.groups:
        for ref, use in group_uses(group):
            rows[ref.dataset, ref.table, ref.line][use] = None
            sources[ref.dataset][group.question.id].append(use)
    return Uses(
        {row: tuple(found) for row, found in rows.items()},
        {source: tuple(map(in_one_line, found.values())) for source, found in sources.items()},
    )


def row_uses(result: ComparisonResult) -> Iterable[tuple[SourceRef, Use]]:
    """Give every row of a comparison with its use: effects first, then rows left out, then published results."""
    anchors = effect_anchors(result)
    parts = [AVERAGED] * len(result.effects) + [DOUBTFUL] * len(result.doubtful)
    for effect, anchor, part in zip((*result.effects, *result.doubtful), anchors, parts, strict=True):
        yield from ((ref, use_in(result, part, anchor)) for ref in effect.refs)
    yield from ((row.ref, use_in(result, "left out", "left-out")) for row in result.left_out)
    yield from ((row.ref, use_in(result, "published result shown beside", "published")) for row in result.published)


def group_uses(result: GroupResult) -> Iterable[tuple[SourceRef, Use]]:
    """Give every row of a question on one group with its use: studies first, then rows left out."""
    question, page = result.question, f"../groups/{slug(result.question.id)}.html"
    parts = [AVERAGED] * len(result.effects) + [DOUBTFUL] * len(result.doubtful)
    for effect, anchor, part in zip((*result.effects, *result.doubtful), anchors_of(result), parts, strict=True):
        use = Use(question.id, question.question, part, page, f"{page}#{anchor}")
        yield from ((ref, use) for ref in effect.refs)
    left_out = Use(question.id, question.question, "left out", page, f"{page}#left-out")
    yield from ((row.ref, left_out) for row in result.left_out)


def use_in(result: ComparisonResult, part: str, anchor: str) -> Use:
    page = f"../comparisons/{slug(result.comparison.id)}.html"
    return Use(result.comparison.id, result.comparison.question, part, page, f"{page}#{anchor}")


def in_one_line(uses: list[Use]) -> Use:
    """Return the uses that one comparison makes of a source as one, its parts named once each."""
    first = uses[0]
    parts = ", ".join(dict.fromkeys(use.part for use in uses))
    return Use(first.comparison, first.question, parts, first.page, first.page)
