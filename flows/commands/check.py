"""trochlea check: everything that is wrong with the data and the protocol, at once."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import click

from analysis.evidence.contract import TABLES
from analysis.evidence.datasets import dataset_folders, read_folder
from analysis.evidence.double_extraction import read_double
from analysis.evidence.gathered import Evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.evidence.waiting import rows_to_fill
from analysis.faults import Fault, InputError
from analysis.plausibility import find_doubts, sentence
from analysis.results import Doubt
from flows.material import read_material
from flows.review import Review, review_options


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, path: Path | None, as_json: bool) -> None:
    """Say everything that is wrong with a review, or with the one dataset or data folder at PATH.

    Each fault names its file, line and column, what was found, what is allowed and what to do next.
    Warnings are figures that are possible and look implausible, and one trial in two folders.
    Nothing is changed or stored. Exit code 2 when anything is wrong; 0 with warnings alone.

    \b
    Example: trochlea check
             trochlea check data/raw/hott-2019
    """
    if path and (path / "raw").is_dir():
        review = replace(review, data=path)
    faults, sound, doubts = check_one(path, review) if path and path != review.data else check_all(review)
    if faults:
        raise InputError(faults, f"Check again with: trochlea check{f' {path}' if path else ''}")
    click.echo(as_object(sound, doubts) if as_json else as_text(sound, doubts))


def as_object(sound: str, doubts: tuple[Doubt, ...]) -> str:
    """Return what was checked and every warning for a machine."""
    warnings = [asdict(one) | {"sentence": sentence(one)} for one in doubts]
    return json.dumps({"faults": [], "checked": sound, "warnings": warnings}, ensure_ascii=False)


def as_text(sound: str, doubts: tuple[Doubt, ...]) -> str:
    """Return what was checked and every warning for a person."""
    count = f"{len(doubts)} warning{'' if len(doubts) == 1 else 's'}"
    warnings = [f"{count}: they stop nothing, and ask for a second look at the source"] if doubts else []
    lines = [f"  - {one.dataset}, {sentence(one)}" for one in doubts]
    return "\n".join([f"No faults: {sound}.", *warnings, *lines])


def check_all(review: Review) -> tuple[tuple[Fault, ...], str, tuple[Doubt, ...]]:
    """Return the faults of a whole review, what was checked, and what looks implausible."""
    try:
        material = read_material(review)
    except InputError as error:
        return error.faults, "", ()
    evidence, protocol = material.evidence, material.protocol
    rows = len(evidence.arms) + len(evidence.contrasts) + len(evidence.poolings)
    beside = (("networks", protocol.networks), ("questions on one group", protocol.groups))
    counts = (
        f"{len(evidence.datasets)} datasets with {rows} rows",
        f"{len(protocol.comparisons)} comparisons",
        *(f"{len(asked)} {name}" for name, asked in beside if asked),
        f"{len(protocol.claims)} claims",
    )
    return (), ", ".join(counts), find_doubts(evidence)


def check_one(path: Path, review: Review) -> tuple[list[Fault], str, tuple[Doubt, ...]]:
    """Return the faults of one dataset, and what looks implausible in it alone.

    Its words are those of the review it lies in, else of --data.
    """
    if not path.is_dir():
        known = ", ".join(folder.name for folder in dataset_folders(review.data / "raw")[:5])
        allowed = f"A dataset is a folder, such as those in {review.data}/raw: {known}"
        return [Fault(str(path), "no such folder", allowed)], "", ()
    data = path.resolve().parent.parent
    own = data if (data / "protocol" / "vocabulary.toml").is_file() else review.data
    codebook, faults = read_vocabulary(own)
    dataset, rows, found = read_folder(path.resolve(), str(path), codebook)
    if dataset is not None and codebook is not None:
        found = found + read_double(data, dataset, codebook)[1]
    if faults or found:
        return faults + found, str(path), ()
    waiting = rows_to_fill(path)
    checked = f"{path}; rows that wait for their figures: {waiting}" if waiting else str(path)
    return [], checked, find_doubts(Evidence(codebook, (dataset,), *(tuple(rows[name]) for name in TABLES)))
