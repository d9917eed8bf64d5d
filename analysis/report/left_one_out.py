"""The average without each study in turn: the choices of a comparison that leave one study out."""

from dataclasses import dataclass

from analysis.report.answer import noun
from analysis.report.drawing import Drawing
from analysis.report.over_time import variance
from analysis.report.row_plot import PlotRow, ground_of, row_plots
from analysis.report.studies import study_names
from analysis.report.wording import counted, p_value, percent, scale_of
from analysis.results import Choice, ComparisonResult

PREFIX = "without:"


@dataclass(frozen=True)
class WithoutRow:
    """The average without one study, every cell as text."""

    label: str
    effect: str
    interval: str
    tau2: str
    i2: str
    p_value: str


@dataclass(frozen=True)
class LeftOneOut:
    """What the page says of single studies."""

    sentence: str
    drawings: tuple[Drawing, ...]
    rows: tuple[WithoutRow, ...]


def left_one_out(result: ComparisonResult) -> LeftOneOut | None:
    """Return the average without each study; None where the protocol does not declare that choice."""
    choices = [choice for choice in result.choices if choice.code.startswith(PREFIX) and choice.pooled]
    if len(choices) < 2:
        return None
    names, sentence = study_names(result), without_sentence(result, choices)
    rows = tuple(
        PlotRow(without(names, choice), choice.pooled.estimate, choice.pooled.ci_low, choice.pooled.ci_high)
        for choice in choices
    )
    return LeftOneOut(
        sentence,
        row_plots(ground_of(result), rows, "without", f"The average without each {noun(result)}", sentence),
        tuple(without_row(result, names, choice) for choice in choices),
    )


def without(names: dict[str, str], choice: Choice) -> str:
    study = choice.code.removeprefix(PREFIX)
    return f"without {names.get(study, study)}"


def without_row(result: ComparisonResult, names: dict[str, str], choice: Choice) -> WithoutRow:
    scale, pooled = scale_of(result), choice.pooled
    return WithoutRow(
        without(names, choice),
        scale.text(pooled.estimate),
        scale.interval(pooled.ci_low, pooled.ci_high),
        variance(pooled.tau2),
        percent(pooled.i2),
        p_value(pooled.p_value),
    )


def without_sentence(result: ComparisonResult, choices: list[Choice]) -> str:
    """Return how far leaving out any one study moves the average, and whether the answer turns."""
    scale = scale_of(result)
    averages = [choice.pooled.estimate for choice in choices]
    turned = sum(not choice.same_answer for choice in choices)
    answer = f"the answer changes in {counted(turned, 'case')}" if turned else "the answer never changes"
    return (
        f"Leaving out any one {noun(result)} the average stays between {scale.text(min(averages))} and "
        f"{scale.text(max(averages))}; {answer}."
    )
