"""A run for the tests of the report: the BCG trials as metafor pools them."""

import functools
import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.evidence.codebook import Codebook, Outcome, Treatment
from analysis.evidence.gathered import Evidence
from analysis.multiverse import explore, frame
from analysis.results import (
    About,
    ArmRow,
    ArmSummary,
    Choice,
    Claim,
    ClaimPart,
    Comparison,
    ComparisonResult,
    Dataset,
    Effect,
    FileHash,
    Fingerprints,
    ImputedStudy,
    Metadata,
    Multiverse,
    PartVerdict,
    Pooled,
    RawRow,
    RawTable,
    Robustness,
    Run,
    SecondOpinion,
    SmallStudies,
    Source,
    SourceRef,
    Step,
    Study,
    StudyInfluence,
    TrimAndFill,
    Verdict,
    Vocabulary,
)

BCG = json.loads((Path(__file__).parent / "reference" / "pages" / "bcg.json").read_text())
NORMAL_975 = 1.959963984540054
VOLATILE_ID, VOLATILE_START = "20261122-120000-abcdef", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PRINTS = Fingerprints("d" * 12, "p" * 12, "c" * 12, (("python", "3.11"), ("numpy", "2.4")))


# ---------------------------------------------------------------- BCG (numbers of metafor)


def pooled_by_metafor(fit: dict, test: str) -> Pooled:
    common = fit["method"] == "EE"
    return Pooled(
        k=fit["k"],
        tau2_method="FE" if common else fit["method"],
        test=test,
        level=0.95,
        estimate=fit["estimate"],
        se=fit["se"],
        ci_low=fit["ci_low"],
        ci_high=fit["ci_high"],
        p_value=fit["p_value"],
        tau2=fit["tau2"],
        tau2_low=fit.get("tau2_low"),
        tau2_high=fit.get("tau2_high"),
        i2=fit["i2"],
        i2_low=fit.get("i2_low"),
        i2_high=fit.get("i2_high"),
        h2=fit["h2"],
        q=fit["q"],
        q_df=fit["q_df"],
        q_p_value=fit["q_p_value"],
        pi_low=fit["pi_low"],
        pi_high=fit["pi_high"],
        weights=tuple(fit["weights"]),
        status=("ok",),
    )


def bcg_study(trial: dict) -> str:
    name = trial["author"].replace(" et al", "").replace(" & ", "-").replace(" ", "-").lower()
    return f"{name}-{trial['year']}"


def bcg_effect(index: int, trial: dict) -> Effect:
    refs = tuple(SourceRef("bcg", "arms", 2 + 2 * index + arm, f"row {index + 1}", "primary") for arm in (0, 1))
    treated, control = trial["tpos"] + trial["tneg"], trial["cpos"] + trial["cneg"]
    sei = math.sqrt(trial["vi"])
    return Effect(
        study=bcg_study(trial),
        label=f"{trial['author']} {trial['year']}",
        year=trial["year"],
        yi=trial["yi"],
        vi=trial["vi"],
        measure="RR",
        derivation="events",
        followup_weeks=None,
        instrument=None,
        value_type=None,
        detail=None,
        n_total=treated + control,
        experimental=ArmSummary(("bcg",), treated, events=trial["tpos"]),
        control=ArmSummary(("none",), control, events=trial["cpos"]),
        seen_as="primary",
        cautions=(),
        refs=refs,
        sei=sei,
        ci_low=trial["yi"] - NORMAL_975 * sei,
        ci_high=trial["yi"] + NORMAL_975 * sei,
    )


def bcg_dataset() -> Dataset:
    header = ("study", "arm", "n", "events", "location", "seen_as")
    rows = []
    for index, trial in enumerate(BCG["trials"]):
        for arm, positive, negative in (("bcg", trial["tpos"], trial["tneg"]), ("none", trial["cpos"], trial["cneg"])):
            cells = (bcg_study(trial), arm, str(positive + negative), str(positive), f"row {index + 1}", "primary")
            rows.append(RawRow(len(rows) + 2, cells))
    source = Source(
        "Colditz GA and others. JAMA 1994;271:698-702, as in metadat's dat.bcg",
        doi="10.1001/jama.1994.03510330076038",
        licence="facts",
    )
    metadata = Metadata(
        "bcg",
        "Efficacy of BCG vaccine in the prevention of tuberculosis",
        "Trochlea project",
        source,
        Study("rct", label="Colditz 1994", year=1994),
    )
    return Dataset("bcg", metadata, (FileHash("arms.csv", "0" * 64),), (RawTable("arms", header, tuple(rows)),))


def bcg_choices(studies: tuple[str, ...]) -> tuple[Choice, ...]:
    declared = [
        Choice(
            code, studies, pooled_by_metafor(fit, "z" if fit["test"] == "z" else "hksj"), "favours-experimental", True
        )
        for code, fit in BCG["choices"].items()
    ]
    return (
        *declared,
        *(
            Choice(
                f"without:{study}",
                tuple(other for other in studies if other != study),
                pooled_by_metafor(fit, "hksj"),
                "favours-experimental",
                True,
            )
            for study, fit in zip(studies, BCG["without"], strict=True)
        ),
    )


