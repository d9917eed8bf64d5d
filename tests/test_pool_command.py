"""trochlea pool, from a file to the screen, to JSON and to a file."""

import csv
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis.effects import MEASURES
from analysis.faults import InputError
from analysis.pooling import leave_one_out, pool
from flows.commands.pool import command
from flows.pool import table
from tests.metafor_answers import BCG, CORRELATIONS, MODELS, UNIVARIATE

KEYS = ["group", "k", "measure", "tau2_method", "test", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2",
        "tau2_ci", "i2", "h2", "q", "q_df", "q_p_value", "pi_low", "pi_high", "status"]
REGRESSIONS = [pytest.param(case, id=case["id"]) for case in MODELS
               if case["kind"] == "meta_regression" and case["input"]["test"] == "z"]
HOSTILE = "<script>alert(1)</script>'; DROP TABLE study;--"


def write(folder, header, rows):
    """Write a CSV file and return its path."""
    path = folder / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def run(*arguments):
    """Run the command and return what it prints."""
    outcome = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def analyses(*arguments):
    """Run the command with --json and return its analyses."""
    return json.loads(run(*arguments, "--json"))["analyses"]


def faults(*arguments):
    """Run the command on bad input and return every fault as a line."""
    with pytest.raises(InputError) as raised:
        CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    return [str(fault).split(": ", 1)[1] if fault.line is None else str(fault).split(".csv ", 1)[1]
            for fault in raised.value.faults]


def effects_file(folder, case, **columns):
    """Write yi, vi and further columns of a case."""
    rows = zip(case["yi"], case["vi"], *columns.values(), strict=True)
    return write(folder, ["yi", "vi", *columns], rows)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in UNIVARIATE])
@pytest.mark.parametrize("method", ["FE", "DL", "REML"])
def test_the_numbers_of_metafor_come_out_of_the_command(tmp_path, case, method):
    """univariate.json, metafor 3.8-1."""
    expected = next(fit for fit in case["fits"] if (fit["method"], fit["test"]) == (method, "z"))
    found, = analyses(effects_file(tmp_path, case), "--tau2", method, "--test", "z")
    names = {"estimate": "estimate", "se": "se", "tau2": "tau2", "I2": "i2", "Q": "q", "ci_low": "ci_low"}
    for name, ours in names.items():
        assert_allclose(found[ours], expected[name], rtol=2e-8, err_msg=name)


def test_an_analysis_has_the_promised_keys_in_their_order(tmp_path):
    found, = analyses(effects_file(tmp_path, BCG))
    assert list(found) == KEYS
    assert len(found["tau2_ci"]) == 2
    assert [found[name] for name in ("group", "measure", "k", "q_df", "status")] == [None, None, 13, 12, ["ok"]]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in MODELS if case["kind"] == "escalc"])
def test_raw_columns_become_the_effects_of_metafor(tmp_path, case):
    """models.json; a risk difference with a zero cell keeps its estimate here, so that row is left out."""
    names = ("m1", "sd1", "n1", "m2", "sd2", "n2") if "m1" in case["input"] else ("a", "n1", "c", "n2")
    measure = case["input"]["measure"]
    rows = list(zip(*(case["input"][name] for name in names), strict=True))
    path = write(tmp_path, MEASURES[measure].inputs, rows)
    found, = analyses(path, "--measure", measure, "--effects")
    kept = [i for i, row in enumerate(rows) if measure != "RD" or row[0] > 0]
    for name in ("yi", "vi"):
        assert_allclose([found["effects"][i][name] for i in kept], [case["answer"][name][i] for i in kept], rtol=1e-12)
    assert_allclose(sum(row["weight"] for row in found["effects"]), 100, rtol=1e-12)


def test_correlations_become_the_effects_of_metafor(tmp_path):
    path = write(tmp_path, ["ri", "ni"], zip(CORRELATIONS["ri"], CORRELATIONS["ni"], strict=True))
    found, = analyses(path, "--measure", "ZCOR", "--effects")
    assert_allclose([row["vi"] for row in found["effects"]], CORRELATIONS["ZCOR"]["vi"], rtol=1e-13)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['kind']}-{case['id']}")
                                  for case in MODELS if case["kind"] in ("mantel_haenszel", "peto")])
