"""What of a comparison's page its model decides: the rows in groups, subgroups, and moderators."""

from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.extent import is_predictable
from analysis.report.moderation import Moderation, moderation
from analysis.report.studies import StudyRow
from analysis.report.subgroups import SubgroupPart, sections, subgroup_part
from analysis.report.wording import Scale, counted, scale_of
from analysis.results import ComparisonResult, Pooled, Subgroup


@dataclass(frozen=True)
class AverageRow:
    """The last rows of the table of studies: the average, and what is expected in a new setting."""

    label: str
    effect: str
    interval: str
    weight: str


@dataclass(frozen=True)
class StudyGroup:
    """Rows that stand together in the table of studies, as in the forest plot."""

    heading: str | None
    rows: tuple[StudyRow, ...]
    average: AverageRow | None


@dataclass(frozen=True)
class ModelParts:
    """The parts; None where the protocol asks for none."""

    groups: tuple[StudyGroup, ...]
    subgroups: SubgroupPart | None
    moderation: Moderation | None


def model_parts(result: ComparisonResult, rows: tuple[StudyRow, ...]) -> ModelParts:
    """Return the parts of a comparison; rows are its studies, the pooled ones first."""
    return ModelParts(study_groups(result, rows), subgroup_part(result), moderation(result))


def study_groups(result: ComparisonResult, rows: tuple[StudyRow, ...]) -> tuple[StudyGroup, ...]:
    """Return the pooled rows in the order of the forest plot, with the averages of subgroups."""
    return tuple(
        StudyGroup(
            section.heading,
            tuple(rows[place] for place in section.places),
            group_average(result, section.average) if section.average else None,
        )
        for section in sections(result)
    )


def group_average(result: ComparisonResult, group: Subgroup) -> AverageRow:
    scale, count = scale_of(result), counted(len(group.studies), noun(result), nouns(result))
    interval = scale.interval(group.ci_low, group.ci_high)
    return AverageRow(f"Average of {count}", scale.text(group.estimate), interval, "")


def averages_of(pooled: Pooled | None, scale: Scale) -> tuple[AverageRow, ...]:
    """Return the average and the interval in a new setting as the forest plot draws them."""
    if pooled is None or pooled.k < 2:
        return ()
    rows = [AverageRow("Average", scale.text(pooled.estimate), scale.interval(pooled.ci_low, pooled.ci_high), "100 %")]
    if is_predictable(pooled):
        rows.append(AverageRow("Expected in a new setting", "", scale.interval(pooled.pi_low, pooled.pi_high), ""))
    return tuple(rows)
