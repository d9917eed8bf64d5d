"""The page of one trial: everything that a run knows of one group of people, whoever reported it."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    """What the comparisons of a run say of each trial, by the name of its page."""

    entries: dict[str, tuple[Entry, ...]]
    omissions: dict[str, tuple[Omission, ...]]
    awaited: dict[str, tuple[tuple[str, str], ...]]
    rows: dict[str, tuple[TrialRow, ...]]


def trial_page(run: Run, trial: Trial, parts: Parts) -> TrialPage:
    """Return the page of a trial."""
    entries = parts.entries.get(trial.name, ())
    return TrialPage(
        trial.label,
        status_line(trial, entries),
        trial.ids,
        tuple(report_of(run, dataset) for dataset in trial.datasets),
        entries,
        parts.omissions.get(trial.name, ()),
        parts.awaited.get(trial.name, ()),
        parts.rows.get(trial.name, ()),
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


def parts_of(run: Run, places: Places, uses: Uses) -> Parts:
    """Return what the comparisons and the rows of a run say of each trial, gathered in one pass."""
    entries, omissions, awaited, rows = {}, {}, {}, {}
    for result in run.comparisons:
        for effect, entry in entries_of(result):
            entries.setdefault(places.studies.get(effect.study), []).append(entry)
        for study in result.awaited:
            found = (result.comparison.question, f"{address_of(result)}#awaited")
            awaited.setdefault(places.studies.get(study.study), []).append(found)
    for group in run.groups:
        for effect, entry in entries_of_group(group):
            entries.setdefault(places.studies.get(effect.study), []).append(entry)
    for study, found in omissions_of(run, places):
        omissions.setdefault(places.studies.get(study), []).append(found)
    for dataset in run.datasets:
        for table in dataset.tables:
            for study, row in rows_about_studies(table):
                rows.setdefault(places.studies.get(study), []).append(trial_row(dataset, table, row, places, uses))
    return Parts(*({name: tuple(found) for name, found in one.items()} for one in (entries, omissions, awaited, rows)))


def omissions_of(run: Run, places: Places) -> Iterator[tuple[str, Omission]]:
    """Give the study and the place of every row that a question leaves out."""
    asked = [(result, result.comparison.question, address_of(result)) for result in run.comparisons]
    asked += [(group, group.question.question, address_of_group(group)) for group in run.groups]
    for result, question, address in asked:
        for row in result.left_out:
            found = Omission(question, f"{address}#left-out", row.reason or row.code, places.row(row.ref))
            yield row.study, found


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
    scale, anchors = scale_of(result), effect_anchors(result)
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
                compact(f"{scale.named(effect.yi)} ({scale.interval(effect.ci_low, effect.ci_high)})"),
                weight,
            ),
        )
        for effect, anchor, weight in zip(effects, anchors, weights, strict=True)
    ]


def trial_row(dataset: Dataset, table: RawTable, row: RawRow, places: Places, uses: Uses) -> TrialRow:
    cells = dict(zip(table.header, row.cells, strict=False))
    ref = SourceRef(dataset.id, table.name, row.line, cells.get("location", ""), cells.get("seen_as", ""))
    says = tuple(Fact(name, cell) for name, cell in cells.items() if cell and name not in PLACES)
    return TrialRow(places.row(ref), says, uses.of_row(ref))
