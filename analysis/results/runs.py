"""A run: the results document, and what changed since the one before."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from analysis.results.claims import Verdict
from analysis.results.comparison import ComparisonResult
from analysis.results.evidence import Dataset


@dataclass(frozen=True)
class Change:
    """One thing that differs from the run before. Kinds in order of weight."""

    kind: Literal["verdict", "answer", "evidence", "methods", "drift"]
    subject: str  # the id of a claim, a comparison or a dataset
    what: str  # a key of changes.WORDS
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Fingerprints:
    """Short hashes of what a run was made from: equal fingerprints must give equal numbers."""

    data: str
    protocol: str
    code: str
    versions: tuple[tuple[str, str], ...]  # (name, version): python, numpy, scipy, ...


@dataclass(frozen=True)
class Vocabulary:
    """The labels a report needs: (code, label) of outcomes, instruments and treatments."""

    outcomes: tuple[tuple[str, str], ...] = ()
    instruments: tuple[tuple[str, str], ...] = ()
    treatments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class About:
    """What a review is about: [review] of comparisons.toml."""

    title: str
    question: str


@dataclass(frozen=True)
class Run:
    """The results document: all that a run found, and all that its report draws."""

    id: str
    started: datetime  # UTC
    recorded: bool  # False for a preview
    fingerprints: Fingerprints
    comparisons: tuple[ComparisonResult, ...]
    verdicts: tuple[Verdict, ...]
    datasets: tuple[Dataset, ...]
    labels: Vocabulary
    about: About
    previous: str | None = None  # id of the run compared with
    previous_started: datetime | None = None
    changes: tuple[Change, ...] = field(default=())
