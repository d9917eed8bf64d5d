"""The first page: what this review is about, its main answers, what changed, claims, comparisons."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.report.answer import answer_sentence
from analysis.report.changed import ChangeLine, change_lines, comparison_changes, since_sentence, weightiest
from analysis.report.choices import answer_in_short
from analysis.report.drawing import Drawing
from analysis.report.group_words import group_answer
from analysis.report.links import slug
from analysis.report.network_page import network_answer
from analysis.report.phrases import NOBODY_SIGNED, NOT_RATED
from analysis.report.short_answer import answer_of_main, no_average, rests_on, short_answer, studies_words, time_words
from analysis.report.strip import SharedScale, shared_scale, strip, strip_axis
from analysis.report.summary import certainty_word
from analysis.report.within import study_count
from analysis.report.wording import (
    Scale,
    compact,
    counted,
    day,
    joined,
    level_words,
    people,
    scale_of,
    sentence_case,
    verb,
)
from analysis.results import ComparisonResult, Run

MOST_CHANGES = 5
MAIN_QUESTIONS = 4
OPEN, NONE = "uncertain", "no-data"
STANDINGS = {OPEN: "not settled", NONE: "no usable figures"}
CLEAR = "a clear direction"


@dataclass(frozen=True)
class ComparisonRow:
    """One comparison in the list, every cell as text."""

    question: str
    address: str
    effect: str
    interval: str
    answer: str
    strip: Drawing | None
    studies: str
    people: str
    time: str
    certainty: str
    change: str
    standing: str  # what the list can be narrowed to
    sizes: tuple[int, int]  # studies and people, to sort by


@dataclass(frozen=True)
class ComparisonGroup:
    """The comparisons that share a measure and unit, and so a scale."""

    name: str
    axis: Drawing | None
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class MainAnswer:
    """A main question of the protocol with its answer in a sentence."""

    question: str
    address: str
    short: str
    sentence: str
    rests_on: str = ""


@dataclass(frozen=True)
class IndexPage:
    """All that the first page says beside the claims."""

    title: str
    question: str
    short_answer: str | None
    status: str
    about: str
    awaiting: bool
    overview: str
    answers: tuple[MainAnswer, ...]
    changes: tuple[ChangeLine, ...]
    more_changes: int
    since: str
    groups: tuple[ComparisonGroup, ...]
    certainty: str | None  # of all rows, where it is the same
    change: str | None
    level: str | None
    networks: tuple[MainAnswer, ...]
    one_groups: tuple[MainAnswer, ...]  # questions on one group, compared with nobody

    @property
    def nobody_signed(self) -> str | None:
        """Why no row is rated; None where one is."""
        return NOBODY_SIGNED if self.certainty == NOT_RATED else None


def index_page(run: Run) -> IndexPage:
    """Return the first page."""
    changes, groups = change_lines(run, weightiest(run)), comparison_groups(run)
    rows = [row for group in groups for row in group.rows]
    return IndexPage(
        title=run.about.title,
        question=run.about.question,
        short_answer=answer_of_main(run.comparisons[:MAIN_QUESTIONS]),
        status=status_line(run),
        about=about(run),
        awaiting=awaiting(run) > 0,
        overview=overview(run),
        answers=main_answers(run),
        changes=changes[:MOST_CHANGES],
        more_changes=max(0, len(changes) - MOST_CHANGES),
        since=since_sentence(run),
        groups=groups,
        certainty=shared(row.certainty for row in rows),
        change=shared(row.change for row in rows),
        level=shared(level_words(result.comparison.level) for result in run.comparisons),
        networks=network_answers(run),
        one_groups=group_answers(run),
    )


def shared(texts: Iterable[str]) -> str | None:
    """Return the text that all rows have in common; None where they differ or there are none."""
    found = set(texts)
    return found.pop() if len(found) == 1 else None


def status_line(run: Run) -> str:
    """Return how much is in the run, when it was, and how many verdicts changed."""
    turned = sum(change.kind == "verdict" for change in run.changes)
    parts = [
        counted(len(run.comparisons), "question"),
        sources_words(run),
        f"run of {day(run.started)}",
    ]
    if run.previous:
        parts.append(f"{counted(turned, 'verdict')} changed" if turned else "no verdict changed")
    return " · ".join(parts) + ("" if run.recorded else " · preview, not recorded")


def sources_words(run: Run) -> str:
    """Return how many sources there are, and what they are: "149 sources (131 study reports and 18 reviews)"."""
    reviews = sum(dataset.metadata.study.design == "review" for dataset in run.datasets)
    reports = len(run.datasets) - reviews
    kinds = [counted(reports, "study report")] if reports else []
    kinds += [counted(reviews, "review")] if reviews else []
    return f"{counted(len(run.datasets), 'source')}{f' ({joined(kinds)})' if kinds else ''}"


def about(run: Run) -> str:
    """Return how many sources of which standing the review rests on."""
    waiting = awaiting(run)
    text = f"{counted(len(run.comparisons), 'question')} asked of {counted(len(run.datasets), 'published source')}"
    if not waiting:
        return f"{text}."
    return f"{text}; {waiting} of them {verb(waiting, 'waits', 'wait')} for somebody to transcribe the figures."


def awaiting(run: Run) -> int:
    """Return how many sources wait for their figures."""
    return sum(dataset.metadata.study.status == "awaiting-extraction" for dataset in run.datasets)


def overview(run: Run) -> str:
    """Return how many questions have a settled answer, an open one, or none."""
    answers = [result.answer for result in run.comparisons]
    unsettled, none = answers.count(OPEN), answers.count(NONE)
    settled = len(answers) - unsettled - none
    alone = sum(result.answer not in (OPEN, NONE) and study_count(result) == 1 for result in run.comparisons)
    return (
        f"{settled} of {counted(len(answers), 'question')} {verb(settled, 'has', 'have')} an answer with a "
        f"clear direction ({alone} of them from a single study), {unsettled} "
        f"{verb(unsettled, 'is', 'are')} not settled, {none} {verb(none, 'has', 'have')} no usable figures."
    )


def main_answers(run: Run) -> tuple[MainAnswer, ...]:
    """Return the answers to the protocol's first questions: whoever writes it puts the main ones first."""
    return tuple(
        MainAnswer(
            result.comparison.question,
            address(result),
            short_answer(result),
            answer_sentence(result),
            rests_on(result),
        )
        for result in run.comparisons[:MAIN_QUESTIONS]
    )


