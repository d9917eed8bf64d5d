"""A dataset of another review: its files as they are, once its words are words of this one."""

import hashlib
from pathlib import Path

from analysis.evidence.codebook import Codebook
from analysis.evidence.datasets import read_folder
from analysis.evidence.reading import METADATA, read_hashes
from analysis.evidence.vocabulary import read_vocabulary
from analysis.evidence.writing import toml
from analysis.faults import Fault, InputError
from analysis.importing.formats import printable
from analysis.importing.plan import Draft, Plan
from analysis.importing.source import refuse
from analysis.results import Dataset


def plan_folder(path: Path, codebook: Codebook, grow: bool) -> tuple[Plan, str]:
    """Return a dataset's folder as what it becomes here, and the SHA-256 of its files together.

    Args:
        path: The folder.
        codebook: The codes of this review.
        grow: Whether codes that only the other review has may come along, with the labels and directions it gives them.

    Raises:
        InputError: It is no folder of a dataset, or not sound by its own review's words.
    """
    where = printable(str(path))
    if not (path / METADATA).is_file():
        raise refuse(where, f"a folder without {METADATA}", "The folder of one dataset, such as data/raw/hott-2019")
    hashes, faults = read_hashes(path, where)
    if faults:
        raise InputError(faults)
    theirs = read_vocabulary(path.resolve().parent.parent)[0] or codebook
    dataset, _, faults = read_folder(path.resolve(), where, theirs)
    if faults:
        raise InputError(faults)
    sections, words = missing_words(where, dataset, codebook, theirs)
    plan = Plan(codebook=grown(codebook, theirs, sections))
    plan.vocabulary = toml([(f"[{name}.{code}]", keys) for (name, code), keys in sections.items()]) if sections else ""
    plan.faults = [] if grow else words
    plan.drafts = (Draft(dataset.id, {file.name: read_text(path / file.name) for file in hashes}, {}),)
    return plan, hashlib.sha256("".join(file.sha256 for file in hashes).encode()).hexdigest()


def read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def missing_words(
    where: str, dataset: Dataset, codebook: Codebook, theirs: Codebook
) -> tuple[dict[tuple[str, str], dict[str, str]], list[Fault]]:
    """Return the codes that a dataset uses and this review lacks, each with its keys, and a fault for each."""
    used = {
        "treatments": {arm.treatment for arm in dataset.metadata.arms if arm.treatment},
        "outcomes": set(),
        "instruments": set(),
    }
    columns = {
        "arm": "treatments",
        "experimental": "treatments",
        "control": "treatments",
        "outcome": "outcomes",
        "instrument": "instruments",
    }
    for table in dataset.tables:
        for index, name in enumerate(table.header):
            if name in columns:
                used[columns[name]] |= {row.cells[index].strip() for row in table.rows} - {""}
    sections, faults = {}, []
    for vocabulary, codes in used.items():
        for code in sorted(codes - set(codebook.codes(vocabulary))):
            keys = keys_of(getattr(theirs, vocabulary)[code])
            sections[vocabulary, code] = keys
            lines = toml([(f"[{vocabulary}.{code}]", keys)]).rstrip()
            faults.append(
                Fault(
                    where,
                    f"{code!r} is no code of vocabulary.toml [{vocabulary}]",
                    f"Add --add-to-vocabulary, or put these lines into it:\n{lines}\n",
                )
            )
    return sections, faults


def keys_of(entry: object) -> dict[str, object]:
    """Return the keys of an entry of a vocabulary that say something."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(entry).items()
        if value is not None
    }


def grown(codebook: Codebook, theirs: Codebook, sections: dict[tuple[str, str], dict]) -> Codebook:
    """Return a codebook with the codes that come along."""
    return Codebook(**{
        name: getattr(codebook, name) | {code: getattr(theirs, name)[code] for kind, code in sections if kind == name}
        for name in ("outcomes", "instruments", "treatments")
    })  # fmt: skip
