"""[participants] of metadata.toml: what each column of a participant table is."""

from dataclasses import replace

from analysis.declared import Declared, Field, read_fields
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import VALUE_TYPES
from analysis.evidence.participants.identifying import identifies
from analysis.faults import Fault, suggest
from analysis.results import Arm, ParticipantOutcome, Participants

FILES = ("participants.csv", "participants.parquet")
KEYS = ("study", "participant", "arm")  # columns that every participant table has
SECTION = "participants.outcomes"
MOST_ADJUSTED = 6
PARTICIPANTS = (
    Field("outcomes", "tables", "The outcome columns, each headed [[participants.outcomes]]", True),
    Field("covariates", "texts", "Columns of numbers that are summarised by arm, such as age"),
    Field("adjust", "texts", "The covariates that differences of means are adjusted for, beside the baseline"),
)
OUTCOME = (
    Field("column", "text", "The column of the table", True),
    Field("outcome", "text", "A code of vocabulary.toml [outcomes]", True),
    Field("instrument", "text", "A code of vocabulary.toml [instruments]"),
    Field("followup_weeks", "number", "Weeks from the start of treatment"),
    Field("value_type", "choice", "A value at follow-up, or a change from baseline", choices=VALUE_TYPES),
    Field("baseline", "text", "The column of the same measurement before treatment"),
    Field("event", "text", "Of a yes-or-no outcome: what stands for yes, in quotes"),
    Field("no_event", "text", "Of a yes-or-no outcome: what stands for no, in quotes"),
    Field("detail", "text", "The measurement in the source's own words"),
)


def read_declared_participants(
    file: Declared, table: dict | None, codebook: Codebook | None
) -> tuple[Participants | None, list[Fault]]:
    """Return what metadata.toml says of a participant table; None where it says nothing, or with every fault."""
    if table is None:
        return None, []
    top, faults = read_fields(file, "participants", table, PARTICIPANTS)
    outcomes = []
    for number, entry in enumerate(top.get("outcomes", [])):
        values, found = read_fields(file, SECTION, entry, OUTCOME, number)
        if not found:
            one = with_scale(ParticipantOutcome(**values), codebook)
            found = [*check_codes(file, number, one, codebook), *check_kind(file, number, one)]
            outcomes.append(one)
        faults += found
    declared = Participants(tuple(outcomes), top.get("covariates", ()), top.get("adjust", ()))
    faults += [*check_columns(file, declared), *check_adjust(file, declared)]
    return (None, faults) if faults else (declared, [])


def with_scale(one: ParticipantOutcome, codebook: Codebook | None) -> ParticipantOutcome:
    """Return an outcome with the range that its values are held to."""
    instrument = codebook.instruments.get(one.instrument or "") if codebook else None
    return replace(one, scale=instrument.range if instrument else None)


def check_codes(file: Declared, number: int, one: ParticipantOutcome, codebook: Codebook | None) -> list[Fault]:
    """Return a fault for an outcome or an instrument that is no code of the vocabulary, if that could be read."""
    if codebook is None:
        return []
    named = (("outcome", one.outcome, "outcomes"), ("instrument", one.instrument, "instruments"))
    return [
        file.fault(SECTION, number, key, f"found {code!r}",
                   f"{suggest(code, codebook.codes(section))}It is a code of vocabulary.toml [{section}]")
        for key, code, section in named
        if code is not None and code not in codebook.codes(section)
    ]  # fmt: skip


def check_kind(file: Declared, number: int, one: ParticipantOutcome) -> list[Fault]:
    """Return a fault where an outcome is half a number and half a yes or no."""
    if (one.event is None) != (one.no_event is None):
        missing = "event" if one.event is None else "no_event"
        return [file.fault(SECTION, number, missing, "it is missing", "A yes-or-no outcome has event and no_event")]
    if one.event is not None and one.baseline is not None:
        return [file.fault(SECTION, number, "baseline", "a baseline of a yes-or-no outcome", "Only numbers have one")]
    if one.event is not None and one.event == one.no_event:
        return [file.fault(SECTION, number, "no_event", "the same as event", "Yes and no differ")]
    if one.followup_weeks is not None and not 0 <= one.followup_weeks <= 2000:
        return [file.fault(SECTION, number, "followup_weeks", f"found {one.followup_weeks:g}", "It is 0 to 2000")]
    return []


def check_columns(file: Declared, declared: Participants) -> list[Fault]:
    """Return a fault for each column that is declared twice, is a key, or would tell who somebody is."""
    faults, seen = [], set(KEYS)
    for number, one in enumerate(declared.outcomes):
        allowed = f"Each outcome has a column of its own, other than {', '.join(KEYS)}"
        if one.column in seen or one.column == one.baseline:
            faults.append(file.fault(SECTION, number, "column", f"{one.column!r} stands for something else", allowed))
        seen.add(one.column)
    seen |= {one.baseline for one in declared.outcomes if one.baseline}
    faults += [file.fault("participants", 0, "covariates", f"{name!r} is an outcome, a baseline or a key",
                          "A covariate is another column, which has one figure an arm")
               for name in declared.covariates if name in seen]  # fmt: skip
    names = [(SECTION, number, key, getattr(one, key)) for number, one in enumerate(declared.outcomes)
             for key in ("column", "baseline")]  # fmt: skip
    names += [("participants", 0, "covariates", name) for name in declared.covariates]
    for section, number, key, name in names:
        reason = identifies(name) if name else None
        if reason:
            faults.append(file.fault(section, number, key, f"found {name!r}, {reason}", "No column tells who it is"))
    return faults


def check_adjust(file: Declared, declared: Participants) -> list[Fault]:
    """Return a fault for each name that is no covariate, or stands twice, and for too many of them."""
    faults = [file.fault("participants", 0, "adjust", f"found {name!r}",
                         f"{suggest(name, declared.covariates)}It is one of covariates")
              for name in declared.adjust if name not in declared.covariates]  # fmt: skip
    if len(set(declared.adjust)) < len(declared.adjust):
        faults.append(file.fault("participants", 0, "adjust", "a covariate that stands twice", "Each stands once"))
    if len(declared.adjust) > MOST_ADJUSTED:
        found = f"{len(declared.adjust)} covariates"
        faults.append(file.fault("participants", 0, "adjust", found, f"At most {MOST_ADJUSTED}, fixed beforehand"))
    return faults


def arms_of(arms: tuple[Arm, ...]) -> dict[str, str]:
    """Return the treatment of each word that may stand in the column arm: ids of [[arms]], and their treatments."""
    known = {arm.treatment: arm.treatment for arm in arms if arm.treatment}
    return known | {arm.id: arm.treatment for arm in arms if arm.treatment}
