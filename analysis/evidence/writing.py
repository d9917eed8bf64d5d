"""Text that the readers of a review read back as it was: TOML and CSV."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

BARE = re.compile(r"[A-Za-z0-9_-]+")
Value = str | int | float | date | Sequence[str | float]


def toml(sections: Iterable[tuple[str, Mapping[str, Value]]]) -> str:
    """Return sections as TOML, an empty line between two.

    Args:
        sections: Headings as they stand, such as "[source]" or "[[arms]]", each with its keys; the keys of the top of
            the file have an empty heading.
    """
    blocks = [
        "\n".join(
            [
                *([heading] if heading else []),
                *(f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()),
            ]
        )
        for heading, table in sections
    ]
    return "\n\n".join(blocks) + "\n"


def toml_key(key: str) -> str:
    return key if BARE.fullmatch(key) else toml_text(key)


def toml_value(value: Value) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return f"[{', '.join(map(toml_value, value))}]"


def toml_text(text: str) -> str:
    """Return text in quotes; nothing in it can end them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in escaped) + '"'


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV, commas between cells and one line a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
