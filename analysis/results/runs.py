"""A run: the results document, and what it was made from."""

from dataclasses import dataclass, field
from datetime import datetime

from analysis.results.changes import Change
from analysis.results.claims import Multiplicity, Verdict
from analysis.results.comparison import ComparisonResult
from analysis.results.doubts import Doubt
from analysis.results.evidence import Dataset
from analysis.results.group import GroupResult
from analysis.results.network import NetworkResult


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
class ProtocolFile:
    """A file of the protocol as it was written, so that a run can be traced to its lines and made again."""

    name: str  # "comparisons.toml", "claims.toml" or "vocabulary.toml"
    text: str


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
    doubts: tuple[Doubt, ...] = ()  # figures that look implausible
    protocol_files: tuple[ProtocolFile, ...] = ()  # none in runs recorded before they were kept
    networks: tuple[NetworkResult, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    multiplicity: Multiplicity | None = None  # none in runs recorded before it was looked at
    made_from: tuple[str, ...] = ()  # the hash of all that each comparison, then each network, was made from
