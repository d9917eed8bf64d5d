"""TOML files that people write: read against the fields they may hold, every fault with its line."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from analysis.faults import Fault, suggest

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
LONGEST = 2000
LARGEST = 1e9  # of a number in a declaration; no count of people and no scale is larger


@dataclass(frozen=True)
class Field:
    """One key: its name, the kind of value it takes, and what it means."""

    name: str
    kind: str  # a key of KINDS
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declared:
    """A TOML file as parsed, with the text that its lines are found in."""

    where: str
    text: str
    data: dict

    def line(self, section: str, number: int, key: str | None) -> int | None:
        """Return the line of a key in the number-th (from 0) table of that name; None when it is not written."""
        heading = re.compile(rf"\s*\[{{1,2}}\s*{re.escape(section)}\s*\]{{1,2}}\s*(#.*)?")
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]") if key else None
        seen, start = -1, None
        for count, line in enumerate(self.text.splitlines(), 1):
            if line.lstrip().startswith("["):
                seen += bool(heading.fullmatch(line))
                start = start or (count if seen == number and heading.fullmatch(line) else None)
            if wanted and (seen == number if section else seen == -1) and wanted.match(line):
                return count
        return start

    def fault(self, section: str, number: int, key: str | None, found: str, allowed: str) -> Fault:
        """Return a fault at a key of a table of this file."""
        name = f"[{section}] {key}" if section and key else f"[{section}]" if section else key
        return Fault(self.where, found, allowed, self.line(section, number, key), name)


def read_declared(path: Path, where: str) -> Declared | Fault:
    """Return the parsed file, or the one fault that keeps it from being read."""
    if path.exists() and not path.is_file() and not path.is_dir():  # a named pipe would never end
        return Fault(where, "no ordinary file", "A readable file is needed")
    try:
        return parse_declared(path.read_bytes().decode("utf-8-sig"), where)
    except FileNotFoundError:
        return Fault(where, "the file is missing", "It is needed")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Fault(where, f"byte {error.object[error.start]:#04x} is no UTF-8", "Save the file as UTF-8", line)
    except OSError as error:
        return Fault(where, f"it cannot be read: {error.strerror}", "A readable file is needed")


def parse_declared(text: str, where: str) -> Declared | Fault:
    """Return a TOML text as parsed, or the one fault that keeps it from being parsed."""
    try:
        return Declared(where, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return Fault(where, f"it is not TOML: {error}", 'Keys look like: title = "words"')
    except ValueError:  # thousands of digits, which Python does not turn into a number
        return Fault(where, "a number of thousands of digits", "Numbers are such as a paper could print")
    except RecursionError:
        return Fault(where, "it is nested too deeply", "Two levels are enough")


def read_fields(
    file: Declared, section: str, table: object, fields: tuple[Field, ...], number: int = 0
) -> tuple[dict, list[Fault]]:
    """Return the values of a table that are sound, by name, and the faults of the others.

    Args:
        file: The file that the table is in.
        section: Its heading, such as "source"; empty for the top of the file.
        table: What stands there; anything but a table is a fault.
        fields: The keys it may hold.
        number: Which table of that heading, from 0, where there are several.
    """
    if not isinstance(table, dict):
        return {}, [file.fault(section, number, None, f"{shown(table)}", f"[{section}] is a table of keys")]
    faults = unknown_keys(file, section, table, fields, number)
    values = {}
    for field in fields:
        if field.name not in table:
            if field.required:
                faults.append(file.fault(section, number, field.name, "it is missing", field.meaning))
            continue
        try:
            values[field.name] = KINDS[field.kind](table[field.name], field)
        except ValueError as error:
            faults.append(file.fault(section, number, field.name, f"found {shown(table[field.name])}", str(error)))
    return values, faults


def unknown_keys(file: Declared, section: str, table: dict, fields: tuple[Field, ...], number: int) -> list[Fault]:
    """Return a fault for each key that no field has, with the nearest that one has."""
    names = [field.name for field in fields]
    return [
        file.fault(section, number, key, "an unknown key", one_of(key, tuple(names)))
        for key in table
        if key not in names
    ]


def one_of(word: str, allowed: tuple[str, ...]) -> str:
    """Return what is allowed, the nearest known word first."""
    shortened = allowed if len(allowed) <= 20 else (*allowed[:20], f"... ({len(allowed)} in all)")
    return f"{suggest(word, allowed)}Use one of {', '.join(shortened)}"


def as_text(value: object, field: Field) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise ValueError(f"{field.meaning}: plain text of 1 to {LONGEST} characters, in quotes, on one line")
    return value.strip()


def as_cell(value: object, field: Field) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise ValueError(f"{field.meaning}: at most {LONGEST} characters on one line")
    return value


def as_id(value: object, field: Field) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError("An id has small letters, digits, points and hyphens, such as hott-2019")
    return value


def as_choice(value: object, field: Field) -> str:
    if value not in field.choices:
        raise ValueError(one_of(str(value), field.choices))
    return str(value)


def as_number(value: object, field: Field) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        raise ValueError(f"{field.meaning}: a number, without quotes")
    return float(value)


def as_integer(value: object, field: Field) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise ValueError(f"{field.meaning}: a whole number of at least 0, without quotes")
    return value


def as_level(value: object, field: Field) -> float:
    number = as_number(value, field)
    if not 0.5 <= number < 1:
        raise ValueError("A confidence level from 0.5 to below 1, such as 0.95")
    return number


def as_positive(value: object, field: Field) -> float:
    number = as_number(value, field)
    if number <= 0:
        raise ValueError(f"{field.meaning}: above 0")
    return number


def as_date(value: object, field: Field) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{field.meaning}: a date, without quotes, such as 2026-11-22")
    return value


def as_ids(value: object, field: Field) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'{field.meaning}: a list such as ["hip", "knee"]')
    return tuple(as_text(entry, field) for entry in value)


def as_choices(value: object, field: Field) -> tuple[str, ...]:
    return tuple(as_choice(entry, field) for entry in as_ids(value, field))


def as_numbers(value: object, field: Field) -> tuple[float, ...]:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ValueError(f"{field.meaning}: a number, or a list of numbers such as [-1.5, 1.5]")
    return tuple(as_number(entry, field) for entry in entries)


def as_span(value: object, field: Field) -> tuple[float, float]:
    ends = as_numbers(value, field)
    if len(ends) != 2 or ends[1] - ends[0] < 1 / LARGEST:
        raise ValueError(f"{field.meaning}: two numbers, the lower first, such as [0, 100]")
    return ends[0], ends[1]


def as_spans(value: object, field: Field) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not value or not all(isinstance(entry, list) for entry in value):
        raise ValueError(f"{field.meaning}: a list of spans such as [[1, 13], [1, 26]]")
    return tuple(as_span(entry, field) for entry in value)


def as_correlations(value: object, field: Field) -> tuple[float, ...]:
    numbers = as_numbers(value, field)
    if not all(-1 < number < 1 for number in numbers):
        raise ValueError(f"{field.meaning}: numbers between -1 and 1, such as [0.5, 0.7, 0.9]")
    return numbers


def as_table(value: object, field: Field) -> dict:
    if not isinstance(value, dict):
        raise ValueError(f"{field.meaning}: a table [{field.name}]")
    return value


def as_words(value: object, field: Field) -> tuple[tuple[str, str], ...]:
    pairs = value.items() if isinstance(value, dict) else ((0, 0),)
    words = [word for pair in pairs for word in pair]
    if not all(isinstance(word, str) and len(word) <= LONGEST and word.isprintable() for word in words):
        raise ValueError(f"{field.meaning}: a table of plain texts in quotes")
    return tuple(pairs)


def as_tables(value: object, field: Field) -> list[dict]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError(f"{field.meaning}: tables headed [[{field.name}]]")
    return value


def as_entries(value: object, field: Field) -> list[dict]:
    entries = [value] if isinstance(value, dict) else value
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{field.meaning}: a table [{field.name}], or several headed [[{field.name}]]")
    return entries


KINDS: dict[str, Callable[[object, Field], object]] = {
    "text": as_text,
    "cell": as_cell,
    "id": as_id,
    "choice": as_choice,
    "choices": as_choices,
    "number": as_number,
    "positive": as_positive,
    "integer": as_integer,
    "level": as_level,
    "date": as_date,
    "texts": as_ids,
    "numbers": as_numbers,
    "span": as_span,
    "spans": as_spans,
    "correlations": as_correlations,
    "table": as_table,
    "tables": as_tables,
    "entries": as_entries,
    "words": as_words,
}


def shown(value: object) -> str:
    """Return a value quoted and shortened, safe to print on one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
