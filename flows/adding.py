"""A source brought into a review: planned, asked about where somebody can answer, checked, and put in place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from analysis.evidence.codebook import Codebook
from analysis.evidence.datasets import read_folder
from analysis.evidence.vocabulary import read_vocabulary
from analysis.faults import Fault, InputError
from analysis.folders import tidy
from analysis.importing.answers import Answers, again
from analysis.importing.asking import Question
from analysis.importing.folder import plan_folder
from analysis.importing.formats import read_source
from analysis.importing.placing import Folder, check_drafts, check_vocabulary, compare, drafted, put_in_place
from analysis.importing.plan import Plan, make_plan
from flows.review import Review

NOTHING = "Nothing was written."
ROUNDS = 20  # of questions, each round asking what the answers before it brought up


@dataclass(frozen=True)
class Asked:
    """What is to be done with a source: the answers given, and what may be written."""

    source: Path
    answers: Answers
    like: str | None = None  # a dataset whose kept answers are used
    update: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Added:
    """What an import came to."""

    plan: Plan
    folders: tuple[Folder, ...]
    written: bool


Show = Callable[[Plan], None]
Ask = Callable[[Question], str]
Confirm = Callable[[Plan, Sequence[Folder]], bool]


def add(review: Review, asked: Asked, today: date, show: Show, ask: Ask | None, confirm: Confirm) -> Added:
    """Bring a source into a review, whole or not at all.

    Args:
        review: The review.
        asked: The source, and what was said of it.
        today: The day that is kept.
        show: Called with the plan before anything is refused or written.
        ask: Answers a question; None where nobody can.
        confirm: Says whether to write.

    Raises:
        InputError: Everything that keeps the source from coming in; nothing is written then.
    """
    codebook, faults = read_vocabulary(review.data)
    raw = review.data / "raw"
    if faults or not raw.is_dir():
        absent = Fault(str(raw), "no such folder", "A review has a folder raw for its datasets")
        raise InputError([*faults, *([] if raw.is_dir() else [absent])], NOTHING)
    tidy(raw)
    plan = make(asked, with_kept(review, asked, codebook), codebook, today, ask)
    show(plan)
    refuse([*plan.faults, *(question.fault(asked.source.name) for question in plan.questions)])
    vocabulary, where = review.data / "protocol" / "vocabulary.toml", f"{review.data.name}/protocol/vocabulary.toml"
    folders, faults = compare(raw, plan.drafts, asked.update)
    refuse([*faults, *check_vocabulary(vocabulary, where, plan.vocabulary)])
    moving = [folder for folder in folders if folder.status != "unchanged"]
    try:
        with drafted(raw, moving) as room:
            refuse(check_drafts(room, raw, moving, plan.codebook or codebook))
            written = not asked.dry_run and confirm(plan, folders)
            if written:
                put_in_place(room, raw, moving, vocabulary, plan.vocabulary)
    except OSError as error:
        found, allowed = f"it cannot be written: {error.strerror or error}", "A folder with room to write in is needed"
        raise InputError([Fault(str(raw), found, allowed)], NOTHING) from None
    return Added(plan, tuple(folders), written)


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise InputError(list(dict.fromkeys(faults)), NOTHING)


def with_kept(review: Review, asked: Asked, codebook: Codebook) -> Answers:
    """Return the answers given, over those that a dataset keeps of its own import."""
    if asked.like is None:
        return asked.answers
    folder = review.data / "raw" / asked.like
    here = asked.like not in ("", ".", "..") and "/" not in asked.like and folder.is_dir()
    dataset = read_folder(folder, f"{review.data.name}/raw/{asked.like}", codebook)[0] if here else None
    if dataset is None or dataset.metadata.imported is None:
        allowed = "A dataset that trochlea add wrote is needed, such as those with [import] in metadata.toml"
        raise InputError([Fault(f"--like {asked.like}", "it keeps no answers", allowed)], NOTHING)
    return again(dataset.metadata.imported, asked.answers)


def make(asked: Asked, answers: Answers, codebook: Codebook, today: date, ask: Ask | None) -> Plan:
    """Return what a source becomes, asking what nobody said yet where somebody can answer."""
    if asked.source.is_dir():
        return plan_folder(asked.source, codebook, answers.add_to_vocabulary)[0]
    table, sha256 = read_source(asked.source, answers.settings)
    plan = make_plan(table, asked.source.name, sha256, answers, codebook, today)
    for _ in range(ROUNDS if ask else 0):
        if not plan.questions or plan.faults:
            break
        for question in plan.questions:
            answers = answered(answers, question, ask(question))
        plan = make_plan(table, asked.source.name, sha256, answers, codebook, today)
    return plan


def answered(answers: Answers, question: Question, answer: str) -> Answers:
    """Return the answers with one more."""
    by_option = {
        "--map": "columns",
        "--arm": "arms",
        "--outcome": "outcomes",
        "--instrument": "instruments",
        "--better": "better",
    }
    name = by_option.get(question.option)
    if name is None:
        return replace(answers, settings=answers.settings | {question.option.removeprefix("--"): answer})
    return replace(answers, **{name: getattr(answers, name) | {question.word or "": answer}})


def ask_in_terminal(question: Question) -> str:
    """Ask a person, offering what is likely."""
    kind = click.Choice(question.choices) if question.choices else str
    click.echo(f"\n{question.found[:1].upper()}{question.found[1:]}. {question.asked}.", err=True)
    label = question.word or question.option.removeprefix("--")
    return click.prompt(label, default=question.suggested, type=kind, err=True).strip()
