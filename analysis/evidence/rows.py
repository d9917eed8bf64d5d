"""Transcribed tables to rows: every cell read by its column, every row held to the rules, all faults kept."""

from analysis.evidence.cells import CellError, read_cell
from analysis.evidence.checking import Row, contradictions
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import CONTRACTS, Column, TableContract
from analysis.faults import Fault
from analysis.results import Dataset, RawRow, RawTable, SourceRef

IF_PRINTED = "If the source prints it so, mark the row doubtful in seen_as"


def read_rows(dataset: Dataset, table: RawTable, codebook: Codebook, where: str) -> tuple[list[Row], list[Fault]]:
    """Return the sound rows of a table in their order, and every fault of the others."""
    contract = CONTRACTS[table.name]
    columns = tuple(map(contract.column, table.header))
    rows, faults, seen = [], [], {}
    for raw in table.rows:
        row, found = read_row(dataset, contract, columns, raw, codebook, where)
        found += [] if row is None else doubled(contract, row, seen, where)
        faults += found
        if row is not None and not found:
            rows.append(row)
    return rows, faults


def read_row(
    dataset: Dataset, contract: TableContract, columns: tuple[Column, ...], raw: RawRow, codebook: Codebook, where: str
) -> tuple[Row | None, list[Fault]]:
    """Return one line as a row, or None and the faults of its cells; contradictions come with the row."""
    values, faults = {}, []
    for column, text in zip(columns, raw.cells, strict=True):
        try:
            values[column.name] = read_cell(column, text, codebook)
        except CellError as error:
            faults.append(Fault(where, error.found, error.allowed, raw.line, column.name))
    if faults:
        return None, faults
    ref = SourceRef(dataset.id, contract.name, raw.line, values.pop("location"), values.pop("seen_as"))
    row = contract.row(ref=ref, **values)
    return row, [*check_study(dataset, contract, row, where), *check_figures(contract, row, codebook, where)]


def check_figures(contract: TableContract, row: Row, codebook: Codebook, where: str) -> list[Fault]:
    """Return a fault for each contradiction of a row."""
    return [
        Fault(where, one.found, one.allowed, row.ref.line, one.column, IF_PRINTED if one.may_be_printed else None)
        for one in contradictions(contract.name, row, codebook)
    ]


def check_study(dataset: Dataset, contract: TableContract, row: Row, where: str) -> list[Fault]:
    """Return a fault when a row names a study that its folder does not report."""
    name = "review" if contract.name == "poolings" else "study"
    allowed = {dataset.id, dataset.metadata.study.same_people_as} - {None}
    if getattr(row, name) in allowed:
        return []
    words = f"{name} is {' or '.join(sorted(allowed))}; another study has its own folder, or same_people_as names it"
    return [Fault(where, f"found {getattr(row, name)!r}", words, row.ref.line, name)]


def doubled(contract: TableContract, row: Row, seen: dict[tuple, int], where: str) -> list[Fault]:
    """Return a fault when the key of a row stands in an earlier line; remembers the key."""
    key = tuple(
        row.ref.seen_as if name == "seen_as" else row.ref.location if name == "location" else getattr(row, name)
        for name in contract.key
    )
    first = seen.setdefault(key, row.ref.line)
    if first == row.ref.line:
        return []
    allowed = f"Rows differ in one of {', '.join(contract.key)}"
    return [
        Fault(
            where,
            f"the same row as line {first}",
            allowed,
            row.ref.line,
            fix="Remove one, or say in detail how they differ",
        )
    ]
