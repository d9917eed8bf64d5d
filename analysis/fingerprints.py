"""Short hashes of what a run is made from, so that a number which moves can be told why."""

import functools
import hashlib
import platform
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from analysis.evidence.gathered import Evidence
from analysis.protocol.reading import Protocol
from analysis.results import Fingerprints

PROGRAMS = ("trochlea", "numpy", "scipy", "statsmodels", "duckdb", "pydantic", "jinja2")
LENGTH = 12  # of a short hash, in hexadecimal digits
CODE = Path(__file__).parent
SOURCES = (".py", ".sql", ".html", ".svg", ".css", ".js", ".toml")


def fingerprints(evidence: Evidence, protocol: Protocol) -> Fingerprints:
    """Return the hashes of data, protocol (with its vocabulary) and code, and the versions of programs."""
    files = [(dataset.id, *((file.name, file.sha256) for file in dataset.files)) for dataset in evidence.datasets]
    code, versions = made_by()
    return Fingerprints(short_hash(repr(files)), short_hash(repr((protocol, evidence.codebook))), code, versions)


def made_by() -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the hash of the present code, and the present version of each program."""
    return hash_code(), (("python", platform.python_version()), *((name, version(name)) for name in PROGRAMS))


def short_hash(text: str) -> str:
    """Return the first digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def key_of(*parts: object) -> str:
    """Return the key under which what is made of these parts is kept: other parts, another key.

    Whole, not shortened, since what is kept under a key is taken without another look.
    """
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()


@functools.cache
def hash_code(folder: Path = CODE) -> str:
    """Return the hash of every source file of the analysis, or of another folder, by its place and bytes.

    As they are when a process asks first, which is soon after it read them: not as they may be edited while it works.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SOURCES)
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:LENGTH]


def made_here() -> tuple[str, ...]:
    """Return what else numbers may hang on: another kind of processor may round otherwise."""
    return sys.platform, platform.machine()


def name_run(started: datetime, made_from: Fingerprints) -> str:
    """Return the id of a run: when it started (UTC), and six digits that tell runs of one second apart."""
    digits = short_hash(f"{started.isoformat()} {made_from}")[:6]
    return f"{started:%Y%m%d-%H%M%S}-{digits}"
