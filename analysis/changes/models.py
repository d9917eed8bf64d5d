"""What changed in models beyond one mean and in questions of other kinds: what came, went, or moved for no reason."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from analysis.changes.methods import made_from, programs
from analysis.changes.pair import Pair, said
from analysis.changes.places import COMPARISONS, place_of_entry, place_of_key
from analysis.results import (
    Change,
    ComparisonResult,
    Effect,
    GroupEffect,
    GroupQuestion,
    GroupResult,
    NetworkQuestion,
    NetworkResult,
    Origin,
)

Result = NetworkResult | GroupResult
Asked = NetworkQuestion | GroupQuestion
Studies = Mapping[str, tuple[Effect | GroupEffect, ...]]  # by id, what each study shows
BEYOND = ("regression", "subgroups", "within")


def model_drift(pair: Pair, old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give a model that moved although trials and protocol are the same, where its average did not move with it."""
    moved = any(getattr(old, name) != getattr(new, name) for name in BEYOND)
    if moved and old.pooled == new.pooled:
        yield drifted(pair, new.comparison.id)


def drifted(pair: Pair, subject: str) -> Change:
    """Return the drift of a model: named with the code or programs that differ, or with all that is equal."""
    differing = programs(pair.old, pair.new)
    if differing:
        return Change("drift", subject, "model-moved-with-code", origins=differing)
    equal = tuple(one for one in made_from(pair.old, pair.new) if one.old == one.new)
    return Change("drift", subject, "model-moved", origins=equal)


def network_changes(pair: Pair) -> Iterator[Change]:
    """Give what changed in each network: it came or went, its settings, its trials, its numbers."""
    yield from question_changes(pair, "network", pair.old.networks, pair.new.networks, one_network)


def group_changes(pair: Pair) -> Iterator[Change]:
    """Give what changed in each question on one group: it came or went, its settings, its studies, its numbers."""
    yield from question_changes(pair, "group", pair.old.groups, pair.new.groups, one_group)


def question_changes(
    pair: Pair, heading: str, old: tuple[Result, ...], new: tuple[Result, ...],
    changes_of: Callable[[Pair, Result, Result], Iterator[Change]],
) -> Iterator[Change]:  # fmt: skip
    """Give the questions under a heading that came or went, and what changed in the others."""
    before, now = ({result.question.id: result for result in results} for results in (old, new))
    for id, result in now.items():
        if id in before:
            yield from changes_of(pair, before[id], result)
        else:
            place = place_of_entry(pair.new_files, COMPARISONS, heading, id)
            yield Change("methods", id, "new-question", origins=(Origin(place.file, None, place.line, new=id),))
    for id in sorted(before.keys() - now.keys()):
        place = place_of_entry(pair.old_files, COMPARISONS, heading, id)
        yield Change("methods", id, "question-removed", origins=(Origin(place.file, None, place.line, old=id),))


def one_network(pair: Pair, old: NetworkResult, new: NetworkResult) -> Iterator[Change]:
    """Give what changed in a network of both runs; a move without a cause is drift."""
    before, now = ({trial.study: trial.effects for trial in result.trials} for result in (old, new))
    yield from one_question(pair, "network", (old, new), (before, now), old.league != new.league)


def one_group(pair: Pair, old: GroupResult, new: GroupResult) -> Iterator[Change]:
    """Give what changed in a question on one group of both runs; a move without a cause is drift."""
    before, now = ({effect.study: (effect,) for effect in result.effects} for result in (old, new))
    moved = (old.pooled, old.choices) != (new.pooled, new.choices)
    yield from one_question(pair, "group", (old, new), (before, now), moved)


def one_question(
    pair: Pair, heading: str, results: tuple[Result, Result], studies: tuple[Studies, Studies], moved: bool
) -> Iterator[Change]:
    """Give what changed in a question of both runs: settings and studies; a move without a cause is drift."""
    old, new = (result.question for result in results)
    settings = tuple(settings_of(pair, heading, old, new))
    came = tuple(studies_of(pair, new.id, *studies))
    yield from (*came, *settings)
    refs = tuple(ref for found in studies for effects in found.values() for one in effects for ref in one.refs)
    explained = settings or came or pair.data_behind(refs) or not pair.same_vocabulary_known() or pair.vocabulary
    if moved and not explained:
        yield drifted(pair, new.id)


def settings_of(pair: Pair, heading: str, old: Asked, new: Asked) -> Iterator[Change]:
    """Give each key of a question that the protocol says otherwise now, with its line."""
    for field in fields(new):
        before, now = getattr(old, field.name), getattr(new, field.name)
        if before == now:
            continue
        line = place_of_key(pair.new_files, heading, new.id, field.name)
        yield Change("methods", new.id, "setting", f"{field.name} = {said(before)}", f"{field.name} = {said(now)}",
                     origins=(Origin(COMPARISONS, None, line, field.name, said(before), said(now)),))  # fmt: skip


def studies_of(pair: Pair, subject: str, before: Studies, now: Studies) -> Iterator[Change]:
    """Give the studies of a question that came, went or have other figures."""
    for study in dict.fromkeys([*now, *before]):
        if before.get(study) == now.get(study):
            continue
        came, went = study not in before, study not in now
        what = "trial-added" if came else "trial-removed" if went else "trial-revised"
        refs = tuple(ref for effect in (now.get(study) or before[study]) for ref in effect.refs)
        yield Change("evidence", subject, what, None if came else study, None if went else study,
                     origins=pair.data_behind(refs))  # fmt: skip
