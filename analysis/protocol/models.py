"""Faults of a comparison's model, moderators and subgroups, where its keys do not go together."""

from collections.abc import Iterator

from analysis.declared import Field
from analysis.protocol.choices import TABLE_MEASURES
from analysis.protocol.moderators import MODERATORS, SETTLED_BY, SUBGROUP_TAU2
from analysis.results import MANTEL_HAENSZEL, Comparison

MODEL_FIELDS = (
    Field("moderators", "choices", "What effects may depend on, in one meta-regression", choices=tuple(MODERATORS)),
    Field("subgroup", "choice", "What studies are grouped by, a mean for each group", choices=tuple(MODERATORS)),
    Field("subgroup_tau2", "choice", "A between-study variance a subgroup, or one for all", choices=SUBGROUP_TAU2),
)
Found = tuple[str, str, str]  # the key, what was found, what is allowed


def model_faults(comparison: Comparison) -> Iterator[Found]:
    """Give what is wrong with the model of a comparison and with what its effects are to depend on."""
    names = comparison.moderators
    yield from table_faults(comparison)
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield "moderators", f"{name!r} more than once", "Each moderator stands once"
    for key, asked in (("moderators", names), ("subgroup", (comparison.subgroup,))):
        yield from settled_faults(comparison, key, asked)
    if comparison.subgroup and comparison.model == "multilevel":
        yield "subgroup", "a subgroup with model = \"multilevel\"", (
            "Subgroups go with model random or common; with multilevel name it under moderators"
        )
    if comparison.subgroup is None and comparison.subgroup_tau2 != "separate":
        yield "subgroup_tau2", "no subgroup is named", "subgroup_tau2 goes with subgroup"


def table_faults(comparison: Comparison) -> Iterator[Found]:
    """Give what does not go with pooling two-by-two tables."""
    tables = comparison.model == MANTEL_HAENSZEL
    keys = {"model": tables, "sensitivity": f"model={MANTEL_HAENSZEL}" in comparison.sensitivity}
    for key in (key for key, asked in keys.items() if asked and comparison.measure not in TABLE_MEASURES):
        yield key, f"{MANTEL_HAENSZEL} with the measure {comparison.measure}", (
            f"{MANTEL_HAENSZEL} pools events, by the measures {', '.join(TABLE_MEASURES)}"
        )
    if tables and comparison.moderators:
        yield "moderators", f"moderators with model = \"{MANTEL_HAENSZEL}\"", (
            "Moderators go with model random, common or multilevel; with tables name one under subgroup"
        )
    if tables and comparison.subgroup_tau2 != "separate":
        yield "subgroup_tau2", f"{comparison.subgroup_tau2!r} with model = \"{MANTEL_HAENSZEL}\"", (
            "Tables are pooled without a variance between studies: leave subgroup_tau2"
        )


def settled_faults(comparison: Comparison, key: str, asked: tuple[str | None, ...]) -> Iterator[Found]:
    """Give the moderators that cannot differ between studies, since the comparison takes one value of them."""
    for name in dict.fromkeys(asked):
        values = getattr(comparison, SETTLED_BY[name]) if name in SETTLED_BY else ()
        if len(values) == 1:
            found = f"{name!r}, and the comparison takes one: {values[0]}"
            yield key, found, f"A moderator differs between studies: give {SETTLED_BY[name]} several codes, or leave it"
