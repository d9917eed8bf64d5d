"""Where Dask's workers are: at a scheduler that somebody keeps, or at one of this run alone. Free of Prefect."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, rpc

from analysis.faults import TrochleaError
from flows.prefect_server import HOST

ANSWER_SECONDS = 3
NO_DASK = (OSError, TimeoutError, ValueError, TypeError, LookupError, MemoryError)  # what others' answers end in


@contextmanager
def scheduler_at(address: str | None) -> Iterator[Client]:
    """Connect to a scheduler; where none is named, start one with a worker a core, for as long as it is needed."""
    if address is None:
        with own_scheduler() as own, connected(own) as client:
            yield client
    else:
        with connected(address) as client:
            yield client


@contextmanager
def own_scheduler() -> Iterator[str]:
    """Start a scheduler and a worker a core on this machine, reached by nobody else; give its address."""
    with (
        tempfile.TemporaryDirectory(prefix="trochlea-dask-") as scratch,
        dask.config.set({"temporary-directory": scratch}),
        LocalCluster(
            host=HOST, processes=True, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as cluster,
    ):
        yield cluster.scheduler_address


def connected(address: str) -> Client:
    """Return a client of a scheduler.

    Raises:
        TrochleaError: None answers there.
    """
    try:
        kind = asyncio.run(asyncio.wait_for(ask_kind(address), ANSWER_SECONDS))
    except NO_DASK:
        kind = None
    if kind != "Scheduler":
        raise TrochleaError(
            f"No Dask scheduler answers at {address!r}. Start one with `dask scheduler`, and give --scheduler the "
            "address that it prints."
        )
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would say, an error here says
    return Client(address, set_as_default=False)


async def ask_kind(address: str) -> str:
    """Return what answers at an address, as Dask calls it; a client would try for longer, and leave a thread behind."""
    async with rpc(address, timeout=ANSWER_SECONDS) as remote:
        return (await remote.identity())["type"]


def threads_of(client: Client) -> int:
    """Return how many tasks the workers do at once; 0 when there is no worker or the scheduler is gone."""
    try:
        return sum(client.nthreads().values())
    except (OSError, TimeoutError):
        return 0
