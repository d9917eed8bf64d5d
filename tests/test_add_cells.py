"""Cells as spreadsheets write them: understood, or refused at their address. Figures here are invented."""

import csv
from datetime import date

import openpyxl
import pytest

from tests.adding import SAID, add, empty_review, faults

OPTIONS = (*SAID, "--outcome", "stay", "--instrument", "days")
HEAD = ["study", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"]
ROW = ["Invented 2001", "20", "5.5", "1.5", "22", "6.25", "1.75"]


def text_file(folder, *rows, mark=",", encoding="utf-8", ends="\n"):
    path = folder / "invented.csv"
    lines = [mark.join(row) for row in (HEAD, *rows)]
    path.write_bytes((ends.join(lines) + ends).encode(encoding))
    return path


def sheet(folder, *rows, head=HEAD):
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in (head, *rows):
        book.active.append(list(row))
    path = folder / "invented.xlsx"
    book.save(path)
    return path, book


def with_cell(text, column=2):
    return [*ROW[:column], text, *ROW[column + 1 :]]


def means(data, name="invented-2001"):
    """Return n, mean and SD of both arms as the contract's table has them."""
    with (data / "raw" / name / "arms.csv").open(encoding="utf-8") as file:
        return [(row["n"], row["mean"], row["sd"]) for row in csv.DictReader(file)]


AS_TYPED = [("20", "5.5", "1.5"), ("22", "6.25", "1.75")]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({}, id="commas between cells"),
        pytest.param({"mark": ";"}, id="semicolons"),
        pytest.param({"mark": "\t"}, id="tabs"),
        pytest.param({"ends": "\r\n"}, id="lines of Windows"),
        pytest.param({"encoding": "utf-8-sig"}, id="a byte-order mark"),
        pytest.param({"encoding": "utf-16"}, id="UTF-16 as Excel's Unicode text"),
    ],
)
def test_a_text_file_is_read_however_it_was_saved(written, tmp_path):
    data = empty_review(tmp_path)
    assert add(data, text_file(tmp_path, ROW, **written), *OPTIONS).exit_code == 0
    assert means(data) == AS_TYPED


def test_latin_letters_are_read_when_somebody_says_how_they_were_saved(tmp_path):
    data, path = empty_review(tmp_path), text_file(tmp_path, ["Müller 2001", *ROW[1:]], encoding="latin-1")
    assert faults(data, path, *OPTIONS) == [
        "invented.csv: byte 0xfc on line 2 is no UTF-8. Save the file as CSV UTF-8. "
        "Or say how it was saved: --encoding latin-1 (older Windows and Excel), mac-roman."
    ]
    assert add(data, path, *OPTIONS, "--encoding", "latin-1").exit_code == 0
    assert 'label = "Müller 2001"' in (data / "raw" / "muller-2001" / "metadata.toml").read_text(encoding="utf-8")


def test_decimal_commas_that_can_be_nothing_else_are_understood_and_said(tmp_path):
    data = empty_review(tmp_path)
    row = ["Invented 2001", "20", "5,5", "1,5", "22", "6,25", "1,75"]
    result = add(data, text_file(tmp_path, row, mark=";"), *OPTIONS)
    assert "Its figures have decimal commas" in result.output
    assert means(data) == AS_TYPED
    assert 'decimal = "comma"' in (data / "raw" / "invented-2001" / "metadata.toml").read_text()


@pytest.mark.parametrize("option, mean", [("--decimal", "1.234"), ("--thousands", "1234")])
def test_a_comma_that_could_be_either_is_a_question(option, mean, tmp_path):
    data = empty_review(tmp_path)
    path = text_file(tmp_path, ["Invented 2001", "20", "1,234", "2", "22", "3", "4"], mark=";")
    assert faults(data, path, *OPTIONS) == [
        "invented.csv line 2, m1i: found '1,234', with a comma. If it is a decimal comma: add --decimal comma; "
        "a mark of thousands: add --thousands comma."
    ]
    assert add(data, path, *OPTIONS, option, "comma").exit_code == 0
    assert means(data)[0][1] == mean


