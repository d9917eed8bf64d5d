"""A Prefect server for as long as a schedule is served: the temporary one of a single flow has no scheduler."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

from analysis.faults import TrochleaError

HOST = "127.0.0.1"
USUAL_PORT = 4200
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.2
LEAVING_SECONDS = 10.0


@contextmanager
def prefect_server(home: str) -> Iterator[str]:
    """Run a server of our own, and give the address of its API.

    It is a session of its own, so that Ctrl-C reaches it only after the schedule has been taken down.

    Raises:
        TrochleaError: It did not start.
    """
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    environment = {**os.environ, "PREFECT_HOME": home}
    with subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_healthy(server, f"http://{HOST}:{port}/api")
            yield f"http://{HOST}:{port}/api"
        finally:
            stop(server)


def free_port() -> int:
    """Return Prefect's usual port, or one the system has free."""
    for port in (USUAL_PORT, 0):
        with closing(socket.socket()) as trial:
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            return trial.getsockname()[1]
    raise TrochleaError("No network port is free for Prefect's server.")


def wait_until_healthy(server: subprocess.Popen, api: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if is_healthy(api):
            return
        time.sleep(PAUSE_SECONDS)
    raise TrochleaError(f"Prefect's server did not start at {api}. See why with: prefect server start")


def is_healthy(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(LEAVING_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
