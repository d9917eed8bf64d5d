"""Word, Excel and Markdown: read back by other programs, hostile text kept as text, the same bytes for the same run."""

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest
from docx import Document
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from analysis.faults import InputError
from analysis.forms import pictures
from analysis.forms.blocks import Figure, Table
from analysis.forms.choosing import chosen
from analysis.forms.docx import docx
from analysis.forms.markdown import escaped, figures, markdown
from analysis.forms.outline import outline
from analysis.forms.plain import plain_text
from analysis.forms.sheets import sheets
from analysis.forms.standing import standing_svg
from analysis.forms.xlsx import CUT, MOST_CHARACTERS, cell_text, xlsx
from analysis.report import render
from analysis.report.claims_page import claim_rows
from analysis.report.forest import forest_plots
from analysis.report.links import places_of
from analysis.report.methods_paragraph import methods_paragraph
from analysis.report.studies import effect_anchors, study_rows
from analysis.results import Run
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import FORMULA, HOSTILE, invented_run
from tests.invented_judgements import judged_review, judged_run
from tests.report_checks import pages_of

WRITERS = {"docx": docx, "xlsx": xlsx, "md": markdown}


def run_of_judged_trials():
    with TemporaryDirectory() as folder:
        return judged_run(judged_review(Path(folder)))


RUNS = {"bcg": bcg_run(), "invented": invented_run(), "judged": run_of_judged_trials()}
every_run = pytest.mark.parametrize("name", RUNS)
every_form = pytest.mark.parametrize("form", WRITERS)


@every_run
@every_form
def test_the_same_run_gives_the_same_bytes_at_another_time(form, name, monkeypatch):
    first = WRITERS[form](RUNS[name])
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert WRITERS[form](RUNS[name]) == first


@every_form
def test_a_run_of_nothing_can_be_written(form):
    empty = replace(RUNS["bcg"], comparisons=(), verdicts=(), datasets=())
    assert WRITERS[form](empty)


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_an_office_file_dates_from_the_run(form):
    run = replace(RUNS["bcg"], started=RUNS["bcg"].started.replace(year=2027, second=8))
    with zipfile.ZipFile(io.BytesIO(WRITERS[form](run))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2027, 11, 22, 12, 0, 8)}
        assert archive.read("docProps/core.xml").count(b"2027-11-22T12:00:08Z") == 2


# ---------------------------------------------------------------- Excel


def book_of(run: Run):
    return load_workbook(io.BytesIO(xlsx(run)))


