"""Sums by arm to the tables that a dataset keeps of its participants: counts, means, SDs, correlations; no one's own.

Figures of fewer than FEWEST people are not given, and no two figures differ by fewer people than that: from either, a
single person's value could be found. Where two outcomes share a baseline or a covariate and the people who have both
differ by so few, the later is given without it.
"""

import json
from functools import partial
from itertools import combinations

from analysis.evidence.contract import PARTICIPANTS
from analysis.evidence.participants.summing import Group, Sums, alias, apart, groups, overlapping, terms
from analysis.evidence.participants.sums import Moments, Scale, correlation, moments
from analysis.evidence.participants.table import ParticipantTable
from analysis.results import ParticipantOutcome, RawRow, RawTable

FEWEST = 5
COVARIATES = ("study", "arm", "covariate", "n", "missing", "mean", "sd")
SUMS = {"pairs": "", "adjusted": "z"}  # how the sums of a group are called, before the number of its outcome
Cells = dict[str, object]


def summarise(table: ParticipantTable, sums: Sums, reach: dict[str, Scale], study: str, arms: dict[str, str]
              ) -> list[RawTable]:  # fmt: skip
    """Return the summaries by arm: of the outcomes, and of the covariates where there are any."""
    by_arm = sorted(sums.arms.items(), key=lambda pair: (arms[pair[0]], pair[0]))
    header = tuple(column.name for column in PARTICIPANTS.columns)
    rows = []
    for number, one in enumerate(table.declared.outcomes):
        for arm, found in by_arm:
            number_or_events = of_events if one.event is not None else partial(of_numbers, table, reach)
            figures = number_or_events(number, found)
            rows.append(outcome_row(table, one, study, arms[arm], figures))
    tables = [raw_table(PARTICIPANTS.name, header, rows)]
    if table.declared.covariates:
        rows = [covariate_row(table, name, study, arms[arm], found, reach)
                for name in table.declared.covariates for arm, found in by_arm]  # fmt: skip
        tables.append(raw_table("covariates", COVARIATES, rows))
    return tables


def raw_table(name: str, header: tuple[str, ...], rows: list[Cells]) -> RawTable:
    """Return rows as cells of text; numbers to the last bit."""
    cells = (tuple("" if row.get(column) is None else str(row[column]) for column in header) for row in rows)
    return RawTable(name, header, tuple(RawRow(line, row) for line, row in enumerate(cells, 1)))


def outcome_row(table: ParticipantTable, one: ParticipantOutcome, study: str, treatment: str, figures: Cells) -> Cells:
    """Return the summary of one outcome in one arm."""
    said = {"study": study, "arm": treatment, "outcome": one.outcome, "instrument": one.instrument,
            "followup_weeks": None if one.followup_weeks is None else f"{one.followup_weeks:g}",
            "value_type": one.value_type if one.event is None else None, "detail": one.detail,
            "location": f"{table.path.name}, {one.column}", "seen_as": "primary"}  # fmt: skip
    return said | figures


def of_events(number: int, found: Cells) -> Cells:
    n = found[f"{number} n"]
    events = found[f"{number} events"] if n >= FEWEST else None
    return {"n": n, "missing": found["people"] - n, "events": events}


def given(table: ParticipantTable, found: Cells) -> set[Group]:
    """Return the groups of an arm's people that have figures, so that no two of one column differ by a few people."""
    clashes = {(one, other) for one, other, *_ in overlapping(table) if 0 < found[apart(one, other)] < FEWEST}
    kept: set[Group] = set()
    for group in groups(table):
        enough = group[0] in ("all", "covariate") or found[f"{SUMS[group[0]]}{group[1]} n"] >= FEWEST
        if enough and not any((group, other) in clashes for other in kept):
            kept.add(group)
    return kept


def of_numbers(table: ParticipantTable, reach: dict[str, Scale], number: int, found: Cells) -> Cells:
    """Return the figures of an outcome that is a number, with those of the people who have its baseline and covariates.

    Where nearly all of them have, theirs are given of the others too: else the difference would be one person's.
    """
    one, kept = table.declared.outcomes[number], given(table, found)
    y, shown, inner = reach[one.column], {}, None
    if ("adjusted", number) in kept:
        inner = moments(found[f"z{number} n"], found[f"z{number} 0"], found[f"z{number} 0 0"], y)
        shown |= {"adjusted": json.dumps(adjusted_sums(table, number, found, reach))}
    if ("pairs", number) in kept:
        few_more = inner is not None and 0 < found[f"{number} n"] - inner.n < FEWEST
        names = ("n", "1", "0", "1 1", "0 1", "0 0") if few_more else ("n", "x", "y", "xx", "xy", "yy")
        n, *sums = (found[f"{'z' if few_more else ''}{number} {name}"] for name in names)
        pairs = of_pairs(n, tuple(sums), reach[one.baseline], y)
        shown, inner = shown | pairs, Moments(n, pairs["pairs_mean"], pairs["pairs_sd"])
    everybody = of_column(table, one.column, found, reach)
    if inner is not None and 0 < everybody.n - inner.n < FEWEST:
        everybody = inner
    return figures_of(everybody, found["people"]) | shown


def of_pairs(n: int, sums: tuple[int, int, int, int, int], x: Scale, y: Scale) -> Cells:
    """Return the figures of people with baseline and follow-up, from the sums of x, y, xx, xy and yy."""
    before, after = moments(n, sums[0], sums[2], x), moments(n, sums[1], sums[4], y)
    return {"pairs": n, "pairs_mean": after.mean, "pairs_sd": after.sd, "baseline_mean": before.mean,
            "baseline_sd": before.sd, "correlation": correlation(n, sums, x, y)}  # fmt: skip


def adjusted_sums(table: ParticipantTable, number: int, found: Cells, reach: dict[str, Scale]) -> dict[str, object]:
    """Return number, columns, means, SDs and correlations of the people who have all that is adjusted for."""
    columns = terms(table, number)
    scales = [reach[name] for name in columns]
    n, z = found[f"z{number} n"], f"z{number}"
    each = [moments(n, found[f"{z} {i}"], found[f"{z} {i} {i}"], scale) for i, scale in enumerate(scales)]
    together = []
    for i, j in combinations(range(len(columns)), 2):
        sums = tuple(found[f"{z} {name}"] for name in (i, j, f"{i} {i}", f"{i} {j}", f"{j} {j}"))
        together.append(correlation(n, sums, scales[i], scales[j]) or 0.0)  # without spread, products are 0 too
    return {"n": n, "of": columns, "mean": [one.mean for one in each], "sd": [one.sd for one in each], "r": together}


def of_column(table: ParticipantTable, name: str, found: Cells, reach: dict[str, Scale]) -> Moments:
    v = alias(table, name)
    return moments(found[f"{v} n"], found[f"{v} sum"], found[f"{v} squares"], reach[name])


def figures_of(one: Moments, people: int) -> Cells:
    """Return count, missing, mean and SD; of too few people the counts alone."""
    shown = one if one.n >= FEWEST else Moments(one.n)
    return {"n": one.n, "missing": people - one.n, "mean": shown.mean, "sd": shown.sd}


def covariate_row(table: ParticipantTable, name: str, study: str, treatment: str, found: Cells,
                  reach: dict[str, Scale]) -> Cells:  # fmt: skip
    figures = figures_of(of_column(table, name, found, reach), found["people"])
    if ("covariate", table.declared.covariates.index(name)) not in given(table, found):
        figures |= {"mean": None, "sd": None}
    return {"study": study, "arm": treatment, "covariate": name} | figures
