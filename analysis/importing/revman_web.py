"""RevMan Web's exported data rows: the same studies of the same analyses as a CSV file."""

from dataclasses import replace

from analysis.importing.revman5 import GROUPS, is_zero
from analysis.importing.source import Cell, SourceTable

MARKS = {"Analysis group", "Analysis number", "Study", "Experimental N", "Control N"}
FIELDS = {
    "Study": "study", "Study year": "year", "Analysis name": "outcome", "Subgroup": "detail", "Footnotes": "note",
    "Experimental cases": "experimental.events", "Experimental N": "experimental.n",
    "Experimental mean": "experimental.mean", "Experimental SD": "experimental.sd",
    "Control cases": "control.events", "Control N": "control.n", "Control mean": "control.mean",
    "Control SD": "control.sd", "GIV Mean": "giv", "GIV SE": "se", "O-E": "o_minus_e", "Variance": "o_minus_e_variance",
}  # fmt: skip
FIGURES = tuple(column for column, field in FIELDS.items() if "." in field or field in ("giv", "o_minus_e"))


def is_revman_web(table: SourceTable) -> bool:
    return set(table.columns) >= MARKS


def as_fields(table: SourceTable) -> SourceTable:
    """Return the rows that hold data, in columns named by their fields; each analysis by its number and name."""
    places = {name: index for index, name in enumerate(table.columns)}
    kept = [name for name in FIELDS if name in places and name != "Analysis name"]
    rows, notices = [], []
    for row in table.rows:
        text = {name: row.cells[index].text for name, index in places.items()}
        why = what_lacks(text)
        if why:
            notices.append(f"{row.location}, {text['Study']}: left out, {why}.")
            continue
        cells = mend({name: row.cells[places[name]] for name in kept})
        number = f"{text['Analysis group']}.{text['Analysis number']} {text.get('Analysis name', '')}".strip()
        rows.append(replace(row, cells=(*cells.values(), Cell(number))))
    columns = (*(FIELDS[name] for name in kept), "outcome")
    return replace(table, columns=columns, rows=tuple(rows), notices=(*table.notices, *notices), named=True)


def what_lacks(text: dict[str, str]) -> str:
    """Return why a row holds no data; empty where it does."""
    arms = any(text.get(f"{side.title()} {what}", "") for _, side in GROUPS for what in ("cases", "mean"))
    if arms and any(is_zero(text.get(f"{side.title()} N", "")) for _, side in GROUPS):
        return "a group of 0 people stands for no data"
    if not any(text.get(column, "") for column in FIGURES if not column.endswith(" N")):
        return "it has no figures"
    return ""


def mend(cells: dict[str, Cell]) -> dict[str, Cell]:
    """Return a row's cells without the zeros that stand for missing: an SD of 0, and the mean of 0 beside it."""
    for _, side in GROUPS:
        mean, sd = f"{side.title()} mean", f"{side.title()} SD"
        if sd in cells and cells[sd].text and is_zero(cells[sd].text):
            cells[sd] = Cell("")
            if is_zero(cells[mean].text):
                cells[mean] = Cell("")
    if "GIV SE" in cells and cells["GIV SE"].text and is_zero(cells["GIV SE"].text):
        cells |= {"GIV Mean": Cell(""), "GIV SE": Cell("")}
    return cells
