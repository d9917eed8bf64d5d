"""trochlea new: what is laid out, what is asked, what is refused, and that all is written or nothing."""

import json
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import laying_out
from analysis.evidence.bias_tools import shipped_tools
from analysis.evidence.laying_out import metadata_text
from analysis.evidence.metadata import read_metadata
from analysis.evidence.vocabulary import read_vocabulary
from analysis.evidence.writing import toml_value
from analysis.faults import InputError
from analysis.results import Arm, Study
from analysis.synthesis.times import measured_at_other_times, weeks_printed
from analysis.synthesis.wanted import wanted_rows
from flows import asking
from flows.command import trochlea
from flows.material import read_material
from flows.review import Review
from tests.fixtures_invented import invented_datasets, invented_result
from tests.reviews import invented_review

SAID = ["--title", "Invented", "--citation", "Invented A. Invented. Inv J 2020;1:1-2", "--design", "rct",
        "--curator", "Nobody", "--arm", "new:20", "--arm", "old", "--follow-ups", "6 and 12 weeks"]  # fmt: skip


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return invented_review(tmp_path)


def new(review: Review, *arguments: str, **more: object):
    return CliRunner().invoke(trochlea, ["new", *arguments, "--data", str(review.data)], catch_exceptions=False, **more)


def refused(review: Review, *arguments: str) -> list[str]:
    with pytest.raises(InputError) as refusal:
        new(review, *arguments)
    return [str(fault) for fault in refusal.value.faults]


def files_of(review: Review) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in review.data.rglob("*") if path.is_file()}


def test_a_new_folder_has_a_row_for_each_figure_that_a_comparison_asks_for(review):
    result = new(review, "invented-gamma", *SAID)
    assert (review.data / "raw" / "invented-gamma" / "arms.csv").read_text() == (
        "study,arm,outcome,instrument,followup_weeks,value_type,n,mean,sd,events,baseline_mean,baseline_sd,location,"
        "seen_as,note\n"
        "invented-gamma,new,pain,,6,,,,,,,,,,\n"
        "invented-gamma,old,pain,,6,,,,,,,,,,\n"
        "invented-gamma,new,pain,,12,,,,,,,,,,\n"
        "invented-gamma,old,pain,,12,,,,,,,,,,\n"
        "invented-gamma,new,recovery,,6,,,,,,,,,,\n"
        "invented-gamma,old,recovery,,6,,,,,,,,,,\n"
        "invented-gamma,new,recovery,,12,,,,,,,,,,\n"
        "invented-gamma,old,recovery,,12,,,,,,,,,,\n"
    )
    folder = review.data / "raw" / "invented-gamma"
    assert result.output.splitlines() == [
        f"Laid out {folder}: metadata.toml, arms.csv, with 8 rows to fill.",
        "Where to look: Invented A. Invented. Inv J 2020;1:1-2",
        f"1. Type the figures into {folder}/arms.csv: as printed, with location and seen_as; value_type is final or "
        "change; instrument of pain: scale-10 or scale-100. Remove the rows that the source does not print.",
        f'2. In {folder}/metadata.toml, write status = "extracted".',
        f"3. trochlea check {folder}",
        f"4. trochlea preview --data {review.data}",
    ]


def test_what_is_laid_out_is_sound_waits_and_is_no_row(review):
    before = read_material(review).evidence
    new(review, "invented-gamma", *SAID, "--table", "arms", "--table", "contrasts")
    evidence = read_material(review).evidence
    assert (evidence.arms, evidence.contrasts) == (before.arms, before.contrasts)
    laid_out = next(dataset for dataset in evidence.datasets if dataset.id == "invented-gamma")
    assert (laid_out.metadata.study.status, laid_out.tables) == ("awaiting-extraction", ())
    checked = CliRunner().invoke(trochlea, ["check", str(review.data / "raw" / "invented-gamma")])
    assert checked.output.endswith("invented-gamma; rows that wait for their figures: 12.\n")


def awaited(review: Review) -> Path:
    """Put an awaited source into the review, as a ledger holds it; return its folder."""
    folder = review.data / "raw" / "invented-gamma"
    folder.mkdir()
    (folder / "metadata.toml").write_text(
        'id = "invented-gamma"\ntitle = "Invented"\ncurator = "Nobody"\n[source]\ncitation = "Invented"\n'
        '[study]\ndesign = "rct"\nstatus = "awaiting-extraction"\nfollow_ups = "6 weeks"\n'
        '[[arms]]\nid = "a"\ntreatment = "new"\n[[arms]]\nid = "b"\ntreatment = "old"\n'
    )
    return folder


