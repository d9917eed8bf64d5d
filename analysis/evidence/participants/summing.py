"""A participant table to sums by arm: one pass over the file, every sum in whole numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from analysis.evidence.participants.sums import Scale, whole
from analysis.evidence.participants.table import ParticipantTable, name_of, text
from analysis.results import ParticipantOutcome

SAMPLE = 10_000  # participants that show where a column without a range lies
HEADROOM = 16  # times as far from the centre may others lie; beyond, the file is read a second time
FARTHEST = 1e12  # of any value


@dataclass(frozen=True)
class Sums:
    """What one pass over a table gives: counts and sums of each arm, and whether anything looked wrong."""

    arms: dict[str | None, dict[str, int | None]]
    suspicious: bool


def scales(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, exact: bool) -> dict[str, Scale]:
    """Return where each column is centred and how far it may reach: by its instrument's range, else by its values.

    Args:
        connection: To the file.
        table: The table.
        exact: Look at every value; else at the first ones, with headroom.
    """
    known = {}
    for one in table.declared.outcomes:
        if one.scale:
            known |= {name: scale_of(one, name) for name in (one.column, one.baseline) if name}
    asked = [name for name in table.numbers if name not in known]
    if not asked:
        return known
    limit = "" if exact else f" limit {SAMPLE}"
    ends = ", ".join(f"min({name_of(name)}), max({name_of(name)})" for name in asked)
    found = connection.execute(f"select {ends} from (from {table.source(typed=True)}{limit})").fetchone()
    pairs = zip(asked, found[::2], found[1::2], strict=True)
    return known | {name: around(low, high, 1 if exact else HEADROOM) for name, low, high in pairs}


def scale_of(one: ParticipantOutcome, column: str) -> Scale:
    """Return the scale of a column by the range of its instrument; changes lie about 0."""
    low, high = one.scale
    if one.value_type == "change" and column == one.column:
        return Scale(0.0, high - low)
    return Scale((low + high) / 2, (high - low) / 2)


def around(low: float | None, high: float | None, headroom: float) -> Scale:
    """Return a scale about the middle of values; nothing is known of a column without any."""
    low, high = (0.0 if value is None else float(value) for value in (low, high))
    if not (abs(low) <= FARTHEST and abs(high) <= FARTHEST):
        return Scale(0.0, FARTHEST)
    middle = (low + high) / 2
    return Scale(middle, max(high - middle, middle - low, abs(middle) * 1e-9, 1e-9) * headroom)


def sum_up(connection: duckdb.DuckDBPyConnection, table: ParticipantTable, reach: dict[str, Scale], study: str) -> Sums:
    """Return the sums of each arm.

    Raises:
        duckdb.Error: A cell is no number, or lies too far away to be added.
    """
    wanted = aggregates(table, reach, study)
    inner = ["cast(study as varchar) as study", "arm"]
    inner += [f"cast({name_of(name)} as double) - {scale.shift!r} as {alias(table, name)}"
              for name, scale in reach.items()]  # fmt: skip
    inner += [f"cast({name_of(one.column)} as varchar) as e{number}"
              for number, one in enumerate(table.declared.outcomes) if one.event is not None]  # fmt: skip
    both = "".join(f", {x} + 0 * {y} as x{number}, {y} + 0 * {x} as y{number}" for number, x, y in paired(table))
    both += "".join(f", {term} as {name}" for number in adjusted(table) for name, term in complete(table, number))
    source = f"(select *{both} from (select {', '.join(inner)} from {table.source(typed=True)}))"
    sql = f"select cast(arm as varchar), {', '.join(wanted.values())} from {source} group by arm"
    found = {arm: dict(zip(wanted, values, strict=True)) for arm, *values in connection.execute(sql).fetchall()}
    return Sums(found, any(sums["wrong"] for sums in found.values()))


def alias(table: ParticipantTable, name: str) -> str:
    """Return the short name of a column of numbers in the query."""
    return f"v{table.numbers.index(name)}"


def aggregates(table: ParticipantTable, reach: dict[str, Scale], study: str) -> dict[str, str]:
    """Return the SQL of everything that is counted and summed, by its name."""
    beyond = [f"abs({alias(table, name)}) > {scale.half!r}" for name, scale in reach.items()]
    wanted = {
        "people": "count(*)",
        "wrong": f"count_if({' or '.join([f'study <> {text(study)}', 'study is null', *beyond])})",
    }
    for name in summed_alone(table):
        wanted |= of_one(alias(table, name), reach[name])
    for number, one in enumerate(table.declared.outcomes):
        if one.event is not None:
            wanted |= of_events(number, one)
        elif one.baseline is not None:
            wanted |= of_pairs(number, reach[one.baseline], reach[one.column])
    for number in adjusted(table):
        wanted |= of_complete(number, [reach[name] for name in terms(table, number)])
    return wanted | {
        apart(one, other): f"count_if(({filled} is null) <> ({also} is null))"
        for one, other, filled, also in overlapping(table)
    }


def adjusted(table: ParticipantTable) -> list[int]:
    """Return the outcomes whose differences are adjusted for covariates."""
    return [number for number, one in enumerate(table.declared.outcomes) if one.event is None and table.declared.adjust]


def terms(table: ParticipantTable, number: int) -> tuple[str, ...]:
    """Return the columns of an adjusted difference: the outcome, its baseline where it has one, the covariates."""
    one = table.declared.outcomes[number]
    return (one.column, *((one.baseline,) if one.baseline else ()), *table.declared.adjust)


def complete(table: ParticipantTable, number: int) -> Iterator[tuple[str, str]]:
    """Give the columns of an adjusted difference by short names and as SQL: who lacks one lacks all."""
    names = [alias(table, name) for name in terms(table, number)]
    for place, name in enumerate(names):
        yield f"z{number}_{place}", " + ".join([name, *(f"0 * {other}" for other in names if other != name)])


def of_complete(number: int, reach: list[Scale]) -> dict[str, str]:
    """Return the aggregates of people with all columns of an adjusted difference: sums, and sums of products."""
    columns = [(f"z{number}_{place}", scale) for place, scale in enumerate(reach)]
    sums = {f"z{number} {i}": f"sum({whole(one)})" for i, one in enumerate(columns)}
    products = {f"z{number} {i} {j}": f"sum({whole(one, columns[j])})"
                for i, one in enumerate(columns) for j in range(i, len(columns))}  # fmt: skip
    return {f"z{number} n": f"count(z{number}_0)"} | sums | products


Group = tuple[str, int]  # of people with figures: "all" of an outcome, "pairs", "adjusted"; or "covariate"


def groups(table: ParticipantTable) -> dict[Group, tuple[set[str], str]]:
    """Return the groups of people that have figures: the columns of these, and a column that only they have filled."""
    found: dict[Group, tuple[set[str], str]] = {}
    for number, one in enumerate(table.declared.outcomes):
        if one.event is None:
            found["all", number] = {one.column}, alias(table, one.column)
    for number in adjusted(table):
        found["adjusted", number] = {*terms(table, number)}, f"z{number}_0"
    for number, _, _ in paired(table):
        one = table.declared.outcomes[number]
        found["pairs", number] = {one.column, one.baseline}, f"x{number}"
    for number, name in enumerate(table.declared.covariates):
        found["covariate", number] = {name}, alias(table, name)
    return found


def overlapping(table: ParticipantTable) -> Iterator[tuple[Group, Group, str, str]]:
    """Give every two groups of which one column has figures, and what tells either group.

    Those of one outcome lie in one another, and differ by what their counts do.
    """
    found = list(groups(table).items())
    for place, (one, (columns, filled)) in enumerate(found):
        for other, (others, also) in found[:place]:
            nested = one[1] == other[1] and "covariate" not in (one[0], other[0])
            if columns & others and not nested:
                yield one, other, filled, also


def apart(one: Group, other: Group) -> str:
    """Return the name of the count of people who are in one of two groups and not in both."""
    return "apart " + " ".join(f"{kind} {number}" for kind, number in sorted((one, other)))


def paired(table: ParticipantTable) -> list[tuple[int, str, str]]:
    """Return the outcomes with a baseline: number, baseline and follow-up by their short names."""
    return [(number, alias(table, one.baseline), alias(table, one.column))
            for number, one in enumerate(table.declared.outcomes) if one.baseline is not None]  # fmt: skip


def summed_alone(table: ParticipantTable) -> list[str]:
    """Return the columns of numbers that have figures of their own: outcomes and covariates, not baselines."""
    outcomes = {one.column for one in table.declared.outcomes}
    return [name for name in table.numbers if name in outcomes or name in table.declared.covariates]


def of_one(v: str, scale: Scale) -> dict[str, str]:
    """Return the aggregates of one column of numbers."""
    squares = whole((v, scale), (v, scale))
    return {f"{v} n": f"count({v})", f"{v} sum": f"sum({whole((v, scale))})", f"{v} squares": f"sum({squares})"}


def of_pairs(number: int, of_x: Scale, of_y: Scale) -> dict[str, str]:
    """Return the aggregates of people with both values; in x and y of a number, who lacks one lacks both."""
    columns = {"x": (f"x{number}", of_x), "y": (f"y{number}", of_y)}
    products = ("x", "y", "xx", "xy", "yy")
    sums = {f"{number} {names}": f"sum({whole(*(columns[name] for name in names))})" for names in products}
    return {f"{number} n": f"count(x{number})"} | sums


def of_events(number: int, one: ParticipantOutcome) -> dict[str, str]:
    """Return the aggregates of a yes-or-no outcome."""
    has, has_not = (f"count_if(e{number} = {text(value)})" for value in (one.event, one.no_event))
    return {f"{number} n": f"count(e{number})", f"{number} events": has, f"{number} others": has_not}


def all_differ(connection: duckdb.DuckDBPyConnection, table: ParticipantTable) -> bool:
    """Return whether each line has a participant of its own: at once in a file in their order, else by all of them."""
    ascending = (f"select count_if(participant <= before), count(*) - count(participant) from (select participant, "
                 f"lag(participant) over () as before from {table.source(typed=True)})")  # fmt: skip
    disorder, empty = connection.execute(ascending).fetchone()
    if empty or not disorder:
        return not empty
    different = f"select count(participant) = count(distinct participant) from {table.source(typed=True)}"
    return connection.execute(different).fetchone()[0]
