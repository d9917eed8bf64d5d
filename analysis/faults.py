"""What is wrong with something a person gave us, and the errors that say so without a traceback."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where it is, what was found, what is allowed, what to do next."""

    where: str  # a file, as a path below the review: "data/raw/bcg/arms.csv"
    found: str  # "14 events among 12 people"
    allowed: str  # "events is at most n"
    line: int | None = None
    column: str | None = None  # a column of a table, or a key of a TOML file
    fix: str | None = None  # what to do next, when it is more than to correct the cell

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line is not None else ""
        column = f", {self.column}" if self.column is not None else ""
        fix = f" {self.fix}." if self.fix else ""
        allowed = self.allowed if self.allowed.endswith("\n") else f"{self.allowed}."  # lines to copy end as they are
        return f"{self.where}{line}{column}: {self.found}. {allowed}{fix}"


class TrochleaError(Exception):
    """Something that a user can mend; shown as it is, never with a traceback."""

    exit_code = 2


class InputError(TrochleaError):
    """Everything that is wrong with what was given, all of it at once."""

    def __init__(self, faults: Sequence[Fault], hint: str | None = None):
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)
        self.hint = hint

    def __str__(self) -> str:
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = [count, *(f"  - {fault}" for fault in self.faults)]
        return "\n".join(lines + ([self.hint] if self.hint else []))


def suggest(word: str, allowed: Sequence[str]) -> str:
    """Return "Did you mean ...? " with the nearest allowed word, or nothing where none is near."""
    near = get_close_matches(word[:100].lower(), allowed, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}? " if near else ""
