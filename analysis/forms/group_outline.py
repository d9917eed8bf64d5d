"""One question on one group as the chapter of a document: the parts of its page, in their order."""

from analysis.forms.blocks import Block, Figure, Heading, Paragraph, Table
from analysis.report.group_page import ChosenRow, GroupPage

FIRST_LAYOUT = 0  # the widest, made for paper


def group_blocks(page: GroupPage) -> list[Block]:
    """Return the chapter of a group; a part with nothing to say is left out."""
    head: list[Block] = [Heading(1, page.question), Paragraph(page.status), Paragraph(page.answer, lead=True)]
    return [*head, *map(Paragraph, page.sentences), *forest_blocks(page), *choice_blocks(page), *study_blocks(page)]


def forest_blocks(page: GroupPage) -> list[Block]:
    """Return the forest plot with its table."""
    if not page.forest:
        return []
    header = ("Study", page.column, page.level, "Weight")
    studies = tuple((row.label, row.value, row.interval, row.weight) for row in page.studies)
    averages = tuple((row.label, row.effect, row.interval, row.weight) for row in page.averages)
    figure = Figure(page.forest[FIRST_LAYOUT], page.slug)
    return [Heading(2, "Forest plot"), figure, Table("The same as a table.", header, studies + averages)]


def choice_blocks(page: GroupPage) -> list[Block]:
    """Return the average under other choices, and without each study."""
    if not page.choices and not page.without:
        return []
    blocks: list[Block] = [Heading(2, "Would other choices change the average?")]
    if page.choices:
        blocks.append(average_table(page, "The average under each choice that the protocol declares.", page.choices))
    if page.without:
        blocks += [Paragraph(page.without_sentence), average_table(page, "Without each study.", page.without)]
    return blocks


def average_table(page: GroupPage, caption: str, rows: tuple[ChosenRow, ...]) -> Table:
    cells = tuple((row.name, row.value, row.interval, row.studies) for row in rows)
    return Table(caption, ("Choice", page.column, page.level, "Studies"), cells)


def study_blocks(page: GroupPage) -> list[Block]:
    """Return the studies with where their figures stand, what was left out, and the methods."""
    blocks: list[Block] = [Heading(2, "Studies and methods"), Paragraph(page.counts)]
    if page.studies:
        rows = tuple(
            (row.label, row.arm, row.measured, "; ".join((row.derivation, *row.cautions)),
             "; ".join(link.text for link in row.rows))
            for row in page.studies
        )  # fmt: skip
        header = ("Study", "Figures", "Measured", "How the value was made", "Rows of the source")
        blocks.append(Table("Each study's figures as used, and the rows they were made from.", header, rows))
    if page.left_out_studies:
        rows = tuple(
            (one.label, reason, "; ".join(row.text for row in links))
            for one in page.left_out_studies
            for reason, links in one.reasons
        )
        blocks.append(Table("Left out, each with its reason.", ("Study", "Reason", "Rows of the source"), rows))
    return [*blocks, Table("Methods in full.", ("What", "How"), tuple((fact.name, fact.text) for fact in page.methods))]
