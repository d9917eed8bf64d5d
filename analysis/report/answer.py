"""The answer of a comparison in a sentence, assembled from tables of wordings.

What decides: how many studies, whether the interval holds no effect, how it lies against the smallest
difference that matters, the interval expected in a new setting, and the certainty somebody signed.
"""

from analysis.report.absolute import absolute_of, span
from analysis.report.extent import Extent, apart, beyond_observation, extent_of, new_setting, observed
from analysis.report.measures import DIRECTIONS
from analysis.report.moment import lapses
from analysis.report.phrases import TRIAL_DESIGNS
from analysis.report.published_tally import tally_sentence
from analysis.report.wording import Scale, level_words, plain, scale_of
from analysis.results import ComparisonResult, Pooled

VERBS = {  # certainty -> how firmly it is said (GRADE guidelines 26, doi:10.1016/j.jclinepi.2019.10.014)
    None: "was",
    "high": "is",
    "moderate": "is probably",
    "low": "may be",
    "very low": "may be",
}
OPENINGS = {"very low": "The evidence is very uncertain. "}
ALONE = "One {noun}, not pooled. "

CLEAR = "{opening}{alone}{lead}{outcome} {verb} {compared}"
OPEN = "{opening}Not settled. {alone}{lead}{outcome} was {compared}"
ANSWERS = {  # (does the interval hold no effect, its size against the smallest difference that matters)
    ("clear", "not stated"): CLEAR + ".",
    ("clear", "matters"): CLEAR + ". The whole {level} is beyond {threshold}.",
    ("clear", "matters on average"): CLEAR + ". That is {reach} {threshold}; the true effect may be less than that.",
    ("clear", "may matter"): CLEAR + ". That is {reach} {threshold}; the true effect may be more than that.",
    ("clear", "too small"): CLEAR + ", so the difference is smaller than patients notice ({smallest}).",
    ("open", "not stated"): OPEN + ".",
    ("open", "too small"): "{opening}{alone}{lead}{outcome} {verb} about the same {with_e} and {with_c} ({ends}), so "
    "any difference is smaller than patients notice ({smallest}).",
    ("open", "may matter"): OPEN + ". That is {reach} {threshold}; the true effect may be {possible} or nothing.",
    ("open", "either way"): OPEN + ". That is {reach} {threshold}; the true effect may be {possible}.",
}
REACHES = {False: "less than", True: "more than"}  # is the estimate as far from no effect as what matters
NOTICED = "the {smallest} that patients notice"
MATTERS = "the smallest effect that matters ({smallest})"  # of a measure without a unit
POSSIBLE = {  # (is it known which side is good, what of a size that matters the interval holds)
    (True, "both"): "an important gain, nothing, or an important loss",
    (True, "gain"): "an important gain",
    (True, "loss"): "an important loss",
    (False, "both"): "an important difference in either direction, or nothing",
    (False, "gain"): "an important difference",
    (False, "loss"): "an important difference",
}
SIDES = "{direction} {with_e} than {with_c}"
IN_PEOPLE = "{after} against {before} of 1,000 people ({ends})"
COMPARED = {  # (way of saying it, does the interval hold no effect) -> both sides and the size between them
    ("difference", "clear"): "{size} " + SIDES + " ({ends})",
    ("difference", "open"): "{size} {towards} {with_e} than {with_c} ({ends})",
    ("none", "open"): "no different {with_e} and {with_c} ({ends})",
    ("none", "clear"): "a little " + SIDES + " ({ends})",
    ("ratio", "clear"): SIDES + " ({amount}; {ends})",
    ("ratio", "open"): SIDES + " ({amount}; {ends})",
    ("times", "clear"): "{value} times as likely {with_e} as {with_c} ({ends})",
    ("about", "open"): "about as {likely} {with_e} as {with_c} ({amount}; {ends})",
    ("people", "open"): SIDES + ": " + IN_PEOPLE,
    ("about in people", "open"): "about as likely {with_e} as {with_c}: " + IN_PEOPLE,
}
ABOUT = 1.1  # a ratio within 1/1.1 and 1.1 is said to be about even; "not settled" stands before it
NEW_SETTINGS = {  # (does the interval hold no effect, what of a new setting)
    ("clear", "open"): " The effect differs between settings: in a new one it could be larger, nil or the other "
    "way round.",
    ("clear", "clear"): " A new setting would be expected to show the same direction.",
    ("clear", "not said"): "",
    ("open", "open"): "",
    ("open", "clear"): "",
    ("open", "not said"): "",
}
TWO_APART = {  # do the two lie on one side of no effect
    False: " The two {nouns} point in opposite directions ({first} and {second}).",
    True: " The two {nouns} do not agree: their intervals have no value in common ({first} and {second}).",
}
BEYOND = (
    " The interval is far wider than anything the {count} {nouns} saw ({seen}): so few cannot tell how much {nouns} "
    "differ, and no size can be read from it."
)
NO_ANSWERS = {  # (are there doubtful figures, are there rows that could not be used, are studies awaited)
    (False, False, False): "No study of this review answers the question yet.",
    (False, False, True): "No figures have been seen yet; the studies that would answer the question are listed below.",
    (False, True, False): "No study prints figures that can be pooled; what each one lacks is listed below.",
    (False, True, True): "No study prints figures that can be pooled; what each one lacks, and which studies "
    "would help, is listed below.",
    (True, False, False): "Only doubtful figures were seen, so there is no average.",
    (True, False, True): "Only doubtful figures were seen, so there is no average; studies that would help are "
    "listed below.",
    (True, True, False): "Only doubtful figures were seen, so there is no average; what the other rows lack is "
    "listed below.",
    (True, True, True): "Only doubtful figures were seen, so there is no average; what the other rows lack, and "
    "which studies would help, is listed below.",
}
NORMAL_INTERVAL = "interval=z"  # the choice that holds it


