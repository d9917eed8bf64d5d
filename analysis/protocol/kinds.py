"""Kinds of question beside the comparison: each is headed by its own name in comparisons.toml, and read alike."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.declared import Declared, Field, one_of, read_declared, read_fields
from analysis.evidence.codebook import Codebook
from analysis.faults import Fault
from analysis.results import GroupQuestion, NetworkQuestion

Asked = NetworkQuestion | GroupQuestion
Found = tuple[str, str, str]  # the key of a fault, what was found, what is allowed
CODES = (("treatments", "treatments"), ("outcome", "outcomes"), ("instruments", "instruments"))


@dataclass(frozen=True)
class Kind:
    """A kind of question.

    Args:
        heading: Of its entries: "network" for [[network]].
        fields: The keys of an entry.
        noun: What an entry is read into.
        shared: Gives the settings of [defaults] that hold for this kind too.
        senseless: Gives the faults of keys that, each sound alone, do not go together.
    """

    heading: str
    fields: tuple[Field, ...]
    noun: Callable[..., Asked]
    shared: Callable[[dict], dict]
    senseless: Callable[[Asked, Codebook], list[Found]]


def read_kind(
    path: Path, where: str, codebook: Codebook, kind: Kind, others: tuple[str, ...]
) -> tuple[tuple[Asked, ...], list[Fault]]:
    """Return the questions of a kind and every fault of theirs; none of a file that cannot be read.

    Args:
        path: comparisons.toml; the reading of comparisons says what is wrong with it as a whole.
        where: How faults name it.
        codebook: The words of the review.
        kind: What is read.
        others: The headings whose ids are taken.
    """
    file = read_declared(path, where)
    if isinstance(file, Fault) or not isinstance(file.data.get(kind.heading, []), list):
        return (), []
    defaults = file.data.get("defaults", {})
    shared = kind.shared(defaults) if isinstance(defaults, dict) else {}
    questions, faults = [], []
    taken = {id for heading in others for id in ids_of(file, heading)}
    for number, table in enumerate(file.data.get(kind.heading, [])):
        question, found = read_entry(file, number, table, shared, codebook, kind)
        if question and question.id in taken:
            found.append(file.fault(kind.heading, number, "id", f"found {question.id!r} again", "Each id stands once"))
        faults += found
        if question and not found:
            taken.add(question.id)
            questions.append(question)
    return tuple(questions), faults


def ids_of(file: Declared, heading: str) -> list[object]:
    """Return the ids of the entries under a heading, as far as they are words."""
    entries = file.data.get(heading, [])
    tables = [table for table in entries if isinstance(table, dict)] if isinstance(entries, list) else []
    return [table["id"] for table in tables if isinstance(table.get("id"), str)]


def read_entry(
    file: Declared, number: int, table: object, shared: dict, codebook: Codebook, kind: Kind
) -> tuple[Asked | None, list[Fault]]:
    """Return one question, or None and what is wrong with its keys."""
    whole = {**shared, **table} if isinstance(table, dict) else table
    values, faults = read_fields(file, kind.heading, whole, kind.fields, number)
    for field in kind.fields:
        if field.name in ("designs", "measure") and isinstance(whole, dict) and field.name not in whole:
            allowed = f"{field.name} is needed here or under [defaults]"
            faults += [] if field.required else [file.fault(kind.heading, number, field.name, "it is missing", allowed)]
    faults += unknown_codes(file, kind.heading, number, values, codebook, CODES)
    if faults:
        return None, faults
    question = kind.noun(**values)
    return question, [file.fault(kind.heading, number, *fault) for fault in kind.senseless(question, codebook)]


def unknown_codes(
    file: Declared, heading: str, number: int, values: dict, codebook: Codebook, wanted: tuple[tuple[str, str], ...]
) -> list[Fault]:
    """Return a fault for each code that vocabulary.toml does not have; `wanted` pairs keys with tables of it."""
    faults = []
    for name, vocabulary in wanted:
        codes = values.get(name, ())
        for code in (codes,) if isinstance(codes, str) else codes:
            if code not in codebook.codes(vocabulary):
                allowed = f"{one_of(code, codebook.codes(vocabulary))} of vocabulary.toml [{vocabulary}]"
                faults.append(file.fault(heading, number, name, f"found {code!r}", allowed))
    return faults


def repeated(treatments: tuple[str, ...]) -> list[Found]:
    """Return a fault for each treatment that stands more than once."""
    again = dict.fromkeys(code for code in treatments if treatments.count(code) > 1)
    return [("treatments", f"{code!r} more than once", "Each treatment stands once") for code in again]


def scale_faults(question: Asked, codebook: Codebook, means: tuple[str, ...], otherwise: str) -> list[Found]:
    """Return the faults of a scale: means need one, and only they can be brought to another.

    Args:
        question: As read.
        codebook: Has the range of each instrument.
        means: The measures that lie on a scale.
        otherwise: What else could be asked where several instruments answer.
    """
    faults: list[Found] = []
    if question.measure in means and not question.rescale_to and len(question.instruments) != 1:
        allowed = f"{question.measure} needs one instrument, or rescale_to{otherwise}"
        faults.append(("measure", f"{question.measure} of several instruments", allowed))
    if question.rescale_to and question.measure not in means:
        allowed = f"rescale_to goes with {' and '.join(means)}"
        faults.append(("rescale_to", f"rescale_to with {question.measure}", allowed))
    for code in question.instruments if question.rescale_to and not faults else ():
        if codebook.instruments[code].range is None:
            faults.append(("instruments", f"{code!r} has no range", "rescale_to needs the range of each instrument"))
    return faults
