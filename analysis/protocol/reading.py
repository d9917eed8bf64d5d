"""The protocol of a review: its comparisons and claims, read after the evidence and checked against it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.codebook import Codebook
from analysis.faults import Fault
from analysis.protocol.claims import HOLM, read_claims
from analysis.protocol.comparisons import read_comparisons
from analysis.protocol.networks import read_networks
from analysis.results import About, Claim, Comparison, NetworkQuestion


@dataclass(frozen=True)
class Protocol:
    """What a review asks, and what it puts to the test."""

    about: About
    comparisons: tuple[Comparison, ...]
    claims: tuple[Claim, ...]
    holm: str = HOLM[0]  # whether a verdict must hold after Holm's rule over all claims
    networks: tuple[NetworkQuestion, ...] = ()


def read_protocol(data: Path, codebook: Codebook | None) -> tuple[Protocol | None, list[Fault]]:
    """Return the protocol below a review's data folder, or None and every fault of its two files.

    Without a codebook nothing can be checked, and nothing is read.
    """
    if codebook is None:
        return None, []
    folder, where = data / "protocol", f"{data.name}/protocol"
    about, comparisons, faults = read_comparisons(folder / "comparisons.toml", f"{where}/comparisons.toml", codebook)
    networks, more = read_networks(folder / "comparisons.toml", f"{where}/comparisons.toml", codebook)
    faults += more
    directions = {code: outcome.better for code, outcome in codebook.outcomes.items()}
    claims, holm, found = read_claims(folder / "claims.toml", f"{where}/claims.toml", comparisons, directions)
    if faults:  # a claim may name a comparison that is there and faulty: that fault is said once, where it is
        found = [fault for fault in found if fault.column != "[claim.part] comparison"]
    every = faults + found
    return (None, every) if every else (Protocol(about, comparisons, claims, holm, networks), [])
