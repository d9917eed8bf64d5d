"""Read vocabulary.toml into the codebook of a review."""

from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.bias_tools import review_tools
from analysis.evidence.codebook import Codebook, Instrument, Outcome, Treatment
from analysis.faults import Fault

BETTER = ("lower", "higher", "none")

TOP = (
    Field("outcomes", "table", "What is measured: tables [outcomes.CODE]", True),
    Field("instruments", "table", "What it is measured with: tables [instruments.CODE]", True),
    Field("treatments", "table", "Treatments and groups: tables [treatments.CODE]", True),
    Field("bias_tools", "table", "Tools for risk of bias that Trochlea does not know: tables [bias_tools.CODE]"),
)
OUTCOME = (
    Field("label", "text", "Its name in a report", True),
    Field("better", "choice", "Which way is good news", True, BETTER),
)
INSTRUMENT = (
    Field("label", "text", "Its name in a report", True),
    Field("unit", "text", "The unit of its values"),
    Field("range", "span", "Its least and greatest value"),
    Field("better", "choice", "Which way is good news, when not the outcome's own", choices=BETTER),
    Field("smallest_important", "positive", "The smallest difference that matters to a patient"),
    Field("smallest_important_source", "text", "The citation of that figure"),
    Field("step", "positive", "What two values of one person differ by at least, such as 1 where they are whole"),
    Field("step_source", "text", "The citation of that step"),
)
TREATMENT = (Field("label", "text", "Its name in a report", True),)


def read_vocabulary(data: Path) -> tuple[Codebook | None, list[Fault]]:
    """Return the codebook below a review's data folder, or None and every fault of vocabulary.toml."""
    file = read_declared(data / "protocol" / "vocabulary.toml", f"{data.name}/protocol/vocabulary.toml")
    return (None, [file]) if isinstance(file, Fault) else read_codebook(file)


def read_codebook(file: Declared) -> tuple[Codebook | None, list[Fault]]:
    """Return the codebook that a vocabulary.toml declares, or None and every fault of it."""
    top, faults = read_fields(file, "", file.data, TOP)
    outcomes = read_entries(file, "outcomes", top, OUTCOME, Outcome, faults)
    instruments = read_entries(file, "instruments", top, INSTRUMENT, Instrument, faults)
    treatments = read_entries(file, "treatments", top, TREATMENT, Treatment, faults)
    faults += [
        file.fault(
            f"instruments.{code}",
            0,
            key,
            "no source is given",
            f"{key}_source cites where the figure was read",
        )
        for code, entry in instruments.items()
        for key in ("smallest_important", "step")
        if getattr(entry, key) is not None and not getattr(entry, f"{key}_source")
    ]
    tools, found = review_tools(file, top.get("bias_tools", {}))
    faults += found
    return (None, faults) if faults else (Codebook(outcomes, instruments, treatments, tools), [])


def read_entries(
    file: Declared, section: str, top: dict, fields: tuple[Field, ...], noun: type, faults: list[Fault]
) -> dict:
    """Return the sound entries of a section by code; the faults of the others are appended."""
    entries = {}
    for code, table in top.get(section, {}).items():
        values, found = read_fields(file, f"{section}.{code}", table, fields)
        faults += found
        if not found:
            entries[code] = noun(**values)
    return entries
