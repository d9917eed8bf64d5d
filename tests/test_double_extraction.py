"""Two extractions of a source: what is a difference, how far both agree, how it is resolved, what is pooled."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from analysis.agreement import cohen_kappa, intraclass_correlation, limits_of_agreement
from analysis.document import from_json, to_json
from analysis.faults import InputError
from analysis.report import render
from analysis.results import Dataset
from analysis.synthesis import synthesise_comparison
from flows.command import trochlea
from flows.material import read_material
from flows.review import Review
from flows.stages import preview
from tests.reviews import invented_review

PINNED = json.loads((Path(__file__).parent / "reference" / "agreement" / "agreement.json").read_text())
HEADER = "study,arm,outcome,instrument,followup_weeks,value_type,n,mean,sd,location,seen_as"
A = [
    "invented-alpha,new,pain,scale-10,12,final,20,2.5,1.5,Table 2,primary",
    "invented-alpha,old,pain,scale-10,12,final,21,3.5,1.6,Table 2,primary",
]


def test_the_difference_of_the_peak_flow_meters_is_the_published_one():
    """Bland and Altman 1986, doi:10.1016/S0140-6736(86)90837-8: mean -2.1 l/min, SD 38.8; the limits are R's."""
    limits, theirs = limits_of_agreement(PINNED["peak_flow"]["pairs"]), PINNED["peak_flow"]
    assert_allclose((limits.mean, limits.sd), (-2.1, 38.8), atol=0.05)
    assert_allclose((limits.low, limits.high), (theirs["low"], theirs["high"]), rtol=1e-13)


@pytest.mark.parametrize("case", ["peak_flow", "shrout_fleiss"])
def test_the_intraclass_correlation_is_that_of_the_mean_squares_of_r(case):
    """R aov, ICC(2,1); the second are the first two judges of Shrout and Fleiss 1979, table 2."""
    assert_allclose(intraclass_correlation(PINNED[case]["pairs"]), PINNED[case]["icc"], rtol=1e-12)


WORDS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30)


@given(pairs=WORDS.filter(lambda pairs: len({word for pair in pairs for word in pair}) > 1))
def test_kappa_agrees_with_statsmodels(pairs):
    """statsmodels cohens_kappa; where chance agreement is perfect its kappa is NaN and ours None."""
    table, _ = to_table([["abc".index(one), "abc".index(other)] for one, other in pairs], bins=3)
    theirs = cohens_kappa(table, return_results=False) if cohen_kappa(pairs) is not None else None
    assert_allclose(cohen_kappa(pairs) or 0.0, theirs or 0.0, atol=1e-12)


@given(pairs=st.lists(st.tuples(*[st.floats(-100, 100)] * 2), min_size=2, max_size=20), shift=st.floats(-9, 9))
def test_limits_of_agreement_move_with_one_reader_and_turn_with_their_order(pairs, shift):
    limits = limits_of_agreement(pairs)
    moved = limits_of_agreement([(one + shift, other) for one, other in pairs])
    turned = limits_of_agreement([(other, one) for one, other in pairs])
    assert_allclose((moved.low, moved.high), (limits.low + shift, limits.high + shift), atol=1e-10)
    assert_allclose((turned.low, turned.high), (-limits.high, -limits.low), atol=1e-10)


def test_what_is_not_defined_is_none():
    assert cohen_kappa([("a", "a"), ("a", "a")]) is None
    assert limits_of_agreement([(1.0, 1.0)]) is None
    assert intraclass_correlation([(1.0, 1.0), (1.0, 1.0)]) is None


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return invented_review(tmp_path)


def extract(review: Review, b: list[str], a: list[str] = A, id: str = "invented-alpha") -> Path:
    """Lay two extractions of a source into a review, and the first in the place that is pooled; return their folder."""
    root = review.data / "extractions" / id
    for side, rows in (("a", a), ("b", b)):
        (root / side).mkdir(parents=True)
        (root / side / "arms.csv").write_text("\n".join([HEADER, *rows, ""]))
    shutil.copy(review.data / "raw" / "invented-alpha" / "metadata.toml", root / "a")
    raw = review.data / "raw" / id
    (raw / "contrasts.csv").unlink(missing_ok=True)
    shutil.copy(root / "a" / "arms.csv", raw)
    return root


