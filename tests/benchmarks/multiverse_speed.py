"""Print how long a multiverse of more than ten thousand branches takes, of an invented comparison.

Run it by: python -m tests.benchmarks.multiverse_speed
"""

import time
from dataclasses import replace

from analysis.evidence.datasets import read_evidence
from analysis.evidence.gathered import Evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.multiverse import explore, frame
from analysis.results import ArmRow, Comparison, SourceRef
from analysis.synthesis import synthesise_comparison
from tests.reviews import INVENTED

STUDIES, REPEATS = 14, 5
QUESTION = Comparison(
    id="invented", question="Invented?", experimental=("new",), control=("old",), outcome="pain", designs=("rct",),
    measure="MD", instruments=("scale-10",), window_weeks=(4, 26), other_windows=((4, 13), (12, 52)),
    correlations=(0.5, 0.8),
)  # fmt: skip


def main() -> None:
    """Print the best of five."""
    codebook, _ = read_vocabulary(INVENTED / "data")
    evidence = replace(read_evidence(INVENTED / "data", codebook)[0], arms=tuple(invented_rows()), contrasts=())
    result = synthesise_comparison(QUESTION, evidence)
    seconds, (explored,) = min((timed(evidence) for _ in range(REPEATS)), key=lambda one: one[0])
    began = time.perf_counter()
    found = frame(explored, result)
    print(f"{STUDIES} invented studies, {found.branches:,} branches, {found.analyses:,} different analyses: "
          f"{seconds:.2f} s to derive, cross and pool, {time.perf_counter() - began:.2f} s to sum up")


def timed(evidence: Evidence) -> tuple[float, tuple]:
    began = time.perf_counter()
    explored = explore([QUESTION], evidence)
    return time.perf_counter() - began, explored


def invented_rows() -> list[ArmRow]:
    """Return trials of two times and a baseline, two of them doubtful."""
    rows = []
    for study in range(STUDIES):
        seen_as = "doubtful" if study % 7 == 3 else "primary"
        for weeks in (8.0, 16.0):
            for arm in ("new", "old"):
                ref = SourceRef("invented-alpha", "arms", len(rows) + 2, "Invented table", seen_as)
                mean = 4.0 - (arm == "new") * (0.4 + study % 5 / 4) - weeks / 30
                rows.append(ArmRow(ref, f"study-{study}", arm, "pain", "scale-10", weeks, "final", n=20 + study,
                                   mean=mean, sd=1.5 + study % 3 / 4, baseline_mean=6.0, baseline_sd=2.0))  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
