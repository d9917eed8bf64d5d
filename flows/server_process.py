"""The process a Prefect server runs in: it serves on a socket it is handed, and leaves when who started it is gone.

Prefect's own temporary server stays behind for good when its flow is killed.
"""

import os
import signal
import socket
import sys
import threading
import time

import uvicorn

LOOK_SECONDS = 0.5


def serve(descriptor: int, starter: int) -> None:
    """Serve Prefect's API on an open socket for as long as the process `starter` lives."""
    threading.Thread(target=leave_with, args=(starter,), daemon=True).start()
    app = "prefect.server.api.server:create_app"
    config = uvicorn.Config(app, factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def leave_with(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
