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
    return wanted | {
        apart(number, other, kind): f"count_if(({one} is null) <> ({two} is null))"
        for number, other, kind, one, two in overlapping(table)
    }


def overlapping(table: ParticipantTable) -> Iterator[tuple[int, int, str, str, str]]:
    """Give the groups of people of whom one column has two figures: two outcomes' numbers, and what tells either group.

    An outcome has figures of all who have it ("all"), and of those who have its baseline too ("pairs"). The baseline
    may be that of another outcome, or another outcome itself.
    """
    for number, _, _ in paired(table):
        baseline = table.declared.outcomes[number].baseline
        for other, one in enumerate(table.declared.outcomes):
            shared = baseline == one.column or (baseline == one.baseline and other < number)
            if other != number and shared and one.baseline is not None:
                yield number, other, "pairs", f"x{number}", f"x{other}"
            if other != number and baseline == one.column and one.event is None:
                yield number, other, "all", f"x{number}", alias(table, one.column)


def apart(number: int, other: int, kind: str) -> str:
    """Return the name of the count of people who are in one of two groups and not in both."""
    return f"{number} apart {other} {kind}"


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
