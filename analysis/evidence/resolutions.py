"""resolutions.toml: what was chosen where two extractions differ, each guarded by both values, and signed."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.contract import TABLES
from analysis.evidence.corrections import SIGNED
from analysis.evidence.writing import toml_value
from analysis.faults import Fault
from analysis.results import KEEP, LEAVE_OUT, WHOLE_ROW, Disagreement, Resolution

TOP = (Field("resolution", "tables", "The resolutions, each headed [[resolution]]", True),)
PLACE = (
    Field("table", "choice", "The table it is in", True, tuple(TABLES)),
    Field("column", "text", "The column, or row where one extraction alone has the row", True),
    Field("line_a", "integer", "The line of the first extraction; the header is line 1"),
    Field("line_b", "integer", "The line of the second extraction"),
    Field("a", "cell", "What stands in the cell of the first, in quotes"),
    Field("b", "cell", "What stands in the cell of the second, in quotes"),
)
CHOICE = (Field("value", "cell", "What it is to be, in quotes; of a whole row, keep or leave-out", True), *SIGNED)


def read_resolutions(
    path: Path, where: str, differ: Sequence[Disagreement]
) -> tuple[tuple[Resolution, ...], list[Fault]]:
    """Return the choices that are made, and every fault of the file; an entry without a choice is still open."""
    if not path.exists():
        return (), []
    file = read_declared(path, where)
    if isinstance(file, Fault):
        return (), [file]
    top, faults = read_fields(file, "", file.data, TOP)
    found: list[Resolution] = []
    for number, table in enumerate(top.get("resolution", [])):
        place = {key: value for key, value in table.items() if key in {field.name for field in PLACE}}
        is_open = len(place) == len(table)
        values, wrong = read_fields(file, "resolution", table, PLACE if is_open else PLACE + CHOICE, number)
        faults += wrong
        if not is_open and not wrong:
            resolution = Resolution(**values)
            faults += check_resolution(file, number, resolution, differ, found)
            found.append(resolution)
    return tuple(found), faults


def place_of(one: Disagreement | Resolution) -> tuple[str, str, int | None, int | None]:
    return one.table, one.column, one.line_a, one.line_b


def without_entry(path: Path, differ: Sequence[Disagreement]) -> list[Disagreement]:
    """Return the disagreements that a sound resolutions.toml has no entry for, open or resolved."""
    entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("resolution", []) if path.exists() else []
    there = {tuple(entry.get(key) for key in ("table", "column", "line_a", "line_b")) for entry in entries}
    return [one for one in differ if place_of(one) not in there]


def check_resolution(
    file: Declared, number: int, resolution: Resolution, differ: Sequence[Disagreement], earlier: Sequence[Resolution]
) -> list[Fault]:
    """Return the fault of a resolution that is about no disagreement, or does not find both values as it expects."""

    def fault(key: str, found: str, allowed: str) -> list[Fault]:
        return [file.fault("resolution", number, key, found, allowed)]

    about = next((one for one in differ if place_of(one) == place_of(resolution)), None)
    if about is None:
        allowed = "A resolution is about a cell in which the extractions differ now: its table, column and both lines"
        return fault("column", "the extractions do not differ there", allowed)
    for key in ("a", "b"):
        typed, expected = getattr(about, key), getattr(resolution, key)
        if typed != expected:
            return fault(key, f"found {expected!r}", f"{key} is what stands there, {typed!r}")
    if resolution.column == WHOLE_ROW and resolution.value not in (KEEP, LEAVE_OUT):
        return fault("value", f"found {resolution.value!r}", f"Of a whole row, {KEEP} or {LEAVE_OUT}")
    if any(place_of(one) == place_of(resolution) for one in earlier):
        return fault("column", "the same cell is resolved twice", "A disagreement has one resolution")
    return []


def resolved(differ: Sequence[Disagreement], choices: Sequence[Resolution]) -> tuple[Disagreement, ...]:
    """Return disagreements, each with its resolution where there is one."""
    by_place = {place_of(one): one for one in choices}
    return tuple(replace(one, resolution=by_place.get(place_of(one))) for one in differ)


def entries_text(differ: Sequence[Disagreement]) -> str:
    """Return an entry for each disagreement, its place and guards filled in and its choice left to a person."""
    return "".join(entry_text(one) for one in differ)


def entry_text(one: Disagreement) -> str:
    place = [(field.name, getattr(one, field.name)) for field in PLACE]
    keys = [f"{key} = {toml_value(value)}" for key, value in place if value is not None]
    example = KEEP if one.column == WHOLE_ROW else one.a or one.b
    choices = f"  # {KEEP} or {LEAVE_OUT}" if one.column == WHOLE_ROW else ""
    open_keys = [f"# value = {toml_value(example)}{choices}", '# reason = ""', '# by = ""', "# on = 2026-11-22"]
    return "\n".join(["", f"# {one.row}", "[[resolution]]", *keys, *open_keys, ""])