def test_a_source_of_the_ledger_gets_its_tables_and_keeps_its_metadata(review):
    folder = awaited(review)
    before = (folder / "metadata.toml").read_bytes()
    result = json.loads(new(review, "invented-gamma", "--json").output)
    assert (result["files"], result["rows_to_fill"]) == (["arms.csv"], 4)
    assert (folder / "metadata.toml").read_bytes() == before
    assert sorted(os.listdir(folder)) == ["arms.csv", "metadata.toml"]


def test_options_for_a_source_of_the_ledger_are_refused(review):
    awaited(review)
    assert "what they say stands in its metadata.toml" in CliRunner().invoke(
        trochlea, ["new", "invented-gamma", "--design", "rct", "--data", str(review.data)], standalone_mode=True
    ).output  # fmt: skip


TYPED = "invented-gamma,new,pain,scale-10,6,final,20,4.1,2.0,,,,Table 2,primary,\n"


def test_figures_that_are_typed_ask_for_the_status_and_the_rows_left(review):
    folder = awaited(review)
    new(review, "invented-gamma")
    table = folder / "arms.csv"
    table.write_text(table.read_text().replace("invented-gamma,new,pain,,6,,,,,,,,,,\n", TYPED))
    with pytest.raises(InputError) as refusal:
        read_material(review)
    faults = [str(fault) for fault in refusal.value.faults]
    assert faults == [
        "data/raw/invented-gamma/metadata.toml, [study] status: found 'awaiting-extraction', and arms.csv line 2 has "
        'figures. Once its figures are typed, a dataset has status = "extracted".',
        *(
            f"data/raw/invented-gamma/arms.csv line {line}: a row without figures. Type its figures, location and "
            "seen_as, or remove the line when the source does not print them."
            for line in (3, 4, 5)
        ),
    ]


