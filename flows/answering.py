"""Questions of the protocol, each with all that its answer is made from: answered, or taken from the run before.

`answer` sees nothing of a review but the questions that it is given, so that equal questions have equal answers, and
so that questions may be answered in any number of lots, wherever. The hash of a question is the key of its answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.evidence.gathered import Evidence
from analysis.made_by import hash_code, key_of, made_by, system_here
from analysis.multiverse import explore_each, frame
from analysis.plausibility import Place, mark_doubts
from analysis.results import Claim, Comparison, ComparisonResult, NetworkQuestion, NetworkResult, Run
from analysis.synthesis import NOT_ASKED, Relevance, synthesise_comparison, synthesise_network
from flows.asked import Material
from flows.second_program import Ask

Answer = ComparisonResult | NetworkResult
Kept = Mapping[str, Answer]  # by key

FLOWS = Path(__file__).parent


@dataclass(frozen=True)
class Asked:
    """A question, and everything that its answer is made from beside code and programs.

    Args:
        question: An entry of the protocol.
        evidence: The part that is relevant; synthesis/relevant.py says why it is enough.
        doubted: Rows of it with a figure that looks implausible, which is seen from all studies together.
        claims: Those that are judged by it, in every branch of its multiverse.
    """

    question: Comparison | NetworkQuestion
    evidence: Evidence
    doubted: tuple[Place, ...] = ()
    claims: tuple[Claim, ...] = ()


Spread = Callable[[Sequence[Asked]], list[ComparisonResult]]  # `answer`, or what has its work done elsewhere


def questions_of(material: Material, doubted: frozenset[Place]) -> tuple[list[Asked], list[Asked]]:
    """Return the comparisons and the networks of a protocol, each with what its answer is made from."""
    relevance, claims = Relevance(material.evidence), material.protocol.claims
    comparisons = []
    for comparison in material.protocol.comparisons:
        part = relevance.to(comparison)
        places = {(row.ref.dataset, row.ref.table, row.ref.line) for row in (*part.arms, *part.contrasts)}
        judged = tuple(one for one in claims if any(held.comparison == comparison.id for held in one.parts))
        comparisons.append(Asked(comparison, part, tuple(sorted(doubted & places)), judged))
    return comparisons, [Asked(network, relevance.to(network)) for network in material.protocol.networks]


def keys_of(asked: Sequence[Asked]) -> tuple[str, ...]:
    """Return the key of each answer: the hash of its question, of code and of programs."""
    common = key_of(made_by(), hash_code(FLOWS), system_here())
    return tuple(key_of(common, one) for one in asked)


def kept_from(run: Run | None) -> Kept:
    """Return the answers of a run by their keys; none of a run that does not say what they were made from."""
    answers = (*run.comparisons, *run.networks) if run else ()
    keys = run.made_from if run and len(run.made_from) == len(answers) else ()
    return dict(zip(keys, answers, strict=False))


def answer(asked: Sequence[Asked]) -> list[ComparisonResult]:
    """Return the result of each comparison, with how it stands under every combination of choices.

    Those in one call are pooled together, which is quicker, and never change each other's figures.
    """
    results = [mark_doubts(synthesise_comparison(one.question, one.evidence), one.doubted) for one in asked]
    found = explore_each((result.comparison, one.evidence) for result, one in zip(results, asked, strict=True))
    return [
        replace(result, multiverse=frame(explored, result, one.claims)) if explored else result
        for result, explored, one in zip(results, found, asked, strict=True)
    ]


def answers(
    asked: Sequence[Asked], keys: Sequence[str], kept: Kept, ask: Ask | None, spread: Spread = answer
) -> list[ComparisonResult]:
    """Return the result of each comparison: the one kept under its key, else a new one.

    Args:
        asked: The comparisons.
        keys: Of each.
        kept: Results by key.
        ask: Recomputes comparisons with a second program, which is not asked again of those it was asked of before.
            None: nobody is asked, and no result says that somebody was.
        spread: Answers those that are not kept, here or elsewhere.
    """
    made = iter(spread([one for one, key in zip(asked, keys, strict=True) if key not in kept]))
    results = [kept[key] if key in kept else next(made) for key in keys]
    return with_opinions(results, ask) if ask else [replace(result, second_opinion=NOT_ASKED) for result in results]


def with_opinions(results: list[ComparisonResult], ask: Ask) -> list[ComparisonResult]:
    """Return results with the second opinion on each, those that have none asked for together."""
    opinions = iter(ask([result for result in results if result.second_opinion == NOT_ASKED]))
    return [
        replace(result, second_opinion=next(opinions)) if result.second_opinion == NOT_ASKED else result
        for result in results
    ]


def network_answers(asked: Sequence[Asked], keys: Sequence[str], kept: Kept) -> tuple[NetworkResult, ...]:
    """Return the result of each network: the one kept under its key, else a new one."""
    return tuple(
        kept[key] if key in kept else synthesise_network(one.question, one.evidence)
        for one, key in zip(asked, keys, strict=True)
    )
