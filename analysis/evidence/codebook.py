"""vocabulary.toml: the codes that data and protocol may use, and what each means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.evidence.bias_tools import BiasTool, shipped_tools
from analysis.results import Better, Vocabulary


@dataclass(frozen=True)
class Outcome:
    """Something measured, and which way is good news."""

    label: str
    better: Better


@dataclass(frozen=True)
class Instrument:
    """What an outcome is measured with. `better` is set when it is not the outcome's own direction."""

    label: str
    unit: str | None = None
    range: tuple[float, float] | None = None
    better: Better | None = None
    smallest_important: float | None = None
    smallest_important_source: str | None = None
    step: float | None = None  # between the values that one person can have: 1 where they are whole numbers
    step_source: str | None = None


@dataclass(frozen=True)
class Treatment:
    """A treatment, or a group of people that is compared with another."""

    label: str


@dataclass(frozen=True)
class Codebook:
    """All codes of a review."""

    outcomes: dict[str, Outcome]
    instruments: dict[str, Instrument]
    treatments: dict[str, Treatment]
    bias_tools: Mapping[str, BiasTool] = field(default_factory=shipped_tools)

    def codes(self, vocabulary: str) -> tuple[str, ...]:
        """Return the codes of "outcomes", "instruments" or "treatments"."""
        return tuple(getattr(self, vocabulary))

    def labels(self) -> Vocabulary:
        """Return what a report needs of the codes."""
        return Vocabulary(
            *(
                tuple((code, entry.label) for code, entry in entries.items())
                for entries in (self.outcomes, self.instruments, self.treatments)
            )
        )

    def direction(self, outcome: str, instrument: str | None) -> Better:
        """Return which values of an instrument are good news: its own word, else the outcome's."""
        entry = self.instruments.get(instrument) if instrument else None
        return entry.better if entry and entry.better else self.outcomes[outcome].better
