"""Invented results for the report: edges, hostile text and every kind of change. Nothing here was measured."""

from datetime import UTC, date, datetime

from analysis.results import (
    About,
    Arm,
    ArmSummary,
    Awaited,
    Certainty,
    Change,
    Choice,
    Claim,
    ClaimBranches,
    ClaimPart,
    Comparison,
    ComparisonResult,
    CurveStep,
    Dataset,
    Dose,
    Doubt,
    Effect,
    FileHash,
    LeftOut,
    Metadata,
    Multiverse,
    MultiverseChoice,
    MultiverseOption,
    PartVerdict,
    Pooled,
    PoolingRow,
    PValue,
    RawRow,
    RawTable,
    Robustness,
    Run,
    SecondOpinion,
    Source,
    SourceRef,
    Step,
    Study,
    StudyInfluence,
    Verdict,
    Vocabulary,
)
from tests.fixtures_bcg import NORMAL_975, PRINTS

HOSTILE = "<script>alert(1)</script>'; DROP TABLE study;--"
FORMULA = '=cmd|" /C calc"!A1'


def invented_pooled(k: int, estimate: float, half: float, **other: object) -> Pooled:
    numbers = dict(
        k=k,
        tau2_method="REML",
        test="z" if k == 1 else "hksj-floor",
        level=0.95,
        estimate=estimate,
        se=half / 2,
        ci_low=estimate - half,
        ci_high=estimate + half,
        p_value=0.04,
        tau2=None,
        tau2_low=None,
        tau2_high=None,
        i2=None,
        i2_low=None,
        i2_high=None,
        h2=None,
        q=None,
        q_df=None,
        q_p_value=None,
        pi_low=None,
        pi_high=None,
        weights=tuple(100 / k for _ in range(k)),
        status=("one-study",) if k == 1 else ("boundary",),
    )
    return Pooled(**(numbers | other))


def invented_effect(
    study: str, yi: float, sei: float = 0.5, measure: str = "MD", line: int = 2, **other: object
) -> Effect:
    values = dict(
        study=study,
        label=study,
        year=2020,
        yi=yi,
        vi=sei**2,
        measure=measure,
        derivation="means",
        followup_weeks=12.0,
        instrument="scale",
        value_type="final",
        detail=study,
        n_total=40,
        experimental=ArmSummary(("a",), 20, 3.25, 1.5),
        control=ArmSummary(("b",), 20, 4.5, 1.25),
        seen_as="primary",
        cautions=("sign-turned", "a-code-nobody-knows"),
        refs=(SourceRef("invented", "arms", line, f"Table 1 {study}", "primary"),),
        sei=sei,
        ci_low=yi - NORMAL_975 * sei,
        ci_high=yi + NORMAL_975 * sei,
    )
    return Effect(**(values | other))


def invented_result(
    id: str,
    effects: tuple[Effect, ...] = (),
    pooled: Pooled | None = None,
    measure: str = "MD",
    label: str = "exercise a",
    answer: str = "uncertain",
    **other: object,
) -> ComparisonResult:
    own = {key: other.pop(key) for key in ("designs", "smallest_important", "certainty", "note") if key in other}
    comparison = Comparison(
        id=id,
        question=f"Invented question {id}?",
        experimental=("a",),
        control=("b",),
        outcome="pain",
        measure=measure,
        **({"designs": ("rct",)} | own),
    )
    values = dict(
        comparison=comparison,
        experimental_label=label,
        control_label="exercise b",
        outcome_label="pain",
        unit="points" if measure == "MD" else None,
        better="lower",
        effects=effects,
        doubtful=(),
        left_out=(),
        rows_found=len(effects),
        n_total=40 * len(effects) or None,
        pooled=pooled,
        answer=answer,
        choices=(),
        published=(),
        control_risk=None,
        second_opinion=SecondOpinion("statsmodels", False, why_not="a-code-nobody-knows"),
        awaited=(),
    )
    return ComparisonResult(**(values | other))


def invented_pooling(
    estimate: float | None, measure: str | None, low: float | None = None, high: float | None = None
) -> PoolingRow:
    return PoolingRow(
        SourceRef("invented", "poolings", 2, HOSTILE, "primary"),
        HOSTILE,
        "a",
        "b",
        "pain",
        outcome_as_printed=HOSTILE,
        measure=measure,
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p_value=PValue("<", 0.001),
        i2=55,
        k=4,
        n_total=200,
        note=FORMULA,
    )


