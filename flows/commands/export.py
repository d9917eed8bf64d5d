"""trochlea export: a review for other programs: tables, bibliographies, R scripts."""

import importlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from analysis import store
from analysis.bibliography import FORMATS, bibliography
from analysis.faults import Fault, InputError, suggest
from analysis.report.exports import TABLES
from analysis.report.r_script import has_script, r_script
from analysis.report.tables import csv_bytes
from analysis.results import Run
from flows.review import Review, review_options
from flows.stages import ingest
from flows.steps import synthesise
from flows.writing import write_whole

PARQUET = "parquet"


@click.command("export")
@review_options
@click.option("--format", "form", type=click.Choice(["csv", PARQUET, *FORMATS]), default="csv", show_default=True,
              help="A table as CSV or Parquet, or the sources as a bibliography.")
@click.option("--what", type=click.Choice(list(TABLES)), default="effects", show_default=True,
              help="Which table, with csv and parquet.")
@click.option("--script", metavar="COMPARISON", help="The R script of this comparison, for metafor, instead.")
@click.option("--run", "run_id", metavar="ID", help="A recorded run; see trochlea history.  [default: the data now]")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.  [default: the screen]")
def command(review: Review, form: str, what: str, script: str | None, run_id: str | None, out: Path | None) -> None:
    """Write a review out for other programs.

    Tables hold effects (on the scale of the analysis, logarithms of ratios), results, or rows as transcribed. The
    bibliography is made from metadata.toml alone: a citation that is not plain stays whole, as a note. The R script
    pools a comparison with metafor and stops when a number differs from the one reported here.

    \b
    Example: trochlea export --what results --out results.csv
             trochlea export --format bibtex --out sources.bib
             trochlea export --script hip-knee-vs-knee-function --out function.R
    """
    check_options(form, script, out)
    run = store.load(review.store, run_id) if run_id else run_now(review)
    content = script_bytes(run, script) if script else None
    if content is None and form == PARQUET:
        write_parquet(run, what, out)
    else:
        deliver(content if content is not None else WRITERS[form](run, what), out)
    if out:
        click.echo(f"Written: {out}", err=True)


def check_options(form: str, script: str | None, out: Path | None) -> None:
    """Refuse options that do not go together."""
    if form == PARQUET and not script and out is None:
        raise click.UsageError("--format parquet needs --out FILE: Parquet is no text.")
    if out is not None and (out.is_dir() or not out.resolve().parent.is_dir()):
        raise click.UsageError(f"--out: {str(out)!r} is not a file in a folder that is there.")


def run_now(review: Review) -> Run:
    """Return the run that the data as they are now give, unrecorded."""
    return synthesise(ingest(review), None, datetime.now(UTC), recorded=False)


def script_bytes(run: Run, comparison: str) -> bytes:
    """Return the R script of a comparison.

    Raises:
        InputError: There is no such comparison, or nothing in it that rma() could pool.
    """
    results = {result.comparison.id: result for result in run.comparisons}
    if comparison not in results:
        known = list(results)
        allowed = f"{suggest(comparison, known)}A comparison of comparisons.toml is needed: {', '.join(known[:8])}, ..."
        raise InputError([Fault("--script", f"found {comparison[:60]!r}", allowed)])
    if not has_script(results[comparison]):
        found = f"{comparison!r} has nothing that rma() could pool"
        raise InputError([Fault("--script", found, "A comparison with a pooled average is needed")])
    return r_script(results[comparison], run.id).encode()


def csv_table(run: Run, what: str) -> bytes:
    return csv_bytes(*TABLES[what](run))


def references(form: str) -> Callable[[Run, str], bytes]:
    return lambda run, _: bibliography(run.datasets, form).encode("utf-8", "replace")


WRITERS = {"csv": csv_table} | {form: references(form) for form in FORMATS}


def write_parquet(run: Run, what: str, out: Path) -> None:
    """Write a table as Parquet beside its place, then put it there."""
    columns, rows = TABLES[what](run)
    parquet = importlib.import_module("flows.pool.parquet")  # pyarrow takes long to load
    write_whole(out, parquet.parquet_bytes({name: [row[place] for row in rows] for place, name in enumerate(columns)}))


def deliver(content: bytes, out: Path | None) -> None:
    """Write to a file, or to the screen as it is."""
    if out is not None:
        write_whole(out, content)
        return
    sys.stdout.flush()
    click.echo(content.decode("utf-8", "replace"), nl=False)
