"""Pages: structure, figures with their tables, links, hostile text, and one page compared whole."""

import base64
import csv
import hashlib
import io
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from analysis.report import policy, render
from analysis.report.absolute import risk_with
from analysis.report.methods_paragraph import methods_paragraph
from analysis.report.multiverse import PAPERS
from analysis.report.wording import Scale, decimal, per_thousand, plain, ratio, significant
from tests.fixtures_bcg import VOLATILE_ID, VOLATILE_START, bcg_run
from tests.fixtures_invented import FORMULA, HOSTILE, invented_run
from tests.invented_judgements import judged_review, judged_run
from tests.report_checks import broken_links, numbers_in, pages_of, read_page, skipped_headings

SCRIPT = Path(policy.__file__).parent / "templates" / "find.js"
KEPT = Path(__file__).parent / "reference" / "pages" / "bcg-vs-none.html"


def run_of_judged_trials():
    with TemporaryDirectory() as folder:
        return judged_run(judged_review(Path(folder)))


RUNS = {"bcg": bcg_run(), "invented": invented_run(), "judged": run_of_judged_trials()}
FILES = {name: render(run) for name, run in RUNS.items()}
PAGES = {f"{name}/{path}": page for name, files in FILES.items() for path, page in pages_of(files).items()}
SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)
WITH_LISTS = {"index.html", "claims.html", "datasets.html", "a-to-z.html"}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
every_run = pytest.mark.parametrize("name", RUNS)


def test_the_bcg_page_is_the_kept_copy():
    """The copy was looked at; the run's id and time are put in here. To keep a new one: `python -m tests.keep_page`."""
    kept = KEPT.read_text().replace("RUN-ID", VOLATILE_ID).replace("RUN-TIME", f"{VOLATILE_START:%H:%M} UTC")
    assert FILES["bcg"]["comparisons/bcg-vs-none.html"].decode() == kept


@every_run
def test_the_same_run_gives_the_same_bytes(name):
    assert render(RUNS[name]) == FILES[name]


@every_run
def test_every_link_and_anchor_within_the_report_is_there(name):
    assert broken_links(FILES[name]) == []


def test_a_missing_anchor_is_found_by_the_check_of_links():
    files = dict(FILES["bcg"])
    files["index.html"] = files["index.html"].replace(b"comparisons/bcg-vs-none.html", b"comparisons/other.html")
    assert broken_links(files) != []


@every_page
def test_a_page_is_well_formed(page):
    assert page.faults == []
    assert page.open == []


@every_page
def test_a_page_has_one_title_and_headings_in_order(page):
    assert page.headings.count("h1") == 1
    assert page.headings[0] == "h1"
    assert skipped_headings(page) == []
    assert page.lang == "en"
    assert ("#main", "skip") in page.links


@every_page
def test_no_anchor_stands_twice_on_a_page(page):
    assert sorted(set(page.ids)) == sorted(page.ids)


@every_page
def test_every_table_has_a_caption_and_every_head_its_scope(page):
    assert all("caption" in table for table in page.tables)
    assert set(page.scopes) <= {"row", "col", "rowgroup"}


@every_page
def test_every_figure_is_named_in_words(page):
    for figure in page.figures:
        title, desc = figure.values["aria-labelledby"].split()
        assert figure.values["role"] == ("group" if "a" in figure.tags else "img")  # an image hides links
        assert {title, desc} <= set(page.ids)
        assert "title" in figure.tags and "desc" in figure.tags


def figures_with_tables():
    """Give each table of marks with every layout of the figure before it."""
    for path, page in PAGES.items():
        layouts = []
        for figure in page.figures:
            layouts += [] if "layout-strip" in figure.css else [figure]
            if figure.rows:
                yield pytest.param(layouts, id=f"{path} {figure.values['aria-labelledby']}")
                layouts = []


@pytest.mark.parametrize("layouts", list(figures_with_tables()))
def test_a_figure_has_as_many_marks_as_its_table_has_rows(layouts):
    assert [figure.marks for figure in layouts] == [layouts[-1].rows] * len(layouts)


def test_every_plot_of_a_comparison_has_its_table():
    plots = [
        figure for page in PAGES.values() for figure in page.figures if "narrow" in figure.css or "plain" in figure.css
    ]
    assert plots
    assert all(figure.rows for figure in plots)


@every_run
def test_nothing_is_fetched(name):
    for path, content in FILES[name].items():
        if path.endswith(".html"):
            page = read_page(content)
            assert not {"link", "img", "iframe", "object", "form"} & set(page.tags)
            assert "@import" not in content.decode() and "url(" not in content.decode()
            assert b"default-src 'none'" in content
            assert all(css == "cite" for address, css in page.links if not re.match(r"[\w./#-]*$", address))


