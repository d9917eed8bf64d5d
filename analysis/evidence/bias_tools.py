"""Tools for risk of bias as data: those that Trochlea knows, and those that a review's vocabulary.toml adds."""

import functools
from dataclasses import dataclass
from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.contract import DESIGNS
from analysis.faults import Fault, InputError

SHIPPED = Path(__file__).with_name("bias_tools.toml")
SECTION = "bias_tools"
LEVELS = ("low", "some", "high", "unknown")
WORST_DOMAIN, FREE, NONE = OVERALLS = ("worst-domain", "free", "none")
UNKNOWN = "unknown"
LONGEST_LETTER = 2

TOOL = (
    Field("label", "text", "Its name in a report", True),
    Field("source", "text", "Where it is described", True),
    Field("designs", "choices", "The designs it is for; left out: any", choices=DESIGNS),
    Field("overall", "choice", "Whether it may be milder than the worst domain; none: it may be left out", True,
          OVERALLS),
    Field("judgements", "tables", "Its judgement words, from the mildest to the gravest", True),
    Field("domains", "tables", "Its domains in their order", True),
)
WORD = (
    Field("word", "text", "The judgement in the tool's words", True),
    Field("letter", "text", "Its letter in the forest plot", True),
    Field("level", "choice", "What it comes to", True, LEVELS),
)
DOMAIN = (
    Field("id", "id", "The domain's id", True),
    Field("short", "text", "The domain in a word or two", True),
    Field("label", "text", "The domain as the tool names it", True),
)


@dataclass(frozen=True)
class BiasWord:
    """A word that a tool judges with."""

    word: str
    letter: str
    level: str


@dataclass(frozen=True)
class BiasDomain:
    """What a tool judges."""

    id: str
    short: str
    label: str


@dataclass(frozen=True)
class BiasTool:
    """A tool for risk of bias. Its words stand from the mildest to the gravest."""

    label: str
    source: str
    overall: str
    judgements: tuple[BiasWord, ...]
    domains: tuple[BiasDomain, ...]
    designs: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(one.word for one in self.judgements)

    def judged(self, word: str) -> BiasWord:
        """Return a word of the tool by its text."""
        return self.judgements[self.words.index(word)]

    @property
    def unjudged(self) -> str | None:
        """The word that says that nothing is known; the last of those that do."""
        return next((one.word for one in reversed(self.judgements) if one.level == UNKNOWN), None)

    def gravity(self, word: str) -> int:
        """Return the place of a word in the order of the tool; an unknown is below the mildest."""
        return -1 if self.judged(word).level == UNKNOWN else self.words.index(word)


@functools.cache
def shipped_tools() -> dict[str, BiasTool]:
    """Return the tools that Trochlea knows, by code.

    Raises:
        InputError: The file that holds them is not as it is shipped.
    """
    file = read_declared(SHIPPED, SHIPPED.name)
    if isinstance(file, Fault):
        raise InputError([file])
    tools, faults = read_tools(file, file.data.get(SECTION, {}))
    if faults:
        raise InputError(faults)
    return tools


def review_tools(file: Declared, tables: dict) -> tuple[dict[str, BiasTool], list[Fault]]:
    """Return the tools of a review: those of its vocabulary beside those that Trochlea knows."""
    own, faults = read_tools(file, tables)
    faults += [
        file.fault(f"{SECTION}.{code}", 0, None, f"{code!r} is a tool that Trochlea knows", "Give yours another code")
        for code in own
        if code in shipped_tools()
    ]
    return shipped_tools() | own, faults


def read_tools(file: Declared, tables: dict) -> tuple[dict[str, BiasTool], list[Fault]]:
    """Return the sound tools of a file by code, and every fault of the others."""
    tools, faults = {}, []
    for code, table in tables.items():
        section = f"{SECTION}.{code}"
        values, found = read_fields(file, section, table, TOOL)
        words = read_parts(file, section, "judgements", values, WORD, BiasWord, found)
        domains = read_parts(file, section, "domains", values, DOMAIN, BiasDomain, found)
        found += check_tool(file, section, words, domains) if not found else []
        if not found and values["overall"] == NONE and UNKNOWN not in {one.level for one in words}:
            allowed = "A tool without an overall judgement has a word that says so, of level unknown"
            found.append(file.fault(section, 0, "judgements", "no word of level unknown", allowed))
        faults += found
        if not found:
            tools[code] = BiasTool(**values | {"judgements": words, "domains": domains})
    return tools, faults


def read_parts(
    file: Declared, section: str, name: str, values: dict, fields: tuple[Field, ...], noun: type, faults: list[Fault]
) -> tuple:
    """Return the words or domains of a tool; their faults are appended."""
    parts = []
    for table in values.get(name, []):
        part, found = read_fields(file, section, table, fields)
        faults += found
        parts += [noun(**part)] if not found else []
    return tuple(parts)


def check_tool(
    file: Declared, section: str, words: tuple[BiasWord, ...], domains: tuple[BiasDomain, ...]
) -> list[Fault]:
    """Return faults of a tool without domains or words, with one named twice, or with a long letter."""
    faults = []
    for key, names, fewest in (
        ("domains", [one.id for one in domains], 1),
        ("judgements", [one.word for one in words], 2),
        ("judgements", [one.letter for one in words], 0),
    ):
        if len(names) < fewest:
            faults.append(file.fault(section, 0, key, f"{len(names)} of them", f"A tool has at least {fewest}"))
        if twice := sorted({name for name in names if names.count(name) > 1}):
            faults.append(file.fault(section, 0, key, f"{twice[0]!r} stands twice", "Each stands once"))
    if long := [one.letter for one in words if len(one.letter) > LONGEST_LETTER]:
        faults.append(file.fault(section, 0, "judgements", f"letter {long[0]!r}", "A letter, or two"))
    return faults
