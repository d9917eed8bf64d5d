"""From the sources known to the averages: how many went which way, and the flow diagram of it."""

from collections import Counter
from dataclasses import dataclass

from analysis.report.drawing import Box, Drawing, Line, Polygon, Shape, Text, two_lines
from analysis.report.wording import counted, verb
from analysis.results import Dataset, Run

NOT_RECORDED = "not recorded"
WIDTH, INDENT, BOX, GAP_BETWEEN, PAD = 440.0, 40.0, 48.0, 22.0, 12.0
ENDS = {  # of a source, the first that applies
    "in an average": "in at least one average",
    "doubtful": "only doubtful figures: kept apart from every average",
    "published": "published averages: listed, no part of our own",
    "left out": "every row that answers a question left out, with its reason",
    "not asked": "figures transcribed, no question of the protocol asks for them",
    "same trial": "second report of a study listed under its own name",
    "awaiting": "figures not seen: awaiting extraction",
}
BEFORE = ("same trial", "awaiting")  # ends of a source whose figures are not here


@dataclass(frozen=True)
class FlowStep:
    """One box of the flow diagram: a heading, its count in words; `side` for what leaves, `gap` for what is missing."""

    name: str
    count: str
    side: bool = False
    gap: bool = False


def ends(run: Run) -> Counter[str]:
    """Return how many sources end where: a code of ENDS each, adding up to all sources."""
    roles = {
        "in an average": {ref.dataset for r in run.comparisons if r.pooled for e in r.effects for ref in e.refs},
        "doubtful": {ref.dataset for result in run.comparisons for e in result.doubtful for ref in e.refs},
        "published": {row.ref.dataset for result in run.comparisons for row in result.published},
        "left out": {row.ref.dataset for result in run.comparisons for row in result.left_out},
    }
    return Counter(end_of(dataset, roles) for dataset in run.datasets)


def end_of(dataset: Dataset, roles: dict[str, set[str]]) -> str:
    """Return where one source ends."""
    role = next((name for name, ids in roles.items() if dataset.id in ids), None)
    if role:
        return role
    status = dataset.metadata.study.status
    return {"same-trial": "same trial", "awaiting-extraction": "awaiting"}.get(status, "not asked")


def flow_steps(run: Run) -> tuple[FlowStep, ...]:
    """Return the boxes from top to bottom, what leaves after what stays."""
    found = ends(run)
    rows = sum(len(table.rows) for dataset in run.datasets for table in dataset.tables)
    here = len(run.datasets) - sum(found[end] for end in BEFORE)
    pooled = sum(result.pooled is not None for result in run.comparisons)
    last = f"{sources(found['in an average'])}; {counted(pooled, 'question')} with an average or one study's effect"
    return (
        FlowStep("Records found by searching", NOT_RECORDED, gap=True),
        FlowStep("Records screened and left out", NOT_RECORDED, side=True, gap=True),
        FlowStep("Sources known", sources(len(run.datasets))),
        *leaving(found, BEFORE),
        FlowStep("Figures transcribed", f"{sources(here)}, {counted(rows, 'row')}"),
        *leaving(found, tuple(end for end in ENDS if end not in (*BEFORE, "in an average"))),
        FlowStep("In at least one average", last),
    )


def sources(count: int) -> str:
    return counted(count, "source")


def leaving(found: Counter[str], codes: tuple[str, ...]) -> tuple[FlowStep, ...]:
    """Return the boxes of sources that go no further; none for an end that no source has."""
    return tuple(FlowStep(ENDS[code].capitalize(), sources(found[code]), side=True) for code in codes if found[code])


def flow_diagram(run: Run) -> Drawing:
    """Return the boxes below each other: what goes no further is set in, what is not recorded dashed."""
    steps = flow_steps(run)
    tops = [index * (BOX + GAP_BETWEEN) for index in range(len(steps))]
    shapes = [shape for step, y in zip(steps, tops, strict=True) for shape in step_shapes(step, y)]
    stays = [y for step, y in zip(steps, tops, strict=True) if not step.side]
    for above, below in zip(stays, stays[1:], strict=False):
        shapes += arrow_shapes(above + BOX, below)
    return Drawing("flow", "plain small", WIDTH, tops[-1] + BOX, "Flow of sources", description(run), tuple(shapes))


def step_shapes(step: FlowStep, y: float) -> list[Shape]:
    """Return one box with its words: the name above, the count below."""
    x = INDENT if step.side else 0.0
    css = "mark flow gap" if step.gap else "mark flow aside" if step.side else "mark flow"
    name, more = two_lines(step.name, WIDTH - x - 2 * PAD)
    words = f"{more}: {step.count}" if more else step.count
    branch: list[Shape] = [Line(INDENT / 2, y + BOX / 2, INDENT, y + BOX / 2, "axis")] if step.side else []
    return [
        *branch,
        Box(x + 1, y + 1, WIDTH - x - 2, BOX - 2, css),
        Text(x + PAD, y + 20, name, "strong" if not step.side else ""),
        Text(x + PAD, y + 38, words, "quiet"),
    ]


def arrow_shapes(y: float, tip: float) -> list[Shape]:
    """Return the arrow from a box that stays to the next that stays, past those that are set in."""
    x = INDENT / 2
    return [Line(x, y, x, tip - 6, "axis"), Polygon(((x, tip), (x - 4, tip - 7), (x + 4, tip - 7)), "whisker head")]


def description(run: Run) -> str:
    """Return the finding, then the parts, for a reader who does not see the figure."""
    found, all_sources = ends(run), len(run.datasets)
    kept = found["in an average"]
    parts = "; ".join(f"{sources(found[code])}: {words}" for code, words in ENDS.items() if found[code])
    return (
        f"Of {counted(all_sources, 'source')} known, {kept} {verb(kept, 'is', 'are')} in an average. {parts}. "
        "What searches found and screening left out is not recorded."
    )
