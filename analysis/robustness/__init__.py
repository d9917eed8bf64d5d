"""How far a pooled result leans on single studies, on small ones, on those that were seen; and what it can find."""

from analysis.robustness.bootstrap import Bootstrap, bootstrap
from analysis.robustness.fail_safe import FailSafe, fail_safe_n
from analysis.robustness.funnel_contours import Contour, funnel_contours
from analysis.robustness.gosh import Gosh, gosh
from analysis.robustness.influence import Baujat, Influence, baujat, influence
from analysis.robustness.multiplicity import holm
from analysis.robustness.pet_peese import Limit, PetPeese, pet_peese
from analysis.robustness.power import NewTrial, Power, expected_power, new_trial
from analysis.robustness.selection_model import SelectionModel, selection_model
from analysis.robustness.small_study import Begg, Egger, begg, egger
from analysis.robustness.trim_and_fill import Filled, trim_and_fill

__all__ = ["Baujat", "Begg", "Bootstrap", "Contour", "Egger", "FailSafe", "Filled", "Gosh", "Influence", "Limit",
           "NewTrial", "PetPeese", "Power", "SelectionModel", "baujat", "begg", "bootstrap", "egger", "expected_power",
           "fail_safe_n", "funnel_contours", "gosh", "holm", "influence", "new_trial", "pet_peese",
           "selection_model", "trim_and_fill"]
