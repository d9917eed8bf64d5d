"""What must be equal on two machines for their numbers to be the same to the last bit."""

import functools
from importlib.metadata import version
from pathlib import Path

import numpy as np

from analysis.made_by import hash_code, made_by, system_here

FLOWS = Path(__file__).parents[1]
CARRIERS = ("pandas", "prefect", "prefect-dask", "distributed")  # what work and results travel by

Made = tuple[tuple[str, str], ...]


@functools.cache
def made_here() -> Made:
    """Return all that must be equal, by name: code, programs, and what NumPy knows of the processor.

    As a process finds it when it asks first, soon after it imported the code: a file edited later is not what runs.
    """
    code, programs = made_by()
    extensions = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return (
        ("Trochlea's code", f"{code}-{hash_code(FLOWS)}"),
        *programs,
        *((name, version(name)) for name in CARRIERS),
        ("processor", " ".join((*system_here(), *extensions))),
    )


def differences(there: Made, here: Made) -> list[str]:
    """Return what is not equal, in words."""
    theirs, ours = dict(there), dict(here)
    names = dict.fromkeys((*ours, *theirs))
    return [
        f"{name} is {theirs.get(name, 'missing')}, here it is {ours.get(name, 'missing')}"
        for name in names
        if theirs.get(name) != ours.get(name)
    ]
