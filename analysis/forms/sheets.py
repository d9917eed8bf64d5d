"""The tables of a run as sheets: a name, a header, rows of cells; numbers stay numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.report.bias import judgements_of
from analysis.report.dataset_page import row_count
from analysis.report.group_tables import (
    GROUP_CHOICE_COLUMNS,
    GROUP_COLUMNS,
    GROUP_STUDY_COLUMNS,
    group_cells,
    group_choice_cells,
    group_study_cells,
)
from analysis.report.network_tables import (
    LEAGUE_COLUMNS,
    NETWORK_TRIAL_COLUMNS,
    league_cells,
    network_trial_cells,
)
from analysis.report.prisma_page import checklist_rows
from analysis.report.tables import (
    CHOICE_COLUMNS,
    CLAIM_COLUMNS,
    COEFFICIENT_COLUMNS,
    COMPARISON_COLUMNS,
    STUDY_COLUMNS,
    SUBGROUP_COLUMNS,
    Cell,
    choice_cells,
    claim_cells,
    coefficients_cells,
    comparison_cells,
    ref_text,
    studies_cells,
    subgroups_cells,
)
from analysis.results import ComparisonResult, Dataset, GroupResult, LeftOut, NetworkResult, PoolingRow, Run

LEFT_OUT_COLUMNS = ("study", "label", "code", "reason", "row", "location")
PUBLISHED_COLUMNS = (
    "review", "experimental", "control", "outcome", "outcome_as_printed", "window", "measure", "estimate", "ci_low",
    "ci_high", "level", "p_relation", "p_value", "i2", "k", "n_total", "model", "note", "row", "location",
)  # fmt: skip
AWAITED_COLUMNS = ("study", "label", "n_randomised", "citation")
SOURCE_COLUMNS = (
    "source", "label", "title", "citation", "doi", "pmid", "design", "status", "year", "country", "population",
    "n_randomised", "rows", "curator", "retrieved",
)  # fmt: skip
BIAS_COLUMNS = ("source", "study", "outcome", "tool", "rater", "rated", "domain", "judgement", "level", "reason")
CHECKLIST_COLUMNS = ("item", "part", "topic", "asks", "standing", "what this run says", "page")


@dataclass(frozen=True)
class Sheet:
    """One table: what it is called, its columns, its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(run: Run) -> tuple[Sheet, ...]:
    """Return the tables of a run; effects of ratios are on the log scale, as the first sheet says."""
    return (
        Sheet("about", ("what", "value"), about_rows(run)),
        Sheet("comparisons", COMPARISON_COLUMNS, rows_of(map(comparison_cells, run.comparisons))),
        by_comparison(run, "studies", STUDY_COLUMNS, studies_cells),
        by_comparison(run, "choices", CHOICE_COLUMNS, lambda result: map(choice_cells, result.choices)),
        by_comparison(run, "moderators", COEFFICIENT_COLUMNS, coefficients_cells),
        by_comparison(run, "subgroups", SUBGROUP_COLUMNS, subgroups_cells),
        by_network(run, "networks", LEAGUE_COLUMNS, league_cells),
        by_network(run, "network trials", NETWORK_TRIAL_COLUMNS, network_trial_cells),
        by_group(run, "groups", GROUP_COLUMNS, group_cells),
        by_group(run, "group studies", GROUP_STUDY_COLUMNS, group_study_cells),
        by_group(run, "group choices", GROUP_CHOICE_COLUMNS, group_choice_cells),
        Sheet("claims", CLAIM_COLUMNS, rows_of(map(claim_cells, run.verdicts))),
        by_comparison(run, "left out", LEFT_OUT_COLUMNS, lambda result: map(left_out_cells, result.left_out)),
        by_comparison(run, "published", PUBLISHED_COLUMNS, lambda result: map(published_cells, result.published)),
        by_comparison(run, "awaited", AWAITED_COLUMNS, awaited_cells),
        Sheet("risk of bias", BIAS_COLUMNS, bias_rows(run)),
        Sheet("sources", SOURCE_COLUMNS, rows_of(map(source_cells, run.datasets))),
        Sheet("checklist", CHECKLIST_COLUMNS, checklist_cells(run)),
    )


