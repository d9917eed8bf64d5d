"""The material of a review to a results document: what every way of running does, free of Prefect and the clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from analysis.attribution import attribute
from analysis.changes import changes_between
from analysis.fingerprints import fingerprints, made_by, name_run
from analysis.plausibility import find_doubts
from analysis.protocol.judging import judge_claim
from analysis.protocol.multiplicity import adjust_for_claims
from analysis.protocol.reading import Protocol
from analysis.results import Change, ComparisonResult, Multiplicity, Run, SecondOpinion, Verdict
from analysis.synthesis import synthesise_network
from flows.answering import Spread, answer, questions_of
from flows.asked import Material

Ask = Callable[[ComparisonResult], SecondOpinion]


def synthesise(
    material: Material, previous: Run | None, started: datetime, recorded: bool, ask: Ask | None = None,
    spread: Spread = answer,
) -> Run:  # fmt: skip
    """Return the results document of a review.

    Args:
        material: The evidence and the protocol.
        previous: The run before, to carry verdict dates forward and to name what changed.
        started: When the run began, UTC; the only time in the document.
        recorded: Whether the run goes into the store.
        ask: Recomputes a comparison with a second program; None asks nobody.
        spread: Answers the comparisons, here or elsewhere.
    """
    doubts = find_doubts(material.evidence)
    results = spread(questions_of(material, doubts))
    if ask is not None:
        results = [replace(result, second_opinion=ask(result)) for result in results]
    networks = tuple(synthesise_network(question, material.evidence) for question in material.protocol.networks)
    made_from = fingerprints(material.evidence, material.protocol)
    verdicts, multiplicity = judge_all(material.protocol, results, started, previous)
    run = Run(
        id=name_run(started, made_from),
        started=started,
        recorded=recorded,
        fingerprints=made_from,
        comparisons=tuple(results),
        verdicts=verdicts,
        multiplicity=multiplicity,
        datasets=material.evidence.datasets,
        labels=material.evidence.codebook.labels(),
        about=material.protocol.about,
        previous=previous.id if previous else None,
        previous_started=previous.started if previous else None,
        doubts=doubts,
        protocol_files=material.files,
        networks=networks,
    )
    return replace(run, changes=explained_changes(previous, run)) if previous else run


def explained_changes(old: Run, new: Run) -> tuple[Change, ...]:
    """Return what changed between any two runs, the parts of each move told where they can be."""
    return attribute(old, new, changes_between(old, new), made_by())


def judge_all(
    protocol: Protocol, results: list[ComparisonResult], started: datetime, previous: Run | None
) -> tuple[tuple[Verdict, ...], Multiplicity]:
    """Return the verdict on each claim, in the order of claims.toml, and how many tests they rest on."""
    by_id = {result.comparison.id: result for result in results}
    earlier = {verdict.claim.id: verdict for verdict in previous.verdicts} if previous else {}
    today = started.date()
    alone = [judge_claim(claim, by_id, today, earlier.get(claim.id)) for claim in protocol.claims]
    return adjust_for_claims(alone, by_id, protocol.holm, today, earlier)
