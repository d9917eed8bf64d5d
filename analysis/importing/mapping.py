"""Which column of a source fills which field, how sure that is, and what a person has to confirm."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.evidence.cells import more_than_one
from analysis.faults import Fault, suggest
from analysis.importing.fields import ARM_FIGURES, FIELDS, PERCENT, SIDED, field_of, two_groups, without_form
from analysis.importing.parts import example_of, form_of, likely_form, parts_of
from analysis.importing.source import SourceTable

YEAR = re.compile(r"(18|19|20)[0-9]{2}")
LEFT_OUT = "-"  # what --map COLUMN=- says
SIDED_FIGURES = {name for name in SIDED if not name.endswith(".arm")}
OF_GROUPS = {*ARM_FIGURES, "events_free", PERCENT}  # what an effect does not have
OF_GROUPS -= {"n", "se", "ci_low", "ci_high", "level"}
OF_EFFECTS = {"interval", "yi", "vi", "estimate", "se", "ci_low", "ci_high", "p_value", "statistic", "statistic_value"}


@dataclass(frozen=True)
class Mapped:
    """A column, the field it fills (None: left out), and how sure: said, exact, synonym, guess; why it is left out."""

    column: str
    field: str | None
    sure: str
    why: str = ""


def map_columns(table: SourceTable, said: Mapping[str, str]) -> tuple[tuple[Mapped, ...], list[Fault]]:
    """Return what each column fills, and the faults of what a person said of them.

    Args:
        table: The source.
        said: Fields by column, as a person said or confirmed them.
    """
    faults = check_said(table, said)
    if faults:
        return (), faults
    if table.named:
        return tuple(Mapped(column, column, "exact") for column in table.columns), []
    headings = {column: heading_of(table, column) for column in table.columns}
    unknown = tuple(
        heading
        for column, heading in headings.items()
        if column not in said and not field_of(heading, table.columns)
    )
    groups = two_groups(unknown)
    mapped = [
        Mapped(column, groups[heading], "guess") if heading in groups else map_column(table, column, heading, said)
        for column, heading in headings.items()
    ]
    sure = {field for one in mapped if one.sure in ("said", "exact", "synonym") for field in parts_of(one.field)}
    mapped = [with_form(table, one, sure) for one in mapped]
    return tuple(fitting(contested(table, mapped))), doubled(table, said)


def heading_of(table: SourceTable, column: str) -> str:
    """Return a heading, of a column whose cells hold several figures without what it says of them."""
    several = any(map(more_than_one, texts_of(table, column)))
    return without_form(column) if several else column


def texts_of(table: SourceTable, column: str) -> list[str]:
    """Return the cells of a column that say anything."""
    index = table.columns.index(column)
    return [row.cells[index].text for row in table.rows if row.cells[index].text not in ("", "NA")]


def with_form(table: SourceTable, one: Mapped, sure: set[str]) -> Mapped:
    """Return a column with the form that its cells may have: a guess, where no other column surely fills its fields."""
    if one.field is None or one.sure == "said":
        return one
    form = likely_form(one.field, one.column, texts_of(table, one.column))
    return one if form is None or sure & {*parts_of(form)} - {one.field} else replace(one, field=form, sure="guess")


def map_column(table: SourceTable, column: str, heading: str, said: Mapping[str, str]) -> Mapped:
    if column in said:
        return Mapped(column, None if said[column] == LEFT_OUT else said[column], "said")
    known = field_of(heading, table.columns)
    if known is None:
        several = next(filter(more_than_one, texts_of(table, column)), None)
        more = f"; its cells may be taken apart by a form such as {example_of(several)}" if several else ""
        return Mapped(column, None, "", f"no field of that name{more}")
    field, sure = known
    if field == "study" and holds_years(table, column):
        return Mapped(column, "year", "guess")
    doubtful = not table.sure or (field == "study" and is_numbered(table, column))
    return Mapped(column, field, "guess" if doubtful else sure)


def is_numbered(table: SourceTable, column: str) -> bool:
    """Return whether a column holds mere numbers, which are seldom the names of studies."""
    index = table.columns.index(column)
    return all(row.cells[index].text.isdigit() for row in table.rows)


def holds_years(table: SourceTable, column: str) -> bool:
    """Return whether a column holds nothing but years, as one named "Study year" may."""
    index = table.columns.index(column)
    return all(YEAR.fullmatch(row.cells[index].text) for row in table.rows)


def check_said(table: SourceTable, said: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each column and field that a person named and that is none."""
    faults = []
    for column, field in said.items():
        option = f"--map {column}={field}"
        if column not in table.columns:
            shown = ", ".join(table.columns[:30])
            faults.append(
                Fault(
                    table.where,
                    f"no column {column!r}, named by {option}",
                    f"{suggest(column, table.columns)}Its columns are {shown}",
                )
            )
        elif field != LEFT_OUT and field not in FIELDS and not form_of(field):
            faults.append(
                Fault(
                    table.where,
                    f"no field {field!r}, named by {option}",
                    f"{suggest(field, FIELDS)}A field is a column of the contract, with experimental. or "
                    f"control. before it in a table with two groups a row; {LEFT_OUT} leaves it out; of cells with "
                    "more figures than one, their form, such as 'events/n (%)' or 'mean (sd)'",
                )
            )
    return faults


