"""Numbers into text: the only place that does it, so that a page, a figure and a table cannot disagree.

House conventions: an interval is "0.33 to 0.73", so that a minus is never read as a dash; ratios have two
decimals, people none, P two digits; a negative number has a true minus sign.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analysis.report.measures import Measure, measure_of
from analysis.results import ComparisonResult, PValue

MINUS = "−"
MISSING = "–"
LARGEST_RATIO = 10_000.0
SMALLEST_RATIO = 0.001
RANGE = re.compile(r"(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)")  # of an instrument, in the words of its unit
WIDE_RANGE = 20.0  # a scale with a wider range needs one decimal, a narrower one two
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def decimal(value: float, digits: int) -> str:
    """Return a number with a fixed count of decimals, thousands parted by commas, and no negative zero."""
    text = f"{float(f'{value:.14g}'):,.{digits}f}"  # so that a last bit does not decide how a half is rounded
    if text.startswith("-"):
        return text[1:] if float(text.replace(",", "")) == 0 else MINUS + text[1:]
    return text


def significant(value: float, digits: int = 3) -> str:
    """Return a number to so many significant digits, without an exponent unless it is tiny."""
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    if places > 8:
        return f"{value:.{digits - 1}e}".replace("-", MINUS)
    return decimal(round(value, places), max(0, places))


def plain(value: float | None) -> str:
    """Return a number as a paper prints it: no trailing zeros, at most three decimals."""
    if value is None:
        return MISSING
    text = f"{value:,.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.001 or value == 0 else f"{value:.2g}"
    return text.replace("-", MINUS)


def people(count: int | None) -> str:
    """Return a count of people, thousands parted by commas."""
    return MISSING if count is None else f"{count:,}"


def people_words(count: int | None) -> str:
    """Return a count of people with its noun, or that no paper prints it."""
    return "number of people not printed" if count is None else f"{count:,} people"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: "1 study", "13 studies"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(value: float | None, digits: int = 0) -> str:
    """Return a percentage."""
    return MISSING if value is None else f"{decimal(value, digits)} %"


def level_words(level: float) -> str:
    """Return what an interval of a level (0 to 1) is called: "95 % interval"."""
    return f"{plain(100 * level)} % interval"


def percent_interval(low: float | None, high: float | None) -> str:
    """Return an interval of percentages, or nothing when it is not defined."""
    return "" if low is None or high is None else f"{decimal(low, 0)} to {decimal(high, 0)} %"


def p_value(value: float | None) -> str:
    """Return P to two significant digits, and "less than 0.001" below that."""
    if value is None:
        return MISSING
    if value < 0.001:
        return "less than 0.001"
    return f"{value:.2f}" if value >= 0.095 else significant(value, 2)


def printed_p(value: PValue | None) -> str:
    """Return P as a paper printed it."""
    if value is None:
        return MISSING
    relation = {"=": "", "<": "less than ", ">": "more than "}[value.relation]
    return relation + (plain(value.value) if value.value >= 0.001 else f"{value.value:.6f}".rstrip("0"))


def ratio(value: float) -> str:
    """Return a ratio with two decimals; three below 0.01, whole above 100, bounded at both ends."""
    if value > LARGEST_RATIO:
        return "more than 10,000"
    if value < SMALLEST_RATIO:
        return "less than 0.001"
    return decimal(value, 3 if value < 0.01 else 2 if value < 100 else 0)


def compact(text: str) -> str:
    """Return a number's bounds in signs, for figures: "<0.001 to >10,000"."""
    return text.replace("less than ", "<").replace("more than ", ">")


def day(value: date) -> str:
    """Return a date in words: "22 November 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def per_thousand(risk: float, digits: int = 0) -> str:
    """Return a risk (0 to 1) as a count among 1,000 people."""
    return decimal(1000 * risk, digits)


def sentence_case(text: str) -> str:
    """Return the text with its first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]


def verb(count: int, singular: str, plural: str) -> str:
    """Return the form of a verb that goes with a count."""
    return singular if count == 1 else plural