def test_tables_are_pooled_as_metafor_pools_them(tmp_path, case):
    columns = case["input"]
    path = write(tmp_path, ["ai", "n1i", "ci", "n2i"],
                 zip(columns["a"], columns["n1"], columns["c"], columns["n2"], strict=True))
    options = ["--pooling", "PETO"] if case["kind"] == "peto" else ["--pooling", "MH", "--measure", columns["measure"]]
    found, = analyses(path, *options)
    for name, expected in case["answer"].items():
        assert_allclose(found[name.lower()], expected, rtol=1e-12, err_msg=name)


def test_standard_errors_serve_as_well_as_variances(tmp_path):
    by_se = write(tmp_path, ["yi", "sei"], [(yi, vi**0.5) for yi, vi in zip(BCG["yi"], BCG["vi"], strict=True)])
    assert_allclose(analyses(by_se)[0]["estimate"], pool(BCG["yi"], BCG["vi"]).estimate, rtol=1e-12)


def test_each_group_is_its_own_analysis_wherever_its_rows_stand(tmp_path):
    groups = ["late" if i % 3 else "early" for i in range(13)]
    first, second = analyses(effects_file(tmp_path, BCG, group=groups))
    assert (first["group"], second["group"]) == ("early", "late")
    early = [i for i in range(13) if i % 3 == 0]
    alone = pool([BCG["yi"][i] for i in early], [BCG["vi"][i] for i in early])
    assert (first["k"], first["estimate"], first["tau2"]) == (5, alone.estimate, alone.tau2)


def test_what_else_was_asked_for_comes_in_the_order_of_the_rows(tmp_path):
    names = [f"invented {i}" for i in range(13)]
    found, = analyses(effects_file(tmp_path, BCG, study=names), "--leave-one-out", "--cumulative")
    batch = leave_one_out(BCG["yi"], BCG["vi"])
    assert [row["study"] for row in found["leave_one_out"]] == names
    assert [row["estimate"] for row in found["leave_one_out"]] == batch.estimate.tolist()
    assert found["cumulative"][-1]["estimate"] == found["estimate"]
    assert found["cumulative"][0]["tau2"] is None


@pytest.mark.parametrize("case", REGRESSIONS)
def test_moderators_give_the_coefficients_of_metafor(tmp_path, case):
    """models.json."""
    moderators, expected = case["input"]["moderators"], case["answer"]
    options = ["--moderator", *moderators]
    found, = analyses(effects_file(tmp_path, case["input"], **moderators), "--test", "z", *options)
    assert [row["name"] for row in found["coefficients"]] == expected["names"]
    assert_allclose([row["estimate"] for row in found["coefficients"]], expected["beta"], rtol=1e-9)
    assert_allclose([found[name] for name in ("qe", "qm", "r2", "i2")],
                    [expected[name] for name in ("QE", "QM", "R2", "I2")], rtol=1e-9, atol=1e-10)
    assert (found["estimate"], found["status"][0]) == (None, "moderators")
    apart = [word for name in moderators for word in ("--moderator", name)]
    assert analyses(effects_file(tmp_path, case["input"], **moderators), "--test", "z", *apart) == [found]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in UNIVARIATE])
def test_small_studies_are_asked_about_as_metafor_asks(tmp_path, case):
    """univariate.json extra; trim and fill is held tighter in test_robustness."""
    found, = analyses(effects_file(tmp_path, case), "--small-study", "--influence", "--test", "z")
    small, expected = found["small_study"], case["extra"]
    assert_allclose(small["egger"]["statistic"], expected["egger"]["statistic"], rtol=1e-9)
    assert_allclose(small["begg"]["p_value"], expected["begg"]["pvalue"], rtol=1e-9)
    assert (small["trim_and_fill"]["k0"], small["trim_and_fill"]["side"]) == (
        expected["trimfill"]["k0"], expected["trimfill"]["side"])
    assert_allclose([row["tau2"] for row in found["influence"]], expected["leave1out"]["tau2"], rtol=1e-6, atol=1e-7)


