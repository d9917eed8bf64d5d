"""What the figures of one row must agree on, whatever the paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

from analysis.evidence.codebook import Codebook
from analysis.results import RATIOS, ArmRow, ContrastRow, PoolingRow

Row = ArmRow | ContrastRow | PoolingRow


@dataclass(frozen=True)
class Contradiction:
    """Two things in a row that cannot both be so.

    A contradiction that a paper really prints may stand, in a row marked doubtful; what no paper can
    mean (more events than people) may not.
    """

    column: str
    found: str
    allowed: str
    may_be_printed: bool = False


Found = Iterator[Contradiction]


def events_at_most_n(row: ArmRow, codebook: Codebook) -> Found:
    if row.events is not None and row.n is not None and row.events > row.n:
        yield Contradiction("events", f"{row.events} events among {row.n} people", "events is at most n")


def ordered_summary(row: ArmRow, codebook: Codebook) -> Found:
    """min, q1, median, q3, max never fall."""
    given = [(name, getattr(row, name)) for name in ("min", "q1", "median", "q3", "max")]
    present = [(name, value) for name, value in given if value is not None]
    for (low, below), (high, above) in zip(present, present[1:], strict=False):
        if below > above:
            yield Contradiction(high, f"{low} {below:g} above {high} {above:g}", "min, q1, median, q3, max never fall")


def mean_on_the_scale(row: ArmRow, codebook: Codebook) -> Found:
    """A mean lies on its instrument's scale; a mean change is no wider than the scale."""
    scale = scale_of(row, codebook)
    if scale is None or row.mean is None:
        return
    low, high = (low_change(scale), -low_change(scale)) if row.value_type == "change" else scale
    if not low <= row.mean <= high:
        what = "A change on " if row.value_type == "change" else ""
        yield Contradiction("mean", f"{row.mean:g}", f"{what}{row.instrument} runs from {low:g} to {high:g}", True)


def low_change(scale: tuple[float, float]) -> float:
    """Return the greatest fall that a scale has room for, as a negative number."""
    return scale[0] - scale[1]


def sd_possible(row: ArmRow, codebook: Codebook) -> Found:
    """An SD is above 0 unless everybody stands at an end of the scale, and fits on the scale."""
    if row.sd is None:
        return
    if row.n == 1:
        yield Contradiction("sd", "an SD of one person", "An SD needs two people; leave it empty for one")
    scale = scale_of(row, codebook)
    if row.sd == 0 and (scale is None or row.mean not in scale):
        yield Contradiction("sd", "an SD of 0", "sd is above 0; leave it empty when it is not printed")
    if scale and row.n and row.n > 1 and row.value_type == "final":
        widest = (scale[1] - scale[0]) / 2 * sqrt(row.n / (row.n - 1))
        if row.sd > widest:
            found = f"an SD of {row.sd:g} on a scale from {scale[0]:g} to {scale[1]:g}"
            yield Contradiction("sd", found, f"No {row.n} people on that scale have an SD above {widest:.3g}", True)


def scale_of(row: ArmRow, codebook: Codebook) -> tuple[float, float] | None:
    """Return the range of a row's instrument; None when it has none."""
    instrument = codebook.instruments.get(row.instrument or "")
    return instrument.range if instrument else None


def whole_interval(row: Row, codebook: Codebook) -> Found:
    """An interval has both ends, the lower first, and a level."""
    if (row.ci_low is None) != (row.ci_high is None):
        missing = "ci_low" if row.ci_low is None else "ci_high"
        yield Contradiction(missing, "one end of the interval alone", "Give both ends, or neither")
    elif row.ci_low is not None and row.ci_low >= row.ci_high:
        yield Contradiction(
            "ci_low", f"{row.ci_low:g} is not below ci_high, {row.ci_high:g}", "ci_low is below ci_high"
        )


def mean_within_interval(row: ArmRow, codebook: Codebook) -> Found:
    yield from within_interval("mean", row.mean, row)


