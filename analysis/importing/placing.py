"""Drafts to folders of data/raw: written beside them, checked as they would be checked there, and moved in whole.

Either every folder of an import is put in place, and its new words into the vocabulary, or nothing is changed. A
process that is killed on the way leaves each folder whole, as it was or as it is to be; the same import completes it.
"""

import difflib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analysis.declared import parse_declared
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import TABLES
from analysis.evidence.datasets import dataset_folders, read_folder
from analysis.evidence.reading import METADATA
from analysis.evidence.vocabulary import read_codebook
from analysis.faults import Fault, InputError
from analysis.folders import WAS, alone_in, draft_copy, place, room_beside, state_of, swap
from analysis.importing.plan import Draft
from analysis.importing.studies import KEPT

IMPORT_BLOCK = re.compile(rf"(\n?{re.escape(KEPT)})?\n\[import\]\n.*\Z", re.DOTALL)
AWAITED = re.compile(r'^status = "awaiting-extraction"', re.MULTILINE)
SAME_ROW = re.compile(r"the same row as line ([0-9]+)")
TWO_STUDIES = "Two studies have two names, such as 2019a and 2019b, or a column that tells them apart: --map COLUMN=id"
LINES_SHOWN = 40
MEANWHILE = "Nothing is written over what this command has not compared with its source"
AGAIN = "Nothing was written. Give the same command again: it compares the source with what is there now."


@dataclass(frozen=True)
class Folder:
    """A folder as it is to be: new, changed (with the lines that differ), or unchanged."""

    draft: Draft
    status: str  # "new", "changed" or "unchanged"
    changes: tuple[str, ...] = ()
    doubt: str = ""  # whether the study may be there under another name
    seen: tuple | None = None  # the state of the folder when it was compared; None where there was none


def compare(raw: Path, drafts: Sequence[Draft], update: bool) -> tuple[list[Folder], list[Fault]]:
    """Return each draft beside the folder that is there, and a fault for each that may not be written over."""
    folders, faults, there = [], [], by_ends(raw)
    for draft in drafts:
        folder, fault = compare_one(raw / draft.id, draft, update)
        folders += [with_doubt(folder, there)] if folder else []
        faults += [fault] if fault else []
    return folders, faults


def by_ends(raw: Path) -> dict[tuple[str, str], list[str]]:
    """Return the folders that are there by the first and last words of their ids."""
    there: dict[tuple[str, str], list[str]] = {}
    for path in dataset_folders(raw):
        there.setdefault(ends_of(path.name), []).append(path.name)
    return there


def with_doubt(folder: Folder, there: dict[tuple[str, str], list[str]]) -> Folder:
    """Return a new folder with a warning where one that is there begins and ends alike: perhaps one study."""
    twins = there.get(ends_of(folder.draft.id))
    if folder.status != "new" or not twins or "same_people_as" in folder.draft.files.get(METADATA, ""):
        return folder
    return replace(
        folder,
        doubt=f"may be the study of {', '.join(twins)}, which is there. If it is, give it that id by a "
        "column mapped to id, or write same_people_as in its metadata.toml",
    )


def ends_of(name: str) -> tuple[str, str]:
    """Return the first and the last word of an id, which are an author and a year."""
    words = name.split("-")
    return words[0], words[-1]


def compare_one(there: Path, draft: Draft, update: bool) -> tuple[Folder | None, Fault | None]:
    """Return a draft as it is to be written, or why it may not be."""
    where = f"{there.parent.parent.name}/raw/{draft.id}"
    if not os.path.lexists(there):
        return Folder(draft, "new"), None
    if there.is_symlink() or not there.is_dir():
        return None, Fault(where, "a link or a file of that name", "Datasets are folders")
    seen = state_of(there)
    merged = merge(there, draft)
    old, new = texts(there, draft), merged.files
    if without_import(old) == without_import(new) and "\n[import]\n" in old.get(METADATA, ""):
        return Folder(draft, "unchanged"), None
    tables = [name for name in old if name != METADATA]
    if tables and "\n[import]\n" not in old.get(METADATA, ""):
        return None, Fault(
            where,
            "the folder is there, and its figures were typed by hand",
            "A folder that trochlea add did not write is yours to change",
        )
    changes = tuple(changed_lines(without_import(old), without_import(new)))
    if not update:
        return None, Fault(
            where,
            "the folder is there, and what the file says differs from it",
            "A newer file of the same figures replaces it with --update; --dry-run shows what changes",
            fix="Other figures of the same people get a folder of their own with --suffix WORD",
        )
    return Folder(merged, "changed", changes, seen=seen), None


def merge(there: Path, draft: Draft) -> Draft:
    """Return a draft that keeps what a person wrote in a folder: all of metadata.toml but [import]."""
    path = there / METADATA
    if not path.is_file() or path.is_symlink():
        return draft
    kept = path.read_bytes().decode("utf-8-sig", errors="replace")
    fresh = IMPORT_BLOCK.search(draft.files[METADATA])
    text = IMPORT_BLOCK.sub("", kept).rstrip("\n") + "\n" + (fresh[0] if fresh else "")
    return Draft(draft.id, draft.files | {METADATA: AWAITED.sub('status = "extracted"', text)}, draft.places)


def without_import(files: dict[str, str]) -> dict[str, str]:
    """Return texts without what is kept of the file that they were read from."""
    return files | {METADATA: IMPORT_BLOCK.sub("", files.get(METADATA, "")).rstrip()}


