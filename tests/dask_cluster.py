"""A Dask scheduler and its workers as processes of their own, for as long as a test needs them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

from tests.reviews import REPOSITORY

PATIENCE = 120  # seconds for a process to be there, on a machine that does much else


@dataclass(frozen=True)
class Cluster:
    """A scheduler on 127.0.0.1 at a port that was free, and where its workers are started."""

    address: str
    client: Client
    folder: Path

    @contextmanager
    def worker(self, name: str, code: Path = REPOSITORY):
        """Start a worker that runs the code of a folder; it has neither data nor a store."""
        home = self.folder / name
        home.mkdir()
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--local-directory", str(home)]
        with started("worker", self.address, *options, folder=home, code=code) as process:
            while self.address_of(name) is None and process.poll() is None:
                time.sleep(0.05)
            yield process

    def address_of(self, name: str) -> str | None:
        """Return where a worker is, once the scheduler knows it."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        return next((address for address, about in workers.items() if about["name"] == name), None)


@contextmanager
def scheduler(folder: Path):
    """Start a scheduler and connect to it."""
    told = folder / "scheduler.json"
    with started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told),
                 folder=folder, code=REPOSITORY) as process:  # fmt: skip
        while not told.exists() and process.poll() is None:
            time.sleep(0.05)
        with Client(scheduler_file=str(told), timeout=PATIENCE, set_as_default=False) as client:
            yield Cluster(client.scheduler.address, client, folder)


@contextmanager
def cluster_of(folder: Path, *names: str):
    """Start a scheduler and some workers."""
    with scheduler(folder) as cluster, ExitStack() as workers:
        for name in names:
            workers.enter_context(cluster.worker(name))
        yield cluster


@contextmanager
def started(*arguments: str, folder: Path, code: Path):
    """Run a command of Dask, and end it whatever happens."""
    environment = {**os.environ, "PYTHONPATH": str(code), "PREFECT_HOME": str(folder / "prefect"), "DO_NOT_TRACK": "1"}
    with open(folder / f"{arguments[0]}.log", "w") as log:
        process = subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=folder, env=environment, stdout=log,
                                   stderr=log)  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
