"""The evidence map: claims down, outcomes across, and a mark for how much is known of each."""

from dataclasses import dataclass

from analysis.report.changed import claim_anchor
from analysis.report.drawing import HEAD_STEP, Box, Circle, Drawing, Line, Shape, Text, fitted, stair_heads
from analysis.report.links import slug
from analysis.report.within import study_count
from analysis.report.wording import counted, joined, sentence_case, verb
from analysis.results import ComparisonResult, Run, Verdict

LEVELS = {  # how much is known, the most first -> how it is read
    "pooled": "pooled studies",
    "one": "one study",
    "published": "published results only",
    "awaited": "studies whose figures are awaited",
    "nothing": "nothing usable",
}
KEY = (
    "Large dot: pooled studies. Small dot: one study. Ring: published results only. Square: figures awaited. "
    "×: nothing usable."
)
ROW, GAP = 24.0, 8.0  # of a claim, below the heads


@dataclass(frozen=True)
class Cell:
    """One claim and one outcome that it speaks of: how much is known, and where."""

    claim: str
    outcome: str
    level: str
    results: tuple[ComparisonResult, ...]


@dataclass(frozen=True)
class MapRow:
    """One mark of the map, every cell as text; comparisons as (question, address)."""

    claim: str
    address: str
    outcome: str
    known: str
    comparisons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EvidenceMap:
    """All that the map says."""

    sentence: str
    drawings: tuple[Drawing, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True)
class MapLayout:
    """Where the columns stand, in drawing units; the rest on the right is room for the last heads."""

    name: str
    width: float
    left: float
    right: float


MAP_LAYOUTS = (MapLayout("broad", 700, 300, 530), MapLayout("narrow", 340, 48, 224))


def evidence_map(run: Run) -> EvidenceMap | None:
    """Return the map of a run; None when no claim is tested by a comparison."""
    cells = cells_of(run)
    if not cells:
        return None
    sentence, labels = gaps_sentence(run, cells), outcome_labels(run)
    return EvidenceMap(
        sentence,
        tuple(draw_map(run, cells, labels, sentence, layout) for layout in MAP_LAYOUTS),
        tuple(map_row(cell, labels) for cell in cells),
    )


def cells_of(run: Run) -> tuple[Cell, ...]:
    """Return one cell a claim and outcome, in the order of the claims."""
    results = {result.comparison.id: result for result in run.comparisons}
    cells = []
    for verdict in run.verdicts:
        by_outcome: dict[str, dict[str, ComparisonResult]] = {}
        for part in verdict.parts:
            if result := results.get(part.part.comparison):
                by_outcome.setdefault(result.comparison.outcome, {})[result.comparison.id] = result
        cells += [
            Cell(verdict.claim.id, outcome, min(map(level_of, found.values()), key=list(LEVELS).index),
                 tuple(found.values()))
            for outcome, found in by_outcome.items()
        ]  # fmt: skip
    return tuple(cells)


def level_of(result: ComparisonResult) -> str:
    """Return how much is known of a comparison."""
    if result.effects:
        return "pooled" if study_count(result) > 1 else "one"
    if result.published:
        return "published"
    return "awaited" if result.awaited else "nothing"


def outcome_labels(run: Run) -> dict[str, str]:
    """Return how each outcome is named."""
    return {result.comparison.outcome: result.outcome_label for result in run.comparisons} | dict(run.labels.outcomes)


def map_row(cell: Cell, labels: dict[str, str]) -> MapRow:
    addresses = ((one.comparison.question, f"comparisons/{slug(one.comparison.id)}.html") for one in cell.results)
    return MapRow(
        cell.claim,
        f"#{claim_anchor(cell.claim)}",
        sentence_case(labels[cell.outcome]),
        LEVELS[cell.level],
        tuple(addresses),
    )


def gaps_sentence(run: Run, cells: tuple[Cell, ...]) -> str:
    """Return how many claims rest on what, and which nothing tests."""
    order, best = list(LEVELS), {}
    for cell in cells:
        best[cell.claim] = min(best.get(cell.claim, cell.level), cell.level, key=order.index)
    counts = [(level, sum(found == level for found in best.values())) for level in order]
    parts = [f"{count} with {LEVELS[level]}" for level, count in counts if count]
    untested = [verdict.claim.id for verdict in run.verdicts if verdict.claim.id not in best]
    text = f"Of {counted(len(run.verdicts), 'claim')}, by the best that is known of each: {joined(parts)}."
    if not untested:
        return text
    return f"{text} {joined(untested)} {verb(len(untested), 'is', 'are')} tested by no comparison."


def draw_map(
    run: Run, cells: tuple[Cell, ...], labels: dict[str, str], sentence: str, layout: MapLayout
) -> Drawing:
    outcomes = list(dict.fromkeys(cell.outcome for cell in cells))
    claims = [verdict.claim.id for verdict in run.verdicts]
    top = len(outcomes) * HEAD_STEP + GAP
    bottom = top + len(claims) * ROW
    across = {outcome: column(layout, index, len(outcomes)) for index, outcome in enumerate(outcomes)}
    down = {claim: top + (index + 0.5) * ROW for index, claim in enumerate(claims)}
    return Drawing(
        f"map-{layout.name}",
        layout.name,
        layout.width,
        bottom + 4,
        "Evidence map: claims and outcomes",
        sentence,
        (
            *stair_heads([(x, labels[outcome]) for outcome, x in across.items()], layout.width, bottom),
            *(shape for verdict in run.verdicts for shape in claim_shapes(verdict, down[verdict.claim.id], layout)),
            *(mark(cell.level, across[cell.outcome], down[cell.claim]) for cell in cells),
        ),
    )


def column(layout: MapLayout, index: int, count: int) -> float:
    """Return where a column stands."""
    return layout.left + (index + 0.5) * (layout.right - layout.left) / count


def claim_shapes(verdict: Verdict, y: float, layout: MapLayout) -> list[Shape]:
    """Return the name of a claim and a line along its row; the narrow layout has room for its number only."""
    claim = verdict.claim
    text = claim.id if layout.name == "narrow" else f"{claim.id} {claim.text}"
    return [
        Line(layout.left - 4, y, layout.right, y, "rule"),
        Text(0, y + 4, fitted(text, layout.left - 12), href=f"#{claim_anchor(claim.id)}"),
    ]


def mark(level: str, x: float, y: float) -> Shape:
    """Return the mark of a level: its shape alone tells it from the others."""
    if level == "pooled":
        return Circle(x, y, 7, "mark dot")
    if level == "one":
        return Circle(x, y, 4, "mark dot")
    if level == "published":
        return Circle(x, y, 5.5, "mark ring")
    if level == "awaited":
        return Box(x - 5, y - 5, 10, 10, "mark hollow")
    return Text(x, y + 5, "×", "mark strong", "middle")
