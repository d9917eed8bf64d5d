"""Risk of bias as somebody judged it: domain by domain, in the words of the tool."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BiasJudgement:
    """One domain of a tool and how it was judged; of the overall judgement, the id is "overall"."""

    domain: str
    short: str  # the domain in a word or two, for the head of a column
    label: str  # the domain as the tool names it
    judgement: str  # a word of the tool: "some concerns", "serious", "no information"
    letter: str  # of that word in the forest plot
    level: str  # what tools have in common: "low", "some", "high" or "unknown"
    rank: int  # the place of the word in the order of the tool
    reason: str | None = None


@dataclass(frozen=True)
class RiskOfBias:
    """One assessment: [risk_of_bias] of metadata.toml, with the words of its tool as they were that day."""

    tool: str  # a code of the tools
    tool_label: str
    rater: str
    rated: date
    overall: BiasJudgement
    domains: tuple[BiasJudgement, ...]
    outcome: str | None = None  # the outcome it is about; None: every result of the study
    study: str | None = None  # the study, when the source reports several


@dataclass(frozen=True)
class BiasShare:
    """What part of an average comes from studies that a tool's domain judges alike."""

    tool: str
    domain: str
    judgement: str | None  # None: studies that nobody judged with this tool
    level: str | None
    rank: int | None
    studies: int
    weight: float  # percent of the average
