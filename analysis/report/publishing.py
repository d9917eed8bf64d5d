"""A report on disk: written beside the old one and swapped in, so that one whole report is always there."""

import contextlib
import ctypes
import os
import shutil
from pathlib import Path

from analysis.faults import Fault, InputError
from analysis.report.site import render
from analysis.results import Run

MARK = b'<meta name="generator" content="Trochlea">'
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of Linux's renameat2


def publish(run: Run, folder: Path) -> None:
    """Write the report of a run as the folder's whole content.

    Every page is rendered before anything is written. The pages are written to a folder beside, which then
    changes places with the old report in one step; where the system has no such step, in two renames, and
    the next call brings the old report back if a crash came between them.

    Raises:
        InputError: The folder holds something else than a report, which would be lost.
    """
    folder = Path(folder).resolve()
    files = render(run)
    folder.parent.mkdir(parents=True, exist_ok=True)
    bring_back(folder)
    refuse_foreign(folder)
    clear_leavings(folder)
    beside = sibling(folder, f"next-{os.getpid()}")
    try:
        write_files(files, beside)
        swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def sibling(folder: Path, role: str) -> Path:
    return folder.with_name(f".{folder.name}.{role}")


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder with content that is no report: publishing replaces all of it."""
    if not folder.exists() or (folder.is_dir() and (not any(folder.iterdir()) or is_report(folder))):
        return
    raise InputError(
        [
            Fault(
                str(folder),
                "it holds something else than a report",
                "A report replaces the whole "
                "folder, so it takes an empty folder, a new one, or one with an earlier report",
            )
        ]
    )


def is_report(folder: Path) -> bool:
    index = folder / "index.html"
    return index.is_file() and MARK in index.read_bytes()[:2000]


def write_files(files: dict[str, bytes], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def swap(beside: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one."""
    if not folder.exists():
        beside.rename(folder)
    elif not exchange(beside, folder):
        old = sibling(folder, "old")
        folder.rename(old)
        beside.rename(folder)
        shutil.rmtree(old)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; say whether the system and its file system can."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def bring_back(folder: Path) -> None:
    """Put the old report back when a crash came between two renames; drop it when it did not."""
    old = sibling(folder, "old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def clear_leavings(folder: Path) -> None:
    """Remove what processes that are gone left half written."""
    prefix = sibling(folder, "next-").name
    for path in folder.parent.glob(f"{prefix}*"):
        pid = path.name.removeprefix(prefix)
        if pid.isdecimal() and not alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return True
    return False
