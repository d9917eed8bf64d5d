"""Lengths of time as people say them: days below four weeks, weeks below a year, years from there."""

from collections.abc import Iterable

from analysis.report.wording import counted, decimal, plain

DAYS_BELOW, YEAR = 4.0, 52.0  # weeks


def parts_of(weeks: float) -> tuple[str, str]:
    """Return a length of time as a number and its unit in the singular."""
    if weeks < DAYS_BELOW:
        return decimal(7 * weeks, 0), "day"
    if weeks < YEAR:
        return plain(weeks), "week"
    return plain(round(weeks / YEAR, 1)), "year"


def lapse(weeks: float) -> str:
    """Return a length of time: "11 days", "12 weeks", "a year", "1.5 years"."""
    number, unit = parts_of(weeks)
    if number == "1":
        return "a year" if unit == "year" else counted(1, unit)
    return f"{number} {unit}s"


def lapses(weeks: Iterable[float | None]) -> str | None:
    """Return the shortest and the longest of several times: "6 to 12 weeks"; None when none is known."""
    known = sorted(one for one in weeks if one is not None)
    if not known:
        return None
    (first, unit), (last, last_unit) = parts_of(known[0]), parts_of(known[-1])
    if (first, unit) == (last, last_unit):
        return lapse(known[0])
    return f"{first} to {last} {unit}s" if unit == last_unit else f"{lapse(known[0])} to {lapse(known[-1])}"
