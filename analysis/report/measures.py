"""How measures of effect are named and said: a line of MEASURES each."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """How a measure of effect is named, on which scale it lies, and in which words it differs."""

    name: str
    short: str
    kind: str  # a key of DIRECTIONS: what is said of a value above and below no effect
    ratio: bool = False
    amount: str | None = None  # "times the risk": what a ratio multiplies
    percent: Callable[[float], float] | None = None  # of a share: the percent that a value of the analysis stands for


def percent_of_share(value: float) -> float:
    """Return a share (0 to 1) in percent; an end beyond what a share can be is put at its bound."""
    return 100 * min(max(value, 0.0), 1.0)


def percent_of_log_odds(value: float) -> float:
    """Return the share, in percent, of a logarithm of odds."""
    odds = math.exp(-abs(value))
    return 100 * (odds if value < 0 else 1.0) / (1 + odds)


MEASURES = {
    "MD": Measure("mean difference", "MD", "level"),
    "SMD": Measure("standardised mean difference", "SMD", "level"),
    "SMDH": Measure("standardised mean difference, unequal variances", "SMD", "level"),
    "ROM": Measure("ratio of means", "ROM", "level", ratio=True, amount="times the mean"),
    "RR": Measure("risk ratio", "RR", "likelihood", ratio=True, amount="times the risk"),
    "OR": Measure("odds ratio", "OR", "likelihood", ratio=True, amount="times the odds"),
    "PETO": Measure("Peto odds ratio", "OR", "likelihood", ratio=True, amount="times the odds"),
    "HR": Measure("hazard ratio", "HR", "likelihood", ratio=True, amount="times the rate"),
    "RD": Measure("risk difference", "RD", "likelihood"),
    "COR": Measure("correlation", "r", "association"),
    "ZCOR": Measure("correlation, Fisher's z", "z", "association"),
    "MN": Measure("mean", "mean", "level"),
    "MC": Measure("mean change", "change", "level"),
    "PR": Measure("share", "share", "likelihood", percent=percent_of_share),
    "PLO": Measure("share, by its log odds", "share", "likelihood", percent=percent_of_log_odds),
    "percent-difference": Measure("difference in percent", "%", "level"),
    "slope": Measure("slope", "slope", "level"),
    "unstated": Measure("measure not stated", "value", "level"),
}

DIRECTIONS = {  # kind -> (below no effect, above no effect)
    "level": ("lower", "higher"),
    "likelihood": ("less likely", "more likely"),
    "association": ("lower", "higher"),
}


def measure_of(code: str) -> Measure:
    """Return how a measure is named; an unknown one is named by its code and read as a difference."""
    return MEASURES.get(code, Measure(code, code, "level"))
