"""The studies of a comparison by what a moderator says of them: an average a group, and whether they differ."""

from dataclasses import replace

import numpy as np

from analysis.models import ModelError, Subgroups, pool_subgroups
from analysis.models.subgroups import Subgroup as GroupMean
from analysis.models.subgroups import compare_apart
from analysis.results import MANTEL_HAENSZEL, Comparison, Effect, NotFitted, Subgroup, SubgroupAnalysis
from analysis.synthesis.averaging import settings_of, way_of_pooling
from analysis.synthesis.moderators import Datasets, Moderated, constant, read_moderators

FIGURES = ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2", "status")


def group_studies(
    comparison: Comparison, effects: tuple[Effect, ...], datasets: Datasets
) -> SubgroupAnalysis | None:
    """Return the subgroups that a comparison asks for, in the order of their values; None when it asks for none."""
    if comparison.subgroup is None:
        return None
    table = read_moderators((comparison.subgroup,), effects, datasets)
    asked = SubgroupAnalysis(comparison.subgroup, comparison.subgroup_tau2, (), left_out=table.left_out)
    if not table.effects:
        return replace(asked, not_fitted=NotFitted("none-left" if effects else "no-studies"))
    same = constant(table.columns)
    if same:
        return replace(asked, not_fitted=same)
    try:
        return grouped(asked, comparison, table)
    except ModelError as error:
        return replace(asked, not_fitted=NotFitted("model", value=str(error)))


def grouped(asked: SubgroupAnalysis, comparison: Comparison, table: Moderated) -> SubgroupAnalysis:
    """Return the groups with their averages and the test between them."""
    values = table.columns[comparison.subgroup]
    order = sorted(range(len(values)), key=lambda place: values[place])
    effects = [table.effects[place] for place in order]
    names = tuple(name_of(values[place]) for place in order)
    found = subgroups_of(effects, names, comparison)
    by_f = found.q_between is not None and found.tau2_kind == "common" and settings_of(comparison)["test"] != "z"
    return replace(
        asked,
        groups=tuple(group_of(one, effects, names) for one in found.subgroups),
        q_between=found.q_between,
        q_between_df=found.q_between_df,
        q_between_df2=len(effects) - len(found.subgroups) if by_f else None,
        q_between_p_value=found.q_between_p_value,
    )


def subgroups_of(effects: list[Effect], names: tuple[str, ...], comparison: Comparison) -> Subgroups:
    """Return each subgroup pooled as the comparison declares, the effects lying in the order of their subgroups."""
    if comparison.model == MANTEL_HAENSZEL:
        labels, starts = np.unique(names, return_index=True)
        order = np.argsort(starts)
        batch = way_of_pooling(tuple(effects), comparison)(np.arange(len(names)), starts[order])
        return compare_apart(tuple(labels[order].tolist()), batch)
    return pool_subgroups(
        [effect.yi for effect in effects], [effect.vi for effect in effects], names,
        tau2_kind=comparison.subgroup_tau2, level=comparison.level, **settings_of(comparison),
    )  # fmt: skip


def name_of(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def group_of(found: GroupMean, effects: list[Effect], names: tuple[str, ...]) -> Subgroup:
    studies = tuple(effect.study for effect, name in zip(effects, names, strict=True) if name == found.name)
    return Subgroup(found.name, studies, **{name: getattr(found, name) for name in FIGURES})
