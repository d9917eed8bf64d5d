"""The part of a run that a page draws on: all that it is given, and so all that it can show.

A page may be taken over from the report that is there because of this file. Every report, the first one too, draws
the page of a comparison, a source, a network or a group from its part of the run alone, and the hash of that part is
the key of the page. What differs from run to run on pages that do not change otherwise (the run's id, its time, the
hashes of data and protocol) is in no part: see slots.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property

from analysis.document import PARTS, fingerprint_of
from analysis.made_by import key_of, made_by
from analysis.report.changed import subjects_of
from analysis.report.links import Places
from analysis.report.uses import Uses
from analysis.results import ComparisonResult, Dataset, Doubt, GroupResult, NetworkResult, Run, SourceRef, Verdict

OF_SOME = ("comparisons", "verdicts", "datasets", "changes", "doubts", "protocol_files", "networks", "groups",
           "made_from")
NEVER = datetime.min
NO_USES = Uses({}, {})


@dataclass(frozen=True)
class Part:
    """What a page draws on: a run without what plays no part in it, the places it links to, the uses of its rows."""

    run: Run
    places: Places
    uses: Uses = NO_USES
    bare: str | None = None  # the key of what all parts share; None: changes are told, with names from anywhere

    @cached_property
    def key(self) -> str | None:
        """The key of the page: other content, another key. None for a page that is to be drawn in any case."""
        if self.bare is None:
            return None
        return key_of(self.bare, *(keyed(self.run, name) for name in OF_SOME), self.places, self.uses)


def keyed(run: Run, name: str) -> object:
    """Return what a field of a run adds to a key; of datasets and results their fingerprints, which are kept."""
    return tuple(map(fingerprint_of, getattr(run, name))) if name in PARTS else getattr(run, name)


@dataclass(frozen=True)
class Whole:
    """A run, with what is looked up for every page of it."""

    run: Run
    places: Places
    uses: Uses

    @cached_property
    def bare(self) -> Run:
        """The run with nothing in it that is about some pages only."""
        prints = replace(self.run.fingerprints, data="", protocol="")
        nothing = dict.fromkeys(OF_SOME, ()) | dict.fromkeys(("multiplicity", "previous", "previous_started"))
        return replace(self.run, id="", started=NEVER, fingerprints=prints, **nothing)

    @cached_property
    def results(self) -> dict[str, ComparisonResult]:
        return {result.comparison.id: result for result in self.run.comparisons}

    @cached_property
    def names(self) -> dict[str, Dataset]:
        """Every dataset as pages of other things may show it."""
        return {one.id: without_figures(one) for one in self.run.datasets}

    @cached_property
    def verdicts(self) -> dict[str, list[Verdict]]:
        """The verdicts that rest on each comparison, in their order."""
        found = defaultdict(list)
        for verdict in self.run.verdicts:
            for id in dict.fromkeys(part.part.comparison for part in verdict.parts):
                found[id].append(verdict)
        return found

    @cached_property
    def changed(self) -> frozenset[str]:
        """What changed since the run before."""
        return frozenset(change.subject for change in self.run.changes)

    @cached_property
    def doubts(self) -> dict[str, list[Doubt]]:
        found = defaultdict(list)
        for one in self.run.doubts:
            found[one.dataset].append(one)
        return found

    @cached_property
    def rows(self) -> dict[str, dict]:
        """The uses of the rows of each dataset."""
        found = defaultdict(dict)
        for row, uses in self.uses.rows.items():
            found[row[0]][row] = uses
        return found

    def around_comparison(self, result: ComparisonResult) -> Part:
        """Return a comparison with the claims that rest on it, the others that these rest on, and all their sources."""
        verdicts = self.verdicts.get(result.comparison.id, [])
        linked = {part.part.comparison for verdict in verdicts for part in verdict.parts} | {result.comparison.id}
        results = tuple(one for id, one in self.results.items() if id in linked)
        ids = {id for one in results for id in (*studies_of(one), *sources_of(one))}
        if not self.changed.isdisjoint(subjects_of(result)):
            return Part(self.run, self.places_of(ids))
        some = {"comparisons": results, "verdicts": tuple(verdicts), "datasets": self.some(ids)}
        return self.part(some, ids)

    def around_dataset(self, dataset: Dataset) -> Part:
        """Return a source with its doubts, and the uses of its rows."""
        some = {"datasets": (dataset,), "doubts": tuple(self.doubts.get(dataset.id, ()))}
        uses = Uses(self.rows.get(dataset.id, {}), {dataset.id: self.uses.sources.get(dataset.id, ())})
        return self.part(some, [dataset.id], uses)

    def around_network(self, network: NetworkResult) -> Part:
        """Return a network with the sources of its trials."""
        effects = [effect for trial in (*network.trials, *network.apart_trials) for effect in trial.effects]
        ids = {one.study for one in (*effects, *network.left_out)} | datasets_of(effects, network.left_out)
        return self.part({"networks": (network,), "datasets": self.some(ids)}, ids)

    def around_group(self, group: GroupResult) -> Part:
        """Return a question on one group with the sources of its studies."""
        effects = (*group.effects, *group.doubtful)
        ids = {one.study for one in (*effects, *group.left_out)} | datasets_of(effects, group.left_out)
        return self.part({"groups": (group,), "datasets": self.some(ids)}, ids)

    def part(self, some: dict[str, tuple], ids: Iterable[str], uses: Uses = NO_USES) -> Part:
        """Return the part of the run with some of what is about some pages only."""
        return Part(replace(self.bare, **some), self.places_of(ids), uses, self.bare_key)

    @cached_property
    def bare_key(self) -> str:
        common = (getattr(self.bare, field.name) for field in fields(Run) if field.name not in OF_SOME)
        return key_of(made_by(), *common)

    def some(self, ids: Iterable[str]) -> tuple[Dataset, ...]:
        return tuple(self.names[id] for id in sorted(ids) if id in self.names)

    def places_of(self, ids: Iterable[str]) -> Places:
        """Return the places of some sources and studies."""
        known = sorted(ids)
        both = (self.places.tables, self.places.studies)
        return Places(*({id: places[id] for id in known if id in places} for places in both))


def without_figures(dataset: Dataset) -> Dataset:
    """Return a dataset without its tables, files and second extraction."""
    return replace(dataset, tables=(), files=(), double=None)


def studies_of(result: ComparisonResult) -> set[str]:
    """Return the studies that a comparison names."""
    return {one.study for one in (*result.effects, *result.doubtful, *result.left_out, *result.awaited)}


def sources_of(result: ComparisonResult) -> set[str]:
    """Return the datasets whose rows a comparison names."""
    return datasets_of((*result.effects, *result.doubtful), (*result.left_out, *result.published))


def datasets_of(effects: Iterable, rows: Iterable) -> set[str]:
    refs: list[SourceRef] = [*(ref for effect in effects for ref in effect.refs), *(row.ref for row in rows)]
    return {ref.dataset for ref in refs}
