"""Every row of the kept evidence list stands in data/raw once, with its numbers, signs and words, and no row more.

The list is tests/reference/evidence (its README says where it comes from).
"""

import csv
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

LISTED = Path(__file__).parent / "reference" / "evidence"
RAW = Path(__file__).parents[1] / "data" / "raw"

COUNTS = {"arms": 140, "contrasts": 116, "poolings": 82, "trials": 60, "other_studies": 70}
SAME_NAMES = {
    "arms": "followup_weeks value_type n mean sd ci_low ci_high events location seen_as",
    "contrasts": "followup_weeks value_type estimate ci_low ci_high level statistic statistic_value n_experimental "
    "n_control n_total location seen_as",
    "poolings": "window estimate ci_low ci_high level k n_total model location seen_as",
}
MERGED_TREATMENTS = {
    "education-exercise": "exercise-plus-education",
    "pfp-female": "pfp-females",
    "pain-free-female": "pain-free-females",
}
RECODED_TREATMENTS = {  # core work was added to other things than knee work, by the row's note or the trial's arms
    ("prieto-garcia-2021", "core-knee"): "core-hip-knee",
    ("ali-2021", "core-knee"): "core-hip",
}
LEDGER_CLASSES = {  # what the list calls an arm, in the vocabulary's finer words
    "hip": {"hip", "hip-targeted"},
    "knee": {"knee", "leg-press", "non-weight-bearing-knee-extension", "heavy-load"},
    "hip_knee": {"hip-knee"},
    "core_hip": {"core-hip", "core-knee", "core-physiotherapy"},
    "hip_adductor_plus_knee": {"hip-adductor-knee"},
    "education_control": {"education", "usual-care"},
}
WORDS_OF_DIRECTION = {  # the words of the row that say it
    "noehren-2013": ("higher", "greater in later PFP"),
    "raju-2024": ("higher", "best"),
    "prieto-garcia-2021": ("higher", "better"),
    "ali-2021": ("lower", "better"),
    "boling-2009-torque": ("lower", "PFP weaker"),
    "hong-2023": ("lower", "improvement 42% in exercise and 4% in control"),
    "bolgla-2008": ("lower", "less in pfp"),
    "draper-2009": ("higher", "in pfp"),
    "bmr-130447": ("lower", "weaker"),
    "loudon-2004": ("lower", "less pain in clinic group|favours exercise"),
}
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def listed(table: str) -> list[Row]:
    return read(LISTED / f"{table}.csv")


@cache
def typed(table: str) -> list[Row]:
    return [row | {"folder": path.parent.name} for path in sorted(RAW.glob(f"*/{table}.csv")) for row in read(path)]


@cache
def metadata(folder: str) -> dict:
    return tomllib.loads((RAW / folder / "metadata.toml").read_text(encoding="utf-8"))


def source_of(row: Row) -> str:
    """The study or review of a row of the list, as an id of data/raw."""
    return row.get("study_id") or row["review_id"].replace("_", "-")


def folder_of(row: Row) -> str:
    """One folder is one source: the 12-month figures of hott-2019 stand in the paper that printed them."""
    twelve_months = source_of(row) == "hott-2019" and row["followup_weeks"] == "52"
    return "hott-2020" if twelve_months else source_of(row)


def treatment(row: Row, column: str) -> str:
    code = re.sub("[^a-z0-9]+", "-", row[column].lower()).strip("-")
    code = MERGED_TREATMENTS.get(code, code)
    return RECODED_TREATMENTS.get((source_of(row), code), code)


def joined(*words: str) -> str:
    return "; ".join(word for word in words if word)


def detail(printed: Row, found: Row) -> str:
    """The printed words that the codes of outcome and instrument are not themselves."""
    return joined(*(printed[name] for name in ("outcome", "instrument") if printed[name] != found.get(name, "")))


def expected(table: str, printed: Row, found: Row) -> Row:
    """The cells that a row of the list must have in data/raw."""
    cells = {name: printed[name] for name in SAME_NAMES[table].split()} | {"folder": folder_of(printed)}
    cells |= {name: treatment(printed, name) for name in ("arm", "experimental", "control") if name in printed}
    cells |= words_moved_to_the_note(printed)
    if table == "poolings":
        cells["outcome_as_printed"], cells["i2"] = printed["outcome"], printed["i2_percent"]
        return cells | {"review": source_of(printed)}
    return cells | {"study": source_of(printed), "detail": detail(printed, found)}


def words_moved_to_the_note(printed: Row) -> Row:
    """A P that is no number, and what a slope is a slope of, follow the words of the note."""
    p_value, measure = printed.get("p_value", ""), printed.get("measure", "")
    p_in_words = "" if re.fullmatch(r"[<>]?0?\.\d+", p_value) else p_value
    slope = measure if ":" in measure else ""
    return {
        "p_value": "" if p_in_words else p_value,
        "measure": measure.partition(":")[0],
        "note": joined(printed["note"], p_in_words, slope),
    }


def matches(table: str, printed: Row) -> list[int]:
    """The lines of data/raw that are this row of the list, cell by cell."""
    return [
        number
        for number, found in enumerate(typed(table))
        if found["folder"] == folder_of(printed)
        and all(found.get(name, "") == cell for name, cell in expected(table, printed, found).items())
    ]


