"""What changed in the evidence: datasets that came, went or were rewritten, and the trials of a comparison."""

from collections.abc import Iterator
from dataclasses import replace

from analysis.changes.pair import Pair, cells_behind
from analysis.results import Change, ComparisonResult, Effect, Origin


def dataset_changes(pair: Pair) -> Iterator[Change]:
    """Give the datasets that came, went or have other bytes, each with every cell and key that differs."""
    before, now = ({dataset.id for dataset in run.datasets} for run in (pair.old, pair.new))
    for id, origins in pair.datasets.items():
        if id not in before:
            yield Change("evidence", id, "dataset-added", origins=origins)
        elif id not in now:
            yield Change("evidence", id, "dataset-removed", origins=origins)
        else:
            yield Change("evidence", id, "dataset-revised" if origins else "dataset-rewritten", origins=origins)


def trial_changes(
    pair: Pair, old: ComparisonResult, new: ComparisonResult, asked: tuple[Origin, ...]
) -> Iterator[Change]:
    """Give the trials of a comparison that came, went or have other figures, and the people gained or lost.

    Args:
        pair: The two runs.
        old: The comparison in the older run.
        new: The same in the newer one.
        asked: The lines of the protocol that differ for it: why trials come and go when no dataset differs.
    """
    id = new.comparison.id
    before, now = by_study(old), by_study(new)
    for study, effect in now.items():
        if study not in before:
            yield Change("evidence", id, "trial-added", None, study, origins=pair.data_behind(effect.refs) or asked)
        else:
            yield from revised(pair, id, before[study], effect, asked)
    for study in sorted(before.keys() - now.keys()):
        origins = pair.data_behind(before[study].refs) or asked
        yield Change("evidence", id, "trial-removed", study, None, origins=origins)
    if old.n_total != new.n_total:
        yield Change("evidence", id, "people", words(old.n_total), words(new.n_total))


def by_study(result: ComparisonResult) -> dict[str, Effect]:
    """Return an effect a study; of several, the first with the rows of all."""
    found: dict[str, Effect] = {}
    for effect in result.effects:
        first = found.get(effect.study)
        found[effect.study] = replace(first, refs=first.refs + effect.refs) if first else effect
    return found


def revised(pair: Pair, id: str, old: Effect, new: Effect, asked: tuple[Origin, ...]) -> Iterator[Change]:
    """Give a trial whose rows say something else, or that enters with other rows than before."""
    if places(old) == places(new) and not pair.data_behind(new.refs):
        return
    before, now = cells_behind(pair.old, old.refs), cells_behind(pair.new, new.refs)
    if before == now:
        return
    kept = cells_behind(pair.new, old.refs) == before
    what = "trial-other-rows" if kept else "trial-revised"
    yield Change("evidence", id, what, new.study, new.study, origins=pair.data_behind(new.refs) or asked)


def places(effect: Effect) -> set[tuple[str, str, int]]:
    return {(ref.dataset, ref.table, ref.line) for ref in effect.refs}


def words(count: int | None) -> str | None:
    return None if count is None else str(count)
