"""Cells that hold more than one figure: taken apart by a form that a person confirms, or refused in words."""

import csv
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.importing.numerals import Style
from analysis.importing.parts import form_of
from analysis.importing.source import SourceRow
from analysis.importing.values import check_percents
from tests.adding import SAID, add, empty_review, faults

EFFECT = ("--outcome=stay", "--measure=MD", "--level=0.95")


def table(folder, *rows):
    path = folder / "invented.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def rows_of(data, name, study="invented-2001"):
    return list(csv.DictReader((data / "raw" / study / f"{name}.csv").open(encoding="utf-8")))


def figures(data, name, *columns):
    return [tuple(row.get(column, "") for column in columns) for row in rows_of(data, name)]


GROUPS = [  # heading, cell, what a person confirms, the figures of the arm
    ("Hip", "5/20 (25%)", "events/n (%)", {"events": "5", "n": "20"}),
    ("Hip n/N (%)", "5/20 (25 %)", "events/n (%)", {"events": "5", "n": "20"}),
    ("Hip", "5/20", "events/n", {"events": "5", "n": "20"}),
    ("Hip", "5 of 20 [25.0]", "events/n (%)", {"events": "5", "n": "20"}),
    ("Hip", "25% (5/20)", "% (events/n)", {"events": "5", "n": "20"}),
    ("Hip", "12.3 (4.5)", "mean (sd)", {"mean": "12.3", "sd": "4.5"}),
    ("Hip", "12.3 [SD 4.5]", "mean (sd)", {"mean": "12.3", "sd": "4.5"}),
    ("Hip", "−12.3 ± 4.5", "mean ± sd", {"mean": "-12.3", "sd": "4.5"}),
    ("Hip", "12.3 +/- 4.5", "mean ± se", {"mean": "12.3", "se": "4.5"}),
    ("Hip", "12.3 (11.1 to 13.5)", "mean (ci_low to ci_high)", {"mean": "12.3", "ci_low": "11.1", "ci_high": "13.5"}),
    ("Hip", "12.3 [11.1–13.5]", "mean [ci_low - ci_high]", {"mean": "12.3", "ci_low": "11.1", "ci_high": "13.5"}),
    ("Hip", "12 (IQR 9, 15)", "median (q1 to q3)", {"median": "12", "q1": "9", "q3": "15"}),
    ("Hip", "12 (9-15)", "median (min - max)", {"median": "12", "min": "9", "max": "15"}),
]


@pytest.mark.parametrize("heading, cell, form, expected", GROUPS)
def test_a_cell_is_taken_apart_by_the_form_that_a_person_names(heading, cell, form, expected, tmp_path):
    data = empty_review(tmp_path)
    path = table(tmp_path, ["study", "arm", "N all", heading], ["Invented 2001", "new", 20, cell],
                 ["Invented 2001", "old", 20, cell])  # fmt: skip
    said = ["--map", f"{heading}={form}", *([] if "n" in expected else ["--map=N all=n"])]
    result = add(data, path, *SAID, "--outcome=stay", "--level=0.95", *said)
    assert result.exit_code == 0, result.exception
    assert [{key: row[key] for key in expected} for row in rows_of(data, "arms")] == [expected, expected]


def test_the_side_of_the_first_field_holds_for_the_rest_and_the_form_is_kept_to_be_repeated(tmp_path):
    data = empty_review(tmp_path)
    path = table(tmp_path, ["study", "Hip", "Knee"], ["Invented 2001", "5/20 (25%)", "0/22"])
    said = ["--map=Hip=experimental.events/n (%)", "--map=Knee=control.events/n (%)"]
    assert add(data, path, *SAID, "--outcome=death", *said).exit_code == 0
    assert figures(data, "arms", "events", "n") == [("5", "20"), ("0", "22")]
    kept = tomllib.loads((data / "raw" / "invented-2001" / "metadata.toml").read_text())["import"]["columns"]
    assert kept["Hip"] == "experimental.events/n (%)"
    newer = table(tmp_path, ["study", "Hip", "Knee"], ["Invented 2001", "6/20 (30%)", "0/22"])
    assert add(data, newer, "--like=invented-2001", "--update").exit_code == 0
    assert figures(data, "arms", "events", "n") == [("6", "20"), ("0", "22")]


