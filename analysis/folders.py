"""Folders put in place whole: written in a hidden room beside, moved in one step, and what dead runs left swept.

A room is a hidden folder next to those that it replaces. Its maker holds a lock on it for as long as it lives, so that
a room without a lock is a dead run's. Who moves folders holds the lock of their parent meanwhile.
"""

import contextlib
import ctypes
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

AT_FDCWD = -100  # of Linux's renameat2
NO_REPLACE, EXCHANGE = 1, 2
ROOM = re.compile(r"\.add-([0-9]+-)?[a-z0-9_]{8}")
WAS = ".was-"  # in a room: the folder that the draft of that name takes the place of
TRIES, PAUSE = 200, 0.05  # for the lock of a parent, and seconds between


class OthersWrite(OSError):
    """Somebody else holds the folder, or wrote into it just now."""


@contextmanager
def room_beside(parent: Path) -> Iterator[Path]:
    """Give a hidden folder to write drafts into, and take it away in the end; rooms of dead runs go first."""
    parent.mkdir(parents=True, exist_ok=True)
    with alone_in(parent):
        sweep(parent)
        room = Path(tempfile.mkdtemp(prefix=f".add-{os.getpid()}-", dir=parent))
        held = lock(room)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        if held is not None:
            os.close(held)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder, so that of all who ask for it one at a time goes on.

    Raises:
        OthersWrite: Somebody else held it for all of ten seconds.
    """
    for _ in range(TRIES):
        held = lock(folder)
        if held is not None:
            break
        time.sleep(PAUSE)
    else:
        raise OthersWrite(0, f"another trochlea has been writing into {folder.name} for {TRIES * PAUSE:.0f} seconds")
    try:
        yield
    finally:
        os.close(held)


def lock(folder: Path) -> int | None:
    """Return the lock of a folder, held until it is closed or the process ends; None while another holds it."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held


def tidy(parent: Path) -> None:
    """Take away the rooms of dead runs, unless somebody else holds the folder."""
    with contextlib.suppress(OSError):
        held = lock(parent)
        if held is not None:
            sweep(parent)
            os.close(held)


def sweep(parent: Path) -> None:
    """Take away the rooms of dead runs; a folder that one of them had moved aside and not replaced comes back."""
    for room in [path for path in parent.iterdir() if ROOM.fullmatch(path.name) and not path.is_symlink()]:
        with contextlib.suppress(OSError):  # it is gone meanwhile
            held = lock(room)
            if held is None:
                continue
            for aside in room.glob(f"{WAS}*"):
                bring_back(aside, parent / aside.name.removeprefix(WAS))
            shutil.rmtree(room, ignore_errors=True)
            os.close(held)


def draft_copy(folder: Path, room: Path, without: Collection[str]) -> Path:
    """Return a copy of a folder in a room, less the files named; large files are linked, never read."""
    draft = room / folder.name
    shutil.copytree(folder, draft, symlinks=True, ignore=lambda *_: without, copy_function=link)
    return draft


def link(source: str, target: str) -> None:
    """Let a file stand in a second place, by a copy where the file system has no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def state_of(folder: Path) -> tuple | None:
    """Return what tells whether anything in a folder was written since: each file's inode, size and time.

    None where there is no folder.
    """
    if not os.path.lexists(folder):
        return None
    found = [(path.relative_to(folder).as_posix(), path.lstat()) for path in sorted(folder.rglob("*"))]
    return tuple((name, seen.st_ino, seen.st_size, seen.st_mtime_ns) for name, seen in found)


def place(draft: Path, folder: Path) -> None:
    """Move a draft to where nothing is, in one step.

    Raises:
        FileExistsError: Something is there, be it an empty folder.
    """
    if rename(draft, folder, NO_REPLACE):
        return
    if os.path.lexists(folder):
        raise FileExistsError(0, "it is there already")
    draft.rename(folder)


def swap(draft: Path, folder: Path, aside: Path) -> None:
    """Let a draft and the folder that it replaces change places; where nothing is, only move it there.

    In one step; where the system has none, by way of a third place, from where `bring_back` mends a crash.
    """
    if not folder.exists():
        draft.rename(folder)
    elif not exchange(draft, folder):
        folder.rename(aside)
        draft.rename(folder)
        aside.rename(draft)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; say whether the system and its file system can."""
    return rename(one, other, EXCHANGE)


def rename(one: Path, other: Path, how: int) -> bool:
    """Rename as Linux's renameat2 does; say whether it was done."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), how) == 0


def bring_back(aside: Path, folder: Path) -> None:
    """Put an old folder back when a crash came between two renames; drop it when it did not."""
    if aside.exists() and not os.path.lexists(folder):
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
