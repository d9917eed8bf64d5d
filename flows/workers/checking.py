"""Whether workers will do: the same code and programs as here, and Prefect's server within their reach."""

from distributed import Client
from prefect.events.worker import EventsWorker

from analysis.faults import TrochleaError
from flows.prefect_server import is_healthy
from flows.prefect_settings import API_URL
from flows.workers.equal import Made, differences, made_here

TELLING_SECONDS = 5.0
MEND = "Numbers of two versions are not mixed. Install the same version and lock there, and start the worker again"


def check_workers(client: Client, api: str) -> None:
    """Ask every worker what it is, before anything is sent.

    Args:
        client: Of their scheduler.
        api: Prefect's server, which workers tell how their tasks went.

    Raises:
        TrochleaError: There is no worker, or one has another version of anything, or one cannot reach the server.
    """
    found = client.run(introduce, api, on_error="return")
    if not found:
        address = client.scheduler.address
        raise TrochleaError(f"The scheduler at {address} has no workers. Start some with: dask worker {address}")
    for worker, said in sorted(found.items()):
        check_version(f"The worker at {worker}", said)
    for worker, (_, reaches) in sorted(found.items()):
        check_reach(f"The worker at {worker}", reaches, api)


def check_version(who: str, said: tuple[Made, bool] | BaseException) -> None:
    """Raise TrochleaError when a worker could not say what it is, or is something else."""
    if isinstance(said, BaseException):
        raise TrochleaError(f"{who} does not have this version of Trochlea: {said}. {MEND}.")
    check_equal(who, said[0], made_here())


def check_reach(who: str, reaches: bool, api: str) -> None:
    if not reaches:
        raise TrochleaError(
            f"{who} cannot reach Prefect's server at {api}. Start one that it can reach with "
            f"`prefect server start --host ADDRESS`, and name it by {API_URL}."
        )


def check_equal(who: str, there: Made, here: Made) -> None:
    """Raise TrochleaError when something on a worker is not what it is where the run is."""
    if different := differences(there, here):
        raise TrochleaError(f"{who} is another: {'; '.join(different)}. {MEND}.")


async def introduce(api: str) -> tuple[Made, bool]:
    """Say, on a worker, what it is made of and whether it reaches Prefect's server."""
    await leave_server(0.0)  # of a run that was killed
    return made_here(), is_healthy(api)


async def leave_server(seconds: float = TELLING_SECONDS) -> None:
    """Tell Prefect's server, from a worker, all that was not told yet, and leave it: the next run may have another.

    Prefect keeps one connection a process, to the server that came first.
    """
    if (telling := EventsWorker.drain_all(timeout=seconds, at_exit=False)) is not None:
        await telling
