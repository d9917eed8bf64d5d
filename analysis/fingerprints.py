"""Short hashes of what a run is made from, so that a number which moves can be told why."""

from datetime import datetime

from analysis.evidence.gathered import Evidence
from analysis.made_by import made_by, short_hash
from analysis.protocol.reading import Protocol
from analysis.results import Fingerprints


def fingerprints(evidence: Evidence, protocol: Protocol) -> Fingerprints:
    """Return the hashes of data, protocol (with its vocabulary) and code, and the versions of programs."""
    files = [(dataset.id, *((file.name, file.sha256) for file in dataset.files)) for dataset in evidence.datasets]
    code, versions = made_by()
    return Fingerprints(short_hash(repr(files)), short_hash(repr((protocol, evidence.codebook))), code, versions)


def name_run(started: datetime, made_from: Fingerprints) -> str:
    """Return the id of a run: when it started (UTC), and six digits that tell runs of one second apart."""
    digits = short_hash(f"{started.isoformat()} {made_from}")[:6]
    return f"{started:%Y%m%d-%H%M%S}-{digits}"
