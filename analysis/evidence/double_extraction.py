"""Two extractors' tables of one source: compared cell by cell, resolved by signed choices, agreed upon in one table.

They lie in data/extractions/ID/a and b, never in data/raw, so that nothing is pooled twice. What is pooled is the
table they agree upon, in data/raw/ID.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.agreement import cohen_kappa, intraclass_correlation, limits_of_agreement
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import TABLES
from analysis.evidence.pairing import (
    MAY_BE_MISREAD,
    NUMBERS,
    Paired,
    compared_columns,
    disagreements,
    number_of,
    pair_lines,
    read_lines,
)
from analysis.evidence.reading import read_hashes, read_table
from analysis.evidence.resolutions import read_resolutions, resolved
from analysis.evidence.waiting import AWAITING, part_rows
from analysis.faults import Fault
from analysis.results import LEAVE_OUT, WHOLE_ROW, ColumnAgreement, Dataset, Disagreement, DoubleExtraction, RawTable

EXTRACTIONS, RESOLUTIONS = "extractions", "resolutions.toml"


@dataclass(frozen=True)
class Extractions:
    """Two extractions of a source as typed, and what comes of comparing them."""

    a: dict[str, RawTable]
    b: dict[str, RawTable]
    paired: tuple[Paired, ...]
    compared: DoubleExtraction


def read_extractions(
    folders: tuple[Path, Path], wheres: tuple[str, str], resolutions: tuple[Path, str], codebook: Codebook
) -> tuple[Extractions | None, list[Fault]]:
    """Return two extractions compared, or None and every fault of their tables and of the resolutions.

    Args:
        folders: The two extractions.
        wheres: How errors name them.
        resolutions: The file of choices between them, and how errors name it; it need not be there.
        codebook: The review's codes.
    """
    (a, faults), (b, more) = (read_tables(folder, where) for folder, where in zip(folders, wheres, strict=True))
    faults = [*faults, *more]
    paired = []
    for name in [name for name in TABLES if name in a or name in b]:
        contract = TABLES[name]
        lines, found = zip(
            *(
                read_lines(tables.get(name), contract, codebook, f"{where}/{contract.file}")
                for tables, where in zip((a, b), wheres, strict=True)
            ),
            strict=True,
        )
        faults += [fault for part in found for fault in part]
        paired.append(pair_lines(contract, *lines))
    if faults:
        return None, faults
    differ = [one for pairs in paired for one in disagreements(pairs)]
    choices, faults = read_resolutions(*resolutions, differ)
    columns = tuple(column for pairs in paired for column in agreement(pairs))
    compared = DoubleExtraction(sum(len(pairs.both) for pairs in paired), columns, resolved(differ, choices))
    return (None, faults) if faults else (Extractions(a, b, tuple(paired), compared), [])


def read_tables(folder: Path, where: str) -> tuple[dict[str, RawTable], list[Fault]]:
    """Return the tables of one extraction by name, without rows that wait for their figures."""
    hashes, faults = read_hashes(folder, where)  # refuses links, files of another name, and files too large
    names, tables = {file.name for file in hashes}, {}
    for contract in TABLES.values():
        if contract.file not in names:
            continue
        table, found = read_table(folder / contract.file, f"{where}/{contract.file}", contract)
        faults += found
        if table is not None:
            tables[contract.name] = part_rows(table)[0]
    if not tables and not faults:
        files = ", ".join(contract.file for contract in TABLES.values())
        faults = [Fault(where, "no table", f"An extraction has one of {files}")]
    return tables, faults


def agreement(paired: Paired) -> list[ColumnAgreement]:
    """Return how far paired rows agree, column by column; a column that both leave empty is passed over.

    What rows are paired by, and may not differ, is no agreement: study, arm and outcome are not counted.
    """
    fixed = set(paired.key) - set(MAY_BE_MISREAD)
    names = dict.fromkeys(name for pair in paired.both for name in compared_columns(paired, *pair) if name not in fixed)
    found = [column_agreement(paired, name) for name in names]
    return [column for column in found if column.cells]


def column_agreement(paired: Paired, name: str) -> ColumnAgreement:
    read = [(one.read.get(name), other.read.get(name)) for one, other in paired.both]
    filled = [pair for pair in read if pair != (None, None)]
    basis = ColumnAgreement(paired.contract.name, name, len(filled), sum(one == other for one, other in filled))
    kind = paired.contract.column(name).kind
    if kind not in (*NUMBERS, "p_value"):
        words = [(str(one or ""), str(other or "")) for one, other in filled]
        return replace(basis, kappa=cohen_kappa(words) if words else None)
    both = [(number_of(one), number_of(other)) for one, other in filled]
    pairs = [pair for pair in both if None not in pair]
    limits = limits_of_agreement(pairs)
    spread = (limits.mean, limits.low, limits.high) if limits else (None, None, None)
    return replace(basis, pairs=len(pairs), **dict(zip(("mean_difference", "low", "high"), spread, strict=True)),
                   icc=intraclass_correlation(pairs))  # fmt: skip


def agreed_tables(extractions: Extractions) -> dict[str, str]:
    """Return the tables that both agree upon once every disagreement is resolved, as CSV by the name of the file.

    Rows stand in the order of the first extraction, with its own words; those that only the second has follow.
    """
    return {
        paired.contract.file: agreed_table(paired, extractions.compared.disagreements)
        for paired in extractions.paired
    }  # fmt: skip


def agreed_table(paired: Paired, differ: Sequence[Disagreement]) -> str:
    mine = [one for one in differ if one.table == paired.contract.name and one.resolution]
    chosen = {(one.line_a, one.column): one.resolution.value for one in mine if one.column != WHOLE_ROW}
    whole = [one for one in mine if one.column == WHOLE_ROW]
    dropped = {(one.line_a, one.line_b) for one in whole if one.resolution.value == LEAVE_OUT}
    first = sorted([*(one for one, _ in paired.both), *paired.only_a], key=lambda line: line.row.line)
    rows = [
        line.typed | {column: value for (number, column), value in chosen.items() if number == line.row.line}
        for line in first
        if (line.row.line, None) not in dropped
    ]
    rows += [line.typed for line in paired.only_b if (None, line.row.line) not in dropped]
    names = [column.name for column in paired.contract.columns if any(column.name in row for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_double(data: Path, dataset: Dataset, codebook: Codebook) -> tuple[DoubleExtraction | None, list[Fault]]:
    """Return the two extractions of a dataset, where both are there, and every fault of them.

    Once all is resolved, the tables of the dataset are those that both agree upon; others are a fault.
    """
    root = data / EXTRACTIONS / dataset.id
    folders, where = (root / "a", root / "b"), f"{data.name}/{EXTRACTIONS}/{dataset.id}"
    resolutions = root / RESOLUTIONS
    linked = [path for path in (root.parent, root, *folders, resolutions) if path.is_symlink()]
    if linked:
        return None, [Fault(where, "a link", "Extractions are the folders themselves")]
    if not all(folder.is_dir() for folder in folders):
        return None, []
    named = resolutions, f"{where}/{RESOLUTIONS}"
    found, faults = read_extractions(folders, (f"{where}/a", f"{where}/b"), named, codebook)
    if found is None:
        return None, faults
    if found.compared.open or dataset.metadata.study.status == AWAITING:
        return found.compared, []
    return found.compared, differing_tables(data, dataset, agreed_tables(found))


def differing_tables(data: Path, dataset: Dataset, agreed: dict[str, str]) -> list[Fault]:
    """Return a fault for each table of a dataset that is not the one that both extractions agree upon."""
    faults = []
    for contract in TABLES.values():
        table = next((table for table in dataset.tables if table.name == contract.name), None)
        if contract.file in agreed and (table is None or filled(table) != filled_text(agreed[contract.file])):
            found = "it is not the table that both extractions agree upon"
            allowed = "Once every disagreement is resolved, the agreed table is what is pooled"
            fix = f"Write it with: trochlea compare {dataset.id} --out {data}/raw/{dataset.id}"
            faults.append(Fault(f"{data.name}/raw/{dataset.id}/{contract.file}", found, allowed, fix=fix))
    return faults


def filled(table: RawTable) -> list[dict[str, str]]:
    """Return the cells of each row that hold something."""
    return [
        {name: cell.strip() for name, cell in zip(table.header, row.cells, strict=True) if cell.strip()}
        for row in table.rows
    ]


def filled_text(text: str) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(io.StringIO(text, newline=""))]
