"""One comparison as the chapter of a document: the parts of its page, in their order."""

from collections.abc import Iterable

from analysis.forms.blocks import Block, Heading, Listing, Paragraph, Table
from analysis.forms.leaning_outline import (
    bias_blocks,
    chance_blocks,
    drawn,
    influence_blocks,
    left_one_out_blocks,
    small_study_blocks,
    time_blocks,
)
from analysis.report.comparison_page import ComparisonPage
from analysis.report.model_parts import StudyGroup
from analysis.report.published import PublishedRow
from analysis.report.studies import StudyRow

PRINTED = "Each as printed; they share trials and are never pooled."
NO_EFFECT = "Published results that print no estimate, or only a slope."


def comparison_blocks(page: ComparisonPage) -> list[Block]:
    """Return the chapter of a comparison; a part with nothing to say is left out."""
    return [
        *first_blocks(page),
        *study_blocks(page),
        *model_blocks(page),
        *(bias_blocks(page) if page.studies else []),
        *choice_blocks(page),
        *published_blocks(page),
        *row_blocks(page),
        *methods_blocks(page),
    ]


def first_blocks(page: ComparisonPage) -> list[Block]:
    """Return the first screen: question, answer, summary of findings, what to weigh, claims."""
    blocks: list[Block] = [
        Heading(1, page.question),
        Paragraph(page.compared),
        Paragraph(page.answer, lead=True),
        *([Paragraph(page.note)] if page.note else []),
        finding_table(page),
    ]
    if page.reasons:
        lead = "Why not more certain?" if page.certainty_signed else "Why be cautious?"
        blocks.append(Paragraph(f"{lead} {page.reasons_sentence}"))
    if page.finding.smallest:
        blocks.append(Paragraph(f"Smallest difference that matters: {page.finding.smallest}."))
    blocks.append(Paragraph(f"What changed: {page.since}"))
    claims = " · ".join(f"{claim.id} {claim.symbol} {claim.verdict}" for claim in page.claims)
    return [*blocks, Paragraph(f"Claims tested here: {claims or 'none'}")]


def finding_table(page: ComparisonPage) -> Table:
    """Return the summary of findings, its one row turned into lines so that it fits any page."""
    found = page.finding
    lines: list[tuple[str, str | None]] = [("Outcome", joined_lines(found.outcome, found.followup))]
    if found.absolute:
        lines += [
            (page.control, found.absolute.control),
            (page.experimental, joined_lines(found.absolute.experimental, found.absolute.difference)),
            ("In a new setting, absolute", found.absolute.new_setting),
        ]
    lines += [
        (found.effect_head, joined_lines(found.effect, found.unit, found.reading)),
        (found.level or "Interval", found.interval),
        ("In a new setting", found.new_setting),
        (page.nouns.capitalize(), joined_lines(found.studies, found.people)),
        ("Certainty", joined_lines(found.dots, found.certainty, found.rated)),
    ]
    return Table("Summary of findings", ("What", "Finding"), tuple((name, text) for name, text in lines if text))


