"""The measures by metafor's codes. A new measure is a function and a line of MEASURES."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.effects.binary import log_odds_ratio, log_peto_odds_ratio, log_risk_ratio, risk_difference
from analysis.effects.change import change_in_sds_of_baseline, change_in_sds_of_change, mean_change
from analysis.effects.continuous import (
    heteroscedastic_smd,
    mean_difference,
    ratio_of_means,
    standardised_mean_difference,
)
from analysis.effects.correlation import fisher_z, raw_correlation
from analysis.effects.single_group import log_odds, mean_of_group, proportion
from analysis.effects.sizes import EffectSizes

MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
EVENTS = ("ai", "n1i", "ci", "n2i")
CORRELATIONS = ("ri", "ni")
PAIRED = ("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")
ONE_GROUP = ("xi", "ni")


@dataclass(frozen=True)
class Measure:
    """How an effect is made.

    Args:
        make: Takes the columns of `inputs` in their order.
        inputs: Column names, as in metafor.
        ratio: Whether yi is the logarithm of what is reported.
        label: What the reported number is.
    """

    make: Callable[..., EffectSizes]
    inputs: tuple[str, ...]
    ratio: bool
    label: str


MEASURES: dict[str, Measure] = {
    "MD": Measure(mean_difference, MEANS, False, "mean difference"),
    "SMD": Measure(standardised_mean_difference, MEANS, False, "standardised mean difference"),
    "SMDH": Measure(heteroscedastic_smd, MEANS, False, "standardised mean difference, unequal variances"),
    "ROM": Measure(ratio_of_means, MEANS, True, "ratio of means"),
    "RR": Measure(log_risk_ratio, EVENTS, True, "risk ratio"),
    "OR": Measure(log_odds_ratio, EVENTS, True, "odds ratio"),
    "RD": Measure(risk_difference, EVENTS, False, "risk difference"),
    "PETO": Measure(log_peto_odds_ratio, EVENTS, True, "Peto odds ratio"),
    "COR": Measure(raw_correlation, CORRELATIONS, False, "correlation"),
    "ZCOR": Measure(fisher_z, CORRELATIONS, False, "correlation, Fisher's z"),
    "MN": Measure(mean_of_group, ("mi", "sdi", "ni"), False, "mean"),
    "PR": Measure(proportion, ONE_GROUP, False, "proportion"),
    "PLO": Measure(log_odds, ONE_GROUP, True, "odds"),
    "MC": Measure(mean_change, PAIRED, False, "mean change"),
    "SMCC": Measure(change_in_sds_of_change, PAIRED, False, "change in SDs of change"),
    "SMCR": Measure(change_in_sds_of_baseline, ("m1i", "m2i", "sd1i", "ni", "ri"), False,
                    "change in SDs of baseline"),
}
