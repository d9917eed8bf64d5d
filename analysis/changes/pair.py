"""Two runs side by side, with what differs in their datasets and in the lines of their protocols."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.changes.cells import changed_cells, lines_of
from analysis.changes.places import VOCABULARY, protocol_of
from analysis.declared import Declared
from analysis.results import Comparison, Dataset, Effect, Origin, Run, SourceRef

SECTIONS = ("outcomes", "instruments", "treatments")
COUNTING = ("better", "range")  # keys of the vocabulary that an effect is made with; the others are words
IN_WORDS = ("note",)  # columns that no effect is made from


@dataclass(frozen=True)
class Pair:
    """Two runs and what of their sources differs."""

    old: Run
    new: Run
    datasets: Mapping[str, tuple[Origin, ...]]  # of datasets that came, went or have other bytes: what differs
    vocabulary: Mapping[tuple[str, str], tuple[Origin, ...]]  # (section, code) of entries that differ
    old_files: Mapping[str, Declared]
    new_files: Mapping[str, Declared]

    def same_vocabulary_known(self) -> bool:
        """Return whether both runs kept their vocabulary, or are known to share it."""
        kept = VOCABULARY in self.old_files and VOCABULARY in self.new_files
        return kept or self.old.fingerprints.protocol == self.new.fingerprints.protocol

    def data_behind(self, refs: tuple[SourceRef, ...]) -> tuple[Origin, ...]:
        """Return what differs in the datasets of some rows: in those rows, or else anywhere in their datasets."""
        rows = {(ref.dataset, f"{ref.table}.csv", ref.line) for ref in refs}
        every = [one for id in dict.fromkeys(ref.dataset for ref in refs) for one in self.datasets.get(id, ())]
        return tuple(one for one in every if (one.dataset, one.file, one.line) in rows) or tuple(every)

    def words_behind(self, comparison: Comparison, effects: tuple[Effect, ...]) -> tuple[Origin, ...]:
        """Return the keys of the vocabulary that differ and that effects of a comparison are made with."""
        codes = {*comparison.instruments, *(effect.instrument for effect in effects)}
        used = {("outcomes", comparison.outcome), *(("instruments", code) for code in codes)}
        return tuple(
            one for entry, keys in self.vocabulary.items() if entry in used
            for one in keys if one.column.rpartition(".")[2] in COUNTING
        )  # fmt: skip


def pair_of(old: Run, new: Run) -> Pair:
    """Return two runs side by side."""
    old_files = protocol_of(old)
    new_files = old_files if old.protocol_files == new.protocol_files else protocol_of(new)
    vocabulary = differing_vocabulary(old_files, new_files)
    return Pair(old, new, differing_datasets(old, new), vocabulary, old_files, new_files)


def differing_datasets(old: Run, new: Run) -> dict[str, tuple[Origin, ...]]:
    """Return what differs in each dataset that came, went or has other bytes, by id."""
    before, now = ({dataset.id: dataset for dataset in run.datasets} for run in (old, new))
    found = {}
    for id in sorted(before.keys() | now.keys()):
        if id not in before or id not in now:
            found[id] = whole(now.get(id), came=True) if id in now else whole(before[id], came=False)
        elif before[id].files != now[id].files:
            found[id] = changed_cells(before[id], now[id])
    return found


def whole(dataset: Dataset, came: bool) -> tuple[Origin, ...]:
    """Return every line of a dataset as one that came, or went."""
    found = []
    for table in dataset.tables:
        for line in lines_of(dataset, table.name):
            text = ", ".join(line.cells.values())
            old, new = (None, text) if came else (text, None)
            found.append(Origin(f"{table.name}.csv", dataset.id, line.number, old=old, new=new))
    return tuple(found)


def differing_vocabulary(
    old: Mapping[str, Declared], new: Mapping[str, Declared]
) -> dict[tuple[str, str], tuple[Origin, ...]]:
    """Return the keys that differ of each entry of the vocabulary; none when a run did not keep it."""
    if VOCABULARY not in old or VOCABULARY not in new:
        return {}
    found = {}
    for section in SECTIONS:
        before, now = (file[VOCABULARY].data.get(section, {}) for file in (old, new))
        for code in dict.fromkeys([*now, *before]):
            keys = differing_keys(old[VOCABULARY], new[VOCABULARY], section, code)
            if keys:
                found[section, code] = keys
    return found


def differing_keys(old: Declared, new: Declared, section: str, code: str) -> tuple[Origin, ...]:
    """Return the keys of an entry of the vocabulary that differ, each with its line."""
    before, now = (file.data.get(section, {}).get(code, {}) for file in (old, new))
    name = f"{section}.{code}"
    return tuple(
        Origin(VOCABULARY, None, (new if key in now else old).line(name, 0, key), f"{name}.{key}",
               said(before.get(key)), said(now.get(key)))
        for key in dict.fromkeys([*now, *before])
        if before.get(key) != now.get(key)
    )  # fmt: skip


def said(value: object) -> str | None:
    """Return a value of the protocol as text; None when nothing is said."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(str, value))}]" if value else None
    return None if value is None else str(value)


def cells_behind(run: Run, refs: tuple[SourceRef, ...]) -> list[dict[str, str]]:
    """Return the cells that an effect can be made from, of each of its rows."""
    places = {(ref.dataset, ref.table, ref.line) for ref in refs}
    lines = (
        line
        for dataset in run.datasets if dataset.id in {ref.dataset for ref in refs}
        for table in dataset.tables
        for line in lines_of(dataset, table.name) if (dataset.id, table.name, line.number) in places
    )  # fmt: skip
    return [{name: cell for name, cell in line.cells.items() if name not in IN_WORDS} for line in lines]
