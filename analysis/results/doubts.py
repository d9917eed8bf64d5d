"""What looks implausible among sound figures: worth a look at the source, and no fault."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Doubt:
    """One figure that looks implausible: where it stands, what was found, and what to look for."""

    code: str  # a key of plausibility.WARNINGS
    dataset: str
    found: str  # "an SD of 0.4 among 17 people; others on vas-10 have about 2.1"
    table: str | None = None
    line: int | None = None
    column: str | None = None
    look: str = ""  # what to look for in the source
    fix: str | None = None  # what to write, and where, when that would settle it