def estimate_within_interval(row: ContrastRow | PoolingRow, codebook: Codebook) -> Found:
    yield from within_interval("estimate", row.estimate, row)


def within_interval(name: str, value: float | None, row: Row) -> Found:
    if None in (value, row.ci_low, row.ci_high) or row.ci_low >= row.ci_high:
        return
    if row.ci_low <= value <= row.ci_high:
        return
    found = f"{value:g} outside its interval, {row.ci_low:g} to {row.ci_high:g}"
    yield Contradiction(name, found, f"{name} lies within ci_low and ci_high", True)


def level_of_interval(row: ContrastRow | PoolingRow, codebook: Codebook) -> Found:
    if row.ci_low is not None and row.level is None:
        yield Contradiction("level", "an interval without its level", "Give its level, 0.95 for 95 %")


def ratio_above_zero(row: ContrastRow | PoolingRow, codebook: Codebook) -> Found:
    if row.measure in RATIOS:
        for name in ("estimate", "ci_low", "ci_high"):
            value = getattr(row, name)
            if value is not None and value <= 0:
                yield Contradiction(name, f"{value:g}", f"A ratio ({row.measure}) is above 0")


def correlation_in_bounds(row: ContrastRow | PoolingRow, codebook: Codebook) -> Found:
    if row.measure == "COR" and row.estimate is not None and abs(row.estimate) > 1:
        yield Contradiction("estimate", f"{row.estimate:g}", "A correlation lies between -1 and 1")


def statistic_with_value(row: ContrastRow, codebook: Codebook) -> Found:
    if (row.statistic is None) != (row.statistic_value is None):
        missing = "statistic" if row.statistic is None else "statistic_value"
        yield Contradiction(missing, "a test statistic without its name or its value", "Give both, or neither")
    elif row.statistic and row.statistic[0] in "Fc" and row.statistic_value < 0:
        yield Contradiction("statistic_value", f"{row.statistic_value:g}", "F and chi-square are at least 0")


def groups_within_total(row: ContrastRow, codebook: Codebook) -> Found:
    groups = (row.n_experimental or 0) + (row.n_control or 0)
    if row.n_total is not None and groups > row.n_total:
        yield Contradiction("n_total", f"{row.n_total} in all, {groups} in the groups", "n_total is at least their sum")


def direction_of_estimate(row: ContrastRow, codebook: Codebook) -> Found:
    if row.direction and row.estimate is not None:
        allowed = "direction is for rows without an estimate: its sign says it already"
        yield Contradiction("direction", f"direction {row.direction} beside an estimate", allowed)


def different_groups(row: ContrastRow | PoolingRow, codebook: Codebook) -> Found:
    if row.control is not None and row.experimental == row.control:
        yield Contradiction("control", f"{row.control!r} compared with itself", "experimental and control differ")


RULES: dict[str, tuple[Callable[..., Found], ...]] = {
    "arms": (events_at_most_n, ordered_summary, mean_on_the_scale, sd_possible, whole_interval, mean_within_interval),
    "contrasts": (
        whole_interval,
        estimate_within_interval,
        level_of_interval,
        ratio_above_zero,
        correlation_in_bounds,
        statistic_with_value,
        groups_within_total,
        direction_of_estimate,
        different_groups,
    ),
    "poolings": (
        whole_interval,
        estimate_within_interval,
        level_of_interval,
        ratio_above_zero,
        correlation_in_bounds,
        different_groups,
    ),
    "participants": (),  # every value was held to its scale when it was read
}


def contradictions(table: str, row: Row, codebook: Codebook) -> list[Contradiction]:
    """Return what in a row cannot be so, leaving out what a doubtful row may hold."""
    found = [one for rule in RULES[table] for one in rule(row, codebook)]
    return [one for one in found if not (one.may_be_printed and row.ref.seen_as == "doubtful")]