def trials(result: ComparisonResult) -> bool:
    """Say whether only randomised designs answer the question; then treatments are compared, else groups."""
    return all(design in TRIAL_DESIGNS for design in result.comparison.designs)


def noun(result: ComparisonResult) -> str:
    """Return what the rows of a comparison are called."""
    return "trial" if trials(result) else "study"


def nouns(result: ComparisonResult) -> str:
    """Return what the rows of a comparison are called, in the plural."""
    return "trials" if trials(result) else "studies"


def answer_sentence(result: ComparisonResult) -> str:
    """Return the answer of a comparison as text, without any P value."""
    if result.pooled is None:
        return no_average(result)
    extent, certainty = extent_of(result), result.comparison.certainty
    alone = result.pooled.k == 1
    sentence = ANSWERS[extent.settled, extent.size].format(
        opening=OPENINGS.get(certainty.rating, "") if certainty else "",
        alone=ALONE.format(noun=noun(result)) if alone else "",
        lead=lead(result),
        outcome=outcome_words(result),
        verb=VERBS[certainty.rating if certainty else None],
        compared=compared(result, extent),
        ends=ends(result, extent),
        level=level_words(result.pooled.level),
        smallest=smallest_words(result),
        threshold=threshold_words(result),
        reach=REACHES[extent.reaches],
        possible=possible_words(result, extent),
        **side_words(result),
    )
    return sentence + two_apart(result) + beyond_words(result) + NEW_SETTINGS[extent.settled, new_setting(result)]


def no_average(result: ComparisonResult) -> str:
    """Return what there is in place of an average: published results before anything else."""
    if result.published:
        return tally_sentence(result, noun(result))
    return NO_ANSWERS[bool(result.doubtful), bool(result.left_out), bool(result.awaited)]


def lead(result: ComparisonResult) -> str:
    """Return where and when it was seen: "In Tahir 2025, after 11 days, " or "On average "."""
    time = measured_after(result)
    if result.pooled.k == 1:
        return f"In {result.effects[0].label}, " + (f"after {time}, " if time else "")
    return f"On average, after {time}, " if time else "On average "


def measured_after(result: ComparisonResult) -> str | None:
    """Return after how long the studies of the average measured; None where time plays no part."""
    if result.comparison.window_weeks is None:
        return None
    return lapses(effect.followup_weeks for effect in result.effects)


def side_words(result: ComparisonResult) -> dict[str, str]:
    """Return both sides as a sentence takes them: treatments are given "with", groups are seen "in"."""
    preposition = "with" if trials(result) else "in"
    return {
        "with_e": f"{preposition} {result.experimental_label}",
        "with_c": f"{preposition} {result.control_label}",
    }


def outcome_words(result: ComparisonResult) -> str:
    """Return the outcome as a sentence takes it: a label with a comma is closed by one."""
    return f"{result.outcome_label}," if "," in result.outcome_label else result.outcome_label


def compared(result: ComparisonResult, extent: Extent) -> str:
    """Return the two sides with the size of what lies between them."""
    scale = scale_of(result)
    absolute = absolute_of(result, scale)
    before, after = absolute.counts if absolute else ("", "")
    return COMPARED[way(result, scale, extent), extent.settled].format(
        size=scale.amount(extent.estimate),
        value=scale.text(extent.estimate),
        amount=scale.size(extent.estimate),
        direction=direction(result, extent.estimate),
        towards=towards(result, extent.estimate),
        likely="likely" if scale.words.kind == "likelihood" else "high",
        ends=ends(result, extent),
        before=before,
        after=after,
        **side_words(result),
    )


def way(result: ComparisonResult, scale: Scale, extent: Extent) -> str:
    """Return in which way an average is put in words, a key of COMPARED."""
    if scale.measure == "RD" or scale.words.kind == "association":
        return "ratio"
    if not scale.ratio:
        return "none" if scale.text(abs(extent.estimate)) == scale.no_effect else "difference"
    if extent.settled == "clear":
        return "times" if scale.measure == "RR" and result.better == "higher" else "ratio"
    about = 1 / ABOUT <= scale.shown(extent.estimate) <= ABOUT
    if counted_in_people(result, scale):
        return "about in people" if about else "people"
    return "about" if about else "ratio"


def counted_in_people(result: ComparisonResult, scale: Scale) -> bool:
    """Say whether an average can be said in people: a risk ratio with a risk among controls."""
    return scale.measure == "RR" and result.control_risk is not None


