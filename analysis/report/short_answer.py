"""The answer of a comparison in a line, and that of the main questions in a sentence."""

from collections.abc import Iterable

from analysis.report.absolute import absolute_of
from analysis.report.answer import direction, interval_words, measured_after, noun, nouns, smallest_words, towards, way
from analysis.report.extent import extent_of
from analysis.report.wording import counted, joined, level_words, scale_of, sentence_case, verb
from analysis.results import ComparisonResult

LINES = {  # (way of saying it, does the interval hold no effect)
    ("difference", "clear"): "{size} {direction}",
    ("difference", "open"): "not settled: {size} {towards}",
    ("none", "clear"): "a little {direction}",
    ("none", "open"): "not settled: no different",
    ("ratio", "clear"): "{direction}, {amount}",
    ("times", "clear"): "{value} times as likely",
    ("ratio", "open"): "not settled: {direction}, {amount}",
    ("about", "open"): "not settled: about even, {amount}",
    ("people", "open"): "not settled: {after} against {before} of 1,000 people",
    ("about in people", "open"): "not settled: {after} against {before} of 1,000 people",
}
TOO_SMALL = ", smaller than patients notice ({smallest})"
STANDINGS = {  # standing of a main answer -> what a count of them does
    "alone": ("rests on one {noun}", "rest on one {noun}"),
    "open": ("has an interval that includes no effect", "have an interval that includes no effect"),
    "settled": ("has an answer with a clear direction", "have an answer with a clear direction"),
    "none": ("has no figures of our own", "have no figures of our own"),
}
VERDICTS_TOGETHER = {  # (is any main answer settled, are all)
    (False, False): "not settled",
    (True, False): "settled in part",
    (True, True): "settled",
}


def short_answer(result: ComparisonResult) -> str:
    """Return the answer of a comparison in a line, with its interval and what it rests on."""
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
    interval = f" ({level_words(result.pooled.level)} {interval_words(result, scale, extent)})"
    small = TOO_SMALL.format(smallest=smallest_words(result)) if extent.size == "too small" else ""
    if small and extent.settled == "open":
        line = line.removeprefix("not settled: ")
    return sentence_case(f"{line}{interval}{small} · {rests_on(result)}")


def rests_on(result: ComparisonResult) -> str:
    """Return how many studies an answer rests on, and after how long they measured."""
    studies, time = counted(result.pooled.k, noun(result), nouns(result)), measured_after(result)
    return f"{studies}, after {time}" if time else studies


def no_average(result: ComparisonResult) -> str:
    """Return what there is in place of an average, in a few words."""
    if not result.published:
        return "No usable figures"
    return f"No average of ours · {counted(len(result.published), 'published result')}"


def standing(result: ComparisonResult) -> str:
    """Return how far a main question is answered, a key of STANDINGS; one study settles nothing."""
    if result.pooled is None:
        return "none"
    if result.pooled.k == 1:
        return "alone"
    return "open" if extent_of(result).settled == "open" else "settled"


def answer_of_main(results: Iterable[ComparisonResult]) -> str | None:
    """Return the answer to the question of the whole review, from its main comparisons; None without any."""
    results = tuple(results)
    if not results:
        return None
    standings = [standing(result) for result in results]
    settled = standings.count("settled")
    together = VERDICTS_TOGETHER[settled > 0, settled == len(standings)]
    word = "trial" if all(noun(result) == "trial" for result in results) else "study"
    parts = [
        f"{standings.count(name)} {verb(standings.count(name), *words).format(noun=word)}"
        for name, words in STANDINGS.items()
        if name in standings
    ]
    return f"Short answer: {together}. Of {counted(len(results), 'main question')}, {joined(parts)}."
