"""How the average came about: the pool of the first study, of the first two, and so on."""

from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.drawing import Drawing
from analysis.report.row_plot import PlotRow, ground_of, row_plots
from analysis.report.studies import study_names
from analysis.report.wording import counted, p_value, people, percent, scale_of, significant
from analysis.results import ComparisonResult, Step


@dataclass(frozen=True)
class StepRow:
    """The pool once a study had joined, every cell as text."""

    label: str
    effect: str
    interval: str
    studies: str
    people: str
    tau2: str
    i2: str
    p_value: str


@dataclass(frozen=True)
class OverTime:
    """What the page says of time."""

    sentence: str
    drawings: tuple[Drawing, ...]
    rows: tuple[StepRow, ...]


def over_time(result: ComparisonResult) -> OverTime | None:
    """Return the steps as figure and table; None with fewer than two studies."""
    steps = result.robustness.cumulative
    if not steps:
        return None
    names = study_names(result)
    rows = tuple(PlotRow(joined(names, step), step.estimate, step.ci_low, step.ci_high) for step in steps)
    sentence = standing_sentence(result, names)
    return OverTime(
        sentence,
        row_plots(ground_of(result), rows, "cumulative", "The average as studies joined", sentence),
        tuple(step_row(result, names, step) for step in steps),
    )


def joined(names: dict[str, str], step: Step) -> str:
    name = names.get(step.study, step.study)
    return name if step.k == 1 else f"+ {name}"


def step_row(result: ComparisonResult, names: dict[str, str], step: Step) -> StepRow:
    scale = scale_of(result)
    return StepRow(
        joined(names, step),
        scale.text(step.estimate),
        scale.interval(step.ci_low, step.ci_high),
        str(step.k),
        people(step.n_total),
        variance(step.tau2),
        percent(step.i2),
        p_value(step.p_value),
    )


def variance(tau2: float | None) -> str:
    """Return the variance between studies; a mark of missing where it is not defined."""
    return people(None) if tau2 is None else significant(tau2)


def side_of(step: Step) -> int:
    """Return on which side of no effect the whole interval lies: -1, 1, or 0 for neither."""
    return (step.ci_low > 0) - (step.ci_high < 0)


def standing_sentence(result: ComparisonResult, names: dict[str, str]) -> str:
    """Return since when the answer stands, or that it never did."""
    steps = result.robustness.cumulative
    sides, now = [side_of(step) for step in steps], side_of(steps[-1])
    of = counted(len(steps), noun(result), nouns(result))
    if now == 0:
        was = " It did not at every step before." if any(sides) else ""
        return f"With all {of} the interval of the average includes no effect.{was}"
    since = max((index for index, side in enumerate(sides) if side != now), default=-1) + 1
    if since == 0:
        return f"From the first of {of} on, the interval of the average has stayed on one side of no effect."
    name = names.get(steps[since].study, steps[since].study)
    return (
        f"Since {name} joined, as number {since + 1} of {of}, the interval of the average has stayed on one side of "
        "no effect."
    )
