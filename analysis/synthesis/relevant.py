"""The part of the evidence that is relevant to a question: all that its synthesis is given, and all that it can read.

A result may be kept from run to run because of this file. Every run, the first one too, synthesises a question from
its part alone, so that the part, written out, is the key of the result: what is not in the key cannot be read. If the
part were too small, a fresh run would be wrong as well, and a test would say so: it holds every question of the real
protocol to the same result from its part and from the whole.

What synthesis reads, and why the part has it:

- *Contrasts* of the outcome between the two sides, either way round: all of them.
- *Arms* of the outcome, of studies with an arm on each side. A study counts as such by any of its rows, of whatever
  outcome. So of a study whose rows of this outcome do not name an arm on each side, the rows of the others stay too.
- *Datasets* that hold such a row or are named by one, and those that they say to report the same people as, to the
  end of that chain; and datasets that wait for figures which would answer the question. Of each the metadata and the
  corrections; no table, since rows are read from them before.
- *People*: whom each study is about, as the whole of the evidence has it. Doubles are found across all datasets.
- *Published poolings* that are shown beside.
- *Vocabulary*: the entries of the codes that the question and these rows name.

Networks take the rows of all outcomes, of studies with several of their treatments.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.evidence.codebook import Codebook
from analysis.evidence.gathered import Evidence
from analysis.evidence.waiting import AWAITING
from analysis.results import ArmRow, Comparison, ContrastRow, Dataset, NetworkQuestion, PoolingRow
from analysis.synthesis.comparison import published_for
from analysis.synthesis.expecting import would_answer

Question = Comparison | NetworkQuestion
Sides = tuple[Collection[str], Collection[str]]
CODES = {  # vocabulary -> the fields of rows and those of questions that hold its codes
    "outcomes": (("outcome",), ("outcome", "published_outcomes")),
    "instruments": (("instrument",), ("instruments",)),
    "treatments": (
        ("arm", "experimental", "control"),
        ("experimental", "control", "published_experimental", "published_control", "treatments"),
    ),
}


@dataclass(frozen=True)
class Relevance:
    """The evidence of a review, laid out so that what is relevant to a question is found without reading it all."""

    evidence: Evidence

    def to(self, question: Question) -> Evidence:
        """Return what is relevant to a question, every kind of row in the order that the whole has it."""
        network = isinstance(question, NetworkQuestion)
        arms = self.arms_of_network(question) if network else self.arms_of(question)
        contrasts = self.contrasts_of(question.outcome, sides_of(question))
        poolings = () if network else self.poolings_of(question)
        rows, people = (*arms, *contrasts), self.evidence.people
        studies = {row.study for row in rows}
        return Evidence(
            codebook=self.words_of(question, (*rows, *poolings)),
            datasets=self.datasets_of(question, studies | {row.ref.dataset for row in rows}),
            arms=arms,
            contrasts=contrasts,
            poolings=poolings,
            known_people={study: people[study] for study in sorted(studies & people.keys())},
        )

    # ------------------------------------------------------------ rows

    @cached_property
    def arms(self) -> dict[str, list[ArmRow]]:
        """The arm rows of each study."""
        found = defaultdict(list)
        for row in self.evidence.arms:
            found[row.study].append(row)
        return found

    @cached_property
    def studies(self) -> dict[str, dict[str, None]]:
        """The studies that have each arm, in their order."""
        found = defaultdict(dict)
        for row in self.evidence.arms:
            found[row.arm][row.study] = None
        return found

    @cached_property
    def contrasts(self) -> dict[tuple[str, frozenset[str | None]], list[tuple[int, ContrastRow]]]:
        """The contrasts of each outcome and pair of arms, with their places."""
        found = defaultdict(list)
        for place, row in enumerate(self.evidence.contrasts):
            found[row.outcome, frozenset((row.experimental, row.control))].append((place, row))
        return found

    def arms_of(self, comparison: Comparison) -> tuple[ArmRow, ...]:
        """Return the arm rows of studies with an arm on each side."""
        sides = sides_of(comparison)
        one, other = ({study for arm in side for study in self.studies.get(arm, ())} for side in sides)
        return self.in_order(row for study in one & other for row in rows_of_study(self.arms[study], comparison, sides))

    def arms_of_network(self, question: NetworkQuestion) -> tuple[ArmRow, ...]:
        """Return the rows of studies with several arms of a network, whatever their outcome."""
        counts = Counter(study for arm in question.treatments for study in self.studies.get(arm, ()))
        studies = [study for study, arms in counts.items() if arms > 1]
        return self.in_order(row for study in studies for row in self.arms[study] if row.arm in question.treatments)

    def in_order(self, rows: Iterable[ArmRow]) -> tuple[ArmRow, ...]:
        """Return arm rows as the whole of the evidence orders them."""
        return tuple(sorted(rows, key=lambda row: self.places[id(row)]))

    @cached_property
    def places(self) -> dict[int, int]:
        """The place of each arm row, which is the same object here and there."""
        return {id(row): place for place, row in enumerate(self.evidence.arms)}

    def contrasts_of(self, outcome: str, sides: Sides) -> tuple[ContrastRow, ...]:
        """Return the contrasts of an outcome between two sides, either way round."""
        pairs = {frozenset((one, other)) for one in sides[0] for other in sides[1]}
        found = [pair for arms in pairs for pair in self.contrasts.get((outcome, arms), ())]
        return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))

    def poolings_of(self, comparison: Comparison) -> tuple[PoolingRow, ...]:
        return published_for(comparison, self.evidence) if self.evidence.poolings else ()

    # ------------------------------------------------------------ datasets and words

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        """Every dataset as synthesis may read it: without its tables, its files and its second extraction."""
        return {one.id: replace(one, tables=(), files=(), double=None) for one in self.evidence.datasets}

    @cached_property
    def awaiting(self) -> tuple[Dataset, ...]:
        return tuple(one for one in self.datasets.values() if one.metadata.study.status == AWAITING)

    def datasets_of(self, question: Question, named: set[str]) -> tuple[Dataset, ...]:
        """Return the datasets that are named, those of the same people, and those that wait for figures."""
        waiting = self.awaiting if isinstance(question, Comparison) else ()
        wanted = {*named, *(one.id for one in waiting if would_answer(one, question))}
        known, new = self.datasets, wanted
        while new := {known[id].metadata.study.same_people_as for id in new & known.keys()} - {None} - wanted:
            wanted |= new
        return tuple(known[id] for id in sorted(wanted & known.keys(), key=self.order.__getitem__))

    @cached_property
    def order(self) -> dict[str, int]:
        return {id: place for place, id in enumerate(self.datasets)}

    def words_of(self, question: Question, rows: Sequence[ArmRow | ContrastRow | PoolingRow]) -> Codebook:
        """Return the vocabulary of the codes that a question and its rows name; tools for bias are in the metadata."""
        whole, entries = self.evidence.codebook, []
        for vocabulary, (of_rows, of_questions) in CODES.items():
            codes = codes_in(rows, of_rows) | codes_in([question], of_questions)
            entries.append({code: entry for code, entry in getattr(whole, vocabulary).items() if code in codes})
        return Codebook(*entries, bias_tools={})


def sides_of(question: Question) -> Sides:
    """Return the arms that are compared: of a network each with each."""
    if isinstance(question, NetworkQuestion):
        return question.treatments, question.treatments
    return question.experimental, question.control


def rows_of_study(rows: list[ArmRow], comparison: Comparison, sides: Sides) -> Iterator[ArmRow]:
    """Give the rows of one study that are relevant; of other outcomes where its own do not show an arm on each side."""
    own = [row for row in rows if row.outcome == comparison.outcome and (row.arm in sides[0] or row.arm in sides[1])]
    if not own:
        return iter(())
    complete = all(any(row.arm in side for row in own) for side in sides)
    return iter(own) if complete else (row for row in rows if row.arm in sides[0] or row.arm in sides[1])


def codes_in(nouns: Iterable[object], fields: tuple[str, ...]) -> set[str]:
    """Return the codes in some fields, each of which holds one, several or none."""
    held = (getattr(noun, field, None) or () for noun in nouns for field in fields)
    return {code for value in held for code in ([value] if isinstance(value, str) else value)}
