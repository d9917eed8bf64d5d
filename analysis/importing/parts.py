"""Cells that hold more than one figure, such as 5/20 (25%) or 12.3 ± 4.5: taken apart by a form that a person confirms.

A form is written as a paper prints it, with fields for figures: `experimental.events/n (%)`, `mean ± sd`,
`estimate (ci_low to ci_high)`. The side of the first field holds for the rest; % is a percentage, which only checks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from analysis.evidence.cells import found
from analysis.importing.fields import FIELDS, IN_FORMS, PERCENT, SIDES
from analysis.importing.source import Cell, SourceRow, SourceTable

PIECE = r"([-\u2212\u2013\u2010\u2011]?\s?(?:[0-9][0-9.,]*|[.,][0-9]+)(?<![.,])(?:[eE][+-]?[0-9]{1,3})?|NA)"
MARKS = {
    "/": r"\s*(?:/|\bof\b)\s*",
    "±": r"\s*(?:±|\+\s?/\s?[-\u2212\u2013]|\+[-\u2212\u2013])\s*",
    "to": r"(?:\s+to\s+|\s*;\s*|,\s+)",
    "-": r"(?:\s+[-\u2013\u2014\u2212]\s+|(?<=[0-9])[-\u2013\u2014\u2212\u2010\u2011](?=[-\u2212\u2013]?[0-9.]))",
    "(": r"\s*[(\[]\s*",
    ")": r"\s*[)\]]",
}
TOKEN = re.compile(r"\s*((?:(?:experimental|control)\.)?[a-z][a-z_0-9]*|[-%/±()])\s*")
LEVEL = re.compile(r"([0-9]{2}(?:\.[0-9]+)?) ?% ?(?:CI|confidence interval)", re.IGNORECASE)
WORDS = {  # that may stand before a figure: 2.1 (95% CI 1.0 to 3.2)
    "ci_low": r"(?:[0-9]{2}(?:\.[0-9]+)? ?% ?)?(?:CI|confidence interval)",
    "q1": "IQR|interquartile range",
    "min": "range",
    "sd": "SD",
    "se": "SEM?",
}
OF_COUNTS = ("events/n", "events/n (%)", "events (%)")
OF_MEANS = ("mean ± sd", "mean (sd)", "mean (ci_low to ci_high)")
LIKELY = {  # forms that a column named for a field may have; the first that all its cells have is a guess
    "events": OF_COUNTS, "n": OF_COUNTS, "mean": OF_MEANS, "sd": OF_MEANS, "se": ("mean ± se", "mean (se)"),
    "median": ("median (q1 to q3)", "median (q1 - q3)"),
    "estimate": ("estimate (ci_low to ci_high)", "estimate (ci_low - ci_high)"),
}  # fmt: skip
OTHERWISE = {  # what words of a heading make of the fields of a likely form
    r"\bsem?\b|standard error": {"sd": "se"}, r"\brange\b": {"q1": "min", "q3": "max"},
}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """How the figures of a cell stand in it: the field of each, and what a cell looks like."""

    fields: tuple[str, ...]
    pattern: re.Pattern[str]
    level: str | None  # the field of the level of an interval, which a cell may say: 95% CI

    def pieces(self, text: str) -> tuple[str, ...] | None:
        """Return the text of each figure; empty where it is not printed, None where the cell has another form."""
        plain = " ".join(text.split())
        closed = all(plain.count(one) == plain.count(other) for one, other in ("()", "[]"))
        match = self.pattern.fullmatch(plain) if closed else None
        return tuple(piece or "" for piece in match.groups()) if match else None


@cache
def form_of(text: str) -> Form | None:
    """Return the form that a text describes; None where it is none."""
    round_ = text.replace("[", "(").replace("]", ")").replace("+/-", "±").replace("\u2013", "-")
    tokens = TOKEN.findall(round_)
    side = next((f"{one}." for one in SIDES if round_.startswith(f"{one}.")), "")
    fields = tuple(sided(PERCENT if name == "%" else name, side) for name in tokens if name not in MARKS)
    sound = len(set(fields)) == len(fields) > 1 and IN_FORMS.issuperset(fields)
    if not sound or "".join(round_.split()) != "".join(tokens) or not parted(tokens):
        return None
    low = next((field for field in fields if field.endswith("ci_low")), None)
    return Form(fields, pattern_of(tokens), low and low.replace("ci_low", "level"))


def sided(name: str, side: str) -> str:
    return f"{side}{name}" if side and "." not in name else name


def parted(tokens: list[str]) -> bool:
    """Return whether marks part the figures of a form, and its brackets close."""
    neighbours = zip(tokens, tokens[1:], strict=False)
    brackets = [token for token in tokens if token in "()"]
    return brackets in ([], ["(", ")"]) and all(one in MARKS or other in MARKS for one, other in neighbours)


def pattern_of(tokens: list[str]) -> re.Pattern[str]:
    """Return what a cell of these figures and marks looks like."""
    parts = [part_of(token, before) for token, before in zip(tokens, ["(", *tokens], strict=False)]
    if tokens[-3:] == ["(", "%", ")"]:  # a count of 0 is often printed without it
        parts = [*parts[:-3], "(?:", *parts[-3:], ")?"]
    return re.compile("".join(parts), re.IGNORECASE)


def part_of(token: str, before: str) -> str:
    """Return the pattern of one mark or figure, where it opens a bracket with the word that may stand before it."""
    if token in MARKS:
        return MARKS[token]
    if token == "%":
        return rf"{PIECE}\s*%?"
    word = WORDS.get(token.rpartition(".")[2]) if before == "(" else None
    return rf"(?:(?:{word})\s*[:,]?\s*)?{PIECE}" if word else PIECE


def parts_of(field: str | None) -> tuple[str, ...]:
    """Return the fields that a column fills: its own, or those of its form."""
    form = form_of(field) if field and field not in FIELDS else None
    return form.fields if form else (field,) if field else ()


def likely_form(field: str, heading: str, texts: Sequence[str]) -> str | None:
    """Return the form that the cells of a column may have; None where they hold one figure each, or many forms.

    Args:
        field: The field that its heading names.
        heading: The heading.
        texts: Its cells, those with anything in them.
    """
    side, _, name = field.rpartition(".")
    for likely in LIKELY.get(name, ()):
        for words, other in OTHERWISE.items():
            if re.search(words, heading.replace("interquartile range", ""), re.IGNORECASE):
                likely = re.sub(r"\w+", lambda one, other=other: other.get(one[0], one[0]), likely)
        form = form_of(likely)
        pieces = [form.pieces(text) for text in texts]
        percent = likely != "events (%)" or any("%" in text for text in (heading, *texts))
        if percent and all(pieces) and any(all(one) for one in pieces):
            return f"{side}.{likely}" if side else likely
    return None


def example_of(text: str) -> str:
    """Return a form that a cell of several figures may have, as an example."""
    known = (*OF_COUNTS[:2], *OF_MEANS, *LIKELY["estimate"], "ci_low to ci_high", "ci_low - ci_high")
    return next((form for form in known if form_of(form).pieces(text)), "events/n (%)")


def take_apart(table: SourceTable, filled: Sequence[str | None]) -> tuple[SourceTable, dict[str, int]]:
    """Return a table in which each figure has a column, and the index of the column of each field.

    Args:
        table: The source.
        filled: The field or the form of each of its columns; None where it is left out.
    """
    forms = [form_of(field) if field and field not in FIELDS else None for field in filled]
    columns, fields, levels = [], {}, {}
    for column, field, form in zip(table.columns, filled, forms, strict=True):
        for name in form.fields if form else (field,):
            fields |= {name: len(columns)} if name else {}
            columns.append(column)
        if form:
            levels |= {form.level: len(columns)} if form.level else {}
            columns.append(column)
    if not any(forms):
        return table, fields
    rows = tuple(replace(row, cells=tuple(cells_apart(row, forms, filled))) for row in table.rows)
    said = {name: index for name, index in levels.items() if any(row.cells[index].text for row in rows)}
    return replace(table, columns=tuple(columns), rows=rows), said | fields


def cells_apart(row: SourceRow, forms: Sequence[Form | None], filled: Sequence[str | None]) -> list[Cell]:
    cells: list[Cell] = []
    for cell, form, text in zip(row.cells, forms, filled, strict=True):
        cells += cells_of(cell, form, text) if form else [cell]
    return cells


def cells_of(cell: Cell, form: Form, text: str) -> list[Cell]:
    """Return a cell for each figure of a form, and one for the level; the first says where the cell has another form.

    Args:
        cell: The cell as it stands.
        form: The form of its column.
        text: How a person wrote that form.
    """
    empty = [Cell("")] * len(form.fields)
    if cell.text == "NA" or not cell.text and not cell.problem:
        return [*empty, Cell("")]
    pieces = form.pieces(cell.text)
    if cell.problem or cell.spans or pieces is None:
        problem = cell.problem or (found(cell.text), f"Each cell of this column is of the form {text}")
        return [replace(cell, problem=problem), *empty]
    level = LEVEL.search(cell.text) if form.level else None
    return [*map(Cell, pieces), Cell(level_in(level) if level else "")]


def level_in(stated: re.Match[str]) -> str:
    """Return the level that a cell states, such as 95% CI, as the contract writes it."""
    return str(Decimal(stated[1]) / 100)
