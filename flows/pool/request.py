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
    missing: str = "L0"
    missing_side: str | None = None
    influence: bool = False
    prediction_hts: bool = False
    pet_peese: bool = False
    selection: str | None = None
    fail_safe: bool = False
    baujat: bool = False
    prior: str | None = None
    prior_scale: float | None = None
    below: tuple[float, ...] = ()
    power: float | None = None
    bootstrap: int | None = None
    gosh: Path | None = None
    sets: int = 1_000_000
    seed: int | None = None
    moderators: tuple[str, ...] = ()
    formula: str | None = None
    permutations: int | None = None
    subgroup: str | None = None
    subgroup_tau2: str = "separate"
    model: str = "random"
    robust: str = "CR1"
    component_intervals: bool = False
    reference: str | None = None
    shared_arm: str = "sizes"

    @property
    def has_moderators(self) -> bool:
        """Say whether effects are regressed on something."""
        return bool(self.moderators) or self.formula is not None

    @property
    def is_more_than_means(self) -> bool:
        """Say whether a row of results holds more than the numbers of one mean."""
        return bool(self.has_moderators or self.subgroup or self.questions) or self.model != "random"

    @property
    def questions(self) -> tuple[str, ...]:
        """Return what is asked of one mean beside its numbers: keys of QUESTIONS in `flows.pool.answers`."""
        asked = {"prediction_hts": self.prediction_hts, "pet_peese": self.pet_peese,
                 "selection": self.selection is not None, "fail_safe": self.fail_safe, "baujat": self.baujat,
                 "posterior": self.prior is not None, "power": self.power is not None,
                 "bootstrap": self.bootstrap is not None, "gosh": self.gosh is not None}
        return tuple(name for name, flag in asked.items() if flag)

    @property
    def where(self) -> str:
        """Return the file as faults name it."""
        return str(self.file)