def test_a_moderator_must_be_there_and_whole(tmp_path):
    path = effects_file(tmp_path, BCG, dose=[1, 2, "", "high", *range(9)])
    assert "the column is missing" in faults(path, "--moderator", "age")[0]
    empty, word = faults(path, "--moderator", "dose")
    assert empty.startswith("line 4, dose: the cell is empty")
    assert word.startswith("line 5, dose:") and "'high'" in word
    constant = effects_file(tmp_path, BCG, dose=[1] * 13)
    assert "the same in every study" in faults(constant, "--moderator", "dose")[0]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_everything_asked_of_few_studies_gives_an_answer_or_null(tmp_path, k):
    path = write(tmp_path, ["yi", "vi"], list(zip(BCG["yi"], BCG["vi"], strict=True))[:k])
    asked = ("--small-study", "--influence", "--leave-one-out", "--cumulative", "--effects", "--prediction")
    found, = analyses(path, *asked)
    assert (found["k"], len(found["leave_one_out"]), len(found["cumulative"])) == (k, k if k > 1 else 0, k)
    assert run(path, *asked).startswith(f"{k} stud")


def test_a_missing_value_leaves_its_row_out_and_says_so(tmp_path):
    rows = [("a", 0.1, 0.02), ("b", "", 0.04), ("c", 0.5, "NA"), ("d", 0.2, 0.03)]
    found, = analyses(write(tmp_path, ["study", "yi", "vi"], rows))
    assert (found["k"], found["status"][-1]) == (2, "rows-left-out")
    assert [(row["line"], row["study"], row["code"]) for row in found["left_out"]] == [(3, "b", "missing"),
                                                                                        (4, "c", "missing")]


def test_a_table_without_events_is_left_out_of_a_ratio_and_kept_for_a_difference(tmp_path):
    path = write(tmp_path, ["ai", "n1i", "ci", "n2i"], [(3, 10, 5, 10), (0, 10, 0, 10), (2, 10, 6, 10)])
    ratio, = analyses(path, "--measure", "OR")
    difference, = analyses(path, "--measure", "RD")
    assert (ratio["k"], ratio["left_out"][0]["code"], difference["k"]) == (2, "no-events", 3)


def test_a_group_without_any_usable_row_is_still_reported(tmp_path):
    path = write(tmp_path, ["group", "yi", "vi"], [("x", "", ""), ("y", 0.1, 0.1)])
    empty, one = analyses(path)
    assert (empty["k"], empty["estimate"], empty["status"]) == (0, None, ["no-studies", "rows-left-out"])
    assert (one["k"], one["tau2"], one["tau2_ci"], one["status"][0]) == (1, None, None, "one-study")


def test_every_bad_cell_is_named_at_once(tmp_path):
    path = write(tmp_path, ["study", "yi", "vi"], [
        ("a", "0,5", "0.1"), ("b", "=1+1", "0.1"), ("c", "0.1", "0"), ("d", "0.1", "-2"), ("e", "inf", "0.1"),
        ("\x1b[31mred", "0.1", "0.1"), ("g", "1e999", "0.1"), ("h", "1_0", "0.1")])
    lines = [fault.split(":")[0] for fault in faults(path)]
    assert lines == ["line 2, yi", "line 3, yi", "line 4, vi", "line 5, vi", "line 6, yi", "line 7, study",
                     "line 8, yi", "line 9, yi"]
    path = write(tmp_path, ["study", "yi", "vi"], [("c", "0.1", "0"), ("d", "0.1", "-2"), ("e", "1", "1")])
    assert faults(path) == ["line 2, vi: 0. vi is above 0.", "line 3, vi: -2. vi is above 0."]


@pytest.mark.parametrize("row, words", [
    ((14, 12, 3, 10), "There are more events than people"), ((-1, 12, 3, 10), "A number of events is below 0"),
    ((0, 0, 3, 10), "A group has fewer than one person"), ((1.5, 12, 3, 10), "no whole number"),
])
def test_a_table_that_cannot_be_is_refused_with_its_line(tmp_path, row, words):
    path = write(tmp_path, ["ai", "n1i", "ci", "n2i"], [(3, 10, 5, 10), row])
    fault, = faults(path, "--measure", "RR")
    assert fault.startswith("line 3, ai, n1i, ci, n2i: ") and words in fault


