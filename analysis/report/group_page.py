"""The page of a question on one group: its average, how studies differ, and what it rests on."""

from dataclasses import dataclass

from analysis.report.choices import choice_words
from analysis.report.drawing import Drawing
from analysis.report.extent import is_predictable
from analysis.report.group_plot import column_name, group_forest, without_drawings
from analysis.report.group_words import (
    NOUN,
    NOUNS,
    POOLED_AS,
    anchors_of,
    group_answer,
    group_scale,
    sentences_of,
    value_words,
)
from analysis.report.links import Places, RowLink, slug
from analysis.report.method_words import INTERVALS, STATUSES, TAU2_METHODS
from analysis.report.methods import Fact, chance_facts, disagreement, measured_facts, target, variance_facts
from analysis.report.model_parts import AverageRow, averages_of
from analysis.report.over_time import variance
from analysis.report.phrases import CAUTIONS, DERIVATIONS, DESIGNS, SEEN_AS, phrase
from analysis.report.studies import LeftOutStudy, arm_text, by_study, row_links
from analysis.report.wording import (
    counted,
    decimal,
    joined,
    level_words,
    people,
    percent,
    plain,
    sentence_case,
    significant,
    verb,
)
from analysis.results import GroupEffect, GroupResult, Run

WITHOUT = "without:"
MODELS = {
    "random": "random effects: every study has its own true value, and the average of these is estimated",
    "common": "common effect: all studies are taken to share one true value",
}
MEASURES = {
    "MN": "mean at follow-up, pooled as it is",
    "MC": "mean change from baseline (follow-up minus baseline), as printed, else from baseline and follow-up with "
    "their correlation",
    "PR": "share of people with the event, pooled as it is; an interval beyond 0 or 100 % is shown up to there",
    "PLO": "share of people with the event, pooled as its log odds and turned back",
}
ZERO_CELLS = {
    "PR": "where nobody or everybody has the event, the variance is made with 0.5 added to both counts",
    "PLO": "where nobody or everybody has the event, 0.5 is added to both counts of that study, and of no other",
}
LEFT_OFF = (
    "small-study effects, power and every choice at once, which are asked of comparisons; no claim rests on one group"
)


@dataclass(frozen=True)
class GroupRow:
    """A study of the group, every cell as text."""

    anchor: str
    label: str
    address: str | None
    pooled: bool
    arm: str
    value: str
    interval: str
    weight: str
    yi: str
    vi: str
    people: str
    measured: str
    derivation: str
    seen_as: str
    cautions: tuple[str, ...]
    rows: tuple[RowLink, ...]


@dataclass(frozen=True)
class ChosenRow:
    """The average under a choice, or without one study, every cell as text."""

    name: str
    value: str
    interval: str
    studies: str
    tau2: str = ""
    i2: str = ""


@dataclass(frozen=True)
class GroupPage:
    """All that the page of one group says."""

    id: str
    slug: str
    question: str
    status: str
    answer: str
    sentences: tuple[str, ...]
    level: str
    column: str
    pooled_as: str
    forest: tuple[Drawing, ...]
    averages: tuple[AverageRow, ...]
    studies: tuple[GroupRow, ...]
    choices: tuple[ChosenRow, ...]
    without: tuple[ChosenRow, ...]
    without_sentence: str
    without_plots: tuple[Drawing, ...]
    counts: str
    left_out_studies: tuple[LeftOutStudy, ...]
    methods: tuple[Fact, ...]

    @property
    def made(self) -> str | None:
        """How the values were made, where that is the same for several studies; else each row says it."""
        ways = {row.derivation for row in self.studies}
        return ways.pop() if len(ways) == 1 < len(self.studies) else None

    @property
    def has_doubtful(self) -> bool:
        return any(not row.pooled for row in self.studies)


