"""The page of one comparison, put together from its parts."""

from dataclasses import dataclass

from analysis.report.answer import answer_sentence, noun, nouns
from analysis.report.awaited import AwaitedStudies, awaited_studies
from analysis.report.bias_plots import BiasPart, bias_part
from analysis.report.changed import ChangeLine, comparison_changes, comparison_since
from analysis.report.choices import ChoiceRow, choice_rows, choices_sentence
from analysis.report.claims_page import ClaimRow, claims_tested
from analysis.report.drawing import Drawing
from analysis.report.flags import flag_sentence, study_flags
from analysis.report.forest import forest_plots
from analysis.report.forest_words import UnderForest, under_forest
from analysis.report.links import Places, slug
from analysis.report.measured import Measured, measured
from analysis.report.methods import Fact, heterogeneity_sentences, methods_facts
from analysis.report.methods_paragraph import MethodsParagraph, methods_paragraph
from analysis.report.model_parts import AverageRow, ModelParts, averages_of, model_parts
from analysis.report.published import PublishedGroup, PublishedRow, not_drawable, published_groups
from analysis.report.robustness_parts import RobustnessParts, robustness_parts
from analysis.report.studies import (
    LeftOutRow,
    LeftOutStudy,
    StudyRow,
    by_study,
    effect_anchors,
    left_out_rows,
    study_rows,
)
from analysis.report.summary import Finding, certainty_reasons, finding
from analysis.report.within import study_count
from analysis.report.wording import Scale, counted, level_words, people, scale_of, sentence_case, verb
from analysis.results import ComparisonResult, Run


@dataclass(frozen=True)
class ComparisonPage:
    """All that the page of a comparison says."""

    id: str
    slug: str
    question: str
    compared: str
    noun: str
    nouns: str
    scale: Scale
    level: str
    answer: str
    note: str | None
    finding: Finding
    reasons: tuple[str, ...]
    since: str
    changes: tuple[ChangeLine, ...]
    claims: tuple[ClaimRow, ...]
    forest: tuple[Drawing, ...]
    flags: str
    under: UnderForest
    studies: tuple[StudyRow, ...]
    averages: tuple[AverageRow, ...]
    experimental: str
    control: str
    heterogeneity: tuple[str, ...]
    robustness: RobustnessParts
    models: ModelParts
    bias: BiasPart
    choices: tuple[ChoiceRow, ...]
    choices_sentence: str
    published: tuple[PublishedGroup, ...]
    published_other: tuple[PublishedRow, ...]
    counts: str
    left_out: tuple[LeftOutRow, ...]
    left_out_studies: tuple[LeftOutStudy, ...]
    measured: Measured
    awaited: AwaitedStudies
    methods: tuple[Fact, ...]
    paragraph: MethodsParagraph

    @property
    def certainty_signed(self) -> bool:
        return self.finding.rated is not None

    @property
    def reasons_sentence(self) -> str:
        return f"{sentence_case('; '.join(self.reasons))}."

    @property
    def choices_listed(self) -> tuple[ChoiceRow, ...]:
        """The choices that no other table of the page holds, and every one that changes the answer."""
        elsewhere = self.robustness.left_one_out is not None
        return tuple(row for row in self.choices if row.differs or not (elsewhere and row.leaves_one_out))

    @property
    def made(self) -> str | None:
        """How the effects were made, where that is the same for several studies; else each row says it."""
        ways = {row.derivation for row in self.studies}
        return ways.pop() if len(ways) == 1 < len(self.studies) else None

    @property
    def published_count(self) -> str | None:
        count = sum(len(group.rows) for group in self.published) + len(self.published_other)
        return counted(count, "pooled result") if count else None


def comparison_page(run: Run, result: ComparisonResult, places: Places) -> ComparisonPage:
    """Return the page of a comparison."""
    changes, studies = comparison_changes(run, result), study_rows(run, result, places)
    return ComparisonPage(
        id=result.comparison.id,
        slug=slug(result.comparison.id),
        question=result.comparison.question,
        compared=compared(result),
        noun=noun(result),
        nouns=nouns(result),
        scale=scale_of(result),
        level=level_words(result.comparison.level),
        answer=answer_sentence(result),
        note=result.comparison.note,
        finding=finding(result),
        reasons=certainty_reasons(result),
        since=comparison_since(run, changes),
        changes=changes,
        claims=claims_tested(run, result),
        forest=forest_plots(result, effect_anchors(result), study_flags(run, result)),
        flags=flag_sentence(study_flags(run, result)),
        under=under_forest(result),
        studies=studies,
        averages=averages_of(result.pooled, scale_of(result)),
        experimental=sentence_case(result.experimental_label),
        control=sentence_case(result.control_label),
        heterogeneity=heterogeneity_sentences(result),
        robustness=robustness_parts(run, result),
        models=model_parts(result, studies),
        bias=bias_part(result, places),
        choices=choice_rows(result, dict(run.labels.treatments)),
        choices_sentence=choices_sentence(result),
        published=published_groups(run, result, places),
        published_other=not_drawable(run, result, places),
        counts=counts_sentence(result),
        left_out=left_out_rows(result, places),
        left_out_studies=by_study(result.left_out, places),
        measured=measured(result, studies),
        awaited=awaited_studies(result, places),
        methods=methods_facts(run, result),
        paragraph=methods_paragraph(run, result),
    )


def compared(result: ComparisonResult) -> str:
    """Return what is compared, in how many studies and people."""
    parts = [
        f"{result.experimental_label} compared with {result.control_label}",
        counted(study_count(result), noun(result), nouns(result)),
    ]
    if result.n_total:
        parts.append(f"{people(result.n_total)} people")
    return sentence_case(" · ".join(parts))


def counts_sentence(result: ComparisonResult) -> str:
    """Return how the rows that answer the question add up."""
    used = len({ref for effect in result.effects for ref in effect.refs})
    doubtful = len({ref for effect in result.doubtful for ref in effect.refs})
    left_out = len(result.left_out)
    studies = f" ({counted(study_count(result), noun(result), nouns(result))})" if used else ""
    rows = counted(result.rows_found, "row")
    kept = f"{used} {verb(used, 'is', 'are')} used{studies}"
    return f"{rows} in the sources: {kept}, {doubtful} doubtful, {left_out} left out."
