"""The answer of a comparison in a sentence, assembled from tables of wordings.

What decides: how many studies, whether the interval holds no effect, how it lies against the smallest
difference that matters, the interval expected in a new setting, and the certainty somebody signed.
"""

from analysis.report.absolute import absolute_of, span
from analysis.report.extent import Extent, apart, extent_of, new_setting
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
    ("clear", "matters"): CLEAR + ". The whole {level} is beyond the smallest difference that matters ({smallest}).",
    ("clear", "matters on average"): CLEAR + ". The {centre} is beyond the smallest difference that matters "
    "({smallest}); the {level} also holds smaller ones.",
    ("clear", "may matter"): CLEAR + ". The {centre} is below the smallest difference that matters ({smallest}); the "
    "{level} also holds larger ones.",
    ("clear", "too small"): CLEAR + ", so the difference is smaller than patients notice ({smallest}).",
    ("open", "not stated"): OPEN + ".",
    ("open", "too small"): "{opening}{alone}{lead}{outcome} {verb} about the same {with_e} and {with_c} ({ends}), so "
    "any difference is smaller than patients notice ({smallest}).",
    ("open", "may matter"): OPEN + ". No difference, and one that matters ({smallest}), are both possible.",
    ("open", "either way"): OPEN + ". A difference that matters ({smallest}) is possible either way.",
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
        centre="estimate" if alone else "average",
        level=level_words(result.pooled.level),
        smallest=smallest_words(result),
        **side_words(result),
    )
    return sentence + two_apart(result) + NEW_SETTINGS[extent.settled, new_setting(result)]


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
    scale, (first, second) = scale_of(result), result.effects
    unit = f" {scale.words.amount if scale.ratio else scale.short_unit}".rstrip()
    return TWO_APART[(first.yi > 0) == (second.yi > 0)].format(
        nouns=nouns(result), first=scale.text(first.yi), second=scale.text(second.yi) + unit
    )


def smallest_words(result: ComparisonResult) -> str:
    """Return the smallest difference that matters with its unit."""
    smallest = result.comparison.smallest_important
    return "" if smallest is None else f"{plain(smallest)} {scale_of(result).short_unit}".rstrip()


def normal_interval(result: ComparisonResult) -> Pooled | None:
    """Return the average with a normal interval when the main one has a t quantile on one degree of freedom."""
    if result.pooled is None or result.pooled.k != 2 or result.pooled.test == "z":
        return None
    return next((choice.pooled for choice in result.choices if choice.code == NORMAL_INTERVAL), None)
