"""Every spelling of a cell, in every column of every table, by every way in: one documented value, or a sentence.

The grid is made from the contract, so that a new column is in it. What each spelling stands for is written down here,
by hand, once for a table that is typed and once for a file that is brought in.
"""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest

from analysis.evidence.cells import CellError, read_cell
from analysis.evidence.codebook import Codebook, Outcome, Treatment
from analysis.evidence.contract import CONTRACTS, TABLES, Column
from analysis.evidence.datasets import read_folder
from analysis.evidence.reading import read_table
from analysis.evidence.rows import read_rows
from analysis.importing.answers import Answers
from analysis.importing.delimited import read_delimited
from analysis.importing.plan import make_plan
from analysis.importing.workbook import read_workbook
from tests.reviews import INVENTED

REFUSED, MISSING = "refused", "missing"
NUL, LONG = "a\0b", "7" * 10_000
BOTH = {  # a number, or that a cell holds none, where it is typed and where it is brought in
    "12": 12.0, "-3.5": -3.5, ".5": 0.5, "5.": 5.0, "1e3": 1000.0, "0": 0.0, "-0": 0.0, "1.234": 1.234, " 7 ": 7.0,
    "7\u00a0": 7.0, "": MISSING, " ": MISSING, "\u00a0": MISSING,
    **dict.fromkeys((
        "1,234", "12,5", "1.234,5", "1,234,567", "1.234.567", "1 234", "1\u00a0234", "1\u2009234", "1\u202f234",
        "1'234", "1 2", "12;5", "--", "-", "\u2013", "\u2014", ".", ",", "?", "N/A", "n.a.", "NaN", "nan", "inf",
        "-inf", "Infinity", "None", "null", "n.s.", "NS", "<0.001", "> 5", "\u22645", "~5", "ca. 5", "+5", "\u00b15",
        "5%", "5 %", "(5)", "3.4*", "3.4a", "3.4\u2020", "3.4\u00b9", "3.4 (1)", "5 kg", "\u20ac5", "\u00bd", "1/2",
        "5/20", "5/20 (25%)", "5 (25%)", "12.3 \u00b1 4.5", "2.1 (1.0 to 3.2)", "[1.0, 3.2]", "5\u20136", "5-6",
        "\u0665", "\u0661\u0662", "\uff15", "\u2167", "1e999", "1e400", "0x1F", "1_000", "1e", "e3", "--5", "5-",
        "05-Jan", "Jan-05", "2001-05-03", "3.5.2001", "03/05/2001", "44319 Jan", "TRUE", "False", "yes", "=1+1",
        "=A1", "@SUM(1)", "+1+1", "-1+1", "<b>5</b>", "&nbsp;", "'; DROP TABLE arms;--", "../../etc/passwd", NUL, LONG,
        "5\n6", "\u202e5", "\ufeff5", "5\u200b", "5\u00ad", "\x1b[31m5", "%s", "{5}",
    ), REFUSED),
}  # fmt: skip
TYPED = BOTH | dict.fromkeys(("\u22125", "\u20135", "NA", "na", "1,234.5", "12.0", "20.000"), REFUSED)
TYPED |= {"12.0": 12.0, "20.000": 20.0}
BROUGHT = BOTH | {"\u22125": -5.0, "\u20135": -5.0, "NA": MISSING, "na": MISSING, "1,234.5": 1234.5, "12.0": 12.0,
                  "20.000": 20.0}  # fmt: skip
P_ONLY = {"<0.001": "<0.001", "0.05": "0.05", ".05": ".05", "=0.05": "0.05", "P = 0.04": "0.04"}
CODEBOOK = Codebook({"pain": Outcome("pain", "lower")}, {}, {"new": Treatment("new"), "old": Treatment("old")})
BASE = {
    "arms": {"study": "invented-alpha", "arm": "new", "outcome": "pain", "n": "20", "mean": "5", "sd": "2"},
    "contrasts": {"study": "invented-alpha", "experimental": "new", "control": "old", "outcome": "pain",
                  "measure": "MD", "estimate": "1", "se": "2"},
    "poolings": {"review": "invented-alpha", "experimental": "new", "control": "old", "outcome": "pain",
                 "measure": "MD", "estimate": "1", "ci_low": "-9", "ci_high": "9", "level": "0.95"},
}  # fmt: skip
SHARED = {"location": "Table 1", "seen_as": "primary"}
CELLS = [(table, column.name) for table in TABLES for column in TABLES[table].columns]
IMPORTED = [cell for cell in CELLS if cell[0] != "poolings"]


