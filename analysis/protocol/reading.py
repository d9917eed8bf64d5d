"""The protocol of a review: its comparisons and claims, read after the evidence and checked against it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.codebook import Codebook
from analysis.faults import Fault
from analysis.protocol.claims import read_claims
from analysis.protocol.comparisons import read_comparisons
from analysis.results import Claim, Comparison


@dataclass(frozen=True)
class Protocol:
    """What a review asks, and what it puts to the test."""

    comparisons: tuple[Comparison, ...]
    claims: tuple[Claim, ...]


def read_protocol(data: Path, codebook: Codebook) -> tuple[Protocol | None, list[Fault]]:
    """Return the protocol below a review's data folder, or None and every fault of its two files."""
    folder, where = data / "protocol", f"{data.name}/protocol"
    comparisons, faults = read_comparisons(folder / "comparisons.toml", f"{where}/comparisons.toml", codebook)
    directions = {code: outcome.better for code, outcome in codebook.outcomes.items()}
    claims, found = read_claims(folder / "claims.toml", f"{where}/claims.toml", comparisons, directions)
    faults += found
    return (None, faults) if faults else (Protocol(comparisons, claims), [])
