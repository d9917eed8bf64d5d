"""`trochlea add`: what it shows, asks, keeps and repeats."""

import json
import tomllib

import pytest

from flows import adding
from flows.commands import add as command
from tests.adding import REFERENCE, SAID, add, empty_review, faults, snapshot

DEATH = (*SAID, "--outcome", "death")
LI = REFERENCE / "li2007.csv"
BCG = REFERENCE / "bcg.csv"


def invented(folder, text, name="invented.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_mapping_is_shown_with_how_sure_it_is(tmp_path):
    lines = add(empty_review(tmp_path), BCG, *DEATH, "--dry-run", "--yes").output.splitlines()
    assert lines[:5] == [
        "  trial   (left out: author fills study)",
        "  author  study                      synonym",
        "  year    year                       exact",
        "  tpos    experimental.events        guess",
        "  tneg    experimental.events_free   guess",
    ]
    assert lines[-1] == "Nothing was written."


def test_a_guess_that_nobody_confirmed_is_a_fault_with_the_option_that_confirms_it(tmp_path):
    data = empty_review(tmp_path)
    found = faults(data, BCG, *DEATH)
    assert len(found) == 4
    assert found[0] == (
        "bcg.csv: column 'tpos' could be experimental.events, which is a guess. Confirm it or say what it is (- leaves "
        "it out); --yes confirms the whole mapping. Say it with --map tpos=experimental.events."
    )
    confirmed = [part for fault in found for part in fault.rpartition("Say it with ")[2].rstrip(".").split()]
    assert add(data, BCG, *DEATH, *confirmed).exit_code == 0


def test_everything_that_nobody_said_is_asked_at_once(tmp_path):
    found = faults(empty_review(tmp_path), LI)
    assert [fault.rpartition("Say it with ")[2] for fault in found] == [
        "--outcome CODE.", "--arm experimental=CODE.", "--arm control=CODE.", "--citation TEXT.", "--design DESIGN.",
        "--curator NAME.",
    ]  # fmt: skip


def test_a_new_code_is_named_with_the_lines_that_the_vocabulary_needs(tmp_path):
    data = empty_review(tmp_path)
    options = ["--arm", "experimental=magnesium", *SAID[2:], "--outcome", "death"]
    assert faults(data, LI, *options) == [
        "li2007.csv: 'magnesium' is no code of vocabulary.toml [treatments]. Use a code that stands there, or add "
        '--add-to-vocabulary, or put these lines into it:\n[treatments.magnesium]\nlabel = "magnesium"\n'
    ]
    result = add(data, LI, *options, "--add-to-vocabulary", "--label", "magnesium=Magnesium i.v.")
    words = tomllib.loads((data / "protocol" / "vocabulary.toml").read_text())
    assert result.exit_code == 0 and words["treatments"]["magnesium"] == {"label": "Magnesium i.v."}


def test_nobody_guesses_which_way_a_new_outcome_is_good_news(tmp_path):
    data = empty_review(tmp_path)
    options = [*SAID, "--outcome", "recovery", "--add-to-vocabulary"]
    assert faults(data, LI, *options) == [
        "li2007.csv: 'recovery' is a new outcome, and nothing says which way is good news. recovery is better when it "
        "is lower, higher, none (none: neither): lower, higher, none. Say it with --better recovery=CODE."
    ]
    assert add(data, LI, *options, "--better", "recovery=higher").exit_code == 0
    words = tomllib.loads((data / "protocol" / "vocabulary.toml").read_text())
    assert words["outcomes"]["recovery"] == {"label": "recovery", "better": "higher"}


def test_a_second_import_of_the_same_file_changes_nothing(tmp_path):
    data = empty_review(tmp_path)
    add(data, LI, *DEATH)
    before = snapshot(data)
    assert "22 datasets unchanged" in add(data, LI, *DEATH).output
    assert snapshot(data) == before


def test_a_newer_file_is_read_as_the_older_one_was_and_shows_what_changes(tmp_path):
    data = empty_review(tmp_path)
    add(data, BCG, *DEATH, "--yes")
    newer = invented(tmp_path, BCG.read_text().replace('"Aronson",1948,4,', '"Aronson",1948,5,'), "invented-newer.csv")
    folder = data / "raw" / "aronson-1948"
    mine = (folder / "metadata.toml").read_text().replace("Aronson 1948, from bcg.csv", "My own words")
    (folder / "metadata.toml").write_text(mine)
    assert faults(data, newer, "--like", "aronson-1948") == [
        "data/raw/aronson-1948: the folder is there, and what the file says differs from it. A newer file of the "
        "same figures replaces it with --update; --dry-run shows what changes. Other figures of the same people get a "
        "folder of their own with --suffix WORD."
    ]
    output = add(data, newer, "--like", "aronson-1948", "--update").output
    assert "1 dataset changed: aronson-1948\n12 datasets unchanged" in output
    assert "aronson-1948/arms.csv: -aronson-1948,new,death,123,4," in output
    assert "aronson-1948/arms.csv: +aronson-1948,new,death,124,5," in output
    metadata = tomllib.loads((folder / "metadata.toml").read_text())
    assert metadata["title"] == "My own words" and metadata["import"]["file"] == "invented-newer.csv"


def test_other_figures_of_the_same_people_get_a_folder_of_their_own(tmp_path):
    data = empty_review(tmp_path)
    add(data, LI, *DEATH)
    source = invented(tmp_path, "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nMorton 1984,9,2,40,10,2,36\n")
    assert add(data, source, *SAID, "--outcome=stay", "--suffix=stay").exit_code == 0
    metadata = tomllib.loads((data / "raw" / "morton-1984-stay" / "metadata.toml").read_text())
    assert metadata["study"]["same_people_as"] == "morton-1984"


def test_figures_that_were_typed_by_hand_are_never_written_over(tmp_path):
    data = empty_review(tmp_path)
    add(data, LI, *DEATH)
    path = data / "raw" / "morton-1984" / "metadata.toml"
    path.write_text(path.read_text().partition("\n# What `trochlea add` keeps")[0])
    assert faults(data, LI, *DEATH, "--update")[0] == (
        "data/raw/morton-1984: the folder is there, and its figures were typed by hand. "
        "A folder that trochlea add did not write is yours to change."
    )


def test_a_folder_that_awaits_its_figures_is_filled_and_keeps_its_words(tmp_path):
    data = empty_review(tmp_path)
    folder = data / "raw" / "morton-1984"
    folder.mkdir()
    (folder / "metadata.toml").write_text(
        'id = "morton-1984"\ntitle = "Mine"\ncurator = "Me"\n\n[source]\ncitation = "Mine"\n\n[study]\ndesign = "rct"\n'
        'status = "awaiting-extraction"\n'
    )
    assert add(data, LI, *DEATH, "--update").exit_code == 0
    metadata = tomllib.loads((folder / "metadata.toml").read_text())
    assert (metadata["title"], metadata["study"]["status"]) == ("Mine", "extracted")
    assert (folder / "arms.csv").is_file()


def test_effects_beside_the_groups_own_figures_are_left_out_and_said(tmp_path):
    source = invented(tmp_path, "study,ai,n1i,ci,n2i,yi,vi\nInvented 2001,1,20,2,22,-0.6,1.4\n")
    output = add(empty_review(tmp_path), source, *DEATH).output
    assert "  yi     (left out: the groups' own figures are here)" in output


@pytest.mark.parametrize("option, message", [
    ("--map=nowhere=study", "no column 'nowhere', named by --map nowhere=study. Its columns are id, study, year, ai, "
                            "n1i, ci, n2i."),
    ("--map=ai=experimental.evnts", "no field 'experimental.evnts', named by --map ai=experimental.evnts. Did you mean "
                                    "'experimental.events'? A field is a column of the contract, with experimental. or "
                                    "control. before it in a table with two groups a row; - leaves it out; of cells "
                                    "with more figures than one, their form, such as 'events/n (%)' or 'mean (sd)'."),
    ("--doi=10.1000/invented", "--doi for 22 studies. A DOI is of one paper; several studies have theirs in a column, "
                               "with --map COLUMN=doi."),
    ("--like=nobody", "it keeps no answers. A dataset that trochlea add wrote is needed, such as those with [import] "
                      "in metadata.toml."),
    ("--weeks=soon", "found 'soon'. Write one number, such as -3.5."),
])  # fmt: skip
def test_an_option_that_means_nothing_is_refused_in_words(option, message, tmp_path):
    assert faults(empty_review(tmp_path), LI, *DEATH, option)[0].endswith(message)


def test_two_studies_of_one_name_are_never_made_one(tmp_path):
    source = invented(tmp_path, "study,ai,n1i,ci,n2i\nInvented 2001,1,20,2,22\nInvented 2001,3,20,2,22\n")
    found = faults(empty_review(tmp_path), source, *DEATH)
    assert "invented.csv line 3: the same row as line 2." in found[0]
    assert "2019a and 2019b, or a column that tells them apart: --map COLUMN=id." in found[0]
    source = invented(tmp_path, "study,ai,n1i,ci,n2i\nInvented 2001,1,20,2,22\ninvented (2001),3,20,2,22\n")
    assert "Both would be the folder invented-2001" in faults(empty_review(tmp_path / "b"), source, *DEATH)[0]


def test_an_import_is_one_object_for_a_machine(tmp_path):
    said = json.loads(add(empty_review(tmp_path), LI, *DEATH, "--json").output)
    assert said["written"] and said["datasets"]["morton-1984"] == "new" and len(said["datasets"]) == 22
    assert {"column": "ai", "field": "experimental.events", "sure": "exact"} in said["mapping"]


def test_in_a_terminal_what_nobody_said_is_asked(tmp_path, monkeypatch):
    """A person answers each question, confirms, and the answers are kept."""
    data = empty_review(tmp_path)
    answers = {"tpos": "experimental.events", "tneg": "experimental.events_free", "cpos": "control.events",
               "cneg": "control.events_free", "outcome": "death", "experimental": "new", "control": "old",
               "citation": "Cited", "design": "rct", "curator": "Test"}  # fmt: skip
    asked = []

    def answer(label, **options):
        asked.append(label)
        return answers[label]

    monkeypatch.setattr(adding.click, "prompt", answer)
    monkeypatch.setattr(command, "is_terminal", lambda: True)
    monkeypatch.setattr(command.click, "confirm", lambda *words, **options: True)
    assert add(data, BCG).exit_code == 0
    assert sorted(asked) == sorted(answers)
    kept = tomllib.loads((data / "raw" / "aronson-1948" / "metadata.toml").read_text())["import"]
    assert kept["columns"]["tpos"] == "experimental.events" and kept["settings"]["citation"] == "Cited"


def test_a_study_that_may_be_there_under_another_name_is_pointed_out(tmp_path):
    data = empty_review(tmp_path)
    add(data, LI, *DEATH)
    source = invented(tmp_path, "study,key,ai,n1i,ci,n2i\nMorton et al. 1984,morton-1984,1,40,2,37\n")
    assert "morton-et-al-1984 may be the study of morton-1984, which is there." in add(data, source, *DEATH).output
    found = faults(data, source, *DEATH, "--map", "key=id")
    assert found[0].startswith("data/raw/morton-1984: the folder is there, and what the file says differs from it.")


def test_rows_that_differ_in_detail_alone_are_pointed_out(tmp_path):
    rows = "Invented 2001,men,1,20,2,22\nInvented 2001,women,3,20,2,22\n"
    source = invented(tmp_path, "study,detail,ai,n1i,ci,n2i\n" + rows)
    assert "its rows differ in detail (men, women)" in add(empty_review(tmp_path), source, *DEATH).output


def test_the_same_group_in_two_comparisons_is_one_row_with_both_places(tmp_path):
    head = "study,experimental.arm,ai,n1i,control.arm,ci,n2i\n"
    source = invented(tmp_path, head + "Invented 2001,new,1,20,old,2,22\nInvented 2001,newer,3,20,old,2,22\n")
    data = empty_review(tmp_path)
    words = data / "protocol" / "vocabulary.toml"
    words.write_text(words.read_text() + '\n[treatments.newer]\nlabel = "the newer treatment"\n')
    assert add(data, source, *SAID[4:], "--outcome=death").exit_code == 0
    lines = (data / "raw" / "invented-2001" / "arms.csv").read_text().splitlines()
    assert len(lines) == 4 and lines[2] == "invented-2001,old,death,22,2,line 2; line 3,secondary"


def test_two_groups_by_their_own_names_are_a_guess_of_which_comes_first(tmp_path):
    head = "study,Hip n,Hip mean,Hip sd,Knee n,Knee mean,Knee sd\n"
    source = invented(tmp_path, head + "Invented 2001,20,5,2,22,6,2\n")
    data = empty_review(tmp_path)
    found = faults(data, source, *SAID, "--outcome=stay")
    assert len(found) == 6 and found[1].endswith("Say it with --map 'Hip mean=experimental.mean'.")
    assert add(data, source, *SAID, "--outcome=stay", "--yes").exit_code == 0
    assert "invented-2001,new,stay,20,5,2," in (data / "raw" / "invented-2001" / "arms.csv").read_text()
