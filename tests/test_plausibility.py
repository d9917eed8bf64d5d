"""What looks implausible: published examples, every warning found where it is and not where it is not, real data."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path
from statistics import mean, stdev

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from analysis.evidence.gathered import Evidence
from analysis.evidence.rows import read_rows
from analysis.evidence.vocabulary import read_vocabulary
from analysis.plausibility import WARNINGS, find_doubts, mark_doubts, places_of, sentence
from analysis.plausibility.granularity import mean_possible, sd_possible
from analysis.plausibility.of_studies import p_of_t
from analysis.results import Dataset, Metadata, RawRow, RawTable, Source, Study
from analysis.synthesis import synthesise_comparison
from flows.commands.check import command
from flows.material import read_material
from flows.review import Review
from tests.reviews import INVENTED, invented_review

REPOSITORY = Path(__file__).parent.parent
CODEBOOK = read_vocabulary(INVENTED / "data")[0]
WHOLE = replace(CODEBOOK.instruments["scale-10"], step=1.0)
CODEBOOK = replace(CODEBOOK, instruments=CODEBOOK.instruments | {"scale-10": WHOLE})


# ---------------------------------------------------------------- GRIM and GRIMMER


@pytest.mark.parametrize(
    "printed, n, possible",
    [
        pytest.param("5.19", 28, False, id="28 people, the example of rsprite2 after Brown and Heathers 2017"),
        pytest.param("5.18", 28, True, id="its nearest mean that is possible: 145 of 28"),
        pytest.param("5.93", 49, False, id="49 people, as The Economist of 18 June 2016 explains the test"),
        pytest.param("3.48", 20, False, id="twenty throws of a die, as Wikipedia explains it"),
        pytest.param("3.45", 10, False, id="ten people on a scale of 1 to 7, Allard 2018"),
    ],
)
def test_a_mean_that_whole_numbers_cannot_have_is_found(printed, n, possible):
    assert mean_possible(printed, n) is possible


@given(st.lists(st.integers(0, 100), min_size=2, max_size=40), st.integers(0, 3))
def test_no_whole_numbers_are_accused(values, decimals):
    centre, spread = f"{mean(values):.{decimals}f}", f"{stdev(values):.{decimals}f}"
    assert mean_possible(centre, len(values)) and sd_possible(centre, spread, len(values))


@pytest.mark.parametrize("n", [3, 4, 5])
def test_every_mean_and_sd_that_whole_numbers_have_is_possible_and_few_others_are(n):
    """All sets of whole numbers from 0 to 9 whose mean is 4.xx, against the sums that have to be whole and even."""
    found = {
        (f"{mean(values):.2f}", f"{stdev(values):.2f}")
        for values in combinations_with_replacement(range(10), n)
        if 4 <= mean(values) < 5 and stdev(values) < 2
    }
    asked = {(centre, f"{hundredths / 100:.2f}") for centre, _ in found for hundredths in range(200)}
    passed = {pair for pair in asked if sd_possible(*pair, n)}
    assert found <= passed
    assert len(passed) < len(asked) / 5


def test_steps_of_half_a_point_allow_what_whole_points_do_not():
    assert not mean_possible("3.25", 2) and mean_possible("3.25", 2, Fraction(1, 2))


# ---------------------------------------------------------------- each warning


def dataset(name, table, header, *rows, **study):
    """Return an invented dataset of one table."""
    lines = tuple(RawRow(line, tuple(row.split(","))) for line, row in enumerate(rows, 2))
    metadata = Metadata(name, "Invented", "The tests", Source("Invented"), Study("rct", **study))
    return Dataset(name, metadata, (), (RawTable(table, tuple(header.split(",")), lines),))


def evidence_of(*datasets):
    rows = {"arms": [], "contrasts": []}
    for one in datasets:
        for table in one.tables:
            read, faults = read_rows(one, table, CODEBOOK, one.id)
            assert faults == []
            rows[table.name] += read
    return Evidence(CODEBOOK, datasets, tuple(rows["arms"]), tuple(rows["contrasts"]), ())


def codes(*datasets):
    return [one.code for one in find_doubts(evidence_of(*datasets))]


ARM = "study,arm,outcome,instrument,followup_weeks,value_type,location,seen_as,"
CONTRAST = "study,experimental,control,outcome,location,seen_as,measure,estimate,ci_low,ci_high,level,p_value"


def arm(treatment, *cells, week="12", instrument="scale-100", seen_as="primary", name="x"):
    return ",".join([name, treatment, "pain", instrument, week, "final", "T", seen_as, *cells])


def contrast(*cells):
    return ",".join(["x", "new", "old", "recovery", "T", "primary", *cells])


def arms(columns, *rows, name="x", **study):
    return dataset(name, "arms", ARM + columns, *rows, **study)


CASES = [
    ("mean-off-scale", arms("mean", arm("new", "101", seen_as="doubtful")), arms("mean", arm("new", "100"))),
    ("sd-beyond-mean", arms("n,mean,sd", arm("new", "20", "95", "30")),
     arms("n,mean,sd", arm("new", "20", "95", "20"))),
    ("sd-against-extremes", arms("n,sd,min,max", arm("new", "9", "30", "40", "60")),
     arms("n,sd,min,max", arm("new", "9", "7", "40", "60"))),
    ("sd-against-extremes", arms("n,sd,min,max", arm("new", "9", "1", "40", "60")),
     arms("n,sd,min,max", arm("new", "9", "5", "40", "60"))),
    ("se-against-sd", arms("n,sd,se", arm("new", "25", "10", "5.0")), arms("n,sd,se", arm("new", "25", "10", "2.0"))),
    ("mean-off-centre", arms("mean,ci_low,ci_high", arm("new", "40", "30", "60")),
     arms("mean,ci_low,ci_high", arm("new", "45", "30", "61"))),
    ("grim", arms("n,mean", arm("new", "28", "5.19", instrument="scale-10")),
     arms("n,mean", arm("new", "28", "5.18", instrument="scale-10"))),
    ("grimmer", arms("n,mean,sd", arm("new", "3", "4.00", "1.50", instrument="scale-10")),
     arms("n,mean,sd", arm("new", "3", "4.00", "1.73", instrument="scale-10"))),
    ("estimate-off-centre", dataset("x", "contrasts", CONTRAST, contrast("MD", "1.1", "-7.4", "5.2", "0.95", "")),
     dataset("x", "contrasts", CONTRAST, contrast("MD", "-1.1", "-7.4", "5.2", "0.95", ""))),
    ("estimate-off-centre", dataset("x", "contrasts", CONTRAST, contrast("OR", "4.65", "3.32", "9.06", "0.95", "")),
     dataset("x", "contrasts", CONTRAST, contrast("OR", "0.38", "0.18", "0.80", "0.95", ""))),
    ("p-against-interval", dataset("x", "contrasts", CONTRAST, contrast("MD", "2.0", "-1.0", "5.0", "0.95", "<0.001")),
     dataset("x", "contrasts", CONTRAST, contrast("MD", "2.0", "-1.0", "5.0", "0.95", "0.19"))),
    ("p-against-interval", dataset("x", "contrasts", CONTRAST, contrast("RR", "3.0", "2.0", "4.5", "0.95", "0.40")),
     dataset("x", "contrasts", CONTRAST, contrast("RR", "3.0", "2.0", "4.5", "0.95", "<0.001"))),
    ("large-difference", arms("n,mean,sd", arm("new", "20", "20", "3.1"), arm("old", "20", "50", "3.3")),
     arms("n,mean,sd", arm("new", "20", "20", "20"), arm("old", "20", "50", "21"))),
    ("identical-sds", arms("n,mean,sd", arm("new", "20", "40.1", "15.2"), arm("old", "20", "50.3", "15.2")),
     arms("n,mean,sd", arm("new", "20", "40.1", "15"), arm("old", "20", "50.3", "15"))),
    ("baseline-imbalance",
     arms("n,mean,sd", arm("new", "30", "40", "10.1", week="0"), arm("old", "30", "60", "11.2", week="0")),
     arms("n,mean,sd", arm("new", "30", "48", "10.1", week="0"), arm("old", "30", "52", "11.2", week="0"))),
    ("baseline-imbalance",
     arms("n,mean,sd,baseline_mean,baseline_sd", arm("new", "30", "40", "10.1", "40", "9"),
          arm("old", "30", "42", "11.2", "60", "9")),
     arms("n,mean,sd,baseline_mean,baseline_sd", arm("new", "30", "40", "10.1", "60", "9"),
          arm("old", "30", "42", "11.2", "60", "9"))),
]  # fmt: skip


@pytest.mark.parametrize("code, wrong, right", CASES, ids=[f"{code} {place}" for place, (code, *_) in enumerate(CASES)])
def test_a_warning_is_given_where_it_is_due_and_not_where_it_is_not(code, wrong, right):
    assert codes(wrong) == [code] and codes(right) == []


def others(sd="20.1"):
    return [arms("n,mean,sd", arm("new", "20", "40", sd, name=f"o{k}"), name=f"o{k}") for k in range(4)]


def test_a_standard_error_in_the_column_of_sds_is_found_by_the_sds_of_others():
    assert codes(arms("n,mean,sd", arm("new", "25", "45", "4.2")), *others()) == ["se-for-sd"]
    assert codes(arms("n,mean,sd", arm("new", "25", "45", "14")), *others()) == []
    assert codes(arms("n,mean,sd", arm("new", "25", "45", "4.2"))) == []


def test_every_warning_has_its_case():
    tested = {code for code, *_ in CASES} | {"se-for-sd", "same-trial"}
    assert tested == set(WARNINGS)


def test_the_warnings_on_the_review_of_this_repository_are_these_and_each_is_true():
    """A slip of sign that the note of the row suspects, 451 / 15 cut off instead of rounded, an interval too narrow."""
    review = Review(REPOSITORY / "data", REPOSITORY / "reports", REPOSITORY / "x")
    found = find_doubts(read_material(review).evidence)
    assert [(one.dataset, one.code, one.line) for one in found] == [
        ("kettunen-2007", "estimate-off-centre", 2),
        ("sharif-2020", "grim", 5),
        ("ybt-recruits", "estimate-off-centre", 3),
    ]


def test_a_step_without_its_source_is_a_fault(tmp_path):
    review = invented_review(tmp_path)
    vocabulary = review.data / "protocol" / "vocabulary.toml"
    vocabulary.write_text(vocabulary.read_text().replace("range = [0, 100]", "range = [0, 100]\nstep = 1"))
    faults = read_vocabulary(review.data)[1]
    assert [str(fault).partition("step")[2] for fault in faults] == [
        ": no source is given. step_source cites where the figure was read."
    ]


@pytest.mark.parametrize("df", [2, 5, 10, 58, 1000])
@pytest.mark.parametrize("t", [0.5, 2.0, 4.0, 6.0])
def test_p_of_a_t_is_scipys_closely_enough_for_a_warning(t, df):
    assert p_of_t(t, df) == pytest.approx(2 * special.stdtr(df, -t), rel=0.15)


# ---------------------------------------------------------------- the same trial in two folders


FIGURES = (("new", "20", "40.1", "15.2"), ("old", "21", "50.3", "16.4"))


def trial(name, figures=FIGURES, doi=None, registration=None, year=None, **study):
    made = arms("n,mean,sd", *(arm(*one, name=name) for one in figures), name=name, year=year, **study)
    source = Source("Invented", doi=doi, registration=registration)
    return replace(made, metadata=replace(made.metadata, source=source))


OTHER = (("new", "31", "41.1", "17.2"), ("old", "29", "51.3", "18.4"))


@pytest.mark.parametrize(
    "one, other, why",
    [
        (trial("a", doi="10.1/X"), trial("b", OTHER, doi="10.1/x"), "the DOI 10.1/x"),
        (trial("a", registration="NCT01234567"), trial("b", OTHER, registration="see NCT 01234567"),
         "the registration NCT01234567"),
        (trial("a"), trial("b"), "2 arms with the same figures, such as n 20, mean 40.1, SD 15.2"),
    ],
)  # fmt: skip
def test_the_same_trial_in_two_folders_is_found_with_the_line_to_write(one, other, why):
    (doubt,) = find_doubts(evidence_of(one, other))
    assert doubt.code == "same-trial" and doubt.found == f"the same trial as a, by {why}"
    assert sentence(doubt).endswith(
        'write same_people_as = "a" below [study] of b/metadata.toml, or other_people_than = ["a"] when it is another '
        "trial."
    )


@pytest.mark.parametrize("declared", [{"same_people_as": "a"}, {"other_people_than": ("a",)}])
def test_what_is_declared_is_no_warning(declared):
    assert codes(trial("a", doi="10.1/x"), trial("b", doi="10.1/x", **declared)) == []


def test_one_arm_with_the_figures_of_another_trial_is_chance():
    assert codes(trial("a"), trial("b", (FIGURES[0], OTHER[1]))) == []


def pooled_of(*datasets):
    asked = read_material(Review(INVENTED / "data", INVENTED / "r", INVENTED / "s")).protocol.comparisons[0]
    return synthesise_comparison(asked, evidence_of(*datasets))


def test_an_undeclared_double_is_pooled_once_and_the_other_says_why():
    result = pooled_of(trial("a", year=2001), trial("b", year=2002), trial("c", OTHER))
    assert [effect.study for effect in result.effects] == ["c", "a"]
    assert {(left.study, left.code) for left in result.left_out} == {("b", "same-trial")}
    assert result.rows_found == 6


def test_people_who_are_declared_to_be_others_are_pooled_both():
    result = pooled_of(trial("a"), trial("b", other_people_than=("a",)))
    assert [effect.study for effect in result.effects] == ["a", "b"]


def test_of_two_reports_that_nobody_linked_the_trials_own_enters():
    secondary = trial("a")
    table = secondary.tables[0]
    rows = tuple(
        replace(row, cells=tuple("secondary" if c == "primary" else c for c in row.cells)) for row in table.rows
    )
    result = pooled_of(replace(secondary, tables=(replace(table, rows=rows),)), trial("b"))
    assert [effect.study for effect in result.effects] == ["b"]


# ---------------------------------------------------------------- where they are shown


def test_an_effect_made_from_a_figure_in_doubt_carries_the_caution():
    datasets = trial("a", (("new", "20", "95", "30"), ("old", "21", "50.3", "16.4"))), trial("b", OTHER)
    marked = mark_doubts(pooled_of(*datasets), places_of(find_doubts(evidence_of(*datasets))))
    assert [("implausible" in effect.cautions) for effect in marked.effects] == [True, False]


def test_check_says_warnings_and_ends_well(tmp_path):
    review = invented_review(tmp_path)
    table = review.data / "raw" / "invented-alpha" / "arms.csv"
    text = table.read_text(encoding="utf-8")
    header = text.splitlines()[0].split(",")
    cells = {
        "study": "invented-alpha",
        "arm": "newer",
        "outcome": "pain",
        "instrument": "scale-100",
        "value_type": "final",
        "followup_weeks": "3",
        "n": "20",
        "mean": "95",
        "sd": "30",
        "location": "Invented",
        "seen_as": "primary",
    }
    row = ",".join(cells.get(name, "") for name in header)
    table.write_text(f"{text.rstrip()}\n{row}\n", encoding="utf-8")
    plain = CliRunner().invoke(command, ["--data", str(review.data)])
    assert plain.exit_code == 0
    assert "1 warning: they stop nothing, and ask for a second look at the source" in plain.output
    one = CliRunner().invoke(command, [str(table.parent), "--json"])
    assert [warning["code"] for warning in json.loads(one.output)["warnings"]] == ["sd-beyond-mean"]