def hostile_robustness() -> Robustness:
    """Return invented diagnostics of studies with hostile names, one of them unknown, some numbers missing."""
    steps = (
        Step(FORMULA, 1, None, 0.4, -0.6, 1.4, 0.5, None, None),
        Step(HOSTILE, 2, None, -0.4, -25.4, 24.6, 0.9, 0.0, 0.0),
    )
    cases = (
        StudyInfluence(HOSTILE, 0.5, 0.2, None, None, None, None, None, None, None),
        StudyInfluence(FORMULA, 0.0, 0.0, 1.0, 0.1, 1.0, 0.1, 0.5, 0.0, 1.0),
        StudyInfluence(f"unknown {HOSTILE}", 0.4, 0.3, 1.0, 0.1, 1.0, 0.1, 0.5, 0.0, 1.0),
        StudyInfluence("nowhere", None, 0.1, 1.0, 0.1, 1.0, 0.1, 0.5, 0.0, 1.0),
    )
    return Robustness(steps, cases)


def hostile_result() -> ComparisonResult:
    """Return an invented comparison whose every text is hostile, with everything a page can hold."""
    effects = (invented_effect(HOSTILE, -1.2), invented_effect(FORMULA, 0.4, label=FORMULA, derivation=HOSTILE))
    normal = invented_pooled(2, -0.4, 0.9, test="z")
    left_out = LeftOut(
        HOSTILE, HOSTILE, SourceRef("not-in-the-run", "arms", 9, HOSTILE, "primary"), "no-spread", HOSTILE
    )
    return invented_result(
        HOSTILE,
        effects,
        invented_pooled(2, -0.4, 25.0, status=("k2-t", HOSTILE)),
        label=HOSTILE,
        note=HOSTILE,
        doubtful=(invented_effect("doubtful-one", -2.0, line=3, seen_as="doubtful"),),
        left_out=(left_out,),
        rows_found=4,
        choices=(
            Choice("interval=z", (HOSTILE,), normal, "favours-experimental", False),
            Choice(HOSTILE, (), None, "no-data", False),
            Choice(f"{HOSTILE} drawn", (HOSTILE,), normal, "uncertain", True),
            Choice(f"without:{HOSTILE}", (FORMULA,), normal, "uncertain", True),
            Choice(f"without:{FORMULA}", (HOSTILE,), normal, "favours-control", False),
        ),
        published=(
            invented_pooling(-1.0, "MD", -2.0, -0.1),
            invented_pooling(0.5, "OR", 0.1, 40.0),
            invented_pooling(-0.7, None),
            invented_pooling(None, "SMD"),
        ),
        awaited=(Awaited("awaited-one", HOSTILE, 54, HOSTILE),),
        outcome_label=HOSTILE,
        robustness=hostile_robustness(),
        multiverse=hostile_multiverse(),
    )


def hostile_multiverse() -> Multiverse:
    """Return an invented multiverse with codes that nobody has words for."""
    options = tuple(
        MultiverseOption(code, 2, same, median, (50, 50, 0, 100))
        for code, same, median in ((HOSTILE, 2, -0.4), (f"instrument={HOSTILE}", 0, None), ("", 1, 1e6))
    )
    steps = tuple(CurveStep(1, -0.4 + place, -30.0, 25.0, place % 2) for place in range(4))
    choice = MultiverseChoice(HOSTILE, options, 1.0, None, HOSTILE)
    claims = (ClaimBranches(HOSTILE, 0, ((HOSTILE, 3),)), ClaimBranches(HOSTILE, 1, ()))
    return Multiverse(
        branches=4, analyses=4, too_few=2, same_answer=3, same_side=1, answers=(("uncertain", 3), (HOSTILE, 1)),
        in_measure=4, lowest=-0.4, median=1.1, highest=2.6, choices=(choice,), curve=steps, claims=claims,
        not_crossed=(HOSTILE,),
    )  # fmt: skip