def direction(result: ComparisonResult, estimate: float) -> str:
    """Return on which side of no effect the average lies, and for a level whether that is good news."""
    kind = scale_of(result).words.kind
    word = DIRECTIONS[kind][estimate > 0]
    if kind != "level" or result.better == "none":
        return word
    return f"{word} ({towards(result, estimate)})"


def towards(result: ComparisonResult, value: float) -> str:
    """Return on which side of no effect a value lies, as good or bad news where it is known which is which."""
    kind = scale_of(result).words.kind
    if kind != "level" or result.better == "none":
        return DIRECTIONS[kind][value > 0]
    return "better" if (value > 0) == (result.better == "higher") else "worse"


def ends(result: ComparisonResult, extent: Extent) -> str:
    """Return what stands in the brackets: the scale of the instrument, and the interval under its level."""
    scale = scale_of(result)
    text = f"{level_words(result.pooled.level)} {interval_words(result, scale, extent)}"
    return f"{scale.instrument}; {text}" if scale.instrument else text


def interval_words(result: ComparisonResult, scale: Scale, extent: Extent) -> str:
    """Return an interval as its sentence needs it: sizes when the side is said, each end with its side else."""
    if scale.ratio:
        absolute = absolute_of(result, scale) if counted_in_people(result, scale) else None
        return absolute.interval if absolute and extent.settled == "open" else scale.interval(extent.low, extent.high)
    if scale.words.kind == "association":
        return scale.interval(extent.low, extent.high)
    if scale.measure == "RD":
        return span(extent.low, extent.high, 0)
    if extent.settled == "clear":
        return scale.interval(*sorted((abs(extent.low), abs(extent.high))))
    return f"{end_words(result, scale, extent.low)} to {end_words(result, scale, extent.high)}"


def end_words(result: ComparisonResult, scale: Scale, value: float) -> str:
    """Return one end of an open interval: "17.5 worse"; no word where it is no difference."""
    text = scale.text(abs(value))
    return text if text == scale.no_effect else f"{text} {towards(result, value)}"


def two_apart(result: ComparisonResult) -> str:
    """Return that two studies contradict each other; nothing elsewhere."""
    if not apart(result):
        return ""
    first, second = result.effects
    return TWO_APART[(first.yi > 0) == (second.yi > 0)].format(
        nouns=nouns(result), first=sized(result, first.yi), second=sized(result, second.yi)
    )


def sized(result: ComparisonResult, value: float) -> str:
    """Return a value as its size and its side: "3.9 degrees lower"; as it stands where the measure has no sides."""
    scale = scale_of(result)
    if scale.ratio:
        return f"{scale.text(value)} {scale.words.amount}"
    if scale.words.kind != "level":
        return scale.named(value)
    if scale.text(abs(value)) == scale.no_effect:
        return "no difference"
    return f"{scale.amount(value)} {towards(result, value)}"


def beyond_words(result: ComparisonResult) -> str:
    """Return that no size can be read from an interval far wider than what the studies saw; nothing elsewhere."""
    if not beyond_observation(result):
        return ""
    count, (low, high) = result.pooled.k, observed(result)
    return BEYOND.format(
        nouns=nouns(result),
        count="two" if count == 2 else f"{count:,}",
        seen=sided_interval(result, low, high),
    )


def sided_interval(result: ComparisonResult, low: float, high: float) -> str:
    """Return an interval as sizes and sides: "17.5 worse to 31.8 better"; as it stands where a measure has no sides."""
    scale = scale_of(result)
    if scale.ratio or scale.words.kind != "level":
        return scale.interval(low, high)
    extent = Extent(low, low, high, None)
    side = f" {towards(result, low)}" if extent.settled == "clear" else ""
    return interval_words(result, scale, extent) + side


def smallest_words(result: ComparisonResult) -> str:
    """Return the smallest difference that matters with its unit."""
    smallest = result.comparison.smallest_important
    return "" if smallest is None else f"{plain(smallest)} {scale_of(result).short_unit}".rstrip()


def threshold_words(result: ComparisonResult) -> str:
    """Return the smallest difference that matters as a sentence takes it."""
    words = NOTICED if not scale_of(result).ratio and scale_of(result).short_unit else MATTERS
    return words.format(smallest=smallest_words(result))


def possible_words(result: ComparisonResult, extent: Extent) -> str:
    """Return which differences that matter the interval holds, as gain and loss where it is known which is which."""
    if extent.smallest is None or extent.settled == "clear":
        return ""
    up, down = extent.high >= extent.smallest, -extent.low >= extent.smallest
    gain = up if result.better == "higher" else down
    return POSSIBLE[result.better != "none", "both" if up and down else "gain" if gain else "loss"]


def normal_interval(result: ComparisonResult) -> Pooled | None:
    """Return the average with a normal interval when the main one has a t quantile on one degree of freedom."""
    if result.pooled is None or result.pooled.k != 2 or result.pooled.test == "z":
        return None
    return next((choice.pooled for choice in result.choices if choice.code == NORMAL_INTERVAL), None)
