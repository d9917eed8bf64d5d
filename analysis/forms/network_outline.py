"""One network as the chapter of a document: the parts of its page, in their order."""

from analysis.forms.blocks import Block, Figure, Heading, Paragraph, Table
from analysis.report.network_page import NetworkPage

FIRST_LAYOUT = 0  # the widest, made for paper


def network_blocks(page: NetworkPage) -> list[Block]:
    """Return the chapter of a network; a part with nothing to say is left out."""
    head: list[Block] = [Heading(1, page.question), Paragraph(page.status), Paragraph(page.answer, lead=True)]
    return [*head, *map(Paragraph, page.sentences), *estimate_blocks(page), *trial_blocks(page)]


def estimate_blocks(page: NetworkPage) -> list[Block]:
    """Return every treatment against the reference, the drawing of the network, and every pair."""
    if not page.plots:
        return []
    header = ("Treatment", page.scale.words.short, page.level, "Evidence")
    rows = tuple((row.name, row.effect, row.interval, row.direct) for row in page.against)
    pairs = tuple((row.name, row.trials, row.people) for row in (*page.nodes, *page.edges))
    every = f"The treatment of the row compared with that of the column: {page.scale.words.name} ({page.level})."
    return [
        Heading(2, f"Each treatment against {page.reference}"),
        Figure(page.plots[FIRST_LAYOUT], page.slug),
        Table("The same as a table.", header, rows),
        Heading(2, "Which trials connect them"),
        Figure(page.network[FIRST_LAYOUT], page.slug),
        Table("Treatments, then the pairs that trials compare.", ("Treatment or pair", "Trials", "People"), pairs),
        Table(every, ("", *page.league_head), page.league),
    ]


def trial_blocks(page: NetworkPage) -> list[Block]:
    """Return the trials with where their figures stand, what was left out, and the methods."""
    blocks: list[Block] = [Heading(2, "Trials and methods")]
    if page.trials:
        rows = tuple(
            (row.label, row.treatments, row.people, row.measured, "; ".join(link.text for link in row.rows))
            for row in page.trials
        )
        header = ("Trial", "Treatments", "People", "Measured", "Rows of the source")
        blocks.append(Table("Each trial with the rows its figures were made from.", header, rows))
    if page.left_out:
        left_out = tuple((row.label, row.reason, row.row.text) for row in page.left_out)
        blocks.append(Table("Left out, each with its reason.", ("Study", "Reason", "Row of the source"), left_out))
    return [*blocks, Table("Methods in full.", ("What", "How"), tuple((fact.name, fact.text) for fact in page.methods))]