def compare(review: Review, *arguments: str):
    options = ["compare", *arguments, "--data", str(review.data)]
    return CliRunner().invoke(trochlea, options, catch_exceptions=False)


def differences(review: Review) -> list[tuple]:
    found = json.loads(compare(review, "invented-alpha", "--json").output)["differences"]
    return [(one["column"], one["line_a"], one["line_b"], one["a"], one["b"]) for one in found]


DIFFERENCES = {
    "nothing": ([], A),
    "the same number otherwise typed, in another order, with other notes": (
        [], [A[1].replace("1.6", "1.60").replace("Table 2", "p. 4"), A[0].replace(",12,", ",12.0,")]),
    "a figure": ([("mean", 2, 2, "2.5", "5.2")], [A[0].replace("2.5", "5.2"), A[1]]),
    "a figure that one leaves empty": ([("sd", 3, 3, "1.6", "")], [A[0], A[1].replace("1.6", "")]),
    "a standing": ([("seen_as", 2, 2, "primary", "doubtful")], [A[0].replace("primary", "doubtful"), A[1]]),
    "an instrument": ([("instrument", 2, 2, "scale-10", "scale-100")], [A[0].replace("scale-10", "scale-100"), A[1]]),
    "a row that one has not": ([("row", 3, None, A[1], "")], A[:1]),
    "another arm is another row": (
        [("row", 3, None, A[1], ""), ("row", None, 3, "", A[1].replace("old", "none"))],
        [A[0], A[1].replace("old", "none")]),
}  # fmt: skip


@pytest.mark.parametrize("case", DIFFERENCES)
def test_every_cell_in_which_two_extractions_differ_is_found(case, review):
    expected, b = DIFFERENCES[case]
    extract(review, b)
    assert differences(review) == expected


def test_a_person_sees_both_lines_of_a_difference_and_how_far_both_agree(review):
    root = extract(review, [A[0].replace("2.5", "5.2"), A[1]])
    assert compare(review, "invented-alpha").output.splitlines() == [
        "2 rows in both, 14 cells compared, 13 the same (93 %); 1 difference, 1 open.",
        "  - arms.csv, A line 2, B line 2 (invented-alpha, new, pain, scale-10, 12, final), mean: 2.5 in A, 5.2 in B",
        "  arms.instrument: 2 of 2 the same",
        "  arms.followup_weeks: 2 of 2 the same; A minus B 0, limits of agreement 0 to 0",
        "  arms.value_type: 2 of 2 the same",
        "  arms.n: 2 of 2 the same; A minus B 0, limits of agreement 0 to 0; intraclass correlation 1.000",
        "  arms.mean: 1 of 2 the same; A minus B -1.35, limits of agreement -5.09 to 2.39; intraclass correlation "
        "-0.874",
        "  arms.sd: 2 of 2 the same; A minus B 0, limits of agreement 0 to 0; intraclass correlation 1.000",
        "  arms.seen_as: 2 of 2 the same",
        f"Next: trochlea compare {root}/a {root}/b --resolve lays out {root}/resolutions.toml to be filled in",
    ]


def signed(root: Path, value: str, number: int = 0) -> None:
    """Fill in one entry of resolutions.toml as a person would."""
    path = root / "resolutions.toml"
    head, *entries = path.read_text().split("[[resolution]]")
    lines = [line for line in entries[number].splitlines() if not line.startswith("# ")]
    lines += [f'value = "{value}"', 'reason = "Invented: looked again"', 'by = "The tests"', "on = 2001-02-03", ""]
    entries[number] = "\n".join(lines)
    path.write_text("[[resolution]]".join([head, *entries]))


