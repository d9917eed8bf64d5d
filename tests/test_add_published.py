"""Published tables come in by `trochlea add`, in every form, and pool to what metafor makes of them."""

import csv
import json
import re

import openpyxl
import pytest
from numpy.testing import assert_allclose

from tests.adding import REFERENCE, SAID, add, empty_review, pool

METAFOR = json.loads((REFERENCE / "published.json").read_text())["answers"]
DEATH = (*SAID, "--outcome", "death")
TABLES = {
    "bcg": ("bcg.csv", (*DEATH, "--yes")),
    "normand1999": ("normand1999.csv", (*DEATH, "--instrument", "days", "--map", "source=study", "--map", "study=-")),
    "normand1999-smd": ("normand1999.csv", (*DEATH, "--map", "source=study", "--map", "study=-")),
    "hine1989": ("hine1989.csv", (*DEATH, "--map", "source=study")),
    "li2007": ("li2007.csv", DEATH),
    "bangertdrowns2004": (
        "bangertdrowns2004.csv",
        (*DEATH, "--measure", "SMD", "--map", "id=study", "--map", "author=-"),
    ),
    "molloy2014": ("molloy2014.csv", (*DEATH, "--measure", "COR", "--map", "authors=study", "--map", "design=-")),
}


def assert_as_metafor(result, name):
    """Estimate, standard error, tau2 and interval agree to a relative 1e-8, which is the tighter fit of the two."""
    answer, pooled = METAFOR[name], result.pooled
    assert pooled.k == answer["k"]
    for key in ("estimate", "se", "ci_low", "ci_high"):
        assert_allclose(getattr(pooled, key), answer[key], rtol=1e-8)
    assert_allclose(pooled.tau2, answer["tau2"], rtol=1e-7, atol=1e-12)


def as_sheet(source, target, title=None, merged=False):
    """Write a CSV file as a workbook, its figures as numbers; under a title or below merged headings if asked."""
    rows = [[number(cell) for cell in row] for row in csv.reader(source.open(encoding="utf-8"))]
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    for row in merged_head(rows[0]) + rows[1:] if merged else rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells("C1:E1")
        sheet.merge_cells("F1:H1")
    book.save(target)
    return target


def merged_head(names):
    return [
        ["Nr", "Study", "Experimental", None, None, "Control", None, None],
        [None, None, "N", "Mean", "SD", "N", "Mean", "SD"],
    ]


def number(text):
    try:
        return float(text)
    except ValueError:
        return None if text == "NA" else text


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_metafors_columns_pools_to_metafors_figures(name, tmp_path):
    file, options = TABLES[name]
    data = empty_review(tmp_path)
    result = add(data, REFERENCE / file, *options)
    assert result.exit_code == 0, result.exception
    assert_as_metafor(pool(data, METAFOR[name]["measure"]), name)


def test_a_table_with_an_arm_a_row_pools_to_metafors_figures(tmp_path):
    """Twenty-six trials in long form; the two arms that are asked for (metadat, dat.senn2013)."""
    data = empty_review(tmp_path)
    arms = {row["treatment"] for row in csv.DictReader((REFERENCE / "senn2013.csv").open())}
    named = [f"--arm={arm}={dict(metformin='new', placebo='old').get(arm, arm)}" for arm in sorted(arms)]
    result = add(
        data,
        REFERENCE / "senn2013.csv",
        *named,
        *SAID[4:],
        "--outcome=death",
        "--instrument=days",
        "--add-to-vocabulary",
        "--map",
        "comment=-",
    )
    assert result.exit_code == 0, result.exception
    assert_as_metafor(pool(data, "MD"), "senn2013")


@pytest.mark.parametrize("form", ["plain", "under a title", "below merged headings"])
def test_the_same_table_as_a_workbook_pools_to_the_same_figures(form, tmp_path):
    data, options = empty_review(tmp_path), [*DEATH, "--instrument=days", "--map", "source=study", "--map", "study=-"]
    source, target = REFERENCE / "normand1999.csv", tmp_path / "normand.xlsx"
    if form == "under a title":
        as_sheet(source, target, title="Table 1. Length of stay")
        options += ["--header-row", "2"]
    elif form == "below merged headings":
        as_sheet(source, target, merged=True)
        options = [*DEATH, "--instrument=days"]
    else:
        as_sheet(source, target)
    result = add(data, target, *options)
    assert result.exit_code == 0, result.exception
    assert_as_metafor(pool(data, "MD"), "normand1999")
    assert "Sheet, row" in (data / "raw" / "edinburgh" / "arms.csv").read_text()


