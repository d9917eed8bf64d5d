"""What a person may do to a review between two runs, for the tests of runs that take over what did not change.

The review is the invented library, made small and given one of everything; no study in it exists.
"""

import shutil
from pathlib import Path

from tests.benchmarks.invented_library import dataset_name, write_invented_library
from tests.participant_files import METADATA as PEOPLE
from tests.participant_files import invented_people, write_people

DATASETS, TREATMENTS = 8, 2
REGISTRATIONS = {1: "NCT00000001", 5: "NCT00000002"}
HEAD = 'title = "Invented"\ncurator = "nobody"\n\n[source]\ncitation = "Invented, {citation}"\n\n[study]\n'
PROTOCOL = """
[[comparison]]
id = "any-pain"
question = "Is any new treatment better for pain?"
experimental = ["new-0", "new-1"]
control = ["old"]
outcome = "pain"
experimental_label = "any new treatment"
instruments = ["scale-10"]
moderators = ["year"]
subgroup = "experimental"
prior = "half-normal"
prior_scale = 1.0
smallest_important = 1.0
smallest_important_source = "Invented"
sensitivity = ["tau2=DL", "without=new-1", "without-high-risk", "with-doubtful"]

[[comparison]]
id = "any-function-all-rows"
question = "Is any new treatment better for function, all rows of a trial together?"
experimental = ["new-0", "new-1"]
control = ["old"]
experimental_label = "any new treatment"
outcome = "function"
measure = "SMD"
model = "multilevel"

[[comparison]]
id = "people-pain"
question = "Is the newest treatment better, by participants?"
experimental = ["newest"]
control = ["old"]
outcome = "pain"
instruments = ["scale-100"]

[[network]]
id = "all-pain"
question = "Which of the new treatments is best for pain?"
treatments = ["old", "new-0", "new-1"]
reference = "old"
outcome = "pain"
instruments = ["scale-10"]

[[group]]
id = "old-pain"
question = "How much pain is left with the old treatment?"
treatments = ["old"]
outcome = "pain"
instruments = ["scale-10"]
measure = "MN"
"""
JUDGED = """
[risk_of_bias]
tool = "invented-tool"
rater = "Nobody"
rated = 2001-02-03
overall = "some"
overall_reason = "Invented"

[risk_of_bias.domains]
one = { judgement = "some", reason = "Invented" }
"""
TOOL = """
[bias_tools.invented-tool]
label = "an invented tool"
source = "Invented"
overall = "worst-domain"

[[bias_tools.invented-tool.judgements]]
word = "low"
letter = "L"
level = "low"

[[bias_tools.invented-tool.judgements]]
word = "some"
letter = "S"
level = "some"

[[bias_tools.invented-tool.judgements]]
word = "high"
letter = "H"
level = "high"

[[bias_tools.invented-tool.domains]]
id = "one"
short = "One"
label = "an invented domain"
"""


def write_library(data: Path) -> None:
    """Write the invented library with a pooling, an awaited trial, participants, judgements and two extractions."""
    write_invented_library(data, DATASETS, TREATMENTS)
    append(data / "protocol" / "comparisons.toml", PROTOCOL)
    append(data / "protocol" / "vocabulary.toml", 'newest = {label = "the newest treatment"}\n' + TOOL)
    append(data / "raw" / dataset_name(1) / "metadata.toml", JUDGED)
    for number, registration in REGISTRATIONS.items():
        edit(folder(data, number) / "metadata.toml", "[source]", f'[source]\nregistration = "{registration}"')
    for line in (2, 3):
        cell(data, 5, line, "sd", "0.9")
        cell(data, 5, line, "n", "40")
    write(data / "raw" / "invented-pooled", HEAD.format(citation="2001") + 'design = "review"\nlabel = "Pooled"\n',
          "poolings.csv", "review,experimental,control,outcome,measure,estimate,ci_low,ci_high,level,location,seen_as\n"
          "invented-pooled,new-0,old,pain,MD,-0.5,-1,0,0.95,Table 1,primary\n")  # fmt: skip
    write(data / "raw" / "invented-waiting", HEAD.format(citation="2002") + 'design = "rct"\nlabel = "Waiting"\n'
          'status = "awaiting-extraction"\nn_randomised = 60\n\n[[arms]]\nid = "a"\ntreatment = "new-0"\n\n'
          '[[arms]]\nid = "b"\ntreatment = "old"\n')  # fmt: skip
    write_people(data / "raw", invented_people(), PEOPLE.replace('treatment = "new"', 'treatment = "newest"'))
    append_entry(data, "instruments", 'scale-100 = {label = "a long scale", unit = "points", range = [0, 100]}')
    for side in "ab":
        shutil.copytree(folder(data, 7), data / "extractions" / dataset_name(7) / side)
    (data / "extractions" / dataset_name(7) / "b" / "metadata.toml").unlink()


