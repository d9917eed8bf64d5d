"""Where in the files of a protocol a key stands: file and line, as they were written for a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.declared import Declared, parse_declared
from analysis.results import Comparison, Run

COMPARISONS, CLAIMS, VOCABULARY = "comparisons.toml", "claims.toml", "vocabulary.toml"


@dataclass(frozen=True)
class Place:
    """A line of a file of the protocol."""

    file: str
    line: int | None


def protocol_of(run: Run) -> dict[str, Declared]:
    """Return the files of a run's protocol as parsed, by name; none in a run that did not keep them."""
    parsed = {file.name: parse_declared(file.text, file.name) for file in run.protocol_files}
    return {name: file for name, file in parsed.items() if isinstance(file, Declared)}


def place_of_setting(files: Mapping[str, Declared], comparison: Comparison, key: str) -> Place | None:
    """Return where a key of a comparison is said: its own table, the defaults or the vocabulary; None: nowhere."""
    file = files.get(COMPARISONS)
    number = number_of(file, "comparison", comparison.id)
    if number is None:
        return None
    tables = file.data["comparison"]
    if isinstance(tables[number].get(key), dict):  # a table of its own, which not every comparison has
        before = sum(key in table for table in tables[:number])
        return Place(COMPARISONS, file.line(f"comparison.{key}", before, None))
    if key in tables[number]:
        return Place(COMPARISONS, file.line("comparison", number, key))
    if key in file.data.get("defaults", {}):
        return Place(COMPARISONS, file.line("defaults", 0, key))
    return place_of_inherited(files, comparison, key)


def place_of_key(files: Mapping[str, Declared], section: str, id: str, key: str) -> int | None:
    """Return the line of a key of an entry of comparisons.toml: its own, or that of the defaults."""
    file = files.get(COMPARISONS)
    number = number_of(file, section, id)
    if number is None:
        return None
    own = key in file.data[section][number]
    return file.line(section, number, key) if own else file.line("defaults", 0, key)


def place_of_inherited(files: Mapping[str, Declared], comparison: Comparison, key: str) -> Place | None:
    """Return where the first instrument of a comparison says a key that the comparison takes from it."""
    file, code = files.get(VOCABULARY), next(iter(comparison.instruments), None)
    entry = file.data.get("instruments", {}).get(code, {}) if file else {}
    return Place(VOCABULARY, file.line(f"instruments.{code}", 0, key)) if key in entry else None


def place_of_entry(files: Mapping[str, Declared], name: str, section: str, id: str) -> Place:
    """Return where a comparison or a claim begins; no line in a run that did not keep its protocol."""
    file = files.get(name)
    number = number_of(file, section, id)
    return Place(name, None if number is None else file.line(section, number, None))


def place_of_part(files: Mapping[str, Declared], claim: str, index: int, key: str | None) -> Place:
    """Return where a key of a part of a claim stands, or the part when it is not written there."""
    file = files.get(CLAIMS)
    number = number_of(file, "claim", claim)
    if number is None:
        return Place(CLAIMS, None)
    before = sum(len(table.get("part", [])) for table in file.data["claim"][:number])
    return Place(CLAIMS, file.line("claim.part", before + index, key))


def number_of(file: Declared | None, section: str, id: str) -> int | None:
    """Return which table of a section has an id, from 0; None when none has."""
    tables = file.data.get(section, []) if file else []
    return next((number for number, table in enumerate(tables) if table.get("id") == id), None)