def test_a_resolved_difference_makes_the_agreed_table_and_that_is_what_is_pooled(review):
    root = extract(review, [A[0].replace("2.5", "5.2"), A[1]])
    compare(review, "invented-alpha", "--resolve")
    signed(root, "5.2")
    compare(review, "invented-alpha", "--out", str(review.data / "raw" / "invented-alpha"))
    assert (review.data / "raw" / "invented-alpha" / "arms.csv").read_text().splitlines() == [
        HEADER, A[0].replace("2.5", "5.2"), A[1]
    ]  # fmt: skip
    material = read_material(review)
    result = synthesise_comparison(material.protocol.comparisons[0], material.evidence)
    alpha = [effect for effect in result.effects if effect.study == "invented-alpha"]
    assert_allclose([effect.yi for effect in alpha], [5.2 - 3.5], rtol=1e-12)
    double = next(dataset for dataset in material.evidence.datasets if dataset.id == "invented-alpha").double
    assert (len(double.disagreements), len(double.open)) == (1, 0)


def test_an_open_difference_leaves_what_is_there_and_writes_nothing(review):
    root = extract(review, [A[0].replace("2.5", "5.2"), A[1]])
    before = (review.data / "raw" / "invented-alpha" / "arms.csv").read_bytes()
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-alpha", "--out", str(review.data / "raw" / "invented-alpha"))
    assert str(refusal.value.faults[0]) == (
        f"{root}/resolutions.toml: 1 difference open. Each is resolved in resolutions.toml first."
    )
    assert (review.data / "raw" / "invented-alpha" / "arms.csv").read_bytes() == before
    assert len(read_material(review).evidence.datasets) == 2


@pytest.mark.parametrize("choice, rows", [("keep", A), ("leave-out", A[:1])])
def test_a_row_that_one_alone_has_is_kept_or_left_out(choice, rows, review, tmp_path):
    for name, (a, b) in {"first": (A, A[:1]), "second": (A[:1], A)}.items():
        other = invented_review(tmp_path / name)
        root = extract(other, b, a)
        compare(other, "invented-alpha", "--resolve")
        signed(root, choice)
        compare(other, "invented-alpha", "--out", str(other.data / "raw" / "invented-alpha"))
        table = (other.data / "raw" / "invented-alpha" / "arms.csv").read_text().splitlines()
        assert table == [HEADER, *rows]


def test_a_table_that_is_not_the_agreed_one_is_a_fault_and_is_never_lost(review):
    extract(review, A)
    raw = review.data / "raw" / "invented-alpha" / "arms.csv"
    raw.write_text(raw.read_text().replace("2.5", "9.9"))
    with pytest.raises(InputError) as refusal:
        read_material(review)
    assert str(refusal.value.faults[0]) == (
        "data/raw/invented-alpha/arms.csv: it is not the table that both extractions agree upon. Once every "
        "disagreement is resolved, the agreed table is what is pooled. Write it with: trochlea compare invented-alpha "
        f"--out {review.data}/raw/invented-alpha."
    )
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-alpha", "--out", str(raw.parent))
    assert str(refusal.value.faults[0]) == (
        f"{raw}: it holds what neither extraction says. Only a table of one of the two extractions is replaced by "
        "what they agree upon. If it is what they agreed upon before, remove it first."
    )
    assert "9.9" in raw.read_text()


def test_a_table_that_cannot_be_read_is_not_replaced(review):
    extract(review, A)
    raw = review.data / "raw" / "invented-alpha" / "arms.csv"
    raw.write_bytes(b"study\xff\n")
    with pytest.raises(InputError):
        compare(review, "invented-alpha", "--out", str(raw.parent))
    assert raw.read_bytes() == b"study\xff\n"


def test_entries_are_added_once_and_what_was_filled_in_is_kept(review):
    root = extract(review, [A[0].replace("2.5", "5.2"), A[1].replace("1.6", "6.1")])
    compare(review, "invented-alpha", "--resolve")
    signed(root, "2.5")
    before = (root / "resolutions.toml").read_bytes()
    again = compare(review, "invented-alpha", "--resolve")
    assert (root / "resolutions.toml").read_bytes() == before
    assert "2 differences, 1 open" in again.output


ENTRY = {"table": '"arms"', "column": '"mean"', "line_a": "2", "line_b": "2", "a": '"2.5"', "b": '"5.2"',
         "value": '"2.5"', "reason": '"Invented"', "by": '"The tests"', "on": "2001-02-03"}  # fmt: skip
