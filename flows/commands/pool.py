"""trochlea pool: pool a table of effects or arms, without the store."""

import importlib
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from analysis.bayes import PRIORS
from analysis.effects import MEASURES
from analysis.faults import Fault, InputError
from analysis.models import LIKELIHOODS, NETWORK_TAU2, ROBUST, SUBGROUP_TAU2
from analysis.models.arms import ARM_MEASURES
from analysis.pooling import MANTEL_HAENSZEL, TAU2_ESTIMATORS, TESTS
from analysis.robustness.trim_and_fill import MISSING, SIDES
from flows.pool.analyses import MODELS, POOLINGS, Analysis, analyse
from flows.pool.columns import WRITERS, as_columns, write_out
from flows.pool.document import as_document, measure_of
from flows.pool.inputs import read_inputs
from flows.pool.networks import analyse_networks
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
@click.option("--prediction-hts", is_flag=True,
              help="The same as Higgins, Thompson and Spiegelhalter give it, by t on k - 2.")
@click.option("--effects", is_flag=True, help="Give each row's effect, variance and weight.")
@click.option("--leave-one-out", is_flag=True, help="Pool again without each row.")
@click.option("--cumulative", is_flag=True, help="Pool again row after row, in their order.")
@click.option("--small-study", is_flag=True, help="Egger's and Begg's tests, trim and fill.")
@click.option("--missing", type=click.Choice(list(MISSING)), default="L0", show_default=True,
              help="How trim and fill counts the studies that --small-study finds missing.")
@click.option("--missing-side", type=click.Choice(SIDES),
              help="Where --small-study fills them in; if not said, where a regression misses small studies.")
@click.option("--influence", is_flag=True, help="What each row does to the result.")
@click.option("--pet-peese", is_flag=True, help="The effect at a standard error of 0, by PET, PEESE and their rule.")
@click.option("--selection", type=click.Choice(("higher", "lower")),
              help="A selection model: what if significant results on this side were always seen, others seldom?")
@click.option("--fail-safe", is_flag=True, help="Rosenthal's fail-safe N, with the warning that belongs to it.")
@click.option("--baujat", is_flag=True, help="What each row adds to Q, and how far it moves the result.")
@click.option("--prior", type=click.Choice(list(PRIORS)),
              help="Posterior of average effect, tau and the effect in a new study, under this prior of tau.")
@click.option("--prior-scale", type=float, metavar="S", help="Scale of --prior, in the units of the effects.")
@click.option("--below", type=float, multiple=True, metavar="BOUND",
              help="With --prior: the chances that the effects lie below; several times for several. Ratios as "
                   "logarithms.")
@click.option("--power", type=float, metavar="EFFECT",
              help="The chance that each analysis finds this effect; fix it beforehand. Ratios as logarithms.")
@click.option("--bootstrap", type=click.IntRange(100, 10_000_000), metavar="DRAWS",
              help="Intervals of average effect, tau2 and I2 from draws of the fitted model; 10000 are plenty.")
@click.option("--gosh", type=click.Path(path_type=Path), metavar="FILE.svg",
              help="Pool every set of studies, or a million drawn at random, and draw them.")
@click.option("--sets", type=click.IntRange(100, 100_000_000), default=1_000_000, show_default=True,
              help="With --gosh: at most so many sets.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1),
              help="Of random draws; without one it follows from the data.")
@click.option("--moderator", "moderators", multiple=True, metavar="COLUMN",
              help="Regress the effects on columns: --moderator dose design, or the option several times. A column of "
                   "words is a factor, compared with its first level.")
@click.option("--formula", help="Regress the effects by a formula, with products: '~ dose * design'. C(year) makes a "
                                "factor of numbers.")
@click.option("--permutations", type=click.IntRange(100, 10_000_000), metavar="MOST",
              help="With moderators: P by all arrangements of them that differ, or by so many at random.")
@click.option("--subgroup", metavar="COLUMN", help="Pool each subgroup, and test whether they differ.")
@click.option("--subgroup-tau2", type=click.Choice(SUBGROUP_TAU2), default="separate", show_default=True,
              help="One tau2 for each subgroup, or one for all.")
