"""The results document as JSON text, and back: exact, and the same text for the same run.

A dataset or a result of thousands that did not change is not written out again: its text is kept on it, as a cached
property would be, and goes into the document of the run as it is. Nouns are frozen, so that it stays true.
"""

import functools
import hashlib
import json
from dataclasses import replace
from typing import TypeVar

import pydantic

from analysis.faults import Fault, InputError
from analysis.results import Run

Noun = TypeVar("Noun")
FAULTS_SHOWN = 20
PARTS = ("comparisons", "datasets")  # of a Run: what may be thousands
TEXT, FINGERPRINT = "kept text", "kept fingerprint"  # no names of fields, so that nothing else is told by them


@functools.cache
def adapter(noun: type) -> pydantic.TypeAdapter:
    """Return what reads and writes a noun; building one takes a tenth of a second."""
    return pydantic.TypeAdapter(noun)


def to_json(value: object) -> str:
    """Return a noun (most often a Run) as JSON text: fields in their order, floats to the last bit.

    Raises:
        ValueError: A float is NaN or infinite; JSON has no such number, and no result may be one.
    """
    if not isinstance(value, Run):
        return written(adapter(type(value)).dump_python(value, mode="json"))
    parts = {name: f"[{','.join(map(text_of, getattr(value, name)))}]" for name in PARTS}
    bare = adapter(Run).dump_python(replace(value, **dict.fromkeys(PARTS, ())), mode="json")
    fields = (f"{written(name)}:{parts.get(name) or written(field)}" for name, field in bare.items())
    return f"{{{','.join(fields)}}}"


def written(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def text_of(noun: object) -> str:
    """Return a noun as JSON text, written out when it is asked for first."""
    kept = vars(noun)
    if TEXT not in kept:
        kept[TEXT] = to_json(noun)
    return kept[TEXT]


def fingerprint_of(noun: object) -> str:
    """Return the SHA-256 of a noun as JSON text."""
    kept = vars(noun)
    if FINGERPRINT not in kept:
        kept[FINGERPRINT] = hashlib.sha256(text_of(noun).encode()).hexdigest()
    return kept[FINGERPRINT]


def remembered(text: str, noun: type[Noun]) -> Noun:
    """Return a noun that keeps the text that this version of Trochlea wrote it as."""
    found = from_json(text, noun)
    vars(found)[TEXT] = text
    return found


def from_json(text: str, noun: type[Noun] = Run) -> Noun:
    """Return the noun that `to_json` wrote.

    Raises:
        InputError: The text is no such document, or one of another version of Trochlea.
    """
    try:
        return adapter(noun).validate_json(text)
    except pydantic.ValidationError as error:
        raise InputError(document_faults(error, noun), "Draw it with the version that wrote it.") from None


def document_faults(error: pydantic.ValidationError, noun: type) -> list[Fault]:
    found = error.errors(include_url=False, include_context=False, include_input=False)[:FAULTS_SHOWN]
    return [
        Fault(f"the stored {noun.__name__}", fault["msg"], "It is as this version of Trochlea writes it",
              column=".".join(str(step) for step in fault["loc"]) or None)
        for fault in found
    ]
