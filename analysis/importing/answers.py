"""What a person settled of an import: kept in metadata.toml, so that a newer file is read in the same way."""

from dataclasses import dataclass, field, replace

from analysis.evidence.contract import DESIGNS, MEASURES, SEEN_AS, VALUE_TYPES
from analysis.faults import Fault, suggest
from analysis.importing.delimited import DELIMITERS, ENCODINGS
from analysis.importing.numerals import MARKS
from analysis.results import Imported

OPEN = ()
SETTINGS: dict[str, tuple[str, ...]] = {
    "sheet": OPEN,
    "header-row": OPEN,
    "delimiter": tuple(DELIMITERS),
    "encoding": tuple(ENCODINGS),
    "decimal": MARKS,
    "thousands": ("comma",),
    "weeks": OPEN,
    "value-type": VALUE_TYPES,
    "measure": MEASURES,
    "scale": ("log", "ratio"),
    "level": OPEN,
    "design": DESIGNS,
    "citation": OPEN,
    "doi": OPEN,
    "curator": OPEN,
    "seen-as": SEEN_AS,
    "study": OPEN,
    "suffix": OPEN,
    "others": ("leave-out",),  # outcomes that nobody named
}


@dataclass(frozen=True)
class Answers:
    """Words of the source with what each is in the contract, what holds for all rows, and what was confirmed."""

    columns: dict[str, str] = field(default_factory=dict)  # field by column
    arms: dict[str, str] = field(default_factory=dict)  # code by word; "experimental" and "control" are the sides
    outcomes: dict[str, str] = field(default_factory=dict)  # code by word; "" is every row
    instruments: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)  # by a key of SETTINGS
    missing: tuple[str, ...] = ()
    better: dict[str, str] = field(default_factory=dict)  # direction by new outcome code
    labels: dict[str, str] = field(default_factory=dict)  # label by new code
    add_to_vocabulary: bool = False
    confirmed: bool = False  # the whole mapping, guesses and all


def again(kept: Imported, now: Answers) -> Answers:
    """Return the answers kept from an earlier import, with those given now in place of theirs."""
    return replace(
        now,
        columns=dict(kept.columns) | now.columns,
        arms=dict(kept.arms) | now.arms,
        outcomes=dict(kept.outcomes) | now.outcomes,
        instruments=dict(kept.instruments) | now.instruments,
        settings=dict(kept.settings) | now.settings,
        missing=tuple(dict.fromkeys((*kept.missing, *now.missing))),
    )


def check_settings(where: str, answers: Answers) -> list[Fault]:
    """Return a fault for each setting that is none or has no such value."""
    faults = []
    for name, value in answers.settings.items():
        choices = SETTINGS.get(name)
        if choices is None:
            faults.append(
                Fault(
                    where, f"no setting {name!r}", f"{suggest(name, tuple(SETTINGS))}It is one of {', '.join(SETTINGS)}"
                )
            )
        elif choices and value not in choices:
            faults.append(
                Fault(where, f"--{name} {value}", f"{suggest(value, choices)}It is one of {', '.join(choices)}")
            )
    if answers.settings.get("decimal") == answers.settings.get("thousands") == "comma":
        faults.append(Fault(where, "--decimal comma and --thousands comma", "A comma is one of the two"))
    return faults
