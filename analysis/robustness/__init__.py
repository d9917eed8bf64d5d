"""How far a pooled result leans on single studies, or on small ones."""

from analysis.robustness.influence import Influence, influence
from analysis.robustness.small_study import Begg, Egger, begg, egger
from analysis.robustness.trim_and_fill import Filled, trim_and_fill

__all__ = ["Begg", "Egger", "Filled", "Influence", "begg", "egger", "influence", "trim_and_fill"]
