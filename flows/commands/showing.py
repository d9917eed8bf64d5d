"""What a person sees while a run works, and when it has ended."""

import dataclasses
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.status import Status

from flows.command import LOADING
from flows.stages import Outcome
from flows.summary import as_object, three_lines


class StatusHandler(logging.Handler):
    """Shows what Trochlea logs as the words beside a spinner; warnings stay on the screen."""

    def __init__(self, status: Status):
        super().__init__()
        self.status = status

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.status.console.print(record.getMessage(), markup=False)
        self.status.update(record.getMessage().replace("[", r"\["))


@contextmanager
def showing_progress(quiet: bool) -> Iterator[None]:
    """Show the stage a run is in on stderr, unless a machine is listening."""
    console = Console(stderr=True, quiet=quiet)
    logger = logging.getLogger("trochlea")
    with console.status("Starting") as status:
        handler = StatusHandler(status)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)


def show_outcome(outcome: Outcome, as_json: bool) -> None:
    """Print three lines for a person or one object for a machine, the seconds of importing our own code among them."""
    loading = {"loading": click.get_current_context().meta.get(LOADING, 0.0)}
    whole = dataclasses.replace(outcome, seconds=loading | outcome.seconds)
    click.echo(json.dumps(as_object(whole), ensure_ascii=False) if as_json else three_lines(whole))
