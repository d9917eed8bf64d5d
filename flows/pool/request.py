"""What a person asked `trochlea pool` for."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """The options of `trochlea pool`; DESIGN of each in its --help."""

    file: Path
    measure: str | None
    pooling: str
    tau2: str
    test: str
    level: float
    prediction: bool = False
    effects: bool = False
    leave_one_out: bool = False
    cumulative: bool = False
    small_study: bool = False
    influence: bool = False
    moderators: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Return the file as faults name it."""
        return str(self.file)
