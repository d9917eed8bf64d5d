"""What differs between two runs: what changed, by how much, and which line it came from."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Origin:
    """A place that a change came from: a cell or a line of a table, a key of a TOML file, or a fingerprint.

    `old` and `new` are the texts that stand there; None where there was, or is, nothing. Of drift that is a fault
    they are the fingerprints that are equal: what a number depends on, and what did not change.
    """

    file: str  # "arms.csv", "metadata.toml", "comparisons.toml"; "data", "protocol", "code" or a program
    dataset: str | None = None  # None for the protocol and for programs
    line: int | None = None  # of the newer file; of the older one for what is gone from the newer
    column: str | None = None  # of a table, or a key of a TOML file; None for a whole line
    old: str | None = None
    new: str | None = None
    note: str | None = None  # of a cell that corrections.toml mends: why, who answers for it, and when


@dataclass(frozen=True)
class Split:
    """What of a move came from data, from method and from neither, in units of the effect as reported.

    A ratio stays a ratio. The three add up to the move.
    """

    data: float
    method: float  # the protocol, with its vocabulary
    code: float  # code or versions of programs; with both the same: nobody knows


@dataclass(frozen=True)
class Move:
    """How the interval that a change rests on went; log scale for ratios, None where there is none."""

    comparison: str
    old: tuple[float, float, float] | None  # estimate, low, high
    new: tuple[float, float, float] | None
    split: Split | None = None
    old_scale: tuple[str, str | None] | None = None  # measure and unit of `old`, when not those of `new`
    why_not: str | None = None  # a key of changes.WHY_NOT_SPLIT, where several causes cannot be told apart


@dataclass(frozen=True)
class Change:
    """One thing that differs from the run before. Kinds in order of weight."""

    kind: Literal["verdict", "answer", "evidence", "methods", "drift"]
    subject: str  # the id of a claim, a comparison or a dataset; a program, or an entry of the vocabulary
    what: str  # a key of changes.WORDS
    old: str | None = None
    new: str | None = None
    moves: tuple[Move, ...] = ()
    origins: tuple[Origin, ...] = ()
