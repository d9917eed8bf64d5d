"""The answer of a comparison in a line, and that of the main questions in a sentence."""

from collections.abc import Iterable

from analysis.report.absolute import absolute_of
from analysis.report.answer import direction, ends, measured_after, noun, nouns, smallest_words, towards, way
from analysis.report.extent import extent_of
from analysis.report.summary import early_words
from analysis.report.within import study_count
from analysis.report.wording import counted, joined, people_words, scale_of, sentence_case, verb
from analysis.results import ComparisonResult

LINES = {  # (way of saying it, does the interval hold no effect)
    ("difference", "clear"): "{size} {towards}",
    ("difference", "open"): "not settled: {size} {towards}",
    ("none", "clear"): "a little {towards}",
    ("none", "open"): "not settled: no different",
    ("ratio", "clear"): "{direction}, {amount}",
    ("times", "clear"): "{value} times as likely",
    ("ratio", "open"): "not settled: {direction}, {amount}",
    ("about", "open"): "not settled: about even, {amount}",
    ("people", "open"): "not settled: {after} against {before} of 1,000 people",
    ("about in people", "open"): "not settled: {after} against {before} of 1,000 people",
}
TOO_SMALL = ", smaller than patients notice ({smallest})"
ONE_ONLY = "one {noun} only"
EARLIER = ", much earlier than intended ({intended})"
SMALLEST = "smallest difference that matters: {smallest}"
STANDINGS = {  # standing of a main answer -> what a count of them does
    "open": ("leaves open {sides}", "leave open {sides}"),
    "settled": ("has a clear direction", "have a clear direction"),
    "none": ("has no figures of our own", "have no figures of our own"),
}
SIDES = {  # is it known which side is good news
    True: "whether it helps or harms",
    False: "on which side the difference lies",
}
VERDICTS_TOGETHER = {  # (is any main answer settled, are all)
    (False, False): "not settled",
    (True, False): "settled in part",
    (True, True): "settled",
}


def short_answer(result: ComparisonResult) -> str:
    """Return the answer of a comparison in a line, with its interval; `rests_on` says what it rests on."""
    if result.pooled is None:
        return no_average(result)
    scale, extent = scale_of(result), extent_of(result)
    absolute = absolute_of(result, scale)
    before, after = absolute.counts if absolute else ("", "")
    line = LINES[way(result, scale, extent), extent.settled].format(
        size=scale.amount(extent.estimate),
        direction=direction(result, extent.estimate),
        towards=towards(result, extent.estimate),
        amount=scale.size(extent.estimate),
        value=scale.text(extent.estimate),
        before=before,
        after=after,
    )
    small = TOO_SMALL.format(smallest=smallest_words(result)) if extent.size == "too small" else ""
    if small and extent.settled == "open":
        line = line.removeprefix("not settled: ")
    return sentence_case(f"{line} ({ends(result, extent)}){small}")


def rests_on(result: ComparisonResult) -> str:
    """Return what an answer rests on: studies, people, how long after, and what its size is to be held against."""
    if result.pooled is None:
        return ""
    facts = [studies_words(result), people_words(result.n_total), time_words(result)]
    smallest = smallest_words(result)
    return " · ".join(filter(None, [*facts, SMALLEST.format(smallest=smallest) if smallest else ""]))


def studies_words(result: ComparisonResult) -> str:
    """Return how many studies there are; of a single one, that it is the only one."""
    count = study_count(result)
    return ONE_ONLY.format(noun=noun(result)) if count == 1 else counted(count, noun(result), nouns(result))


def time_words(result: ComparisonResult) -> str:
    """Return after how long the studies measured, and whether that is earlier than the protocol wants it."""
    time, early = measured_after(result), early_words(result)
    return (f"after {time}" + (EARLIER.format(**early) if early else "")) if time else ""


def no_average(result: ComparisonResult) -> str:
    """Return what there is in place of an average, in a few words."""
    if not result.published:
        return "No usable figures"
    return f"No average of ours · {counted(len(result.published), 'published result')}"


def standing(result: ComparisonResult) -> str:
    """Return how a main question is answered, a key of STANDINGS."""
    return "none" if result.pooled is None else "open" if extent_of(result).settled == "open" else "settled"


def is_alone(result: ComparisonResult) -> bool:
    return result.pooled is not None and study_count(result) == 1


def answer_of_main(results: Iterable[ComparisonResult]) -> str | None:
    """Return the answer to the question of the whole review, from its main comparisons; None without any.

    Every question is counted once by its standing, so that the counts add up; one study settles nothing.
    """
    results = tuple(results)
    if not results:
        return None
    settled = sum(standing(result) == "settled" and not is_alone(result) for result in results)
    together = VERDICTS_TOGETHER[settled > 0, settled == len(results)]
    parts = [counted_standing(name, [one for one in results if standing(one) == name]) for name in STANDINGS]
    return f"Short answer: {together}. Of {counted(len(results), 'main question')}, {joined(filter(None, parts))}."


def counted_standing(name: str, results: list[ComparisonResult]) -> str:
    """Return how many questions have a standing, and how many of these rest on one study; nothing without any."""
    if not results:
        return ""
    sides = SIDES[all(result.better != "none" for result in results)]
    return f"{len(results)} {verb(len(results), *STANDINGS[name]).format(sides=sides)}{alone_words(results)}"


def alone_words(results: list[ComparisonResult]) -> str:
    """Return how many of some questions rest on one study: " (1 of them on one trial only)"; nothing if none does."""
    alone = [result for result in results if is_alone(result)]
    if not alone:
        return ""
    word = "trial" if all(noun(result) == "trial" for result in alone) else "study"
    every = "each " if len(results) > 1 else ""
    whose = every if len(alone) == len(results) else f"{len(alone)} of them "
    return f" ({whose}on one {word} only)"