def write(place: Path, metadata: str, table: str | None = None, rows: str = "") -> None:
    place.mkdir(parents=True)
    (place / "metadata.toml").write_text(f'id = "{place.name}"\n{metadata}')
    if table:
        (place / table).write_text(rows)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def append_entry(data: Path, section: str, line: str) -> None:
    edit(data / "protocol" / "vocabulary.toml", f"[{section}.scale-10]", f"[{section}]\n{line}\n\n[{section}.scale-10]")


def edit(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new, count))


def folder(data: Path, number: int) -> Path:
    return data / "raw" / dataset_name(number)


def cell(data: Path, number: int, line: int, column: str, value: str) -> None:
    """Set a cell of arms.csv; the header is line 1."""
    path = folder(data, number) / "arms.csv"
    lines = [one.split(",") for one in path.read_text().splitlines()]
    lines[line - 1][lines[0].index(column)] = value
    path.write_text("\n".join(",".join(one) for one in lines) + "\n")


# ---------------------------------------------------------------- sources


def leave_it(data: Path) -> None:
    """Change nothing."""


def change_a_figure(data: Path) -> None:
    cell(data, 5, 2, "mean", "3.21")


def change_a_place(data: Path) -> None:
    cell(data, 5, 2, "location", "Another table")


def doubt_a_figure(data: Path) -> None:
    cell(data, 5, 2, "seen_as", "doubtful")


def make_a_figure_implausible(data: Path) -> None:
    """Far beyond the scale's end for its SD: a caution on the effect that is made from it."""
    cell(data, 5, 2, "mean", "9.9")


def move_the_median_of_all(data: Path) -> None:
    """The SDs of trials of other treatments make those of dataset 5, which stay, look like standard errors."""
    for number in (0, 2, 4, 6):
        for line in (2, 3):
            cell(data, number, line, "sd", "4.5")


def correct_a_cell(data: Path) -> None:
    n = (folder(data, 5) / "arms.csv").read_text().splitlines()[1].split(",")[6]
    (folder(data, 5) / "corrections.toml").write_text(
        f'[[correction]]\ntable = "arms"\nline = 2\ncolumn = "n"\nexpect = "{n}"\nvalue = "33"\n'
        'reason = "Invented"\nby = "nobody"\non = 2026-03-01\n'
    )


def change_a_year(data: Path) -> None:
    edit(folder(data, 5) / "metadata.toml", "year = 1995", "year = 1980")


def rename_a_study(data: Path) -> None:
    edit(folder(data, 5) / "metadata.toml", 'label = "Invented 5"', 'label = "Invented Five"')


def count_knees(data: Path) -> None:
    edit(folder(data, 5) / "metadata.toml", "year = 1995", 'year = 1995\nunit_of_analysis = "knees"')


def change_a_design(data: Path) -> None:
    edit(folder(data, 5) / "metadata.toml", 'design = "rct"', 'design = "prospective-cohort"')


def declare_the_same_people(data: Path) -> None:
    edit(folder(data, 5) / "metadata.toml", "year = 1995", f'year = 1995\nsame_people_as = "{dataset_name(1)}"')