def joined_lines(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


def study_blocks(page: ComparisonPage) -> list[Block]:
    """Return the forest plot, its table, and how the studies differ."""
    blocks: list[Block] = [Heading(2, "Forest plot")]
    if not page.studies:
        return [*blocks, Paragraph("No study has figures to draw.")]
    blocks += drawn(page, page.forest)
    blocks.append(study_table(page))
    blocks.append(Paragraph(page.under.whole))
    blocks += [Heading(2, f"How the {page.nouns} differ"), *map(Paragraph, page.heterogeneity)]
    return [*blocks, *influence_blocks(page), *time_blocks(page), *chance_blocks(page), *small_study_blocks(page)]


def study_table(page: ComparisonPage) -> Table:
    """Return the marks of the forest plot as rows: studies, average, doubtful studies."""
    pooled = [cells for group in page.models.groups for cells in group_cells(group)]
    averages = [(row.label, "", "", row.effect, row.interval, row.weight) for row in page.averages]
    doubtful = [study_cells(row) for row in page.studies if not row.pooled]
    header = (page.noun.capitalize(), page.experimental, page.control, page.scale.words.short, page.level, "Weight")
    return Table("The studies as in the forest plot.", header, (*pooled, *averages, *doubtful))


def group_cells(group: StudyGroup) -> list[tuple[str, ...]]:
    """Return the rows of a group with its heading before and its average after them, where it has them."""
    heading = [(group.heading, "", "", "", "", "")] if group.heading else []
    one = group.average
    average = [(one.label, "", "", one.effect, one.interval, one.weight)] if one else []
    return [*heading, *map(study_cells, group.rows), *average]


def study_cells(row: StudyRow) -> tuple[str, ...]:
    label = row.label if row.pooled else f"{row.label} (doubtful)"
    return label, row.experimental, row.control, row.effect, row.interval, row.weight


def model_blocks(page: ComparisonPage) -> list[Block]:
    """Return subgroups and moderators; nothing where the protocol names none."""
    return [*subgroup_blocks(page), *moderator_blocks(page)]


def subgroup_blocks(page: ComparisonPage) -> list[Block]:
    part = page.models.subgroups
    if part is None:
        return []
    header = ("Subgroup", page.nouns.capitalize(), page.scale.words.short, page.level, "τ²")
    table = [Table("The average of each subgroup.", header, part.rows)] if part.rows else []
    return [Heading(2, part.title), *map(Paragraph, part.sentences), *table]


def moderator_blocks(page: ComparisonPage) -> list[Block]:
    part = page.models.moderation
    if part is None:
        return []
    blocks: list[Block] = [Heading(2, part.title), *map(Paragraph, (*part.sentences, *part.cautions))]
    if part.rows:
        header = ("Coefficient", part.estimate_head, page.level, "Standard error", "P")
        rows = tuple((row.name, row.estimate, row.interval, row.se, row.p_value) for row in part.rows)
        blocks.append(Table(f"Meta-regression: what each coefficient adds to the effect. {part.foot}.", header, rows))
    for plot in part.plots:
        header = (page.noun.capitalize(), plot.name.capitalize(), page.scale.words.short, "Weight")
        rows = tuple((row.label, row.value, row.effect, row.weight) for row in plot.rows)
        blocks += [*drawn(page, plot.drawings), Table("The same as a table.", header, rows)]
    return blocks


def choice_blocks(page: ComparisonPage) -> list[Block]:
    """Return what other choices give."""
    blocks: list[Block] = [
        Heading(2, "Would other choices change the answer?"), Paragraph(page.choices_sentence),
    ]
    if page.choices:
        rows = tuple(
            (row.name, row.effect, row.interval, row.studies, f"differs: {row.answer}" if row.differs else row.answer)
            for row in page.choices
        )
        header = ("Choice", page.scale.words.short, page.level, page.nouns.capitalize(), "Answer")
        blocks.append(Table("The same comparison under each choice that the protocol declares.", header, rows))
    return [*blocks, *multiverse_blocks(page), *left_one_out_blocks(page)]


def multiverse_blocks(page: ComparisonPage) -> list[Block]:
    """Return how the answer stands under every combination of choices."""
    part = page.robustness.multiverse
    if part is None:
        return []
    header = ("Option", "Choice", "Combinations", f"Median {page.scale.words.short}", "Same answer")
    rows = tuple((row.name, row.choice, row.branches, row.median, row.agreeing) for row in part.rows)
    caption = "Each option over all combinations that take it; the first of each choice is the protocol's."
    return [Heading(3, "Every choice at once"), Paragraph(" ".join((*part.sentences, part.frame))),
            *map(Paragraph, part.claims), *drawn(page, part.drawings), Table(caption, header, rows)]  # fmt: skip


def published_blocks(page: ComparisonPage) -> list[Block]:
    """Return what published reviews found, a plot and a table a group, those without an estimate last; never pooled."""
    groups = [[Heading(3, group.heading), *drawn(page, group.drawings), published_table(PRINTED, group.rows)]
              for group in page.published]  # fmt: skip
    if page.published_other:
        groups.append([Heading(3, "Without an effect to draw"), published_table(NO_EFFECT, page.published_other)])
    if not groups:
        return []
    return [Heading(2, "What published reviews found"), *(block for group in groups for block in group)]


def published_table(caption: str, rows: Iterable[PublishedRow]) -> Table:
    header = ("Review", "Result as printed", "Compared", "Outcome", "Time", "Studies, people", "Place")
    return Table(caption, header, tuple(map(published_cells, rows)))


def published_cells(row: PublishedRow) -> tuple[str, ...]:
    place = joined_lines(row.row.text, row.row.location)
    return row.review, row.result, row.compared, row.outcome, row.window, f"{row.studies}, {row.people}", place


def row_blocks(page: ComparisonPage) -> list[Block]:
    """Return where each study's numbers stand, what was left out and what is awaited."""
    blocks: list[Block] = [Heading(2, f"{page.nouns.capitalize()} included and left out"), Paragraph(page.counts)]
    if page.studies:
        rows = tuple((row.label, row.derivation, source_rows(row), "; ".join(row.cautions)) for row in page.studies)
        header = (page.noun.capitalize(), "How the effect was made", "Rows of the source", "Cautions")
        blocks.append(Table("Where each study's numbers come from.", header, rows))
    if page.left_out:
        rows = tuple((row.label, row.reason, joined_lines(row.row.text, row.row.location)) for row in page.left_out)
        blocks.append(Table("Left out, each with its reason.", ("Study", "Reason", "Row of the source"), rows))
    if page.awaited.rows:
        rows = tuple((study.label, study.people, study.citation, study.expected) for study in page.awaited.rows)
        header = ("Study", "Randomised", "Citation", "Interval expected with it alone")
        caption = " ".join(filter(None, ("Studies awaiting extraction.", page.awaited.now)))
        blocks.append(Table(caption, header, rows))
    return blocks


def source_rows(row: StudyRow) -> str:
    return "; ".join(joined_lines(link.text, link.location) for link in row.rows)


def methods_blocks(page: ComparisonPage) -> list[Block]:
    """Return the methods: a paragraph for a paper with its papers, then every fact."""
    blocks: list[Block] = [Heading(2, "Methods"), Paragraph(page.paragraph.text)]
    if page.paragraph.references:
        blocks.append(Listing(page.paragraph.references, numbered=True))
    facts = tuple((fact.name, fact.text) for fact in page.methods)
    return [*blocks, Table("Methods in full.", ("What", "How"), facts)]
