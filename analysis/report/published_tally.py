"""What published results say when there is no average of our own: how many lie on which side."""

import math

from analysis.report.measures import measure_of
from analysis.report.wording import verb
from analysis.results import Better, ComparisonResult, PoolingRow

OWN = "We have no {noun} figures of our own to pool."
ONE = "1 published result exists: {what}."
SEVERAL = "{count} published results exist: {what}. They share trials and are not pooled here."
TALLIES = {  # side of a published interval -> how a count of them is said, in this order
    "experimental": "in {count} the whole interval favours {experimental}",
    "control": "in {count} the whole interval favours {control}",
    "lower": "in {count} the whole interval lies below no difference",
    "higher": "in {count} the whole interval lies above no difference",
    "no difference": "{count} also include{s} no difference",
    "no interval": "{count} print{s} no interval",
    "doubtful": "doubtful: {count}",
}
ALONE = {  # the same for a single published result
    "experimental": "its whole interval favours {experimental}",
    "control": "its whole interval favours {control}",
    "lower": "its whole interval lies below no difference",
    "higher": "its whole interval lies above no difference",
    "no difference": "its interval also includes no difference",
    "no interval": "it prints no interval",
    "doubtful": "it is doubtful",
}
UNCOUNTED = ("doubtful", "superseded")


def published_better(result: ComparisonResult) -> tuple[Better, ...]:
    """Return which sign is good news in each published result."""
    return result.published_better or (result.better,) * len(result.published)


def on_scale(row: PoolingRow, value: float) -> float:
    """Return a printed value on the scale it is drawn on: the logarithm of a positive ratio."""
    return math.log(value) if measure_of(row.measure or "unstated").ratio and value > 0 else value


def has_interval(row: PoolingRow) -> bool:
    return row.ci_low is not None and row.ci_high is not None


def side_of(row: PoolingRow, better: Better) -> str:
    """Return what a published interval shows, a key of TALLIES."""
    if row.ref.seen_as in UNCOUNTED:
        return "doubtful"
    if not has_interval(row):
        return "no interval"
    low, high = on_scale(row, row.ci_low), on_scale(row, row.ci_high)
    if low <= 0 <= high:
        return "no difference"
    if better == "none":
        return "higher" if low > 0 else "lower"
    return "experimental" if (low > 0) == (better == "higher") else "control"


def tally_sentence(result: ComparisonResult, noun: str) -> str:
    """Return what the published results of a comparison say that has no average of its own."""
    own = OWN.format(noun=noun)
    sides = [side_of(row, better) for row, better in zip(result.published, published_better(result), strict=True)]
    words = {"experimental": result.experimental_label, "control": result.control_label}
    if len(sides) == 1:
        return f"{own} {ONE.format(what=ALONE[sides[0]].format(**words))}"
    counts = {side: sides.count(side) for side in TALLIES}
    what = ", ".join(
        TALLIES[side].format(count=count, s=verb(count, "s", ""), **words) for side, count in counts.items() if count
    )
    return f"{own} {SEVERAL.format(count=len(sides), what=what)}"