@pytest.mark.parametrize(
    "text, mean",
    [
        pytest.param("−5.5", "-5.5", id="a minus sign"),
        pytest.param("–5.5", "-5.5", id="an en dash"),
        pytest.param("1,234.5", "1234.5", id="thousands before decimals"),
        pytest.param("5.50", "5.50", id="zeros at the end"),
        pytest.param("1e1", "1e1", id="a power of ten"),
    ],
)
def test_a_figure_that_can_be_only_one_number_is_understood(text, mean, tmp_path):
    data = empty_review(tmp_path)
    assert add(data, text_file(tmp_path, with_cell(f'"{text}"')), *OPTIONS).exit_code == 0
    assert means(data)[0][1] == mean


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("55%", "found '55%', with a percent sign. Write the number alone."),
        ("n.s.", "found 'n.s.'. A figure, or an empty cell; if it stands for missing, add --missing 'n.s.'."),
        ("–", "found '–'. A figure, or an empty cell; if it stands for missing, add --missing '–'."),
        ("<0.001", "found '<0.001'. Write one number, such as -3.5."),
        ("5.5 (1.5)", "found '5.5 (1.5)', more than one figure. Cells that share a form are taken apart by it, such as "
                      "--map 'COLUMN=mean (sd)'."),
        ("5–6", "found '5–6', more than one figure. Cells that share a form are taken apart by it, such as --map "
                "'COLUMN=ci_low - ci_high'."),
        ("1 234", "found '1 234'. Write one number, such as -3.5."),
        ("1.234.567", "found '1.234.567'. Write one number, such as -3.5."),
        ("=1+1", "found '=1+1'. Write one number, such as -3.5."),
        ("0x1F", "found '0x1F'. Write one number, such as -3.5."),
        ("٣", "found '٣'. Write one number, such as -3.5."),
        ("inf", "found 'inf'. A figure, or an empty cell; if it stands for missing, add --missing 'inf'."),
    ],
)
def test_a_figure_that_is_none_is_refused_at_its_address(text, sentence, tmp_path):
    found = faults(empty_review(tmp_path), text_file(tmp_path, with_cell(text)), *OPTIONS)
    assert found == [f"invented.csv line 2, m1i: {sentence}"]


def test_missing_is_what_r_writes_and_what_a_person_names(tmp_path):
    data = empty_review(tmp_path)
    rows = [with_cell("NA", 3), ["Invented 2002", *with_cell("n.r.", 3)[1:]]]
    result = add(data, text_file(tmp_path, *rows), *OPTIONS, "--missing", "n.r.")
    assert "'NA' was read as missing, 1 time." in result.output
    assert means(data)[0] == means(data, "invented-2002")[0] == ("20", "5.5", "")


@pytest.mark.parametrize("printed, kept", [("<0.001", "<0.001"), ("P < 0.001", "<0.001"), ("0.04", "0.04")])
def test_a_p_value_is_kept_as_printed(printed, kept, tmp_path):
    data, path = empty_review(tmp_path), tmp_path / "invented.csv"
    path.write_text(f"study,yi,p\nInvented 2001,0.5,{printed}\n")
    assert add(data, path, *SAID, "--outcome=stay", "--measure=MD").exit_code == 0
    text = (data / "raw" / "invented-2001" / "contrasts.csv").read_text()
    assert next(csv.DictReader(text.splitlines()))["p_value"] == kept


def test_a_p_value_in_words_is_refused(tmp_path):
    path = tmp_path / "invented.csv"
    path.write_text("study,yi,p\nInvented 2001,0.5,n.s.\n")
    assert faults(empty_review(tmp_path), path, *SAID, "--outcome=stay", "--measure=MD") == [
        "invented.csv line 2, p: found 'n.s.'. Write P as printed: 0.012, <0.001 or >0.05; words go to note."
    ]


WHERE = "invented.xlsx, sheet Data, row 2, m1i: "


