"""One comparison as the chapter of a document: the parts of its page, in their order."""

from analysis.forms.blocks import Block, Figure, Heading, Listing, Paragraph, Table
from analysis.report.comparison_page import ComparisonPage
from analysis.report.published import PublishedRow
from analysis.report.studies import StudyRow

FIRST_LAYOUT = 0  # the widest, made for paper


def comparison_blocks(page: ComparisonPage) -> list[Block]:
    """Return the chapter of a comparison; a part with nothing to say is left out."""
    return [
        *first_blocks(page),
        *study_blocks(page),
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
        finding_table(page),
    ]
    if page.reasons:
        lead = "Why not more certain?" if page.certainty_signed else "Why be cautious?"
        blocks.append(Paragraph(f"{lead} {'; '.join(page.reasons)}."))
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
        ("Beside it", found.normal),
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
    blocks += [Figure(page.forest[FIRST_LAYOUT])] if page.forest else []
    blocks.append(study_table(page))
    if page.footer:
        blocks.append(Paragraph(f"{' · '.join(page.footer)}."))
    blocks += [Heading(2, f"How the {page.nouns} differ"), *map(Paragraph, page.heterogeneity)]
    small = page.robustness.small
    blocks += [Heading(2, "Small-study effects"), *map(Figure, small.drawings[:1]), *map(Paragraph, small.sentences)]
    return blocks


def study_table(page: ComparisonPage) -> Table:
    """Return the marks of the forest plot as rows: studies, average, doubtful studies."""
    pooled = [study_cells(row) for row in page.studies if row.pooled]
    averages = [(row.label, "", "", row.effect, row.interval, row.weight) for row in page.averages]
    doubtful = [study_cells(row) for row in page.studies if not row.pooled]
    header = (page.noun.capitalize(), page.experimental, page.control, page.scale.words.short, page.level, "Weight")
    return Table("The studies as in the forest plot.", header, (*pooled, *averages, *doubtful))


def study_cells(row: StudyRow) -> tuple[str, ...]:
    label = row.label if row.pooled else f"{row.label} (doubtful)"
    return label, row.experimental, row.control, row.effect, row.interval, row.weight


def choice_blocks(page: ComparisonPage) -> list[Block]:
    """Return what other choices give."""
    blocks: list[Block] = [
        Heading(2, "Would other choices change the answer?"), Paragraph(page.choices_sentence)
    ]
    if page.choices:
        rows = tuple(
            (row.name, row.effect, row.interval, row.studies, f"differs: {row.answer}" if row.differs else row.answer)
            for row in page.choices
        )
        header = ("Choice", page.scale.words.short, page.level, page.nouns.capitalize(), "Answer")
        blocks.append(Table("The same comparison under each choice that the protocol declares.", header, rows))
    return blocks


def published_blocks(page: ComparisonPage) -> list[Block]:
    """Return what published reviews found, those without an estimate last; never pooled."""
    rows = [row for group in page.published for row in group.rows] + list(page.published_other)
    if not rows:
        return []
    header = ("Review", "Result as printed", "Compared", "Outcome", "Time", "Studies, people", "Place")
    caption = "Each as printed; they share trials and are never pooled."
    table = Table(caption, header, tuple(map(published_cells, rows)))
    return [Heading(2, "What published reviews found"), table]


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
        header = ("Study", "Randomised", "Citation", "Interval of the answer with it alone")
        blocks.append(Table("Studies awaiting extraction.", header, rows))
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
