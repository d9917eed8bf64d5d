"""A broken dataset is refused with exactly its own message, and everything wrong is said in one call."""

import json
import os

import pytest
from click.testing import CliRunner

from analysis.evidence import checking
from analysis.evidence.datasets import read_folder
from analysis.evidence.vocabulary import read_vocabulary
from analysis.faults import InputError
from flows.command import main
from flows.commands.check import command
from flows.material import read_material
from flows.review import Review
from tests.reviews import BROKEN, INVENTED, invented_review

CASES = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
HOSTILE = "<script>alert(1)</script>'; DROP TABLE study;--"


@pytest.fixture(scope="module")
def codebook():
    return read_vocabulary(INVENTED / "data")[0]


def faults_of(case, codebook):
    return [str(fault) for fault in read_folder(BROKEN / case, f"data/raw/{case}", codebook)[2]]


@pytest.mark.parametrize("case", CASES)
def test_a_broken_folder_gives_exactly_its_message(case, codebook):
    assert faults_of(case, codebook) == (BROKEN / f"{case}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("rule", sorted({rule for rules in checking.RULES.values() for rule in rules}, key=str))
def test_every_rule_of_a_row_has_a_broken_folder_that_only_it_refuses(rule, codebook, monkeypatch):
    without = {table: tuple(one for one in rules if one is not rule) for table, rules in checking.RULES.items()}
    refused = {case for case in CASES if faults_of(case, codebook)}
    monkeypatch.setattr(checking, "RULES", without)
    assert refused - {case for case in CASES if faults_of(case, codebook)}


def test_the_invented_review_has_no_fault():
    material = read_material(Review(INVENTED / "data", INVENTED / "reports", INVENTED / "trochlea.duckdb"))
    assert len(material.evidence.datasets) == 2


def test_a_link_is_not_followed(tmp_path, codebook):
    folder = tmp_path / "linked"
    folder.mkdir()
    os.symlink("/etc/passwd", folder / "arms.csv")
    found = [str(fault) for fault in read_folder(folder, "data/raw/linked", codebook)[2]]
    assert found[0] == "data/raw/linked/arms.csv: a link. Datasets hold the files themselves."


@pytest.mark.parametrize("file", ["raw/pipe/metadata.toml", "protocol/claims.toml"])
def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(file, tmp_path):
    review = invented_review(tmp_path)
    path = review.data / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    with pytest.raises(InputError) as error:
        read_material(review)
    assert f"data/{file}: no ordinary file. A readable file is needed." in "\n".join(map(str, error.value.faults))


def test_twenty_faults_give_twenty_messages_in_one_call(tmp_path):
    review = invented_review(tmp_path)
    arms = review.data / "raw" / "invented-alpha" / "arms.csv"
    header = arms.read_text().splitlines()[0]
    rows = [
        f"invented-alpha,new,pain,scale-10,{week},final,{n},{mean},{sd},,Invented,{seen},"
        for week, n, mean, sd, seen in [
            (1, 0, 5, 1, "primary"), (2, -1, 5, 1, "primary"), (3, 9.5, 5, 1, "primary"), (4, "x", 5, 1, "primary"),
            (5, 9, 11, 1, "primary"), (6, 9, -1, 1, "primary"), (7, 9, "NA", 1, "primary"), (8, 9, "5%", 1, "primary"),
            (9, 9, 5, 0, "primary"), (10, 9, 5, -1, "primary"), (11, 9, 5, 9, "primary"), (12, 9, 5, "=1", "primary"),
            (13, 9, 5, 1, "first"), (14, 9, 5, 1, ""), (-1, 9, 5, 1, "primary"), ("soon", 9, 5, 1, "primary"),
            (17, 9, "−5", 1, "primary"), (18, 9, "1e400", 1, "primary"), (9999, 9, 5, 1, "primary"),
            (20, 9, 5, "5 to 6", "primary"),
        ]
    ]  # fmt: skip
    arms.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_material(review)
    assert len(caught.value.faults) == 20
    assert [fault.line for fault in caught.value.faults] == list(range(2, 22))


def test_faults_of_data_and_protocol_are_said_together(tmp_path):
    review = invented_review(tmp_path)
    (review.data / "raw" / "invented-beta" / "contrasts.csv").write_text("study\n")
    claims = review.data / "protocol" / "claims.toml"
    claims.write_text(claims.read_text().replace('rule = "favours"', 'rule = "favors"'))
    with pytest.raises(InputError) as caught:
        read_material(review)
    assert {fault.where for fault in caught.value.faults} == {
        "data/raw/invented-beta/contrasts.csv", "data/protocol/claims.toml",
    }  # fmt: skip


@pytest.mark.parametrize(
    "file, old, new, message",
    [
        pytest.param("vocabulary", 'better = "lower"', 'better = "less"',
                     "data/protocol/vocabulary.toml line 5, [outcomes.pain] better: found 'less'. "
                     "Use one of lower, higher, none.", id="a direction that is none"),
        pytest.param("vocabulary", 'smallest_important_source = "Invented for the tests"\n', "",
                     "data/protocol/vocabulary.toml line 23, [instruments.scale-10] smallest_important: "
                     "no source is given. smallest_important_source cites where the figure was read.",
                     id="an important difference without a source"),
        pytest.param("comparisons", 'experimental = ["new"]', 'experimental = ["neww"]',
                     "data/protocol/comparisons.toml line 15, [comparison] experimental: found 'neww'. Did you mean "
                     "'new'? Use one of new, newer, old, none of vocabulary.toml [treatments].", id="an unknown code"),
        pytest.param("comparisons", 'control = ["old"]', 'control = ["new"]',
                     "data/protocol/comparisons.toml line 16, [comparison] control: new on both sides. "
                     "A treatment stands on one side.", id="a treatment on both sides"),
        pytest.param("comparisons", "rescale_to = [0, 10]\n", "",
                     "data/protocol/comparisons.toml line 12, [comparison] measure: MD of several instruments. "
                     "MD needs one instrument, or rescale_to; otherwise use SMD.", id="differences of two scales"),
        pytest.param("comparisons", '"tau2=DL"', '"tau2=XX"',
                     "data/protocol/comparisons.toml line 10, [defaults] sensitivity: found 'tau2=XX'. A choice is "
                     "one of tau2=DL|PM|REML|ML|EB|HE|SJ|HS|HSk|PMM|DL2|CA2, interval=z|hksj|hksj-floor, "
                     "model=random|common|multilevel|mantel-haenszel, with-doubtful, leave-one-out, without-high-risk, "
                     "only-low-risk.",
                     id="a choice that is none"),
        pytest.param("claims", 'comparison = "new-vs-old-pain"', 'comparison = "new-vs-old"',
                     "data/protocol/claims.toml line 10, [claim.part] comparison: found 'new-vs-old'. Did you mean "
                     "'new-vs-old-pain'? Use one of new-vs-old-pain, new-vs-old-recovery of comparisons.toml.",
                     id="a comparison that is none"),
        pytest.param("claims", 'rule = "favours"', 'rule = "at-most"',
                     "data/protocol/claims.toml line 9, [claim.part] bound: 0 bounds. at-most takes 1.",
                     id="a rule without its bound"),
        pytest.param("claims", 'needs = "Somebody to find out."\n', "",
                     "data/protocol/claims.toml line 14, [claim] id: nothing to test it with. "
                     "A claim has a [[claim.part]], or needs = what evidence would test it.", id="nothing to test"),
    ],
)  # fmt: skip
def test_a_fault_of_the_protocol_names_its_line(tmp_path, file, old, new, message):
    review = invented_review(tmp_path)
    path = review.data / "protocol" / f"{file}.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_material(review)
    assert message in [str(fault) for fault in caught.value.faults]


def test_a_fault_is_an_object_for_a_machine(tmp_path, monkeypatch, capsys):
    review = invented_review(tmp_path)
    (review.data / "raw" / "invented-alpha" / "metadata.toml").unlink()
    monkeypatch.setattr("sys.argv", ["trochlea", "check", "--data", str(review.data), "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    fault = json.loads(capsys.readouterr().out)["faults"][0]
    assert fault["where"] == "data/raw/invented-alpha/metadata.toml"
    assert fault["found"] == "the file is missing"


def test_check_counts_what_it_read(tmp_path):
    review = invented_review(tmp_path)
    result = CliRunner().invoke(command, ["--data", str(review.data)])
    assert result.output == "No faults: 2 datasets with 5 rows, 2 comparisons, 2 claims.\n"


def test_hostile_words_are_text_and_no_fault(tmp_path):
    review = invented_review(tmp_path)
    metadata = review.data / "raw" / "invented-alpha" / "metadata.toml"
    metadata.write_text(metadata.read_text().replace("An invented trial", HOSTILE))
    assert read_material(review).evidence.datasets[0].metadata.title == HOSTILE
