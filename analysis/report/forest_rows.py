"""What a forest plot says: its rows, which side is which, and its finding in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.report.answer import direction, noun, nouns
from analysis.report.bias import bias_letters
from analysis.report.studies import arm_text
from analysis.report.subgroups import row_labels
from analysis.report.within import several, study_count
from analysis.report.wording import Scale, compact, counted, level_words, people, percent, scale_of
from analysis.results import ComparisonResult, Effect, GroupEffect

NO_FLAGS: Mapping[str, str] = {}


@dataclass(frozen=True)
class ForestRow:
    """One study in the plot; values on the analysis scale."""

    label: str
    anchor: str
    experimental: str
    control: str
    effect: str
    weight: str
    estimate: float
    low: float
    high: float
    share: float | None  # of the largest weight; None for a study that is not pooled
    flag: str = ""  # a word on what changed since the run before
    bias: str = ""  # the letter of its risk of bias


def forest_rows(
    result: ComparisonResult, anchors: tuple[str, ...], flags: Mapping[str, str] = NO_FLAGS
) -> tuple[ForestRow, ...]:
    """Return the pooled studies in plotting order, then the doubtful ones; flags by the id of a study."""
    scale = scale_of(result)
    weights = weights_of(result)
    largest = max(weights, default=1.0)
    count = len(result.effects)
    letters = bias_letters(result)
    pooled = [
        row_of(effect, anchor, scale, weight, weight / largest, flags, letters)
        for effect, anchor, weight in zip(result.effects, anchors[:count], weights, strict=True)
    ]
    doubtful = [
        row_of(effect, anchor, scale, None, None, flags, letters)
        for effect, anchor in zip(result.doubtful, anchors[count:], strict=True)
    ]
    rows = zip((*result.effects, *result.doubtful), row_labels(result), (*pooled, *doubtful), strict=True)
    return tuple(row if label == effect.label else replace(row, label=label) for effect, label, row in rows)


def weights_of(result: ComparisonResult) -> tuple[float, ...]:
    """Return the weights in percent, one a pooled study."""
    if result.pooled and len(result.pooled.weights) == len(result.effects):
        return result.pooled.weights
    return tuple(100.0 / len(result.effects) for _ in result.effects)


def row_of(
    effect: Effect, anchor: str, scale: Scale, weight: float | None, share: float | None, flags: Mapping[str, str],
    letters: Mapping[str, str],
) -> ForestRow:  # fmt: skip
    return ForestRow(
        study_label(effect),
        anchor,
        arm_text(effect.experimental),
        arm_text(effect.control),
        compact(f"{scale.text(effect.yi)} [{scale.interval(effect.ci_low, effect.ci_high)}]"),
        "" if weight is None else percent(weight, 1),
        effect.yi,
        effect.ci_low,
        effect.ci_high,
        share,
        flags.get(effect.study, ""),
        letters.get(effect.study, ""),
    )


def study_label(effect: Effect | GroupEffect) -> str:
    """Return how a study is named: its label, with the year when the label does not hold it."""
    if effect.year is None or str(effect.year) in effect.label:
        return effect.label
    return f"{effect.label} {effect.year}"


def has_figures(effect: Effect) -> bool:
    """Say whether a study has figures of its groups for the columns of raw data."""
    arms = (effect.experimental, effect.control)
    return any(arm.events is not None or arm.mean is not None for arm in arms)


def is_pooled(result: ComparisonResult) -> bool:
    return result.pooled is not None and result.pooled.k > 1


def sides(result: ComparisonResult) -> tuple[str, str]:
    """Return what lies left and right of no effect, from which sign of the effect is good news."""
    experimental, control = result.experimental_label, result.control_label
    if result.better == "lower":
        return f"favours {experimental}", f"favours {control}"
    if result.better == "higher":
        return f"favours {control}", f"favours {experimental}"
    return f"lower in {experimental}", f"higher in {experimental}"


def description(result: ComparisonResult) -> str:
    """Return the finding, then the parts, for a reader who does not see the figure."""
    scale, pooled = scale_of(result), result.pooled
    lower = sum(effect.yi < 0 for effect in result.effects)
    left, right = sides(result)
    count = len(result.effects)
    whole = f"{count} results of {study_count(result)} {nouns(result)}" if several(result) else counted(
        count, noun(result), nouns(result)
    )
    parts = [
        f'{whole.capitalize()}: {people(lower)} on the side "{left}", '
        f'{people(count - lower)} on the side "{right}"'
    ]
    if is_pooled(result):
        parts.append(
            f"average {scale.named(pooled.estimate)}, {level_words(pooled.level)} "
            f"{scale.interval(pooled.ci_low, pooled.ci_high)}, {direction(result, pooled.estimate)}"
        )
    elif count == 1:
        parts.append(f"one {noun(result)}, not pooled")
    if result.doubtful:
        parts.append(f"{counted(len(result.doubtful), 'doubtful study', 'doubtful studies')}, not pooled")
    return "; ".join(parts) + "."
