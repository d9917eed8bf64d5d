"""Published tables written as a review: CSV and TOML as a meta-analyst types them, for the tests of the protocol.

The figures are those of the data sets that metafor's answers in tests/reference/ were made from. Treatments, outcome
and instrument have invented names; a study stands in a folder of its own.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.results import ComparisonResult, GroupResult, NetworkResult, Run
from analysis.synthesis import synthesise_comparison, synthesise_group, synthesise_network
from flows.material import read_material
from flows.review import Review
from flows.stages import preview

Row = Mapping[str, object]
DEFAULTS = 'designs = ["rct"]\nmeasure = "MD"\ninterval = "hksj"'
WORDS = '[outcomes.pain]\nlabel = "pain"\nbetter = "lower"\n\n[instruments.scale]\nlabel = "a scale"\n'
CLAIM = '[[claim]]\nid = "T1"\ntext = "Untested."\nkind = "mechanism"\nsource = "The tests"\nneeds = "Nothing."\n'
QUESTION = """
[[comparison]]
id = "asked"
question = "An invented question of published figures?"
experimental = ["new"]
control = ["old"]
outcome = "pain"
instruments = ["scale"]
"""


def folder_of(study: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", study.lower()).strip("-")


def write_study(data: Path, study: str, table: str, rows: Sequence[Row], more: str = "") -> None:
    """Write the folder of one study; `more` is further TOML of its metadata."""
    folder = data / "raw" / folder_of(study)
    folder.mkdir(parents=True)
    head = f'id = "{folder.name}"\ntitle = "{study}"\ncurator = "The tests"\n\n[source]\ncitation = "{study}"\n\n'
    study_keys = f'[study]\ndesign = "rct"\nlabel = "{study}"\n'
    (folder / "metadata.toml").write_text(head + study_keys + more, encoding="utf-8")
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["study", *names, "location", "seen_as"])
        writer.writerows([folder.name, *(row.get(name, "") for name in names), "Table 1", "primary"] for row in rows)


def write_protocol(data: Path, questions: str, treatments: Sequence[str] = ("new", "old")) -> None:
    """Write the three files of the protocol."""
    folder = data / "protocol"
    folder.mkdir(parents=True, exist_ok=True)
    review = f'[review]\ntitle = "Published figures"\nquestion = "Are they found again?"\n\n[defaults]\n{DEFAULTS}\n'
    (folder / "comparisons.toml").write_text(review + questions, encoding="utf-8")
    (folder / "claims.toml").write_text(CLAIM, encoding="utf-8")
    words = WORDS + "".join(f'\n[treatments.{code}]\nlabel = "{code}"\n' for code in treatments)
    (folder / "vocabulary.toml").write_text(words, encoding="utf-8")


def contrast(yi: float, vi: float, **more: object) -> Row:
    """Return an effect as a contrast that a paper prints with its standard error, to the last bit."""
    sides = {"experimental": "new", "control": "old", "outcome": "pain", "instrument": "scale"}
    return sides | {"measure": "MD", "estimate": repr(yi), "se": repr(vi**0.5)} | more


def asked(folder: Path, keys: str = "") -> ComparisonResult:
    """Return what the evidence below a folder says to the question, with further keys of its comparison."""
    write_protocol(folder / "data", QUESTION + keys)
    material = read_material(review_in(folder))
    return synthesise_comparison(material.protocol.comparisons[0], material.evidence)


NETWORK = """
[[network]]
id = "all"
question = "An invented question of published treatments?"
outcome = "pain"
instruments = ["scale"]
"""


def network_of(folder: Path, treatments: Sequence[str], reference: str, keys: str = "") -> NetworkResult:
    """Return what the evidence below a folder says of all treatments."""
    write_network(folder, treatments, reference, keys)
    material = read_material(review_in(folder))
    return synthesise_network(material.protocol.networks[0], material.evidence)


def write_network(folder: Path, treatments: Sequence[str], reference: str, keys: str = "") -> None:
    """Write a protocol that asks for a network beside a question of two treatments."""
    codes = ", ".join(f'"{code}"' for code in treatments)
    asked_of = f'treatments = [{codes}]\nreference = "{reference}"\n{keys}'
    question = QUESTION.replace('["new"]', f'["{treatments[1]}"]').replace('["old"]', f'["{treatments[0]}"]')
    write_protocol(folder / "data", f"{question}{NETWORK}{asked_of}", treatments)


GROUP = """
[[group]]
id = "one"
question = "An invented question of one published group?"
treatments = ["new"]
outcome = "pain"
instruments = ["scale"]
"""


def group_of(folder: Path, keys: str) -> GroupResult:
    """Return what the evidence below a folder says of one group, with further keys of its question."""
    write_group(folder, keys)
    material = read_material(review_in(folder))
    return synthesise_group(material.protocol.groups[0], material.evidence)


def write_group(folder: Path, keys: str) -> None:
    """Write a protocol that asks for one group beside a question of two; a key given here replaces the usual one."""
    given = [line.partition("=")[0].strip() for line in keys.splitlines()]
    usual = [line for line in GROUP.splitlines() if line.partition("=")[0].strip() not in given]
    write_protocol(folder / "data", QUESTION + "\n".join([*usual, keys]), ("new", "old", "other"))


def write_arms(folder: Path, arms: Mapping[str, Sequence[object]], columns: Sequence[str]) -> None:
    """Write a study a folder, a row an arm, from columns of a table of arms."""
    rows: dict[str, list[Row]] = {}
    for place, study in enumerate(arms["study"]):
        figures = {name: arms[name][place] for name in columns}
        row = {"arm": arms["treatment"][place], "outcome": "pain", "instrument": "scale", **figures}
        rows.setdefault(str(study), []).append(row)
    for study, found in rows.items():
        write_study(folder / "data", study, "arms", found)


def review_in(folder: Path) -> Review:
    return Review(folder / "data", folder / "reports", folder / "data" / "trochlea.duckdb")


def run_of(folder: Path, keys: str = "") -> Run:
    """Return the run of a preview of the question, its report written below the folder."""
    write_protocol(folder / "data", QUESTION + keys)
    return preview(review_in(folder)).run


def write_contrasts(folder: Path, yi: Sequence[float], vi: Sequence[float], **columns: Sequence[object]) -> None:
    """Write a study an effect, further columns of its row by name."""
    for place, (effect, variance) in enumerate(zip(yi, vi, strict=True)):
        more = {name: values[place] for name, values in columns.items()}
        write_study(folder / "data", f"study {place + 1:02}", "contrasts", [contrast(effect, variance, **more)])


def write_bystander(folder: Path) -> None:
    """Write a study that never enters, so that a review without any other has a dataset."""
    write_study(folder / "data", "bystander", "contrasts", [contrast(0.1, 0.04, subgroup="a part")])
