"""The whole report as blocks: the first page, changes, claims, a chapter a comparison, the checklist, sources, run."""

from analysis.forms.blocks import Block, Figure, Heading, Listing, Paragraph, Table
from analysis.forms.comparison_outline import comparison_blocks
from analysis.forms.group_outline import group_blocks
from analysis.forms.network_outline import network_blocks
from analysis.report.changed import ChangeLine, change_groups
from analysis.report.claims_page import ClaimRow, claim_rows, verdict_counts
from analysis.report.comparison_page import comparison_page
from analysis.report.dataset_page import dataset_rows
from analysis.report.evidence_map import KEY, evidence_map
from analysis.report.group_page import group_page
from analysis.report.index_page import index_page
from analysis.report.links import places_of
from analysis.report.network_page import network_page
from analysis.report.prisma_page import prisma_page
from analysis.report.site import imprint
from analysis.results import Dataset, Run


def outline(run: Run) -> tuple[Block, ...]:
    """Return the report of a run as blocks, in the order of the site."""
    places = places_of(run)
    chapters = [
        block for result in run.comparisons for block in comparison_blocks(comparison_page(run, result, places))
    ]
    networks = [block for one in run.networks for block in network_blocks(network_page(run, one, places))]
    return (
        *overview_blocks(run),
        *claim_blocks(run),
        *chapters,
        *networks,
        *(block for one in run.groups for block in group_blocks(group_page(run, one, places))),
        *checklist_blocks(run),
        *source_blocks(run),
        *imprint_blocks(run),
    )


def overview_blocks(run: Run) -> list[Block]:
    """Return the first page: question, main answers, what changed."""
    page = index_page(run)
    blocks: list[Block] = [
        Heading(1, page.title),
        Paragraph(page.status),
        Paragraph(page.question, lead=True),
        *([Paragraph(page.short_answer)] if page.short_answer else []),
        *(Paragraph(f"{found.question} {found.sentence}") for found in page.answers),
        Paragraph(page.overview),
        Paragraph(page.about),
        Heading(2, "What changed"),
        Paragraph(page.since),
    ]
    for group in change_groups(run):
        blocks += [Heading(3, group.name), Listing(tuple(map(change_text, group.lines)))]
    return blocks


def change_text(line: ChangeLine) -> str:
    """Return a change as a sentence."""
    if line.old is not None and line.new is not None:
        return f"{line.subject}: {line.what}, {line.old} → {line.new}."
    values = f": {line.new}" if line.new is not None else f": was {line.old}" if line.old is not None else ""
    return f"{line.subject}: {line.what}{values}."


def claim_blocks(run: Run) -> list[Block]:
    """Return the claims and how they came out."""
    rows = claim_rows(run)
    if not rows:
        return []
    counts = " · ".join(f"{found.count} {found.verdict}" for found in verdict_counts(run))
    table = Table(
        "Every claim and how it came out.",
        ("Claim", "Text", "Verdict", "Why", "Other analyses"),
        tuple(map(claim_cells, rows)),
    )
    return [Heading(1, "Claims and how they came out"), Paragraph(counts), table, *map_blocks(run)]


def map_blocks(run: Run) -> list[Block]:
    """Return the evidence map: how much is known of each claim and outcome."""
    found = evidence_map(run)
    if found is None:
        return []
    rows = tuple(
        (row.claim, row.outcome, row.known, "; ".join(question for question, _ in row.comparisons))
        for row in found.rows
    )
    table = Table(KEY, ("Claim", "Outcome", "What is known", "Comparisons"), rows)
    figures = [Figure(drawing, "claims") for drawing in found.drawings[:1]]
    return [Heading(2, "How much is known"), Paragraph(found.sentence), *figures, table]


def claim_cells(claim: ClaimRow) -> tuple[str, ...]:
    parts = " ".join(f"{part.why} ({part.evidence})" for part in claim.parts)
    why = f"Missing: {claim.needs} {parts}".rstrip() if claim.needs else parts
    fragile = " (fragile)" if claim.fragile else ""
    return claim.id, claim.text, f"{claim.symbol} {claim.verdict}{fragile}", why, claim.holds


def checklist_blocks(run: Run) -> list[Block]:
    """Return the PRISMA 2020 checklist with the flow of sources."""
    page = prisma_page(run)
    steps = tuple((f"{step.name} (goes no further)" if step.side else step.name, step.count) for step in page.steps)
    rows = tuple((f"{row.number} {row.topic}", row.asks, f"{row.symbol} {row.status}", row.text) for row in page.rows)
    header = ("Item", "What it asks", "Standing", "What this run says")
    return [
        Heading(1, "PRISMA 2020 checklist"),
        Paragraph(page.sentence),
        Heading(2, "Flow of sources"),
        Figure(page.flow, "checklist"),
        Table("The same as a table.", ("Step", "Count"), steps),
        Heading(2, "The checklist"),
        Paragraph(f"Items in our own words, by the numbers of {page.citation}."),
        Table("Each item and what this run says to it.", header, rows),
    ]


def source_blocks(run: Run) -> list[Block]:
    """Return every source with its citation."""
    citations = {dataset.metadata.study.label or dataset.id: citation(dataset) for dataset in run.datasets}
    rows = tuple((row.label, citations[row.label], row.design, row.rows, row.status) for row in dataset_rows(run))
    if not rows:
        return []
    header = ("Source", "Citation", "Design", "Rows", "Standing")
    return [Heading(1, "Sources"), Table("Every source of this review, by name.", header, rows)]


def citation(dataset: Dataset) -> str:
    source = dataset.metadata.source
    return f"{source.citation}. doi:{source.doi}" if source.doi else source.citation


def imprint_blocks(run: Run) -> list[Block]:
    """Return which run it is, from what, and how to make it again."""
    foot = imprint(run)
    facts = (
        ("Run", f"{foot.run_id}, {foot.date}, {foot.time}"),
        ("To make it again", foot.command),
        ("Data", foot.data),
        ("Protocol", foot.protocol),
        ("Code", foot.code),
        ("Versions", ", ".join(f"{name} {version}" for name, version in foot.versions)),
    )
    return [Heading(1, "Source and run"), Table("What this report was made from.", ("What", "Which"), facts)]