@pytest.mark.parametrize(
    "value, form, sentence",
    [
        pytest.param(date(2001, 5, 5), None, "a date, 2001-05-05 00:00:00. The spreadsheet turned a figure into a "
                     "date, or the column is another: format the cell as text and type the figure again.", id="a date"),
        pytest.param("=SUM(B2:B3)", None, "a formula, =SUM(B2:B3). Cells hold values: paste the values in place of the "
                     "formulas.", id="a formula"),
        pytest.param(0.055, "0.0%", "a percentage: it shows 5.5 % and holds 0.055. Write the number alone.",
                     id="a percentage"),
        pytest.param(5500, "0,", "a number shown in thousands: it holds 5500. Format the cell as a plain number.",
                     id="shown in thousands"),
        pytest.param(True, None, "found 'TRUE'. Type the figure, or leave the cell empty.", id="true"),
        pytest.param("#DIV/0!", None, "an error of the spreadsheet, #DIV/0!. Type the figure, or leave the cell empty.",
                     id="an error"),
    ],
)  # fmt: skip
def test_a_cell_that_holds_another_thing_than_it_shows_is_refused(value, form, sentence, tmp_path):
    path, book = sheet(tmp_path, [ROW[0], *map(float, ROW[1:])])
    cell = book.active["C2"]
    cell.value = value
    cell.number_format = form or cell.number_format
    book.save(path)
    assert faults(empty_review(tmp_path), path, *OPTIONS) == [WHERE + sentence]


def test_a_column_that_nobody_uses_may_hold_anything(tmp_path):
    data = empty_review(tmp_path)
    path, _ = sheet(tmp_path, [ROW[0], *map(float, ROW[1:]), "=C2-F2"], head=[*HEAD, "computed"])
    assert add(data, path, *OPTIONS).exit_code == 0
    assert means(data) == AS_TYPED


def test_a_merged_cell_is_a_name_for_all_its_rows_and_no_figure(tmp_path):
    head = ["study", "arm", "n", "mean", "sd"]
    rows = [["Invented 2001", "new", 20, 5.5, 1.5], [None, "old", 22, 6.25, 1.75]]
    path, book = sheet(tmp_path, *rows, head=head)
    book.active.merge_cells("A2:A3")
    book.save(path)
    data = empty_review(tmp_path)
    assert add(data, path, *SAID[4:], "--outcome=stay", "--instrument=days").exit_code == 0
    assert means(data) == AS_TYPED
    book.active.merge_cells("E2:E3")
    book.save(path)
    assert faults(empty_review(tmp_path / "b"), path, *SAID[4:], "--outcome=stay", "--instrument=days") == [
        f"invented.xlsx, sheet Data, row {row}, sd: found '1.5' in a merged cell. "
        "A figure stands in one cell: part the merged cells."
        for row in (2, 3)
    ]


def test_a_sheet_is_named_where_there_are_several(tmp_path):
    path, book = sheet(tmp_path, [ROW[0], *map(float, ROW[1:])])
    book.create_sheet("Notes")["A1"] = "words"
    book.save(path)
    data = empty_review(tmp_path)
    assert faults(data, path, *OPTIONS) == [
        "invented.xlsx: it has 2 sheets: 'Data', 'Notes'. One sheet is read. Name it, such as --sheet 'Data'."
    ]
    assert add(data, path, *OPTIONS, "--sheet", "Data").exit_code == 0


def test_hidden_rows_are_read_and_said(tmp_path):
    path, book = sheet(tmp_path, [ROW[0], *map(float, ROW[1:])])
    book.active.row_dimensions[2].hidden = True
    book.save(path)
    assert (
        "The sheet has hidden rows (1); they were read like the others."
        in add(empty_review(tmp_path), path, *OPTIONS).output
    )


def test_a_total_is_no_study(tmp_path):
    path = text_file(tmp_path, ROW, ["Total (95% CI)", *ROW[1:]])
    assert faults(empty_review(tmp_path), path, *OPTIONS) == [
        "invented.csv line 3: 'Total (95% CI)' as a study. It looks like a total: remove the row."
    ]


def test_what_a_row_cannot_mean_is_refused_where_it_stands_in_the_source(tmp_path):
    path = tmp_path / "invented.csv"
    path.write_text("study,ai,n1i,ci,n2i\nInvented 2001,21,20,3,22\nInvented 2002,1,20,30,22\n")
    assert faults(empty_review(tmp_path), path, *SAID, "--outcome=death") == [
        "invented.csv line 2, events: 21 events among 20 people. events is at most n.",
        "invented.csv line 3, events: 30 events among 22 people. events is at most n.",
    ]


def test_a_hundred_faults_are_said_in_one_call(tmp_path):
    rows = [[f"Invented {1900 + number}", "0", "x", "1", "22", "6", "1"] for number in range(50)]
    assert len(faults(empty_review(tmp_path), text_file(tmp_path, *rows), *OPTIONS)) == 100


