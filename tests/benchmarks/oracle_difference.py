"""Print the largest relative difference from R metafor over the pinned fits.

Run it by: python -m tests.benchmarks.oracle_difference

A difference is taken relative to metafor's number, or to a thousandth of the analysis' own unit where that is more: the
smallest sampling variance for tau2, its root for the estimate and the interval, 1 for I2 in percent and for Q. A number
near 0 has no relative difference worth reading.
"""

from analysis.pooling import pool
from analysis.results import Pooled
from tests.metafor_answers import NAMES_BY_METAFOR, TESTS_BY_METAFOR, TIGHT, UNIVARIATE

QUANTITIES = ("estimate", "se", "ci_low", "ci_high", "tau2", "i2", "q")
SMALLEST = 1e-3


def main() -> None:
    """Print one line a quantity and one for the Q-profile ends."""
    worst = dict.fromkeys((*QUANTITIES, "tau2_low", "tau2_high"), (0.0, ""))
    fits = 0
    for case, fit, name in every_fit():
        fits += 1
        pooled = pool(case["yi"], case["vi"], tau2=fit["method"], test=TESTS_BY_METAFOR[fit["test"]])
        for quantity in QUANTITIES:
            keep_worst(worst, quantity, case, pooled, fit[quantity], name)
    for case in TIGHT:
        for quantity in ("tau2_low", "tau2_high"):
            pooled = pool(case["yi"], case["vi"])
            keep_worst(worst, quantity, case, pooled, case["q_profile"][quantity], case["id"])
    print(f"{fits} fits and {len(TIGHT)} Q-profile intervals; largest relative difference from metafor")
    for quantity, (difference, name) in worst.items():
        print(f"  {quantity:9}  {difference:.1e}  {name}")


def every_fit():
    """Yield (case, fit, name) with our names of the quantities; without knha where it has no meaning or no width."""
    for case in (*UNIVARIATE, *TIGHT):
        for fit in case["fits"]:
            if fit["test"] == "knha" and (fit["method"] == "FE" or "equal_y" in case["id"]):
                continue
            ours = {NAMES_BY_METAFOR.get(name, name): value for name, value in fit.items()}
            yield case, ours, f"{case['id']} {fit['method']} {fit['test']}"


def keep_worst(worst: dict, quantity: str, case: dict, pooled: Pooled, expected: float, name: str) -> None:
    """Keep the difference of one quantity when it is the largest so far."""
    unit = min(case["vi"])
    units = {"tau2": unit, "tau2_low": unit, "tau2_high": unit, "i2": 1.0, "q": 1.0}
    least = SMALLEST * units.get(quantity, unit**0.5)
    difference = abs(getattr(pooled, quantity) - expected) / max(abs(expected), least)
    worst[quantity] = max(worst[quantity], (difference, name))


if __name__ == "__main__":
    main()