def network_answers(run: Run) -> tuple[MainAnswer, ...]:
    """Return the answers to the questions on several treatments."""
    return tuple(
        MainAnswer(one.question.question, f"networks/{slug(one.question.id)}.html", network_answer(one),
                   network_answer(one))
        for one in run.networks
    )  # fmt: skip


def group_answers(run: Run) -> tuple[MainAnswer, ...]:
    """Return the answers to the questions on one group."""
    return tuple(
        MainAnswer(one.question.question, f"groups/{slug(one.question.id)}.html", group_answer(one), group_answer(one))
        for one in run.groups
    )


def address(result: ComparisonResult) -> str:
    return f"comparisons/{slug(result.comparison.id)}.html"


def comparison_groups(run: Run) -> tuple[ComparisonGroup, ...]:
    """Return the comparisons by the scale they share, in the protocol's order; within, see `by_change`."""
    scales: dict[tuple[str, str | None], list[ComparisonResult]] = {}
    for result in run.comparisons:
        scales.setdefault((result.comparison.measure, result.unit), []).append(result)
    return tuple(comparison_group(run, results, f"axis-{number}") for number, results in enumerate(scales.values(), 1))


def comparison_group(run: Run, results: list[ComparisonResult], name: str) -> ComparisonGroup:
    shared = shared_scale(results)
    axis = strip_axis(shared, results[0], name) if shared else None
    return ComparisonGroup(
        group_name(results[0]), axis, tuple(comparison_row(run, result, shared) for result in by_change(run, results))
    )


def group_name(result: ComparisonResult) -> str:
    scale = scale_of(result)
    unit = f", in {result.unit}" if result.unit and not scale.ratio else ""
    return sentence_case(f"{scale.words.name}{unit}")


def by_change(run: Run, results: Iterable[ComparisonResult]) -> list[ComparisonResult]:
    """Return comparisons, the main questions first, then those that changed and those with an average, by name."""
    main = {result.comparison.id for result in run.comparisons[:MAIN_QUESTIONS]}
    return sorted(
        results,
        key=lambda result: (
            result.comparison.id not in main,
            not comparison_changes(run, result),
            result.pooled is None,
            result.comparison.question,
        ),
    )


def comparison_row(run: Run, result: ComparisonResult, shared: SharedScale | None) -> ComparisonRow:
    scale, pooled = scale_of(result), result.pooled
    changes = comparison_changes(run, result)
    return ComparisonRow(
        question=result.comparison.question,
        address=address(result),
        effect=effect_words(scale, pooled.estimate) if pooled else no_average(result),
        interval=compact(scale.interval(pooled.ci_low, pooled.ci_high)) if pooled else "",
        answer=answer_in_short(result, result.answer) if pooled else "",
        strip=strip(result, shared) if shared else None,
        studies=studies_words(result),
        people=f"{people(result.n_total)} people" if result.n_total else "",
        time=time_words(result) if pooled else "",
        certainty=certainty_word(result),
        change=last_change(run, changes),
        standing=STANDINGS.get(result.answer, CLEAR),
        sizes=(len(result.effects), result.n_total or 0),
    )


def effect_words(scale: Scale, value: float) -> str:
    """Return an average with what it counts: "7.1 points", "SMD 0.45"."""
    return scale.named(value) if scale.ratio or not scale.unit else f"{scale.text(value)} {scale.short_unit}"


def last_change(run: Run, changes: tuple[ChangeLine, ...]) -> str:
    """Return the weightiest change of a comparison in a few words."""
    if run.previous is None:
        return "first version"
    return changes[0].what if changes else "none"