def doubled(table: SourceTable, said: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each field that a person gave to two columns."""
    by_field = defaultdict(list)
    for column, field in said.items():
        for part in parts_of(field) if field != LEFT_OUT else ():
            by_field[part].append(column)
    return [
        Fault(table.where, f"{' and '.join(columns)} are both mapped to {field}", "One column fills a field")
        for field, columns in by_field.items()
        if len(columns) > 1
    ]


def contested(table: SourceTable, mapped: list[Mapped]) -> list[Mapped]:
    """Return the mapping with the surest column of each field; the first of equals is a guess, the others left out."""
    order = ("said", "exact", "synonym", "guess")
    settled = list(mapped)
    for field in {field for one in mapped for field in parts_of(one.field)}:
        rivals = sorted(
            (index for index, one in enumerate(mapped) if field in parts_of(one.field)),
            key=lambda index: (order.index(mapped[index].sure), is_numbered(table, mapped[index].column), index),
        )
        first = mapped[rivals[0]]
        if len(rivals) > 1 and mapped[rivals[1]].sure == first.sure:
            settled[rivals[0]] = replace(first, sure="guess")
        for index in rivals[1:]:
            settled[index] = replace(mapped[index], field=None, why=f"{first.column} fills {field}")
    return settled


def fitting(mapped: list[Mapped]) -> list[Mapped]:
    """Return the mapping without what the rows have no place for, unless a person said it.

    A row holds two groups, one group, or an effect. Effects beside the figures of both groups were computed from them.
    """
    fields = {field for one in mapped for field in parts_of(one.field)}
    if fields & SIDED_FIGURES - {"experimental.n", "control.n"}:
        unfit = dict.fromkeys(OF_GROUPS | {"n"}, "it names neither group")
        unfit |= dict.fromkeys(OF_EFFECTS, "the groups' own figures are here")
    elif "arm" in fields:
        unfit = dict.fromkeys({*OF_EFFECTS, *SIDED_FIGURES} - {*ARM_FIGURES}, "each row is one group")
    else:
        unfit = dict.fromkeys(OF_GROUPS, "nothing names its group")
    return [
        replace(one, field=None, why=unfit[first])
        if (first := next((field for field in parts_of(one.field) if field in unfit), None)) and one.sure != "said"
        else one
        for one in mapped
    ]


def unconfirmed(mapped: tuple[Mapped, ...]) -> list[Mapped]:
    """Return the guesses that nobody has confirmed."""
    return [one for one in mapped if one.field and one.sure == "guess"]
