"""The ledger: what awaited figures would do to an interval, in which order they stand, what a person is shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis.ledger import ledger
from analysis.report.awaited import awaited_studies, chance_words, expected_words, ledger_page, together_words
from analysis.report.links import places_of
from analysis.results import Arm, Awaited, ClaimPart, Expected, PartVerdict, Verdict
from analysis.synthesis.expecting import chance_of_direction, expect, people_compared
from flows.command import trochlea
from tests.fixtures_bcg import bcg_result
from tests.fixtures_invented import invented_datasets, invented_effect, invented_result, invented_run
from tests.metafor_answers import read

DATA = str(Path(__file__).parents[1] / "data")
EXPECTING = read("expecting.json")
BCG = bcg_result()
Z = replace(BCG.comparison, interval="z")


def bcg_with(sizes: list[int], interval: str = "z") -> Expected:
    return expect(replace(BCG.comparison, interval=interval), BCG.effects, BCG.pooled, sizes)


@pytest.mark.parametrize("sizes, name", [([100_000], "se_one"), ([100_000, 100_000], "se_two")])
def test_a_new_trial_narrows_the_bcg_interval_as_metafor_says(sizes, name):
    """rma() with tau2 held and the new trials put in; the pool's own interval is Hartung and Knapp's, and keeps it."""
    expected = bcg_with(sizes)
    factor = (BCG.pooled.ci_high - BCG.pooled.ci_low) / (2 * 1.959963984540054 * EXPECTING["se_before"])
    assert (expected.k, expected.n) == (13 + len(sizes), sum(sizes))
    assert_allclose(expected.width, factor * 2 * 1.959963984540054 * EXPECTING[name], rtol=1e-7)


def test_the_chance_of_a_direction_is_the_integral_over_what_the_new_trial_may_show():
    """metafor's pools with the new effect put in, integrated over what it may be (expecting.R)."""
    given = EXPECTING["estimate"], EXPECTING["width_one"] / 2, EXPECTING["se_before"], EXPECTING["se_one"]
    assert_allclose(chance_of_direction(*given), EXPECTING["chance"], rtol=1e-9)


def test_a_settled_answer_has_no_chance_of_a_direction_to_gain():
    assert bcg_with([500]).direction is None


