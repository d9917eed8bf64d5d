"""trochlea pool: pool a table of effects or arms, without the store."""

import json
from pathlib import Path

import click

from analysis.effects import MEASURES
from analysis.pooling import MANTEL_HAENSZEL, TAU2_ESTIMATORS, TESTS
from flows.pool.analyses import POOLINGS, analyse
from flows.pool.document import WRITERS, as_document, write_out
from flows.pool.inputs import read_inputs
from flows.pool.request import Request
from flows.pool.screen import as_text
from flows.pool.table import read_file


@click.command("pool")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("more", nargs=-1, metavar="")
@click.option("--measure", type=click.Choice(list(MEASURES)), help="How effects are made from raw columns.")
@click.option("--pooling", type=click.Choice(list(POOLINGS)), default="IV", show_default=True,
              help="Inverse variance, Mantel-Haenszel or Peto.")
@click.option("--tau2", type=click.Choice(list(TAU2_ESTIMATORS)), default="REML", show_default=True,
              help="Estimator of the between-study variance; FE is a common effect.")
@click.option("--test", type=click.Choice(list(TESTS)), default="hksj", show_default=True,
              help="Wald; Hartung-Knapp; the same, never narrower than the classical interval.")
@click.option("--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.95, show_default=True,
              help="Of all intervals.")
@click.option("--prediction", is_flag=True, help="Show the interval for the effect in a new study.")
@click.option("--effects", is_flag=True, help="Give each row's effect, variance and weight.")
@click.option("--leave-one-out", is_flag=True, help="Pool again without each row.")
@click.option("--cumulative", is_flag=True, help="Pool again row after row, in their order.")
@click.option("--small-study", is_flag=True, help="Egger's and Begg's tests, trim and fill.")
@click.option("--influence", is_flag=True, help="What each row does to the result.")
@click.option("--moderator", "moderators", multiple=True, metavar="COLUMN",
              help="Regress the effects on columns of numbers: --moderator dose weeks, or the option several times.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a row an analysis to a .csv or .parquet file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(file: Path, more: tuple[str, ...], out: Path | None, as_json: bool, **options: object) -> None:
    """Pool the effects or arms in FILE, CSV or Parquet.

    \b
    Columns, named as in metafor; empty or NA means missing:
      yi, vi  or  yi, sei                   effects as they are (ratios as logarithms)
      ai, n1i, ci, n2i                      with --measure RR OR RD PETO
      m1i, sd1i, n1i, m2i, sd2i, n2i        with --measure MD SMD SMDH ROM
      ri, ni                                with --measure COR ZCOR
      study, group                          names of rows; one analysis a group

    \b
    Examples: trochlea pool trials.csv --measure RR --prediction
              trochlea pool effects.csv --tau2 DL --test z --json
    """
    if more and not options["moderators"]:
        raise click.UsageError(f"Got an unexpected argument: {more[0]!r}. Name one FILE.")
    options["moderators"] += more
    request = Request(file=file, **options)
    check_request(request, out)
    analyses = analyse(read_inputs(read_file(file), request), request)
    if out is None and not as_json:
        click.echo(as_text(analyses, request))
        return
    document = as_document(analyses, request)
    if out is None:
        click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return
    write_out(out, document)
    click.echo(f"{len(analyses)} analyses written to {out}", err=True)


def check_request(request: Request, out: Path | None) -> None:
    """Refuse options that do not go together."""
    if request.pooling == "MH" and request.measure not in MANTEL_HAENSZEL:
        raise click.UsageError(f"--pooling MH needs --measure {' or '.join(MANTEL_HAENSZEL)}.")
    if request.pooling == "PETO" and request.measure not in (None, "OR", "PETO"):
        raise click.UsageError("--pooling PETO gives an odds ratio: use --measure PETO, OR or none.")
    if request.pooling != "IV" and (request.small_study or request.influence or request.moderators):
        raise click.UsageError("--small-study, --influence and --moderator go with --pooling IV.")
    if out is not None and out.suffix.lower() not in WRITERS:
        raise click.UsageError(f"--out ends in {' or '.join(WRITERS)}; found {str(out)!r}.")
    if out is not None and not out.resolve().parent.is_dir():
        raise click.UsageError(f"--out: there is no folder {str(out.parent)!r}.")