@pytest.mark.parametrize("text", ["0.5 to 2", "(0.5 to 2)", "[0.5; 2]", "0.5, 2"])
def test_an_interval_in_one_cell_is_parted(text, tmp_path):
    data, path = empty_review(tmp_path), tmp_path / "invented.csv"
    path.write_text(f'study,OR,95% CI\nInvented 2001,1,"{text}"\n')
    assert add(data, path, *SAID, "--outcome=stay", "--measure=OR", "--level=0.95").exit_code == 0
    row = next(csv.DictReader((data / "raw" / "invented-2001" / "contrasts.csv").open()))
    assert (row["estimate"], row["ci_low"], row["ci_high"], row["level"]) == ("1", "0.5", "2", "0.95")


@pytest.mark.parametrize("text", ["0.5-2", "0.5–2", "0.5 to", "from 1 to 2 to 3"])
def test_an_interval_that_could_be_read_in_two_ways_is_refused(text, tmp_path):
    path = tmp_path / "invented.csv"
    path.write_text(f'study,OR,95% CI\nInvented 2001,1,"{text}"\n')
    assert faults(empty_review(tmp_path), path, *SAID, "--outcome=stay", "--measure=OR", "--level=0.95") == [
        f"invented.csv line 2: found {text!r} as an interval. Its ends are parted by to or a semicolon: 1.2 to 3.4. If "
        "a dash parts them, say so with --map 'COLUMN=ci_low - ci_high'."
    ]


def test_numbers_of_a_workbook_are_numbers_beside_text_with_decimal_commas(tmp_path):
    path, _ = sheet(tmp_path, [ROW[0], 20, 5.5, "1,5", 22, 6.25, "1,75"])
    data = empty_review(tmp_path)
    assert add(data, path, *OPTIONS).exit_code == 0
    assert means(data) == AS_TYPED


def test_a_study_without_figures_gets_no_folder_and_is_said(tmp_path):
    data = empty_review(tmp_path)
    result = add(data, text_file(tmp_path, ROW, ["Invented 2002", "20", *[""] * 5]), *OPTIONS)
    assert "line 3: left out, it has no figures." in result.output
    assert [folder.name for folder in (data / "raw").iterdir()] == ["invented-2001"]


def test_under_one_merged_heading_an_author_is_the_study_and_a_year_its_year(tmp_path):
    head = ["Study", None, "Hip", None, None, "Knee", None, None]
    names = ["Author", "Year", "N", "Mean", "SD", "N", "Mean", "SD"]
    rows = [[name, 2001, 20, 5.5, 1.5, 22, 6.25, 1.75] for name in ("Invented", "Untrue")]
    path, book = sheet(tmp_path, names, *rows, head=head)
    for span in ("A1:B1", "C1:E1", "F1:H1"):
        book.active.merge_cells(span)
    book.save(path)
    data = empty_review(tmp_path)
    assert add(data, path, *OPTIONS, "--yes").exit_code == 0
    assert [path.name for path in sorted((data / "raw").iterdir())] == ["invented-2001", "untrue-2001"]
    assert means(data) == [("20", "5.5", "1.5"), ("22", "6.25", "1.75")]


def test_two_studies_of_one_name_are_told_apart_by_a_column_of_ids(tmp_path):
    """The trials of dat.yusuf1985 have two called Barber, which only its column id tells apart."""
    path, _ = sheet(tmp_path, [*ROW, "1.4"], [*ROW[:2], "7.5", *ROW[3:], "2.1"], head=[*HEAD, "id"])
    data = empty_review(tmp_path)
    found = faults(data, path, *OPTIONS, "--yes")
    assert len(found) == 1 and "a column that tells them apart: --map COLUMN=id." in found[0]
    assert add(data, path, *OPTIONS, "--yes", "--map", "id=id").exit_code == 0
    assert [path.name for path in sorted((data / "raw").iterdir())] == ["1.4", "2.1"]


def test_a_table_without_a_column_of_figures_is_one_fault_and_no_list_of_its_rows(tmp_path):
    path, _ = sheet(tmp_path, ["Invented 2001", 3], ["Untrue 2002", 4], head=["study", "xt"])
    result = add(empty_review(tmp_path), path, *OPTIONS, "--yes")
    assert len(result.exception.faults) == 1
    assert "no column of figures among study, xt" in str(result.exception.faults[0])
    assert "left out, it has no figures" not in result.output
