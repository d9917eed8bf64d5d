"""What must be said of a new dataset: taken from options, or asked one by one in a terminal."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import click

from analysis.declared import KINDS, Field
from analysis.evidence.codebook import Codebook
from analysis.evidence.metadata import DOI, SOURCE, STUDY, TOP
from analysis.faults import suggest

DOI_ADDRESS = re.compile(r"https?://(dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
CODES_SHOWN = 12


@dataclass(frozen=True)
class Question:
    """One thing to say of a source: its key, the table it stands in, and how it is asked."""

    name: str
    section: str  # "" for the top of metadata.toml, "source" or "study"
    words: str

    @property
    def field(self) -> Field:
        fields = {"": TOP, "source": SOURCE, "study": STUDY}[self.section]
        return next(field for field in fields if field.name == self.name)

    @property
    def option(self) -> str:
        return f"--{self.name.replace('_', '-')}"


QUESTIONS = (
    Question("title", "", "Title of the paper"),
    Question("citation", "source", "Citation, as in a list of references"),
    Question("doi", "source", "DOI"),
    Question("pmid", "source", "PubMed id"),
    Question("design", "study", "Design"),
    Question("label", "study", "How reports name it, such as Hott 2019"),
    Question("year", "study", "Year of publication"),
    Question("n_randomised", "study", "People randomised or enrolled"),
    Question("follow_ups", "study", "Follow-up times as printed, such as 6 and 12 weeks"),
    Question("curator", "", "Your name: who answers for the transcription"),
)


def is_terminal() -> bool:
    """Return whether a person sits at the other end."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def value_of(question: Question, text: str) -> object:
    """Return what was said as metadata.toml takes it.

    Raises:
        ValueError: It is none; the words say what is allowed.
    """
    text = text.strip()
    if question.name == "doi":
        text = DOI_ADDRESS.sub("", text, count=1)
        if not DOI.fullmatch(text):
            raise ValueError("A DOI begins with 10. and has a slash, such as 10.1136/bmj.a1735")
    whole = question.field.kind == "integer" and re.fullmatch(r"[0-9]{1,9}", text)
    return KINDS[question.field.kind](int(text) if whole else text, question.field)


def ask(said: Mapping[str, object], codebook: Codebook) -> dict[str, object]:
    """Return what options said, and the answers to what they left open, each asked until it is one that is allowed."""
    click.echo("Enter leaves open what is not needed. Ctrl-C leaves, and nothing is written.")
    answers = dict(said)
    for question in QUESTIONS:
        if question.name not in answers:
            answer = ask_one(question)
            answers |= {} if answer is None else {question.name: answer}
    return answers if answers.get("arms") else answers | {"arms": ask_arms(codebook)}


def ask_one(question: Question) -> object:
    """Ask until the answer is allowed; None when it is left open and not needed."""
    choices = f" ({', '.join(question.field.choices)})" if question.field.choices else ""
    while True:
        text = click.prompt(f"{question.words}{choices}", default="", show_default=False)
        if not text.strip() and not question.field.required:
            return None
        try:
            return value_of(question, text)
        except ValueError as error:
            click.echo(f"  {error}.")


def ask_arms(codebook: Codebook) -> list[dict[str, object]]:
    """Ask for the treatment of each arm until one is left open."""
    click.echo("Arms: a treatment code of vocabulary.toml each; ? shows the codes, or those with a word: ? hip")
    arms: list[dict[str, object]] = []
    while True:
        text = click.prompt(f"Treatment of arm {len(arms) + 1}", default="", show_default=False).strip()
        if not text:
            return arms
        if text.startswith("?"):
            click.echo(shown_codes(codebook, text[1:].strip()))
        elif text in codebook.treatments:
            arms.append(arm_of(text))
        else:
            click.echo(f"  {unknown_code(text, codebook)}.")


def arm_of(text: str) -> dict[str, object]:
    """Return an arm of an option, CODE or CODE:PEOPLE, as metadata.toml has it."""
    code, _, people = text.partition(":")
    arm: dict[str, object] = {"id": code, "treatment": code}
    return arm | {"n_randomised": int(people)} if people else arm


def shown_codes(codebook: Codebook, word: str) -> str:
    """Return the codes, or those whose code or label holds a word, one a line with its label."""
    lines = [f"  {code}: {entry.label}" for code, entry in codebook.treatments.items()]
    return "\n".join(line for line in lines if word.lower() in line.lower()) or f"  No code has {word!r}."


def unknown_code(text: str, codebook: Codebook) -> str:
    """Return that a code is none of the vocabulary, the nearest first."""
    codes = tuple(codebook.treatments)
    shown = f"{', '.join(codes[:CODES_SHOWN])}, ..." if len(codes) > CODES_SHOWN else ", ".join(codes)
    return f"{suggest(text, codes)}{text[:60]!r} is no treatment of vocabulary.toml; those are {shown}"
