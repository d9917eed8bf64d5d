"""A process that is killed before the n-th thing that it does to a folder, for tests of what a kill leaves behind."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

CHANGES = ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "os.symlink", "os.chmod")
WRITING = os.O_WRONLY | os.O_RDWR
EXCHANGED = ("ctypes.dlsym", "renameat2")  # what Python tells of a call into the system's library


def killed_before(step: int, folder: Path, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed before it changes a folder for the step-th time; say whether it was.

    A step is a file opened to be written, a rename, a removal, a folder made. Nothing of the process but what it
    wrote is left, as after kill -9.
    """
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        arm(step, str(folder))
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), "it ended by itself, and not well"
    return status != 0


def arm(step: int, folder: str) -> None:
    """Kill this process at its step-th change below a folder."""
    left = step

    def watch(event: str, arguments: tuple) -> None:
        nonlocal left
        if changes(event, arguments, folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def changes(event: str, arguments: tuple, folder: str) -> bool:
    if event == EXCHANGED[0]:
        return arguments[1] == EXCHANGED[1]
    if event == "open":
        writes, arguments = bool((arguments[2] or 0) & WRITING), arguments[:1]
    else:
        writes = event in CHANGES
    return writes and any(below(one, arguments, folder) for one in arguments if isinstance(one, str | os.PathLike))


def below(path: str | os.PathLike, arguments: tuple, folder: str) -> bool:
    """Say whether a path lies in a folder; one of a removal may be told from an open folder, as rmtree does."""
    opened = arguments[-1] if isinstance(arguments[-1], int) else -1
    start = os.readlink(f"/proc/self/fd/{opened}") if opened >= 0 else os.getcwd()
    return os.path.normpath(os.path.join(start, path)).startswith(folder)
