"""An invented run for the tests of the store and the flow: no study in it exists, every number is made up."""

import dataclasses
from datetime import UTC, date, datetime

from analysis.results import (
    About,
    ArmSummary,
    Change,
    Choice,
    Claim,
    ClaimPart,
    Comparison,
    ComparisonResult,
    Dataset,
    Effect,
    FileHash,
    Fingerprints,
    LeftOut,
    Metadata,
    PartVerdict,
    Pooled,
    PoolingRow,
    PValue,
    RawRow,
    RawTable,
    Run,
    SecondOpinion,
    Source,
    SourceRef,
    Study,
    Verdict,
    Vocabulary,
)

HOSTILE = "<script>alert(1)</script>'; DROP TABLE study;--"
HEADER = ("study", "arm", "outcome", "n", "mean", "sd", "location", "seen_as", "note")


def invented_dataset(name: str, note: str = "") -> Dataset:
    cells = ((name, "hip", "function", "21", "-3.5", ".5", "Table 2", "primary", note),
             (name, "knee", "function", "", "1e2", "2", "Table 2", "primary", "=1+1"))
    rows = tuple(RawRow(line, row) for line, row in enumerate(cells, start=2))
    source = Source("Invented", retrieved=date(2020, 2, 29))
    metadata = Metadata(name, f"Invented {name}", "Nobody", source, Study("rct"))
    return Dataset(name, metadata, (FileHash("arms.csv", "0" * 64),), (RawTable("arms", HEADER, rows),))


def invented_effect(study: str, yi: float, line: int = 2) -> Effect:
    ref = SourceRef(study, "arms", line, "Table 2", "primary")
    return Effect(study, study, 2020, yi, 0.1 + 0.2, "MD", "arms", 12.0, "akps", "final", None, 42,
                  ArmSummary(("hip",), 21, 1.5, 0.5), ArmSummary(("knee",), 21, 1.0, 0.5), "primary", (), (ref,),
                  0.5, yi - 1.0, yi + 1.0)


def invented_pooled() -> Pooled:
    return Pooled(2, "REML", "hksj-floor", 0.95, -0.1, 1 / 3, -4.0, 4.0, 0.9, 0.0, None, None, 0.0, None, None, 1.0,
                  0.5, 1, 0.6, None, None, (50.0, 50.0), ("boundary",))


def invented_result(hostile: str = HOSTILE) -> ComparisonResult:
    question = f"Which is better, {hostile}?"
    comparison = Comparison("hip-or-knee", question, ("hip",), ("knee",), "function", ("rct",), "MD")
    left_out = LeftOut("c", "C 2020", SourceRef("b", "arms", 3, "Table 2", "primary"), "no-spread", "No spread printed")
    published = PoolingRow(SourceRef("a", "poolings", 2, "Figure 1", "secondary"), "a", "hip", "knee", "function",
                           p_value=PValue("<", 0.001))
    return ComparisonResult(
        comparison, "hip", "knee", "function", "points", "higher",
        (invented_effect("a", -0.25), invented_effect(hostile, 0.05)), (invented_effect("b", 0.1, 3),),
        (left_out,), 4, 84,
        invented_pooled(), "uncertain", (Choice("tau2=DL", ("a", hostile), invented_pooled(), "uncertain", True),),
        (published,), None, SecondOpinion("statsmodels", False, why_not="REML"), (),
    )


def invented_verdict(claim: str, verdict: str) -> Verdict:
    part = ClaimPart("hip-or-knee", "favours")
    return Verdict(Claim(claim, "Hip is better.", "effect", "invented", (part,)), verdict,
                   (PartVerdict(part, verdict, "straddles"),), False, 1, 1, date(2020, 3, 1))


def invented_run(run_id: str = "20200301-060000-abcdef", **changed: object) -> Run:
    run = Run(
        id=run_id,
        started=datetime(2020, 3, 1, 6, 0, 0, 123456, tzinfo=UTC),
        recorded=True,
        fingerprints=Fingerprints("d1", "p1", "c1", (("python", "3.11.7"), ("numpy", "2.4.6"))),
        comparisons=(invented_result(),),
        verdicts=(invented_verdict("C1", "not settled"), invented_verdict("C2", "supported")),
        datasets=(invented_dataset("a"), invented_dataset("b", HOSTILE + "\0☃\u2028")),
        labels=Vocabulary((("function", "Function"),)),
        about=About("Invented", "Is anything so?"),
        previous="20200223-060000-abcdef",
        previous_started=datetime(2020, 2, 23, 6, tzinfo=UTC),
        changes=(Change("verdict", "C2", "verdict", "not settled", "supported"),),
    )
    return dataclasses.replace(run, **changed)
