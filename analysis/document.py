"""The results document as JSON text, and back: exact, and the same text for the same run."""

import functools
import json
from typing import TypeVar

import pydantic

from analysis.faults import Fault, InputError
from analysis.results import Run

Noun = TypeVar("Noun")
FAULTS_SHOWN = 20


@functools.cache
def adapter(noun: type) -> pydantic.TypeAdapter:
    """Return what reads and writes a noun; building one takes a tenth of a second."""
    return pydantic.TypeAdapter(noun)


def to_json(value: object) -> str:
    """Return a noun (most often a Run) as JSON text: fields in their order, floats to the last bit.

    Raises:
        ValueError: A float is NaN or infinite; JSON has no such number, and no result may be one.
    """
    plain = adapter(type(value)).dump_python(value, mode="json")
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


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
