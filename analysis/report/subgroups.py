"""Subgroups on the page: which effects stand under which heading, their averages, and whether these differ."""

from dataclasses import dataclass

from analysis.report.answer import noun, nouns
from analysis.report.moderator_words import left_out_sentence, level_name, moderator_name, why_not
from analysis.report.within import effect_labels, several
from analysis.report.wording import counted, p_value, scale_of, sentence_case, significant
from analysis.results import ONE_EFFECT, ComparisonResult, Subgroup, SubgroupAnalysis

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Section:
    """Effects that stand together in the forest plot, by their places in the pool.

    A section of one study with several effects has its name as heading and no average of its own.
    """

    heading: str | None
    places: tuple[int, ...]
    average: Subgroup | None = None


def sections(result: ComparisonResult) -> tuple[Section, ...]:
    """Return the pooled effects in the order of the forest plot, under their headings."""
    if result.subgroups and result.subgroups.groups:
        return subgroup_sections(result)
    if several(result):
        return study_sections(result)
    return (Section(None, tuple(range(len(result.effects)))),) if result.effects else ()


def subgroup_sections(result: ComparisonResult) -> tuple[Section, ...]:
    """Return a section a subgroup; studies that belong to none come last, and belong to the average of all."""
    found = result.subgroups
    placed = []
    for group in found.groups:
        places = tuple(place for place, effect in enumerate(result.effects) if effect.study in group.studies)
        average = group if len(places) > 1 else None
        placed.append(Section(group_heading(found, group.name), places, average))
    used = {place for section in placed for place in section.places}
    rest = tuple(place for place in range(len(result.effects)) if place not in used)
    heading = sentence_case(f"{moderator_name(found.moderator)}: {NOT_KNOWN}")
    return (*placed, Section(heading, rest)) if rest else tuple(placed)


def group_heading(found: SubgroupAnalysis, name: str) -> str:
    return sentence_case(f"{moderator_name(found.moderator)}: {level_name(found.moderator, name)}")


def study_sections(result: ComparisonResult) -> tuple[Section, ...]:
    """Return a section a study: with its name as heading where several of its effects follow."""
    people, placed = result.within.people, []
    for study in dict.fromkeys(people):
        places = tuple(place for place, one in enumerate(people) if one == study)
        placed.append(Section(result.effects[places[0]].label if len(places) > 1 else None, places))
    return tuple(placed)


def row_labels(result: ComparisonResult) -> tuple[str, ...]:
    """Return the labels of effects, pooled then doubtful; below the heading of its study an effect leaves that out."""
    labels = list(effect_labels(result))
    if not several(result):
        return tuple(labels)
    for section in sections(result):
        for place in section.places if section.heading else ():
            own = labels[place].removeprefix(f"{result.effects[place].label}: ")
            labels[place] = own
    return tuple(labels)


@dataclass(frozen=True)
class SubgroupPart:
    """What the page says of subgroups."""

    title: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str, str], ...]  # name, studies, effect, interval, variance between studies


def subgroup_part(result: ComparisonResult) -> SubgroupPart | None:
    """Return what there is to say of a comparison's subgroups; None when its protocol names none."""
    found = result.subgroups
    if found is None:
        return None
    title = f"By {moderator_name(found.moderator)}"
    left_out = left_out_sentence(found.left_out)
    if found.not_fitted:
        said = (why_not(found.not_fitted, noun(result), nouns(result)), left_out)
        return SubgroupPart(title, tuple(filter(None, said)), ())
    said = (difference_sentence(result, found), variance_sentence(result, found), left_out)
    return SubgroupPart(title, tuple(filter(None, said)), tuple(group_row(result, found, one) for one in found.groups))


def difference_sentence(result: ComparisonResult, found: SubgroupAnalysis) -> str:
    """Return whether the averages differ more than chance explains, and what that does not show."""
    if found.q_between_p_value is None:
        return ""
    p = p_value(found.q_between_p_value)
    if found.q_between_p_value < 0.05:
        return (
            f"The averages of the subgroups differ more than chance explains (P {p}). The groups differ in other ways "
            f"too, so the {moderator_name(found.moderator)} need not be the reason."
        )
    return (
        f"The averages of the subgroups do not differ more than chance explains (P {p}); with few {nouns(result)} a "
        "real difference is easily missed. It shows nothing that the interval of one subgroup holds no effect and that "
        "of another does not."
    )


def variance_sentence(result: ComparisonResult, found: SubgroupAnalysis) -> str:
    if result.comparison.model in ONE_EFFECT:
        return ""
    kinds = {"separate": "Each subgroup has its own variance", "common": "All subgroups share one variance"}
    return f"{kinds[found.tau2_kind]} between {nouns(result)}."


def group_row(result: ComparisonResult, found: SubgroupAnalysis, one: Subgroup) -> tuple[str, str, str, str, str]:
    scale = scale_of(result)
    return (
        sentence_case(level_name(found.moderator, one.name)),
        counted(len(one.studies), noun(result), nouns(result)),
        scale.text(one.estimate),
        scale.interval(one.ci_low, one.ci_high),
        "–" if one.tau2 is None else significant(one.tau2),
    )


def subgroup_test(result: ComparisonResult) -> tuple[str, ...]:
    """Return the figures of the test of subgroups; nothing without one."""
    found = result.subgroups
    if found is None or found.q_between is None:
        return ()
    free = f"{found.q_between_df} and {found.q_between_df2}" if found.q_between_df2 else str(found.q_between_df)
    kind = "F" if found.q_between_df2 else "Q"
    return (
        f"{kind} {significant(found.q_between)} on {free} degrees of freedom, "
        f"P {p_value(found.q_between_p_value)}",
    )
