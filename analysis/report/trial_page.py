"""The page of one trial: everything that a run knows of one group of people, whoever reported it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from analysis.document import fingerprint_of
from analysis.made_by import key_of, made_by
from analysis.report.answer import sided_interval, sized
from analysis.report.bias import Assessment, source_assessments
from analysis.report.dataset_page import ArmLine, arm_lines, cautions, standing, study_facts
from analysis.report.group_words import anchors_of, group_scale, interval_words, value_words
from analysis.report.links import Places, RowLink, slug, source_links
from analysis.report.methods import Fact
from analysis.report.studies import arm_text, effect_anchors, weight_texts
from analysis.report.trials import STUDY, Trial, address_of, address_of_group, rows_about_studies
from analysis.report.uses import Use, Uses
from analysis.report.wording import compact, counted, people, percent, scale_of
from analysis.results import (
    ComparisonResult,
    Dataset,
    Effect,
    GroupEffect,
    GroupResult,
    RawRow,
    RawTable,
    Run,
    SourceRef,
)

PLACES = (STUDY, "location", "seen_as")  # columns that say where a row stands, not what it says


@dataclass(frozen=True)
class Report:
    """One report of a trial: a source of its own, every cell as text."""

    label: str
    address: str
    title: str
    citation: str
    links: tuple[tuple[str, str, str | None], ...]
    standing: str
    study: tuple[Fact, ...]
    cautions: tuple[str, ...]
    arms: tuple[ArmLine, ...]
    bias: tuple[Assessment, ...]


@dataclass(frozen=True)
class Entry:
    """One comparison, or question on one group, that a trial enters, every cell as text."""

    question: str
    address: str
    groups: tuple[str, ...]
    effect: str
    weight: str


@dataclass(frozen=True)
class Omission:
    """One comparison that leaves a row of a trial out, and why."""

    question: str
    address: str
    reason: str
    row: RowLink


@dataclass(frozen=True)
class TrialRow:
    """One row about a trial, from whichever source, and where it is used."""

    row: RowLink
    says: tuple[Fact, ...]
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class TrialPage:
    """All that the page of a trial says."""

    label: str
    status: str
    ids: tuple[str, ...]
    reports: tuple[Report, ...]
    entries: tuple[Entry, ...]
    omissions: tuple[Omission, ...]
    awaited: tuple[tuple[str, str], ...]  # question, address
    rows: tuple[TrialRow, ...]


@dataclass(frozen=True)
class Parts:
    """What the questions and the rows of a run say of each trial, by the name of its page.

    A result is put into words when the page of one of its trials is drawn first, and once for all of them.
    """

    run: Run
    places: Places
    uses: Uses

    @cached_property
    def comparisons(self) -> dict[str | None, dict[str, ComparisonResult]]:
        """The comparisons that name each trial, by id and in their order."""
        found = defaultdict(dict)
        for result in self.run.comparisons:
            for one in (*result.effects, *result.doubtful, *result.left_out, *result.awaited):
                found[self.places.studies.get(one.study)][result.comparison.id] = result
        return found

    @cached_property
    def groups(self) -> dict[str | None, dict[str, GroupResult]]:
        """The questions on one group that name each trial, by id and in their order."""
        found = defaultdict(dict)
        for result in self.run.groups:
            for one in (*result.effects, *result.doubtful, *result.left_out):
                found[self.places.studies.get(one.study)][result.question.id] = result
        return found

    def asked(self, name: str) -> list[tuple[ComparisonResult | GroupResult, str, str]]:
        """Return the results that name a trial, each with its question and its address."""
        one = [(result, result.comparison.question, address_of(result))
               for result in self.comparisons.get(name, {}).values()]
        other = [(result, result.question.question, address_of_group(result))
                 for result in self.groups.get(name, {}).values()]
        return [*one, *other]

    @cached_property
    def tables(self) -> dict[str | None, list[tuple[Dataset, RawTable, RawRow]]]:
        """The rows about each trial, from whichever source."""
        found = defaultdict(list)
        for dataset in self.run.datasets:
            for table in dataset.tables:
                for study, row in rows_about_studies(table):
                    found[self.places.studies.get(study)].append((dataset, table, row))
        return found

    @cached_property
    def in_words(self) -> dict[str, list[tuple[Effect | GroupEffect, Entry]]]:
        return {}

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Return each comparison, and each question on one group, that a trial enters."""
        found = []
        for result, _, address in self.asked(name):
            if address not in self.in_words:
                of = entries_of_group if isinstance(result, GroupResult) else entries_of
                self.in_words[address] = of(result)
            found += [one for effect, one in self.in_words[address] if self.places.studies.get(effect.study) == name]
        return tuple(found)

    def omissions(self, name: str) -> tuple[Omission, ...]:
        """Return each row of a trial that a question leaves out."""
        return tuple(
            Omission(question, f"{address}#left-out", row.reason or row.code, self.places.row(row.ref))
            for result, question, address in self.asked(name)
            for row in result.left_out if self.places.studies.get(row.study) == name
        )  # fmt: skip

    def awaited(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return each comparison that waits for the figures of a trial."""
        return tuple(
            (result.comparison.question, f"{address_of(result)}#awaited")
            for result in self.comparisons.get(name, {}).values()
            for study in result.awaited if self.places.studies.get(study.study) == name
        )  # fmt: skip

    def rows(self, name: str) -> tuple[TrialRow, ...]:
        """Return each row about a trial."""
        return tuple(trial_row(*one, self.places, self.uses) for one in self.tables.get(name, ()))

    @cached_property
    def common(self) -> str:
        """The key of what all pages of trials draw on."""
        return key_of(made_by(), self.run.labels)

    def key(self, trial: Trial) -> str:
        """Return the key of the page of a trial: the hash of all that it draws on. Other content, another key."""
        results = [result for result, _, _ in self.asked(trial.name)]
        datasets = {dataset.id: dataset for dataset, _, _ in self.tables.get(trial.name, ())}
        refs = [row.ref for result in results for row in result.left_out]
        uses = [self.uses.sources.get(id) for id in datasets]
        tables = {id: self.places.tables.get(id) for id in (*datasets, *(ref.dataset for ref in refs))}
        sources = (*trial.datasets, *datasets.values())
        return key_of(self.common, trial.id, trial.name, trial.label, trial.ids, uses, tables,
                      tuple(map(fingerprint_of, (*sources, *results))))  # fmt: skip


def trial_page(run: Run, trial: Trial, parts: Parts) -> TrialPage:
    """Return the page of a trial."""
    entries = parts.entries(trial.name)
    return TrialPage(
        trial.label,
        status_line(trial, entries),
        trial.ids,
        tuple(report_of(run, dataset) for dataset in trial.datasets),
        entries,
        parts.omissions(trial.name),
        parts.awaited(trial.name),
        parts.rows(trial.name),
    )


def status_line(trial: Trial, entries: tuple[Entry, ...]) -> str:
    """Return how many reports, people and comparisons there are."""
    known = [dataset.metadata.study.n_randomised for dataset in trial.datasets]
    randomised = next((count for count in known if count), None)
    counts = [counted(len(trial.datasets), "report") if trial.datasets else "seen only in other sources"]
    counts += [f"{people(randomised)} people randomised"] if randomised else []
    return " · ".join([*counts, f"enters {counted(len(entries), 'question')}"])


def report_of(run: Run, dataset: Dataset) -> Report:
    metadata = dataset.metadata
    return Report(
        metadata.study.label or dataset.id,
        f"../datasets/{slug(dataset.id)}.html",
        metadata.title,
        metadata.source.citation,
        source_links(metadata.source),
        standing(dataset),
        study_facts(dataset),
        cautions(dataset),
        arm_lines(run, metadata.arms),
        source_assessments(metadata.risk_of_bias, dict(run.labels.outcomes)),
    )


def entries_of_group(result: GroupResult) -> list[tuple[GroupEffect, Entry]]:
    """Return every study with figures as a question on one group uses it."""
    scale, weights = group_scale(result), result.pooled.weights if result.pooled else ()
    texts = [*(percent(weight, 1) for weight in weights), *("doubtful, not pooled" for _ in result.doubtful)]
    return [
        (
            effect,
            Entry(
                result.question.question,
                f"{address_of_group(result)}#{anchor}",
                (f"{result.group_label}: {arm_text(effect.arm)}",),
                f"{value_words(scale, effect.yi)} ({interval_words(scale, effect.ci_low, effect.ci_high)})",
                text,
            ),
        )
        for effect, anchor, text in zip((*result.effects, *result.doubtful), anchors_of(result), texts, strict=True)
    ]


def entries_of(result: ComparisonResult) -> list[tuple[Effect, Entry]]:
    """Return every study with an effect as the comparison uses it."""
    anchors = effect_anchors(result)
    weights = [*weight_texts(result), *("doubtful, not pooled" for _ in result.doubtful)]
    effects = (*result.effects, *result.doubtful)
    return [
        (
            effect,
            Entry(
                result.comparison.question,
                f"{address_of(result)}#{anchor}",
                (
                    f"{result.experimental_label}: {arm_text(effect.experimental)}",
                    f"{result.control_label}: {arm_text(effect.control)}",
                ),
                effect_words(result, effect),
                weight,
            ),
        )
        for effect, anchor, weight in zip(effects, anchors, weights, strict=True)
    ]


def effect_words(result: ComparisonResult, effect: Effect) -> str:
    """Return an effect with its interval as sizes and sides, and the scale that they lie on."""
    scale = scale_of(result)
    if scale.ratio or scale.words.kind != "level":
        return compact(f"{scale.named(effect.yi)} ({scale.interval(effect.ci_low, effect.ci_high)})")
    text = f"{sized(result, effect.yi)} ({sided_interval(result, effect.ci_low, effect.ci_high)})"
    return f"{text}; {scale.instrument}" if scale.instrument else text


def trial_row(dataset: Dataset, table: RawTable, row: RawRow, places: Places, uses: Uses) -> TrialRow:
    cells = dict(zip(table.header, row.cells, strict=False))
    ref = SourceRef(dataset.id, table.name, row.line, cells.get("location", ""), cells.get("seen_as", ""))
    says = tuple(Fact(name, cell) for name, cell in cells.items() if cell and name not in PLACES)
    return TrialRow(places.row(ref), says, uses.of_row(ref))
