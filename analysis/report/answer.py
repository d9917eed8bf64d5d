"""The answer of a comparison in a sentence, assembled from tables of wordings.

What decides: how many studies, whether the interval holds no effect, how it lies against the smallest
difference that matters, the interval expected in a new setting, and the certainty somebody signed.
"""

from dataclasses import dataclass

from analysis.report.phrases import DIRECTIONS, TRIAL_DESIGNS
from analysis.report.wording import Scale, plain, scale_of, sentence_case
from analysis.results import ComparisonResult, Pooled

VERBS = {  # certainty -> how firmly it is said (GRADE guidelines 26, doi:10.1016/j.jclinepi.2019.10.014)
    None: "was",
    "high": "is",
    "moderate": "is probably",
    "low": "may be",
    "very low": "may be",
}
OPENINGS = {"very low": "The evidence is very uncertain. "}

CLEAR = "{outcome} {verb} {direction} {with_e} than {with_c}, {amount}"
OPEN = "whether {outcome} is {less} or {more} {with_e} than {with_c} is not settled: {signed}"
ANSWERS = {  # (does the interval hold no effect, its size against the smallest difference that matters)
    ("clear", "not stated"): CLEAR + ".",
    ("clear", "matters"): CLEAR + "; the whole interval is beyond the smallest difference that matters ({smallest}).",
    ("clear", "matters on average"): CLEAR + "; the average is beyond the smallest difference that matters "
    "({smallest}), the interval also holds smaller ones.",
    ("clear", "may matter"): CLEAR + "; the average is below the smallest difference that matters ({smallest}), "
    "the interval also holds larger ones.",
    ("clear", "too small"): CLEAR + "; the whole interval is below the smallest difference that matters ({smallest}).",
    ("open", "not stated"): OPEN + ", so it could be {less}, the same or {more}.",
    ("open", "too small"): "{outcome} {verb} about the same {with_e} and {with_c}: {signed}; the whole interval is "
    "below the smallest difference that matters ({smallest}).",
    ("open", "may matter"): OPEN + "; no difference, and one beyond the smallest that matters ({smallest}), "
    "are both possible.",
    ("open", "either way"): OPEN + "; a difference that matters ({smallest}) is possible in both directions.",
}
NEW_SETTINGS = {  # (does the interval hold no effect, does the interval for a new setting)
    ("clear", "open"): " The effect differs between settings: in a new one it could be larger, nil or the other "
    "way round.",
    ("clear", "clear"): " A new setting would be expected to show the same direction.",
    ("open", "open"): "",
    ("open", "clear"): "",
    ("clear", "not defined"): "",
    ("open", "not defined"): "",
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


@dataclass(frozen=True)
class Extent:
    """An average and its interval on the analysis scale, read against no effect and what matters."""

    estimate: float
    low: float
    high: float
    smallest: float | None

    @property
    def settled(self) -> str:
        return "clear" if self.low > 0 or self.high < 0 else "open"

    @property
    def size(self) -> str:
        if self.smallest is None:
            return "not stated"
        if max(abs(self.low), abs(self.high)) < self.smallest:
            return "too small"
        return self.clear_size() if self.settled == "clear" else self.open_size()

    def clear_size(self) -> str:
        if min(abs(self.low), abs(self.high)) >= self.smallest:
            return "matters"
        return "matters on average" if abs(self.estimate) >= self.smallest else "may matter"

    def open_size(self) -> str:
        both = -self.low >= self.smallest and self.high >= self.smallest
        return "either way" if both else "may matter"


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
        return NO_ANSWERS[bool(result.doubtful), bool(result.left_out), bool(result.awaited)]
    certainty = result.comparison.certainty
    extent, body = extent_of(result), body_of(result)
    opening = OPENINGS.get(certainty.rating, "") if certainty else ""
    if result.pooled.k == 1:
        opening = f"One {noun(result)}, not pooled. {opening}In {result.effects[0].label}, "
        return opening + body
    return opening + sentence_case(body) + NEW_SETTINGS[extent.settled, new_setting(result)]


def body_of(result: ComparisonResult) -> str:
    """Return the sentence about the average, its first letter small."""
    extent, scale = extent_of(result), scale_of(result)
    certainty = result.comparison.certainty
    less, more = DIRECTIONS[scale.words.kind]
    preposition = "with" if trials(result) else "in"
    return ANSWERS[extent.settled, extent.size].format(
        outcome=outcome_words(result),
        verb=VERBS[certainty.rating if certainty else None],
        direction=direction(result, extent.estimate),
        less=less,
        more=more,
        with_e=f"{preposition} {result.experimental_label}",
        with_c=f"{preposition} {result.control_label}",
        amount=amount(result, scale, extent),
        signed=signed(result, scale, extent),
        smallest=smallest_words(result),
    )


def outcome_words(result: ComparisonResult) -> str:
    """Return the outcome as a sentence takes it: a label with a comma is closed by one."""
    return f"{result.outcome_label}," if "," in result.outcome_label else result.outcome_label


def extent_of(result: ComparisonResult) -> Extent:
    """Return the pooled average of a comparison as an extent."""
    smallest = result.comparison.smallest_important
    pooled, scale = result.pooled, scale_of(result)
    threshold = abs(scale.reported(smallest)) if smallest is not None else None
    return Extent(pooled.estimate, pooled.ci_low, pooled.ci_high, threshold)


def direction(result: ComparisonResult, estimate: float) -> str:
    """Return on which side of no effect the average lies, and for a level whether that is good news."""
    kind = scale_of(result).words.kind
    word = DIRECTIONS[kind][estimate > 0]
    if kind != "level" or result.better == "none":
        return word
    return f"{word} ({'better' if (estimate > 0) == (result.better == 'higher') else 'worse'})"


def amount(result: ComparisonResult, scale: Scale, extent: Extent) -> str:
    """Return the average of a settled answer with its interval."""
    by = "" if scale.ratio else "by "
    average = " on average" if result.pooled.k > 1 else ""
    low, high = (extent.low, extent.high) if scale.ratio else sorted((abs(extent.low), abs(extent.high)))
    return f"{by}{scale.size(extent.estimate)}{average} ({scale.interval(low, high)}{normal_words(result, scale)})"


def signed(result: ComparisonResult, scale: Scale, extent: Extent) -> str:
    """Return the average of an open answer with its sign and interval."""
    average = "the average " if result.pooled.k > 1 else "the "
    what = scale.words.name if scale.ratio else "difference"
    unit = "" if scale.ratio else f" {scale.unit_words}".rstrip()
    interval = scale.interval(extent.low, extent.high) + normal_words(result, scale)
    return f"{average}{what} is {scale.text(extent.estimate)}{unit} ({interval})"


def normal_words(result: ComparisonResult, scale: Scale) -> str:
    """Return the normal interval beside a very wide one on one degree of freedom; nothing elsewhere."""
    normal = normal_interval(result)
    return f"; normal interval {scale.interval(normal.ci_low, normal.ci_high)}" if normal else ""


def smallest_words(result: ComparisonResult) -> str:
    """Return the smallest difference that matters, in the unit that stands before it in the sentence."""
    smallest = result.comparison.smallest_important
    return "" if smallest is None else plain(smallest)


def new_setting(result: ComparisonResult) -> str:
    """Say whether the interval expected in a new setting holds no effect, or is not defined."""
    low, high = result.pooled.pi_low, result.pooled.pi_high
    if low is None or high is None:
        return "not defined"
    return "clear" if low > 0 or high < 0 else "open"


def normal_interval(result: ComparisonResult) -> Pooled | None:
    """Return the average with a normal interval when the main one has a t quantile on one degree of freedom."""
    if result.pooled is None or result.pooled.k != 2 or result.pooled.test == "z":
        return None
    return next((choice.pooled for choice in result.choices if choice.code == NORMAL_INTERVAL), None)