@pytest.mark.parametrize("interval", ["z", "hksj-floor"])
def test_the_larger_the_trial_the_narrower_the_interval(interval):
    widths = [bcg_with([n], interval).width for n in (10, 1_000, 100_000, 10_000_000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] < BCG.pooled.ci_high - BCG.pooled.ci_low


def test_two_halves_of_one_trial_say_more_than_the_whole_where_studies_differ():
    """Each half brings 1 / (2v + tau2), and the two together more than 1 / (v + tau2)."""
    assert bcg_with([50_000, 50_000]).width < bcg_with([100_000]).width


def test_a_first_standardised_difference_has_variance_four_over_n():
    first = expect(replace(Z, measure="SMD"), (), None, [100])
    assert_allclose(first.width, 2 * 1.959963984540054 * (4 / 100) ** 0.5, rtol=1e-12)
    assert first.width_now is None
    assert expect(replace(Z, measure="MD"), (), None, [100]) is None


def test_nothing_is_expected_where_a_study_of_the_pool_prints_no_size():
    assert expect(Z, (replace(BCG.effects[0], n_total=None), *BCG.effects[1:]), BCG.pooled, [100]) is None


@pytest.mark.parametrize(
    "arms, people",
    [
        pytest.param([("a", 12), ("b", 13), ("c", 15)], 25, id="the arms' own numbers"),
        pytest.param([("a", None), ("b", 13), ("c", 15), ("d", 15)], 27, id="two of four arms of 54 people"),
    ],
)
def test_people_of_a_trial_with_more_arms_are_those_of_the_arms_compared(arms, people):
    dataset = invented_datasets()[1]
    metadata = dataset.metadata
    metadata = replace(
        metadata,
        study=replace(metadata.study, n_randomised=54),
        arms=tuple(Arm(code, treatment=code, n_randomised=n) for code, n in arms),
    )
    assert people_compared(replace(dataset, metadata=metadata), invented_result("x").comparison) == people


def awaiting_run(*waits: tuple[str, ...], claims: tuple[str, ...] = ()):
    """Return an invented run with one comparison a tuple, awaited by the datasets it names; claims are on them."""
    base = invented_datasets()[1]
    names = sorted({name for names in waits for name in names} | {"asked-by-none"})
    results = tuple(
        invented_result(f"c{number}", awaited=tuple(Awaited(name, name, 40, "Invented") for name in names))
        for number, names in enumerate(waits)
    )
    part = PartVerdict(ClaimPart("c0", "favours"), "not settled", "interval-straddles")
    claimed = invented_run().verdicts[0].claim
    verdicts = tuple(
        Verdict(replace(claimed, id=f"V{on}"), "not settled",
                (replace(part, part=ClaimPart(on, "favours")),), False, 0, 0, invented_run().started.date())
        for on in claims
    )  # fmt: skip
    datasets = tuple(replace(base, id=name, metadata=replace(base.metadata, id=name)) for name in names)
    return replace(invented_run(), comparisons=results, verdicts=verdicts, datasets=datasets)


def test_first_comes_what_bears_on_open_claims_then_on_most_comparisons():
    run = awaiting_run(("b", "a"), ("a", "many"), ("many",), ("many",), claims=("c0",))
    assert [entry.dataset.id for entry in ledger(run)] == ["a", "b", "many", "asked-by-none"]
    assert [entry.claims for entry in ledger(run)] == [("Vc0",), ("Vc0",), (), ()]


def test_a_claim_that_is_settled_waits_for_nobody():
    run = awaiting_run(("a",), claims=("c0",))
    settled = replace(run.verdicts[0], parts=(replace(run.verdicts[0].parts[0], verdict="supported"),))
    assert ledger(replace(run, verdicts=(settled,)))[0].claims == ()


def test_a_source_measured_at_other_times_bears_on_no_claim_and_comes_after_those_that_answer():
    run = awaiting_run(("late", "right"), claims=("c0",))
    awaited = tuple(replace(one, other_times=one.study == "late") for one in run.comparisons[0].awaited)
    run = replace(run, comparisons=(replace(run.comparisons[0], awaited=awaited),))
    assert [(entry.dataset.id, entry.claims) for entry in ledger(run)] == [
        ("right", ("Vc0",)), ("late", ()), ("asked-by-none", ())
    ]  # fmt: skip
    assert ledger_page(run).asked[1].bearings[0].expected == "it prints no follow-up in this window"


def test_a_chance_is_never_certain():
    assert [chance_words(chance) for chance in (0.0, 0.25, 1.0)] == ["less than 1 %", "25 %", "more than 99 %"]


WORDS = {
    Expected(2, 30, 4.0, 2.0, 0.25): "4.00 points wide now, 2.00 points wide expected; chance of a clear direction "
    "25 %",
    Expected(2, 30, 4.0, 9.0): "4.00 points wide now, 9.00 points wide expected; wider at first: the quantile of "
    "2 studies is large",
    Expected(1, 30, None, 2.0): "a first interval, 2.00 points wide",
    None: "not known beforehand",
}


@pytest.mark.parametrize("expected", WORDS, ids=str)
def test_what_is_expected_is_said_in_words(expected):
    result = invented_result("one", (invented_effect("only", -1.0),))
    assert expected_words(result, expected) == WORDS[expected]


def test_the_width_of_now_is_said_once_for_all_awaited_studies():
    run = invented_run()
    waits = Awaited("one", "One", 30, "A paper.", Expected(2, 30, 4.0, 2.0, 0.25))
    result = invented_result("waiting", (invented_effect("only", -1.0),), awaited=(waits,))
    found = awaited_studies(result, places_of(run))
    assert found.now == "The interval of the answer is 4.00 points wide now."
    assert found.rows[0].expected == "2.00 points wide; chance of a clear direction 25 %"


def test_the_width_of_a_ratio_is_how_many_times_the_lower_end_the_upper_is():
    result = invented_result("risk", measure="RR")
    assert expected_words(result, Expected(2, 9, 1.0, 0.5)) == (
        "upper end 2.72 times the lower now, upper end 1.65 times the lower expected"
    )


def test_all_that_is_awaited_is_told_together():
    result = invented_result("first", all_awaited=Expected(3, 90, None, 2.0))
    assert together_words(result) == (
        "Together, 3 studies of known size with 90 people would give an interval: a first interval, 2.00 points wide; "
        "so long as studies differ no more than they do here."
    )


def test_the_command_lists_each_source_with_what_is_missing_and_the_next_command(tmp_path):
    options = ["--data", DATA, "--store", str(tmp_path / "none.duckdb")]
    result = CliRunner().invoke(trochlea, ["ledger", *options], catch_exceptions=False)
    assert result.exit_code == 0
    assert "\nsahin-2016  Sahin 2016, 55 people; follow-up: 6 and 12 weeks\n" in result.output
    assert "DOI 10.3906/sag-1409-66" in result.output
    assert result.output.splitlines()[-1].startswith("Type one with: trochlea new ")


def test_the_command_for_a_machine_holds_every_awaited_source_once(tmp_path):
    options = ["--data", DATA, "--store", str(tmp_path / "none.duckdb")]
    result = CliRunner().invoke(trochlea, ["ledger", "--json", *options], catch_exceptions=False)
    entries = json.loads(result.output)["awaited"]
    assert len({entry["id"] for entry in entries}) == len(entries)
    sahin = next(entry for entry in entries if entry["id"] == "sahin-2016")
    assert [asked["id"] for asked in sahin["comparisons"]] == ["hip-knee-vs-knee-pain", "hip-knee-vs-knee-function"]
    assert sahin["comparisons"][1]["expected"]["width"] < sahin["comparisons"][1]["expected"]["width_now"]
