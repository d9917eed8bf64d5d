"""What a run works on: the evidence of a review and its protocol, or every fault of both."""

from analysis.evidence.datasets import NONE_KNOWN, read_evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.faults import Fault, InputError
from analysis.made_by import hash_code
from analysis.protocol.reading import read_protocol
from analysis.results import ProtocolFile, Run
from flows.asked import Material
from flows.review import Review

PROTOCOL_FILES = ("comparisons.toml", "claims.toml", "vocabulary.toml")
HINT = "Nothing was changed. Check again with: trochlea check"


def read_material(review: Review, previous: Run | None = None, fresh: bool = False) -> Material:
    """Return the evidence and the protocol of a review.

    Args:
        review: Where its data lie.
        previous: The run before. A folder that this code read for it and whose files have the same hashes is not read
            again, and its results may be taken.
        fresh: Whether to read and compute everything all the same.

    Raises:
        InputError: Every fault of the vocabulary, of every dataset and of the protocol, at once.
    """
    codebook, faults = read_vocabulary(review.data)
    kept = previous if previous and not fresh and previous.fingerprints.code == hash_code() else None
    known = {dataset.id: dataset for dataset in kept.datasets} if kept else NONE_KNOWN
    evidence, found = read_evidence(review.data, codebook, known)
    protocol, more = read_protocol(review.data, codebook)
    every: list[Fault] = [*faults, *found, *more]
    if every:
        raise InputError(every, HINT)
    return Material(evidence, protocol, protocol_files(review), previous, kept)


def protocol_files(review: Review) -> tuple[ProtocolFile, ...]:
    """Return the text of each file of the protocol, which has just been read without a fault."""
    folder = review.data / "protocol"
    return tuple(ProtocolFile(name, (folder / name).read_text(encoding="utf-8-sig")) for name in PROTOCOL_FILES)
