"""One group in words: its values on the scale that a reader sees, its answer, and what it cannot tell."""

from math import inf

from analysis.report.answer import NO_ANSWERS
from analysis.report.extent import is_predictable
from analysis.report.links import unique
from analysis.report.measures import measure_of
from analysis.report.methods import spread_words
from analysis.report.moment import lapses
from analysis.report.wording import Scale, counted, decimals_of, level_words
from analysis.results import GroupResult, Pooled

PERCENT = "%"
NOUN, NOUNS = "study", "studies"
NOBODY = (
    "This is one group, compared with nobody. People also change with time, with care beside the treatment, and "
    "because they came when they were at their worst; and those who do worst may be lost to follow-up. So a change "
    "over time in one group is not an effect of treatment: effects are found by comparison."
)
TWO_STUDIES = (
    "Two studies say little of how much studies differ, so the interval is very wide (t quantile with one degree of "
    "freedom)."
)
TYPICAL = (
    "The average was taken of log odds and turned back into a share: it is the share of a typical study, and not the "
    "share of all people counted together."
)
BEYOND = (
    "That reaches beyond the scale, which no group can: the studies differ so much that the normal model is rough here."
)
POOLED_AS = {"PLO": "the log odds of the share", "PR": "the share, from 0 to 1,"}  # what yi is, where not as shown
ANSWERS = {  # measure -> what the average is, said in a sentence
    "MN": "{lead}{outcome} was {value} with {group} ({ends}).",
    "MC": "{lead}{outcome} had changed by {value} since baseline with {group} ({ends}).",
    "PR": "{lead}{outcome} was seen in {value} of people with {group} ({ends}).",
    "PLO": "{lead}{outcome} was seen in {value} of people with {group} ({ends}).",
}


def group_scale(result: GroupResult) -> Scale:
    """Return how the values of a group are printed: means in their unit, shares in percent."""
    measure, pooled = result.question.measure, result.pooled
    ends = [(one.ci_low, one.ci_high) for one in ([pooled] if pooled else (*result.effects, *result.doubtful))]
    percent = measure_of(measure).percent
    if percent:
        width = min((percent(high) - percent(low) for low, high in ends), default=100.0)
        return Scale(measure, PERCENT, 0 if width >= 10 else 1 if width >= 1 else 2)
    return Scale(measure, result.unit, decimals_of(measure, result.unit, [abs(end) for pair in ends for end in pair]))


def anchors_of(result: GroupResult) -> tuple[str, ...]:
    """Return the anchor of every study with figures: the pooled ones, then the doubtful ones."""
    return tuple(f"study-{name}" for name in unique(effect.study for effect in (*result.effects, *result.doubtful)))


def value_words(scale: Scale, value: float) -> str:
    """Return a value with its short unit: "2.9 points", "47 %"."""
    return f"{scale.text(value)} {scale.short_unit}".rstrip()


def interval_words(scale: Scale, low: float, high: float) -> str:
    """Return an interval; of shares with the sign of percent."""
    return f"{scale.interval(low, high)}{f' {PERCENT}' if scale.unit == PERCENT else ''}"


def pooled_words(result: GroupResult, pooled: Pooled) -> str:
    """Return an average with its interval: "47 % (37 to 58 %)"."""
    scale = group_scale(result)
    return f"{value_words(scale, pooled.estimate)} ({interval_words(scale, pooled.ci_low, pooled.ci_high)})"


def group_answer(result: GroupResult) -> str:
    """Return what the group showed on average, in a sentence."""
    pooled, scale = result.pooled, group_scale(result)
    if pooled is None:
        return NO_ANSWERS[bool(result.doubtful), bool(result.left_out), False]
    level = f"{level_words(pooled.level)} {interval_words(scale, pooled.ci_low, pooled.ci_high)}"
    lead = lead_words(result)
    comma = "," if "," in result.outcome_label else ""
    return ANSWERS[scale.measure].format(
        lead=lead,
        outcome=f"{result.outcome_label}{comma}",
        value=value_words(scale, pooled.estimate),
        group=result.group_label,
        ends=f"{scale.instrument}; {level}" if scale.instrument else level,
    )


def lead_words(result: GroupResult) -> str:
    """Return where and when it was seen: "In Tahir 2025, after 11 days, " or "On average, after 6 to 12 weeks, "."""
    time = lapses(effect.followup_weeks for effect in result.effects)
    if result.pooled.k == 1:
        return f"In {result.effects[0].label}, not pooled, " + (f"after {time}, " if time else "")
    return f"On average, after {time}, " if time else "On average "


def group_in_short(result: GroupResult) -> str:
    """Return the answer for a list: the average with its interval and its studies."""
    if result.pooled is None:
        return "no usable figures"
    return f"{pooled_words(result, result.pooled)}, {counted(result.pooled.k, NOUN, NOUNS)}"


def sentences_of(result: GroupResult) -> tuple[str, ...]:
    """Return what a reader must know before the figures: that nothing is compared, and how studies differ."""
    pooled = result.pooled
    if pooled is None:
        return (NOBODY,)
    typical = TYPICAL if result.question.measure == "PLO" and pooled.k > 1 else ""
    return (*filter(None, (NOBODY, typical)), *spread_sentences(result, pooled))


def spread_sentences(result: GroupResult, pooled: Pooled) -> tuple[str, ...]:
    """Return how far studies differ, the spread in a new setting first."""
    if pooled.k < 2:
        return ("One study: there is nothing to compare it with, so how studies differ cannot be seen.",)
    few = TWO_STUDIES if pooled.k == 2 and pooled.test != "z" else ""
    said = new_setting_words(result), spread_words(pooled, NOUN, NOUNS), few
    return tuple(filter(None, said))


def new_setting_words(result: GroupResult) -> str:
    """Return where such a group is expected in a new setting."""
    pooled, scale = result.pooled, group_scale(result)
    if not is_predictable(pooled):
        return ""
    ends = f"{scale.text(pooled.pi_low)} and {value_words(scale, pooled.pi_high)}"
    low, high = result.bounds if result.bounds and result.question.measure == "MN" else (-inf, inf)
    beyond = f" {BEYOND}" if pooled.pi_low < low or pooled.pi_high > high else ""
    return f"In a new setting such a group is expected between {ends}.{beyond}"


def description(result: GroupResult) -> str:
    """Return the finding, then the parts, for a reader who does not see the figure."""
    scale = group_scale(result)
    values = sorted(effect.yi for effect in result.effects)
    parts = [counted(len(values), NOUN, NOUNS).capitalize()]
    if len(values) > 1:
        parts.append(f"from {scale.text(values[0])} to {value_words(scale, values[-1])}")
        parts.append(f"average {pooled_words(result, result.pooled)}")
    if result.doubtful:
        parts.append(f"{counted(len(result.doubtful), 'doubtful study', 'doubtful studies')}, not pooled")
    return "; ".join(parts) + "."
