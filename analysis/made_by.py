"""What makes a run: the present code and programs, as a short hash and versions; and the keys that results go by."""

import functools
import hashlib
import platform
import sys
from importlib.metadata import version
from pathlib import Path

PROGRAMS = ("trochlea", "numpy", "scipy", "statsmodels", "duckdb", "pydantic", "jinja2")
LENGTH = 12  # of a short hash, in hexadecimal digits
CODE = Path(__file__).parent
SOURCES = (".py", ".sql", ".html", ".svg", ".css", ".js", ".toml")


@functools.cache
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


def system_here() -> tuple[str, ...]:
    """Return what else numbers may hang on: another kind of processor may round otherwise."""
    return sys.platform, platform.machine()