def joined(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    words = list(words)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


@dataclass(frozen=True)
class Scale:
    """How the effects of one comparison are printed: one measure, one unit, one count of decimals.

    Values go in on the analysis scale: the logarithm for ratios.
    """

    measure: str
    unit: str | None = None
    digits: int = 2

    @property
    def words(self) -> Measure:
        return measure_of(self.measure)

    @property
    def ratio(self) -> bool:
        return self.words.ratio

    def shown(self, value: float) -> float:
        """Return the value a reader sees: a ratio for the logarithm of a ratio, infinite when too large; percent."""
        if self.words.percent:
            return self.words.percent(value)
        if not self.ratio:
            return value
        return math.exp(value) if value < 700 else math.inf

    def text(self, value: float | None) -> str:
        """Return a value without its unit."""
        if value is None:
            return MISSING
        return ratio(self.shown(value)) if self.ratio else decimal(self.shown(value), self.digits)

    def size(self, value: float) -> str:
        """Return the distance from no effect with its unit; for a ratio, the ratio and what it multiplies."""
        if self.ratio:
            return f"{self.text(value)} {self.words.amount}"
        if self.measure == "RD":
            return f"{per_thousand(abs(value))} per 1,000 people"
        if self.words.kind == "association":
            return self.named(value)
        return f"{self.text(abs(value))} {self.unit_words}".strip()

    def amount(self, value: float) -> str:
        """Return the distance of a difference from no effect with the short unit: "7.1 points"."""
        return f"{self.text(abs(value))} {self.short_unit}".rstrip()

    def interval(self, low: float | None, high: float | None) -> str:
        """Return an interval: "0.33 to 0.73"."""
        return MISSING if low is None or high is None else f"{self.text(low)} to {self.text(high)}"

    def named(self, value: float | None) -> str:
        """Return a value with what it is: "RR 0.49", "SMD 0.45", "3.2 points"."""
        if self.ratio or not self.unit:
            return f"{self.words.short} {self.text(value)}"
        return f"{self.text(value)} {self.unit}"

    @property
    def unit_words(self) -> str:
        if self.unit:
            return self.unit
        return "standard deviations" if self.measure.startswith("SMD") else ""

    @property
    def short_unit(self) -> str:
        """Return the unit without its scale: "points" of "points on a 0 to 10 scale"."""
        return self.unit_words.partition(" on ")[0]

    @property
    def instrument(self) -> str:
        """Return the scale that the unit belongs to: "0 to 10 scale"; empty when the unit says all."""
        return self.unit_words.partition(" on ")[2].removeprefix("the ").removeprefix("a ")

    @property
    def length(self) -> float | None:
        """Return how far apart two values of the instrument can be; None where its unit does not say."""
        ends = None if self.ratio else RANGE.search(self.unit or "")
        return float(ends[2]) - float(ends[1]) if ends else None

    @property
    def no_effect(self) -> str:
        return self.text(0.0)

    def reported(self, value: float) -> float:
        """Return a value that is stated as reported (a ratio as a ratio) on the analysis scale."""
        return math.log(value) if self.ratio and value > 0 else value


def scale_of(result: ComparisonResult) -> Scale:
    """Return how a comparison's effects are printed: decimals by the range of the scale, else the widest interval."""
    shown = (*result.effects, *result.doubtful, *([result.pooled] if result.pooled else []))
    sizes = [abs(end) for one in shown for end in (one.ci_low, one.ci_high)]
    return Scale(result.comparison.measure, result.unit, decimals_of(result.comparison.measure, result.unit, sizes))


def decimals_of(measure: str, unit: str | None, sizes: list[float]) -> int:
    """Return how many decimals a difference needs: by the range in its unit, two if standardised, else by magnitude."""
    length = Scale(measure, unit).length
    if length is not None:
        return 1 if length > WIDE_RANGE else 2
    largest = max(sizes, default=1.0)
    if measure.startswith("SMD") or measure_of(measure).kind == "association":
        return 2
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2 if largest >= 0.1 else 4
