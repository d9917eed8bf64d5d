"""The follow-up times that a source prints in words, in weeks, where they are plain."""

import re

from analysis.results import Comparison
from analysis.synthesis.selection import refuse_time

TIMES = re.compile(r"(\d+(?:(?:, | and |, and )\d+)*) (week|month)s?\b")
NOT_FROM_THE_START = re.compile(r"\b(after|post|from|since|beyond|sessions?)\b", re.IGNORECASE)
WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12


def weeks_printed(follow_ups: str) -> list[int]:
    """Return the times that a text names plainly, in weeks from the start; "3 and 6 months" are 13 and 26.

    Times counted from another point ("12 months post-treatment") are left for the reader of the paper.
    """
    found = []
    for part in follow_ups.split(";"):
        if NOT_FROM_THE_START.search(part):
            continue
        for numbers, unit in TIMES.findall(part):
            weeks = 1 if unit == "week" else WEEKS_A_YEAR / MONTHS_A_YEAR
            found += [round(int(number) * weeks) for number in re.findall(r"\d+", numbers)]
    return list(dict.fromkeys(found))


def times_asked_for(follow_ups: str, comparison: Comparison) -> list[int]:
    """Return the times that a source names plainly and a comparison asks for."""
    return [weeks for weeks in weeks_printed(follow_ups) if refuse_time(weeks, comparison) is None]


def measured_at_other_times(follow_ups: str, comparison: Comparison) -> bool:
    """Return whether every time that a source prints is plain, and none is one that a comparison asks for."""
    plain = all(weeks_printed(part) for part in follow_ups.split(";"))
    return plain and not times_asked_for(follow_ups, comparison)