@pytest.mark.parametrize("heads, cells, forms", [
    (("Hip, n/N (%)", "Knee, n/N (%)"), ("5/20 (25%)", "7/22 (32%)"), ("events/n (%)", "events/n (%)")),
    (("Experimental mean (SD)", "Control mean (SD)"), ("5.5 (1.5)", "6 (2)"), ("mean (sd)", "mean (sd)")),
    (("Hip mean (SE)", "Knee mean (SE)"), ("5.5 (1.5)", "6 (2)"), ("mean (se)", "mean (se)")),
    (("Hip mean ± SD", "Knee mean ± SD"), ("5.5 ± 1.5", "6±2"), ("mean ± sd", "mean ± sd")),
    (("Intervention median (IQR)", "Control median (IQR)"), ("5 (3 to 7)", "6 (4 to 8)"), ("median (q1 to q3)",) * 2),
    (("Intervention median (range)", "Control median (range)"), ("5 (3-7)", "6 (4-8)"), ("median (min - max)",) * 2),
])  # fmt: skip
def test_a_likely_form_is_a_guess_that_has_to_be_confirmed(heads, cells, forms, tmp_path):
    path = table(tmp_path, ["study", *heads], ["Invented 2001", *cells])
    found = faults(empty_review(tmp_path), path, *SAID, "--outcome=stay", "--level=0.95")
    assert [fault.rpartition("Say it with --map ")[2] for fault in found[:2]] == [
        f"'{head}={side}.{form}'." for head, side, form in zip(heads, ("experimental", "control"), forms, strict=True)
    ]


def test_of_an_effect_with_its_interval_the_measure_is_that_of_its_heading(tmp_path):
    data = empty_review(tmp_path)
    path = table(tmp_path, ["study", "OR (95% CI)"], ["Invented 2001", "2.1 (95% CI 1.4 to 3.2)"])
    found = faults(data, path, *SAID, "--outcome=death")
    assert [fault.rpartition("Say it with ")[2] for fault in found] == [
        "--map 'OR (95% CI)=estimate (ci_low to ci_high)'.", "--measure OR."
    ]  # fmt: skip
    assert add(data, path, *SAID, "--outcome=death", "--measure=OR", "--yes").exit_code == 0
    assert figures(data, "contrasts", "estimate", "ci_low", "ci_high", "level") == [("2.1", "1.4", "3.2", "0.95")]


def test_a_level_that_a_cell_states_is_its_own(tmp_path):
    data = empty_review(tmp_path)
    path = table(tmp_path, ["study", "MD"], ["Invented 2001", "2.1 (90% CI 1.0; 3.2)"])
    assert add(data, path, *SAID, *EFFECT, "--map=MD=estimate (ci_low to ci_high)").exit_code == 0
    assert figures(data, "contrasts", "ci_low", "level") == [("1.0", "0.9")]


@pytest.mark.parametrize("cell, n, sentence", [
    ("5 (30%)", 20, "5 of 20 with 30 % beside it, where it is 25 %. A count and its percentage agree; if the paper "
                    "prints both, keep the count and say it in note."),
    ("5 (25.1%)", 20, "5 of 20 with 25.1 % beside it, where it is 25 %. A count and its percentage agree; if the paper "
                      "prints both, keep the count and say it in note."),
    ("5 (225%)", 20, "found '225'. events_percent is at least 0 and at most 100."),
])  # fmt: skip
def test_a_percentage_that_contradicts_its_count_is_a_fault(cell, n, sentence, tmp_path):
    path = table(tmp_path, ["study", "arm", "n", "Died"], ["Invented 2001", "new", n, cell])
    found = faults(empty_review(tmp_path), path, *SAID, "--outcome=death", "--map=Died=events (%)")
    assert [fault.partition(": ")[2] for fault in found] == [sentence]


