"""The report as a Word document: headings that make its outline, tables as tables, figures as pictures."""

import io
import math

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from analysis.forms.archive import settled
from analysis.forms.blocks import Block, Figure, Heading, Listing, Paragraph, Table
from analysis.forms.outline import outline
from analysis.forms.pictures import picture
from analysis.forms.plain import one_line
from analysis.forms.standing import MARGIN as DRAWING_MARGIN
from analysis.results import Run

WIDTH, MARGIN = Mm(210), Mm(18)  # A4
INK, QUIET = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x59, 0x59, 0x59)
LINE = Mm(174)
DRAWING_UNIT = LINE / (980 + 2 * DRAWING_MARGIN)  # the widest figure fills the line
LEAST_COUNTED, LONGEST_COUNTED = 6, 120  # characters of a cell that count for the width of its column


def docx(run: Run) -> bytes:
    """Return the report of a run as a Word document; the same run gives the same bytes on one machine."""
    document = empty_document(run)
    for number, block in enumerate(outline(run)):
        write_block(document, block, first=number == 0)
    written = io.BytesIO()
    document.save(written)
    return settled(written.getvalue(), run.started)


def empty_document(run: Run) -> WordDocument:
    """Return a document of A4 pages in our type, its foot naming the run and the page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_before = Pt(6)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].font.color.rgb = INK
        document.styles[f"Heading {level}"].font.name = "Calibri"
    properties = document.core_properties
    properties.author, properties.comments, properties.language = "Trochlea", f"Run {run.id}", "en-GB"
    properties.title = one_line(run.about.title)
    write_foot(section.footer.paragraphs[0], run)
    return document


def write_foot(foot: WordParagraph, run: Run) -> None:
    """Write the run's id and the number of the page."""
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    quiet(foot.add_run(f"Run {one_line(run.id)} · page "))
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    foot._p.append(number)


def quiet(words: object) -> None:
    words.font.size, words.font.color.rgb = Pt(8), QUIET


def write_block(document: WordDocument, block: Block, first: bool) -> None:
    """Write one block; every chapter but the first starts a page."""
    match block:
        case Heading(level, text):
            heading = document.add_heading(one_line(text), level)
            heading.paragraph_format.page_break_before = level == 1 and not first
        case Paragraph(text, lead):
            document.add_paragraph().add_run(one_line(text)).bold = lead
        case Listing(items, numbered):
            for number, item in enumerate(items, 1):
                words = f"{number}. {one_line(item)}" if numbered else one_line(item)
                document.add_paragraph(words, style=None if numbered else "List Bullet")
        case Table():
            write_table(document, block)
        case Figure():
            write_figure(document, block)


def write_table(document: WordDocument, table: Table) -> None:
    """Write a table under its caption; its head repeats on every page and no row is split."""
    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    quiet(caption.add_run(one_line(table.caption)))
    target = document.add_table(rows=1 + len(table.rows), cols=len(table.header))
    widths = [int(share * LINE) for share in column_shares(table)]
    target.autofit = False
    for column, width in zip(target.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(target.rows, (table.header, *table.rows), strict=True)):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            write_cell(cell.paragraphs[0], one_line(text), bold=number == 0)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    target.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    draw_rules(target)


def column_shares(table: Table) -> list[float]:
    """Return the share of the line each column takes: more for more text, none too narrow for a word."""
    columns = zip(table.header, *table.rows, strict=True)
    room = [math.sqrt(sum(min(len(text), LONGEST_COUNTED) + LEAST_COUNTED for text in column)) for column in columns]
    return [share / sum(room) for share in room]


def write_cell(paragraph: WordParagraph, text: str, bold: bool) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    words = paragraph.add_run(text)
    words.font.size, words.bold = Pt(8.5), bold


def draw_rules(table: WordTable) -> None:
    """Draw a quiet line under every row."""
    borders = OxmlElement("w:tblBorders")
    for place in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{place}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "D5D8D3")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def write_figure(document: WordDocument, figure: Figure) -> None:
    """Write a figure with its words for those who do not see it; where no font is, its table says it all."""
    drawing = figure.drawing
    content = picture(drawing)
    if content is None:
        return
    placed = document.add_picture(io.BytesIO(content), width=int((drawing.width + 2 * DRAWING_MARGIN) * DRAWING_UNIT))
    placed._inline.docPr.set("name", one_line(drawing.title))
    placed._inline.docPr.set("descr", one_line(drawing.desc))