@pytest.mark.parametrize("content, words", [
    (b"", "no rows"), (b"yi,vi\n", "no rows"), (b"yi,vi\n1,\xff\n", "is no UTF-8"),
    (b"yi,vi\n1,2,3\n", "3 cells under 2 columns"), (b"yi,yi,vi\n1,1,1\n", "the column stands twice"),
    (b"yi;vi\n1;2\n", "parted by semicolons"), (b'yi,vi\n"1,2\n', "it is not CSV"),
    (b"yi,vi\n1\x00,2\n", "cannot be printed"), (b"y,v\n1,2\n", "no columns that hold effects"),
    (b"group,yi,vi\n,1,2\n", "the cell is empty"), (b"yi,vi\n1e300,1e-300\n2,1\n", "double precision"),
])
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert any(words in fault for fault in faults(path))


def test_raw_columns_without_a_measure_name_the_measures_that_fit(tmp_path):
    path = write(tmp_path, ["ai", "n1i", "ci", "n2i"], [(3, 10, 5, 10)])
    fault, = faults(path)
    assert fault.endswith("For the columns there, add --measure with one of OR, PETO, RD, RR.")


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path):
    assert faults(tmp_path / "none.csv") == ["no such file. Name a CSV or Parquet file."]


def test_a_table_from_standard_input_or_a_pipe_is_that_of_its_file(tmp_path):
    path = effects_file(tmp_path, BCG)
    expected, content = run(path), path.read_text()
    assert CliRunner().invoke(command, ["-"], input=content).output == expected
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(content,))
    writer.start()
    assert run(tmp_path / "pipe") == expected
    writer.join()


@pytest.mark.parametrize("content, words", [
    (b"", "standard input: no rows."), (b"yi,vi\n1,x\n", "standard input line 2, vi: found 'x'."),
    (b"PAR1\0", "standard input: Parquet. Parquet is read from a file whose name ends in .parquet."),
    (b"yi,vi\n1,\xff\n", "standard input line 2: byte 0xff is no UTF-8."),
    (b"yi,vi\n" + b"1,2\n" * 50, "standard input: more than 100 bytes. Write a larger table as Parquet, into a file."),
])
def test_what_comes_from_a_pipe_is_held_to_what_files_are(content, words, monkeypatch):
    monkeypatch.setattr(table, "LARGEST", 100)
    error = CliRunner().invoke(command, ["-"], input=content).exception
    assert isinstance(error, InputError) and any(words in str(fault) for fault in error.faults)


def test_a_file_is_held_to_the_same_size_and_a_device_is_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "LARGEST", 100)
    assert "more than 100 bytes" in faults(effects_file(tmp_path, BCG))[0]
    assert faults(Path("/dev/null")) == ["no ordinary file. Name a CSV or Parquet file."]


@pytest.mark.parametrize("options, words", [
    (["--pooling", "MH"], "--pooling MH needs --measure"), (["--out", "x.xlsx"], "--out ends in .csv or .parquet"),
    (["--pooling", "PETO", "--measure", "RR"], "gives an odds ratio"), (["--tau2", "reml2"], "is not one of"),
    (["--level", "95"], "is not in the range"), (["another.csv"], "unexpected argument: 'another.csv'"),
    (["--pooling", "PETO", "--small-study"], "go with --pooling IV"),
])
def test_options_that_do_not_fit_are_refused(tmp_path, options, words):
    outcome = CliRunner().invoke(command, [str(effects_file(tmp_path, BCG)), *options])
    assert outcome.exit_code == 2
    assert words in outcome.output


