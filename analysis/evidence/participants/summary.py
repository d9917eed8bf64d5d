"""Sums by arm to the tables that a dataset keeps of its participants: counts, means, SDs, correlations; no one's own.

Figures of fewer than FEWEST people are not given, and no two figures differ by fewer people than that: from either, a
single person's value could be found. Where two outcomes share a baseline and the people who have both differ by so few,
the later is given without its baseline.
"""

from functools import partial

from analysis.evidence.contract import PARTICIPANTS
from analysis.evidence.participants.summing import Sums, alias, apart, overlapping
from analysis.evidence.participants.sums import Moments, Scale, correlation, moments
from analysis.evidence.participants.table import ParticipantTable
from analysis.results import ParticipantOutcome, RawRow, RawTable

FEWEST = 5
COVARIATES = ("study", "arm", "covariate", "n", "missing", "mean", "sd")
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


def with_baseline(table: ParticipantTable, found: Cells) -> set[int]:
    """Return the outcomes of an arm that are given with their baselines, so that no two groups differ by a few."""
    kept: set[int] = set()
    for number, one in enumerate(table.declared.outcomes):
        if one.baseline is None or found[f"{number} n"] < FEWEST:
            continue
        given = [
            (mine, other, kind)
            for mine, other, kind, *_ in overlapping(table)
            if (number in (mine, other) and {mine, other} <= kept | {number}) or (mine, kind) == (number, "all")
        ]
        if not any(0 < found[apart(*groups)] < FEWEST for groups in given):
            kept.add(number)
    return kept


def of_numbers(table: ParticipantTable, reach: dict[str, Scale], number: int, found: Cells) -> Cells:
    """Return the figures of an outcome that is a number, with those of the people who have a baseline too."""
    one = table.declared.outcomes[number]
    everybody = of_column(table, one.column, found, reach)
    if number not in with_baseline(table, found):
        return figures_of(everybody, found["people"])
    x, y = reach[one.baseline], reach[one.column]
    n = found[f"{number} n"]
    sx, sy, sxx, sxy, syy = (found[f"{number} {name}"] for name in ("x", "y", "xx", "xy", "yy"))
    before, after = moments(n, sx, sxx, x), moments(n, sy, syy, y)
    if 0 < everybody.n - n < FEWEST:
        everybody = after  # else the difference of two figures would be one person's
    pairs = {"pairs": n, "pairs_mean": after.mean, "pairs_sd": after.sd, "baseline_mean": before.mean,
             "baseline_sd": before.sd, "correlation": correlation(n, (sx, sy, sxx, sxy, syy), x, y)}  # fmt: skip
    return figures_of(everybody, found["people"]) | pairs


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
    return {"study": study, "arm": treatment, "covariate": name} | figures
