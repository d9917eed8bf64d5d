"""The same people in two folders: as declared, and as found where nobody declared it.

Two reports are linked when they share a DOI, a PubMed id or a trial registration, or when the figures of two arms or of
one contrast are the same. `other_people_than` of metadata.toml says that two such reports are of different people.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.results import ArmRow, ContrastRow, Dataset

REGISTRATION = re.compile(
    r"NCT\s?\d{8}|ISRCTN\s?\d{8}|(?:ACTRN|CTRI|ChiCTR|UMIN|DRKS|NTR|JPRN|IRCT|PACTR|RBR|TCTR)[-/ ]?[0-9A-Za-z/-]{4,}",
    re.IGNORECASE,
)
SAME_ARMS = 2  # arms with the same figures in two folders make them one trial; one may be chance


@dataclass(frozen=True)
class Link:
    """Two datasets that seem to report the same people; the one that comes later names the other."""

    earlier: str
    later: str
    why: str  # "the DOI 10.1136/bmj.a1735"


def find_links(datasets: Iterable[Dataset], arms: Iterable[ArmRow], contrasts: Iterable[ContrastRow]) -> list[Link]:
    """Return the links that nobody declared, one a pair of datasets."""
    by_id = {dataset.id: dataset for dataset in datasets}
    declared = declared_people(by_id.values())
    found: dict[tuple[str, str], str] = {}
    for one, other, why in [*by_identity(by_id.values()), *by_figures(arms, contrasts)]:
        if one in by_id and other in by_id and declared[one] != declared[other] and not told_apart(by_id, one, other):
            found.setdefault((one, other), why)
    return [Link(*in_order(by_id, *pair), why) for pair, why in sorted(found.items())]


def in_order(by_id: dict[str, Dataset], one: str, other: str) -> tuple[str, str]:
    """Return two datasets by year, then by id: the report that came first is the one that the other names."""
    first, second = sorted((one, other), key=lambda name: (by_id[name].metadata.study.year or 9999, name))
    return first, second


def told_apart(by_id: dict[str, Dataset], one: str, other: str) -> bool:
    """Return whether either of two datasets says that its people are others."""
    pairs = ((one, other), (other, one))
    return any(b in by_id[a].metadata.study.other_people_than for a, b in pairs)


def declared_people(datasets: Iterable[Dataset]) -> dict[str, str]:
    """Return for each dataset the one that first reported its people, as metadata.toml says."""
    named = {dataset.id: dataset.metadata.study.same_people_as for dataset in datasets}
    people = {}
    for name in named:
        first, seen = name, set()
        while named.get(first) and first not in seen:
            seen.add(first)
            first = named[first]
        people[name] = first
    return people


def by_identity(datasets: Iterable[Dataset]) -> Iterator[tuple[str, str, str]]:
    """Give the pairs of datasets that share a DOI, a PubMed id or a registration; reviews tell of trials of others."""
    holders = defaultdict(list)
    for dataset in datasets:
        if dataset.metadata.study.design != "review":
            for mark in marks_of(dataset):
                holders[mark].append(dataset.id)
    for (name, value), ids in holders.items():
        yield from pairs_of(ids, f"the {name} {value}")


def marks_of(dataset: Dataset) -> set[tuple[str, str]]:
    """Return what tells a report or its trial apart from all others."""
    source = dataset.metadata.source
    marks = {("DOI", source.doi.lower())} if source.doi else set()
    marks |= {("PubMed id", source.pmid)} if source.pmid else set()
    numbers = REGISTRATION.findall(source.registration or "")
    return marks | {("registration", re.sub(r"[\s-]", "", number).upper()) for number in numbers}


def pairs_of(ids: list[str], why: str) -> Iterator[tuple[str, str, str]]:
    """Give each pair of different ids once, in their order."""
    different = sorted(set(ids))
    for place, one in enumerate(different):
        yield from ((one, other, why) for other in different[place + 1 :])


def by_figures(arms: Iterable[ArmRow], contrasts: Iterable[ContrastRow]) -> Iterator[tuple[str, str, str]]:
    """Give the pairs of datasets with the same figures: two arms, or a contrast with its interval."""
    shared = defaultdict(set)
    for figures, ids in holders_of(arms, arm_figures).items():
        for one, other, _ in pairs_of(ids, ""):
            shared[one, other].add(figures)
    for (one, other), figures in shared.items():
        if len(figures) >= SAME_ARMS:
            n, mean, sd = min(figures)[1:]
            yield one, other, f"{len(figures)} arms with the same figures, such as n {n}, mean {mean:g}, SD {sd:g}"
    for (*_, estimate, low, high), ids in holders_of(contrasts, contrast_figures).items():
        yield from pairs_of(ids, f"a contrast with the same figures, {estimate:g} ({low:g} to {high:g})")


def holders_of(rows: Iterable[ArmRow | ContrastRow], figures_of) -> dict[tuple, list[str]]:
    """Return the datasets of each set of figures; superseded and subgroup rows do not count."""
    holders = defaultdict(list)
    for row in rows:
        figures = figures_of(row)
        if figures and row.ref.seen_as != "superseded" and not row.subgroup:
            holders[figures].append(row.ref.dataset)
    return holders


def arm_figures(row: ArmRow) -> tuple | None:
    """Return size, mean and SD to three digits, with what they are of; None for figures that say little."""
    if row.n is None or row.mean is None or not row.sd:
        return None
    return row.outcome, row.n, float(f"{row.mean:.3g}"), float(f"{row.sd:.3g}")


def contrast_figures(row: ContrastRow) -> tuple | None:
    """Return an estimate with its interval, and what it is of; None when a part is not printed."""
    if None in (row.estimate, row.ci_low, row.ci_high):
        return None
    return row.outcome, row.measure or "", row.estimate, row.ci_low, row.ci_high


def people_by_study(datasets: Iterable[Dataset], links: Iterable[Link]) -> dict[str, str]:
    """Return for each dataset the one that stands for its people, declared and found links followed to their end."""
    people = declared_people(datasets)
    for link in links:
        one, other = people[link.earlier], people[link.later]
        people = {name: one if first == other else first for name, first in people.items()}
    return people
