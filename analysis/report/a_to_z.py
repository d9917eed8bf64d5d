"""Everything that can be looked up, on one page: trials by letter, comparisons by outcome, claims by name.

One plain page: the browser's own search goes through all of it, on a disk, in a mail and in print alike; where scripts
run, a box at its head narrows it.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.report.changed import claim_anchor
from analysis.report.choices import answer_in_short
from analysis.report.claims_page import symbol
from analysis.report.group_words import group_in_short
from analysis.report.links import slug
from analysis.report.trials import Trial
from analysis.report.wording import counted, sentence_case
from analysis.results import Run

OTHER = "#"  # the letter of names that start with none


@dataclass(frozen=True)
class Entry:
    """One thing to look up: its name, where it stands, and a few words on it."""

    name: str
    address: str
    words: str


@dataclass(frozen=True)
class Section:
    """Entries under one head, with an anchor to jump to."""

    head: str
    anchor: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class AToZ:
    """All that the page says."""

    status: str
    trials: tuple[Section, ...]
    outcomes: tuple[Section, ...]
    claims: tuple[Entry, ...]


def a_to_z(run: Run, trials: tuple[Trial, ...]) -> AToZ:
    """Return the page."""
    counts = (counted(len(trials), "trial or study", "trials and studies"),
              counted(len(run.comparisons), "question"), counted(len(run.verdicts), "claim"))  # fmt: skip
    return AToZ(" · ".join(counts), trial_sections(run, trials), outcome_sections(run), claim_entries(run))


def trial_sections(run: Run, trials: tuple[Trial, ...]) -> tuple[Section, ...]:
    """Return the trials by the first letter of their names."""
    entered = questions_entered(run)
    by_letter: dict[str, list[Entry]] = {}
    for trial in sorted(trials, key=lambda trial: (plain_letters(trial.label), trial.name)):
        by_letter.setdefault(letter(trial.label), []).append(trial_entry(trial, entered))
    return tuple(
        Section(head, f"letter-{slug(head)}", tuple(entries)) for head, entries in sorted(by_letter.items())
    )


def questions_entered(run: Run) -> dict[str, set[str]]:
    """Return the comparisons and questions on one group that each study enters, pooled or doubtful."""
    asked = [(result.comparison.id, result) for result in run.comparisons]
    asked += [(group.question.id, group) for group in run.groups]
    entered: dict[str, set[str]] = {}
    for id, result in asked:
        for effect in (*result.effects, *result.doubtful):
            entered.setdefault(effect.study, set()).add(id)
    return entered


def trial_entry(trial: Trial, entered: dict[str, set[str]]) -> Entry:
    count = len(set().union(*(entered.get(id, ()) for id in trial.ids)))
    words = f"enters {counted(count, 'question')}" if count else "enters no question"
    return Entry(trial.label, f"trials/{trial.name}.html", words)


def plain_letters(text: str) -> str:
    """Return a text as it is sorted: small, letters without their marks."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def letter(text: str) -> str:
    """Return the letter that a name is listed under."""
    first = plain_letters(text)[:1]
    return first.upper() if first.isalpha() else OTHER


def outcome_sections(run: Run) -> tuple[Section, ...]:
    """Return all questions by what they measure, outcomes and questions in the order of the alphabet."""
    by_outcome: dict[str, list[Entry]] = {}
    for outcome, entry in sorted(question_entries(run), key=lambda found: plain_letters(found[1].name)):
        by_outcome.setdefault(sentence_case(outcome), []).append(entry)
    return tuple(
        Section(head, f"outcome-{slug(head)}", tuple(by_outcome[head])) for head in in_order(by_outcome)
    )


def question_entries(run: Run) -> Iterator[tuple[str, Entry]]:
    """Give the outcome and the entry of each comparison, network and question on one group."""
    for result in run.comparisons:
        place = f"comparisons/{slug(result.comparison.id)}.html"
        yield result.outcome_label, Entry(result.comparison.question, place, answer_in_short(result, result.answer))
    for network in run.networks:
        place = f"networks/{slug(network.question.id)}.html"
        words = f"{counted(len(network.question.treatments), 'treatment')} at once"
        yield network.outcome_label, Entry(network.question.question, place, words)
    for group in run.groups:
        place = f"groups/{slug(group.question.id)}.html"
        yield group.outcome_label, Entry(group.question.question, place, group_in_short(group))


def in_order(heads: Iterable[str]) -> list[str]:
    return sorted(heads, key=lambda head: (plain_letters(head), head))


def claim_entries(run: Run) -> tuple[Entry, ...]:
    """Return the claims in the order of their document, each with its verdict."""
    return tuple(
        Entry(
            f"{verdict.claim.id} {verdict.claim.text}",
            f"claims.html#{claim_anchor(verdict.claim.id)}",
            f"{symbol(verdict.verdict)} {verdict.verdict}",
        )
        for verdict in run.verdicts
    )