@click.option("--model", type=click.Choice(MODELS), default="random", show_default=True,
              help="Multilevel: effects in the clusters of the column cluster. Network: many treatments, a row an arm.")
@click.option("--robust", type=click.Choice(list(ROBUST)), default="CR1", show_default=True,
              help="Robust standard errors of a multilevel model; CR2 with Satterthwaite degrees of freedom.")
@click.option("--component-intervals", is_flag=True,
              help="Profile-likelihood intervals of the variances of a multilevel model.")
@click.option("--reference", metavar="TREATMENT", help="What the treatments of a network are compared with.")
@click.option("--shared-arm", type=click.Choice(("sizes", "variance")), default="sizes", show_default=True,
              help="How contrasts of one trial of a network covary: by the variance of the arm they share, or by the "
                   "sizes of their arms as metafor's vcalc.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a row an analysis to a .csv or .parquet file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(file: Path, more: tuple[str, ...], out: Path | None, as_json: bool, **options: object) -> None:
    """Pool the effects or arms in FILE, CSV or Parquet; of -, CSV is read from standard input.

    \b
    Columns, named as in metafor; empty or NA means missing:
      yi, vi  or  yi, sei                   effects as they are (ratios as logarithms)
      ai, n1i, ci, n2i                      with --measure RR OR RD PETO
      m1i, sd1i, n1i, m2i, sd2i, n2i        with --measure MD SMD SMDH ROM
      ri, ni                                with --measure COR ZCOR
      mi, sdi, ni                           with --measure MN
      xi, ni                                with --measure PR PLO
      m1i, sd1i, m2i, sd2i, ni, ri          with --measure MC SMCC
      m1i, m2i, sd1i, ni, ri                with --measure SMCR
      study, group                          names of rows; one analysis a group
      yi, vi, cluster                       with --model multilevel
      study, treatment, n, mean, sd         with --model network; or study, treatment, n, events

    \b
    Examples: trochlea pool trials.csv --measure RR --prediction
              trochlea pool effects.csv --tau2 DL --test z --json
              cat effects.csv | trochlea pool -
              trochlea pool effects.csv --formula "~ dose * design"
              trochlea pool effects.csv --moderator dose --permutations 10000
              trochlea pool effects.csv --bootstrap 10000 --gosh sets.svg
              trochlea pool effects.csv --prior half-normal --prior-scale 0.5 --below 0
              trochlea pool outcomes.csv --model multilevel --robust CR2
              trochlea pool arms.csv --model network --reference placebo
    """
    if more and not options["moderators"]:
        raise click.UsageError(f"Got an unexpected argument: {more[0]!r}. Name one FILE.")
    options["moderators"] += more
    request = make_request(file, options)
    check_request(request, file, out)
    analyses = analyse_file(request)
    if request.gosh:
        analyses = (draw_gosh(analyses, request),)
    if out is None and not as_json:
        click.echo(as_text(tuple(analyses), request))
        return
    if out is None:
        click.echo(json.dumps(as_document(analyses, request), ensure_ascii=False, allow_nan=False))
        return
    write_out(out, as_columns(analyses, request))
    click.echo(f"{len(analyses)} analyses written to {out}", err=True)


def make_request(file: Path, options: dict) -> Request:
    """Return the request; a network of means compares their differences unless another measure is named."""
    request = Request(file=file, **options)
    if request.model == "network" and request.measure is None:
        return replace(request, measure=next(iter(ARM_MEASURES)))
    return request


def analyse_file(request: Request) -> Sequence[Analysis]:
    """Read the file and fit what was asked for."""
    table = read_file(request.file)
    if request.model == "network":
        return analyse_networks(table, request)
    return analyse(read_inputs(table, request), request)


def draw_gosh(analyses: Sequence[Analysis], request: Request) -> Analysis:
    """Draw the sets of studies of the one analysis there is, and return it."""
    if len(analyses) > 1:
        found = f"{len(analyses)} groups"
        raise InputError([Fault(request.where, found, "--gosh draws one analysis; keep the rows of one group")])
    analysis, = analyses
    if analysis.answers.get("gosh"):
        importlib.import_module("flows.pool.pictures").write_gosh(request.gosh, analysis.answers["gosh"],
                                                                  measure_of(request))
        click.echo(f"The sets of studies are drawn in {request.gosh}", err=True)
    return analysis


def check_request(request: Request, file: Path, out: Path | None) -> None:
    """Refuse options that do not go together."""
    if request.level != request.level:  # NaN passes every comparison with a bound
        raise click.UsageError("--level is a number between 0 and 1, such as 0.95.")
    check_pooling(request)
    check_model(request)
    check_questions(request)
    if request.permutations and not (request.has_moderators and request.model == "random"):
        raise click.UsageError("--permutations goes with --moderator or --formula, and with --model random.")
    if request.moderators and request.formula is not None:
        raise click.UsageError("Name moderators by --moderator or by --formula, not by both.")
    check_written("--out", out, tuple(WRITERS), file)
    check_written("--gosh", request.gosh, (".svg",), file)


def check_written(option: str, path: Path | None, suffixes: tuple[str, ...], file: Path) -> None:
    """Refuse to write where nothing can be written, or over the table that is read."""
    if path is None:
        return
    if path.suffix.lower() not in suffixes:
        raise click.UsageError(f"{option} ends in {' or '.join(suffixes)}; found {str(path)!r}.")
    if not path.resolve().parent.is_dir():
        raise click.UsageError(f"{option}: there is no folder {str(path.parent)!r}.")
    if path.resolve() == file.resolve():
        raise click.UsageError(f"{option} names the file that is read; results go into another one.")


def check_pooling(request: Request) -> None:
    """Refuse what Mantel-Haenszel and Peto do not go with."""
    if request.pooling == "MH" and request.measure not in MANTEL_HAENSZEL:
        raise click.UsageError(f"--pooling MH needs --measure {' or '.join(MANTEL_HAENSZEL)}.")
    if request.pooling == "PETO" and request.measure not in (None, "OR", "PETO"):
        raise click.UsageError("--pooling PETO gives an odds ratio: use --measure PETO, OR or none.")
    beyond = request.small_study or request.influence or request.has_moderators or request.subgroup
    if request.pooling != "IV" and (beyond or request.model != "random"):
        raise click.UsageError("--small-study, --influence, --moderator, --formula, --subgroup and --model go with "
                               "--pooling IV.")


def check_model(request: Request) -> None:
    """Refuse what multilevel models and networks do not go with."""
    asked = (request.small_study, request.influence, request.leave_one_out, request.cumulative, request.subgroup)
    if request.model != "random" and any(asked):
        raise click.UsageError("--leave-one-out, --cumulative, --small-study, --influence and --subgroup go with "
                               "--model random.")
    methods = {"multilevel": LIKELIHOODS, "network": NETWORK_TAU2}.get(request.model, (request.tau2,))
    if request.tau2 not in methods:
        raise click.UsageError(f"--model {request.model} goes with --tau2 {' or '.join(methods)}.")
    if request.model != "network":
        return
    if request.reference is None:
        raise click.UsageError("--model network needs --reference TREATMENT.")
    if request.measure not in ARM_MEASURES:
        raise click.UsageError(f"--model network goes with --measure {' or '.join(ARM_MEASURES)}.")
    if request.has_moderators or request.effects:
        raise click.UsageError("--moderator, --formula and --effects do not go with --model network.")


def check_questions(request: Request) -> None:
    """Refuse questions that are asked of one mean by inverse variance where there is none, and half a prior."""
    if request.questions and (request.pooling != "IV" or request.model != "random"):
        raise click.UsageError("--prediction-hts, --pet-peese, --selection, --fail-safe, --baujat, --prior, --power, "
                               "--bootstrap and --gosh go with --pooling IV and --model random.")
    if (request.prior is None) != (request.prior_scale is None):
        raise click.UsageError("--prior and --prior-scale go together: a prior of tau has a scale, stated beforehand.")
    if request.below and request.prior is None:
        raise click.UsageError("--below goes with --prior.")
    if request.prior is not None and not (math.isfinite(request.prior_scale) and request.prior_scale > 0):
        raise click.UsageError("--prior-scale is a finite number above 0.")
    if not all(map(math.isfinite, request.below)):
        raise click.UsageError("--below is a finite number.")
    if request.power is not None and not math.isfinite(request.power):
        raise click.UsageError("--power is a finite number: an effect, such as the smallest important one.")
