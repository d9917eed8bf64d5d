"""What an answer leans on, as blocks: single studies, time, small studies, risk of bias; each figure with its table."""

from collections.abc import Iterable
from dataclasses import astuple

from analysis.forms.blocks import Block, Figure, Heading, Paragraph, Table
from analysis.report.comparison_page import ComparisonPage
from analysis.report.drawing import Drawing

FIRST_LAYOUT = 0  # the widest, made for paper
DIAGNOSTICS = ("Across", "Up", "Residual, in its SE", "Cook's distance", "Leverage", "τ² without")


def drawn(page: ComparisonPage, drawings: tuple[Drawing, ...]) -> list[Block]:
    """Return the widest layout of a figure, named after its page; nothing where there is none."""
    return [Figure(drawings[FIRST_LAYOUT], page.slug)] if drawings else []


def table(caption: str, header: tuple[str, ...], rows: Iterable[object]) -> Table:
    """Return rows of texts, each a dataclass with its cells in the order of the header, as a table."""
    return Table(caption, header, tuple(astuple(row) for row in rows))


def influence_blocks(page: ComparisonPage) -> list[Block]:
    """Return Baujat's plot with the case diagnostics."""
    found = page.robustness.influence
    if not found:
        return []
    header = (page.noun.capitalize(), *DIAGNOSTICS)
    caption = "Across: squared residual over its variance. Up: squared move of the average over its variance."
    return [
        Heading(3, f"What single {page.nouns} do"),
        Paragraph(found.sentence),
        *drawn(page, found.drawings),
        table(caption, header, found.rows),
    ]


def time_blocks(page: ComparisonPage) -> list[Block]:
    """Return the average as studies joined."""
    found = page.robustness.over_time
    if not found:
        return []
    header = (f"{page.noun.capitalize()} that joined", page.scale.words.short, page.level, page.nouns.capitalize(),
              "People", "τ²", "I²", "P")  # fmt: skip
    caption = f"The average once each {page.noun} had joined, by year."
    return [
        Heading(2, "Over time"),
        Paragraph(found.sentence),
        *drawn(page, found.drawings),
        table(caption, header, found.rows),
    ]


def chance_blocks(page: ComparisonPage) -> list[Block]:
    """Return what can be found, and what a stated prior makes of the studies."""
    could = f"What these {page.nouns} could have found"
    parts = ((could, page.robustness.power), ("With a stated prior", page.robustness.posterior))
    return [block for name, sentences in parts if sentences for block in (Heading(2, name), *map(Paragraph, sentences))]


def small_study_blocks(page: ComparisonPage) -> list[Block]:
    """Return the funnel plot with its points, and what its tests say."""
    small = page.robustness.small
    blocks: list[Block] = [Heading(2, "Small-study effects"), *drawn(page, small.drawings)]
    if small.drawings:
        points = [(row.label, row.effect, row.sei) for row in page.studies if row.pooled]
        points += [("put in by trim and fill", row.effect, row.sei) for row in small.imputed]
        header = (page.noun.capitalize(), page.scale.words.short, "Standard error")
        blocks.append(Table("The points of the funnel plot.", header, tuple(points)))
    return [*blocks, *map(Paragraph, small.sentences)]


def bias_blocks(page: ComparisonPage) -> list[Block]:
    """Return the risk of bias as it was judged, or that nobody recorded a judgement."""
    blocks: list[Block] = [Heading(2, "Risk of bias"), *map(Paragraph, page.bias.sentences)]
    for tool in page.bias.tools:
        rows = tuple((study.label, *(word for _, word in study.judgements)) for study in tool.studies)
        shares = ("Domain", "Judgement", "Weight", page.nouns.capitalize())
        blocks += [
            Heading(3, tool.name),
            *drawn(page, tool.lights),
            Table(f"{tool.key}.", (page.noun.capitalize(), *tool.heads), rows),
            *drawn(page, tool.bars),
            table("How much of the average each judgement weighs.", shares, tool.shares),
        ]
    return blocks


def left_one_out_blocks(page: ComparisonPage) -> list[Block]:
    """Return the average without each study."""
    found = page.robustness.left_one_out
    if not found:
        return []
    header = (f"{page.noun.capitalize()} left out", page.scale.words.short, page.level, "τ²", "I²", "P")
    return [
        Heading(3, f"Without each {page.noun}"),
        Paragraph(found.sentence),
        *drawn(page, found.drawings),
        table("Each row is the average of the others.", header, found.rows),
    ]
