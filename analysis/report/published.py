"""What published reviews found: a table, and a plot of its own for each measure and direction."""

from dataclasses import dataclass

from analysis.report.drawing import Drawing
from analysis.report.links import Places, RowLink
from analysis.report.measures import measure_of
from analysis.report.published_plot import Printed, published_plots
from analysis.report.published_tally import has_interval, published_better
from analysis.report.wording import MISSING, counted, people, percent, plain, printed_p, sentence_case
from analysis.results import Better, ComparisonResult, PoolingRow, Run

NOT_EFFECTS = ("slope",)  # printed by reviews, and no effect of a treatment: never on an axis of effects
Group = tuple[str, Better]  # measure, and which sign is good news


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
    also: str  # studies, people, I², P and model: what of them is printed
    note: str
    row: RowLink


@dataclass(frozen=True)
class PublishedGroup:
    """The published results of one measure and direction: those with an estimate, drawn and listed."""

    measure: str
    heading: str
    drawings: tuple[Drawing, ...]
    rows: tuple[PublishedRow, ...]


def published_groups(run: Run, result: ComparisonResult, places: Places) -> tuple[PublishedGroup, ...]:
    """Return the published results with an effect, one group a measure and direction, in their order."""
    groups: dict[Group, list[PoolingRow]] = {}
    for row, better in zip(result.published, published_better(result), strict=True):
        if is_drawable(row):
            groups.setdefault((row.measure or "unstated", better), []).append(row)
    return tuple(
        published_group(run, result, key, rows, number, places) for number, (key, rows) in enumerate(groups.items(), 1)
    )


def is_drawable(row: PoolingRow) -> bool:
    return row.estimate is not None and row.measure not in NOT_EFFECTS


def published_group(
    run: Run, result: ComparisonResult, key: Group, rows: list[PoolingRow], number: int, places: Places
) -> PublishedGroup:
    measure, better = key
    outcomes = dict(run.labels.outcomes)
    measured = ", ".join(dict.fromkeys(outcomes.get(row.outcome, row.outcome) for row in rows))
    names = treatment_names(run, result)
    printed = tuple(Printed(label, row) for label, row in zip(row_labels(run, names, rows), rows, strict=True))
    return PublishedGroup(
        measure_of(measure).name,
        f"{sentence_case(measure_of(measure).name)}: {measured}",
        published_plots(result, measure, better, printed, f"published-{number}"),
        tuple(published_row(run, names, row, places) for row in rows),
    )


def treatment_names(run: Run, result: ComparisonResult) -> dict[str, str]:
    """Return what treatments are called: as on the rest of the page where a side is one, else by their label."""
    comparison = result.comparison
    sides = (comparison.experimental, result.experimental_label), (comparison.control, result.control_label)
    return dict(run.labels.treatments) | {codes[0]: label for codes, label in sides if len(codes) == 1}


def row_labels(run: Run, treatments: dict[str, str], rows: list[PoolingRow]) -> list[str]:
    """Return how each result is named in its plot: by its review, and what sets it apart where that comes again."""
    reviews = [review_label(run, row) for row in rows]
    sides = [treatments.get(row.experimental, row.experimental) for row in rows]
    if len(set(sides)) == 1:
        sides = [f"against {treatments.get(row.control, row.control)}, {window_words(row)}" for row in rows]
    return [
        f"{review}: {side}"
        if reviews.count(review) > 1
        else review
        for review, side in zip(reviews, sides, strict=True)
    ]


def window_words(row: PoolingRow) -> str:
    return row.window or row.outcome_as_printed or row.outcome


def not_drawable(run: Run, result: ComparisonResult, places: Places) -> tuple[PublishedRow, ...]:
    """Return the published results without an effect: no estimate, or a slope."""
    names = treatment_names(run, result)
    return tuple(published_row(run, names, row, places) for row in result.published if not is_drawable(row))


def published_row(run: Run, treatments: dict[str, str], row: PoolingRow, places: Places) -> PublishedRow:
    link = places.row(row.ref)
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
        also=also_printed(row),
        note=row.note or "",
        row=link,
    )


def also_printed(row: PoolingRow) -> str:
    """Return what else is printed of a result; a mark when nothing is."""
    parts = (
        None if row.k is None else counted(row.k, "study", "studies"),
        None if row.n_total is None else f"{people(row.n_total)} people",
        None if row.i2 is None else f"I² {percent(row.i2)}",
        None if row.p_value is None else f"P {printed_p(row.p_value)}",
        row.model,
    )
    return ", ".join(filter(None, parts)) or MISSING


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