def invented_datasets() -> tuple[Dataset, ...]:
    header = ("study", "note", "empty")
    arms = RawTable(
        "arms", header, (RawRow(2, (HOSTILE, FORMULA, "")), RawRow(3, ("a\x00b\x1bc\u202ed", "x" * 5000, "")))
    )
    poolings = RawTable("poolings", header, (RawRow(2, (HOSTILE, "", "")),))
    study = Study("rct", label=HOSTILE, same_people_as="somebody", unit_of_analysis="knees", note=HOSTILE)
    source = Source(HOSTILE, doi="javascript:alert(1)", url="javascript:alert(2)", pmid="12<b>", licence=HOSTILE)
    arm = Arm("a", HOSTILE, "a", 20, Dose(weeks="8", note=HOSTILE))
    full = Dataset(
        "invented",
        Metadata("invented", HOSTILE, HOSTILE, source, study, (arm,)),
        (FileHash("arms.csv", "f" * 64),),
        (arms, poolings),
    )
    awaiting = Metadata(
        "awaited-one",
        "An invented study",
        "nobody",
        Source("Invented citation"),
        Study("rct", status="awaiting-extraction"),
    )
    return full, Dataset("awaited-one", awaiting, (), ())


def invented_run() -> Run:
    """Return an invented run: no study, one, two; every measure; hostile names; doubtful, published, awaited."""
    rated = Certainty("low", ("imprecision", "risk of bias"), "A. Rater", date(2026, 1, 2))
    groups = {"designs": ("case-control",), "better": "none"}
    results = (
        hostile_result(),
        invented_result("none", answer="no-data", awaited=(Awaited("awaited-one", "Awaited", None, "Citation"),)),
        invented_result(
            "one",
            (invented_effect("only", -1.0),),
            invented_pooled(1, -1.0, 0.98),
            answer="favours-experimental",
            smallest_important=2.0,
            certainty=rated,
        ),
        invented_result(
            "risk",
            (invented_effect("r1", -0.7, measure="RR"), invented_effect("r2", 0.1, measure="RR")),
            invented_pooled(
                2, -0.2, 90.0, tau2=0.1, i2=40.0, q=2.0, q_df=1, q_p_value=0.15, pi_low=-99.0, pi_high=99.0
            ),
            "RR",
            control_risk=0.25,
        ),
        invented_result(
            "angles",
            (invented_effect("g1", 1.0, measure="SMD"), invented_effect("g2", 0.8, measure="SMD")),
            invented_pooled(2, 0.9, 0.5),
            "SMD",
            answer="favours-control",
            **groups,
        ),
        invented_result(
            "only-doubtful", answer="no-data", rows_found=1, doubtful=(invented_effect("d1", 2.0, seen_as="doubtful"),)
        ),
    )
    part = PartVerdict(ClaimPart("one", "favours", min_trials=2), "not testable", "too-few-trials", -1.9, -0.1, -1.0)
    published = PartVerdict(
        ClaimPart(HOSTILE, "favours", basis="published"), "not settled", "published-differ", agree=1, of=2
    )
    verdicts = (
        Verdict(
            Claim("X1", HOSTILE, "invented", HOSTILE, (part.part, published.part)),
            "not settled",
            (part, published),
            True,
            1,
            2,
            date(2026, 1, 1),
        ),
        Verdict(
            Claim(HOSTILE, "Untested", "invented", "nowhere", (), needs=HOSTILE),
            "not testable",
            (),
            False,
            0,
            0,
            date(2026, 1, 1),
        ),
    )
    changes = (
        Change("drift", "risk", "number-moved", "-0.2 -1.0 0.5", "-0.25 -1.1 0.4"),
        Change("verdict", "X1", "verdict", "supported", "not settled"),
        Change("evidence", "invented", "dataset-revised"),
        Change("answer", "one", "answer", "uncertain", "favours-experimental"),
        Change("methods", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    )
    return Run(
        "20260101-000000-invent",
        datetime(2026, 1, 1, tzinfo=UTC),
        False,
        PRINTS,
        results,
        verdicts,
        invented_datasets(),
        Vocabulary(),
        About("Invented edges", "What does a page do with them?"),
        previous="20251231-000000-before",
        previous_started=datetime(2025, 12, 31, tzinfo=UTC),
        changes=changes,
        doubts=(
            Doubt("grim", "invented", f"{HOSTILE} looks odd", "arms", 2, "study", "Look at it", HOSTILE),
            Doubt("same-trial", "invented", "the same trial as another", fix="write it down"),
        ),
    )