def test_numbers_of_a_sheet_are_the_numbers_of_the_run():
    sheet = book_of(RUNS["bcg"])["studies"]
    header = [cell.value for cell in sheet[1]]
    effects = RUNS["bcg"].comparisons[0].effects
    for row, effect in zip(sheet.iter_rows(min_row=2, values_only=True), effects, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert (cells["yi"], cells["vi"], cells["experimental_n"]) == (effect.yi, effect.vi, effect.experimental.n)
        assert cells["comparison"] == "bcg-vs-none"


@every_run
def test_every_table_has_its_sheet_with_all_rows_under_a_fixed_head(name):
    book, run = book_of(RUNS[name]), RUNS[name]
    assert book.sheetnames == [sheet.name for sheet in sheets(run)]
    for sheet in sheets(run):
        found = book[sheet.name]
        assert tuple(cell.value for cell in found[1]) == sheet.header
        assert found.max_row == 1 + len(sheet.rows)
        assert found.freeze_panes is not None and (found.auto_filter.ref is not None) == bool(sheet.rows)


def test_no_cell_is_a_formula_and_hostile_text_is_whole():
    values = []
    for sheet in book_of(RUNS["invented"]):
        for row in sheet.iter_rows():
            assert "f" not in {cell.data_type for cell in row}
            values += [cell.value for cell in row]
    assert FORMULA in values and HOSTILE in values


def test_a_formula_stays_text_when_the_cell_is_edited():
    cells = [cell for row in book_of(RUNS["invented"])["studies"].iter_rows() for cell in row if cell.value == FORMULA]
    assert cells and all(cell.quotePrefix for cell in cells)


def test_a_text_too_long_for_a_cell_says_that_it_is_cut():
    text = cell_text("x" * 50_000)
    assert len(text) == MOST_CHARACTERS and text.endswith(CUT)


# ---------------------------------------------------------------- Markdown


def html_of(run: Run) -> str:
    return MarkdownIt("commonmark").enable("table").render(markdown(run).decode())


def tokens_of(text: str) -> list:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


@every_run
def test_no_text_acts_as_markup(name):
    kinds = {token.type for token in tokens_of(markdown(RUNS[name]).decode())}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence", "code_block", "hr"}


@every_run
def test_every_row_of_a_table_has_the_cells_of_its_head(name):
    lines = markdown(RUNS[name]).decode().splitlines()
    html = html_of(RUNS[name])
    assert html.count("<tr>") == sum(line.startswith("| ") for line in lines) - html.count("<table>")
    assert "<p>|" not in html


@pytest.mark.parametrize(
    "text",
    [HOSTILE, FORMULA, "# not a head", "- not a list", "1. not a list", "+ 2", "===", "---", "a | b", "*a* _b_ `c`",
     "[a](javascript:alert(1))", "![a](b)", "<b>", "&lt;b&gt;", "~~a~~", "\\", "a\nb", "> no quote", "| a |", "$x$"],
)  # fmt: skip
def test_a_text_is_shown_as_it_is(text):
    """Parsed by markdown-it: what a reader sees is the text, its white space as one space."""
    inline = [token for token in tokens_of(escaped(text)) if token.type == "inline"]
    shown = "".join(child.content for token in inline for child in token.children)
    assert shown == " ".join(text.split())
    assert {child.type for token in inline for child in token.children} <= {"text", "text_special"}


def test_markdown_holds_the_answer_the_studies_and_the_methods():
    run, result = RUNS["bcg"], RUNS["bcg"].comparisons[0]
    text = markdown(run).decode()
    assert methods_paragraph(run, result).text.replace("[", r"\[").replace("]", r"\]") in text
    for row in study_rows(run, result, places_of(run)):
        assert f"| {escaped(row.label)} | {row.experimental} | {row.control} | {row.effect} | {row.interval} |" in text
    assert "PRISMA 2020 checklist" in text and run.id in text


@every_run
def test_every_image_in_markdown_is_a_figure_beside_it_and_says_its_finding(name):
    images = [token for token in tokens_of(markdown(RUNS[name], "a b").decode()) if token.type == "image"]
    files = {f"a%20b/{file}": content.decode() for file, content in figures(RUNS[name]).items()}
    assert [token.attrs["src"] for token in images] == list(files)
    for token, content in zip(images, files.values(), strict=True):
        title, desc = (ElementTree.fromstring(content).find(f"{{*}}{tag}").text for tag in ("title", "desc"))
        words = "".join(child.content for child in token.children)
        assert words == " ".join(f"{title}{'' if title.endswith('?') else '.'} {desc}".split())
        assert not any(mark in content for mark in ("<script", "href", "url(", "@import"))


# ---------------------------------------------------------------- Word


def document_of(run: Run):
    return Document(io.BytesIO(docx(run)))


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_word_document_holds_each_claim_and_study_in_tables():
    run = RUNS["bcg"]
    document = document_of(run)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {claim.text for claim in claim_rows(run)} <= cells
    assert {effect.label for effect in run.comparisons[0].effects} <= cells
    assert methods_paragraph(run, run.comparisons[0]).text in words_of(document)


def test_a_word_document_has_an_outline_and_repeats_the_heads_of_tables():
    document = document_of(RUNS["bcg"])
    heads = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert heads[:3] == ["BCG vaccine against tuberculosis", "Claims and how they came out",
                         "Does BCG vaccination prevent tuberculosis?"]
    assert all(table.rows[0]._tr.trPr.find("{*}tblHeader") is not None for table in document.tables)
    assert RUNS["bcg"].id in document.sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize("fonts", [True, False])
def test_a_picture_in_a_word_document_says_its_finding_in_words_and_stays_out_without_fonts(monkeypatch, fonts):
    monkeypatch.setattr(pictures, "has_fonts", lambda: fonts)
    run = RUNS["bcg"]
    wanted = forest_plots(run.comparisons[0], effect_anchors(run.comparisons[0]))[0].desc
    document = document_of(run)
    assert (wanted in {shape._inline.docPr.get("descr") for shape in document.inline_shapes}) == fonts
    assert "Aronson 1948" in {cell.text for table in document.tables for cell in table.columns[0].cells}


def test_hostile_text_is_text_in_a_word_document():
    words = words_of(document_of(RUNS["invented"]))
    assert HOSTILE in words and FORMULA in words


@every_run
def test_a_word_document_holds_a_picture_of_every_figure(name):
    assert len(document_of(RUNS[name]).inline_shapes) == len(figures(RUNS[name]))


# ---------------------------------------------------------------- all of them


@every_run
def test_every_figure_of_the_pages_is_in_the_document_with_its_table(name):
    blocks = outline(RUNS[name])
    pages = pages_of(render(RUNS[name])).values()
    shown = [figure for page in pages for figure in page.figures
             if not {"layout-strip", "layout-medium", "layout-narrow"} & set(figure.css.split())]  # fmt: skip
    assert sum(isinstance(block, Figure) for block in blocks) == len(shown)
    following = [blocks[place + 1] for place, block in enumerate(blocks) if isinstance(block, Figure)]
    assert all(isinstance(block, Table) for block in following)




@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u202eb", "a\ufffeb", "a\ud800b", "a\u2028b"])
def test_a_character_that_hides_or_is_forbidden_becomes_a_mark(text):
    assert plain_text(text) in ("a\N{REPLACEMENT CHARACTER}b", "a?b")


def test_a_figure_that_stands_alone_names_no_variable_no_link_and_nothing_to_fetch():
    for result in RUNS["invented"].comparisons:
        for drawing in forest_plots(result, effect_anchors(result)):
            svg = standing_svg(drawing)
            assert "var(" not in svg and "href" not in svg and "url(" not in svg and "<script" not in svg
            assert svg.count("<svg ") == svg.count("</svg>") == 1


def test_a_run_can_be_cut_down_to_one_comparison_and_what_belongs_to_it():
    run = chosen(RUNS["invented"], ["one"])
    assert [result.comparison.id for result in run.comparisons] == ["one"]
    assert [verdict.claim.id for verdict in run.verdicts] == ["X1"]
    assert [dataset.id for dataset in run.datasets] == ["invented"]
    assert {change.subject for change in run.changes} == {"X1", "one", "invented"}


def test_a_comparison_that_is_not_there_is_named_with_its_neighbour():
    with pytest.raises(InputError, match="--comparison onne: no such comparison. Did you mean 'one'"):
        chosen(RUNS["invented"], ["onne"])
