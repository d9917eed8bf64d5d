"""Hostile files: refused in words or read as they are; no traceback, no write outside, no value changed in silence.

TROCHLEA_EXAMPLES=2500 throws that many at each of the properties, other ones every time.
"""

import csv
import io
import os
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.faults import InputError
from analysis.importing import placing
from tests.adding import REFERENCE, SAID, add, empty_review, faults, snapshot

DEATH = (*SAID, "--outcome", "death")
MANY = int(os.environ.get("TROCHLEA_EXAMPLES", "0"))
OFTEN = settings(max_examples=MANY or 100, deadline=None, derandomize=not MANY,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
HOSTILE = ("=cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>", "'; DROP TABLE study;--", "../../etc/passwd",
           "%s%n", "\u202e", "\ufeff", "a\u0000b", "\x1b[31m", "1e999", "-0", "NaN", "9" * 400, "x" * 3000, '"', "\\",
           "]]>", "[import]", "\u2028", "1,234", "1.5", "3", "12", "\u22122", "", "NA", "0")  # fmt: skip


def workbook_bytes():
    book = openpyxl.Workbook()
    for row in (["study", "ai", "n1i", "ci", "n2i"], ["Invented 2001", 1, 20, 2, 22], ["Invented 2002", 3, 30, 4, 33]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WORKBOOK = workbook_bytes()
REVMAN = (REFERENCE / "published.rm5").read_bytes()


def with_part(name, content, source=WORKBOOK):
    """Return a workbook with one part put in or in place of another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


def part_of(name):
    return zipfile.ZipFile(io.BytesIO(WORKBOOK)).read(name)


SHEET = part_of("xl/worksheets/sheet1.xml")
PARTS = {
    "macros": (with_part("xl/vbaProject.bin", b"x"), "the workbook has macros"),
    "macros by their kind": (with_part("[Content_Types].xml", part_of("[Content_Types].xml").replace(
        b"sheet.main+xml", b"sheet.macroEnabled.main+xml")), "the workbook has macros"),
    "links": (with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), "the workbook has links to other workbooks"),
    "a climbing path": (with_part("xl/../../evil.xml", b"<a/>"), "the workbook has a part named 'xl/../../evil.xml'"),
    "an entity": (with_part("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
                  "xl/sharedStrings.xml declares a DOCTYPE or an entity"),
    "bytes that hide": (with_part("xl/sharedStrings.xml", '<?xml version="1.0"?><a/>'.encode("utf-16")),
                        "xl/sharedStrings.xml is not written in UTF-8"),
    "a bomb": (with_part("xl/media/image1.bin", b"\0" * 50_000_000), "as a zip bomb does"),
    "too much": (with_part("xl/media/image1.bin", os.urandom(1000) + b"\0" * 70_000_000), "it unpacks to"),
    "endless merged cells": (with_part("xl/worksheets/sheet1.xml", SHEET.replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
                             "merged cells over"),
    "a cell far away": (with_part("xl/worksheets/sheet1.xml", SHEET.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')), "cells as far as row"),
    "no workbook": (b"PK\x03\x04 and no more", "it is no XLSX workbook"),
    "broken XML": (with_part("xl/workbook.xml", b"<a><b>"), "it cannot be read as a workbook"),
}  # fmt: skip


@pytest.mark.parametrize("case", PARTS)
def test_a_workbook_that_holds_more_than_cells_is_refused(case, tmp_path):
    content, sentence = PARTS[case]
    (tmp_path / "invented.xlsx").write_bytes(content)
    found = faults(empty_review(tmp_path), tmp_path / "invented.xlsx", *DEATH)
    assert len(found) == 1 and sentence in found[0]


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><COCHRANE_REVIEW>&x;</COCHRANE_REVIEW>'
)


@pytest.mark.parametrize(
    "content, sentence",
    [
        pytest.param(ENTITY, "it declares a DOCTYPE or an entity", id="an entity"),
        pytest.param(b"<a>" * 100 + b"</a>" * 100, "deep", id="endless depth"),
        pytest.param(b"<COCHRANE_REVIEW>", "it is not XML: no element found", id="cut off"),
        pytest.param(b"<html/>", "its outermost element is 'html'", id="another file"),
        pytest.param(REVMAN.replace(b'ESTIMATE="-0.88', b'ESTIMATE="0.88', 1), "an ESTIMATE of 0.889311 beside an "
                     "EFFECT_SIZE of 0.410939", id="a logarithm that is none"),
    ],
)  # fmt: skip
def test_a_revman_file_that_is_none_is_refused(content, sentence, tmp_path):
    (tmp_path / "invented.rm5").write_bytes(content)
    found = faults(empty_review(tmp_path), tmp_path / "invented.rm5", "--outcome=1.2=death", "--leave-out-others",
                   "--arm=BCG vaccine=new", "--arm=No vaccine=old", *SAID[4:])  # fmt: skip
    assert len(found) == 1 and sentence in found[0]


@pytest.mark.parametrize("kind", [".xlsm", ".xls", ".ods", ".zip", ".exe", ""])
def test_a_file_of_another_kind_is_refused(kind, tmp_path):
    (tmp_path / f"invented{kind}").write_bytes(b"x")
    assert "Files that can be read end in .csv" in faults(empty_review(tmp_path), tmp_path / f"invented{kind}")[0]


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/nowhere/at/all.csv", "/etc"])
def test_what_is_no_file_is_refused(path, tmp_path):
    assert len(faults(empty_review(tmp_path), path)) == 1


def come_in(folder, name, content, *options):
    """Bring a file in; return whether it came in. Nothing else may have happened anywhere."""
    source = folder / name
    source.write_bytes(content)
    data = folder / "data"
    before = snapshot(folder)
    result = add(data, source, *options, "--yes")
    after = snapshot(folder)
    if result.exit_code == 0:
        assert {path for path in after if path not in before} <= {
            path for path in after if path.startswith("data/raw/")
        }
        assert not any("/." in path for path in after)
        return True
    assert isinstance(result.exception, InputError) or result.exit_code == 2, result.exception
    assert after == before
    return False


cells = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12), st.integers(-5, 400).map(str),
                  st.decimals(-100, 100, places=2).map(str))  # fmt: skip


@OFTEN
@given(rows=st.lists(st.lists(cells, min_size=5, max_size=5), min_size=1, max_size=4), mark=st.sampled_from(",;\t"))
def test_tables_of_hostile_cells(rows, mark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    empty_review(folder)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark)
    writer.writerows([["study", "ai", "n1i", "ci", "n2i"], *rows])
    come_in(folder, "invented.csv", text.getvalue().encode("utf-8", "surrogatepass"), *DEATH)


@OFTEN
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode(errors="ignore"))),
       kind=st.sampled_from([".csv", ".tsv", ".xlsx", ".rm5"]))  # fmt: skip
def test_files_of_random_bytes(content, kind, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    empty_review(folder)
    come_in(folder, f"invented{kind}", content, *DEATH, "--study", "Invented")


@OFTEN
@given(place=st.integers(0, len(SHEET) - 1), new=st.binary(min_size=0, max_size=6), cut=st.integers(0, 30))
def test_workbooks_whose_xml_was_spoilt(place, new, cut, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    empty_review(folder)
    spoilt = SHEET[:place] + new + SHEET[place + cut :]
    come_in(folder, "invented.xlsx", with_part("xl/worksheets/sheet1.xml", spoilt), *DEATH)


@OFTEN
@given(place=st.integers(0, len(REVMAN) - 1), new=st.sampled_from([b"", b"<", b'"', b"&", b"0", b"\xff", b"A" * 3000]),
       cut=st.integers(0, 20))  # fmt: skip
def test_revman_files_that_were_spoilt(place, new, cut, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    empty_review(folder)
    options = ["--outcome=1.1=death", "--leave-out-others", "--arm=experimental=new", "--arm=control=old", *SAID[4:]]
    come_in(folder, "invented.rm5", REVMAN[:place] + new + REVMAN[place + cut :], *options)


def number_in(text):
    """Return what number a text can only be; None where it is none or could be two."""
    plain = text.replace("\u2212", "-").replace("\u2013", "-")
    if "," in plain and "." in plain:
        plain = plain.replace(",", "")
    head, _, tail = plain.lstrip("-").partition(",")
    if tail and len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0":
        return None
    return Decimal(plain.replace(",", "."))


@OFTEN
@given(text=st.from_regex(r"[-\u2212\u2013]?[0-9]{1,4}([.,][0-9]{1,4}){0,2}", fullmatch=True))
def test_a_figure_that_comes_in_is_the_figure_of_the_source(text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    data = empty_review(folder)
    source = f'study;m1i;sd1i;n1i;m2i;sd2i;n2i\nInvented;"{text}";2;20;3;2;22\n'
    if come_in(folder, "invented.csv", source.encode(), *SAID, "--outcome", "stay"):
        rows = csv.DictReader((data / "raw" / "invented" / "arms.csv").open())
        assert Decimal(next(rows)["mean"]) == number_in(text)


def test_names_that_climb_become_names_of_folders(tmp_path):
    data = empty_review(tmp_path)
    path = tmp_path / "invented.csv"
    path.write_text("study,ai,n1i,ci,n2i\n../../Outside,1,20,2,22\n/etc/passwd,1,20,2,22\n.hidden,1,20,2,22\n")
    assert add(data, path, *DEATH).exit_code == 0
    assert sorted(folder.name for folder in (data / "raw").iterdir()) == ["etc-passwd", "hidden", "outside"]


def test_a_link_in_the_place_of_a_dataset_is_not_followed(tmp_path):
    data = empty_review(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", data / "raw" / "invented-2001")
    path = tmp_path / "invented.xlsx"
    path.write_bytes(WORKBOOK)
    assert faults(data, path, *DEATH, "--update") == [
        "data/raw/invented-2001: a link or a file of that name. Datasets are folders."
    ]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("fails_at", [1, 2])
def test_an_import_that_fails_half_way_leaves_everything_as_it_was(fails_at, tmp_path, monkeypatch):
    data, path = empty_review(tmp_path), tmp_path / "invented.xlsx"
    path.write_bytes(WORKBOOK)
    assert add(data, path, *DEATH).exit_code == 0
    arms = data / "raw" / "invented-2001" / "arms.csv"
    arms.write_text(arms.read_text().replace(",20,", ",19,"))
    (data / "raw" / "invented-2002" / "arms.csv").write_text(arms.read_text().replace("2001", "2002"))
    before, moves, swap = snapshot(data), [], placing.swap

    def failing(draft, folder, aside):
        moves.append(folder)
        if len(moves) == fails_at:
            raise OSError("the disk is full")
        swap(draft, folder, aside)

    monkeypatch.setattr(placing, "swap", failing)
    options = ["--update", "--arm", "experimental=newest", *SAID[2:], "--outcome=death", "--add-to-vocabulary"]
    assert add(data, path, *options).exception.faults[0].found == "it cannot be written: the disk is full"
    assert snapshot(data) == before
