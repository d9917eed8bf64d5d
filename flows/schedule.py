"""The pipeline on a schedule: served from this process until it is stopped."""

import asyncio
import signal

import click
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import EntrypointType
from prefect.runner import Runner
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import ValidationError

from analysis.faults import Fault, InputError
from flows.pipeline import pipeline
from flows.prefect_server import check_answers, prefect_server
from flows.review import Review
from flows.stopping import stop_as_by_ctrl_c


def check_schedule(cron: str, timezone: str) -> CronSchedule:
    """Return the schedule.

    Raises:
        InputError: The expression or the timezone means nothing, each with what is allowed.
    """
    try:
        return CronSchedule(cron=cron, timezone=timezone)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
    given = {"cron": cron, "timezone": timezone}
    raise InputError([
        Fault(f"--{name}", repr(given[name]), allowed) for name, allowed in ALLOWED.items() if name in wrong
    ])


ALLOWED = {
    "cron": "Five fields are needed: minute, hour, day of month, month, day of week; '0 6 * * 1' is Mondays at six",
    "timezone": "A name of the IANA list is needed, such as Europe/Berlin or UTC",
}


class ScheduleRunner(Runner):
    """Prefect's runner, except that a service manager's SIGTERM stops it as Ctrl-C does: in order, without noise."""

    def handle_sigterm(self, *_: object) -> None:
        signal.raise_signal(signal.SIGINT)


def serve(review: Review, schedule: CronSchedule) -> None:
    """Serve the pipeline until the process is stopped; each run is a process of its own.

    PREFECT_API_URL, where it is set, names the server to use.
    """
    stop_as_by_ctrl_c()
    try:
        if PREFECT_API_URL.value():
            check_answers(PREFECT_API_URL.value())
            serve_at(review, schedule, PREFECT_API_URL.value())
            return
        with prefect_server(for_one_flow=False) as server, temporary_settings({PREFECT_API_URL: server.api}):
            server.wait()
            serve_at(review, schedule, server.api)
    except KeyboardInterrupt:
        click.echo("Stopped.")


def serve_at(review: Review, schedule: CronSchedule, api: str) -> None:
    runner = ScheduleRunner(name="scheduled", limit=1)
    runner.add_flow(
        pipeline,
        name="scheduled",
        schedule=schedule,
        parameters={name: str(path.resolve()) for name, path in vars(review).items()},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    click.echo(f"Prefect shows the runs at {api.removesuffix('/api')}")
    asyncio.run(runner.start())
