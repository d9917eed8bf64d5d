"""A report on disk: written beside the old one and swapped in, so that one whole report is always there."""

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.faults import Fault, InputError
from analysis.folders import bring_back, swap
from analysis.report.site import Draft, drafts_of
from analysis.report.slots import Filled, Slots
from analysis.results import Run

MARK = b'<meta name="generator" content="Trochlea">'
MANIFEST = "manifest.txt"  # names every other file of a report: what is not in it was put there by somebody
OLD = "old"  # where a report is moved aside, where the system cannot exchange folders in one step
SLOT = re.compile(r"(\w+):([0-9]{1,9}):([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class Kept:
    """A file of the report that is there: the key it was made under, its seal, and where its slots are."""

    key: str
    seal: str
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Made:
    """A file of the new report: its bytes, or the file of the old report that it is, and what the next report needs."""

    content: bytes | Path
    kept: Kept | None


def publish(run: Run, folder: Path, fresh: bool = False) -> None:
    """Write the report of a run as the folder's whole content.

    Every page is rendered before anything is written; one that the report there has under the same key, untouched
    since, is taken from it, and only its slots are filled anew. The pages are written to a folder beside, which then
    changes places with the old report in one step; where the system has no such step, in two renames, and the next
    call brings the old report back if a crash came between them.

    Args:
        run: The run.
        folder: Where its report goes.
        fresh: Whether to render every page all the same.

    Raises:
        InputError: The folder holds something else than a report, which would be lost, or cannot be written.
    """
    folder = Path(folder).resolve()
    try:
        slots, drafts = drafts_of(run)
        kept = {} if fresh else read_manifest(folder)
        made = {draft.path: fill(draft, kept.get(draft.path), folder, slots) for draft in drafts}
        files = {path: one.content for path, one in made.items()}
        replace_report(files | {MANIFEST: manifest(made)}, folder)
    except OSError as error:
        found = f"it cannot be written: {error.strerror or error}"
        raise InputError([Fault(str(folder), found, "A folder that may be written to is needed")]) from None


def fill(draft: Draft, kept: Kept | None, folder: Path, slots: Slots) -> Made:
    """Return a file of the new report: taken from the old one where that has it as it would be made."""
    path = folder / draft.path
    if kept is not None and draft.key == kept.key and path.is_file() and not path.is_symlink():
        old = Filled(path.read_bytes(), kept.places)
        if sealed(old) == kept.seal:
            new = slots.refill(old)
            return Made(new.content if old.places else path, replace(kept, places=new.places))
    new = slots.fill(draft.make())
    return Made(new.content, Kept(draft.key, sealed(new), new.places) if draft.key else None)


def sealed(page: Filled) -> str:
    """Return the hash of a page but for what its slots hold: while it is the same, nobody touched the page."""
    digest = hashlib.sha256(repr(page.names).encode())
    for part in page.between:
        digest.update(part + b"\0")
    return digest.hexdigest()


def manifest(made: dict[str, Made]) -> bytes:
    """Return the list of the files of a report; of each with a key also what it takes to take it over."""
    lines = []
    for path, one in sorted(made.items()):
        kept = one.kept
        slots = " ".join(f"{name}:{first}:{length}" for name, first, length in kept.places) if kept else ""
        lines.append("\t".join((path, kept.key, kept.seal, slots)) if kept else path)
    return "\n".join([*lines, ""]).encode()


def read_manifest(folder: Path) -> dict[str, Kept]:
    """Return the files of the report in a folder that can be taken over, by path."""
    lines = [line for line in manifest_lines(folder) if len(line) == 4]
    return {path: Kept(key, seal, tuple((name, int(first), int(length)) for name, first, length in SLOT.findall(slots)))
            for path, key, seal, slots in lines}  # fmt: skip


def manifest_lines(folder: Path) -> list[list[str]]:
    """Return the lines of a report's list of files; none where there is no report."""
    path = folder / MANIFEST
    if not path.is_file() or not is_report(folder):
        return []
    return [line.split("\t") for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def replace_report(files: Mapping[str, bytes | Path], folder: Path) -> None:
    """Write files beside a folder and let them take its place."""
    make_room(folder)
    beside = sibling(folder, f"next-{os.getpid()}")
    try:
        write_files(files, beside)
        swap(beside, folder, sibling(folder, OLD))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def make_room(folder: Path) -> None:
    """Bring back what a crash left aside, and refuse a folder that a report may not replace.

    Raises:
        InputError: The folder holds something else than a report.
    """
    folder = Path(folder).resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    bring_back(sibling(folder, OLD), folder)
    refuse_foreign(folder)
    clear_leavings(folder)


def sibling(folder: Path, role: str) -> Path:
    return folder.with_name(f".{folder.name}.{role}")


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder with content that no report wrote: publishing replaces all of it."""
    foreign = foreign_files(folder)
    if foreign:
        named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        allowed = "A report replaces the whole folder: move them, or name an empty folder, a new one or a report's"
        raise InputError([Fault(str(folder), f"it holds what no report wrote: {named}", allowed)])


def foreign_files(folder: Path) -> list[str]:
    """Return what lies in a folder and is not of a report."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        return [folder.name]
    below = ((Path(place).relative_to(folder), names) for place, _, names in os.walk(folder))
    present = {name if place == Path() else f"{place.as_posix()}/{name}" for place, names in below for name in names}
    known = [line[0] for line in manifest_lines(folder)]
    return sorted(present - {*known, MANIFEST} if known else present)


def is_report(folder: Path) -> bool:
    index = folder / "index.html"
    return index.is_file() and MARK in index.read_bytes()[:2000]


def write_files(files: Mapping[str, bytes | Path], folder: Path) -> None:
    """Write files below a folder that is made for them; one that lies elsewhere already is linked, or else copied."""
    shutil.rmtree(folder, ignore_errors=True)
    for place in sorted({os.path.dirname(path) for path in files}):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        if isinstance(content, Path):
            link(content, folder / path)
        else:
            (folder / path).write_bytes(content)


def link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without links
        shutil.copyfile(old, new)


def clear_leavings(folder: Path) -> None:
    """Remove what processes that are gone left half written."""
    prefix = sibling(folder, "next-").name
    for path in folder.parent.glob(f"{prefix}*"):
        pid = path.name.removeprefix(prefix)
        if pid.isdecimal() and not alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        return True
    return True
