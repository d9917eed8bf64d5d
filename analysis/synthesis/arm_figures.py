"""The mean and SD of an arm: as printed, or recovered from what is printed in their place."""

from dataclasses import dataclass, replace

from analysis.effects.change import squared_change_sd
from analysis.effects.dispersion import sd_from_interval, sd_from_se
from analysis.effects.five_numbers import Recovered, mean_and_sd_from_summary
from analysis.results import ArmRow

ORDER = ("means", "means-se", "means-interval", "means-five-numbers", "means-quartiles", "means-range")
LACKS = {
    "no-estimate": "the mean of {arm}",
    "no-group-sizes": "the size of {arm}",
    "no-spread": "the spread of {arm}",
    "skewed": "the mean and SD of {arm}",
}


@dataclass(frozen=True)
class ArmFigures:
    """The mean and SD of an arm, and by which of ORDER (keys of effects.DERIVATIONS) they came about."""

    mean: float
    sd: float
    derivation: str


def figures_of(row: ArmRow) -> ArmFigures | str:
    """Return the mean and SD of an arm, or the code of selection.REASONS that says why it has none.

    The SD is as printed, else from the standard error of the mean, else from its interval, else from the median
    with quartiles or range. A printed mean is kept; without one, the median gives it, unless the summary is skewed.
    """
    if row.mean is None and row.median is None:
        return "no-estimate"
    if row.n is None:
        return "no-group-sizes"
    spread = printed_spread(row)
    if row.mean is not None and spread:
        return ArmFigures(row.mean, *spread)
    return from_summary(row)


def printed_spread(row: ArmRow) -> tuple[float, str] | None:
    """Return the SD of an arm and its derivation, from the spread of its mean; None when none is printed."""
    if row.sd is not None:
        return row.sd, "means"
    if row.se is not None:
        return float(sd_from_se(row.se, row.n)[0]), "means-se"
    if row.ci_low is not None and row.n > 1:
        return float(sd_from_interval(row.ci_low, row.ci_high, row.n, row.level or 0.95)[0]), "means-interval"
    return None


def from_summary(row: ArmRow) -> ArmFigures | str:
    """Return what a median beside quartiles or a range shows, or why it shows nothing."""
    found = read_summary(row)
    if found.codes[0]:
        return "skewed" if found.codes[0] == "skewed" else "no-spread"
    mean = float(found.mean[0]) if row.mean is None else row.mean
    return ArmFigures(mean, float(found.sd[0]), f"means-{found.kinds[0]}")


def read_summary(row: ArmRow) -> Recovered:
    """Return the mean and SD behind the median of an arm."""
    median, q1, q3, low, high = (
        float("nan") if value is None else value for value in (row.median, row.q1, row.q3, row.min, row.max)
    )
    return mean_and_sd_from_summary(median, row.n, q1=q1, q3=q3, low=low, high=high)


def changed(row: ArmRow, correlation: float | None) -> ArmRow:
    """Return an arm as its change from baseline, where its figures give one; the correlation it prints comes first."""
    figures = figures_of(row) if row.value_type == "final" else None
    r = correlation if row.correlation is None else row.correlation
    if not isinstance(figures, ArmFigures) or None in (row.baseline_mean, row.baseline_sd, r):
        return row
    sd = float(squared_change_sd(figures.sd, row.baseline_sd, r)) ** 0.5
    return replace(row, mean=figures.mean - row.baseline_mean, sd=sd) if sd > 0 else row


def what_an_arm_lacks(code: str, name: str) -> str:
    """Say what would have to be printed of an arm, by the name that people know it by."""
    return LACKS[code].format(arm=name)
