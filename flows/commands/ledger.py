"""trochlea ledger: the sources that wait for their figures, and what each would settle."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from analysis.ledger import Bearing, Entry, ledger
from analysis.report.awaited import BearingLine, LedgerLine, claims_words, ledger_page
from analysis.results import Run
from flows.review import Review, review_options
from flows.stages import ingest
from flows.steps import synthesise
from flows.summary import one_line

ASSUMED = (
    "Expected widths: every person carries as much as one does in the median study of the pool; differences between "
    "studies stay as they are; the page ledger.html of the report says the rest."
)


@click.command("ledger")
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(review: Review, as_json: bool) -> None:
    """List the sources whose figures nobody has typed yet.

    Each with what is missing, where to look, which comparisons and open claims it bears on, and how much its figures
    are expected to narrow their intervals. First come those that bear on most open claims, then on most comparisons,
    then those that narrow most. Nothing is changed or stored.

    \b
    Example: trochlea ledger
             trochlea ledger --json
    """
    run = synthesise(ingest(review), None, datetime.now(UTC), recorded=False)
    click.echo(json.dumps(as_object(run), ensure_ascii=False) if as_json else as_text(run))


def as_text(run: Run) -> str:
    """Return the ledger for a person, the sources that no comparison asks for in one line at the end."""
    page = ledger_page(run)
    lines = [page.summary]
    for line in page.asked:
        lines += ["", *map(one_line, entry_lines(line))]
    if page.others:
        lines += ["", one_line(f"Asked for by no comparison yet: {', '.join(line.id for line in page.others)}.")]
    if page.asked:
        lines += ["", ASSUMED, f"Type one with: trochlea new {page.asked[0].id}"]
    return "\n".join(lines)


def entry_lines(line: LedgerLine) -> list[str]:
    """Return a source as lines for a screen."""
    where = [f"{name} {text}" for name, text, _ in line.links]
    about = "; ".join(filter(None, [f"{line.people} people", line.follow_ups and f"follow-up: {line.follow_ups}"]))
    return [
        f"{line.id}  {line.label}, {about}",
        f"  where: {'; '.join([line.citation, *where])}",
        *(text for bearing in line.bearings for text in bearing_lines(bearing)),
    ]


def bearing_lines(bearing: BearingLine) -> list[str]:
    return [
        f"  {bearing.comparison}{f' ({claims_words(bearing.claims)})' if bearing.claims else ''}",
        f"    missing: {bearing.wanted}",
        f"    interval: {bearing.expected}",
    ]


def as_object(run: Run) -> dict:
    """Return the ledger as `--json` prints it; widths on the analysis scale, the logarithm for ratios."""
    return {"awaited": [entry_object(entry) for entry in ledger(run)], "assumed": ASSUMED}


def entry_object(entry: Entry) -> dict:
    source, study = entry.dataset.metadata.source, entry.dataset.metadata.study
    return {
        "id": entry.dataset.id,
        "label": study.label,
        "citation": source.citation,
        "doi": source.doi,
        "pmid": source.pmid,
        "registration": source.registration,
        "n_randomised": study.n_randomised,
        "follow_ups": study.follow_ups,
        "open_claims": list(entry.claims),
        "comparisons": [bearing_object(bearing) for bearing in entry.bearings],
    }


def bearing_object(bearing: Bearing) -> dict:
    asked = bearing.result.comparison
    return {
        "id": asked.id,
        "outcome": asked.outcome,
        "instruments": list(asked.instruments),
        "window_weeks": list(asked.window_weeks) if asked.window_weeks else None,
        "target_weeks": asked.target_weeks,
        "open_claims": list(bearing.claims),
        "other_times": bearing.other_times,
        "expected": asdict(bearing.expected) if bearing.expected else None,
    }
