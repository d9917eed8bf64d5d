"""Files that a command writes: whole or not at all."""

import contextlib
import os
from pathlib import Path

from analysis.faults import Fault, InputError


def write_whole(path: Path, content: bytes, allowed: str = "A file in a folder that is there is needed") -> None:
    """Write a file beside and put it in place in one step.

    Raises:
        InputError: It cannot be written there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise InputError([Fault(str(path), f"it cannot be written: {error.strerror}", allowed)]) from None
