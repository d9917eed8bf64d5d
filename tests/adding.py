"""An empty review, and what `trochlea add` makes of it, for the tests of importing."""

from pathlib import Path

from click.testing import CliRunner

from analysis.evidence.datasets import read_evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.faults import InputError
from analysis.results import Comparison
from analysis.synthesis import synthesise_comparison
from flows.command import trochlea

REFERENCE = Path(__file__).parent / "reference" / "importing"
VOCABULARY = """[outcomes.death]
label = "death"
better = "lower"

[outcomes.stay]
label = "length of stay"
better = "lower"

[instruments.days]
label = "days"

[treatments.new]
label = "the new treatment"

[treatments.old]
label = "the old treatment"
"""
SAID = (
    "--arm",
    "experimental=new",
    "--arm",
    "control=old",
    "--design",
    "rct",
    "--curator",
    "Test",
    "--citation",
    "Cited",
)


def empty_review(folder: Path) -> Path:
    """Return the data folder of a review with words and without a dataset."""
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "protocol").mkdir()
    (folder / "data" / "protocol" / "vocabulary.toml").write_text(VOCABULARY)
    return folder / "data"


def add(data: Path, source: Path, *options: str):
    """Run `trochlea add` as a shell would, with nobody at a terminal."""
    return CliRunner().invoke(trochlea, ["add", str(source), "--data", str(data), *options])


def faults(data: Path, source: Path, *options: str) -> list[str]:
    """Return what an import is refused for; nothing may have been written."""
    before = snapshot(data)
    error = add(data, source, *options).exception
    assert isinstance(error, InputError), error
    assert snapshot(data) == before
    return [str(fault) for fault in error.faults]


def snapshot(data: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path."""
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def pool(data: Path, measure: str, outcome: str = "death"):
    """Return what a review finds of new against old: REML, Wald interval."""
    evidence, wrong = read_evidence(data, read_vocabulary(data)[0])
    assert wrong == []
    asked = Comparison(
        "new-old",
        "Is new better?",
        ("new",),
        ("old",),
        outcome,
        ("rct",),
        measure,
        tau2="REML",
        interval="z",
        instruments=("days",) if measure == "MD" else (),
    )
    return synthesise_comparison(asked, evidence)
