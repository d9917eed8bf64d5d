"""Effects from contrasts as papers print them: the first route whose figures are there makes the effect."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import copysign, inf

from analysis.effects import EffectSizes
from analysis.effects.correlation import (
    fisher_z,
    fisher_z_from_interval,
    fisher_z_from_p,
    fisher_z_from_se,
    raw_correlation,
    raw_from_fisher_z,
)
from analysis.effects.reported import (
    effect_from_interval,
    effect_from_p,
    effect_from_se,
    mean_difference_from_p,
    smd_as_printed,
    smd_from_f,
    smd_from_mean_difference,
    smd_from_p,
    smd_from_t,
)
from analysis.results import RATIOS, ContrastRow

F_OF_TWO_GROUPS = re.compile(r"F\(1,.*\)")
DIRECTIONS = {"higher": 1.0, "lower": -1.0}


@dataclass(frozen=True)
class Printed:
    """A contrast with what its routes ask for: group sizes, the sign, and an exact P."""

    row: ContrastRow
    n_experimental: int | None
    n_control: int | None
    sign: float | None
    p: float | None

    @property
    def grouped(self) -> bool:
        return self.n_experimental is not None and self.n_control is not None

    @property
    def groups(self) -> tuple[int, int]:
        return self.n_experimental, self.n_control

    @property
    def df(self) -> float:
        """Degrees of freedom of a mean difference: n1 + n2 - 2, infinite where the groups are not printed."""
        return sum(self.groups) - 2 if self.grouped and sum(self.groups) > 2 else inf

    @property
    def interval(self) -> bool:
        return None not in (self.row.estimate, self.row.ci_low, self.row.ci_high)


def as_printed(row: ContrastRow) -> Printed:
    """Return a contrast with its missing group by subtraction, its sign and its exact P."""
    n_experimental, n_control = row.n_experimental, row.n_control
    if row.n_total is not None and (n_experimental is None) != (n_control is None):
        other = row.n_total - (n_experimental or n_control)
        n_experimental, n_control = (other, n_control) if n_experimental is None else (n_experimental, other)
    sign = DIRECTIONS.get(row.direction)
    if row.estimate:
        sign = copysign(1.0, row.estimate)
    exact = row.p_value is not None and row.p_value.relation == "=" and 0 < row.p_value.value < 1
    return Printed(row, n_experimental, n_control, sign, row.p_value.value if exact else None)


Made = tuple[EffectSizes, str] | None  # the effect and a key of effects.DERIVATIONS


def from_interval(printed: Printed) -> Made:
    row, ratio = printed.row, printed.row.measure in RATIOS
    if not printed.interval:
        return None
    sizes = effect_from_interval(row.estimate, row.ci_low, row.ci_high, ratio=ratio, level=row.level)
    return sizes, "estimate-interval"


def from_se(printed: Printed) -> Made:
    row = printed.row
    if row.estimate is None or row.se is None:
        return None
    return effect_from_se(row.estimate, row.se, ratio=row.measure in RATIOS), "estimate-se"


def difference_from_p(printed: Printed) -> Made:
    if printed.row.estimate is None or printed.p is None or not printed.grouped:
        return None
    return mean_difference_from_p(printed.row.estimate, printed.p, *printed.groups), "difference-p"


def difference_from_t(printed: Printed) -> Made:
    row = printed.row
    if not row.estimate or row.statistic is None or row.statistic[0] != "t" or not row.statistic_value:
        return None
    return effect_from_se(row.estimate, abs(row.estimate / row.statistic_value), ratio=False), "difference-t"


def ratio_from_p(printed: Printed) -> Made:
    if printed.row.estimate is None or printed.p is None:
        return None
    return effect_from_p(printed.row.estimate, printed.p, ratio=True), "estimate-p"


def smd_from_printed_interval(printed: Printed) -> Made:
    return from_interval(printed) if printed.row.measure == "SMD" else None


def smd_from_printed_se(printed: Printed) -> Made:
    return from_se(printed) if printed.row.measure == "SMD" else None


def smd_from_printed_difference(printed: Printed) -> Made:
    row = printed.row
    if row.measure != "MD" or not printed.interval or not printed.grouped:
        return None
    sizes = smd_from_mean_difference(
        row.estimate, row.ci_low, row.ci_high, *printed.groups, level=row.level, df=printed.df
    )
    return sizes, "smd-interval"


def smd_from_printed_t(printed: Printed) -> Made:
    row = printed.row
    if row.statistic is None or row.statistic[0] != "t" or not printed.grouped:
        return None
    t = row.statistic_value if printed.sign is None else printed.sign * abs(row.statistic_value)
    return smd_from_t(t, *printed.groups), "smd-t"


def smd_from_printed_f(printed: Printed) -> Made:
    row = printed.row
    if row.statistic is None or not F_OF_TWO_GROUPS.fullmatch(row.statistic) or not printed.grouped:
        return None
    return (smd_from_f(row.statistic_value, printed.sign, *printed.groups), "smd-f") if printed.sign else None


def smd_from_printed_p(printed: Printed) -> Made:
    if printed.p is None or not printed.sign or not printed.grouped:
        return None
    return smd_from_p(printed.p, printed.sign, *printed.groups), "smd-p"


def smd_and_group_sizes(printed: Printed) -> Made:
    if printed.row.measure != "SMD" or printed.row.estimate is None or not printed.grouped:
        return None
    return smd_as_printed(printed.row.estimate, *printed.groups), "smd-groups"


def from_correlation_and_n(make: Callable[[float, int], EffectSizes]) -> "Route":
    """Return the route of a measure whose variance follows from r and n."""

    def route(printed: Printed) -> Made:
        n = sum(printed.groups) if printed.grouped else printed.row.n_total
        return None if printed.row.estimate is None or n is None else (make(printed.row.estimate, n), "correlation")

    return route


def z_from_printed_interval(printed: Printed) -> Made:
    row = printed.row
    if not printed.interval:
        return None
    return fisher_z_from_interval(row.estimate, row.ci_low, row.ci_high, level=row.level), "correlation-interval"


def z_from_printed_se(printed: Printed) -> Made:
    row = printed.row
    return None if None in (row.estimate, row.se) else (fisher_z_from_se(row.estimate, row.se), "correlation-se")


def z_from_printed_p(printed: Printed) -> Made:
    if not printed.row.estimate or printed.p is None:
        return None
    return fisher_z_from_p(printed.row.estimate, printed.p), "correlation-p"


def as_raw(route: "Route") -> "Route":
    """Return a route to Fisher's z as one to the correlation itself."""

    def raw(printed: Printed) -> Made:
        made = route(printed)
        return made and (raw_from_fisher_z(made[0]), made[1])

    return raw


