"""trochlea report: draw a recorded run again, as pages or in another form, or show it on this machine."""

import contextlib
import importlib
import io
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from analysis import store
from analysis.faults import Fault, InputError, TrochleaError
from analysis.folders import swap
from analysis.forms.choosing import chosen
from analysis.report import publish
from analysis.report.publishing import write_files
from analysis.results import Run
from flows.review import Review, review_options
from flows.writing import write_whole

PAGES = "html"
WRITERS = {  # a form -> the file that writes it, imported when it is asked for, and its function
    "pdf": ("analysis.forms.pdf", "pdf"),
    "docx": ("analysis.forms.docx", "docx"),
    "xlsx": ("analysis.forms.xlsx", "xlsx"),
    "md": ("analysis.forms.markdown", "markdown"),
}
FIGURES_BESIDE = "md"  # the form that names its figures and does not hold them
SUMMARY = ("analysis.forms.one_page", "one_page")
NO_PANGO = (
    "A PDF needs Pango, which lays out its text and is not on this machine. On Debian or Ubuntu: apt-get install "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core. The other forms work without it."
)


@click.command("report")
@review_options
@click.option("--run", "run_id", metavar="ID", help="The run to draw; see trochlea history.  [default: the latest]")
@click.option("--format", "form", type=click.Choice([PAGES, *WRITERS]), default=PAGES, show_default=True,
              help="Pages, or one file: PDF, Word, Excel, Markdown (its figures in a folder beside).")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it.  [default: REPORTS or REPORTS.FORMAT]")
@click.option("--comparison", "comparisons", multiple=True, metavar="ID",
              help="Only this comparison and what belongs to it; may be given several times.")
@click.option("--summary", is_flag=True, help="One page for a meeting; with --format pdf.")
@click.option("--serve", is_flag=True, help="Show it at 127.0.0.1 until Ctrl-C; without --run it follows the data.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="With --serve; 0: any.")
def command(review: Review, run_id: str | None, serve: bool, port: int, **options: object) -> None:
    """Draw the report of a recorded run again, byte for byte, as pages or in another form.

    Nothing is computed: it is drawn from the results document that the run left in the store. With --serve
    and no --run, a preview is shown and drawn again when the data change; published pages stay as they are.

    \b
    Example: trochlea report
             trochlea report --run 20260301-060000-abcdef --reports earlier
             trochlea report --format pdf --summary --out meeting.pdf
             trochlea report --serve
    """
    check_options(serve, **options)
    choose = partial(chosen, ids=options["comparisons"])
    if serve:
        show(review, store.load(review.store, run_id) if run_id else None, choose, port)
        return
    run = choose(store.load(review.store, run_id) if run_id else latest_run(review))
    click.echo(f"Report of run {run.id}: {deliver(review, run, options['form'], options['out'], options['summary'])}")


def check_options(serve: bool, form: str, out: Path | None, comparisons: tuple[str, ...], summary: bool) -> None:
    """Refuse options that do not go together."""
    if serve and (form != PAGES or out or summary):
        raise click.UsageError("--serve shows pages; it goes with --run, --comparison and --port only.")
    if summary and form != "pdf":
        raise click.UsageError("--summary needs --format pdf.")
    if comparisons and form == PAGES and not out and not serve:
        raise click.UsageError("--comparison with pages needs --out FOLDER: the whole report stays where it is.")


def latest_run(review: Review) -> Run:
    run = store.latest(review.store)
    if run is None:
        raise InputError([Fault(str(review.store), "no run", "A run has to be recorded first")], "Run: trochlea run")
    return run


def deliver(review: Review, run: Run, form: str, out: Path | None, summary: bool) -> Path:
    """Write a run in a form; return the file to open."""
    if form == PAGES:
        publish(run, out or review.reports)
        return (out or review.reports) / "index.html"
    path = out or review.reports.with_name(f"{review.reports.name}.{form}")
    refuse_folder(path)
    beside = figures_folder(path) if form == FIGURES_BESIDE else None
    with Console(stderr=True).status(f"Writing {escape(str(path))}"):
        module, function = SUMMARY if summary else WRITERS[form]
        content = writer(module, function)(run, *([beside.name] if beside else []))
        figures = writer(module, "figures")(run) if beside else {}
    if figures:
        write_figures(beside, figures)
    write_whole(path, content)
    return path


def figures_folder(path: Path) -> Path:
    """Return where the figures of a text lie: beside it, in a folder with its name.

    Raises:
        InputError: There is something else than figures, which would be lost.
    """
    folder = path.with_name(f"{path.stem}-figures")
    there = [folder] if folder.exists() and not folder.is_dir() else [*folder.glob("*")] if folder.exists() else []
    if foreign := sorted(one.name for one in there if one.suffix != ".svg" or one.is_dir()):
        allowed = "The figures of the report replace the whole folder: move what is yours, or name another --out"
        raise InputError([Fault(str(folder), f"it holds what is no figure: {', '.join(foreign[:3])}", allowed)])
    return folder


def refuse_folder(path: Path) -> None:
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise click.UsageError(f"--out: {str(path)!r} is not a file in a folder that is there.")


def writer(module: str, function: str) -> Callable[[Run], bytes]:
    """Return what writes a form; its library is imported only now.

    Raises:
        TrochleaError: A library of the system is missing.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the PDF library prints a page of advice of its own
            return getattr(importlib.import_module(module), function)
    except OSError:
        raise TrochleaError(NO_PANGO) from None


def write_figures(folder: Path, figures: dict[str, bytes]) -> None:
    """Write figures to a folder beside and let it take the place of theirs in one step."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        write_files(figures, beside)
        swap(beside, folder, folder.with_name(f".{folder.name}.old"))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def show(review: Review, run: Run | None, choose: Callable[[Run], Run], port: int) -> None:
    """Show a run, or a preview that follows the data, until Ctrl-C."""
    # the pipeline behind a preview is heavy, and only this needs it
    live = importlib.import_module("flows.serving.live")
    server = importlib.import_module("flows.serving.server")
    report = live.LiveReport(review, run, choose)
    opened = server.open_server(report, port)
    click.echo(f"Shown at http://{server.ADDRESS}:{opened.server_port}/ until Ctrl-C.")
    server.serve(report, opened, click.echo)