REFUSALS = {
    "a path": (["../up"], ["ID: found '../up'. An id has small letters, digits, points and hyphens, such as "
                           "hott-2019."]),
    "large letters": (["Doe-2020"], ["ID: found 'Doe-2020'. An id has small letters, digits, points and hyphens, such "
                                     "as hott-2019."]),
    "nothing said": (["doe-2020"], ["--title: it is missing. Title of the paper.",
                                    "--citation: it is missing. Citation, as in a list of references.",
                                    "--design: it is missing. Design: rct, quasi-rct, cluster-rct, single-arm, "
                                    "prospective-cohort, case-control, cross-sectional, review, unclear.",
                                    "--curator: it is missing. Your name: who answers for the transcription."]),
    "words nobody knows": (
        ["doe-2020", "--design", "rtc", "--arm", "odl", "--arm", "new:many", "--year", "last", "--doi", "x"],
        ["--doi: found 'x'. A DOI begins with 10. and has a slash, such as 10.1136/bmj.a1735.",
         "--design: found 'rtc'. Did you mean 'rct'? Use one of rct, quasi-rct, cluster-rct, single-arm, "
         "prospective-cohort, case-control, cross-sectional, review, unclear.",
         "--year: found 'last'. The year of publication: a whole number of at least 0, without quotes.",
         "--arm: found 'odl'. Did you mean 'old'? 'odl' is no treatment of vocabulary.toml; those are new, "
         "newer, old, none.",
         "--arm: found 'new:many'. After the colon stands a whole number of people."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_laid_out_is_refused_in_full_and_nothing_is_written(case, review):
    arguments, messages = REFUSALS[case]
    before = files_of(review)
    assert refused(review, *arguments) == messages
    assert files_of(review) == before


def test_a_folder_that_holds_figures_is_refused(review):
    before = files_of(review)
    folder = review.data / "raw" / "invented-alpha"
    assert refused(review, "invented-alpha")[0].startswith(f"{folder}: it holds arms.csv")
    assert files_of(review) == before


def test_a_folder_that_is_laid_out_is_not_laid_out_again(review):
    folder = awaited(review)
    new(review, "invented-gamma")
    before = files_of(review)
    assert refused(review, "invented-gamma") == [
        f"{folder}: it holds arms.csv with 4 rows to fill. Nothing is laid out over what is there: type into its "
        "tables."
    ]
    assert files_of(review) == before


def test_a_link_in_the_place_of_a_folder_is_not_followed(review, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (review.data / "raw" / "linked").symlink_to(elsewhere)
    assert refused(review, "linked")[0].endswith("linked: a link. Datasets are the folders themselves.")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["metadata.toml", "arms.csv"])
def test_a_new_folder_is_written_whole_or_not_at_all(name, review, monkeypatch):
    write = Path.write_text

    def fail(path: Path, *rest: object, **more: object) -> int:
        if path.name == name and review.data / "raw" in path.parents:
            raise OSError(28, "No space left on device")
        return write(path, *rest, **more)

    before = files_of(review)
    monkeypatch.setattr(Path, "write_text", fail)
    assert refused(review, "invented-gamma", *SAID) == [
        f"{review.data}/raw/invented-gamma: it cannot be written: No space left on device. A folder that may be "
        "written to is needed."
    ]
    assert files_of(review) == before
    assert sorted(os.listdir(review.data / "raw")) == ["invented-alpha", "invented-beta"]


def test_tables_are_added_all_or_none_and_never_over_another(review):
    folder = awaited(review)
    (folder / "contrasts.csv").write_text("typed by somebody else meanwhile")
    with pytest.raises(InputError):
        laying_out.put_files(folder, {"arms.csv": "new", "contrasts.csv": "new"})
    assert sorted(os.listdir(folder)) == ["contrasts.csv", "metadata.toml"]
    assert (folder / "contrasts.csv").read_text() == "typed by somebody else meanwhile"


ANSWERS = ["", "Invented title", "Invented citation", "not a doi", "https://doi.org/10.1000/invented", "", "rtc",
           "rct", "", "2020", "", "6 weeks", "Nobody", "odl", "? o", "new", "old", ""]  # fmt: skip


def test_a_terminal_asks_one_by_one_until_each_answer_is_allowed(review, monkeypatch):
    monkeypatch.setattr(asking, "is_terminal", lambda: True)
    result = new(review, "invented-gamma", input="\n".join([*ANSWERS, ""]))
    assert "Title of the paper: \n  What it is, in a few words: plain text of 1 to 2000 characters" in result.output
    assert "Design (rct, quasi-rct" in result.output
    assert "  A DOI begins with 10. and has a slash, such as 10.1136/bmj.a1735.\n" in result.output
    assert "  Did you mean 'rct'? Use one of rct" in result.output
    assert "  Did you mean 'old'? 'odl' is no treatment of vocabulary.toml" in result.output
    assert "  old: the old treatment\n  none: no treatment\n" in result.output
    written = tomllib.loads((review.data / "raw" / "invented-gamma" / "metadata.toml").read_text())
    assert written == {
        "id": "invented-gamma", "title": "Invented title", "curator": "Nobody",
        "source": {"citation": "Invented citation", "doi": "10.1000/invented"},
        "study": {"design": "rct", "status": "awaiting-extraction", "year": 2020, "follow_ups": "6 weeks"},
        "arms": [{"id": "new", "treatment": "new"}, {"id": "old", "treatment": "old"}],
    }  # fmt: skip


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_written_as_toml_that_reads_back(text):
    assert tomllib.loads(f"key = {toml_value(text)}") == {"key": text}


def test_every_key_of_the_contract_stands_in_a_new_metadata_file():
    filled = metadata_text({"id": "x", "title": "t", "curator": "c", "source": {}, "study": {}, "arms": []})
    without_marks = "\n".join(line.removeprefix("# ") for line in filled.splitlines() if "=" in line or "[" in line)
    read = tomllib.loads(without_marks)
    assert set(read) == {"id", "title", "curator", "source", "study", "arms", "risk_of_bias"}
    assert set(read["study"]) == set(Study.__dataclass_fields__)
    assert set(read["arms"][0]) == set(Arm.__dataclass_fields__)
    assert set(read["risk_of_bias"]["domains"]) == {domain.id for domain in shipped_tools()["rob2"].domains}


PLAIN = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() == text and text.isprintable()
)


@settings(max_examples=50, deadline=None)
@given(title=PLAIN, citation=PLAIN, label=PLAIN)
def test_what_was_said_is_what_metadata_says(title, citation, label, tmp_path_factory):
    folder = tmp_path_factory.mktemp("x") / "invented"
    folder.mkdir()
    said = {"id": "invented", "title": title, "curator": "Nobody", "source": {"citation": citation},
            "study": {"design": "rct", "label": label}, "arms": [{"id": title, "n_randomised": 4}]}  # fmt: skip
    (folder / "metadata.toml").write_text(metadata_text(said), encoding="utf-8")
    metadata, faults = read_metadata(folder / "metadata.toml", "metadata.toml", None)
    assert faults == []
    assert (metadata.title, metadata.source.citation, metadata.study.label) == (title, citation, label)
    assert metadata.arms == (Arm(title, n_randomised=4),)


TIMES = {
    "6 and 12 weeks": [6, 12],
    "2, 4, 6 weeks": [2, 4, 6],
    "3 and 12 months": [13, 52],
    "4 weeks; 3 and 6 months": [4, 13, 26],
    "8 weeks; 3 months after intervention": [8],
    "3, 6, 12 months post-treatment": [],
    "end of treatment": [],
    "not shown (3 sessions a week)": [],
    "": [],
}


@pytest.mark.parametrize("text", TIMES)
def test_only_times_that_are_printed_plainly_are_laid_out(text):
    assert weeks_printed(text) == TIMES[text]


ELSEWHERE = {"4, 8, 20 weeks": True, "4, 8, 50 weeks": False, "8 weeks; 3 months after intervention": False,
             "end of treatment": False, "": False}  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_source_whose_plain_times_all_lie_outside_a_window_does_not_answer_it(text):
    asked = replace(invented_result("x").comparison, window_weeks=(40, 60))
    assert measured_at_other_times(text, asked) == ELSEWHERE[text]
    assert not measured_at_other_times(text, replace(asked, window_weeks=None))


def test_the_instrument_that_one_comparison_names_is_laid_out_for_those_that_take_any():
    dataset = invented_datasets()[1]
    arms = (Arm("a", treatment="a"), Arm("b", treatment="b"))
    study = replace(dataset.metadata.study, follow_ups="6 weeks; 30 weeks")
    dataset = replace(dataset, metadata=replace(dataset.metadata, arms=arms, study=study))
    asked = invented_result("x").comparison
    early = replace(asked, instruments=("scale",), window_weeks=(1, 10))
    rows = wanted_rows(dataset, [asked, early])["contrasts"]
    assert [(row["instrument"], row["followup_weeks"]) for row in rows] == [("scale", "6"), ("scale", "30")]


def test_the_treatments_of_the_review_are_offered_by_code_and_label(review):
    codebook = read_vocabulary(review.data)[0]
    assert asking.shown_codes(codebook, "nothing like it") == "  No code has 'nothing like it'."


def test_two_extractions_are_laid_out_apart_from_what_is_pooled(review):
    awaited(review)
    before = files_of(review)
    for side in "ab":
        result = new(review, "invented-gamma", "--extraction", side)
        assert result.output.splitlines()[-1] == (
            f"2. Once both have typed theirs: trochlea compare invented-gamma --data {review.data}"
        )
    added = files_of(review).keys() - before.keys()
    folder = review.data / "extractions" / "invented-gamma"
    assert added == {str(folder / "a" / "arms.csv"), str(folder / "b" / "arms.csv")}
    assert (folder / "a" / "arms.csv").read_bytes() == (folder / "b" / "arms.csv").read_bytes()
    assert len(read_material(review).evidence.datasets) == 3


def test_an_extraction_is_not_written_through_a_link(review, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (review.data / "extractions").symlink_to(tmp_path / "elsewhere")
    assert refused(review, "invented-alpha", "--extraction", "a") == [
        f"{review.data}/extractions: a link. Extractions are the folders themselves."
    ]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("id, found", [("invented-alpha", "it is there already"), ("nobody-2020", "no such folder")])
def test_an_extraction_that_is_there_or_has_no_source_is_refused(id, found, review):
    new(review, "invented-alpha", "--extraction", "b")
    before = files_of(review)
    assert found in refused(review, id, "--extraction", "b")[0]
    assert files_of(review) == before


NAMES = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True)
AWKWARD = ["../x", "/etc/passwd", ".", "a/b", "x" * 300, "=1+1", "<b>", "'; --"]
ARGUMENT = NAMES | st.text(max_size=30) | st.sampled_from(AWKWARD)


@settings(max_examples=60, deadline=None)
@given(id=ARGUMENT, title=ARGUMENT, citation=ARGUMENT, arm=st.just("new") | ARGUMENT, year=st.just("2020") | ARGUMENT)
def test_whatever_is_said_is_written_below_the_review_or_refused(id, title, citation, arm, year, tmp_path_factory):
    folder = tmp_path_factory.mktemp("said")
    review = invented_review(folder / "review")
    before = files_of(review)
    try:
        said = [f"--title={title}", f"--citation={citation}", f"--arm={arm}", f"--year={year}"]
        options = [*said, "--design=rct", "--curator=Nobody", f"--data={review.data}", "--", id]
        result = CliRunner().invoke(trochlea, ["new", *options], catch_exceptions=False)
        assert result.exit_code == 0 and (review.data / "raw" / id / "metadata.toml").is_file()
    except InputError:
        assert files_of(review) == before
    assert os.listdir(folder) == ["review"]
    assert set(os.listdir(review.data)) == {"raw", "protocol"}
