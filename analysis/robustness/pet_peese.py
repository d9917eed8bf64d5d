"""PET and PEESE: the effect that a study without sampling error would show, if small studies run high."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.batch import make_batch
from analysis.pooling.intervals import critical_value
from analysis.robustness.weighted_line import Term, term, weighted_line

BELOW = 0.10  # two-sided P of PET's intercept, 0.05 one-sided: the rule of the conditional estimate


@dataclass(frozen=True)
class Limit:
    """The intercept of one of the two regressions, on k - 2 degrees of freedom."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float


@dataclass(frozen=True)
class PetPeese:
    """Effects at a standard error of 0.

    Args:
        pet: From the regression on the standard error; its slope is Egger's test.
        peese: From the regression on the variance.
        chosen: "PEESE" where PET's intercept has a two-sided P below 0.10, else "PET".
        estimate, ci_low, ci_high: Those of the chosen one.
    """

    pet: Limit
    peese: Limit
    df: int
    chosen: str
    estimate: float
    ci_low: float
    ci_high: float


def pet_peese(yi: ArrayLike, vi: ArrayLike, *, level: float = 0.95) -> PetPeese | None:
    """Return the precision-effect test, the estimate with standard errors, and the conditional one of both.

    PET gives too little where there is an effect, PEESE too much where there is none; hence the rule. Like Egger's
    test both take a relation of effect and size for bias, which heterogeneity can make as well; with few studies, or
    studies of like size, they say little.

    Args:
        yi, vi: Effects and their variances, shape (k,), as in `analysis.pooling.pool`.
        level: Of the intervals, between 0 and 1.

    Returns:
        None with fewer than three studies, with equal variances, or where a line fits without residuals.

    Source:
        Stanley and Doucouliagos 2014, doi:10.1002/jrsm.1095; the level of the rule as Stanley 2017,
        doi:10.1177/1948550617693062. Reference values: R lm, tests/reference/metafor/small_study.json.
    """
    batch = make_batch(yi, vi, [0])
    lines = [weighted_line(batch.yi, batch.vi, predictor) for predictor in (np.sqrt(batch.vi), batch.vi)]
    if lines[0] is None or lines[1] is None:
        return None
    df, scale = lines[0].df, float(batch.scale[0])
    reach = float(critical_value(np.array([df], float), level)[0])
    centre = float(batch.centre[0])
    # P is that of the effect itself, so the shift is undone before the test
    pet, peese = (limit(line.intercept, centre, scale, reach, df) for line in lines)
    name, kept = ("PEESE", peese) if pet.p_value < BELOW else ("PET", pet)
    return PetPeese(pet, peese, df, name, kept.estimate, kept.ci_low, kept.ci_high)


def limit(intercept: Term, centre: float, scale: float, reach: float, df: int) -> Limit:
    """Return an intercept in the units of the effects."""
    moved = term(centre + intercept.estimate * scale, intercept.se * scale, df)
    return Limit(moved.estimate, moved.se, moved.estimate - reach * moved.se, moved.estimate + reach * moved.se,
                 moved.p_value)
