"""How reports name the models, estimators and intervals, and what the calculation says of itself, by their codes."""

MODELS = {
    "random": "random effects: every study has its own true effect, and the average of these is estimated",
    "common": "common effect: all studies are taken to share one true effect",
    "multilevel": "multilevel: studies differ, and so do the results of one study; several of its results enter",
    "mantel-haenszel": "Mantel-Haenszel: all studies are taken to share one true effect, and the tables of events are "
    "pooled themselves, so that rare events need no correction",
}

MODEL_NAMES = {
    "random": "random effects",
    "common": "common effect",
    "multilevel": "multilevel",
    "mantel-haenszel": "Mantel-Haenszel",
}

PRIOR_WORDS = {"half-normal": "a half-normal distribution", "half-cauchy": "a half-Cauchy distribution"}

TAU2_METHODS = {
    "FE": "common effect, no variance between studies",
    "MH": "Mantel-Haenszel, no variance between studies",
    "DL": "DerSimonian-Laird",
    "PM": "Paule-Mandel",
    "REML": "restricted maximum likelihood (REML)",
    "ML": "maximum likelihood",
    "EB": "empirical Bayes",
    "HE": "Hedges",
    "SJ": "Sidik-Jonkman",
    "HS": "Hunter-Schmidt",
    "HSk": "Hunter-Schmidt, corrected for small samples",
    "PMM": "Paule-Mandel, median-unbiased",
    "DL2": "DerSimonian-Laird in two steps",
    "CA2": "Hedges, then DerSimonian-Laird with its weights",
}

INTERVALS = {
    "z": "Wald, normal quantile",
    "hksj": "Hartung-Knapp, t quantile with k − 1 degrees of freedom",
    "hksj-floor": "Hartung-Knapp, t quantile with k − 1 degrees of freedom, "
    "and never narrower than under a common effect",
    "cr2": "robust to errors that the results of a study share (CR2), t quantile with Satterthwaite's degrees of "
    "freedom",
}

STATUSES = {
    "ok": "Nothing unusual in the fit.",
    "no-studies": "No row could be used, so nothing was pooled.",
    "one-study": "One study: its own estimate and interval are shown; variance between studies, I², Q and an interval "
    "for a new setting are not defined.",
    "common-effect": "One effect is assumed for all studies, so there is no variance between them and no interval for "
    "a new setting.",
    "wald-used": "The Hartung-Knapp interval has no meaning here; the normal (Wald) interval is given.",
    "boundary": "The variance between studies is estimated as exactly zero.",
    "two-modes": "The likelihood of the variance between studies has two peaks; the higher one is used. "
    "Look for a study in other units.",
    "k2-t": "Two studies: the interval uses a t quantile with one degree of freedom, so it is very wide; "
    "the normal interval, much too narrow, stands beside it here.",
    "floor-used": "The studies differ less than sampling alone makes them on average, which is common by chance; the "
    "standard error is held at the classical one.",
    "narrow": "The Hartung-Knapp interval is narrower than the classical one.",
    "identical-effects": "All effects are the same: the Hartung-Knapp interval would have no width, so the classical "
    "standard error is used.",
    "profile-empty": "The effects differ less than chance alone would make them: the interval of the variance between "
    "studies is 0 to 0.",
    "component-zero": "The variance between clusters, or that between the rows of one, is estimated as zero.",
    "variance-ratio": "The variances of the studies differ by a factor of ten million or more: look for an error "
    "of units.",
    "not-converged": "The estimate of the variance between studies did not settle; the result is not reliable.",
    "not-estimable": "A group has no events in any table, or there are none at all: this method gives no estimate.",
    "zero-cells-corrected": "One cell of the two-by-two table is zero in every study, which leaves nothing to pool; so "
    "0.5 was added to all four cells of each study with a zero cell.",
    "moderators": "The effect depends on the moderators, so there is no single average; variance between studies, "
    "I² and Q are what they leave.",
    "rows-left-out": "Some rows could not be used; they are listed with their reasons.",
}

SECOND_OPINION_REASONS = {
    "preview": "A preview leaves it out; a recorded run asks.",
    "fewer-than-two-trials": "There are fewer than two studies: nothing is pooled.",
    "multilevel": "{program} has no multilevel model of given variances.",
    "no-tables": "{program} does not pool differences between risks from tables.",
    "zero-cells": "{program} has no rule for a cell of the table that is zero in every study.",
    "no-estimator": "{program} does not have this estimator of the variance between studies.",
    "q-below-df": "{program} does not set a negative variance to zero, so it is not asked where the studies agree "
    "more closely than chance.",
    "not-said": "No reason is recorded.",
}
