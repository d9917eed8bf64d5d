"""Small-study effects in words: what each test says, and what it can and cannot show."""

from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.drawing import Drawing
from analysis.report.funnel import FEWEST_STUDIES, funnel_plots, imputed
from analysis.report.within import several
from analysis.report.wording import counted, p_value, scale_of, significant, verb
from analysis.results import ComparisonResult, SmallStudies, TrimAndFill, WhatIf

CANNOT_SHOW = (
    "A P value above 0.05 does not show that small studies are like large ones: with few studies these tests miss "
    "much. A small one does not show that results were kept back: small studies may differ from large ones in their "
    "people or treatment, or by chance."
)
FILLED_CANNOT_SHOW = (
    "This is a what-if, not an estimate of what is true: the studies put in are mirror images, and a funnel can be "
    "lopsided for other reasons than missing studies."
)

TREND = "Carrying the trend with size on to a study without sampling error ({}), the average"
WHAT_IF_WORDS = {
    "PET": TREND.format("PET"),
    "PEESE": TREND.format("PEESE"),
    "selection": "If significant results on the side of the average had always been seen and others less often, by a "
    "selection model, the average",
}
WHAT_IFS = "These are what-ifs too: each rests on one reason for a lopsided funnel, and with few studies on little."

SEVERAL_EACH = (
    "Studies enter with several results each. A funnel plot, its tests, and the plots of influence and of the average "
    "over time take results to be independent, so none is shown."
)


@dataclass(frozen=True)
class ImputedRow:
    """A study that trim and fill puts in, every cell as text."""

    effect: str
    sei: str


@dataclass(frozen=True)
class SmallStudyEffects:
    """What the page says of small studies."""

    drawings: tuple[Drawing, ...]
    imputed: tuple[ImputedRow, ...]
    sentences: tuple[str, ...]


def small_study_effects(result: ComparisonResult) -> SmallStudyEffects:
    """Return the funnel plot with its tests, or why there is none."""
    scale, drawings = scale_of(result), funnel_plots(result)
    if not drawings:
        return SmallStudyEffects((), (), (no_funnel(result),))
    rows = tuple(ImputedRow(scale.text(one.yi), significant(one.sei, 3)) for one in imputed(result))
    small = result.robustness.small_studies
    return SmallStudyEffects(drawings, rows, tests_and_limits(result, small) if small else ())


def no_funnel(result: ComparisonResult) -> str:
    """Return why there is no funnel plot."""
    if several(result):
        return SEVERAL_EACH
    count = len(result.effects)
    return (
        f"There {verb(count, 'is', 'are')} {counted(count, noun(result), nouns(result)) if count else 'none'}; "
        f"below {FEWEST_STUDIES} a funnel plot cannot be read, so none is drawn, and nothing is known of "
        "small-study effects."
    )


def tests_in_words(small: SmallStudies) -> list[str]:
    """Return the tests by name, those that are defined."""
    words = []
    if small.egger_t is not None:
        words.append(
            f"Egger's regression test gives t {significant(small.egger_t)} on "
            f"{counted(small.egger_df, 'degree')} of freedom, P {p_value(small.egger_p_value)}"
        )
    if small.begg_tau is not None:
        words.append(f"Begg's rank test gives τ {significant(small.begg_tau)}, P {p_value(small.begg_p_value)}")
    return words


def tests_and_limits(result: ComparisonResult, small: SmallStudies) -> tuple[str, ...]:
    """Return what the tests say and what they cannot."""
    words = tests_in_words(small)
    tests = (f"{'; '.join(words)}. {CANNOT_SHOW}",) if words else ()
    return (*tests, *filled_sentences(result, small.trim_and_fill), *what_if_sentences(result, small))


def what_if_sentences(result: ComparisonResult, small: SmallStudies) -> tuple[str, ...]:
    """Return what the average would be under each stated way for small or unseen studies to differ."""
    parts = [part_in_words(result, one) for one in (small.without_error, small.selection) if one]
    return (f"{' '.join(parts)} {WHAT_IFS}",) if parts else ()


def part_in_words(result: ComparisonResult, one: WhatIf) -> str:
    """Return one what-if with its interval, where that is defined."""
    scale = scale_of(result)
    interval = "" if one.ci_low is None else f" ({scale.interval(one.ci_low, one.ci_high)})"
    return f"{WHAT_IF_WORDS[one.method]} would be {scale.named(one.estimate)}{interval}."


def filled_sentences(result: ComparisonResult, filled: TrimAndFill | None) -> tuple[str, ...]:
    """Return what trim and fill would put in, and where that would bring the average."""
    if filled is None:
        return ("All standard errors are the same, so that trim and fill has nothing to go by.",)
    if not filled.imputed:
        return ("Trim and fill finds the funnel symmetric: it puts no study in.",)
    scale, count = scale_of(result), counted(len(filled.imputed), noun(result), nouns(result))
    ring = f"{verb(len(filled.imputed), 'a ring', 'rings')} in the plot"
    return (
        f"Trim and fill puts {count} in on the {filled.side} ({ring}); with {verb(len(filled.imputed), 'it', 'them')} "
        f"the average would be {scale.named(filled.estimate)} ({scale.interval(filled.ci_low, filled.ci_high)}). "
        f"{FILLED_CANNOT_SHOW}",
    )
