"""Print how long a report of 500 invented comparisons takes to draw, and how large a page of 50 trials is.

Run it by: python -m tests.benchmarks.report_speed
"""

import time
from dataclasses import replace

import numpy as np

from analysis.pooling import leave_one_out, pool
from analysis.report import render
from analysis.results import (
    ArmSummary,
    Choice,
    Claim,
    ClaimPart,
    ComparisonResult,
    Dataset,
    Effect,
    Metadata,
    PartVerdict,
    RawRow,
    RawTable,
    Run,
    Source,
    SourceRef,
    Study,
    Verdict,
)
from analysis.synthesis.leaning import look_at_robustness
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_result

COMPARISONS, TRIALS, CLAIMS, MANY = 500, 8, 100, 50
HEADER = ("study", "arm", "n", "mean", "sd", "location", "seen_as")


def main() -> None:
    """Print the time of one render and the size of the largest pages."""
    run = invented_large_run()
    began = time.perf_counter()
    files = render(run)
    seconds = time.perf_counter() - began
    print(f"{COMPARISONS} comparisons of {TRIALS} trials, {len(run.datasets)} sources, {CLAIMS} claims: "
          f"{seconds:.1f} s for {len(files)} files, {sum(map(len, files.values())) / 1e6:.0f} MB")
    page = render(replace(run, comparisons=(invented_comparison("many", MANY),), verdicts=()))["comparisons/many.html"]
    first = files["index.html"]
    print(f"A page of {MANY} trials: {len(page) / 1000:.0f} kB; the first page: {len(first) / 1000:.0f} kB")


def invented_large_run() -> Run:
    results = tuple(invented_comparison(f"question-{number}", TRIALS) for number in range(COMPARISONS))
    verdicts = tuple(invented_claim(f"X{number}", results[number * 5]) for number in range(CLAIMS))
    datasets = tuple(invented_source(f"study-{number}") for number in range(COMPARISONS))
    return replace(bcg_run(), comparisons=results, verdicts=verdicts, datasets=datasets)


def invented_comparison(id: str, trials: int) -> ComparisonResult:
    random = np.random.default_rng(len(id) + sum(map(ord, id)))
    yi, sei = random.normal(-1, 1, trials), random.uniform(0.3, 1.2, trials)
    studies = random.permutation(COMPARISONS)[:trials]
    effects = tuple(invented_trial(f"study-{study}", float(y), float(s)) for study, y, s in zip(studies, yi, sei,
                                                                                              strict=True))  # fmt: skip
    empty = invented_result(id, effects)
    pooled = pool(yi, sei**2, tau2="REML", test="hksj-floor")
    others = leave_one_out(yi, sei**2, tau2="REML", test="hksj-floor")
    choices = [Choice(f"without:{effect.study}", (), others.pooled(index), "uncertain", True)
               for index, effect in enumerate(effects)]  # fmt: skip
    choices += [Choice(f"tau2={name}", (), pool(yi, sei**2, tau2=name, test="hksj"), "uncertain", True)
                for name in ("DL", "PM")]  # fmt: skip
    robustness = look_at_robustness(effects, empty.comparison)
    return replace(empty, pooled=pooled, choices=tuple(choices), robustness=robustness)


def invented_trial(study: str, yi: float, sei: float) -> Effect:
    refs = tuple(SourceRef(study, "arms", line, "Table 2", "primary") for line in (2, 3))
    return Effect(
        study, f"Invented {study}", 2000 + len(study), yi, sei**2, "MD", "means", 12.0, "scale", "final", "worst pain",
        60, ArmSummary(("a",), 30, 3.2, 1.5), ArmSummary(("b",), 30, 4.1, 1.4), "primary", ("sign-turned",), refs, sei,
        yi - 1.96 * sei, yi + 1.96 * sei,
    )  # fmt: skip


def invented_claim(id: str, result: ComparisonResult) -> Verdict:
    part = PartVerdict(ClaimPart(result.comparison.id, "favours"), "not settled", "interval-straddles", -1.0, 1.0, 0.0)
    claim = Claim(id, f"Invented claim {id}.", "invented", "nowhere", (part.part,))
    return Verdict(claim, "not settled", (part,), False, 0, 0, bcg_run().started.date())


def invented_source(id: str) -> Dataset:
    arms = ((2, "a"), (3, "b"))
    rows = tuple(RawRow(line, (id, arm, "30", "3.2", "1.5", "Table 2", "primary")) for line, arm in arms)
    metadata = Metadata(id, f"Invented {id}", "nobody", Source("Invented citation"), Study("rct", label=id, year=2000))
    return Dataset(id, metadata, (), (RawTable("arms", HEADER, rows),))


if __name__ == "__main__":
    main()
