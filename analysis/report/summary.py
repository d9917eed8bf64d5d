"""The first screen of a comparison: the summary of findings and why it is not more certain."""

from dataclasses import dataclass

from analysis.report.absolute import Absolute, absolute_of
from analysis.report.answer import direction, measured_after, noun, nouns, side_words, sided_interval, sized
from analysis.report.bias import bias_prompts
from analysis.report.cautions import SAID_ELSEWHERE, awaited_words, caution_words
from analysis.report.extent import has_new_setting, inconsistent, new_setting
from analysis.report.moment import lapse
from analysis.report.phrases import CERTAINTY_DOTS, NOBODY_SIGNED, NOT_RATED, RATING_PROMPTS, phrase
from analysis.report.within import study_count
from analysis.report.wording import counted, day, level_words, people_words, percent, plain, scale_of, sentence_case
from analysis.results import ComparisonResult

FEW_STUDIES = 10
EARLY = 4  # a study that measured before this part of the intended time is named as early
NO_RISK = "not printed"
SMD_GLOSS = "0.2 is often called small, 0.5 moderate, 0.8 large (Cohen 1988)"


@dataclass(frozen=True)
class Finding:
    """The one row of the summary table, every cell as text; None where there is nothing to say."""

    outcome: str
    followup: str | None
    absolute: Absolute | None
    among: str  # whose risk the control's is
    effect_head: str
    effect: str
    interval: str | None
    level: str | None
    reading: str | None
    new_setting: str | None
    unit: str | None
    gloss: str | None
    no_risk: str | None
    smallest: str | None
    studies: str
    people: str
    certainty: str
    dots: str | None
    rated: str | None


def finding(result: ComparisonResult) -> Finding:
    """Return the summary of findings of a comparison."""
    scale, pooled, comparison = scale_of(result), result.pooled, result.comparison
    certainty = comparison.certainty
    return Finding(
        outcome=sentence_case(result.outcome_label),
        followup=followup(result),
        absolute=absolute_of(result, scale),
        among=f"in the {noun(result)}" if study_count(result) == 1 else f"median among the {nouns(result)}",
        effect_head="Relative effect" if scale.ratio else "Difference",
        effect=short_effect(result),
        interval=sided_interval(result, pooled.ci_low, pooled.ci_high) if pooled else None,
        level=level_words(pooled.level) if pooled else None,
        reading=reading(result),
        new_setting=new_setting_words(result),
        unit=scale.instrument or None,
        gloss=SMD_GLOSS if scale.measure.startswith("SMD") and pooled else None,
        no_risk=no_risk(result),
        smallest=smallest(result),
        studies=counted(study_count(result), noun(result), nouns(result)),
        people=people_words(result.n_total) if result.effects else "",
        certainty=certainty.rating if certainty else NOT_RATED,
        dots=CERTAINTY_DOTS.get(certainty.rating) if certainty else None,
        rated=f"rated by {certainty.rater}, {day(certainty.rated)}" if certainty else NOBODY_SIGNED,
    )


def no_risk(result: ComparisonResult) -> str | None:
    """Return that a ratio cannot be said in people, where no group prints its events; None elsewhere."""
    scale = scale_of(result)
    if result.pooled is None or result.control_risk is not None or scale.words.kind != "likelihood":
        return None
    return NO_RISK if scale.ratio else None


def short_effect(result: ComparisonResult) -> str:
    """Return the average as the large figure of the table: its size and side where it has them, else its measure."""
    scale, pooled = scale_of(result), result.pooled
    if pooled is None:
        return "no average"
    if scale.ratio or scale.words.kind != "level":
        return f"{scale.words.short} {scale.text(pooled.estimate)}"
    return sized(result, pooled.estimate)


def followup(result: ComparisonResult) -> str | None:
    """Return when the outcome was measured, from the studies used; None where time plays no part."""
    time = measured_after(result)
    return f"at {time}" if time else None


def reading(result: ComparisonResult) -> str | None:
    """Return with or in whom the average is on its side, against whom."""
    if result.pooled is None or scale_of(result).text(abs(result.pooled.estimate)) == scale_of(result).no_effect:
        return None
    words = side_words(result)
    side = "" if scale_of(result).words.kind == "level" else f"{direction(result, result.pooled.estimate)} "
    return f"{side}{words['with_e']} than {words['with_c']}"


def new_setting_words(result: ComparisonResult) -> str | None:
    """Return the interval expected in a new setting; None where it is not shown."""
    if not has_new_setting(result):
        return None
    return sided_interval(result, result.pooled.pi_low, result.pooled.pi_high)


def smallest(result: ComparisonResult) -> str | None:
    """Return the smallest difference that matters, with its unit and source."""
    comparison = result.comparison
    if comparison.smallest_important is None:
        return None
    figure = f"{plain(comparison.smallest_important)} {scale_of(result).unit_words}".rstrip()
    source = comparison.smallest_important_source
    return f"{figure} ({source})" if source else figure


def certainty_reasons(result: ComparisonResult) -> tuple[str, ...]:
    """Return the signed reasons, or what a rater would want to weigh; never a rating of our own."""
    certainty = result.comparison.certainty
    if certainty:
        return certainty.reasons
    pooled = result.pooled
    words = {"i2": percent(pooled.i2), "level": level_words(pooled.level)} if pooled else {}
    words |= early_words(result) | caution_words(result) | awaited_words(result)
    prompts = (RATING_PROMPTS[code].format(**words) for code in rating_prompts(result))
    return (*prompts, *bias_prompts(result))


def earliest(result: ComparisonResult) -> float | None:
    """Return the weeks of a study that measured before a quarter of the intended time; None without one."""
    target = result.comparison.target_weeks
    weeks = [effect.followup_weeks for effect in result.effects if effect.followup_weeks is not None]
    return min(weeks) if target and weeks and min(weeks) < target / EARLY else None


def early_words(result: ComparisonResult) -> dict[str, str]:
    """Return when a study measured and when it was meant to, for the prompt that names it."""
    weeks = earliest(result)
    return {} if weeks is None else {"measured": lapse(weeks), "intended": lapse(result.comparison.target_weeks)}


def rating_prompts(result: ComparisonResult) -> list[str]:
    """Return the codes of what a rater would want to weigh."""
    pooled = result.pooled
    if pooled is None:
        return ["awaited"] if result.awaited else []
    holds = pooled.ci_low <= 0 <= pooled.ci_high
    cautions = {code for effect in result.effects for code in effect.cautions}
    found = {
        "one-study": pooled.k == 1,
        "interval": holds,
        "early": earliest(result) is not None,
        "inconsistent": inconsistent(result),
        "prediction": not holds and new_setting(result) == "open",
        "doubtful": bool(result.doubtful),
        "clusters": "clusters-ignored" in cautions,
        "rounding": "coarse-rounding" in cautions,
        "cautions": bool(cautions - set(SAID_ELSEWHERE)),
        "awaited": bool(result.awaited),
        "few": 1 < pooled.k < FEW_STUDIES,
    }
    return [code for code, applies in found.items() if applies]


def certainty_word(result: ComparisonResult) -> str:
    """Return the certainty for a list: the rating with its dots, or that there is none yet."""
    certainty = result.comparison.certainty
    return f"{phrase(CERTAINTY_DOTS, certainty.rating)} {certainty.rating}" if certainty else NOT_RATED
