"""The PDFs: bookmarks, page numbers, nothing fetched, one page for a meeting. They need Pango of the system."""

import importlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.forms.book import BREAK, book, breakable
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import HOSTILE, invented_run
from tests.report_checks import read_page

ROOT = Path(__file__).parents[1]


def library(name: str):
    """Give a module of the PDF form; leave the test out where Pango is missing, but never in CI."""
    try:
        return importlib.import_module(f"analysis.forms.{name}")
    except OSError:
        if os.environ.get("CI"):
            raise
        pytest.skip("Pango is not on this machine: apt-get install libpango-1.0-0 libpangoft2-1.0-0")


def bookmarks(document) -> list[tuple[int, str]]:
    """Give (depth, text) of every bookmark of laid out pages."""
    found = []

    def walk(marks, depth):
        for text, _, children, _ in marks:
            found.append((depth, text))
            walk(children, depth + 1)

    walk(document.make_bookmark_tree(), 1)
    return found


def test_every_page_of_the_site_is_a_bookmark_and_every_link_leads_somewhere():
    document = library("paper").laid_out(book(bcg_run()))
    marks = bookmarks(document)
    chapters = [text for depth, text in marks if depth == 1]
    assert {"BCG vaccine against tuberculosis", "Claims and how they came out", "Sources",
            "Does BCG vaccination prevent tuberculosis?", "PRISMA 2020 checklist", "Colditz 1994"} <= set(chapters)
    assert (2, "Forest plot") in marks


@pytest.mark.parametrize("run", [bcg_run(), invented_run()], ids=["bcg", "invented"])
def test_the_book_keeps_links_as_anchors_and_no_anchor_twice(run):
    page = read_page(book(run).encode())
    assert page.faults == [] and len(page.ids) == len(set(page.ids))
    inner = [address[1:] for address, _ in page.links if address.startswith("#")]
    assert len(inner) > 20
    assert {address for address in inner if "--" in address} <= set(page.ids)
    assert all(address.startswith(("#", "https://", "http://")) for address, _ in page.links)


def test_hostile_text_stays_text_in_the_book():
    page = read_page(book(invented_run()).encode())
    assert "script" not in page.tags and HOSTILE in page.text.replace(BREAK, "")


def test_every_link_to_a_page_of_the_book_has_its_place():
    page = read_page(book(bcg_run()).encode())
    starts = {address[1:] for address, _ in page.links if address.startswith("#") and "--" not in address}
    assert starts and starts <= set(page.ids)


def test_a_very_long_word_can_be_broken_and_tags_stay_whole():
    text = breakable(f'<a href="{"y" * 100}">{"x" * 100}</a> short')
    assert f'href="{"y" * 100}"' in text and text.endswith("</a> short")
    assert max(map(len, re.findall("x+", text))) == 24


def test_the_same_run_gives_the_same_pdf():
    pdf = library("pdf").pdf
    assert pdf(bcg_run()) == pdf(bcg_run())


def test_nothing_is_fetched_for_a_pdf(tmp_path):
    paper = library("paper")
    secret = tmp_path / "secret.css"
    secret.write_text("@page{size:A3}")
    with_style = paper.laid_out(f'<link rel="stylesheet" href="{secret.as_uri()}"><p>text')
    assert with_style.pages[0].width == paper.laid_out("<p>text").pages[0].width


def many_claims(count: int):
    """Give the run of the BCG trials with so many invented claims."""
    run = bcg_run()
    verdicts = tuple(
        replace(run.verdicts[0], claim=replace(run.verdicts[0].claim, id=f"B{number}", text="An invented claim. " * 9))
        for number in range(count)
    )
    return replace(run, verdicts=verdicts)


@pytest.mark.parametrize("run", [bcg_run(), invented_run(), many_claims(90)], ids=["bcg", "invented", "ninety claims"])
def test_the_summary_is_one_page(run):
    one_page = library("one_page")
    assert one_page.one_page(run).count(b"/Type /Page\n") <= 1
    pages = [one_page.laid_out(one_page.one_page_html(run, setting)).pages for setting in settings(one_page, run)]
    assert min(map(len, pages)) == 1


def settings(one_page, run):
    counts = [count for count in (len(run.verdicts), *one_page.FEWER_CLAIMS) if count <= len(run.verdicts)]
    return [one_page.Setting(one_page.SIZES[-1], count) for count in counts]


def test_the_summary_says_how_many_claims_it_left_out():
    one_page = library("one_page")
    assert "84 more in the report." in one_page.one_page_html(many_claims(90), one_page.Setting(7.0, 6))


WITHOUT_PANGO = """
import sys, types
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Missing())
sys.argv = ["trochlea", "report", "--store", sys.argv[1], "--format", "pdf", "--out", sys.argv[2]]
from flows.command import main
main()
"""


def test_without_pango_one_sentence_names_the_packages_and_the_exit_code_is_two(tmp_path):
    from_store = importlib.import_module("analysis.store")
    from_store.record(tmp_path / "store.duckdb", bcg_run())
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANGO, str(tmp_path / "store.duckdb"), str(tmp_path / "out.pdf")],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "libpango-1.0-0 libpangoft2-1.0-0" in ended.stderr and "Traceback" not in ended.stderr
    assert not (tmp_path / "out.pdf").exists()
