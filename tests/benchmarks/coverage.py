"""Simulate how often intervals hold the truth, over the number of studies, their heterogeneity and their sizes.

Run it by: python -m tests.benchmarks.coverage [--analyses 20000] [--write]

Effects are drawn from N(mu, vi + tau2) with known vi: one unit, or a tenth of it for every fourth study (at least one)
or for one alone, as in the unequal trials of IntHout, Ioannidis and Borm 2014 (BMC Med Res Methodol 14:25). tau2 is set
from I2 by the typical sampling variance. --write keeps the table and the figure in docs/.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import special

from analysis.pooling.batch import make_batch
from analysis.pooling.engine import prediction_reach
from analysis.pooling.heterogeneity import typical_variance
from analysis.pooling.intervals import TESTS, critical_value
from analysis.pooling.tau2 import TAU2_ESTIMATORS
from analysis.pooling.weighting import weigh
from tests.benchmarks.coverage_plot import draw

DOCS = Path(__file__).parent.parent.parent / "docs"
STUDIES = (2, 3, 5, 10, 20)
I2 = (0, 25, 50, 75)
SIZES = {  # whether a study, by its number from 0, is ten times larger
    "equal": lambda number: number < 0,
    "every fourth ten times larger": lambda number: number % 4 == 0,
    "one ten times larger": lambda number: number == 0,
}
LEVEL, SEED = 0.95, 20140218
METHODS = (("DL", "z"), ("DL", "hksj"), ("REML", "z"), ("REML", "hksj"), ("REML", "hksj-floor"))


@dataclass(frozen=True)
class Cell:
    """One setting and what was seen in it, in percent unless said.

    Args:
        interval, prediction: Coverage of confidence and prediction intervals, one a method.
        bias: Mean error of the REML estimate, in its mean standard error.
        seconds: For all methods.
    """

    sizes: str
    i2: int
    k: int
    interval: tuple[float, ...]
    prediction: tuple[float, ...]
    bias: float
    seconds: float


def main() -> None:
    """Print the table; keep it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--analyses", type=int, default=100_000, help="analyses in each cell")
    parser.add_argument("--write", action="store_true", help="keep the table and the figure in docs/")
    options = parser.parse_args()
    cells = [simulate(sizes, i2, k, options.analyses) for sizes in SIZES for i2 in I2 for k in STUDIES]
    text = table(cells, options.analyses)
    print(text)
    print(f"{len(cells)} cells of {options.analyses:,} analyses by {len(METHODS)} methods: "
          f"{sum(cell.seconds for cell in cells):.0f} s, the slowest {max(cell.seconds for cell in cells):.1f} s")
    if options.write:
        (DOCS / "coverage.md").write_text(text + "\n", encoding="utf-8")
        (DOCS / "images" / "coverage.svg").write_text(draw(cells, I2, STUDIES, tuple(SIZES), METHODS), encoding="utf-8")


def simulate(sizes: str, i2: int, k: int, analyses: int) -> Cell:
    """Return the coverage of every method in one setting; the truth is 0."""
    began = time.perf_counter()
    random = np.random.default_rng([SEED, list(SIZES).index(sizes), i2, k])
    vi = np.where(SIZES[sizes](np.arange(k)), 0.1, 1.0)
    tau2 = i2 / (100 - i2) * typical(vi)
    yi = random.normal(0.0, np.sqrt(vi + tau2), (analyses, k)).ravel()
    batch = make_batch(yi, np.tile(vi, analyses), np.arange(analyses) * k)
    found = {name: weigh(batch, TAU2_ESTIMATORS[name](batch).tau2) for name in ("DL", "REML")}
    interval, prediction = zip(*(shares(found[name], test, tau2) for name, test in METHODS), strict=True)
    reml = found["REML"]
    estimate, se = batch.centre + reml.mean * batch.scale, batch.scale / np.sqrt(reml.total)
    return Cell(sizes, i2, k, interval, prediction, float(estimate.mean() / se.mean()), time.perf_counter() - began)


def typical(vi: np.ndarray) -> float:
    """Return the typical sampling variance of Higgins and Thompson."""
    w = 1 / vi
    trace = np.array([w.sum() - (w**2).sum() / w.sum()])
    return float(typical_variance(trace, np.array([len(vi) - 1.0]))[0])


def shares(weighted: object, test: str, tau2: float) -> tuple[float, float]:
    """Return how often an interval holds the mean, and how probably a prediction interval a new effect, in percent."""
    batch, errors = weighted.batch, TESTS[test](weighted)
    critical = critical_value(errors.df, LEVEL)
    estimate = batch.centre + weighted.mean * batch.scale
    holds = np.abs(estimate) <= critical * errors.se * batch.scale
    reach = prediction_reach(weighted.tau2, errors.se, critical) * batch.scale
    if tau2 == 0:
        return 100 * float(holds.mean()), 100 * float((np.abs(estimate) <= reach).mean())
    tau = np.sqrt(tau2)
    new = special.ndtr((estimate + reach) / tau) - special.ndtr((estimate - reach) / tau)
    return 100 * float(holds.mean()), 100 * float(new.mean())


def table(cells: list[Cell], analyses: int) -> str:
    """Return the results as a page."""
    names = [f"{tau2} {test}" for tau2, test in METHODS]
    head = ["studies", "I²", *names, *(f"PI {name}" for name in names[2:]), "bias"]
    error = 100 * (0.95 * 0.05 / analyses) ** 0.5
    lines = [
        "# How often the intervals hold the truth",
        "",
        f"Coverage in percent of 95 % intervals over {analyses:,} simulated analyses a line, by "
        "`python -m tests.benchmarks.coverage --write`; the simulation's own standard error is "
        f"{error:.2f} near 95. PI is the chance that a prediction interval holds a new effect. The bias is that of "
        "the REML estimate, in standard errors. Sampling variances are known here, so what is missing from 95 is due "
        "to the interval alone.",
        "",
        "![Coverage over the number of studies](images/coverage.svg)",
        "",
        literature(cells),
    ]
    for sizes in SIZES:
        lines += ["", f"## Sizes: {sizes}", "", " | ".join(["", *head, ""]).strip(),
                  "|" + "---|" * len(head)]
        lines += [row(cell) for cell in cells if cell.sizes == sizes]
    return "\n".join(lines)


def row(cell: Cell) -> str:
    """Return one line of the table."""
    values = [f"{value:.1f}" for value in (*cell.interval, *cell.prediction[2:])]
    return " | ".join(["", str(cell.k), f"{cell.i2} %", *values, f"{cell.bias:+.3f}", ""]).strip()


def literature(cells: list[Cell]) -> str:
    """Return what IntHout 2014 found, beside the same figures here."""
    worst = {test: 100 - min(cell.interval[METHODS.index(("DL", test))] for cell in cells) for test in ("z", "hksj")}
    return (
        "IntHout, Ioannidis and Borm 2014 (BMC Med Res Methodol 14:25, doi:10.1186/1471-2288-14-25, abstract) "
        "simulated 2 to 20 trials, some with a quarter of the trials ten times larger: at a nominal 5 %, the error "
        'rates of Hartung-Knapp "at most doubled", those of DerSimonian-Laird "could be over 30%", and both grew with '
        f"unequal sizes and heterogeneity. Here the largest error is {worst['hksj']:.1f} % for Hartung-Knapp and "
        f"{worst['z']:.1f} % for DerSimonian-Laird with a normal quantile."
    )


if __name__ == "__main__":
    main()