def texts(there: Path, draft: Draft) -> dict[str, str]:
    """Return the text of metadata.toml and of each table of a folder that an import writes."""
    names = {METADATA, *draft.files, *(table.file for table in TABLES.values() if table.name != "poolings")}
    return {
        name: (there / name).read_bytes().decode("utf-8-sig", errors="replace")
        for name in sorted(names)
        if (there / name).is_file() and not (there / name).is_symlink()
    }


def changed_lines(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Give the lines that differ, file by file: - as it was, + as it is to be."""
    for name in dict.fromkeys((*new, *old)):
        lines = list(
            difflib.unified_diff(old.get(name, "").splitlines(), new.get(name, "").splitlines(), n=0, lineterm="")
        )
        found = [line for line in lines[2:] if not line.startswith("@@")]
        yield from (f"{name}: {line}" for line in found[:LINES_SHOWN])
        if len(found) > LINES_SHOWN:
            yield f"{name}: and {len(found) - LINES_SHOWN} lines more"


@contextmanager
def drafted(raw: Path, folders: Sequence[Folder]) -> Iterator[Path]:
    """Write drafts into a hidden folder beside the datasets, which nobody reads, and take it away in the end."""
    with room_beside(raw) as room:
        for folder in folders:
            if folder.status == "changed":
                draft_copy(raw / folder.draft.id, room, {*folder.draft.files, "arms.csv", "contrasts.csv"})
            else:
                (room / folder.draft.id).mkdir()
            for name, text in folder.draft.files.items():
                (room / folder.draft.id / name).write_bytes(text.encode("utf-8"))
        yield room


def check_drafts(room: Path, raw: Path, folders: Sequence[Folder], codebook: Codebook) -> list[Fault]:
    """Return every fault that `trochlea check` would find, those of figures at the cells that they came from."""
    faults = []
    for folder in folders:
        where = f"{raw.parent.name}/raw/{folder.draft.id}"
        found = read_folder(room / folder.draft.id, where, codebook)[2]
        faults += [at_source(fault, folder.draft) for fault in found]
    return faults


def at_source(fault: Fault, draft: Draft) -> Fault:
    """Return a fault of a drafted line at the row of the source that it came from."""
    table = Path(fault.where).name.removesuffix(".csv")
    rows = draft.places.get(table, [])
    if fault.line is None or not 2 <= fault.line <= len(rows) + 1:
        return fault
    row, earlier = rows[fault.line - 2], SAME_ROW.fullmatch(fault.found)
    if earlier:
        found = f"the same row as {rows[int(earlier[1]) - 2].location}"
        return row.fault(found, fault.allowed, fault.column, TWO_STUDIES)
    return row.fault(fault.found, fault.allowed, fault.column, fault.fix)


def put_in_place(room: Path, raw: Path, folders: Sequence[Folder], vocabulary: Path, lines: str) -> None:
    """Move every drafted folder in, and the new lines into the vocabulary; on any failure, put all back.

    Raises:
        InputError: Somebody else wrote one of them since it was compared with the draft.
    """
    with alone_in(raw):
        faults = written_meanwhile(raw, folders, vocabulary, lines)
        if faults:
            raise InputError(faults, AGAIN)
        undo: list[Callable[[], object]] = []
        try:
            if lines:
                undo.append(partial(replace_file, vocabulary, vocabulary.read_bytes()))
                replace_file(vocabulary, with_lines(vocabulary, lines).encode("utf-8"))
            for folder in folders:
                undo.append(move_in(room, raw / folder.draft.id, folder.status == "changed"))
        except BaseException:
            for step in reversed(undo):
                step()
            raise


def written_meanwhile(raw: Path, folders: Sequence[Folder], vocabulary: Path, lines: str) -> list[Fault]:
    """Return a fault for each folder, and for the vocabulary, that is not as it was when the drafts were made."""
    faults = [
        Fault(f"{raw.parent.name}/raw/{folder.draft.id}", "somebody else wrote this folder just now", MEANWHILE)
        for folder in folders
        if state_of(raw / folder.draft.id) != folder.seen
    ]
    where = f"{raw.parent.name}/protocol/{vocabulary.name}"
    if check_vocabulary(vocabulary, where, lines):
        faults.append(Fault(where, "somebody else wrote the same codes into it just now", MEANWHILE))
    return faults


def move_in(room: Path, target: Path, there: bool) -> Callable[[], object]:
    """Put a draft in place, in one step, and return what takes it out again."""
    draft, aside = room / target.name, room / f"{WAS}{target.name}"
    if there:
        swap(draft, target, aside)
        return partial(swap, draft, target, aside)
    place(draft, target)
    return partial(target.rename, draft)


def replace_file(path: Path, content: bytes) -> None:
    """Put new bytes in a file's place at once."""
    beside = path.with_name(f".{path.name}.next")  # one name, so that a killed run leaves one file at most
    beside.write_bytes(content)
    shutil.copymode(path, beside)
    beside.replace(path)


def check_vocabulary(vocabulary: Path, where: str, lines: str) -> list[Fault]:
    """Return what would be wrong with vocabulary.toml if the lines stood below it."""
    if not lines:
        return []
    file = parse_declared(with_lines(vocabulary, lines), where)
    return [file] if isinstance(file, Fault) else read_codebook(file)[1]


def with_lines(vocabulary: Path, lines: str) -> str:
    """Return the text of a vocabulary with lines below it."""
    return vocabulary.read_bytes().decode("utf-8-sig").rstrip("\n") + "\n\n" + lines
