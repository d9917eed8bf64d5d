"""Figures as spreadsheets and papers write them, to figures as the contract has them; or a sentence that says why not.

Nothing is read that could be two numbers: 1,234 stays a question until somebody says what its comma is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.evidence.cells import NUMBER, CellError, explain_number, found, more_than_one
from analysis.importing.parts import example_of

MARKS = ("comma", "point")
MINUS = re.compile(r"[\u2212\u2013\u2010\u2011](?=\s?[0-9.,])\s?")
DECIMAL_COMMA = re.compile(r"-?[0-9]*,[0-9]+([eE][+-]?[0-9]{1,3})?")
POINTS_THEN_COMMA = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
COMMAS_THEN_POINT = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+")
THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")
EITHER = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")  # a thousand and more, or one and a fraction
POINTED = re.compile(r"-?[1-9][0-9]{0,2}(\.000)+")  # 20.000 people are twenty, or twenty thousand
ZEROS = re.compile(r"(-?[0-9]+)\.0+")
P_WORD = re.compile(r"[pP]\s*(?=[<>=])")
COMMA_FIX = "a decimal comma: add --decimal comma; a mark of thousands: add --thousands comma"
READ_AS_MISSING = ("na",)  # what R writes where a cell has no value


@dataclass
class Style:
    """How a source writes its figures, and a count of what was rewritten on the way."""

    decimal: str = "point"
    thousands: str | None = None
    missing: frozenset[str] = frozenset()
    rewritten: Counter = field(default_factory=Counter)


def style_of(settings: Mapping[str, str], missing: Iterable[str], texts: Iterable[str]) -> Style:
    """Return how a source writes its figures: as a person said, or by decimal commas that can be nothing else."""
    words = frozenset({*READ_AS_MISSING, *(word.casefold() for word in missing)})
    decimal = settings.get("decimal") or ("comma" if surely_decimal_commas(list(texts)) else "point")
    style = Style(decimal, settings.get("thousands"), words)
    return style


def surely_decimal_commas(texts: list[str]) -> bool:
    """Return whether figures have commas that part decimals: some can be nothing else, and none could be thousands."""
    plain = [MINUS.sub("-", text) for text in texts]
    commas = [text for text in plain if DECIMAL_COMMA.fullmatch(text)]
    others = any("." in text and re.search("[0-9]", text) for text in plain)
    return bool(commas) and not others and not any(EITHER.fullmatch(text) for text in commas)


def read_figure(text: str, style: Style, whole: bool) -> str:
    """Return a figure as the contract writes it; empty where it is missing.

    Raises:
        CellError: It is no figure, or could be two.
    """
    if text.casefold() in style.missing:
        style.rewritten[f"{text!r} was read as missing"] += 1
        return ""
    plain = MINUS.sub("-", text)
    if plain != text:
        style.rewritten["a dash before a figure was read as a minus sign"] += 1
    plain = without_marks(plain, style)
    if whole and POINTED.fullmatch(plain):
        raise CellError(found(text), "The point parts decimals or thousands: write a whole number without it")
    if whole and ZEROS.fullmatch(plain):
        plain = ZEROS.fullmatch(plain)[1]
    if plain and not NUMBER.fullmatch(plain):
        raise CellError(*explain(text))
    return plain


def without_marks(text: str, style: Style) -> str:
    """Return a figure with a decimal point and no mark of thousands."""
    if "," not in text and not (style.decimal == "comma" and "." in text):
        return text
    if style.decimal == "comma":
        if POINTS_THEN_COMMA.fullmatch(text):
            style.rewritten["a point was read as a mark of thousands"] += 1
            return text.replace(".", "").replace(",", ".")
        if DECIMAL_COMMA.fullmatch(text):
            style.rewritten["a comma was read as a decimal point"] += 1
            return text.replace(",", ".")
        raise CellError(found(text), "Decimals have a comma in this file; a point could be a mark of thousands")
    if COMMAS_THEN_POINT.fullmatch(text) or (style.thousands == "comma" and THOUSANDS.fullmatch(text)):
        style.rewritten["a comma was read as a mark of thousands"] += 1
        return text.replace(",", "")
    return text


def explain(text: str) -> tuple[str, str]:
    """Return what was found in place of a figure, and how a source can have it."""
    what, allowed = explain_number(text)
    if more_than_one(text):
        return what, f"Cells that share a form are taken apart by it, such as --map 'COLUMN={example_of(text)}'"
    if "," in text and re.search("[0-9]", text):
        return what, f"If it is {COMMA_FIX}"
    if re.fullmatch(r"[-\u2013\u2014]+|[A-Za-z.?/ ]{1,20}", text):
        return found(text), f"A figure, or an empty cell; if it stands for missing, add --missing {text!r}"
    return what, allowed


def read_p(text: str, style: Style) -> str:
    """Return a P value as the contract writes it; empty where it is missing."""
    if text.casefold() in style.missing:
        style.rewritten[f"{text!r} was read as missing"] += 1
        return ""
    bare = P_WORD.sub("", text)
    relation = bare[:1] if bare[:1] in "<>" else ""
    rest = bare.removeprefix(relation or "=").strip()
    if style.decimal == "comma" and DECIMAL_COMMA.fullmatch(rest):
        style.rewritten["a comma was read as a decimal point"] += 1
        rest = rest.replace(",", ".")
    return f"{relation}{rest}"
