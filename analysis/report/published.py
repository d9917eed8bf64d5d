"""What published reviews found: a table, and a small plot of their own for each measure."""

import math
from dataclasses import dataclass

from analysis.report.drawing import (
    Axis,
    Circle,
    Drawing,
    Line,
    Shape,
    Text,
    axis_shapes,
    fitted,
    interval_shapes,
    limits,
)
from analysis.report.links import Places, RowLink, slug
from analysis.report.phrases import measure_of
from analysis.report.wording import MISSING, Scale, counted, people, percent, plain, printed_p
from analysis.results import ComparisonResult, PoolingRow, Run

NORMAL_975 = 1.959963984540054
WIDTH, LEFT, RIGHT, ROW = 400.0, 10.0, 390.0, 44.0


@dataclass(frozen=True)
class PublishedRow:
    """One pooled result of a published review, every cell as text."""

    review: str
    address: str | None
    compared: str
    outcome: str
    window: str
    result: str
    studies: str
    people: str
    i2: str
    p_value: str
    model: str
    note: str
    row: RowLink


@dataclass(frozen=True)
class PublishedGroup:
    """The published results of one measure: those with an estimate, drawn and listed."""

    measure: str
    drawing: Drawing
    rows: tuple[PublishedRow, ...]


def published_groups(run: Run, result: ComparisonResult, places: Places) -> tuple[PublishedGroup, ...]:
    """Return the published results with an estimate, one group a measure, in their order."""
    measures = dict.fromkeys(row.measure or "unstated" for row in result.published if row.estimate is not None)
    return tuple(published_group(run, measure, drawable(result, measure), places) for measure in measures)


def published_group(run: Run, measure: str, rows: list[PoolingRow], places: Places) -> PublishedGroup:
    return PublishedGroup(
        measure_of(measure).name,
        published_plot(run, measure, rows),
        tuple(published_row(run, row, places) for row in rows),
    )


def drawable(result: ComparisonResult, measure: str) -> list[PoolingRow]:
    """Return the published results of a measure that print an estimate."""
    return [row for row in result.published if (row.measure or "unstated") == measure and row.estimate is not None]


def not_drawable(run: Run, result: ComparisonResult, places: Places) -> tuple[PublishedRow, ...]:
    """Return the published results that print no estimate."""
    return tuple(published_row(run, row, places) for row in result.published if row.estimate is None)


def published_row(run: Run, row: PoolingRow, places: Places) -> PublishedRow:
    treatments, link = dict(run.labels.treatments), places.row(row.ref)
    experimental, control = (treatments.get(code, code) for code in (row.experimental, row.control))
    return PublishedRow(
        review=review_label(run, row),
        address=link.address,
        compared=f"{experimental} against {control}",
        outcome=row.outcome_as_printed or dict(run.labels.outcomes).get(row.outcome, row.outcome),
        window=row.window or MISSING,
        result=printed_result(row),
        studies=people(row.k),
        people=people(row.n_total),
        i2=percent(row.i2),
        p_value=printed_p(row.p_value),
        model=row.model or MISSING,
        note=row.note or "",
        row=link,
    )


def review_label(run: Run, row: PoolingRow) -> str:
    """Return how a review is named: its label when its dataset is in the run."""
    labels = {dataset.id: dataset.metadata.study.label for dataset in run.datasets}
    return labels.get(row.ref.dataset) or row.review


def printed_result(row: PoolingRow) -> str:
    """Return a published result as printed; ratios stay ratios."""
    if row.estimate is None:
        return "no estimate printed"
    interval = f" ({plain(row.ci_low)} to {plain(row.ci_high)})" if has_interval(row) else ", no interval printed"
    return f"{measure_of(row.measure or 'unstated').short} {plain(row.estimate)}{interval}"


def has_interval(row: PoolingRow) -> bool:
    return row.ci_low is not None and row.ci_high is not None


def on_scale(row: PoolingRow, value: float) -> float:
    """Return a printed value on the scale it is drawn on: the logarithm of a positive ratio."""
    return math.log(value) if measure_of(row.measure or "unstated").ratio and value > 0 else value


def published_plot(run: Run, measure: str, rows: list[PoolingRow]) -> Drawing:
    """Return the published results of one measure, each with its interval, none of them pooled."""
    scale = Scale(measure)
    estimates = [on_scale(row, row.estimate) for row in rows]
    widths = [on_scale(row, row.ci_high) - on_scale(row, row.ci_low) for row in rows if has_interval(row)]
    axis = Axis(*limits(scale, estimates, [width / (2 * NORMAL_975) for width in widths]), LEFT, RIGHT)
    bottom = len(rows) * ROW + 4
    shapes: list[Shape] = []
    for index, row in enumerate(rows):
        shapes += published_shapes(run, row, axis, index * ROW)
    return Drawing(
        f"published-{slug(measure)}",
        "plain small",
        WIDTH,
        bottom + 28,
        f"Published results: {scale.words.name}",
        f"{counted(len(rows), 'published result')}, each with its own interval; they share trials and are not pooled.",
        tuple([*shapes, *axis_shapes(scale, axis, bottom)]),
    )


def published_shapes(run: Run, row: PoolingRow, axis: Axis, y: float) -> list[Shape]:
    """Return one published result: its words above, a round mark and its interval below."""
    middle = y + 30
    shapes: list[Shape] = [
        Line(axis.at(0.0), y + 20, axis.at(0.0), y + ROW, "null"),
        Text(0, y + 14, fitted(review_label(run, row), 225)),
        Text(WIDTH, y + 14, printed_numbers(row), "num", "end"),
    ]
    if has_interval(row):
        shapes += interval_shapes(axis, on_scale(row, row.ci_low), on_scale(row, row.ci_high), middle, "whisker")
    return [*shapes, Circle(axis.at(on_scale(row, row.estimate)), middle, 5, "mark ring")]


def printed_numbers(row: PoolingRow) -> str:
    interval = f" [{plain(row.ci_low)} to {plain(row.ci_high)}]" if has_interval(row) else ""
    return f"{plain(row.estimate)}{interval}"
