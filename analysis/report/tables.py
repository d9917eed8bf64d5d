"""Tables as CSV files: numbers as numbers, and no text that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from analysis.report.links import SUMMARIES
from analysis.results import RATIOS, Choice, ComparisonResult, Effect, Run, SourceRef, Verdict

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | float | bool | None

STUDY_COLUMNS = (
    "study",
    "label",
    "year",
    "pooled",
    "yi",
    "vi",
    "sei",
    "ci_low",
    "ci_high",
    "weight_percent",
    "measure",
    "derivation",
    "n_total",
    "followup_weeks",
    "instrument",
    "value_type",
    "detail",
    "experimental_n",
    "experimental_mean",
    "experimental_sd",
    "experimental_events",
    "control_n",
    "control_mean",
    "control_sd",
    "control_events",
    "seen_as",
    "cautions",
    "risk_of_bias",
    "rows",
)
CHOICE_COLUMNS = (
    "choice",
    "k",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "tau2",
    "i2",
    "answer",
    "same_answer",
    "studies",
)
COEFFICIENT_COLUMNS = ("moderator", "level", "estimate", "se", "df", "ci_low", "ci_high", "p_value")
SUBGROUP_COLUMNS = (
    "moderator", "subgroup", "k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2", "studies",
)  # fmt: skip
MULTIVERSE_COLUMNS = (
    "choice",
    "of_estimate",
    "of_answer",
    "option",
    "branches",
    "same_answer",
    "median",
)
CLAIM_COLUMNS = (
    "claim",
    "text",
    "source",
    "verdict",
    "fragile",
    "agreeing_choices",
    "choices",
    "since",
    "comparisons",
    "after_holm",
)
COMPARISON_COLUMNS = (
    "comparison",
    "question",
    "measure",
    "unit",
    "k",
    "n_total",
    "estimate",
    "ci_low",
    "ci_high",
    "pi_low",
    "pi_high",
    "tau2",
    "i2",
    "answer",
)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV in UTF-8; missing is empty, floats are exact, formulas become text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def cell_text(cell: Cell) -> str:
    """Return a cell: a text that starts like a formula gets an apostrophe, a number stays as it is."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if not isinstance(cell, str):
        return repr(cell)
    cell = cell.replace("\x00", "�")
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


def studies_cells(result: ComparisonResult) -> list[list[Cell]]:
    """Return a row a study, the pooled ones with their weights, then the doubtful ones."""
    weights = result.pooled.weights if result.pooled else ()
    if len(weights) != len(result.effects):
        weights = (None,) * len(result.effects)
    rows = [study_cells(effect, weight) for effect, weight in zip(result.effects, weights, strict=True)]
    return [*rows, *(study_cells(effect, None, False) for effect in result.doubtful)]


def study_cells(effect: Effect, weight: float | None, pooled: bool = True) -> list[Cell]:
    experimental, control = effect.experimental, effect.control
    return [
        effect.study,
        effect.label,
        effect.year,
        pooled,
        effect.yi,
        effect.vi,
        effect.sei,
        effect.ci_low,
        effect.ci_high,
        weight,
        effect.measure,
        effect.derivation,
        effect.n_total,
        effect.followup_weeks,
        effect.instrument,
        effect.value_type,
        effect.detail,
        experimental.n,
        experimental.mean,
        experimental.sd,
        experimental.events,
        control.n,
        control.mean,
        control.sd,
        control.events,
        effect.seen_as,
        " ".join(effect.cautions),
        effect.risk_of_bias.overall.judgement if effect.risk_of_bias else None,
        " ".join(map(ref_text, effect.refs)),
    ]


def ref_text(ref: SourceRef) -> str:
    return f"{ref.dataset}/{ref.table}{'' if ref.table in SUMMARIES else '.csv'}:{ref.line}"


def choice_cells(choice: Choice) -> list[Cell]:
    pooled = choice.pooled
    numbers: list[Cell] = (
        [None] * 7
        if pooled is None
        else [pooled.k, pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high, pooled.tau2, pooled.i2]
    )
    return [choice.code, *numbers, choice.answer, choice.same_answer, " ".join(choice.studies)]


def coefficients_cells(result: ComparisonResult) -> list[list[Cell]]:
    """Return a row a coefficient of a comparison's meta-regression, on the analysis scale."""
    rows = result.regression.coefficients if result.regression else ()
    return [
        [row.moderator or "intercept", row.level, row.estimate, row.se, row.df, row.ci_low, row.ci_high, row.p_value]
        for row in rows
    ]


def subgroups_cells(result: ComparisonResult) -> list[list[Cell]]:
    """Return a row a subgroup of a comparison, on the analysis scale."""
    found = result.subgroups
    return [
        [found.moderator, row.name, len(row.studies), row.estimate, row.se, row.ci_low, row.ci_high, row.p_value,
         row.tau2, row.i2, " ".join(row.studies)]
        for row in (found.groups if found else ())
    ]  # fmt: skip


def multiverse_cells(result: ComparisonResult) -> list[list[Cell]]:
    """Return a row an option; none where the multiverse was not explored."""
    return [
        [choice.name, choice.of_estimate, choice.of_answer, one.code, one.branches, one.same_answer, one.median]
        for choice in (result.multiverse.choices if result.multiverse else ())
        for one in choice.options
    ]


def claims_csv(run: Run) -> bytes:
    """Return the claims with their verdicts."""
    return csv_bytes(CLAIM_COLUMNS, map(claim_cells, run.verdicts))


def claim_cells(verdict: Verdict) -> list[Cell]:
    return [
        verdict.claim.id,
        verdict.claim.text,
        verdict.claim.source,
        verdict.verdict,
        verdict.fragile,
        verdict.agreeing_choices,
        verdict.choices,
        verdict.since.isoformat(),
        " ".join(part.part.comparison for part in verdict.parts),
        verdict.after_holm,
    ]


def comparisons_csv(run: Run) -> bytes:
    """Return the comparisons with their averages, on the analysis scale."""
    return csv_bytes(COMPARISON_COLUMNS, map(comparison_cells, run.comparisons))


def comparison_cells(result: ComparisonResult) -> list[Cell]:
    pooled = result.pooled
    numbers: list[Cell] = (
        [None] * 7
        if pooled is None
        else [pooled.estimate, pooled.ci_low, pooled.ci_high, pooled.pi_low, pooled.pi_high, pooled.tau2, pooled.i2]
    )
    return [
        result.comparison.id,
        result.comparison.question,
        result.comparison.measure,
        f"log {result.comparison.measure}" if result.comparison.measure in RATIOS else result.unit,
        len(result.effects),
        result.n_total,
        *numbers,
        result.answer,
    ]