def sha256(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@every_run
def test_only_the_script_of_lists_runs_and_only_the_own_style_counts_each_by_its_hash(name):
    source = SCRIPT.read_text(encoding="utf-8")
    for path, content in FILES[name].items():
        if path.endswith(".html"):
            text = content.decode()
            scripts, (style,) = SCRIPTS.findall(text), STYLES.findall(text)
            assert scripts == ([f"\n{source.strip()}\n"] if path in WITH_LISTS else [])
            allowed = "".join(f" script-src {sha256(script)};" for script in scripts)
            wanted = f"default-src 'none'; style-src {sha256(style)};{allowed} base-uri 'none'; form-action 'none'"
            assert f'<meta http-equiv="Content-Security-Policy" content="{wanted}">' in text
            assert not re.search(r"<[^>]* (?:style|on\w+)=", STYLES.sub("", SCRIPTS.sub("", text)))


def test_hostile_text_stays_text_on_every_page():
    for path, content in FILES["invented"].items():
        text = content.decode()
        if path.endswith(".html"):
            assert text.lower().count("<script") == len(SCRIPTS.findall(text))
            assert not re.search(r"href=[\"']?\s*javascript", text, re.IGNORECASE)
    assert any(HOSTILE in page.text for path, page in PAGES.items() if path.startswith("invented"))


def test_hostile_names_give_safe_paths():
    assert all(re.fullmatch(r"[a-z0-9./-]+", path) and ".." not in path for path in FILES["invented"])


@every_page
def test_no_control_or_turning_character_reaches_a_page(page):
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)


@every_run
def test_no_cell_of_a_table_file_is_a_formula(name):
    for path, content in FILES[name].items():
        if path.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode())):
                assert not [cell for cell in row if cell[:1] in "=+@\t" and cell] and not [
                    cell for cell in row if cell.startswith("-") and not is_number(cell)
                ]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_formula_is_kept_as_text_and_a_negative_number_as_number():
    rows = list(csv.DictReader(io.StringIO(studies_file().decode())))
    assert rows[1]["label"] == "'" + FORMULA
    assert float(rows[0]["yi"]) == -1.2


def test_the_table_of_comparisons_says_which_numbers_are_logarithms():
    (row,) = csv.DictReader(io.StringIO(FILES["bcg"]["comparisons.csv"].decode()))
    assert row["unit"] == "log RR" and float(row["estimate"]) < 0


def studies_file() -> bytes:
    return next(
        c
        for p, c in FILES["invented"].items()
        if p.startswith("comparisons/script") and not p.endswith("choices.csv") and p.endswith(".csv")
    )


@every_run
def test_a_page_keeps_within_three_hundred_kilobytes(name):
    assert max(len(content) for path, content in FILES[name].items() if path.endswith(".html")) < 300_000


def texts_of(value: object) -> set[str]:
    """Return every number of a results document as the report may print it."""
    if isinstance(value, dict):
        return set().union(*(texts_of(item) for item in value.values()), {str(len(value))})
    if isinstance(value, list):
        return set().union(*(texts_of(item) for item in value), {str(len(value))})
    if isinstance(value, str):
        return set(numbers_in(value.replace("-", " "))) | set(numbers_in(value))
    if isinstance(value, bool) or value is None:
        return set()
    return printed(float(value))


def printed(value: float) -> set[str]:
    scale = Scale("RR")
    found = {f"{value:,.0f}", plain(value), decimal(value, 4), decimal(value, 1), decimal(value, 0), f"{value:.2g}"}
    found |= {significant(value, digits) for digits in (2, 3, 4)}
    if abs(value) < 50:
        found |= {scale.text(value), ratio(value) if value > 0 else ""}
    return found


def absolute_texts(result: dict) -> set[str]:
    control, pooled, scale = result["control_risk"], result["pooled"], Scale("RR")
    ends = [pooled[name] for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")]
    risks = [risk_with("RR", scale.shown(end), control) for end in ends]
    return {per_thousand(abs(risk - shift)) for risk in (*risks, control) for shift in (0, control)}


def multiverse_texts(found: dict) -> set[str]:
    """Return the shares in percent that a page makes of counts of branches, and the years of the papers cited."""
    options = [option for choice in found["choices"] for option in choice["options"]]
    counts = [(option["same_answer"], option["branches"]) for option in options]
    counts += [(found[name], found["branches"]) for name in ("same_answer", "same_side")]
    counts += [(count, found["branches"]) for _, count in found["answers"]]
    shares = {round(100 * count / of) for count, of in counts}
    shares |= {round(100 * choice[name] or 0) for choice in found["choices"] for name in ("of_estimate", "of_answer")}
    judged = [sum(count for _, count in claim["verdicts"]) for claim in found["claims"]]
    return {*map(str, (*shares, *judged)), "99", *numbers_in(" ".join(name for name, _ in PAPERS))}


def test_every_number_on_the_bcg_page_is_in_the_results_document():
    """Beside the document's numbers only words of the page itself count: below ten, P 0.001, 1,000 people, 95 %."""
    document = json.loads(FILES["bcg"]["results.json"])
    known = texts_of(document) | absolute_texts(document["comparisons"][0])
    known |= {"10", "0.10", "0.05", "0.01", "0.001", "1,000", "95", "100"}  # said by the templates, none a result
    known |= {str(VOLATILE_START.day), "12:00", "256"}
    paragraph = methods_paragraph(RUNS["bcg"], RUNS["bcg"].comparisons[0])
    known |= multiverse_texts(document["comparisons"][0]["multiverse"])
    known |= set(numbers_in(" ".join(paragraph.references)))  # years, volumes and DOIs of the papers cited
    text = PAGES["bcg/comparisons/bcg-vs-none.html"].text
    assert len(numbers_in(text)) > 300
    assert [number for number in numbers_in(text) if number not in known] == []
