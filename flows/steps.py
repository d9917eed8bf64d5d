"""The material of a review to a results document: what every way of running does, free of Prefect and the clock."""

from dataclasses import replace
from datetime import datetime

from analysis.attribution import attribute
from analysis.changes import changes_between
from analysis.fingerprints import fingerprints, name_run
from analysis.made_by import made_by
from analysis.plausibility import find_doubts, places_of
from analysis.protocol.judging import judge_claim
from analysis.protocol.multiplicity import adjust_for_claims
from analysis.protocol.reading import Protocol
from analysis.results import Change, ComparisonResult, Multiplicity, Run, Verdict
from analysis.synthesis import synthesise_group
from flows.answering import Spread, answer, answers, kept_from, keys_of, network_answers, questions_of
from flows.asked import Material
from flows.second_program import Ask


def synthesise(
    material: Material, previous: Run | None, started: datetime, recorded: bool, ask: Ask | None = None,
    spread: Spread = answer,
) -> Run:  # fmt: skip
    """Return the results document of a review.

    Results whose every part is as it was in the run that the material keeps are taken from there. What is of all
    comparisons together is made anew: doubts, verdicts, Holm's rule and changes.

    Args:
        material: The evidence and the protocol.
        previous: The run before, to carry verdict dates forward and to name what changed.
        started: When the run began, UTC; the only time in the document.
        recorded: Whether the run goes into the store.
        ask: Recomputes comparisons with a second program; None asks nobody.
        spread: Answers the comparisons, here or elsewhere.
    """
    doubts, kept = find_doubts(material.evidence), kept_from(material.kept)
    comparisons, networks = questions_of(material, places_of(doubts))
    keys = keys_of((*comparisons, *networks))
    results = answers(comparisons, keys[: len(comparisons)], kept, ask, spread)
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
        networks=network_answers(networks, keys[len(comparisons) :], kept),
        groups=tuple(synthesise_group(question, material.evidence) for question in material.protocol.groups),
        made_from=keys,
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
