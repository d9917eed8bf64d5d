"""One cell of a table: text in, a value of its column's kind out, or a sentence that says why not."""

import re
from collections.abc import Callable, Sequence

from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import Column
from analysis.faults import suggest
from analysis.results import PValue

LONGEST = 2000
NUMBER = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"-?[0-9]{1,12}")
P_VALUE = re.compile(r"([<>=]?)\s*(0?\.[0-9]+|0|1|1\.0*|0\.0*|[0-9](\.[0-9]+)?[eE]-[0-9]{1,3})")
STATISTIC = re.compile(r"(t|z|F|chi-square)(\([0-9]+(\.[0-9]+)?(, ?[0-9]+(\.[0-9]+)?)?\))?")
MISSING = {"na", "n/a", "nan", "n.a.", "-", "--", ".", "?", "null", "none", "nr", "n.r.", "missing", "n.s.", "ns"}
BETWEEN_FIGURES = re.compile(  # 5/20 (25%), 12.3 \u00b1 4.5, 1.2 to 3.4, [1.0, 3.2]
    r"[(\[]?[-\u2212\u2013]?\s?[0-9.,]*[0-9]\s?%?\s*"
    r"([/(\[;\u00b1]|,\s|to\b|of\b|\+\s?/?\s?[-\u2212\u2013]|[-\u2013\u2014\u2212]\s?)",
    re.IGNORECASE,
)
LONGEST_OF_FIGURES = 60
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
A_DATE = re.compile(  # what spreadsheets make of 5-1 or 1/5
    r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{2,4}"
    rf"|[0-9]{{1,4}}[-. ]*({MONTHS})[a-z]*|({MONTHS})[a-z]*[-. ]*[0-9]{{1,4}}",
    re.IGNORECASE,
)
FOOTNOTED = re.compile(rf"(?:{NUMBER.pattern})\s?(?:[*\u2020\u2021\u00a7\u00b6#\u00b9\u00b2\u00b3]+|\^?[a-z])")
TYPOGRAPHIC = "\u2212\u2013\u2014\u2010\u2011"


class CellError(ValueError):
    """A cell that its column does not take."""

    def __init__(self, what: str, allowed: str):
        super().__init__(what)
        self.found = what
        self.allowed = allowed


def read_cell(column: Column, text: str, codebook: Codebook) -> object:
    """Return the value of a cell, None for an empty one.

    Raises:
        CellError: The text is no value of the column, with what was found and what is allowed.
    """
    text = text.strip()
    if not text:
        if column.required:
            raise CellError("the cell is empty", f"{column.name} is needed in every row")
        return None
    refuse_hostile(text)
    return READERS[column.kind](column, text, codebook)


def refuse_hostile(text: str) -> None:
    """Raise for what no printed table holds: formulas, control characters, endless text."""
    if len(text) > LONGEST:
        raise CellError(f"{len(text)} characters", f"A cell holds at most {LONGEST}")
    if text[:1] in ("=", "@"):
        raise CellError(f"{found(text)}, a formula", "Cells hold values, never formulas")
    if not text.isprintable():
        raise CellError("a character that cannot be printed", "Cells hold plain text on one line")


def any_hostile(texts: Sequence[str]) -> bool:
    """Say whether `refuse_hostile` would refuse any of many texts, at a glance."""
    return (not "".join(texts).isprintable() or any(text[:1] in ("=", "@") for text in texts)
            or max(map(len, texts), default=0) > LONGEST)


def read_text(column: Column, text: str, codebook: Codebook) -> str:
    return text


def read_number(column: Column, text: str, codebook: Codebook) -> float:
    if not NUMBER.fullmatch(text):
        raise CellError(*explain_number(text))
    value = float(text)
    if abs(value) > 1e300:
        raise CellError(found(text), f"{column.name} is a number that a paper could print")
    refuse_outside(column, value, text)
    return value