def share_a_doi(data: Path) -> None:
    """Nobody declares it: found by what both folders say."""
    for number in (1, 5):
        edit(folder(data, number) / "metadata.toml", "[source]", '[source]\ndoi = "10.1000/invented"')


def join_two_trials_from_a_third_folder(data: Path) -> None:
    """Nothing of the two changes, nor of what they answer: a report in another folder names the numbers of both."""
    both = f"registration = \"{' and '.join(REGISTRATIONS.values())}\""
    edit(folder(data, 2) / "metadata.toml", "[source]", f"[source]\n{both}")


def copy_the_figures_of_another(data: Path) -> None:
    """The same n, mean and SD in two arms: found to be the same people."""
    lines = (folder(data, 1) / "arms.csv").read_text().replace(dataset_name(1), dataset_name(5))
    (folder(data, 5) / "arms.csv").write_text(lines)


def judge_a_trial(data: Path) -> None:
    edit(folder(data, 1) / "metadata.toml", 'judgement = "some"', 'judgement = "high"')
    edit(folder(data, 1) / "metadata.toml", 'overall = "some"', 'overall = "high"')


def add_a_dataset(data: Path) -> None:
    shutil.copytree(folder(data, 5), data / "raw" / "invented-added")
    for path in (data / "raw" / "invented-added").iterdir():
        edit(path, dataset_name(5), "invented-added", -1)
    edit(data / "raw" / "invented-added" / "arms.csv", "final,", "final,1", -1)


def remove_a_dataset(data: Path) -> None:
    shutil.rmtree(folder(data, 5))


def rename_a_dataset(data: Path) -> None:
    """Its place among the others changes with its name."""
    new = data / "raw" / "a-invented"
    folder(data, 5).rename(new)
    for path in new.iterdir():
        edit(path, dataset_name(5), "a-invented", -1)


def change_a_participant(data: Path) -> None:
    path = data / "raw" / "invented-people" / "participants.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-1], ",".join([*lines[-1].split(",")[:5], "77.7", "yes"])]) + "\n")


def change_a_pooling(data: Path) -> None:
    edit(data / "raw" / "invented-pooled" / "poolings.csv", "-0.5", "-0.7")


def change_an_awaited_trial(data: Path) -> None:
    edit(data / "raw" / "invented-waiting" / "metadata.toml", "n_randomised = 60", "n_randomised = 600")


def extract_otherwise(data: Path) -> None:
    path = data / "extractions" / dataset_name(7) / "b" / "arms.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace("final,", "final,1"), *lines[2:]]) + "\n")


# ---------------------------------------------------------------- protocol