def rows_with(table, column, spellings):
    """Return a header and a row a spelling, each a row of its own by what it says in detail."""
    told_apart = "detail" if table != "poolings" else "note"
    rows = [BASE[table] | SHARED | {told_apart: f"row {number}", column: text} for number, text in enumerate(spellings)]
    return list(rows[0]), [list(row.values()) for row in rows]


def text_of(header, rows):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return file.getvalue()


def line_of(number, spellings):
    """Return the line that a row begins on; a cell may have broken a line above it."""
    return 2 + number + sum("\n" in text for text in list(spellings)[:number])


def holds(column: Column, expected, text: str, value) -> bool:
    """Say whether what was read of a cell is what it stands for."""
    if column.kind in ("number", "integer"):
        return value == (None if expected == MISSING else expected)
    if column.kind == "p_value":
        return value is None if not text.strip() else f"{value.relation}{value.value:g}".strip("=") == P_READ[text]
    return value == (" ".join(text.split()) or None)


P_READ = {"<0.001": "<0.001", "0": "0", "0.05": "0.05", ".05": "0.05", ".5": "0.5", "=0.05": "0.05", "P = 0.04": "0.04"}


@pytest.mark.parametrize("table, name", CELLS, ids=lambda one: one)
def test_a_typed_cell_is_one_value_or_refused_at_its_place(table, name, tmp_path):
    contract, column = TABLES[table], TABLES[table].column(name)
    header, rows = rows_with(table, name, TYPED)
    path = tmp_path / contract.file
    path.write_text(text_of(header, rows), encoding="utf-8", newline="")
    dataset = read_folder(INVENTED / "data" / "raw" / "invented-alpha", "invented-alpha", None)[0]
    raw, faults = read_table(path, path.name, contract)
    assert faults == []
    read, faults = read_rows(dataset, raw, CODEBOOK, path.name)
    by_line = {one.ref.line: one for one in read}
    for number, (text, expected) in enumerate(TYPED.items()):
        line = line_of(number, TYPED)
        found = [str(fault) for fault in faults if fault.line == line]
        row = by_line.get(line)
        assert (row is None) != (not found), (text, found)
        if row is not None:
            value = getattr(row, name, None) if name not in SHARED else getattr(row.ref, name)
            assert holds(column, expected, text, value), (text, value)
        elif column.kind in ("number", "integer") and expected == REFUSED:
            assert len(found) == 1 and found[0].startswith(f"{path.name} line {line}, {name}: "), found


def plan_of(source, *said):
    settings = {"design": "rct", "curator": "Test", "citation": "Cited", "level": "0.95"}
    answers = Answers(columns={name: name for name in said}, settings=settings)
    return make_plan(source, "invented", "0" * 64, answers, CODEBOOK, date(2026, 1, 1))


def as_csv(header, rows):
    return read_delimited("invented.csv", text_of(header, rows).encode(), {"delimiter": "comma"})


def as_xlsx(header, rows):
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append([text if printable(text) else "a_x0000_b" for text in row])
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            cell.data_type = "s" if cell.value is not None else "n"  # as text, whatever it looks like
    file = io.BytesIO()
    book.save(file)
    return read_workbook("invented.xlsx", file.getvalue(), {})


def printable(text):
    return "\0" not in text and "\x1b" not in text


WAYS = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("table, name", IMPORTED, ids=lambda one: one)
def test_a_cell_that_is_brought_in_is_one_value_or_refused_at_its_place(table, name, way):
    column = TABLES[table].column(name)
    header, rows = rows_with(table, name, BROUGHT)
    plan = plan_of(WAYS[way](header, rows), name)
    kept = kept_by_detail(plan, table, name) if name != "detail" else {}
    for number, (text, expected) in enumerate(BROUGHT.items()):
        if column.kind not in ("number", "integer") or name == "n_total":
            continue
        line = line_of(number, BROUGHT) if way == "csv" else number + 2
        found = [str(one) for one in plan.faults if line in (one.line, row_number(one.where))]
        value = kept.get(f"row {number}", "")
        if expected == REFUSED:
            assert len(found) == 1 and f", {name}: " in found[0] and not value, (text, found, value)
        elif expected == MISSING:
            assert value == "" and not found, (text, found)
        elif value:
            assert float(value) == expected, (text, value)
        else:
            assert len(found) == 1 and fits_not(column, expected, text), (text, found)
    check_words(plan, column, name, kept)


