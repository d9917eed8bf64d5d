"""A dataset laid out to be typed into: metadata.toml with every key explained, tables with the rows to fill."""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from analysis.declared import Field
from analysis.evidence.bias_tools import shipped_tools
from analysis.evidence.contract import TABLES
from analysis.evidence.metadata import ARM, DOSE, SOURCE, STUDY, TOP
from analysis.evidence.risk_of_bias import ASSESSMENT
from analysis.evidence.writing import csv_text, toml_value
from analysis.faults import Fault, InputError
from analysis.folders import WAS, OthersWrite, alone_in, draft_copy, place, room_beside, state_of, swap

Cells = Mapping[str, str]
THERE = "it is there already"

HEAD = """\
# What this dataset is. A line that begins with # is a remark: take the # away to use its key, or leave it.
# What each key takes is in docs/contract.md; trochlea check says what is wrong.
"""
TABLE_COLUMNS = {  # of a table that is laid out; every other column of the contract may be added
    "arms": ("study", "arm", "outcome", "instrument", "followup_weeks", "value_type", "n", "mean", "sd", "events",
             "baseline_mean", "baseline_sd", "location", "seen_as", "note"),
    "contrasts": ("study", "experimental", "control", "outcome", "instrument", "followup_weeks", "value_type",
                  "measure", "estimate", "ci_low", "ci_high", "level", "p_value", "n_experimental", "n_control",
                  "location", "seen_as", "note"),
    "poolings": ("review", "experimental", "control", "outcome", "outcome_as_printed", "window", "measure",
                 "estimate", "ci_low", "ci_high", "level", "i2", "k", "n_total", "model", "location", "seen_as",
                 "note"),
}  # fmt: skip


def metadata_text(values: Mapping[str, object]) -> str:
    """Return a metadata.toml with the given values, every other key as a remark.

    Args:
        values: As metadata.toml has them: id, title, curator, source and study as mappings, arms as a list of mappings.
    """
    source, study, arms = values.get("source", {}), values.get("study", {}), values.get("arms", [])
    sections = [
        HEAD + "\n" + keys_text([field for field in TOP if field.kind not in ("table", "tables", "entries")], values),
        "[source]\n" + keys_text(SOURCE, source),
        "[study]\n" + keys_text(STUDY, study),
        *(arm_text(arm) for arm in arms or [{}]),
        judgement_text(),
    ]
    return "\n".join(sections)


def arm_text(arm: Mapping[str, object]) -> str:
    """Return the table of one arm and of its dose; without a value, all of it as remarks."""
    mark, dose = "" if arm else "# ", arm.get("dose", {})
    keys = keys_text([field for field in ARM if field.name != "dose"], arm)
    dose_mark = "" if dose else "# "
    return f"{mark}[[arms]]\n{keys}\n{dose_mark}[arms.dose]\n{keys_text(DOSE, dose)}"


def judgement_text() -> str:
    """Return how the risk of bias of a trial is judged, all of it as remarks."""
    keys = keys_text([field for field in ASSESSMENT if field.name != "domains"], {})
    lines = [f'# {domain.id} = {{ judgement = "", reason = "" }}' for domain in shipped_tools()["rob2"].domains]
    return "\n".join(["# [risk_of_bias]", keys, "# [risk_of_bias.domains]", *lines, ""])


def keys_text(fields: Sequence[Field], values: Mapping[str, object]) -> str:
    """Return the lines of a table: a key with its value, or as a remark with what it means."""
    lines = []
    for field in fields:
        if values.get(field.name) is not None:
            lines.append(f"{field.name} = {toml_value(values[field.name])}")
        else:
            lines.append(f"# {field.name} = {EXAMPLES.get(field.kind, EMPTY)}  # {meaning(field)}")
    return "\n".join(lines) + "\n"


EMPTY = '""'
EXAMPLES = {"integer": "0", "date": "2026-11-22"}


def meaning(field: Field) -> str:
    return f"{field.meaning}: {', '.join(field.choices)}" if field.choices else field.meaning


def table_text(name: str, rows: Sequence[Cells]) -> str:
    """Return a table as CSV: the header that is laid out, and rows with the cells that are known."""
    columns = TABLE_COLUMNS[name]
    return csv_text(columns, ([row.get(column, "") for column in columns] for row in rows))


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write a new folder with its files, whole or not at all.

    Raises:
        InputError: The folder is there already, or it cannot be written.
    """
    try:
        with room_beside(folder.parent) as room:
            draft = room / folder.name
            draft.mkdir()
            write_files(draft, files)
            place(draft, folder)
    except OSError as error:
        raise InputError([not_written(folder, error)]) from None


def put_files(folder: Path, files: Mapping[str, str], over: Collection[str] = ()) -> None:
    """Write files into a folder that is there, all in one step, and none in the place of another.

    Args:
        folder: The folder; its other files stay.
        files: Texts by name.
        over: The names of those that may take the place of what is there.

    Raises:
        InputError: One of them is there already, or cannot be written.
    """
    target = folder.resolve()
    try:
        with room_beside(target.parent) as room, alone_in(target.parent):
            if any(os.path.lexists(target / name) for name in files if name not in over):
                raise FileExistsError(0, THERE)
            put_one(target, files, over, room) if len(files) == 1 else put_several(target, files, room)
    except OSError as error:
        raise InputError([not_written(folder, error)]) from None


def put_one(folder: Path, files: Mapping[str, str], over: Collection[str], room: Path) -> None:
    """Put one file in place, and leave the folder the one that somebody may have open."""
    write_files(room, files)
    for name in files:
        (os.replace if name in over else place)(room / name, folder / name)


def put_several(folder: Path, files: Mapping[str, str], room: Path) -> None:
    """Put a copy of the folder with the files in its place."""
    seen = state_of(folder)
    draft = draft_copy(folder, room, files)
    write_files(draft, files)
    if state_of(folder) != seen:
        raise OthersWrite(0, "somebody wrote into it meanwhile")
    swap(draft, folder, room / f"{WAS}{folder.name}")


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def not_written(folder: Path, error: OSError) -> Fault:
    """Return why a folder was not written, and what to do."""
    if isinstance(error, FileExistsError):
        allowed = "Nothing is written over what is there, which somebody else may just have written"
        return Fault(str(folder), THERE, allowed, fix="Look at it, then give the command again")
    if isinstance(error, OthersWrite):
        return Fault(str(folder), error.strerror, "One writes at a time", fix="Then give the command again")
    return Fault(str(folder), f"it cannot be written: {error.strerror}", "A folder that may be written to is needed")


def laid_out_tables(names: Sequence[str], rows: Mapping[str, Sequence[Cells]]) -> dict[str, str]:
    """Return the files of the named tables with the rows of each."""
    return {TABLES[name].file: table_text(name, rows.get(name, ())) for name in names}