def change_a_question(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", "Is new treatment 1 better for pain?", "Another question?")


def change_a_default(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", 'measure = "MD"', 'measure = "MD"\ntau2 = "DL"')


def change_holm(data: Path) -> None:
    path = data / "protocol" / "claims.toml"
    path.write_text('[defaults]\nholm = "required"\n\n' + path.read_text())


def change_the_title(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", "An invented library", "Another title")


def turn_the_order(data: Path) -> None:
    path = data / "protocol" / "comparisons.toml"
    head, *questions = path.read_text().split("[[comparison]]")
    path.write_text("[[comparison]]".join([head, *questions[1:3], questions[0], *questions[3:]]))


def ask_something_new(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", 'id = "new-1-pain"', 'id = "new-1-pain-again"')
    edit(data / "protocol" / "claims.toml", '"new-1-pain"', '"new-1-pain-again"')


def change_the_network(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", '"old", "new-0", "new-1"]', '"old", "new-0", "new-1", "newest"]')


def change_the_question_on_one_group(data: Path) -> None:
    edit(data / "protocol" / "comparisons.toml", 'treatments = ["old"]', 'treatments = ["old", "new-1"]')


def drop_the_question_on_one_group(data: Path) -> None:
    path = data / "protocol" / "comparisons.toml"
    path.write_text(path.read_text().split("[[group]]")[0])


def change_a_claim(data: Path) -> None:
    edit(data / "protocol" / "claims.toml", 'rule = "favours"', 'rule = "at-most"\nbound = 0')


def claim_two_things(data: Path) -> None:
    append(data / "protocol" / "claims.toml",
           '\n[[claim.part]]\ncomparison = "new-0-function"\nrule = "favours"\n')  # fmt: skip


def drop_a_claim(data: Path) -> None:
    path = data / "protocol" / "claims.toml"
    path.write_text("[[claim]]".join(path.read_text().split("[[claim]]")[:-1]))


def change_a_treatment(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", "the new treatment 1", "something else")


def change_an_instrument(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", "an invented scale", "another name of it")


def turn_an_instrument(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", "[instruments.scale-10]", '[instruments.scale-10]\nbetter = "higher"')


def give_an_important_difference(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", 'label = "an invented scale"',
         'label = "an invented scale"\nsmallest_important = 0.4\nsmallest_important_source = "Invented"')  # fmt: skip


def turn_an_outcome(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", 'pain = {label = "pain", better = "lower"}',
         'pain = {label = "pain", better = "higher"}')  # fmt: skip


def change_a_bias_tool(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", "an invented domain", "another name of the domain")


def add_a_word(data: Path) -> None:
    edit(data / "protocol" / "vocabulary.toml", "[treatments]", '[treatments]\nunused = {label = "not used"}')


EVERYTHING = "everything"
OF_1 = {"new-1-pain", "any-pain", "all-pain"}
OF_DATASET_5 = {"new-1-pain", "new-1-function", "new-1-recovery", "any-pain", "any-function-all-rows", "all-pain"}
ON_SCALE = {f"new-{number}-{outcome}" for number in range(TREATMENTS) for outcome in ("pain", "function")} | {
    "any-pain",
    "any-function-all-rows",
    "all-pain",
}
PAIN = {f"new-{number}-pain" for number in range(TREATMENTS)} | {"any-pain", "all-pain", "people-pain"}
EDITS = {  # what was done -> the questions whose answers are computed again; dataset 5 is of the new treatment 1
    leave_it: set(),
    change_a_figure: OF_1,
    change_a_place: OF_1,
    doubt_a_figure: OF_1,
    make_a_figure_implausible: OF_1,
    move_the_median_of_all: PAIN - {"people-pain"},
    correct_a_cell: OF_DATASET_5,
    change_a_year: OF_DATASET_5,
    rename_a_study: OF_DATASET_5,
    count_knees: OF_DATASET_5,
    change_a_design: OF_DATASET_5,
    declare_the_same_people: OF_DATASET_5,
    share_a_doi: OF_DATASET_5,
    join_two_trials_from_a_third_folder: OF_DATASET_5 | {"new-0-pain", "new-0-function", "new-0-recovery"},
    copy_the_figures_of_another: OF_DATASET_5,
    judge_a_trial: OF_DATASET_5,
    add_a_dataset: OF_DATASET_5,
    remove_a_dataset: OF_DATASET_5,
    rename_a_dataset: OF_DATASET_5,
    change_a_participant: {"people-pain"},
    change_a_pooling: {"new-0-pain", "any-pain"},
    change_an_awaited_trial: {"new-0-pain", "new-0-function", "new-0-recovery", "any-pain", "any-function-all-rows"},
    extract_otherwise: set(),
    change_a_question: {"new-1-pain"},
    change_a_default: EVERYTHING,
    change_holm: set(),
    change_the_title: set(),
    turn_the_order: set(),
    ask_something_new: {"new-1-pain-again"},
    change_the_network: {"all-pain"},
    change_the_question_on_one_group: set(),  # it is answered anew in every run
    drop_the_question_on_one_group: set(),
    change_a_claim: {"new-0-pain"},
    claim_two_things: {"new-0-function", "new-1-pain"},
    drop_a_claim: {"new-1-pain"},
    change_a_treatment: OF_DATASET_5,
    change_an_instrument: ON_SCALE,
    turn_an_instrument: ON_SCALE,
    give_an_important_difference: ON_SCALE,
    turn_an_outcome: PAIN,
    change_a_bias_tool: OF_DATASET_5,
    add_a_word: set(),
}
