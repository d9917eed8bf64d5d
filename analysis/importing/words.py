"""Words of a source to codes of the vocabulary: named by a person, codes already, or new ones."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from analysis.declared import IDENTIFIER
from analysis.evidence.codebook import Codebook, Instrument, Outcome, Treatment
from analysis.evidence.vocabulary import BETTER
from analysis.evidence.writing import toml
from analysis.faults import Fault, suggest
from analysis.importing.answers import Answers
from analysis.importing.asking import Question
from analysis.importing.fields import SIDES
from analysis.importing.mapping import LEFT_OUT

OPTIONS = {"treatments": "--arm", "outcomes": "--outcome", "instruments": "--instrument"}
NOUNS: dict[str, Callable] = {"treatments": Treatment, "outcomes": Outcome, "instruments": Instrument}


@dataclass
class Words:
    """Gathers what the words of a source stand for, and what nobody said of them."""

    where: str
    answers: Answers
    codebook: Codebook
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    added: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # keys by code by vocabulary

    def arm(self, word: str, side: str | None = None) -> str | None:
        """Return the treatment of an arm: by its label, else by its side; None where it has to be asked."""
        said = look_up(self.answers.arms, word) or (self.answers.arms.get(side) if side else None)
        return self.code("treatments", word or side or "", said)

    def outcome(self, word: str) -> str | None:
        """Return the outcome of a row; LEFT_OUT where a person left it out."""
        said = said_of(self.answers.outcomes, word)
        if said is None and word not in self.codebook.outcomes and self.answers.settings.get("others"):
            return LEFT_OUT
        return LEFT_OUT if said == LEFT_OUT else self.code("outcomes", word, said)

    def instrument(self, word: str, outcome: str) -> str | None:
        """Return the instrument of a row: by its own word, else by its outcome's; empty where nobody names one."""
        said = look_up(self.answers.instruments, word) or said_of(self.answers.instruments, outcome)
        return self.code("instruments", word, said) if said or word else ""

    def code(self, vocabulary: str, word: str, said: str | None) -> str | None:
        """Return the code that was said, or the word where it is one; ask otherwise."""
        code = said or word
        if code in self.codebook.codes(vocabulary) or code in self.added.get(vocabulary, {}):
            return code
        if said is None:
            self.ask(vocabulary, word)
            return None
        return self.new_code(vocabulary, said, word)

    def ask(self, vocabulary: str, word: str) -> None:
        """Ask which code a word stands for; the nearest is offered, unless the word is only a side."""
        codes = self.codebook.codes(vocabulary)
        what = f"which {vocabulary.removesuffix('s')}"
        found = f"nothing says {what} {word!r} is" if word else f"nothing says {what} its figures are of"
        likely = None if word in SIDES else self.nearest(vocabulary, word)
        near = f"Did you mean {likely!r}? " if likely else ""
        known = ", ".join(codes) if len(codes) <= 20 else f"one of the {len(codes)} of [{vocabulary}]"
        asked = f"{near}A code of vocabulary.toml is needed: {known}; or a new one"
        self.questions[vocabulary, word] = Question(OPTIONS[vocabulary], word or None, found, asked, (), likely)

    def nearest(self, vocabulary: str, word: str) -> str | None:
        """Return the code whose label is the word, else the code that is nearest to it; None where none is near."""
        labels = {entry.label.casefold(): code for code, entry in getattr(self.codebook, vocabulary).items()}
        near = get_close_matches(word[:100].lower(), self.codebook.codes(vocabulary), n=1)
        return labels.get(word.casefold()) or (near[0] if near else None)

    def new_code(self, vocabulary: str, code: str, word: str) -> str | None:
        """Take a code into the vocabulary where that was allowed; otherwise say which lines it needs there."""
        if not IDENTIFIER.fullmatch(code):
            self.fault(
                f"found {code!r}, named by {OPTIONS[vocabulary]}",
                "A code has small letters, digits, points and hyphens, such as hip-knee",
            )
            return None
        keys = {"label": self.answers.labels.get(code) or label_of(word, code)}
        if vocabulary == "outcomes":
            better = self.answers.better.get(code)
            if better not in BETTER:
                self.questions["better", code] = Question(
                    "--better",
                    code,
                    f"{code!r} is a new outcome, and nothing says which way is good news",
                    f"{code} is better when it is {', '.join(BETTER)} (none: neither)",
                    BETTER,
                )
                return None
            keys["better"] = better
        lines = toml([(f"[{vocabulary}.{code}]", keys)])
        if not self.answers.add_to_vocabulary:
            near = suggest(code, self.codebook.codes(vocabulary))
            self.fault(
                f"{code!r} is no code of vocabulary.toml [{vocabulary}]",
                f"{near}Use a code that stands there, or add --add-to-vocabulary, or put these lines into it:\n"
                f"{lines.rstrip()}\n",
            )
            return None
        self.added.setdefault(vocabulary, {})[code] = keys
        return code

    def fault(self, found: str, allowed: str) -> None:
        fault = Fault(self.where, found, allowed)
        if fault not in self.faults:
            self.faults.append(fault)

    def grown(self) -> Codebook:
        """Return the codebook with the new codes."""
        return replace(self.codebook, **{
            vocabulary: getattr(self.codebook, vocabulary) | {
                code: NOUNS[vocabulary](**keys) for code, keys in entries.items()
            } for vocabulary, entries in self.added.items()
        })  # fmt: skip

    def lines(self) -> str:
        """Return the lines that vocabulary.toml needs for the new codes; empty for none."""
        sections = [
            (f"[{vocabulary}.{code}]", keys)
            for vocabulary, entries in self.added.items()
            for code, keys in entries.items()
        ]
        return toml(sections) if sections else ""


def look_up(said: dict[str, str], word: str) -> str | None:
    """Return what was said of a word, whatever its capitals."""
    if not word:
        return None
    return said.get(word) or next((code for key, code in said.items() if key.casefold() == word.casefold()), None)


def said_of(said: dict[str, str], word: str) -> str | None:
    """Return what was said of an outcome: by its words, by its number ("1.1 Pain" is 1.1), by its name, or of all."""
    number, _, name = word.partition(" ")
    return look_up(said, word) or look_up(said, number) or look_up(said, name) or said.get("")


def label_of(word: str, code: str) -> str:
    """Return a label for a new code: the source's word, unless that is only a side."""
    return code.replace("-", " ") if word in ("", *SIDES) else word
