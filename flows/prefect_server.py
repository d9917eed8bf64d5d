"""A Prefect server for as long as a run or a schedule needs one."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from analysis.faults import TrochleaError

HOST = "127.0.0.1"
USUAL_PORT = 4200
PATIENCE_SECONDS = 120.0  # a new home is migrated first, which takes 10 seconds on a quiet machine
PAUSE_SECONDS = 0.1
LEAVING_SECONDS = 10.0
# as Prefect marks the server it starts for a single flow: no schedules, no pages, half the start
FOR_ONE_FLOW = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_UI_ENABLED": "0"}


@dataclass(frozen=True)
class PrefectServer:
    """A server that was started, and may not answer yet."""

    process: subprocess.Popen
    api: str

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            TrochleaError: It ended, or did not answer for two minutes.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if is_healthy(self.api):
                return
            time.sleep(PAUSE_SECONDS)
        raise TrochleaError(f"Prefect's server did not start at {self.api}. See why with: prefect server start")


@contextmanager
def prefect_server(for_one_flow: bool) -> Iterator[PrefectServer]:
    """Start a server, give it at once, and stop it in the end.

    It is a session of its own, so that Ctrl-C reaches it only after its client has said goodbye.
    """
    with bound_socket(for_one_flow) as listener:
        arguments = [str(listener.fileno()), str(os.getpid())]
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", *arguments],
            env={**os.environ, **(FOR_ONE_FLOW if for_one_flow else {})},
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
        api = f"http://{HOST}:{listener.getsockname()[1]}/api"
    try:
        yield PrefectServer(process, api)
    finally:
        stop(process)


def bound_socket(any_port: bool) -> socket.socket:
    """Return a socket on Prefect's usual port if it is free and wanted, else on one that the system has free."""
    for port in (0,) if any_port else (USUAL_PORT, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of a server that has just left
        try:
            listener.bind((HOST, port))
            return listener
        except OSError:
            listener.close()
    raise TrochleaError("No network port is free for Prefect's server.")


def check_answers(api: str) -> None:
    """Raise TrochleaError when no server answers at the address that PREFECT_API_URL names."""
    if not is_healthy(api):
        raise TrochleaError(f"No Prefect server answers at {api}, as PREFECT_API_URL names it. Start or unset it.")


def is_healthy(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=5) as answer:
            return answer.status == 200
    except (OSError, ValueError, HTTPException):  # refused, cut short, or no address at all
        return False


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(LEAVING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
