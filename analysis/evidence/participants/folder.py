"""Whether a folder has participants, and what it says of them.

DuckDB, which reads them, is loaded only where there are some: it takes a tenth of a second, and a noun of a run that
leads to it would keep it loaded past the end of the program.
"""

import importlib
from pathlib import Path

from analysis.evidence.participants.declared import FILES, arms_of
from analysis.faults import Fault
from analysis.results import Metadata, RawTable


def read_participants(
    folder: Path, where: str, names: set[str], metadata: Metadata
) -> tuple[list[RawTable], list[Fault]]:
    """Return the summaries of a folder's participant data, none where it has none; or every fault of them.

    Args:
        folder: The dataset on disk.
        where: How messages name it.
        names: The files that are there.
        metadata: What the dataset says of itself.
    """
    files = [name for name in FILES if name in names]
    declared, arms = metadata.participants, arms_of(metadata.arms)
    if not files or declared is None:
        return [], mismatch(files, declared is not None, where)
    if len(files) > 1:
        return [], [Fault(where, f"both {' and '.join(files)}", "One of the two holds the participants")]
    if not arms:
        allowed = "[[arms]] of metadata.toml names the arms and their treatments"
        return [], [Fault(f"{where}/{files[0]}", "arms that metadata.toml does not name", allowed)]
    reading = importlib.import_module("analysis.evidence.participants.reading")
    return reading.read_table(folder / files[0], f"{where}/{files[0]}", metadata, arms)


def mismatch(files: list[str], declared: bool, where: str) -> list[Fault]:
    """Return the fault of participants without a declaration, or of a declaration without them."""
    if files:
        allowed = "[participants] of metadata.toml says what its columns are"
        return [Fault(f"{where}/{files[0]}", "columns that nothing declares", allowed)]
    if declared:
        return [Fault(where, "[participants] without a file", f"Its columns stand in {' or '.join(FILES)}")]
    return []
