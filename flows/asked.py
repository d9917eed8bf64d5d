"""What a run works on, as one noun; in a file of its own for the reason that analysis/evidence/gathered.py gives."""

from dataclasses import dataclass

from analysis.evidence.gathered import Evidence
from analysis.protocol.reading import Protocol
from analysis.results import ProtocolFile, Run


@dataclass(frozen=True)
class Material:
    """All that a run works on: the evidence, and what is asked of it."""

    evidence: Evidence
    protocol: Protocol
    files: tuple[ProtocolFile, ...] = ()  # comparisons.toml, claims.toml and vocabulary.toml as they were written
    previous: Run | None = None  # the run before
    kept: Run | None = None  # the run whose results may be taken; none when everything is to be computed
