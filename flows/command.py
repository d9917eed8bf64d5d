"""The `trochlea` command. A subcommand is imported only when it is asked for, so that help is quick."""

import dataclasses
import importlib
import json
import os
import sys
import time

import click

from analysis.faults import InputError, TrochleaError

COMMANDS = {
    "run": "The whole pipeline as a Prefect flow, recorded in the store.",
    "preview": "The same steps at once, without Prefect and unrecorded.",
    "ledger": "List the sources that wait for their figures: what is missing, and what each would settle.",
    "new": "Lay out the folder of a source, with the rows that comparisons ask for.",
    "compare": "Compare two extractions of one source, and write what both agree upon.",
    "add": "Add the studies of a spreadsheet, a RevMan file, a metafor table or another dataset.",
    "check": "Say everything that is wrong with the data and the protocol.",
    "pool": "Pool a table of effects or arms, now, without the store.",
    "multiverse": "A comparison under every combination of choices that could be defended.",
    "report": "Draw the report of a run again: pages, PDF, Word, Excel, Markdown; or show it.",
    "export": "Write tables, bibliographies and R scripts for other programs.",
    "history": "List the runs in the store.",
    "diff": "Say what changed between two runs, and where it came from.",
    "schedule": "Run the pipeline on a schedule until stopped.",
}

LOADING = "trochlea.loading"  # where click keeps the seconds that a subcommand took to import


class LazyGroup(click.Group):
    """A group whose subcommands live in flows/commands/<name>.py as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        began = time.perf_counter()
        command = importlib.import_module(f"flows.commands.{name}").command
        ctx.meta[LOADING] = time.perf_counter() - began
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trochlea")
def trochlea() -> None:
    """From tables in papers to pooled, tested and traceable answers.

    \b
    Exit codes: 0 done · 2 bad input · 3 the store is busy · 1 a fault in Trochlea itself.
    Example: trochlea run
    """


def main() -> None:
    """Run the command line and leave with its exit code; errors of input never show a traceback."""
    # left outside of every except: an exit inside one keeps its error, and all that its frames hold, alive
    sys.exit(run_command())


def run_command() -> int:
    """Run the command line; show what went wrong, and return the exit code."""
    try:
        return trochlea(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except TrochleaError as error:
        show_error(error, as_json="--json" in sys.argv)
        error.__traceback__ = error.__context__ = None  # Prefect keeps the error; its frames would keep DuckDB loaded
        return error.exit_code
    except Exception as error:  # the outermost door: whatever comes here is our own fault
        if os.environ.get("TROCHLEA_DEBUG"):
            raise
        click.echo(f"A fault in Trochlea, not in your data: {type(error).__name__}: {error}", err=True)
        click.echo("Please report it with the output of the same command after TROCHLEA_DEBUG=1.", err=True)
        return 1


def show_error(error: TrochleaError, as_json: bool) -> None:
    """Print an error for a person on stderr, or for a machine on stdout."""
    if not as_json:
        click.echo(str(error), err=True)
        return
    faults = [dataclasses.asdict(fault) for fault in error.faults] if isinstance(error, InputError) else []
    click.echo(json.dumps({"error": str(error), "faults": faults}, ensure_ascii=False))
