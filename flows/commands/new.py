"""trochlea new: a folder laid out to be typed into."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from analysis.declared import IDENTIFIER
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import TABLES
from analysis.evidence.datasets import dataset_folders, read_folder
from analysis.evidence.double_extraction import EXTRACTIONS
from analysis.evidence.laying_out import laid_out_tables, metadata_text, put_files, write_folder
from analysis.evidence.reading import METADATA
from analysis.evidence.vocabulary import read_vocabulary
from analysis.evidence.waiting import AWAITING, rows_to_fill
from analysis.faults import Fault, InputError, suggest
from analysis.folders import tidy
from analysis.protocol.reading import Protocol, read_protocol
from analysis.results import Dataset
from analysis.synthesis.wanted import wanted_instruments, wanted_rows
from flows import asking
from flows.review import Review, review_options
from flows.summary import counted, one_line


@dataclass(frozen=True)
class LaidOut:
    """What was written, and for which source."""

    folder: Path
    dataset: Dataset
    files: tuple[str, ...]
    rows: int
    instruments: dict[str, tuple[str, ...]]  # outcome -> those to choose from, where there are several
    extraction: bool = False  # one of two, which are compared before anything is pooled


def spoken(function):
    """Give a command one option for each question that a terminal would ask."""
    for question in reversed(asking.QUESTIONS):
        function = click.option(question.option, question.name, metavar="TEXT", help=f"{question.words}.")(function)
    return function


@click.command("new")
@click.argument("id", metavar="ID")
@review_options
@spoken
@click.option("--arm", "arms", multiple=True, metavar="CODE[:PEOPLE]",
              help="A treatment code of vocabulary.toml, and the people randomised to it; once an arm.")
@click.option("--table", "tables", multiple=True, type=click.Choice(list(TABLES)), default=["arms"], show_default=True,
              help="A table to lay out; may be given several times.")
@click.option("--extraction", type=click.Choice(["a", "b"]),
              help="Lay the tables out in DATA/extractions/ID instead: one of two people who extract a source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, id: str, arms: tuple[str, ...], tables: tuple[str, ...], extraction: str | None,
            as_json: bool, **said: str | None) -> None:  # fmt: skip
    """Lay out the folder DATA/raw/ID, ready to be typed into.

    metadata.toml has every key explained; the tables have their headers, and a row for each figure that a comparison
    asks for. A source of the ledger has its metadata already: its tables are added, and nothing is changed. For
    another source, a terminal asks what must be known; without one, the options say it. All is written, or nothing;
    a folder that holds figures is refused.

    \b
    Example: trochlea new sahin-2016
             trochlea new sahin-2016 --extraction b
             trochlea new doe-2020 --title "Hip or knee?" --citation "Doe J. Hip or knee? J Inv 2020;1:1-9" \\
               --design rct --curator "A. Curator" --arm hip --arm knee --follow-ups "6 and 12 weeks"
    """
    folder = folder_of(review, id)
    tidy(folder.parent)
    codebook, protocol = words_of(review)
    given = {name: text for name, text in said.items() if text is not None}
    if os.path.lexists(folder):
        if given or arms:
            words = "its tables are laid out without options; what they say stands in its metadata.toml"
            raise click.UsageError(f"{folder} is there: {words}.")
        lay = partial(lay_extraction, review, extraction) if extraction else lay_tables
        laid_out = lay(folder, tables, codebook, protocol)
    elif extraction:
        fault = Fault(str(folder), "no such folder", "A source has its folder before two people extract it")
        raise InputError([fault], f"Lay it out with: trochlea new {id}")
    else:
        values = said_values(review, id, given, arms, codebook)
        laid_out = lay_folder(folder, values, tables, codebook, protocol)
    click.echo(json.dumps(as_object(laid_out, review), ensure_ascii=False) if as_json else as_text(laid_out, review))


def folder_of(review: Review, id: str) -> Path:
    """Return the folder of an id, refused before anything when it is no id."""
    if not IDENTIFIER.fullmatch(id):
        allowed = "An id has small letters, digits, points and hyphens, such as hott-2019"
        raise InputError([Fault("ID", f"found {id[:60]!r}", allowed)])
    return review.data / "raw" / id


def words_of(review: Review) -> tuple[Codebook, Protocol]:
    """Return the vocabulary and the protocol of a review, or every fault of both."""
    codebook, faults = read_vocabulary(review.data)
    protocol, more = read_protocol(review.data, codebook)
    if faults or more:
        raise InputError([*faults, *more], "Nothing was written. Check again with: trochlea check")
    return codebook, protocol


def lay_tables(folder: Path, tables: Sequence[str], codebook: Codebook, protocol: Protocol) -> LaidOut:
    """Add tables to the folder of a source that awaits its figures."""
    dataset = awaited_dataset(folder, codebook)
    rows = wanted_rows(dataset, protocol.comparisons)
    files = laid_out_tables(tables, rows)
    put_files(folder, files)
    return laid_out(folder, dataset, files, protocol)


def lay_extraction(
    review: Review, side: str, folder: Path, tables: Sequence[str], codebook: Codebook, protocol: Protocol
) -> LaidOut:
    """Write the tables of one of two extractions of a source that has its folder."""
    dataset, _, faults = read_folder(folder, str(folder), codebook)
    if faults:
        raise InputError(faults, "Nothing was written.")
    files = laid_out_tables(tables, wanted_rows(dataset, protocol.comparisons))
    own = review.data / EXTRACTIONS / dataset.id / side
    linked = [path for path in (own.parent, own.parent.parent) if path.is_symlink()]
    if linked:
        raise InputError([Fault(str(linked[0]), "a link", "Extractions are the folders themselves")])
    write_folder(own, files)
    return replace(laid_out(own, dataset, files, protocol), extraction=True)


def awaited_dataset(folder: Path, codebook: Codebook) -> Dataset:
    """Return the dataset of a folder that awaits its figures.

    Raises:
        InputError: It is faulty, holds a table, or does not await figures: nothing in it may be touched.
    """
    dataset, _, faults = read_folder(folder, str(folder), codebook)
    if faults:
        raise InputError(faults, "Nothing was written.")
    tables = [table.file for table in TABLES.values() if (folder / table.file).exists()]
    if tables or dataset.metadata.study.status != AWAITING:
        waiting = rows_to_fill(folder)
        to_fill = f" with {counted(waiting, 'row')} to fill" if waiting else ""
        held = f"it holds {joined_files(tables)}{to_fill}"
        found = held if tables else f"its status is {dataset.metadata.study.status}"
        fault = Fault(str(folder), found, "Nothing is laid out over what is there: type into its tables")
        raise InputError([fault], f"Check it with: trochlea check {folder}")
    return dataset


def joined_files(names: Sequence[str]) -> str:
    return " and ".join(names)


def said_values(
    review: Review, id: str, given: dict[str, str], arms: Sequence[str], codebook: Codebook
) -> dict[str, object]:
    """Return what is said of a new source, in the shape of metadata.toml; asked for in a terminal.

    Raises:
        InputError: Every option that is missing or says what is not allowed.
    """
    values, faults = option_values(given)
    arm_values, more = option_arms(arms, codebook)
    if faults or more:
        raise InputError([*faults, *more], "Nothing was written.")
    values |= {"arms": arm_values} if arm_values else {}
    if asking.is_terminal():
        values = asking.ask(values, codebook)
    missing = [question for question in asking.QUESTIONS if question.field.required and question.name not in values]
    if missing:
        raise InputError([missing_option(question) for question in missing], missing_hint(review, id))
    return in_shape(id, values)


def option_values(given: dict[str, str]) -> tuple[dict[str, object], list[Fault]]:
    """Return what options say, and a fault for each that says what is not allowed."""
    values, faults = {}, []
    for question in asking.QUESTIONS:
        if question.name in given:
            try:
                values[question.name] = asking.value_of(question, given[question.name])
            except ValueError as error:
                faults.append(Fault(question.option, f"found {given[question.name][:60]!r}", str(error)))
    return values, faults


def option_arms(arms: Sequence[str], codebook: Codebook) -> tuple[list[dict[str, object]], list[Fault]]:
    """Return the arms that options name, and a fault for each that is no code of the vocabulary."""
    found, faults = [], []
    for text in arms:
        code, _, people = text.partition(":")
        if code not in codebook.treatments:
            faults.append(Fault("--arm", f"found {code[:60]!r}", asking.unknown_code(code, codebook)))
        elif people and not (people.isascii() and people.isdecimal() and len(people) < 10):
            faults.append(Fault("--arm", f"found {text[:60]!r}", "After the colon stands a whole number of people"))
        else:
            found.append(asking.arm_of(text))
    return found, faults


def missing_option(question: asking.Question) -> Fault:
    choices = f": {', '.join(question.field.choices)}" if question.field.choices else ""
    return Fault(question.option, "it is missing", f"{question.words}{choices}")


def missing_hint(review: Review, id: str) -> str:
    """Return what to do next: the source of the ledger that the id may mean, or the terminal."""
    near = suggest(id, [folder.name for folder in dataset_folders(review.data / "raw")])
    return f"Nothing was written. {near}Options say it, or a terminal asks: trochlea new {id}"


def in_shape(id: str, values: dict[str, object]) -> dict[str, object]:
    """Return what was said in the shape of metadata.toml; its figures are awaited."""
    shape: dict[str, object] = {"id": id, "source": {}, "study": {"status": AWAITING}, "arms": values.get("arms", [])}
    for question in asking.QUESTIONS:
        if question.name in values:
            table = shape[question.section] if question.section else shape
            table[question.name] = values[question.name]
    return shape


def lay_folder(
    folder: Path, values: dict[str, object], tables: Sequence[str], codebook: Codebook, protocol: Protocol
) -> LaidOut:
    """Write a new folder with its metadata and tables, checked before it is put in its place."""
    files = {METADATA: metadata_text(values)}
    dataset = checked(folder, files, codebook)
    rows = wanted_rows(dataset, protocol.comparisons)
    if not rows["arms"]:
        rows["arms"] = [{"study": dataset.id, "arm": arm.treatment} for arm in dataset.metadata.arms]
    files |= laid_out_tables(tables, rows)
    checked(folder, files, codebook)
    write_folder(folder, files)
    return laid_out(folder, dataset, files, protocol)


def checked(folder: Path, files: dict[str, str], codebook: Codebook) -> Dataset:
    """Return the dataset that files would make, or refuse it with every fault."""
    with tempfile.TemporaryDirectory() as beside:
        draft = Path(beside) / folder.name
        write_folder(draft, files)
        dataset, _, faults = read_folder(draft, str(folder), codebook)
    if faults:
        raise InputError(faults, "Nothing was written.")
    return dataset


def laid_out(folder: Path, dataset: Dataset, files: dict[str, str], protocol: Protocol) -> LaidOut:
    instruments = wanted_instruments(dataset, protocol.comparisons)
    return LaidOut(folder, dataset, tuple(files), rows_to_fill(folder), instruments)


def as_text(laid_out: LaidOut, review: Review) -> str:
    """Return what was written, where to look, and what to do next, command by command."""
    source = laid_out.dataset.metadata.source
    where = "; ".join(filter(None, [source.citation, source.doi and f"DOI {source.doi}"]))
    lines = [
        f"Laid out {laid_out.folder}: {', '.join(laid_out.files)}, with {counted(laid_out.rows, 'row')} to fill.",
        f"Where to look: {where}",
        *(f"{number}. {step}" for number, step in enumerate(steps(laid_out, review), 1)),
    ]
    return "\n".join(map(one_line, lines))


def steps(laid_out: LaidOut, review: Review) -> list[str]:
    """Return what a person does next, in order."""
    folder, tables = laid_out.folder, [name for name in laid_out.files if name != METADATA]
    data = "" if review.data == Path("data") else f" --data {review.data}"
    takes = "".join(f"; instrument of {name}: {' or '.join(codes)}" for name, codes in laid_out.instruments.items())
    after = [
        f'In {folder / METADATA}, write status = "extracted".',
        f"trochlea check {folder}",
        f"trochlea preview{data}",
    ]
    compare = [f"Once both have typed theirs: trochlea compare {laid_out.dataset.id}{data}"]
    return [
        f"Type the figures into {joined_files([str(folder / name) for name in tables])}: as printed, with location and "
        f"seen_as; value_type is final or change{takes}. Remove the rows that the source does not print.",
        *(compare if laid_out.extraction else after),
    ]


def as_object(laid_out: LaidOut, review: Review) -> dict:
    return {
        "folder": str(laid_out.folder),
        "files": list(laid_out.files),
        "rows_to_fill": laid_out.rows,
        "next": steps(laid_out, review),
    }