def group_page(run: Run, result: GroupResult, places: Places) -> GroupPage:
    """Return the page of a group."""
    pooled, anchors, scale = result.pooled, anchors_of(result), group_scale(result)
    without = without_rows(result)
    return GroupPage(
        id=result.question.id,
        slug=slug(result.question.id),
        question=result.question.question,
        status=status_line(result),
        answer=group_answer(result),
        sentences=sentences_of(result),
        level=level_words(result.question.level),
        column=column_name(scale),
        pooled_as=POOLED_AS.get(result.question.measure, "the value"),
        forest=group_forest(result, anchors),
        averages=averages_of(pooled, scale),
        studies=study_rows(run, result, places),
        choices=choice_rows(result),
        without=without,
        without_sentence=without_sentence(result),
        without_plots=without_plots(result) if without else (),
        counts=counts_sentence(result),
        left_out_studies=by_study(result.left_out, places),
        methods=methods_of(run, result),
    )


def status_line(result: GroupResult) -> str:
    parts = [result.group_label, counted(len(result.effects), NOUN, NOUNS)]
    parts += [f"{people(result.n_total)} people"] if result.n_total else []
    return sentence_case(" · ".join(parts))


def study_rows(run: Run, result: GroupResult, places: Places) -> tuple[GroupRow, ...]:
    """Return the pooled studies in plotting order, then the doubtful ones."""
    weights = result.pooled.weights if result.pooled else ()
    texts = [*(percent(weight, 1) for weight in weights), *("not pooled" for _ in result.doubtful)]
    instruments = dict(run.labels.instruments)
    return tuple(
        study_row(result, effect, (anchor, text), instruments, places)
        for effect, anchor, text in zip((*result.effects, *result.doubtful), anchors_of(result), texts, strict=True)
    )


def study_row(
    result: GroupResult, effect: GroupEffect, shown: tuple[str, str], instruments: dict[str, str], places: Places
) -> GroupRow:
    scale, (anchor, weight) = group_scale(result), shown
    return GroupRow(
        anchor=anchor,
        label=effect.label,
        address=places.study(effect.study),
        pooled=effect in result.effects,
        arm=arm_text(effect.arm),
        value=scale.text(effect.yi),
        interval=scale.interval(effect.ci_low, effect.ci_high),
        weight=weight,
        yi=decimal(effect.yi, 4),
        vi=significant(effect.vi, 4),
        people=people(effect.arm.n),
        measured=measured_words(effect, instruments),
        derivation=phrase(DERIVATIONS, effect.derivation),
        seen_as=phrase(SEEN_AS, effect.seen_as),
        cautions=tuple(phrase(CAUTIONS, code) for code in effect.cautions),
        rows=row_links(effect, places),
    )


def measured_words(effect: GroupEffect, instruments: dict[str, str]) -> str:
    """Return when and with what a study measured."""
    weeks = f"{plain(effect.followup_weeks)} weeks" if effect.followup_weeks is not None else ""
    instrument = phrase(instruments, effect.instrument) if effect.instrument else ""
    return ", ".join(filter(None, (weeks, instrument, effect.detail)))


def choice_rows(result: GroupResult) -> tuple[ChosenRow, ...]:
    """Return the protocol's own average, then one row a declared choice other than leaving one study out."""
    others = [one for one in result.choices if not one.code.startswith(WITHOUT)]
    if not others:
        return ()
    own = average_row(result, "as the protocol declares", result.pooled)
    return (own, *(average_row(result, choice_words(one.code), one.pooled) for one in others))


def average_row(result: GroupResult, name: str, pooled: object) -> ChosenRow:
    """Return an average under some choice."""
    if pooled is None:
        return ChosenRow(name, "no average", "", "0")
    scale = group_scale(result)
    interval = scale.interval(pooled.ci_low, pooled.ci_high)
    return ChosenRow(name, scale.text(pooled.estimate), interval, str(pooled.k), variance(pooled.tau2),
                      percent(pooled.i2))  # fmt: skip


