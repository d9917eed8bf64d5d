"""A folder of data/raw on disk: its files, their hashes, and their tables as transcribed."""

import csv
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

from analysis.evidence.contract import TABLES, TableContract
from analysis.evidence.participants.declared import FILES
from analysis.faults import Fault
from analysis.results import FileHash, RawRow, RawTable

METADATA = "metadata.toml"
CORRECTIONS = "corrections.toml"
LARGEST = 20_000_000  # bytes; a table typed from a paper has thousands
LARGEST_OF_PARTICIPANTS = 100_000_000_000  # they are never read whole


def read_hashes(folder: Path, where: str) -> tuple[tuple[FileHash, ...], list[Fault]]:
    """Return name and SHA-256 of each file of a dataset, and a fault for each that has no place there."""
    names, faults = read_names(folder, where)
    return hashes_of(folder, names), faults


def hashes_of(folder: Path, names: Iterable[str]) -> tuple[FileHash, ...]:
    return tuple(FileHash(name, sha256_of(folder / name)) for name in names)


def read_names(folder: Path, where: str) -> tuple[tuple[str, ...], list[Fault]]:
    """Return the names of the files of a dataset, and a fault for each that has no place there."""
    if folder.is_symlink():
        return (), [Fault(where, "a link", "Datasets are the folders themselves")]
    known = (METADATA, *(table.file for table in TABLES.values()), *FILES, CORRECTIONS)
    names, faults = [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        fault = refuse_file(path, f"{where}/{path.name}", known)
        if fault:
            faults.append(fault)
        else:
            names.append(path.name)
    return tuple(names), faults


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, however many they are."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_file(path: Path, where: str, known: tuple[str, ...]) -> Fault | None:
    """Return the fault of a file that is not to be read; None when it is."""
    allowed = f"A dataset has {', '.join(known)}"
    if path.is_symlink():
        return Fault(where, "a link", "Datasets hold the files themselves")
    if not path.is_file():
        return Fault(where, "a folder" if path.is_dir() else "no ordinary file", allowed)
    if path.name not in known:
        return Fault(where, "a file of another name", allowed)
    largest = LARGEST_OF_PARTICIPANTS if path.name in FILES else LARGEST
    if path.stat().st_size > largest:
        return Fault(where, f"{path.stat().st_size:,} bytes", f"A table has at most {largest:,} bytes")
    return None


def read_table(path: Path, where: str, contract: TableContract) -> tuple[RawTable | None, list[Fault]]:
    """Return a CSV file as transcribed, or None and what keeps it from being read.

    Lines are counted as in the file, the header being line 1, also where a quoted cell spans several.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return None, [
            Fault(where, f"byte {error.object[error.start]:#04x} is no UTF-8", "Save the file as CSV UTF-8", line)
        ]
    try:
        lines = split_lines(text)
    except csv.Error as error:
        allowed = "Cells with a comma or a quote stand in quotes, and each quote is closed"
        return None, [Fault(where, f"it is not CSV: {error}", allowed)]
    if not lines:
        return None, [Fault(where, "the file is empty", f"Its first line names the columns of {contract.file}")]
    header = tuple(cell.strip() for cell in lines[0].cells)
    faults = check_header(header, where, contract)
    rows = tuple(row for row in lines[1:] if any(cell.strip() for cell in row.cells))
    faults += [ragged(row, header, where) for row in rows if len(row.cells) != len(header)]
    return (None, faults) if faults else (RawTable(contract.name, header, rows), [])


def split_lines(text: str, delimiter: str = ",") -> list[RawRow]:
    """Return the cells of each line of a CSV text with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, begins = [], 1
    for cells in reader:
        lines.append(RawRow(begins, tuple(cells)))
        begins = reader.line_num + 1
    return lines


def check_header(header: tuple[str, ...], where: str, contract: TableContract) -> list[Fault]:
    """Return the faults of a header: unknown, doubled and missing columns."""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        return [Fault(where, "columns parted by semicolons or tabs", "Save the file with commas between cells", 1)]
    names = [column.name for column in contract.columns]
    allowed = f"{contract.file} has {', '.join(names)}"
    faults = [Fault(where, "an unknown column", allowed, 1, name or "(empty)") for name in header if name not in names]
    doubled = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault(where, "the column stands twice", "Each column stands once", 1, name) for name in doubled]
    faults += [
        Fault(where, "the column is missing", f"{column.meaning}; it is needed", 1, column.name)
        for column in contract.columns
        if column.required and column.name not in header
    ]
    return faults


def ragged(row: RawRow, header: tuple[str, ...], where: str) -> Fault:
    """Return the fault of a line with more or fewer cells than the header."""
    found = f"{len(row.cells)} cells under {len(header)} columns"
    return Fault(where, found, "Each line has a cell for each column; a cell with a comma stands in quotes", row.line)
