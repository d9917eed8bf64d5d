"""A file to a table, by its kind."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from analysis.importing.delimited import read_delimited
from analysis.importing.revman5 import read_revman5
from analysis.importing.revman_web import as_fields, is_revman_web
from analysis.importing.source import SourceTable, refuse
from analysis.importing.workbook import read_workbook

LARGEST = 20_000_000  # bytes
READERS: dict[str, Callable[[str, bytes, dict[str, str]], SourceTable]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_workbook,
    ".rm5": read_revman5,
}
OTHERS = {
    ".xlsm": "a workbook with macros: save it as XLSX",
    ".xls": "a workbook of old Excel: save it as XLSX, or the sheet as CSV UTF-8",
    ".ods": "an OpenDocument sheet: save it as XLSX, or as CSV UTF-8",
    ".zip": "an archive: unpack it; of RevMan Web's data package, name the file that ends in -data-rows.csv",
    ".parquet": "a Parquet file: save it as CSV UTF-8",
}


def read_source(path: Path, settings: dict[str, str]) -> tuple[SourceTable, str]:
    """Return a file as a table, and the SHA-256 of its bytes.

    Raises:
        InputError: It is not there, of no kind that is known, or cannot be read.
    """
    content = read_bytes(path)
    name, kind = printable(path.name), path.suffix.lower()
    if kind not in READERS:
        found = OTHERS.get(kind, f"a file that ends in {kind[:20]!r}")
        raise refuse(name, found, f"Files that can be read end in {', '.join(READERS)}")
    table = READERS[kind](name, content, settings)
    return as_fields(table) if is_revman_web(table) else table, hashlib.sha256(content).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of an ordinary file that is not too large."""
    allowed = "A CSV, XLSX or RevMan 5 file, or the folder of a dataset"
    try:
        if not path.is_file():
            raise refuse(printable(str(path)), "no ordinary file" if path.exists() else "no such file", allowed)
        if path.stat().st_size > LARGEST:
            found = f"{path.stat().st_size:,} bytes"
            raise refuse(printable(str(path)), found, f"A file of studies has at most {LARGEST:,} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise refuse(printable(str(path)), f"it cannot be read: {error}", allowed) from None


def printable(name: str) -> str:
    """Return a file's name as it can be printed and kept."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:200]
