"""Several effects of a study: how they are counted, told apart, and put in words."""

from analysis.report.phrases import phrase
from analysis.report.wording import counted, level_words, percent, plain, scale_of, significant
from analysis.results import ONE_EFFECT, ComparisonResult, Effect, NotFitted

FEWEST_DF = 4  # Tipton 2015, doi:10.1037/met0000011: below, P may be several times too small
NOT_MULTILEVEL = {
    "too-few": "a model of effects within studies needs two studies, and {found}",
    "one-row-each": "every study has one effect that can be used",
    "rows-alike": "the effects are too few or too alike for its variances",
}
DIFFERENCES = (  # what tells the effects of a study apart -> how it is said
    ("followup_weeks", lambda value: f"{plain(value)} weeks"),
    ("instrument", str),
    ("detail", str),
    ("value_type", str),
)


def several(result: ComparisonResult) -> bool:
    """Say whether studies enter with several effects, in a multilevel model."""
    return result.within is not None and result.within.not_fitted is None


def study_count(result: ComparisonResult) -> int:
    """Return the studies in the pool, those with several effects once."""
    return len(set(result.within.people)) if several(result) else len(result.effects)


def model_used(result: ComparisonResult) -> str:
    """Return the model of the pool: random effects where the multilevel model could not be fitted."""
    return "random" if result.within and result.within.not_fitted else result.comparison.model


def interval_used(result: ComparisonResult) -> str:
    """Return the code of the interval of the average."""
    if result.comparison.model in ONE_EFFECT:
        return "z"
    return "cr2" if several(result) else result.comparison.interval


def effect_labels(result: ComparisonResult) -> tuple[str, ...]:
    """Return how each effect is named, pooled then doubtful: by its study, and by what its study measures besides."""
    effects = (*result.effects, *result.doubtful)
    return tuple(f"{one.label}: {own}" if (own := own_words(one, effects)) else one.label for one in effects)


def own_words(effect: Effect, effects: tuple[Effect, ...]) -> str:
    """Return what tells an effect from the others of its study; nothing for a study with one."""
    siblings = [one for one in effects if one.study == effect.study]
    differing = [name for name, _ in DIFFERENCES if len({getattr(one, name) for one in siblings}) > 1]
    said = dict(DIFFERENCES)
    words = [said[name](getattr(effect, name)) for name in differing if getattr(effect, name) is not None]
    return ", ".join(words)


def within_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return what a multilevel model says beside its average, or why each study enters once."""
    within = result.within
    if within is None:
        return ()
    if within.not_fitted:
        return (f"The protocol asks for several effects of a study in one model. {not_multilevel(within.not_fitted)}",)
    return tuple(filter(None, (counts_sentence(result), split_sentence(result), robust_sentence(result))))


def not_multilevel(why: NotFitted) -> str:
    found = "there is one" if why.found == 1 else f"there are {why.found or 'none'}"
    reason = phrase(NOT_MULTILEVEL, why.code).format(found=found)
    return f"That is not possible here: {reason}. So each study enters once, with the row that the protocol prefers."


def counts_sentence(result: ComparisonResult) -> str:
    within = result.within
    return (
        f"{counted(within.rows, 'result')} of {counted(within.studies, 'study', 'studies')} are pooled together, with "
        "one variance between studies and one between the results of a study. Nobody counts twice: results of the same "
        "people share what their study has of its own."
    )


def split_sentence(result: ComparisonResult) -> str:
    """Return how much of the variance lies between studies."""
    within = result.within
    total = within.between + within.within
    if total == 0:
        return "Neither between studies nor within them was any variation beyond chance found."
    return (
        f"Of the variation beyond chance, {percent(100 * within.between / total)} lies between studies (variance "
        f"{significant(within.between)}) and the rest between the results of one study (variance "
        f"{significant(within.within)})."
    )


def robust_sentence(result: ComparisonResult) -> str:
    """Return the interval of the model itself beside the robust one, and a caution where few studies carry it."""
    within, scale = result.within, scale_of(result)
    text = (
        f"The {level_words(result.pooled.level)} shown holds even where the errors of one study's results are "
        f"correlated (CR2, {significant(within.robust_df)} degrees of freedom). Taking those errors to be independent "
        f"gives {scale.interval(within.model_low, within.model_high)}."
    )
    if within.robust_df < FEWEST_DF:
        text += f" With fewer than {FEWEST_DF} degrees of freedom the P value may still be too small."
    return text


def within_facts(result: ComparisonResult) -> tuple[str, ...]:
    """Return the two variances of a multilevel model with their intervals."""
    within = result.within
    return (
        f"variance between studies {significant(within.between)}{ends(within.between_ci)}",
        f"within studies {significant(within.within)}{ends(within.within_ci)}",
    )


def ends(interval: tuple[float, float] | None) -> str:
    return f" ({significant(interval[0])} to {significant(interval[1])})" if interval else ""