@given(events=st.integers(0, 400), free=st.integers(1, 400), digits=st.integers(0, 2))
def test_a_percentage_that_was_rounded_from_its_count_is_never_a_fault(events, free, digits):
    percent = f"{Decimal(100 * events) / (events + free):.{digits}f}"
    values = {"events": str(events), "n": str(events + free), "events_percent": percent}
    assert check_percents(values, SourceRow("", None, "", ()), Style()) == [] and "events_percent" not in values


def test_a_percentage_alone_is_refused_and_one_without_n_is_said(tmp_path):
    path = table(tmp_path, ["study", "arm", "n", "Died"], ["Invented 2001", "new", 20, "25"])
    found = faults(empty_review(tmp_path), path, *SAID, "--outcome=death", "--map=Died=events_percent", "--map=n=mean")
    assert found == ["invented.csv line 2: 25 % of people. A percentage has its count beside it, which is read."]


@pytest.mark.parametrize("cell", ["12.3 ± 4.5", "12.3 (SE 4.5)", "12.3", "12.3 (4.5", "12.3 (4.5)*", "4.5)",
                                  "(4.5)", "12.3 (4.5) (2)", "12.3 (4.5 to 6)", "abc (4.5)", "12.3 (<4.5)",
                                  "12.3 4.5"])  # fmt: skip
def test_a_cell_of_another_form_is_refused_at_its_address(cell, tmp_path):
    path = table(tmp_path, ["study", "arm", "n", "Mean"], ["Invented 2001", "new", 20, cell])
    found = faults(empty_review(tmp_path), path, *SAID, "--outcome=stay", "--map=Mean=mean (sd)")
    assert found == [f"invented.csv line 2, Mean: found {cell!r}. Each cell of this column is of the form mean (sd)."]


def test_what_is_missing_in_a_cell_is_missing(tmp_path):
    data = empty_review(tmp_path)
    path = table(tmp_path, ["study", "arm", "n", "Mean"], ["Invented 2001", "new", 20, "12.3 (NA)"],
                 ["Invented 2001", "old", 20, "12,3 (4,5)"])  # fmt: skip
    found = faults(data, path, *SAID, "--outcome=stay", "--map=Mean=mean (sd)")
    assert found[0].startswith("invented.csv line 3, Mean: found '12,3', with a comma. If it is a decimal comma")
    path.write_text(path.read_text().replace("12.3 (NA)", '"12,3 (NA)"'))
    result = add(data, path, *SAID, "--outcome=stay", "--map=Mean=mean (sd)")
    assert "Its figures have decimal commas: 12,5 is 12.5." in result.output
    assert figures(data, "arms", "mean", "sd") == [("12.3", ""), ("12.3", "4.5")]


@pytest.mark.parametrize("text", ["mean sd", "mean", "events/m", "mean (sd", "mean) sd(", "n/n", "mean (study)",
                                  "(%)", "mean\u0000(sd)", "((mean) sd)", "mean (sd) (se)",
                                  "x" * 5000, "-", "/", ""])  # fmt: skip
def test_what_describes_no_form_is_none(text):
    assert form_of(text) is None


def test_a_column_of_its_own_wins_over_a_form_that_would_be_a_guess(tmp_path):
    path = table(tmp_path, ["study", "arm", "n", "mean", "sd"], ["Invented 2001", "new", 20, "12.3 (4.5)", 4.5])
    assert faults(empty_review(tmp_path), path, *SAID, "--outcome=stay") == [
        "invented.csv line 2, mean: found '12.3 (4.5)', more than one figure. Cells that share a form are taken apart "
        "by it, such as --map 'COLUMN=mean (sd)'."
    ]