def row_number(where):
    return int(where.rpartition("row ")[2]) if "row " in where else None


def kept_by_detail(plan, table, name):
    """Return what the drafts hold in a column, by the detail of each row."""
    files = [draft.files.get(f"{table}.csv", "") for draft in plan.drafts]
    return {row["detail"]: row.get(name, "") for text in files for row in csv.DictReader(io.StringIO(text))}


def fits_not(column, value, text):
    """Say whether a number is none of a column: outside its bounds, or written with a fraction where it is whole."""
    if column.kind == "integer":
        return not text.strip().isdigit() or not column.low <= value <= column.high
    try:
        read_cell(column, repr(value), CODEBOOK)
    except CellError:
        return True
    return False


def check_words(plan, column, name, kept):
    """A text comes in as it stands, or not at all; a code or a choice never becomes another."""
    if column.kind in ("text",) and name not in ("study", "location"):
        texts = {" ".join(text.split()) for text in BROUGHT} | {"a_x0000_b"}
        assert set(kept.values()) - {"", "Table 1"} <= texts | {f"row {number}" for number in range(len(BROUGHT))}
    if column.kind in ("choice", "code") and name not in ("arm", "experimental", "control", "outcome"):
        assert set(kept.values()) <= {"", *column.choices, "MD", "primary", "secondary"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text, value", P_ONLY.items())
def test_a_p_value_is_read_as_it_is_printed(text, value, way):
    header, rows = rows_with("contrasts", "p_value", [text])
    assert kept_by_detail(plan_of(WAYS[way](header, rows)), "contrasts", "p_value") == {"row 0": value}


@pytest.mark.parametrize("text, value", [("12,5", "12.5"), ("-0,5", "-0.5"), ("1,234", ""), ("1.234,5", ""),
                                         ("12,345", ""), ("0,123", "0.123"), ("1,2345", "1.2345")])  # fmt: skip
def test_alone_in_a_file_a_comma_parts_decimals_only_where_it_can_be_nothing_else(text, value):
    row = {"study": "a", "arm": "new", "outcome": "pain", "n": "20", "mean": text}
    plan = plan_of(as_csv(list(row), [list(row.values())]))
    assert (value == "") == bool(plan.faults)
    assert [line["mean"] for draft in plan.drafts for line in csv.DictReader(io.StringIO(draft.files["arms.csv"]))] == (
        [value] if value else []
    )


@pytest.mark.parametrize("text", ["1.000", "20.000", "999.000", "1.000.000"])
def test_people_with_three_zeros_after_a_point_may_be_thousands_and_are_refused(text):
    row = {"study": "a", "arm": "new", "outcome": "pain", "n": text, "mean": "5"}
    (fault,) = plan_of(as_csv(list(row), [list(row.values())])).faults
    assert str(fault).startswith(f"invented.csv line 2, n: found {text!r}")


@pytest.mark.parametrize("value", [date(2001, 5, 3), datetime(2001, 5, 3, 12), True, "=1+1"])
@pytest.mark.parametrize("name", [one.name for one in TABLES["arms"].columns if one.kind in ("number", "integer")])
def test_what_a_workbook_holds_and_is_no_figure_is_refused(name, value):
    row = BASE["arms"] | {name: value}
    book = openpyxl.Workbook()
    book.active.append(list(row))
    book.active.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    (fault,) = plan_of(read_workbook("invented.xlsx", file.getvalue(), {}), name).faults
    assert str(fault).startswith(f"invented.xlsx, sheet Sheet, row 2, {name}: ")


def test_the_grid_has_every_column_of_the_contract():
    assert {table for table, _ in CELLS} == CONTRACTS.keys() - {"participants"}
