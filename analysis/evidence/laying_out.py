"""A dataset laid out to be typed into: metadata.toml with every key explained, tables with the rows to fill."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.declared import Field
from analysis.evidence.bias_tools import shipped_tools
from analysis.evidence.contract import TABLES
from analysis.evidence.metadata import ARM, DOSE, SOURCE, STUDY, TOP
from analysis.evidence.risk_of_bias import ASSESSMENT
from analysis.evidence.writing import csv_text, toml_value
from analysis.faults import Fault, InputError

Cells = Mapping[str, str]

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
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        beside.mkdir(parents=True)
        for name, text in files.items():
            (beside / name).write_text(text, encoding="utf-8")
        if os.path.lexists(folder):  # a rename would take the place of an empty folder
            raise FileExistsError(0, "it is there already")
        beside.rename(folder)
    except OSError as error:
        raise InputError([not_written(folder, error)]) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def add_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder that is there, all or none, and none in the place of another.

    Raises:
        InputError: One of them is there already, or cannot be written.
    """
    placed = []
    try:
        for name, text in files.items():
            beside = folder / f".{name}.{os.getpid()}"
            try:
                beside.write_text(text, encoding="utf-8")
                os.link(beside, folder / name)  # refuses to take the place of a file
                placed.append(folder / name)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        for path in placed:
            path.unlink()
        raise InputError([not_written(folder, error)]) from None


def not_written(folder: Path, error: OSError) -> Fault:
    return Fault(str(folder), f"it cannot be written: {error.strerror}", "A folder that may be written to is needed")


def laid_out_tables(names: Sequence[str], rows: Mapping[str, Sequence[Cells]]) -> dict[str, str]:
    """Return the files of the named tables with the rows of each."""
    return {TABLES[name].file: table_text(name, rows.get(name, ())) for name in names}
