"""What looks implausible when the arms of a study, or the same instrument in other studies, stand beside it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from math import hypot, log1p, sqrt
from statistics import NormalDist, median

from analysis.evidence.codebook import Codebook
from analysis.plausibility.printing import PrintedRow
from analysis.results import Dataset

Found = Iterator[tuple[PrintedRow, str, str]]  # (row, column, what was found)
OTHERS = 4  # studies with the same instrument that show what its SD is
SMALL = 1 / 3  # of the others' SD: below, it may be an SE
ALIKE = (0.6, 1.6)  # of the others' SD: what an SE times the square root of n then lies between
LARGE = 3.0  # standard deviations between two arms of a trial
RARE = 0.001  # P of a difference at baseline that chance seldom makes in a randomised trial
DIGITS = 3  # of an SD, for two that are the same to be no chance


def se_for_sd(rows: list[PrintedRow], codebook: Codebook, datasets: dict[str, Dataset]) -> Found:
    """An SD far below those of other studies with the same instrument, and just what their SE would be."""
    by_instrument = defaultdict(lambda: defaultdict(list))
    for one in rows:
        row = one.row
        if row.instrument and row.sd and row.n and row.ref.seen_as != "doubtful":
            key = row.instrument, row.outcome, row.value_type, row.detail
            by_instrument[key][row.ref.dataset].append(one)
    for studies in by_instrument.values():
        usual = {name: median(one.row.sd for one in mine) for name, mine in studies.items()}
        ordered = sorted(usual.values())
        if len(ordered) > OTHERS:
            for name, mine in studies.items():
                others = median_without(ordered, usual[name])
                yield from (found for one in mine for found in as_se(one, others))


def median_without(ordered: list[float], value: float) -> float:
    """Return the median of all values but one of them, without a pass through the thousands that they may be."""
    place, left = bisect_left(ordered, value), len(ordered) - 1
    low, high = (ordered[half + (half >= place)] for half in ((left - 1) // 2, left // 2))
    return high if left % 2 else (low + high) / 2


def as_se(one: PrintedRow, usual: float) -> Found:
    row = one.row
    if row.sd < SMALL * usual and ALIKE[0] * usual <= row.sd * sqrt(row.n) <= ALIKE[1] * usual:
        said = f"an SD of {row.sd:g} among {row.n} people; other studies with {row.instrument} have about {usual:.2g}"
        yield one, "sd", f"{said}, and {row.sd:g} times the square root of {row.n} is {row.sd * sqrt(row.n):.2g}"


def large_difference(rows: list[PrintedRow], codebook: Codebook, datasets: dict[str, Dataset]) -> Found:
    """Two arms of a trial that lie more standard deviations apart than treatments part people."""
    for arms in occasions(rows):
        for first, second in pairs(arms):
            one, other = first.row, second.row
            pooled = hypot(one.sd, other.sd) / sqrt(2)
            if pooled and abs(one.mean - other.mean) > LARGE * pooled:
                apart = abs(one.mean - other.mean) / pooled
                yield first, "sd", f"{one.arm} and {other.arm} lie {apart:.2g} standard deviations apart"


def identical_sds(rows: list[PrintedRow], codebook: Codebook, datasets: dict[str, Dataset]) -> Found:
    """The same SD, to three digits, in all arms of a study: often one SD for all, or a cell copied."""
    for arms in occasions(rows):
        texts = {one.cells.get("sd", "") for one in arms}
        if len(arms) > 1 and len(texts) == 1 and significant(texts.copy().pop()) >= DIGITS:
            said = f"an SD of {texts.pop()} in all {len(arms)} arms"
            yield from ((one, "sd", said) for one in arms[:1])


def baseline_imbalance(rows: list[PrintedRow], codebook: Codebook, datasets: dict[str, Dataset]) -> Found:
    """Arms of a randomised trial that differed before treatment, more than chance makes of random groups."""
    for arms in [*occasions(rows, at_baseline=True), *map(at_baseline, occasions(rows))]:
        for first, second in pairs(arms):
            dataset = datasets.get(first.row.ref.dataset)
            if dataset and dataset.metadata.study.design == "rct":
                yield from imbalance(first, second)


def imbalance(first: PrintedRow, second: PrintedRow) -> Found:
    (m1, s1, n1), (m2, s2, n2) = (baseline_of(one) for one in (first, second))
    se, df = hypot(s1 / sqrt(n1), s2 / sqrt(n2)), n1 + n2 - 2
    column = "baseline_mean" if first.row.baseline_mean is not None else "mean"
    slack = first.half(column) + second.half(column)
    if se and df > 0:
        p = p_of_t(max(abs(m1 - m2) - slack, 0) / se, df)
        if p < RARE:
            said = f"{first.row.arm} {m1:g} and {second.row.arm} {m2:g} before treatment"
            yield first, column, f"{said}, P {p:.2g}"


def p_of_t(t: float, df: int) -> float:
    """Return the two-sided P of a t, to 15 % of itself: close enough for a warning, without SciPy's slow import.

    Source:
        Wallace 1959, doi:10.1214/aoms/1177706076.
    """
    z = (8 * df + 1) / (8 * df + 3) * sqrt(df * log1p(t / df * t))
    return 2 * NormalDist().cdf(-z)


def baseline_of(one: PrintedRow) -> tuple[float, float, int]:
    row = one.row
    return (row.mean, row.sd, row.n) if row.baseline_mean is None else (row.baseline_mean, row.baseline_sd, row.n)


def at_baseline(arms: list[PrintedRow]) -> list[PrintedRow]:
    """Return the arms that print their baseline beside their follow-up."""
    return [one for one in arms if one.row.baseline_mean is not None and one.row.baseline_sd]


def occasions(rows: list[PrintedRow], at_baseline: bool = False) -> list[list[PrintedRow]]:
    """Return the arms that were measured together, at baseline or after it, with n, mean and SD."""
    groups = defaultdict(list)
    for one in rows:
        row = one.row
        if row.n and row.mean is not None and row.sd and (row.followup_weeks == 0) == at_baseline:
            key = (row.study, row.outcome, row.instrument, row.followup_weeks, row.value_type, row.detail,
                   row.subgroup, row.ref.seen_as, row.ref.location)  # fmt: skip
            groups[key].append(one)
    return [group for group in groups.values() if len(group) > 1]


def pairs(arms: list[PrintedRow]) -> Iterator[tuple[PrintedRow, PrintedRow]]:
    """Give each pair of different arms once."""
    for place, one in enumerate(arms):
        yield from ((one, other) for other in arms[place + 1 :] if other.row.arm != one.row.arm)


def significant(number: str) -> int:
    """Return how many digits a printed number has from its first that is not 0: 2 for 0.25, 3 for 2.40."""
    return len(number.replace(".", "").lstrip("-0"))