WRONG = {
    "another value of the first": (
        {"a": '"2.4"'}, "line 6, [resolution] a: found '2.4'. a is what stands there, '2.5'."),
    "another value of the second": (
        {"b": '"5.3"'}, "line 7, [resolution] b: found '5.3'. b is what stands there, '5.2'."),
    "a cell that does not differ": (
        {"column": '"sd"'}, "line 3, [resolution] column: the extractions do not differ there. A resolution is about "
        "a cell in which the extractions differ now: its table, column and both lines."),
    "nobody's": ({"by": None}, "line 1, [resolution] by: it is missing. Who answers for it."),
    "no date": ({"on": '"today"'}, "line 11, [resolution] on: found 'today'. The day it was made: a date, without "
                "quotes, such as 2026-11-22."),
    "a key nobody knows": ({"because": '"x"'}, "line 12, [resolution] because: an unknown key. Use one of table, "
                           "column, line_a, line_b, a, b, value, reason, by, on."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_resolution_that_does_not_find_what_it_expects_is_refused(case, review):
    changed, message = WRONG[case]
    root = extract(review, [A[0].replace("2.5", "5.2"), A[1]])
    entry = {key: value for key, value in (ENTRY | changed).items() if value is not None}
    text = "\n".join(["[[resolution]]", *(f"{key} = {value}" for key, value in entry.items()), ""])
    (root / "resolutions.toml").write_text(text)
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-alpha")
    assert [str(fault) for fault in refusal.value.faults] == [f"{root}/resolutions.toml {message}"]


def test_a_cell_that_is_no_value_is_refused_before_anything_is_compared(review):
    root = extract(review, [A[0].replace("2.5", "2,5 ").replace("2,5 ", '"2,5"'), A[1]])
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-alpha")
    assert str(refusal.value.faults[0]) == (
        f"{root}/b/arms.csv line 2, mean: found '2,5', with a comma. Decimals are written with a point, thousands "
        "without a mark."
    )


def test_extractions_lie_outside_of_what_is_pooled(review):
    extract(review, A)
    assert len(read_material(review).evidence.datasets) == 2
    assert sum(row.ref.dataset == "invented-alpha" for row in read_material(review).evidence.arms) == 2


def test_links_are_not_followed(review):
    root = extract(review, A)
    shutil.rmtree(root / "b")
    os.symlink(root / "a", root / "b")
    with pytest.raises(InputError) as refusal:
        read_material(review)
    assert [fault.found for fault in refusal.value.faults] == ["a link"]


def test_a_file_of_another_name_beside_an_extraction_is_named(review):
    root = extract(review, A)
    (root / "b" / "arm.csv").write_text("misspelt")
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-alpha")
    assert str(refusal.value.faults[0]).startswith(f"{root}/b/arm.csv: a file of another name. A dataset has ")


def test_a_new_folder_takes_the_metadata_of_the_first_extraction(review):
    root = extract(review, A)
    shutil.rmtree(review.data / "raw" / "invented-alpha")
    compare(review, str(root / "a"), str(root / "b"), "--out", str(review.data / "raw" / "invented-alpha"))
    assert sorted(os.listdir(review.data / "raw" / "invented-alpha")) == ["arms.csv", "metadata.toml"]
    assert len(read_material(review).evidence.datasets) == 2


def test_a_missing_folder_is_named(review):
    with pytest.raises(InputError) as refusal:
        compare(review, "invented-beta")
    assert [fault.found for fault in refusal.value.faults] == ["no such folder", "no such folder"]


def test_the_page_of_a_source_says_how_it_was_extracted_twice(review):
    root = extract(review, [A[0].replace("2.5", "<b>5.2</b>").replace("<b>5.2</b>", "5.2"), A[1]])
    compare(review, "invented-alpha", "--resolve")
    signed(root, "2.5")
    run = preview(review).run
    page = render(run)["datasets/invented-alpha.html"].decode()
    assert "2 rows in both, 13 of 14 cells the same (93 %). Differences: 0 of 1 are open." in page
    assert "mean: 2.5 (first, line 2), 5.2 (second, line 2). Resolved: 2.5. Invented: looked again (The tests" in page
    dataset = next(one for one in run.datasets if one.id == "invented-alpha")
    assert from_json(to_json(dataset), Dataset) == dataset
