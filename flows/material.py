"""What a run works on: the evidence of a review and its protocol, or every fault of both."""

from collections.abc import Mapping

from analysis.evidence.datasets import NONE_KNOWN, read_evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.faults import Fault, InputError
from analysis.protocol.reading import read_protocol
from analysis.results import Dataset, ProtocolFile
from flows.asked import Material
from flows.review import Review

PROTOCOL_FILES = ("comparisons.toml", "claims.toml", "vocabulary.toml")
HINT = "Nothing was changed. Check again with: trochlea check"


def read_material(review: Review, known: Mapping[str, Dataset] = NONE_KNOWN) -> Material:
    """Return the evidence and the protocol of a review.

    Args:
        review: Where its data lie.
        known: Datasets read before, by id: a folder whose files have the same hashes is not read again.

    Raises:
        InputError: Every fault of the vocabulary, of every dataset and of the protocol, at once.
    """
    codebook, faults = read_vocabulary(review.data)
    evidence, found = read_evidence(review.data, codebook, known)
    protocol, more = read_protocol(review.data, codebook)
    every: list[Fault] = [*faults, *found, *more]
    if every:
        raise InputError(every, HINT)
    return Material(evidence, protocol, protocol_files(review))


def protocol_files(review: Review) -> tuple[ProtocolFile, ...]:
    """Return the text of each file of the protocol, which has just been read without a fault."""
    folder = review.data / "protocol"
    return tuple(ProtocolFile(name, (folder / name).read_text(encoding="utf-8-sig")) for name in PROTOCOL_FILES)
