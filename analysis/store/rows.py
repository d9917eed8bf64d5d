"""A run as rows of the store's tables. The order of a tuple is the order of the columns in schema.sql."""

from collections.abc import Iterator
from datetime import UTC, datetime

from analysis.results import (
    ComparisonResult,
    Dataset,
    Effect,
    GroupEffect,
    GroupResult,
    LeftOut,
    Pooled,
    Run,
    SourceRef,
    Verdict,
)

Rows = Iterator[tuple]


def utc(moment: datetime) -> str:
    """Return a moment as DuckDB's TIMESTAMP holds it: UTC, no zone said."""
    return (moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment).isoformat()


def raw_files(dataset: Dataset) -> Rows:
    return ((file.name, file.sha256) for file in dataset.files)


def raw_rows(dataset: Dataset) -> Rows:
    for table in dataset.tables:
        for row in table.rows:
            yield table.name, row.line, dict(zip(table.header, row.cells, strict=True))


def effects(result: ComparisonResult) -> Rows:
    for position, (pool, effect, weight) in enumerate(pools(result)):
        yield result.comparison.id, position, pool, *effect_columns(effect, weight)


def programs(run: Run) -> Rows:
    return ((run.id, name, version) for name, version in run.fingerprints.versions)


def pools(result: ComparisonResult | GroupResult) -> Iterator[tuple[str, Effect | GroupEffect, float | None]]:
    weights = result.pooled.weights if result.pooled else (None,) * len(result.effects)
    yield from (("main", effect, weight) for effect, weight in zip(result.effects, weights, strict=True))
    yield from (("doubtful", effect, None) for effect in result.doubtful)


def effect_columns(effect: Effect, weight: float | None) -> tuple:
    return (effect.study, effect.label, effect.measure, effect.yi, effect.vi, effect.ci_low, effect.ci_high, weight,
            effect.derivation, effect.followup_weeks, effect.instrument, effect.n_total, effect.seen_as)


def effect_rows(result: ComparisonResult) -> Rows:
    for position, effect in enumerate(result.effects + result.doubtful):
        for ref in effect.refs:
            yield result.comparison.id, position, *place(ref), ref.location


def place(ref: SourceRef) -> tuple[str, str, int]:
    return ref.dataset, ref.table, ref.line


def left_out(result: ComparisonResult) -> Rows:
    return ((result.comparison.id, *left_out_columns(left)) for left in result.left_out)


def left_out_columns(left: LeftOut) -> tuple:
    return left.study, left.code, left.reason, *place(left.ref)


def results(result: ComparisonResult) -> Rows:
    comparison = result.comparison
    yield (comparison.id, comparison.question, result.answer, comparison.measure, result.unit, result.n_total,
           *pooled_columns(result.pooled))


POOLED_COLUMNS = ("k", "tau2_method", "test", "level", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2",
                  "q", "q_df", "q_p_value", "pi_low", "pi_high")


def pooled_columns(pooled: Pooled | None) -> tuple:
    if pooled is None:
        return (None,) * (len(POOLED_COLUMNS) + 1)
    return *(getattr(pooled, name) for name in POOLED_COLUMNS), list(pooled.status)


def coefficients(result: ComparisonResult) -> Rows:
    for row in result.regression.coefficients if result.regression else ():
        yield (result.comparison.id, row.moderator, row.level, row.estimate, row.se, row.df, row.ci_low, row.ci_high,
               row.p_value)


def subgroups(result: ComparisonResult) -> Rows:
    found = result.subgroups
    for row in found.groups if found else ():
        yield (result.comparison.id, found.moderator, row.name, len(row.studies), row.estimate, row.se, row.ci_low,
               row.ci_high, row.p_value, row.tau2, row.i2)


def relative_effects(run: Run) -> Rows:
    for network in run.networks:
        for row in network.league:
            yield (run.id, network.question.id, row.experimental, row.control, row.estimate, row.se, row.ci_low,
                   row.ci_high, row.p_value, row.direct)


def group_results(run: Run) -> Rows:
    for result in run.groups:
        question = result.question
        yield (run.id, question.id, question.question, question.measure, result.unit, result.n_total,
               *pooled_columns(result.pooled))


def group_effects(run: Run) -> Rows:
    for result in run.groups:
        for position, (pool, effect, weight) in enumerate(pools(result)):
            yield (run.id, result.question.id, position, pool, effect.study, effect.label, effect.measure, effect.yi,
                   effect.vi, effect.ci_low, effect.ci_high, weight, effect.derivation, effect.followup_weeks,
                   effect.instrument, effect.arm.n, effect.seen_as)


def verdicts(run: Run) -> Rows:
    return ((run.id, *verdict_columns(verdict)) for verdict in run.verdicts)


def verdict_columns(verdict: Verdict) -> tuple:
    return (verdict.claim.id, verdict.claim.text, verdict.verdict, verdict.fragile, verdict.agreeing_choices,
            verdict.choices, verdict.since.isoformat())


def changes(run: Run) -> Rows:
    return ((run.id, c.kind, c.subject, c.what, c.old, c.new) for c in run.changes)


DATASET_TABLES = {  # of each new version of a dataset
    "raw_file": raw_files,
    "raw_row": raw_rows,
}
RESULT_TABLES = {  # of each new version of a result
    "effect": effects,
    "effect_row": effect_rows,
    "left_out": left_out,
    "result": results,
    "coefficient": coefficients,
    "subgroup": subgroups,
}
RUN_TABLES = {
    "run_program": programs,
    "relative_effect": relative_effects,
    "group_result": group_results,
    "group_effect": group_effects,
    "verdict": verdicts,
    "change": changes,
}
