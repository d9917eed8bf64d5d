"""The nouns of Trochlea: what one module hands to the next.

All are frozen; nothing in these files computes. A `Run` is the results document: it is stored,
compared with another run, written as `results.json` and drawn as pages, and nothing else is.
Effects of ratios (RR, OR, HR) are on the log scale everywhere in here.
"""

from analysis.results.beyond import (
    Bubble,
    Factor,
    LinePoint,
    MetaRegression,
    ModelCoefficient,
    ModeratorLine,
    NotFitted,
    Subgroup,
    SubgroupAnalysis,
    Unplaced,
    WithinStudies,
)
from analysis.results.bias import BiasJudgement, BiasShare, RiskOfBias
from analysis.results.changes import Change, Move, Origin, Split
from analysis.results.claims import Claim, ClaimPart, Multiplicity, PartVerdict, Verdict
from analysis.results.comparison import (
    MANTEL_HAENSZEL,
    ONE_EFFECT,
    RATIOS,
    ArmSummary,
    Awaited,
    Better,
    Certainty,
    Choice,
    Comparison,
    ComparisonResult,
    Effect,
    Expected,
    LeftOut,
    Pooled,
    SecondOpinion,
)
from analysis.results.doubts import Doubt
from analysis.results.evidence import (
    Arm,
    ArmRow,
    ContrastRow,
    Correction,
    Dataset,
    Dose,
    FileHash,
    Imported,
    Metadata,
    ParticipantRow,
    PoolingRow,
    PValue,
    RawRow,
    RawTable,
    Source,
    SourceRef,
    Study,
)
from analysis.results.extraction import (
    KEEP,
    LEAVE_OUT,
    WHOLE_ROW,
    ColumnAgreement,
    Disagreement,
    DoubleExtraction,
    Resolution,
)
from analysis.results.group import GroupChoice, GroupEffect, GroupQuestion, GroupResult
from analysis.results.multiverse import ClaimBranches, CurveStep, Multiverse, MultiverseChoice, MultiverseOption
from analysis.results.network import Inconsistency, NetworkEdge, NetworkQuestion, NetworkResult, NetworkTrial, Relative
from analysis.results.participants import ParticipantOutcome, Participants
from analysis.results.robustness import (
    ExpectedPower,
    ImputedStudy,
    NextStudy,
    Posterior,
    Robustness,
    SmallStudies,
    Span,
    Step,
    StudyInfluence,
    TrimAndFill,
    WhatIf,
)
from analysis.results.runs import About, Fingerprints, ProtocolFile, Run, Vocabulary

__all__ = [
    "KEEP", "LEAVE_OUT", "MANTEL_HAENSZEL", "ONE_EFFECT", "RATIOS", "WHOLE_ROW", "About", "Arm", "ArmRow",
    "ArmSummary", "Awaited", "Better",
    "BiasJudgement", "BiasShare", "Bubble", "Certainty", "Change", "Choice", "Claim", "ClaimBranches", "ClaimPart",
    "ColumnAgreement", "Comparison", "ComparisonResult", "ContrastRow", "Correction", "CurveStep", "Dataset",
    "Disagreement", "Dose", "DoubleExtraction", "Doubt", "Effect", "Expected", "ExpectedPower", "Factor", "FileHash",
    "Fingerprints", "GroupChoice", "GroupEffect", "GroupQuestion", "GroupResult", "Imported", "ImputedStudy",
    "Inconsistency", "LeftOut", "LinePoint", "MetaRegression", "Metadata",
    "ModelCoefficient", "ModeratorLine", "Move", "Multiplicity", "Multiverse", "MultiverseChoice", "MultiverseOption",
    "NetworkEdge", "NetworkQuestion", "NetworkResult", "NetworkTrial", "NextStudy", "NotFitted", "Origin", "PValue",
    "PartVerdict", "ParticipantOutcome", "ParticipantRow", "Participants", "Pooled", "PoolingRow", "Posterior",
    "ProtocolFile", "RawRow", "RawTable", "Relative", "Resolution", "RiskOfBias", "Robustness", "Run", "SecondOpinion",
    "SmallStudies", "Source", "SourceRef", "Span", "Split", "Step", "Study", "StudyInfluence", "Subgroup",
    "SubgroupAnalysis", "TrimAndFill", "Unplaced", "Verdict", "Vocabulary", "WhatIf", "WithinStudies",
]  # fmt: skip