def test_a_hostile_name_stays_text(tmp_path):
    names = [HOSTILE, *(f"invented {i}" for i in range(12))]
    path = effects_file(tmp_path, BCG, study=names)
    assert analyses(path, "--effects")[0]["effects"][0]["study"] == HOSTILE
    assert HOSTILE in run(path, "--effects")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_results_written_to_a_file_are_those_of_the_json(tmp_path, kind):
    path = effects_file(tmp_path, BCG, group=["a", "b"] * 6 + ["c"])
    expected, out = analyses(path), tmp_path / f"out.{kind}"
    assert run(path, "--out", out) == ""
    rows = pq.read_table(out).to_pylist() if kind == "parquet" else list(csv.DictReader(out.open(encoding="utf-8")))
    assert [float(row["estimate"]) for row in rows] == [analysis["estimate"] for analysis in expected]
    assert float(rows[0]["tau2_ci_high"]) == expected[0]["tau2_ci"][1]
    assert rows[2]["tau2"] in (None, "")
    assert rows[2]["status"] == " ".join(expected[2]["status"])
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_parquet_is_read_like_csv(tmp_path):
    path = tmp_path / "effects.parquet"
    pq.write_table(pa.table({"yi": BCG["yi"], "vi": BCG["vi"], "group": pa.array([1] * 6 + [2] * 7)}), path)
    by_csv = analyses(effects_file(tmp_path, BCG, group=[1] * 6 + [2] * 7))
    assert analyses(path) == by_csv


def test_a_file_that_only_claims_to_be_parquet_is_refused(tmp_path):
    path = tmp_path / "bad.parquet"
    path.write_bytes(b"yi,vi\n1,2\n")
    assert "it is not Parquet" in faults(path)[0]


def test_the_screen_says_what_each_number_is(tmp_path):
    """Rounded values of the BCG trials: univariate.json, REML, knha."""
    text = run(effects_file(tmp_path, BCG), "--measure", "RR", "--prediction")
    assert "13 studies, random effects (REML), Hartung-Knapp interval" in text
    assert "risk ratio       0.4894  95 % interval 0.3301 to 0.7257" in text
    assert "95 % prediction interval 0.1359 to 1.763" in text


def test_the_command_starts_without_the_heavy_libraries(tmp_path):
    path = effects_file(tmp_path, BCG)
    heavy = ("pandas", "prefect", "scipy.stats", "duckdb", "pyarrow", "statsmodels")
    program = ("import sys; from click.testing import CliRunner; from flows.commands.pool import command;"
               f"CliRunner().invoke(command, [{str(path)!r}]); print([m for m in {heavy} if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_results_never_overwrite_the_table_they_come_from(tmp_path):
    path = tmp_path / "effects.csv"
    path.write_text("yi,vi\n1,0.1\n2,0.2\n")
    result = CliRunner().invoke(command, [str(path), "--out", str(path)])
    assert result.exit_code == 2 and "another one" in result.output
    assert path.read_text() == "yi,vi\n1,0.1\n2,0.2\n"


def test_a_variance_that_is_not_the_square_of_its_standard_error_is_a_fault(tmp_path):
    path = tmp_path / "effects.csv"
    path.write_text("yi,vi,sei\n1,0.04,0.2\n2,0.3,0.3\n")
    with pytest.raises(InputError, match="line 3, sei: 0.3 beside a vi of 0.3. vi is the square of sei; keep one"):
        CliRunner().invoke(command, [str(path)], catch_exceptions=False)


def test_a_number_without_value_names_no_group(tmp_path):
    path = tmp_path / "effects.parquet"
    pq.write_table(pa.table({"yi": [1.0, 2.0], "vi": [0.1, 0.2], "group": [1.0, float("nan")]}), path)
    with pytest.raises(InputError, match="Every row belongs to a group"):
        CliRunner().invoke(command, [str(path)], catch_exceptions=False)


def test_a_level_that_is_no_number_is_refused(tmp_path):
    path = tmp_path / "effects.csv"
    path.write_text("yi,vi\n1,0.1\n2,0.2\n")
    assert CliRunner().invoke(command, [str(path), "--level", "nan"]).exit_code == 2


def test_what_cannot_be_estimated_is_said_and_not_printed_as_a_number(tmp_path):
    path = tmp_path / "invented.csv"
    path.write_text("study,ai,n1i,ci,n2i\na,10,10,7,7\nb,13,13,29,29\n")
    shown = CliRunner().invoke(command, [str(path), "--measure", "RR", "--pooling", "MH"]).output
    assert "risk ratio  no estimate" in shown and "everybody has one" in shown and " inf" not in shown
