"""The protocol of a review: its comparisons and claims, read after the evidence and checked against it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.codebook import Codebook
from analysis.faults import Fault
from analysis.protocol.claims import HOLM, read_claims
from analysis.protocol.comparisons import read_comparisons
from analysis.protocol.groups import GROUPS
from analysis.protocol.kinds import read_kind
from analysis.protocol.networks import NETWORKS
from analysis.results import About, Claim, Comparison, GroupQuestion, NetworkQuestion


@dataclass(frozen=True)
class Protocol:
    """What a review asks, and what it puts to the test."""

    about: About
    comparisons: tuple[Comparison, ...]
    claims: tuple[Claim, ...]
    holm: str = HOLM[0]  # whether a verdict must hold after Holm's rule over all claims
    networks: tuple[NetworkQuestion, ...] = ()
    groups: tuple[GroupQuestion, ...] = ()


def read_protocol(data: Path, codebook: Codebook | None) -> tuple[Protocol | None, list[Fault]]:
    """Return the protocol below a review's data folder, or None and every fault of its two files.

    Without a codebook nothing can be checked, and nothing is read.
    """
    if codebook is None:
        return None, []
    folder, where = data / "protocol", f"{data.name}/protocol"
    asked = folder / "comparisons.toml", f"{where}/comparisons.toml", codebook
    about, comparisons, faults = read_comparisons(*asked)
    networks, of_networks = read_kind(*asked, NETWORKS, ("comparison",))
    groups, of_groups = read_kind(*asked, GROUPS, ("comparison", "network"))
    faults += of_networks + of_groups
    directions = {code: outcome.better for code, outcome in codebook.outcomes.items()}
    claims, holm, found = read_claims(folder / "claims.toml", f"{where}/claims.toml", comparisons, directions)
    if faults:  # a claim may name a comparison that is there and faulty: that fault is said once, where it is
        found = [fault for fault in found if fault.column != "[claim.part] comparison"]
    every = faults + found
    return (None, every) if every else (Protocol(about, comparisons, claims, holm, networks, groups), [])