def bias_rows(run: Run) -> tuple[tuple[Cell, ...], ...]:
    """Return a row a judgement: each domain of each assessment, the overall one last."""
    return tuple(
        (dataset.id, one.study or dataset.id, one.outcome, one.tool_label, one.rater, one.rated.isoformat(), said.label,
         said.judgement, said.level, said.reason)
        for dataset in run.datasets
        for one in dataset.metadata.risk_of_bias
        for said in judgements_of(one)
    )  # fmt: skip


def rows_of(rows: object) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(row) for row in rows)


def by_comparison(run: Run, name: str, columns: tuple[str, ...], cells: Callable[[ComparisonResult], object]) -> Sheet:
    """Return one sheet of all comparisons, the first column saying which."""
    rows = ((result.comparison.id, *row) for result in run.comparisons for row in cells(result))
    return Sheet(name, ("comparison", *columns), rows_of(rows))


def by_network(run: Run, name: str, columns: tuple[str, ...], cells: Callable[[NetworkResult], object]) -> Sheet:
    """Return one sheet of all networks, the first column saying which."""
    return by_question("network", run.networks, name, columns, cells)


def by_group(run: Run, name: str, columns: tuple[str, ...], cells: Callable[[GroupResult], object]) -> Sheet:
    """Return one sheet of all questions on one group, the first column saying which."""
    return by_question("group", run.groups, name, columns, cells)


def by_question(
    kind: str, results: tuple, name: str, columns: tuple[str, ...], cells: Callable[[object], object]
) -> Sheet:
    rows = ((result.question.id, *row) for result in results for row in cells(result))
    return Sheet(name, (kind, *columns), rows_of(rows))


def about_rows(run: Run) -> tuple[tuple[Cell, ...], ...]:
    prints = run.fingerprints
    return (
        ("title", run.about.title),
        ("question", run.about.question),
        ("run", run.id),
        ("started (UTC)", f"{run.started:%Y-%m-%d %H:%M}"),
        ("recorded", "yes" if run.recorded else "no, a preview"),
        ("scale", "effects of ratios (RR, OR, HR) are logarithms, shares by log odds (PLO) log odds; published results "
         "stand as printed"),
        ("data", prints.data),
        ("protocol", prints.protocol),
        ("code", prints.code),
        *prints.versions,
    )


def left_out_cells(row: LeftOut) -> tuple[Cell, ...]:
    return row.study, row.label, row.code, row.reason, ref_text(row.ref), row.ref.location


def published_cells(row: PoolingRow) -> tuple[Cell, ...]:
    relation, value = (row.p_value.relation, row.p_value.value) if row.p_value else (None, None)
    return (
        row.review, row.experimental, row.control, row.outcome, row.outcome_as_printed, row.window, row.measure,
        row.estimate, row.ci_low, row.ci_high, row.level, relation, value, row.i2, row.k, row.n_total, row.model,
        row.note, ref_text(row.ref), row.ref.location,
    )  # fmt: skip


def awaited_cells(result: ComparisonResult) -> list[tuple[Cell, ...]]:
    return [(study.study, study.label, study.n_randomised, study.citation) for study in result.awaited]


def source_cells(dataset: Dataset) -> tuple[Cell, ...]:
    metadata, source, study = dataset.metadata, dataset.metadata.source, dataset.metadata.study
    return (
        dataset.id, study.label, metadata.title, source.citation, source.doi, source.pmid, study.design, study.status,
        study.year, study.country, study.population, study.n_randomised, row_count(dataset), metadata.curator,
        source.retrieved.isoformat() if source.retrieved else None,
    )  # fmt: skip


def checklist_cells(run: Run) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (row.number, row.part, row.topic, row.asks, row.status, row.text, row.address) for row in checklist_rows(run)
    )