Route = Callable[[Printed], Made]
OF_CORRELATIONS: tuple[Route, ...] = (z_from_printed_interval, z_from_printed_se, z_from_printed_p)
OF_DIFFERENCES: tuple[Route, ...] = (from_interval, from_se, difference_from_t, difference_from_p)
OF_RATIOS: tuple[Route, ...] = (from_interval, from_se, ratio_from_p)
ROUTES: dict[str, tuple[Route, ...]] = {
    "MD": OF_DIFFERENCES,
    "SMD": (smd_from_printed_interval, smd_from_printed_se, smd_from_printed_difference, smd_from_printed_t,
            smd_from_printed_f, smd_from_printed_p, smd_and_group_sizes),
    "RR": OF_RATIOS,
    "OR": OF_RATIOS,
    "RD": OF_DIFFERENCES,
    "HR": OF_RATIOS,
    "SMDH": (),  # these three are made from arms alone
    "ROM": (),
    "PETO": (),
    "COR": (from_correlation_and_n(raw_correlation), *map(as_raw, OF_CORRELATIONS)),
    "ZCOR": (from_correlation_and_n(fisher_z), *OF_CORRELATIONS),
}  # fmt: skip
FITTING = {"SMD": ("SMD", "MD", None), "ZCOR": ("COR",)}  # printed measures a pooled one is made from, when not its own


def effect_of(printed: Printed, measure: str) -> Made:
    """Return the effect that the first fitting route makes, and how; None when no route's figures are there."""
    return next((made for route in ROUTES[measure] if (made := route(printed))), None)


def what_is_missing(printed: Printed, measure: str) -> str:
    """Return the code of why no route makes an effect: what the paper would have had to print."""
    row = printed.row
    if row.measure is None and row.estimate is None and measure != "SMD":
        return "no-estimate"
    if row.measure not in FITTING.get(measure, (measure,)):
        return "measure-not-fitting"
    if row.estimate is None and row.statistic is None and row.p_value is None:
        return "no-estimate"
    if measure == "SMD" and not printed.grouped:
        return "no-group-sizes"
    if row.p_value is not None and row.p_value.relation != "=":
        return "p-not-exact"
    if measure == "SMD" and printed.p is not None and not printed.sign:
        return "no-direction"
    if row.estimate is None:
        return "no-estimate"
    return "no-spread"
