"""The PRISMA 2020 page: the checklist answered from the run, its gaps counted, and the flow of sources."""

from collections import Counter
from dataclasses import dataclass

from analysis.report.citations import CHECKLIST
from analysis.report.drawing import Drawing
from analysis.report.links import doi_address
from analysis.report.prisma_answers import ANSWERED, GAP, IN_PART, answer
from analysis.report.prisma_items import ITEMS
from analysis.report.source_flow import FlowStep, flow_diagram, flow_steps
from analysis.results import Run

SYMBOLS = {ANSWERED: "✓", IN_PART: "~", GAP: "–"}


@dataclass(frozen=True)
class ChecklistRow:
    """One line of the checklist, every cell as text; the address is from the site's root."""

    number: str
    part: str
    topic: str
    asks: str
    status: str
    symbol: str
    text: str
    address: str | None


@dataclass(frozen=True)
class PrismaPage:
    """All that the page says."""

    sentence: str
    rows: tuple[ChecklistRow, ...]
    flow: Drawing
    steps: tuple[FlowStep, ...]
    citation: str
    citation_address: str | None


def prisma_page(run: Run) -> PrismaPage:
    """Return the checklist and the flow of a run."""
    rows = checklist_rows(run)
    paper, _, doi = CHECKLIST.rpartition(" doi:")
    return PrismaPage(sentence(rows), rows, flow_diagram(run), flow_steps(run), paper.rstrip(","), doi_address(doi))


def checklist_rows(run: Run) -> tuple[ChecklistRow, ...]:
    """Return the lines of the checklist in its order, each with what the run says to it."""
    return tuple(
        ChecklistRow(
            item.number, item.part, item.topic, item.asks, said.status, SYMBOLS[said.status], said.text, said.address
        )
        for item in ITEMS
        for said in (answer(run, item.number),)
    )


def sentence(rows: tuple[ChecklistRow, ...]) -> str:
    """Return how many lines are answered, and that gaps keep the report from calling itself a systematic review."""
    counts = Counter(row.status for row in rows)
    return (
        f"Of the {len(rows)} lines of the checklist {counts[ANSWERED]} are answered from this run, "
        f"{counts[IN_PART]} in part, and {counts[GAP]} are gaps. With gaps in search and selection this report does "
        "not call itself a systematic review."
    )
