"""The page that everything is found on, and that no page lets a script run."""

from dataclasses import replace

import pytest

from analysis.report import render
from analysis.report.a_to_z import a_to_z, letter
from analysis.report.trials import trials_of
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_run
from tests.report_checks import read_page

RUNS = {"bcg": bcg_run(), "invented": invented_run()}


@pytest.mark.parametrize("name", RUNS)
def test_every_trial_comparison_and_claim_is_found_on_one_page(name):
    files = render(RUNS[name])
    addresses = [address for address, _ in read_page(files["a-to-z.html"]).links]
    paths = [path for path in files if path.startswith(("trials/", "comparisons/")) and path.endswith(".html")]
    assert paths and set(paths) <= set(addresses)
    assert len([address for address in addresses if address.startswith("claims.html#")]) == len(RUNS[name].verdicts)


@pytest.mark.parametrize("name", RUNS)
def test_every_page_leads_to_it(name):
    for path, content in render(RUNS[name]).items():
        if path.endswith(".html"):
            root = "../" if "/" in path else ""
            assert f"{root}a-to-z.html" in [address for address, _ in read_page(content).links]


@pytest.mark.parametrize("name, expected", [("Éric 2001", "E"), ("van Dyk", "V"), ("2019 trial", "#"), ("", "#")])
def test_a_name_is_listed_under_its_letter_without_marks(name, expected):
    assert letter(name) == expected


def test_trials_stand_by_name_and_say_how_many_comparisons_they_enter():
    page = a_to_z(bcg_run(), trials_of(bcg_run()))
    assert [section.head for section in page.trials] == sorted(section.head for section in page.trials)
    aronson = next(entry for section in page.trials for entry in section.entries if entry.name == "Aronson 1948")
    assert aronson.words == "enters 1 question"


def test_comparisons_stand_under_what_they_measure_in_the_order_of_the_alphabet():
    results = bcg_run().comparisons
    cough = replace(results[0], comparison=replace(results[0].comparison, id="cough"), outcome_label="a cough")
    page = a_to_z(replace(bcg_run(), comparisons=(*results, cough)), ())
    assert [section.head for section in page.outcomes] == ["A cough", "Tuberculosis"]
