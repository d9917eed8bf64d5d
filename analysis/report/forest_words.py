"""The words under a forest plot: what its marks stand for, and why its diamond is as wide as it is."""

from dataclasses import dataclass

from analysis.report.answer import noun, nouns, smallest_words
from analysis.report.drawing import Axis
from analysis.report.forest_axis import axis_ends, thresholds
from analysis.report.forest_rows import is_pooled
from analysis.report.wording import level_words, scale_of
from analysis.results import ComparisonResult

WIDE = (
    "The diamond is this wide because two {nouns} are few to judge from how much {nouns} differ (one degree of "
    "freedom): by this method the {level} then reaches from {low} to {high}{beyond}."
)
BEYOND = ", further than the figure"


@dataclass(frozen=True)
class UnderForest:
    """What stands under a forest plot: the key of its marks, and a sentence on its width where it needs one."""

    key: str
    width: str

    @property
    def whole(self) -> str:
        return f"{self.key} {self.width}".rstrip()


def under_forest(result: ComparisonResult) -> UnderForest:
    return UnderForest(" ".join(key_sentences(result)), width_sentence(result))


def key_sentences(result: ComparisonResult) -> tuple[str, ...]:
    """Return what the marks of a forest plot stand for, those that it has."""
    axis = Axis(*axis_ends(result), 0.0, 1.0)
    parts = ["Squares: area follows the weight.", "Dotted line: the average."] if is_pooled(result) else []
    if not parts:
        parts = [f"One {noun(result)}, not pooled." if len(result.effects) == 1 else "Nothing is pooled."]
    if thresholds(result, axis):
        parts.append(f"Dashed lines: the smallest difference that matters ({smallest_words(result)}).")
    return (*parts, *(["Hollow: doubtful, not pooled."] if result.doubtful else []))


def width_sentence(result: ComparisonResult) -> str:
    """Return why a diamond on one degree of freedom is wide; nothing elsewhere."""
    pooled, scale = result.pooled, scale_of(result)
    if not is_pooled(result) or pooled.k != 2 or pooled.test == "z":
        return ""
    low, high = axis_ends(result)
    return WIDE.format(
        nouns=nouns(result), level=level_words(pooled.level), low=scale.text(pooled.ci_low),
        high=scale.text(pooled.ci_high), beyond="" if low <= pooled.ci_low and pooled.ci_high <= high else BEYOND,
    )  # fmt: skip