def bcg_robustness(effects: tuple[Effect, ...]) -> Robustness:
    ordered = [effects[place - 1] for place in BCG["order"]]
    people = [sum(effect.n_total for effect in ordered[: index + 1]) for index in range(len(ordered))]
    steps = tuple(
        Step(effect.study, n_total=count, **(step if step["k"] > 1 else step | {"tau2": None, "i2": None}))
        for effect, count, step in zip(ordered, people, BCG["cumulative"], strict=True)
    )
    cases = zip(effects, BCG["influence"], strict=True)
    small = dict(BCG["small_studies"])
    imputed = tuple(ImputedStudy(**study) for study in small.pop("imputed"))
    filled = TrimAndFill(imputed=imputed, **{key: small.pop(key) for key in ("side", "estimate", "ci_low", "ci_high")})
    return Robustness(
        steps,
        tuple(StudyInfluence(effect.study, **case) for effect, case in cases),
        SmallStudies(trim_and_fill=filled, **small),
    )


def bcg_result() -> ComparisonResult:
    effects = tuple(bcg_effect(index, trial) for index, trial in enumerate(BCG["trials"]))
    studies = tuple(effect.study for effect in effects)
    risks = sorted(effect.control.events / effect.control.n for effect in effects)
    comparison = Comparison(
        id="bcg-vs-none",
        question="Does BCG vaccination prevent tuberculosis?",
        experimental=("bcg",),
        control=("none",),
        outcome="tuberculosis",
        designs=("rct", "quasi-rct"),
        measure="RR",
        interval="hksj",
    )
    result = ComparisonResult(
        comparison=comparison,
        experimental_label="BCG vaccine",
        control_label="no vaccine",
        outcome_label="tuberculosis",
        unit=None,
        better="lower",
        effects=effects,
        doubtful=(),
        left_out=(),
        rows_found=26,
        n_total=sum(effect.n_total for effect in effects),
        pooled=pooled_by_metafor(BCG["main"], "hksj"),
        answer="favours-experimental",
        choices=bcg_choices(studies),
        published=(),
        control_risk=risks[len(risks) // 2],
        second_opinion=SecondOpinion("statsmodels", False, why_not="preview"),
        awaited=(),
        robustness=bcg_robustness(effects),
    )
    return replace(result, multiverse=bcg_multiverse(result))


def bcg_evidence() -> Evidence:
    """Return the trials as rows, for what is computed anew from them."""
    codebook = Codebook(
        {"tuberculosis": Outcome("tuberculosis", "lower")}, {},
        {"bcg": Treatment("BCG vaccine"), "none": Treatment("no vaccine")},
    )  # fmt: skip
    rows = []
    for row in bcg_dataset().tables[0].rows:
        study, arm, n, events, location, seen_as = row.cells
        ref = SourceRef("bcg", "arms", row.line, location, seen_as)
        rows.append(ArmRow(ref, study, arm, "tuberculosis", n=int(n), events=int(events)))
    return Evidence(codebook, (bcg_dataset(),), tuple(rows), (), ())


@functools.cache
def bcg_multiverse(result: ComparisonResult) -> Multiverse:
    """Return the trials under every combination of choices: the engine's own numbers, as metafor has no multiverse."""
    (explored,) = explore([result.comparison], bcg_evidence())
    return frame(explored, result, BCG_CLAIMS)


BCG_CLAIMS = (
    Claim("B1", "BCG at least halves the risk.", "effectiveness", "REPORT example",
          (ClaimPart("bcg-vs-none", "at-most", (0.5,)),)),
    Claim("B2", "BCG lowers the risk on average.", "effectiveness", "REPORT example",
          (ClaimPart("bcg-vs-none", "favours"),)),
    Claim("B3", "BCG protects in every setting.", "effectiveness", "REPORT example",
          (ClaimPart("bcg-vs-none", "favours", on="prediction"),)),
)  # fmt: skip
BCG_VERDICTS = (
    ("not settled", "interval-straddles"),
    ("supported", "whole-interval-agrees"),
    ("not settled", "interval-straddles"),
)


def bcg_verdict(claim: Claim, verdict: str, reason: str) -> Verdict:
    main, (part,) = BCG["main"], claim.parts
    ends = (main["ci_low"], main["ci_high"]) if part.on == "average" else (main["pi_low"], main["pi_high"])
    judged = PartVerdict(part, verdict, reason, *ends, main["estimate"], agreeing_choices=17, choices=17)
    return Verdict(claim, verdict, (judged,), False, 17, 17, date(2026, 11, 22))


def bcg_run(id: str = VOLATILE_ID, started: datetime = VOLATILE_START) -> Run:
    """Return the run of the BCG trials; id and start are what differs from run to run."""
    verdicts = tuple(bcg_verdict(claim, *found) for claim, found in zip(BCG_CLAIMS, BCG_VERDICTS, strict=True))
    return Run(
        id,
        started,
        True,
        PRINTS,
        (bcg_result(),),
        verdicts,
        (bcg_dataset(),),
        Vocabulary(treatments=(("bcg", "BCG vaccine"), ("none", "no vaccine"))),
        About("BCG vaccine against tuberculosis", "Does BCG vaccination prevent tuberculosis?"),
    )
