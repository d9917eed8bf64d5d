"""Everything that changed between two runs, each change with where it came from."""

from collections.abc import Iterable, Iterator

from analysis.changes.answers import answer_changes, drift, moved, verdict_changes
from analysis.changes.evidence import dataset_changes, trial_changes
from analysis.changes.methods import (
    claim_came,
    claim_changes,
    claim_went,
    comparison_came,
    comparison_went,
    holm_changes,
    review_changes,
    setting_changes,
    version_changes,
    vocabulary_changes,
)
from analysis.changes.models import group_changes, model_drift, network_changes
from analysis.changes.pair import Pair, pair_of
from analysis.changes.words import in_order_of_weight
from analysis.results import Change, ComparisonResult, Origin, Run, Verdict


def changes_between(old: Run, new: Run) -> tuple[Change, ...]:
    """Return what changed from one run to another, the weightiest kind first.

    What part of a move came from data and what from method is told by `analysis.attribution`.
    """
    pair = pair_of(old, new)
    found = tuple(comparisons(pair))
    sources = (*dataset_changes(pair), *vocabulary_changes(pair), *version_changes(pair))
    others = (*network_changes(pair), *group_changes(pair), *review_changes(pair), *holm_changes(pair), *sources)
    return in_order_of_weight([*verdicts(pair, found), *found, *others])


def verdicts(pair: Pair, found: tuple[Change, ...]) -> Iterator[Change]:
    """Give the claims that came, went, were put otherwise or came out otherwise."""
    before, now = ({verdict.claim.id: verdict for verdict in run.verdicts} for run in (pair.old, pair.new))
    for id, verdict in now.items():
        if id not in before:
            yield claim_came(pair, id, verdict.verdict)
            continue
        put = tuple(claim_changes(pair, before[id].claim, verdict.claim))
        asked = {part.part.comparison for part in verdict.parts}
        yield from put
        causes = (*put, *(change for change in found if change.subject in asked))
        origins = (*origins_of(causes), *published_behind(pair, asked))
        if taken_by_holm(before[id]) or taken_by_holm(verdict):
            origins = (*origins, *origins_of(holm_changes(pair)))
        yield from verdict_changes(pair, before[id], verdict, tuple(dict.fromkeys(origins)))
    for id in sorted(before.keys() - now.keys()):
        yield claim_went(pair, id, before[id].verdict)


def taken_by_holm(verdict: Verdict) -> bool:
    """Say whether a part of a claim is not settled for no other reason than Holm's rule."""
    return any(part.reason == "not-after-holm" for part in verdict.parts)


def published_behind(pair: Pair, asked: set[str]) -> tuple[Origin, ...]:
    """Return what differs in the published poolings beside some comparisons, which claims may be judged by."""
    results = (result for run in (pair.old, pair.new) for result in run.comparisons if result.comparison.id in asked)
    rows = {row.ref for result in results for row in result.published}
    places = {(ref.dataset, f"{ref.table}.csv", ref.line) for ref in rows}
    differing = pair.data_behind(tuple(sorted(rows, key=lambda ref: (ref.dataset, ref.line))))
    return tuple(origin for origin in differing if (origin.dataset, origin.file, origin.line) in places)


def comparisons(pair: Pair) -> Iterator[Change]:
    """Give what changed in each comparison: answers, trials, settings, and numbers that drifted."""
    before, now = ({result.comparison.id: result for result in run.comparisons} for run in (pair.old, pair.new))
    for id, result in now.items():
        if id in before:
            yield from comparison_changes(pair, before[id], result)
        else:
            yield comparison_came(pair, id)
    for id in sorted(before.keys() - now.keys()):
        yield comparison_went(pair, id)


def comparison_changes(pair: Pair, old: ComparisonResult, new: ComparisonResult) -> Iterator[Change]:
    """Give what changed in one comparison of both runs.

    An estimate that moved is no drift when rows, settings or meanings behind it differ: then the move is theirs.
    """
    settings = tuple(setting_changes(pair, old.comparison, new.comparison))
    meanings = pair.words_behind(new.comparison, old.effects + new.effects)
    asked = origins_of(settings) + meanings
    trials = tuple(trial_changes(pair, old, new, asked))
    data = data_behind(pair, old, new, trials)
    origins = tuple(dict.fromkeys((*origins_of(trials), *data, *asked)))
    answers = tuple(answer_changes(old, new, origins))
    yield from (*answers, *trials, *settings)
    if data:
        yield from () if answers else moved("evidence", old, new, origins)
    elif settings or meanings or not pair.same_vocabulary_known():
        yield from () if answers else moved("methods", old, new, origins)
    else:
        yield from drift(pair, old, new)
        yield from model_drift(pair, old, new)


def data_behind(
    pair: Pair, old: ComparisonResult, new: ComparisonResult, trials: tuple[Change, ...]
) -> tuple[Origin, ...]:
    """Return what differs in the data that an estimate is made from: rows of its trials, keys of their metadata.

    A dataset with a change elsewhere, in a row of another question, moves nothing here.
    """
    refs = tuple(ref for effect in old.effects + new.effects for ref in effect.refs)
    behind = pair.data_behind(refs)
    return behind if trials else tuple(origin for origin in behind if origin.file == "metadata.toml")


def origins_of(changes: Iterable[Change]) -> tuple[Origin, ...]:
    """Return where changes came from, each place once."""
    return tuple(dict.fromkeys(origin for change in changes for origin in change.origins))
