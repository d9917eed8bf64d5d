"""What changed in models beyond one mean: networks that came, went or moved, and numbers that moved for no reason."""

from collections.abc import Iterator
from dataclasses import fields

from analysis.changes.methods import made_from, programs
from analysis.changes.pair import Pair, said
from analysis.changes.places import COMPARISONS, place_of_entry, place_of_key
from analysis.results import Change, ComparisonResult, NetworkQuestion, NetworkResult, Origin

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
    before, now = ({result.question.id: result for result in run.networks} for run in (pair.old, pair.new))
    for id, result in now.items():
        if id in before:
            yield from one_network(pair, before[id], result)
        else:
            place = place_of_entry(pair.new_files, COMPARISONS, "network", id)
            yield Change("methods", id, "new-comparison", origins=(Origin(place.file, None, place.line, new=id),))
    for id in sorted(before.keys() - now.keys()):
        place = place_of_entry(pair.old_files, COMPARISONS, "network", id)
        yield Change("methods", id, "comparison-removed", origins=(Origin(place.file, None, place.line, old=id),))


def one_network(pair: Pair, old: NetworkResult, new: NetworkResult) -> Iterator[Change]:
    """Give what changed in a network of both runs; a move without a cause is drift."""
    settings = tuple(settings_of(pair, old.question, new.question))
    trials = tuple(trials_of(pair, old, new))
    yield from (*trials, *settings)
    refs = tuple(ref for result in (old, new) for trial in result.trials for one in trial.effects for ref in one.refs)
    explained = settings or trials or pair.data_behind(refs) or not pair.same_vocabulary_known() or pair.vocabulary
    if old.league != new.league and not explained:
        yield drifted(pair, new.question.id)


def settings_of(pair: Pair, old: NetworkQuestion, new: NetworkQuestion) -> Iterator[Change]:
    """Give each key of a network that the protocol says otherwise now, with its line."""
    for field in fields(NetworkQuestion):
        before, now = getattr(old, field.name), getattr(new, field.name)
        if before == now:
            continue
        line = place_of_key(pair.new_files, "network", new.id, field.name)
        yield Change("methods", new.id, "setting", f"{field.name} = {said(before)}", f"{field.name} = {said(now)}",
                     origins=(Origin(COMPARISONS, None, line, field.name, said(before), said(now)),))  # fmt: skip


def trials_of(pair: Pair, old: NetworkResult, new: NetworkResult) -> Iterator[Change]:
    """Give the trials of a network that came, went or have other figures."""
    before, now = ({trial.study: trial for trial in result.trials} for result in (old, new))
    for study in dict.fromkeys([*now, *before]):
        if before.get(study) == now.get(study):
            continue
        came, went = study not in before, study not in now
        what = "trial-added" if came else "trial-removed" if went else "trial-revised"
        refs = tuple(ref for effect in (now.get(study) or before[study]).effects for ref in effect.refs)
        yield Change("evidence", new.question.id, what, None if came else study, None if went else study,
                     origins=pair.data_behind(refs))  # fmt: skip
