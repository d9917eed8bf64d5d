"""What the page of a comparison says of how far its answer leans on time, on studies and on choices."""

from dataclasses import dataclass

from analysis.report.baujat import InfluencePlot, influence_plot
from analysis.report.left_one_out import LeftOneOut, left_one_out
from analysis.report.multiverse import MultiversePart, multiverse_part
from analysis.report.over_time import OverTime, over_time
from analysis.report.posterior import posterior_sentences
from analysis.report.power import power_sentences
from analysis.report.small_studies import SmallStudyEffects, small_study_effects
from analysis.report.within import study_count
from analysis.results import ComparisonResult, Run

FEWEST = 3  # studies: the steps from one to two, and each of two alone, are the rows of the forest plot again


@dataclass(frozen=True)
class RobustnessParts:
    """The parts in the order of the page; None where there are too few studies or nothing was tried."""

    influence: InfluencePlot | None
    over_time: OverTime | None
    small: SmallStudyEffects
    left_one_out: LeftOneOut | None
    power: tuple[str, ...]
    posterior: tuple[str, ...]
    multiverse: MultiversePart | None


def robustness_parts(run: Run, result: ComparisonResult) -> RobustnessParts:
    """Return the parts of a comparison."""
    enough = study_count(result) >= FEWEST
    return RobustnessParts(
        influence_plot(result),
        over_time(result) if enough else None,
        small_study_effects(result),
        left_one_out(result) if enough else None,
        power_sentences(result),
        posterior_sentences(result),
        multiverse_part(run, result),
    )
