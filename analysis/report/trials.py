"""Which trials a run knows, and which sources and study ids report the same people."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.report.links import names_of, slug, unique
from analysis.results import ComparisonResult, Dataset, Effect, GroupEffect, GroupResult, LeftOut, RawRow, RawTable, Run

STUDY = "study"  # the column of a table that names the study


@dataclass(frozen=True)
class Trial:
    """One group of people studied: every id under which it is reported, and where its page stands."""

    id: str
    name: str  # of its page
    label: str
    ids: tuple[str, ...]
    datasets: tuple[Dataset, ...]  # those that are reports of it, the first report first


def trials_of(run: Run) -> tuple[Trial, ...]:
    """Return the trials of a run: every study that a row, an effect or a dataset names, reviews left out."""
    datasets = {dataset.id: dataset for dataset in run.datasets}
    groups: dict[str, dict[str, None]] = {}
    for study in dict.fromkeys(study_ids(run)):
        first = first_report(study, datasets)
        groups.setdefault(first, {first: None})[study] = None
    labels = labels_of(run)
    return tuple(
        Trial(
            id,
            name,
            next((labels[one] for one in ids if one in labels), id),
            tuple(ids),
            tuple(datasets[one] for one in ids if one in datasets),
        )
        for (id, ids), name in zip(groups.items(), unique(groups), strict=True)
    )


def pages_of_studies(trials: tuple[Trial, ...]) -> dict[str, str]:
    """Return the name of the page of every id under which a trial is reported."""
    return {study: trial.name for trial in trials for study in trial.ids}


def study_ids(run: Run) -> Iterator[str]:
    """Give every study id of a run, some of them more than once."""
    for dataset in run.datasets:
        if dataset.metadata.study.design != "review":
            yield dataset.id
        for table in dataset.tables:
            yield from (study for study, _ in rows_about_studies(table))
    for result in run.comparisons:
        yield from (effect.study for effect in (*result.effects, *result.doubtful))
        yield from (row.study for row in result.left_out)
        yield from (awaited.study for awaited in result.awaited)
    for group in run.groups:
        yield from (one.study for one in (*group.effects, *group.doubtful, *group.left_out))


def rows_about_studies(table: RawTable) -> Iterator[tuple[str, RawRow]]:
    """Give the study and the row of every row of a table that names one."""
    if STUDY in table.header:
        place = table.header.index(STUDY)
        yield from ((row.cells[place], row) for row in table.rows if len(row.cells) > place and row.cells[place])


def first_report(study: str, datasets: dict[str, Dataset]) -> str:
    """Return the id of the study that first reported the people of a study."""
    seen = set()
    while study in datasets and study not in seen:
        seen.add(study)
        study = datasets[study].metadata.study.same_people_as or study
    return study


def labels_of(run: Run) -> dict[str, str]:
    """Return how each study is named: by its dataset, else as a comparison names it."""
    asked = (*run.comparisons, *run.groups)
    named: list[Effect | GroupEffect | LeftOut] = [
        one for result in asked for one in (*result.effects, *result.doubtful, *result.left_out)
    ]
    labels = {one.study: one.label for one in named}
    return labels | names_of(run)


def address_of(result: ComparisonResult) -> str:
    """Return the address of a comparison's page, seen from a folder beside it."""
    return f"../comparisons/{slug(result.comparison.id)}.html"


def address_of_group(result: GroupResult) -> str:
    """Return the address of the page of a question on one group, seen from a folder beside it."""
    return f"../groups/{slug(result.question.id)}.html"
