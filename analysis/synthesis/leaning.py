"""The effects of a comparison in, how far their pool leans on time, on single studies and on small ones out."""

from math import isfinite, sqrt

import numpy as np

from analysis.pooling import cumulative_rows, pool
from analysis.results import (
    MANTEL_HAENSZEL,
    Comparison,
    Effect,
    ImputedStudy,
    Robustness,
    SmallStudies,
    Step,
    StudyInfluence,
    TrimAndFill,
    WhatIf,
)
from analysis.robustness import begg, egger, influence, pet_peese, selection_model
from analysis.robustness.influence import baujat
from analysis.robustness.trim_and_fill import mirror_images
from analysis.synthesis.averaging import figures_of, settings_of, way_of_pooling

FEWEST_FOR_SMALL_STUDIES = 10  # Sterne 2011, doi:10.1136/bmj.d4002: below ten the tests have too little power


def look_at_robustness(effects: tuple[Effect, ...], comparison: Comparison) -> Robustness:
    """Return what can be said with as many effects as there are; nothing of several a study, which are not independent.

    Tables pooled without weights of single studies have no case diagnostics and no trim and fill: both are of
    inverse-variance weights.
    """
    if len(effects) < 2 or comparison.model == "multilevel":
        return Robustness()
    return Robustness(
        cumulative=cumulative_steps(effects, comparison),
        influence=influence_of_studies(effects, comparison) if len(effects) > 2 and weighs(comparison) else (),
        small_studies=small_studies(effects, comparison) if len(effects) >= FEWEST_FOR_SMALL_STUDIES else None,
    )


def weighs(comparison: Comparison) -> bool:
    """Return whether studies are weighed by the inverse of their variance."""
    return comparison.model != MANTEL_HAENSZEL


def by_year(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return effects as the years brought them; one without a year cannot be placed and comes last."""
    return tuple(sorted(effects, key=lambda effect: (effect.year is None, effect.year or 0, effect.study)))


def cumulative_steps(effects: tuple[Effect, ...], comparison: Comparison) -> tuple[Step, ...]:
    """Return the pool of the first study, of the first two, and so on."""
    ordered = by_year(effects)
    batch = cumulative_rows(len(ordered), way_of_pooling(ordered, comparison))
    steps, people = [], 0
    for index, effect in enumerate(ordered):
        pooled = batch.pooled(index)
        people = None if people is None or effect.n_total is None else people + effect.n_total
        steps.append(
            Step(effect.study, pooled.k, people, pooled.estimate, pooled.ci_low, pooled.ci_high, pooled.p_value,
                 pooled.tau2, pooled.i2)
        )  # fmt: skip
    return tuple(steps)


def influence_of_studies(effects: tuple[Effect, ...], comparison: Comparison) -> tuple[StudyInfluence, ...]:
    """Return the case diagnostics and Baujat's coordinates of every study, in the order given."""
    tau2, (yi, vi) = settings_of(comparison)["tau2"], figures_of(effects)
    cases, place = influence(yi, vi, tau2=tau2), baujat(yi, vi, tau2=tau2)
    columns = (place.heterogeneity, place.influence, cases.rstudent, cases.cooks_distance, cases.cov_ratio,
               cases.dffits, cases.hat, cases.tau2, cases.q)  # fmt: skip
    return tuple(
        StudyInfluence(effect.study, *map(finite, row))
        for effect, row in zip(effects, np.column_stack(columns).tolist(), strict=True)
    )


def small_studies(effects: tuple[Effect, ...], comparison: Comparison) -> SmallStudies:
    """Return the tests of small-study effects, and the pool that a symmetric funnel would have."""
    yi, vi = figures_of(effects)
    line, ranks = egger(yi, vi), begg(yi, vi)
    return SmallStudies(
        finite(line.statistic) if line else None,
        line.df if line else None,
        finite(line.p_value) if line else None,
        finite(ranks.tau) if ranks else None,
        finite(ranks.p_value) if ranks else None,
        filled(yi, vi, comparison) if weighs(comparison) else None,
        without_error(yi, vi, comparison.level),
        under_selection(yi, vi, comparison),
    )


def without_error(yi: np.ndarray, vi: np.ndarray, level: float) -> WhatIf | None:
    """Return the average of studies without sampling error, by PET or PEESE as their rule has it."""
    found = pet_peese(yi, vi, level=level)
    return WhatIf(found.chosen, found.estimate, found.ci_low, found.ci_high) if found else None


def under_selection(yi: np.ndarray, vi: np.ndarray, comparison: Comparison) -> WhatIf | None:
    """Return the average if significant results on the side of the pool were always seen, and others less often."""
    side = "higher" if pool(yi, vi, **settings_of(comparison)).estimate > 0 else "lower"
    found = selection_model(yi, vi, favoured=side, level=comparison.level)
    return WhatIf("selection", found.estimate, found.ci_low, found.ci_high) if found else None


def filled(yi: np.ndarray, vi: np.ndarray, comparison: Comparison) -> TrimAndFill | None:
    """Return the pool with mirror images of the studies that a symmetric funnel lacks."""
    settings = settings_of(comparison)
    images = mirror_images(yi, vi, tau2=settings["tau2"])
    if images is None:
        return None
    pooled = pool(np.append(yi, images.yi), np.append(vi, images.vi), level=comparison.level, **settings)
    imputed = tuple(ImputedStudy(float(y), sqrt(v)) for y, v in zip(images.yi, images.vi, strict=True))
    return TrimAndFill(images.side, imputed, pooled.estimate, pooled.ci_low, pooled.ci_high)


def finite(value: float) -> float | None:
    """Return the number, or None for one that no results document can hold."""
    return float(value) if isfinite(value) else None