REVIEW = ("--design", "rct", "--curator", "Test", "--citation", "Cited")
GROUPS = {
    "published.rm5": ("--arm", "BCG vaccine=new", "--arm", "No vaccine=old", "--arm", "Specialised care=new",
                      "--arm", "Routine care=old"),
    "published-data-rows.csv": ("--arm", "experimental=new", "--arm", "control=old", "--scale", "log"),
}  # fmt: skip


@pytest.mark.parametrize("file", GROUPS)
@pytest.mark.parametrize(
    "outcome, analysis, measure, name",
    [("death", "1.1", "RR", "bcg"), ("death", "1.2", "RR", "bcg"), ("stay", "2.1", "MD", "normand1999")],
)
def test_a_revman_file_pools_to_metafors_figures(file, outcome, analysis, measure, name, tmp_path):
    """Events, ratios by their logarithms, and means; studies without data are RevMan's rows of zeros."""
    data = empty_review(tmp_path)
    options = [
        f"--outcome={analysis}={outcome}",
        "--leave-out-others",
        "--instrument=2.1=days",
        "--measure=RR",
        *GROUPS[file],
        *REVIEW,
    ]
    result = add(data, REFERENCE / file, *options)
    assert result.exit_code == 0, result.exception
    assert_as_metafor(pool(data, measure, outcome), name)
    if file == "published.rm5" and analysis != "1.2":
        assert "a group of 0 people stands for no data" in result.output


def test_ratios_that_revman_only_shows_pool_to_metafors_figures(tmp_path):
    """Without ESTIMATE, the ratio itself is there in EFFECT_SIZE; it is printed to ten digits."""
    text = re.sub(r' ESTIMATE="[^"]*"', "", (REFERENCE / "published.rm5").read_text(encoding="utf-8"))
    (tmp_path / "published.rm5").write_text(text, encoding="utf-8")
    data = empty_review(tmp_path)
    options = ["--outcome=1.2=death", "--leave-out-others", *GROUPS["published.rm5"], *REVIEW]
    assert add(data, tmp_path / "published.rm5", *options).exit_code == 0
    assert_as_metafor(pool(data, "RR"), "bcg")


def test_a_revman_file_comes_in_whole_with_its_references(tmp_path):
    data = empty_review(tmp_path)
    options = ["--outcome=1.1=death", "--outcome=1.2=-", "--outcome=2.1=stay", "--instrument=2.1=days"]
    result = add(data, REFERENCE / "published.rm5", *options, *GROUPS["published.rm5"], *REVIEW[:4])
    assert result.exit_code == 0, result.exception
    text = (data / "raw" / "ferguson-and-simes-1949" / "metadata.toml").read_text()
    assert 'citation = "As tabled by Colditz GA and others. JAMA 1994;271:698-702"' in text
    assert 'label = "Ferguson & Simes 1949"' in text and "year = 1949" in text
    assert "Random allocation" in (data / "raw" / "ferguson-and-simes-1949" / "arms.csv").read_text()


def test_a_dataset_of_another_review_comes_in_as_it_is_with_its_words(tmp_path):
    theirs, ours = empty_review(tmp_path / "theirs"), empty_review(tmp_path / "ours")
    words = theirs / "protocol" / "vocabulary.toml"
    words.write_text(words.read_text() + '\n[treatments.magnesium]\nlabel = "intravenous magnesium"\n')
    options = ["--arm", "experimental=magnesium", "--arm", "control=old", *SAID[4:], "--outcome", "death"]
    assert add(theirs, REFERENCE / "li2007.csv", *options).exit_code == 0
    folder = theirs / "raw" / "morton-1984"
    assert add(ours, folder).exception.faults[0].found == "'magnesium' is no code of vocabulary.toml [treatments]"
    assert add(ours, folder, "--add-to-vocabulary").exit_code == 0
    for file in folder.iterdir():
        assert (ours / "raw" / "morton-1984" / file.name).read_bytes() == file.read_bytes()
    assert (
        '[treatments.magnesium]\nlabel = "intravenous magnesium"' in (ours / "protocol" / "vocabulary.toml").read_text()
    )
