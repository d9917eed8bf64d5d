"""trochlea export: bibliographies as pandoc reads them, tables as read back, and R scripts that metafor agrees with."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis.bibliography import FORMATS, Name, authors_of, bibliography, csl_item, reference_of
from analysis.faults import InputError
from analysis.report import render
from analysis.report.exports import TABLES
from analysis.report.r_script import has_script, r_script, r_string
from flows.command import trochlea
from tests.fixtures_bcg import bcg_result, bcg_run
from tests.fixtures_invented import HOSTILE, hostile_result, invented_run
from tests.fixtures_references import DATASETS, REFERENCES, dataset
from tests.reviews import INVENTED

FOLDER = Path(__file__).parent / "reference"
PANDOC = json.loads((FOLDER / "bibliography" / "pandoc.json").read_text(encoding="utf-8"))
SCRIPT = FOLDER / "scripts" / "bcg-vs-none.R"


def without_particles(item: dict) -> dict:
    """Return an item with "van" in the family name again, which pandoc parts from it, and no type where none is."""
    people = []
    for person in item.get("author", []):
        particle = person.get("dropping-particle") or person.get("non-dropping-particle")
        person = {key: value for key, value in person.items() if not key.endswith("particle")}
        people.append(person | ({"family": f"{particle} {person['family']}"} if particle else {}))
    return item | ({"author": people} if people else {})


@pytest.mark.parametrize("place", range(2), ids=[one.id for one in REFERENCES[:2]])
@pytest.mark.parametrize("form", ["bibtex", "csl"])
def test_pandoc_reads_a_plain_reference_as_it_is(form, place):
    assert without_particles(PANDOC[form][place]) == csl_item(REFERENCES[place])


def test_hostile_text_stays_in_its_field_as_pandoc_reads_it():
    """pandoc 2.17 passes over \\textbraceleft and \\textbraceright; every other letter is there."""
    read = PANDOC["bibtex"][2]
    assert [item["id"] for item in PANDOC["bibtex"]] == ["dolak-2011", "et-al", "hostile", "not-seen"]
    assert read["title"] == read["note"] == csl_item(REFERENCES[2])["title"].translate({ord("{"): None, ord("}"): None})
    assert set(read) == {"DOI", "URL", "id", "note", "title", "type"}


def test_a_citation_that_is_not_plain_stays_whole_and_nothing_is_made_up():
    assert csl_item(REFERENCES[3]) == {"id": "not-seen", "type": "document", "note": "Invented 2007 (details not seen)"}


CITATIONS = {
    "no year in it": "Invented A. Invented title. Inv J;12(2):1-9",
    "another year than the metadata's": "Invented A. Invented title. Inv J 1999;12(2):1-9",
    "another title than the metadata's": "Invented A. Other words. Inv J 2001;12(2):1-9",
    "authors in another form": "Anna Invented. Invented title. Inv J 2001;12(2):1-9",
    "more after the pages": "Invented A. Invented title. Inv J 2001;12(2):1-9, and more",
}


@pytest.mark.parametrize("case", CITATIONS)
def test_a_citation_with_one_part_that_is_not_plain_is_a_note(case):
    reference = reference_of(dataset("x", "Invented title", CITATIONS[case], 2001))
    assert (reference.note, reference.authors, reference.journal) == (CITATIONS[case], (), None)


AUTHORS = {
    "Dolak KL, Medina McKeon J": ((Name("Dolak", "KL"), Name("Medina McKeon", "J")), False),
    "de Menezes Reiff RB, van Middelkoop M": ((Name("de Menezes Reiff", "RB"), Name("van Middelkoop", "M")), False),
    "O'Connor KM, Bazett-Jones DM, et al.": ((Name("O'Connor", "KM"), Name("Bazett-Jones", "DM")), True),
    "Fukuda et al": ((Name("Fukuda", ""),), True),
    "Bakhtiary and Fatemi": None,
    "Authors not shown": None,
    "": None,
}


@pytest.mark.parametrize("text", AUTHORS)
def test_authors_are_known_by_family_name_and_initials(text):
    assert authors_of(text) == AUTHORS[text]


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(title=ANY, citation=ANY, doi=ANY, url=ANY)
def test_no_text_leaves_its_field(title, citation, doi, url):
    """BibTeX: braces balance and never close the entry early. RIS: as many lines as fields. CSL: the same JSON back."""
    one = dataset("invented", title, citation, doi=doi, url=url)
    entry = bibliography([one], "bibtex")
    depth = [0]
    for letter in entry:
        depth.append(depth[-1] + {"{": 1, "}": -1}.get(letter, 0))
    assert depth[-1] == 0 and min(depth[1 : entry.rindex("}")][entry.index("{") :]) >= 1
    lines = bibliography([one], "ris").splitlines()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
    assert json.loads(bibliography([one], "csl")) == [csl_item(reference_of(one))]


@pytest.mark.parametrize("form", FORMATS)
def test_every_source_has_one_entry_in_every_format(form):
    text = bibliography(DATASETS, form)
    assert all(text.count(mark.format(one.id)) == 1 for one in DATASETS
               for mark in [{"bibtex": "{{{},", "ris": "ID  - {}\n", "csl": '"id": "{}"'}[form]])  # fmt: skip


def test_the_script_of_the_bcg_trials_is_the_kept_one_that_r_ran_to_its_end():
    """R 4.2.2 with metafor 3.8-1; it stops at a number that differs. To renew: `python -m tests.keep_references`."""
    assert r_script(bcg_result(), "RUN-ID") == SCRIPT.read_text(encoding="utf-8")
    assert "stopifnot" in SCRIPT.read_text(encoding="utf-8")
    answer = SCRIPT.with_suffix(".txt").read_text(encoding="utf-8")
    assert "Estimated number of missing studies on the right side: 1 (SE = 2.4528)" in answer


def test_a_script_is_ascii_where_it_runs_and_one_statement_a_line_whatever_a_study_is_called():
    text = r_script(hostile_result(), f"run\n{HOSTILE}")
    code = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(line.isascii() for line in code)
    assert HOSTILE not in "".join(code) or r_string(HOSTILE) in "".join(code)


@given(text=st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), max_size=40))
def test_a_string_of_r_holds_the_text(text):
    quoted = r_string(text)
    inner = re.sub(r"\\U([0-9A-F]{8})", lambda found: chr(int(found[1], 16)), quoted[1:-1].replace('\\"', '"'))
    assert quoted.isascii()
    if "\\" not in text:
        assert inner == text


def test_a_comparison_without_an_average_or_of_another_model_has_no_script():
    result = bcg_result()
    assert has_script(result)
    assert not has_script(replace(result, pooled=None))
    assert not has_script(replace(result, comparison=replace(result.comparison, model="network")))


def export(*arguments: str):
    options = ["export", *arguments, "--data", str(INVENTED / "data"), "--store", "/nonexistent/none.duckdb"]
    return CliRunner().invoke(trochlea, options, catch_exceptions=False)


def test_effects_hold_every_effect_of_every_comparison():
    columns, rows = TABLES["effects"](bcg_run())
    result = bcg_result()
    assert [row[columns.index("yi")] for row in rows] == [effect.yi for effect in result.effects]
    assert {row[0] for row in rows} == {"bcg-vs-none"}


def test_results_hold_the_average_to_the_last_bit():
    table = csv.DictReader(io.StringIO(export("--what", "results").output))
    numbers = {row["comparison"]: row["estimate"] for row in table}
    assert set(numbers) == {"new-vs-old-pain", "new-vs-old-recovery"}
    columns, rows = TABLES["results"](bcg_run())
    assert rows[0][columns.index("estimate")] == bcg_result().pooled.estimate


def test_rows_stand_as_transcribed_with_their_place():
    run = invented_run()
    columns, rows = TABLES["rows"](run)
    assert len(rows) == sum(len(table.rows) for one in run.datasets for table in one.tables)
    assert columns[:3] == ("dataset", "table", "line") and rows[0][:3] == ["invented", "arms", 2]


@pytest.mark.parametrize("what", TABLES)
def test_a_table_is_the_same_as_parquet(what, tmp_path):
    path = tmp_path / "table.parquet"
    assert export("--what", what, "--format", "parquet", "--out", str(path)).exit_code == 0
    lines = list(csv.DictReader(io.StringIO(export("--what", what).output)))
    read = pq.read_table(path)
    assert read.column_names == list(lines[0]) and read.num_rows == len(lines)
    if what == "results":
        estimates = [float(row["estimate"]) if row["estimate"] else None for row in lines]
        assert read.column("estimate").to_pylist() == estimates


def test_the_report_holds_the_bibliography_and_the_scripts():
    files = render(bcg_run())
    assert {"sources.bib", "sources.ris", "sources.json", "comparisons/bcg-vs-none.r"} <= set(files)
    assert b'href="sources.bib"' in files["datasets.html"]
    assert b'href="bcg-vs-none.r"' in files["comparisons/bcg-vs-none.html"]


def test_a_comparison_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="Did you mean 'new-vs-old-pain'"):
        export("--script", "new-vs-old-pian")


def test_parquet_without_a_file_is_refused():
    result = CliRunner().invoke(trochlea, ["export", "--format", "parquet"], standalone_mode=True)
    assert (result.exit_code, "needs --out FILE" in result.output) == (2, True)
