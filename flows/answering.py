"""Comparisons of the protocol, each with all that its answer is made from, answered in any number of lots, wherever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analysis.evidence.gathered import Evidence
from analysis.multiverse import explore_each, frame
from analysis.plausibility import mark_doubts
from analysis.results import Claim, Comparison, ComparisonResult, Doubt
from analysis.synthesis import synthesise_comparison
from flows.asked import Material


@dataclass(frozen=True)
class Asked:
    """A question, and everything that its answer is made from beside code and programs.

    Args:
        question: An entry of the protocol.
        evidence: All rows that may answer it; questions that share it are pickled with it once.
        doubts: What looks implausible in the evidence.
        claims: Those of the protocol, judged in every branch of its multiverse.
    """

    question: Comparison
    evidence: Evidence
    doubts: tuple[Doubt, ...] = ()
    claims: tuple[Claim, ...] = ()


Spread = Callable[[Sequence[Asked]], list[ComparisonResult]]  # `answer`, or what has its work done elsewhere


def questions_of(material: Material, doubts: tuple[Doubt, ...]) -> list[Asked]:
    """Return the comparisons of a protocol, each with what its answer is made from."""
    protocol = material.protocol
    return [Asked(comparison, material.evidence, doubts, protocol.claims) for comparison in protocol.comparisons]


def answer(asked: Sequence[Asked]) -> list[ComparisonResult]:
    """Return the result of each comparison, with how it stands under every combination of choices.

    Those in one call are pooled together, which is quicker, and never change each other's figures.
    """
    results = [mark_doubts(synthesise_comparison(one.question, one.evidence), one.doubts) for one in asked]
    found = explore_each((result.comparison, one.evidence) for result, one in zip(results, asked, strict=True))
    return [
        replace(result, multiverse=frame(explored, result, one.claims)) if explored else result
        for result, explored, one in zip(results, found, asked, strict=True)
    ]
