"""How far a number moved, and what of it came from data, from the protocol and from code, as sentences."""

from collections.abc import Collection, Mapping

from analysis.report.phrases import WHY_NOT_SPLIT, phrase
from analysis.report.wording import Scale, decimal, joined, scale_of
from analysis.results import Change, ComparisonResult, Move, Split

FIGURES = ("outside-old-interval", "across-important", "moved", "moved-with-code", "number-moved")  # old and new say it


def move_sentences(
    results: Mapping[str, ComparisonResult], change: Change, unexplained: Collection[str] = ()
) -> tuple[str, ...]:
    """Return what is to be said of the moves behind a change.

    Args:
        results: The comparisons of the newer run, by id.
        change: The change; one whose own values are the figures is told the parts alone.
        unexplained: Comparisons with a move that code and programs do not explain either.
    """
    found = []
    for move in change.moves:
        result = results.get(move.comparison)
        if result is not None:
            told = () if change.what in FIGURES else (figures_sentence(move, result, change),)
            parts = parts_sentence(move, scale_of(result), move.comparison in unexplained)
            found.append(" ".join(filter(None, (*told, parts))))
    return tuple(filter(None, found))


def figures_sentence(move: Move, result: ComparisonResult, change: Change) -> str:
    """Return both intervals of a move; under a claim with the question they answer."""
    question = f"{result.comparison.question} " if change.kind == "verdict" else ""
    return f"{question}{old_words(move, result)} → {new_words(move, result)}."


def old_words(move: Move, result: ComparisonResult) -> str:
    """Return the older estimate with its interval, on the scale it had."""
    return words_on(old_scale(move, result), move.old)


def new_words(move: Move, result: ComparisonResult) -> str:
    return words_on(scale_of(result), move.new)


def old_scale(move: Move, result: ComparisonResult) -> Scale:
    return scale_of(result) if move.old_scale is None else Scale(*move.old_scale)


def words_on(scale: Scale, figures: tuple[float, float, float] | None) -> str:
    if figures is None:
        return "no average"
    estimate, low, high = figures
    return f"{scale.named(estimate)} ({scale.interval(low, high)})"


def parts_sentence(move: Move, scale: Scale, unexplained: bool) -> str:
    """Return what of a move came from where, or why that cannot be told; nothing when the estimate stayed."""
    if move.split is None:
        return phrase(WHY_NOT_SPLIT, move.why_not) if move.why_not else ""
    parts = [(signed(value, scale), cause) for value, cause in causes(move.split, unexplained) if value]
    if len(parts) == 1:
        ((size, cause),) = parts
        return f"All of the move, {size}, is from {cause}."
    return f"Of the move, {joined(f'{size} from {cause}' for size, cause in parts)}." if parts else ""


def causes(split: Split, unexplained: bool) -> tuple[tuple[float, str], ...]:
    unknown = "nothing that is known" if unexplained else "code or programs"
    return (split.data, "data"), (split.method, "the protocol"), (split.code, unknown)


def signed(value: float, scale: Scale) -> str:
    """Return a part of a move with its sign, one decimal finer than the estimate it is a part of."""
    digits = scale.digits + 1
    text = decimal(value, digits)
    if not text.strip("0."):
        return f"less than {decimal(10.0**-digits, digits)} either way"
    return text if value < 0 else f"+{text}"
