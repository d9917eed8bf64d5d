"""A run cut down to some of its comparisons, with the claims, sources and changes that belong to them."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.faults import Fault, InputError, suggest
from analysis.report.dataset_page import parts_played
from analysis.results import Run


def chosen(run: Run, ids: Sequence[str]) -> Run:
    """Return the run with these comparisons only, in the protocol's order; the whole run for no id.

    Raises:
        InputError: An id that no comparison of the run has, each named.
    """
    if not ids:
        return run
    known = [result.comparison.id for result in run.comparisons]
    unknown = [Fault(f"--comparison {id}", "no such comparison", f"{suggest(id, known)}The run has {', '.join(known)}")
               for id in dict.fromkeys(ids) if id not in known]
    if unknown:
        raise InputError(unknown)
    return cut(run, set(ids))


def cut(run: Run, ids: set[str]) -> Run:
    results = tuple(result for result in run.comparisons if result.comparison.id in ids)
    verdicts = tuple(v for v in run.verdicts if any(part.part.comparison in ids for part in v.parts))
    sources = {source for result in results for _, played in parts_played(result) for source in played}
    kept = ids | sources | {verdict.claim.id for verdict in verdicts}
    return replace(
        run,
        comparisons=results,
        networks=(),
        groups=(),
        verdicts=verdicts,
        datasets=tuple(dataset for dataset in run.datasets if dataset.id in sources),
        changes=tuple(change for change in run.changes if change.subject in kept),
    )