@pytest.mark.parametrize("table", ["arms", "contrasts", "poolings"])
def test_every_row_of_the_list_is_typed_once_with_every_number_and_word(table):
    found = [matches(table, printed) for printed in listed(table)]
    assert [listed(table)[i] for i, lines in enumerate(found) if len(lines) != 1] == []
    assert len({lines[0] for lines in found}) == len(typed(table)) == COUNTS[table]


@pytest.mark.parametrize("table", COUNTS)
def test_the_list_has_as_many_rows_as_it_says(table):
    assert len(listed(table)) == COUNTS[table]


def test_the_folders_are_the_sources_of_the_list_and_one_conference_report():
    rows = [row for table in COUNTS for row in listed(table)]
    assert {path.name for path in RAW.iterdir()} == {source_of(row) for row in rows}
    conference = metadata("hansen-2023-conference")
    assert conference["study"]["same_people_as"] == "hansen-2023"


@pytest.mark.parametrize("table", ["arms", "contrasts"])
def test_a_study_has_the_design_of_its_rows(table):
    allowed = {"rct": {"rct", "cluster-rct"}}
    for row in listed(table):
        design = metadata(folder_of(row))["study"]["design"]
        assert design in allowed.get(row["design"], {row["design"]}), row["study_id"]


@pytest.mark.parametrize("trial", listed("trials"), ids=source_of)
def test_nothing_of_the_ledger_of_trials_is_lost(trial):
    source, study = metadata(trial["study_id"])["source"], metadata(trial["study_id"])["study"]
    for name in ("citation", "doi", "pmid", "pmcid", "registration"):
        assert source.get(name, "") == trial[name]
    for name in ("country", "population", "follow_ups", "status", "n_randomised"):
        assert str(study.get(name, "")) == trial[name]
    assert study["design_as_printed"] == trial["design"]
    assert study.get("note", "").startswith(trial["note"])


@pytest.mark.parametrize("trial", listed("trials"), ids=source_of)
def test_every_arm_of_the_ledger_keeps_its_words_size_and_dose(trial):
    arms = metadata(trial["study_id"]).get("arms", [])
    for printed, arm in zip(json.loads(trial["arms"]), arms, strict=True):
        assert arm["id"] == printed.get("arm_id", printed.get("id"))
        assert (arm["label"], arm.get("n_randomised")) == (printed["label"], printed.get("n"))
        assert arm.get("dose", {}) == dose_of(printed)
        assert_class_kept(arm["treatment"], printed["class"].replace("-", "_"))


def dose_of(printed: dict) -> dict[str, str]:
    """The dose of an arm of the ledger, which stands beside the arm's other words in some trials."""
    names = ("weeks", "sessions", "sessions_per_week", "sets", "reps", "months", "then")
    given = printed.get("dose", printed)
    dose = {name: str(given[name]) for name in names if given.get(name) is not None}
    if "months" in dose:
        dose["note"] = f"{dose.pop('months')} months"
    if "then" in dose:
        dose["note"] = f"then {dose.pop('then')}"
    return dose


def assert_class_kept(code: str, printed: str) -> None:
    """The ledger's classes are kept or made finer; its class `other` says nothing to keep."""
    if printed != "other":
        assert code in LEDGER_CLASSES.get(printed, {printed.replace("_", "-")})


@pytest.mark.parametrize("study", listed("other_studies"), ids=source_of)
def test_nothing_of_the_list_of_other_studies_is_lost(study):
    found = metadata(study["study_id"])
    assert found["source"]["citation"] == study["citation"]
    assert found["source"].get("doi", "") == study["doi"]
    assert found["study"]["design_as_printed"] == study["design"]


def test_a_study_awaits_extraction_exactly_when_the_list_has_no_row_of_it():
    with_rows = {folder_of(row) for table in ("arms", "contrasts", "poolings") for row in listed(table)}
    for folder in (path.name for path in RAW.iterdir()):
        status = metadata(folder)["study"]["status"]
        assert status == "same-trial" or (status == "extracted") == (folder in with_rows)


def test_every_citation_and_doi_of_a_review_is_kept():
    for row in listed("poolings"):
        found = metadata(source_of(row))
        assert row["citation"] in (found["source"]["citation"], found["study"].get("note", "").partition(": ")[2])
        assert found["source"].get("doi", "") == row["doi"]


def test_a_direction_is_typed_only_where_the_row_says_it_in_words():
    rows = [row for row in typed("contrasts") if row.get("direction")]
    assert {row["study"] for row in rows} == set(WORDS_OF_DIRECTION)
    for row in rows:
        direction, words = WORDS_OF_DIRECTION[row["study"]]
        assert row["direction"] == direction and re.search(words, row["note"]) and not row.get("estimate")


def test_subgroups_of_a_whole_that_is_typed_too_are_marked():
    marked = {(row["study"], row["subgroup"]) for row in typed("arms") + typed("contrasts") if row.get("subgroup")}
    whole = {("matthews-2020", f"{which} midfoot mobility") for which in ("high", "low")}
    assert marked == whole | {("neal-2018-running", "females")}
