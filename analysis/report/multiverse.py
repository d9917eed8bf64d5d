"""Every choice at once: what the page of a comparison says of its multiverse."""

from dataclasses import dataclass

from analysis.report.choices import answer_in_short
from analysis.report.drawing import Drawing
from analysis.report.multiverse_words import CHOICE_NAMES, option_name
from analysis.report.phrases import phrase
from analysis.report.specification import specification_curve
from analysis.report.wording import MISSING, counted, joined, percent, scale_of, sentence_case, verb
from analysis.results import ComparisonResult, Multiverse, MultiverseChoice, Run

WEIGHTY = 0.1  # a choice that explains less is not named
PAPERS = (
    ("Steegen and others 2016", "https://doi.org/10.1177/1745691616658637"),
    ("Simonsohn, Simmons and Nelson 2020", "https://doi.org/10.1038/s41562-020-0912-z"),
    ("Voracek, Kossmeier and Tran 2019", "https://doi.org/10.1027/2151-2604/a000357"),
)
FRAME = (
    "What the protocol declares stays the answer. The rest is its frame: it shows what hangs on choices, and none of "
    "it may be picked for what it finds."
)


@dataclass(frozen=True)
class OptionRow:
    """One option, over all branches that take it, every cell as text."""

    choice: str  # empty below the first option of a choice
    name: str
    branches: str
    median: str
    agreeing: str


@dataclass(frozen=True)
class MultiversePart:
    """The part of the page; `sentences` in the order of reading."""

    sentences: tuple[str, ...]
    claims: tuple[str, ...]
    drawings: tuple[Drawing, ...]
    key: str
    rows: tuple[OptionRow, ...]
    frame: str = FRAME
    papers: tuple[tuple[str, str], ...] = PAPERS


def multiverse_part(run: Run, result: ComparisonResult) -> MultiversePart | None:
    """Return the multiverse of a comparison; None where it was not explored."""
    found = result.multiverse
    if found is None:
        return None
    names = dict(run.labels.instruments) | dict(run.labels.treatments)
    own = answer_in_short(result, result.answer)
    return MultiversePart(
        multiverse_sentences(result, found),
        claim_sentences(found),
        specification_curve(result, found, names),
        f"Whole whiskers: most combinations there give the answer of the protocol ({own}); dashed ones: most give "
        "another. A strip is darker where its option is commoner than over the whole curve.",
        tuple(option_rows(result, found, names)),
    )


def multiverse_sentences(result: ComparisonResult, found: Multiverse) -> tuple[str, ...]:
    """Return how many branches agree, how far they reach, and which choices matter."""
    sentences = [size_sentence(found), agreement_sentence(result, found), reach_sentence(result, found)]
    return (*sentences, *weight_sentences(found), *bound_sentences(found))


def size_sentence(found: Multiverse) -> str:
    few = f"; {found.too_few:,} more leave too few studies" if found.too_few else ""
    return (
        f"{counted(found.branches, 'combination')} of choices that could be defended "
        f"{verb(found.branches, 'makes', 'make')} {counted(found.analyses, 'different analysis', 'different analyses')}"
        f"{few}."
    )


def agreement_sentence(result: ComparisonResult, found: Multiverse) -> str:
    own = answer_in_short(result, result.answer)
    others = [f"{answer_in_short(result, answer)} in {share(count, found.branches)}"
              for answer, count in found.answers if answer != result.answer]  # fmt: skip
    rest = f" Another answer: {joined(others)}." if others else ""
    return (
        f"The answer of the protocol ({own}) holds in {share(found.same_answer, found.branches)} of them; the average "
        f"lies on the same side of no effect in {share(found.same_side, found.branches)}.{rest}"
    )


def share(count: int, of: int) -> str:
    """Return a share in percent; all and none are said only where it is so."""
    if 0 < count < of:
        exact = 100 * count / of
        return "less than 1 %" if exact < 1 else "more than 99 %" if exact > 99 else percent(exact)
    return "all" if count == of else "none"


def reach_sentence(result: ComparisonResult, found: Multiverse) -> str:
    scale = scale_of(result)
    text = [scale.text(value) for value in (found.lowest, found.highest, found.median)]
    return f"The averages reach from {text[0]} to {text[1]}; half of them lie below {text[2]}."


def weight_sentences(found: Multiverse) -> list[str]:
    """Return which choices move the average, and which the answer; shares of the sums of squares between options."""
    moving = weighty([(one, one.of_estimate) for one in found.choices])
    turning = weighty([(one, one.of_answer) for one in found.choices])
    sentences = []
    if moving:
        sentences.append(f"How far the averages lie apart hangs most on {moving}.")
    if turning:
        sentences.append(f"Whether the answer stays hangs most on {turning}.")
    elif found.same_answer < found.branches:
        sentences.append("Whether the answer stays hangs on no single choice, but on their combinations.")
    return sentences


def weighty(shares: list[tuple[MultiverseChoice, float | None]]) -> str:
    """Return the choices that explain much, the weightiest first, each with its share of the variance."""
    named = sorted(((one, value) for one, value in shares if value is not None and value >= WEIGHTY),
                   key=lambda pair: -pair[1])  # fmt: skip
    texts = [f"{phrase(CHOICE_NAMES, one.name)} ({percent(100 * value)} of the variance)" for one, value in named]
    return joined(texts)


def bound_sentences(found: Multiverse) -> list[str]:
    if not found.not_crossed:
        return []
    left = joined(phrase(CHOICE_NAMES, name) for name in found.not_crossed)
    return [f"Not crossed with the others, because there would be too many combinations: {left}."]


def claim_sentences(found: Multiverse) -> tuple[str, ...]:
    """Return how the claims that are judged here come out in the branches."""
    parts = [one.claim for one in found.claims]
    return tuple(
        f"{one.claim}{f', part {one.part + 1}' if parts.count(one.claim) > 1 else ''}: "
        + (joined(f"{verdict} in {count:,}" for verdict, count in one.verdicts) or "not testable in any")
        + f" of {sum(count for _, count in one.verdicts):,}."
        for one in found.claims
    )


def option_rows(result: ComparisonResult, found: Multiverse, names: dict[str, str]) -> list[OptionRow]:
    """Return a row an option, choice by choice."""
    scale = scale_of(result)
    return [
        OptionRow(
            sentence_case(phrase(CHOICE_NAMES, choice.name)) if not place else "",
            sentence_case(option_name(result, option.code, names)),
            f"{option.branches:,}",
            MISSING if option.median is None else scale.text(option.median),
            share(option.same_answer, option.branches) if option.branches else MISSING,
        )
        for choice in found.choices
        for place, option in enumerate(choice.options)
    ]