def without_rows(result: GroupResult) -> tuple[ChosenRow, ...]:
    """Return the average without each study in turn; empty where the protocol does not declare that choice."""
    names = {effect.study: effect.label for effect in result.effects}
    left = [one for one in result.choices if one.code.startswith(WITHOUT)]
    return tuple(average_row(result, f"without {names[one.code.removeprefix(WITHOUT)]}", one.pooled) for one in left)


def without_plots(result: GroupResult) -> tuple[Drawing, ...]:
    """Return the same as a figure."""
    left = [one.pooled for one in result.choices if one.code.startswith(WITHOUT)]
    rows = tuple(
        (row.name, pooled.estimate, pooled.ci_low, pooled.ci_high)
        for row, pooled in zip(without_rows(result), left, strict=True)
    )
    return without_drawings(result, rows, f"The average without each {NOUN}", without_sentence(result))


def without_sentence(result: GroupResult) -> str:
    """Return how far leaving out any one study moves the average."""
    averages = [one.pooled.estimate for one in result.choices if one.code.startswith(WITHOUT)]
    if not averages:
        return ""
    scale = group_scale(result)
    ends = f"{scale.text(min(averages))} and {value_words(scale, max(averages))}"
    return f"Leaving out any one {NOUN} the average stays between {ends}."


def counts_sentence(result: GroupResult) -> str:
    """Return how the rows that answer the question add up."""
    used, doubtful = (sum(len(effect.refs) for effect in some) for some in (result.effects, result.doubtful))
    studies = f" ({counted(len(result.effects), NOUN, NOUNS)})" if used else ""
    kept = f"{used} {verb(used, 'is', 'are')} used{studies}"
    rows = counted(result.rows_found, "row")
    return f"{rows} in the sources: {kept}, {doubtful} doubtful, {len(result.left_out)} left out."


def methods_of(run: Run, result: GroupResult) -> tuple[Fact, ...]:
    """Return everything that decides the numbers of a group."""
    pooled, measure = result.pooled, result.question.measure
    facts = [*question_facts(run, result), *pooling_facts(result)]
    if measure in ZERO_CELLS:
        facts.append(Fact("Nobody or everybody", ZERO_CELLS[measure]))
    facts += [Fact("Notes from the calculation", phrase(STATUSES, code)) for code in (pooled.status if pooled else ())]
    facts.append(Fact("Left off by design", LEFT_OFF))
    if result.question.note:
        facts.append(Fact("Note", result.question.note))
    return tuple(facts)


def question_facts(run: Run, result: GroupResult) -> list[Fact]:
    question, treatments = result.question, dict(run.labels.treatments)
    facts = [
        Fact("Designs", joined(phrase(DESIGNS, design) for design in question.designs)),
        Fact("Outcome", result.outcome_label),
        Fact("Arms that count", joined(phrase(treatments, code) for code in question.treatments)),
    ]
    if question.window_weeks is None:
        facts.append(Fact("Time window", f"any time after baseline{target(question.target_weeks)}"))
    return facts + measured_facts(question, dict(run.labels.instruments))


def pooling_facts(result: GroupResult) -> list[Fact]:
    question = result.question
    unit = f", in {result.unit}" if result.unit else ""
    facts = [Fact("Measure", f"{MEASURES[question.measure]}{unit}"), Fact("Model", phrase(MODELS, question.model))]
    if question.model == "random":
        facts.append(Fact("Variance between studies", phrase(TAU2_METHODS, question.tau2)))
    interval = question.interval if question.model == "random" else "z"
    facts.append(Fact("Interval", f"{percent(100 * question.level)}, {phrase(INTERVALS, interval)}"))
    if is_predictable(result.pooled):
        quantile = "normal quantile" if result.pooled.test == "z" else "t quantile with k − 1 degrees of freedom"
        facts.append(Fact("Interval in a new setting", f"prediction interval, {quantile}"))
    if result.pooled and result.pooled.k > 1:
        variance = variance_facts(result.pooled, question.model)
        facts += disagreement(NOUNS, (*variance, *chance_facts(result.pooled)))
    return facts
