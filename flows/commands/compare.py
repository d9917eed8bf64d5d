"""trochlea compare: two extractions of one source, cell by cell."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from analysis.evidence.contract import TABLES, TableContract
from analysis.evidence.double_extraction import (
    EXTRACTIONS,
    RESOLUTIONS,
    Extractions,
    agreed_tables,
    filled,
    filled_text,
    read_extractions,
)
from analysis.evidence.laying_out import put_files, write_folder
from analysis.evidence.reading import METADATA, read_table
from analysis.evidence.resolutions import entries_text, without_entry
from analysis.evidence.vocabulary import read_vocabulary
from analysis.evidence.waiting import part_rows
from analysis.faults import Fault, InputError
from analysis.results import WHOLE_ROW, ColumnAgreement, Disagreement
from flows.review import Review, review_options
from flows.summary import counted, one_line
from flows.writing import write_whole


@dataclass(frozen=True)
class Places:
    """Where two extractions lie, and the choices between them."""

    a: Path
    b: Path
    resolutions: Path


@click.command("compare")
@click.argument("a", metavar="A|ID", type=click.Path(path_type=Path))
@click.argument("b", metavar="[B]", required=False, type=click.Path(path_type=Path))
@review_options
@click.option("--resolve", is_flag=True, help="Add an entry to resolutions.toml for each difference that has none.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write the agreed tables there, once every difference is resolved.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, a: Path, b: Path | None, resolve: bool, out: Path | None, as_json: bool) -> None:
    """Compare two extractions of one source, the folders A and B; with an ID, DATA/extractions/ID/a and b.

    Lists every cell in which they differ, with both lines, and every row that one alone has; says how far they
    agree: Cohen's kappa of codes, limits of agreement and intraclass correlation of numbers. location and note are
    each extractor's own and not compared. A difference is resolved in resolutions.toml, beside B:
    the value, why, by whom and when, guarded by both values. Neither extraction is ever changed.

    \b
    Example: trochlea compare dolak-2011
             trochlea compare dolak-2011 --resolve
             trochlea compare dolak-2011 --out data/raw/dolak-2011
             trochlea compare extraction-of-ann extraction-of-bo
    """
    places = places_of(review, a, b)
    codebook, faults = read_vocabulary(review.data)
    if faults:
        raise InputError(faults)
    folders, choices = (places.a, places.b), (places.resolutions, str(places.resolutions))
    found, faults = read_extractions(folders, tuple(map(str, folders)), choices, codebook)
    if faults:
        raise InputError(faults, "Nothing was written.")
    written = add_entries(places, found) if resolve else None
    written = write_agreed(places, found, out) if out else written
    click.echo(json.dumps(as_object(found), ensure_ascii=False) if as_json else as_text(places, found))
    if written:
        click.echo(one_line(written), err=True)


def places_of(review: Review, a: Path, b: Path | None) -> Places:
    """Return the two folders and where their resolutions stand: beside the second.

    Raises:
        InputError: One of them is no folder.
    """
    if b is None:
        root = review.data / EXTRACTIONS / a.name
        a, b = root / "a", root / "b"
    missing = [folder for folder in (a, b) if not folder.is_dir()]
    if missing:
        allowed = "Two folders with an extraction each, or an ID whose extractions lie in DATA/extractions/ID/a and b"
        raise InputError([Fault(str(folder), "no such folder", allowed) for folder in missing])
    return Places(a, b, b.parent / RESOLUTIONS)


def add_entries(places: Places, found: Extractions) -> str:
    """Add an entry for each open difference that has none, and keep what stands there."""
    path = places.resolutions
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    new = without_entry(path, found.compared.disagreements)
    if not new:
        return f"{path}: every difference has its entry."
    write_whole(path, f"{kept}{entries_text(new)}".lstrip("\n").encode())
    return f"{path}: entries added: {len(new)}. Fill in value, reason, by and on of each, without the #."


def write_agreed(places: Places, found: Extractions, out: Path) -> str:
    """Write the agreed tables into a folder.

    Raises:
        InputError: A difference is open, or a table there is neither extraction's.
    """
    if found.compared.open:
        allowed = "Each is resolved in resolutions.toml first"
        fault = Fault(str(places.resolutions), f"{counted(len(found.compared.open), 'difference')} open", allowed)
        lay_out = f"trochlea compare {places.a} {places.b} --resolve"
        raise InputError([fault], f"Nothing was written. To lay entries out: {lay_out}")
    tables = agreed_tables(found)
    if not out.exists():
        write_folder(out, {METADATA: metadata_of(places)} | tables)
        return f"Agreed tables: {out}, with the metadata of {places.a}."
    refuse_others(out, tables, found)
    put_files(out, tables, over=[name for name in tables if (out / name).exists()])
    return f"Agreed tables: {out}. Check them with: trochlea check {out}"


def metadata_of(places: Places) -> str:
    path = places.a / METADATA
    if not path.is_file():
        fault = Fault(str(path), "the file is missing", "A new folder takes the metadata of the first extraction")
        raise InputError([fault], "Nothing was written. Lay a folder out with: trochlea new ID")
    return path.read_text(encoding="utf-8")


def refuse_others(out: Path, tables: dict[str, str], found: Extractions) -> None:
    """Refuse a folder whose table is none of the two extractions and not the agreed one: it would be lost."""
    faults = []
    for contract in TABLES.values():
        path = out / contract.file
        if contract.file in tables and os.path.lexists(path):
            known = [filled(side[contract.name]) for side in (found.a, found.b) if contract.name in side]
            known.append(filled_text(tables[contract.file]))
            if path.is_symlink() or not path.is_file() or typed_rows(path, contract) not in known:
                allowed = "Only a table of one of the two extractions is replaced by what they agree upon"
                fix = "If it is what they agreed upon before, remove it first"
                faults.append(Fault(str(path), "it holds what neither extraction says", allowed, fix=fix))
    if faults:
        raise InputError(faults, "Nothing was written.")


def typed_rows(path: Path, contract: TableContract) -> list[dict[str, str]] | None:
    """Return the rows of a table that hold a figure, None where it cannot be read; rows to be filled are no loss."""
    table, _ = read_table(path, str(path), contract)
    return None if table is None else filled(part_rows(table)[0])


def as_text(places: Places, found: Extractions) -> str:
    """Return the comparison for a person: the differences, how far they agree, what is next."""
    compared = found.compared
    share = f"{100 * compared.equal / compared.cells:.0f} %" if compared.cells else "none"
    lines = [
        f"{counted(compared.rows, 'row')} in both, {counted(compared.cells, 'cell')} compared, {compared.equal} the "
        f"same ({share}); {counted(len(compared.disagreements), 'difference')}, {len(compared.open)} open.",
        *map(difference_line, compared.disagreements),
        *map(column_line, compared.columns),
        next_line(places, found),
    ]
    return "\n".join(map(one_line, lines))


def difference_line(one: Disagreement) -> str:
    made = one.resolution
    chosen = f"; resolved: {made.value!r}, {made.reason} ({made.by}, {made.on})" if made else ""
    if one.column == WHOLE_ROW:
        side, line = ("A", one.line_a) if one.line_a is not None else ("B", one.line_b)
        return f"  - {one.table}.csv, only {side} line {line} ({one.row}): {one.a or one.b}{chosen}"
    return (
        f"  - {one.table}.csv, A line {one.line_a}, B line {one.line_b} ({one.row}), {one.column}: "
        f"{one.a or 'empty'} in A, {one.b or 'empty'} in B{chosen}"
    )


def column_line(column: ColumnAgreement) -> str:
    """Return how far both agree in a column."""
    parts = [f"{column.equal} of {column.cells} the same"]
    if column.kappa is not None:
        parts.append(f"kappa {column.kappa:.2f}")
    if column.mean_difference is not None:
        limits = f"limits of agreement {column.low:.3g} to {column.high:.3g}"
        parts.append(f"A minus B {column.mean_difference:.3g}, {limits}")
    if column.icc is not None:
        parts.append(f"intraclass correlation {column.icc:.3f}")
    return f"  {column.table}.{column.column}: {'; '.join(parts)}"


def next_line(places: Places, found: Extractions) -> str:
    if found.compared.open:
        return f"Next: trochlea compare {places.a} {places.b} --resolve lays out {places.resolutions} to be filled in"
    return f"Next: trochlea compare {places.a} {places.b} --out FOLDER writes what both agree upon"


def as_object(found: Extractions) -> dict:
    compared = found.compared
    return {
        "rows": compared.rows,
        "cells": compared.cells,
        "equal": compared.equal,
        "differences": [json.loads(json.dumps(asdict(one), default=str)) for one in compared.disagreements],
        "open": len(compared.open),
        "columns": [asdict(column) for column in compared.columns],
    }
