"""Tables of one group as rows of cells: its average, its studies, and its average under other choices."""

from analysis.report.tables import Cell, ref_text
from analysis.results import GroupEffect, GroupResult, Pooled

GROUP_COLUMNS = (
    "question", "measure", "unit", "k", "n_total", "estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high", "tau2",
    "i2",
)  # fmt: skip
GROUP_STUDY_COLUMNS = (
    "study", "label", "year", "pooled", "yi", "vi", "sei", "ci_low", "ci_high", "weight_percent", "measure",
    "derivation", "followup_weeks", "instrument", "value_type", "detail", "arms", "n", "mean", "sd", "events",
    "seen_as", "cautions", "rows",
)  # fmt: skip
GROUP_CHOICE_COLUMNS = ("choice", "k", "estimate", "se", "ci_low", "ci_high", "tau2", "i2", "studies")
UNITS = {"PR": "share", "PLO": "log odds"}


def group_cells(result: GroupResult) -> list[list[Cell]]:
    """Return the one row of a group, on the analysis scale."""
    question, pooled = result.question, result.pooled
    ends = [pooled.pi_low, pooled.pi_high] if pooled else [None, None]
    return [
        [question.question, question.measure, UNITS.get(question.measure, result.unit), len(result.effects),
         result.n_total, *average_cells(pooled), *ends, *spread_cells(pooled)]
    ]  # fmt: skip


def average_cells(pooled: Pooled | None) -> list[Cell]:
    return [pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high] if pooled else [None] * 4


def spread_cells(pooled: Pooled | None) -> list[Cell]:
    return [pooled.tau2, pooled.i2] if pooled else [None, None]


def group_study_cells(result: GroupResult) -> list[list[Cell]]:
    """Return a row a study, the pooled ones with their weights, then the doubtful ones, on the analysis scale."""
    weights = result.pooled.weights if result.pooled else ()
    rows = [study_cells(effect, weight) for effect, weight in zip(result.effects, weights, strict=True)]
    return [*rows, *(study_cells(effect, None) for effect in result.doubtful)]


def study_cells(effect: GroupEffect, weight: float | None) -> list[Cell]:
    arm = effect.arm
    return [
        effect.study, effect.label, effect.year, weight is not None, effect.yi, effect.vi, effect.sei, effect.ci_low,
        effect.ci_high, weight, effect.measure, effect.derivation, effect.followup_weeks, effect.instrument,
        effect.value_type, effect.detail, " ".join(arm.arms), arm.n, arm.mean, arm.sd, arm.events, effect.seen_as,
        " ".join(effect.cautions), " ".join(map(ref_text, effect.refs)),
    ]  # fmt: skip


def group_choice_cells(result: GroupResult) -> list[list[Cell]]:
    """Return a row a choice that the protocol declares, on the analysis scale."""
    return [
        [one.code, len(one.studies), *average_cells(one.pooled), *spread_cells(one.pooled), " ".join(one.studies)]
        for one in result.choices
    ]


TABLES = {  # ending of the file -> its columns and rows
    ".csv": (GROUP_STUDY_COLUMNS, group_study_cells),
    "-choices.csv": (GROUP_CHOICE_COLUMNS, group_choice_cells),
}
