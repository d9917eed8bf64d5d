"""Which cells and keys differ between two versions of a dataset, as they were transcribed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

from analysis.results import Dataset, Origin

COMPARED_AT_MOST = 250_000  # pairs of lines in one changed block; a larger one is paired by position, to stay quick
ALIKE = 0.5  # two lines that share this part of their cells are one line, corrected


@dataclass(frozen=True)
class Line:
    """A line of a table: its number in the file, and its cells that are not empty, by column."""

    number: int
    cells: dict[str, str]


def changed_cells(old: Dataset, new: Dataset) -> tuple[Origin, ...]:
    """Return every key, line and cell that differs between two versions of a dataset, corrections put in."""
    found = list(changed_keys(old, new))
    for name in dict.fromkeys(table.name for dataset in (new, old) for table in dataset.tables):
        notes = notes_of(new, name)
        found += changed_lines(f"{name}.csv", new.id, lines_of(old, name), lines_of(new, name), notes)
    return tuple(found)


def lines_of(dataset: Dataset, name: str) -> list[Line]:
    """Return the lines of a table in their order, its corrections put in; none when the dataset has no such table."""
    mended = {(one.line, one.column): one.value for one in dataset.corrections if one.table == name}
    return [
        Line(row.line, {
            column: cell.strip()
            for column, typed in zip(table.header, row.cells, strict=False)
            if (cell := mended.get((row.line, column), typed)).strip()
        })
        for table in dataset.tables if table.name == name
        for row in table.rows
    ]  # fmt: skip


def notes_of(dataset: Dataset, name: str) -> dict[tuple[int, str], str]:
    """Return why cells of a table were corrected, by line and column."""
    return {
        (one.line, one.column): f"corrected: {one.reason} ({one.by}, {one.on})"
        for one in dataset.corrections
        if one.table == name
    }


def changed_lines(
    file: str, dataset: str, old: list[Line], new: list[Line], notes: dict[tuple[int, str], str]
) -> Iterator[Origin]:
    """Give the cells of lines that are in both, and the lines that are in one alone."""
    for before, now in paired(old, new):
        if before is None:
            yield Origin(file, dataset, now.number, new=", ".join(now.cells.values()))
        elif now is None:
            yield Origin(file, dataset, before.number, old=", ".join(before.cells.values()))
        else:
            for name in dict.fromkeys([*now.cells, *before.cells]):
                one, other = before.cells.get(name), now.cells.get(name)
                if one != other:
                    yield Origin(file, dataset, now.number, name, one, other, notes.get((now.number, name)))


def paired(old: list[Line], new: list[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Give the lines that differ: each with what it was or became, None for a line that came or went.

    Lines are told by their cells, not by their number, so that a line put in between revises no other.
    """
    keys = [[tuple(sorted(line.cells.items())) for line in lines] for lines in (old, new)]
    for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from pair_block(old[a:b], new[c:d])


def pair_block(old: list[Line], new: list[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Give the lines of a block that changed, those that are most alike together."""
    rest = list(old)
    by_position = len(old) * len(new) > COMPARED_AT_MOST
    for line in new:
        nearest = (rest[0] if by_position else max(rest, key=lambda other: likeness(other, line))) if rest else None
        if nearest is None or likeness(nearest, line) < ALIKE:
            yield None, line
        else:
            rest.remove(nearest)
            yield nearest, line
    for line in rest:
        yield line, None


def likeness(one: Line, other: Line) -> float:
    """Return the share of cells that two lines have in common, 0 to 1."""
    shared = len(one.cells.items() & other.cells.items())
    return shared / max(len(one.cells), len(other.cells), 1)


def changed_keys(old: Dataset, new: Dataset) -> Iterator[Origin]:
    """Give the keys of metadata.toml that differ."""
    before, now = (dict(flattened("", asdict(dataset.metadata))) for dataset in (old, new))
    for key in dict.fromkeys([*now, *before]):
        if before.get(key) != now.get(key):
            yield Origin("metadata.toml", new.id, None, key, before.get(key), now.get(key))


def flattened(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Give the values of nested tables by their dotted keys; arms are named by their id."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flattened(f"{path}.{key}".lstrip("."), inner)
    elif isinstance(value, tuple | list):
        for number, inner in enumerate(value):
            name = inner.get("id", number) if isinstance(inner, dict) else number
            yield from flattened(f"{path}.{name}", inner)
    elif value is not None:
        yield path, str(value)
