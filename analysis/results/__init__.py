"""The nouns of Trochlea: what one module hands to the next.

All are frozen; nothing in these files computes. A `Run` is the results document: it is stored,
compared with another run, written as `results.json` and drawn as pages, and nothing else is.
Effects of ratios (RR, OR, HR) are on the log scale everywhere in here.
"""

from analysis.results.changes import Change, Move, Origin, Split
from analysis.results.claims import Claim, ClaimPart, PartVerdict, Verdict
from analysis.results.comparison import (
    RATIOS,
    ArmSummary,
    Awaited,
    Better,
    Certainty,
    Choice,
    Comparison,
    ComparisonResult,
    Effect,
    LeftOut,
    Pooled,
    SecondOpinion,
)
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
    PoolingRow,
    PValue,
    RawRow,
    RawTable,
    Source,
    SourceRef,
    Study,
)
from analysis.results.robustness import ImputedStudy, Robustness, SmallStudies, Step, StudyInfluence, TrimAndFill
from analysis.results.runs import About, Fingerprints, ProtocolFile, Run, Vocabulary

__all__ = [
    "RATIOS", "About", "Arm", "ArmRow", "ArmSummary", "Awaited", "Better", "Certainty", "Change", "Choice", "Claim",
    "ClaimPart", "Comparison", "ComparisonResult", "ContrastRow", "Correction", "Dataset", "Dose", "Effect",
    "FileHash", "Fingerprints", "Imported", "ImputedStudy", "LeftOut", "Metadata", "Move", "Origin", "PValue",
    "PartVerdict", "Pooled", "PoolingRow", "ProtocolFile", "RawRow", "RawTable", "Robustness", "Run", "SecondOpinion",
    "SmallStudies", "Source", "SourceRef", "Split", "Step", "Study", "StudyInfluence", "TrimAndFill", "Verdict",
    "Vocabulary",
]  # fmt: skip