def read_integer(column: Column, text: str, codebook: Codebook) -> int:
    if not WHOLE.fullmatch(text):
        if NUMBER.fullmatch(text):
            raise CellError(found(text), f"{column.name} is a whole number")
        raise CellError(*explain_number(text))
    refuse_outside(column, int(text), text)
    return int(text)


def refuse_outside(column: Column, value: float, text: str) -> None:
    """Raise when a number leaves its column's bounds."""
    too_low = column.low is not None and (value < column.low or (column.open_low and value == column.low))
    if too_low or (column.high is not None and value > column.high):
        raise CellError(found(text), f"{column.name} is {bounds(column)}")


def bounds(column: Column) -> str:
    """Return the bounds of a column in words."""
    low = f"{'above' if column.open_low else 'at least'} {column.low:,.12g}" if column.low is not None else ""
    high = f"at most {column.high:,.12g}" if column.high is not None else ""
    return " and ".join(part for part in (low, high) if part)


def more_than_one(text: str) -> bool:
    """Return whether a cell looks like several figures, such as 5/20 (25%)."""
    first = BETWEEN_FIGURES.match(text) if len(text) <= LONGEST_OF_FIGURES else None
    return bool(first) and any(letter in "0123456789" for letter in text[first.end() :])


def explain_number(text: str) -> tuple[str, str]:
    """Return what was found in place of a number, and how to write it."""
    if text.lower() in MISSING:
        return found(text), "Leave the cell empty when the value is missing"
    if A_DATE.fullmatch(text):
        return f"{found(text)}, a date", "Spreadsheets make dates of figures: format the cell as text and type it again"
    if FOOTNOTED.fullmatch(text):
        return f"{found(text)}, with the mark of a footnote", "Write the number alone, and the footnote into note"
    if more_than_one(text):
        return f"{found(text)}, more than one figure", "Each figure stands in a column of its own, such as events and n"
    if any(mark in text for mark in TYPOGRAPHIC):
        return f"{found(text)}, with a typographic minus or dash", "Write the minus sign as the hyphen -"
    if "," in text:
        return f"{found(text)}, with a comma", "Decimals are written with a point, thousands without a mark"
    if text.endswith("%"):
        return f"{found(text)}, with a percent sign", "Write the number alone"
    return found(text), "Write one number, such as -3.5"


def read_choice(column: Column, text: str, codebook: Codebook) -> str:
    if text not in column.choices:
        raise CellError(found(text), one_of(column.name, text, column.choices))
    return text


def read_code(column: Column, text: str, codebook: Codebook) -> str:
    codes = codebook.codes(column.vocabulary)
    if text not in codes:
        raise CellError(found(text), one_of(column.name, text, codes, f"vocabulary.toml [{column.vocabulary}]"))
    return text


def read_p_value(column: Column, text: str, codebook: Codebook) -> PValue:
    match = P_VALUE.fullmatch(text)
    if not match:
        raise CellError(found(text), "Write P as printed: 0.012, <0.001 or >0.05; words go to note")
    return PValue(match[1] or "=", float(match[2]))


def read_statistic(column: Column, text: str, codebook: Codebook) -> str:
    if not STATISTIC.fullmatch(text):
        raise CellError(found(text), "Name the test statistic: t, z, F or chi-square, with its df as in F(1,38)")
    return text


READERS: dict[str, Callable[[Column, str, Codebook], object]] = {
    "text": read_text,
    "number": read_number,
    "integer": read_integer,
    "choice": read_choice,
    "code": read_code,
    "p_value": read_p_value,
    "statistic": read_statistic,
}


def one_of(name: str, text: str, allowed: tuple[str, ...], where: str = "") -> str:
    """Return what is allowed: all when few, else where they stand; the nearest known word first."""
    suggestion = suggest(text, allowed)
    if len(allowed) <= 12:
        return f"{suggestion}{name} is one of {', '.join(allowed)}"
    return f"{suggestion}{name} is one of the {len(allowed)} codes of {where}"


def found(text: str) -> str:
    """Return what was found: the text quoted and shortened, safe to print on one line."""
    short = text if len(text) <= 60 else f"{text[:57]}..."
    return f"found {short!r}"
