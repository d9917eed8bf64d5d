"""What the page of a comparison says of how far its answer leans on time, on studies and on choices."""

from dataclasses import dataclass

from analysis.report.baujat import InfluencePlot, influence_plot
from analysis.report.drawing import Drawing
from analysis.report.left_one_out import LeftOneOut, left_one_out
from analysis.report.over_time import OverTime, over_time
from analysis.report.power import power_sentences
from analysis.report.small_studies import SmallStudyEffects, small_study_effects
from analysis.report.specification import key_sentence, specification_curve
from analysis.results import ComparisonResult


@dataclass(frozen=True)
class RobustnessParts:
    """The parts in the order of the page; None where there are too few studies."""

    influence: InfluencePlot | None
    over_time: OverTime | None
    small: SmallStudyEffects
    curve: tuple[Drawing, ...]
    curve_key: str
    left_one_out: LeftOneOut | None
    power: tuple[str, ...]


def robustness_parts(result: ComparisonResult) -> RobustnessParts:
    """Return the parts of a comparison."""
    return RobustnessParts(
        influence_plot(result),
        over_time(result),
        small_study_effects(result),
        specification_curve(result),
        key_sentence(result),
        left_one_out(result),
        power_sentences(result),
    )
