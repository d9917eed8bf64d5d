"""A web server for one reader on this machine: it listens on 127.0.0.1 only and knows the report's files only."""

import threading
import urllib.parse
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from analysis.faults import TrochleaError
from flows.serving.live import LiveReport
from flows.serving.served import served

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")  # a page of another site that points its name here is refused
NUMBER = ".number"
LOOK_EVERY = 0.5  # seconds
TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
PLAIN = "text/plain; charset=utf-8"


class PortTaken(TrochleaError):
    """Another program listens on the port."""


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with the report as it is now."""

    server_version, sys_version = "Trochlea", ""

    def __init__(self, live: LiveReport, *arguments: object):
        self.live = live
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def answer(self) -> None:
        status, kind, content = self.found()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def found(self) -> tuple[HTTPStatus, str, bytes]:
        """Return status, type and content of what was asked for."""
        if (self.headers.get("Host") or "").rpartition(":")[0] not in NAMES:
            return HTTPStatus.MISDIRECTED_REQUEST, PLAIN, b"This server is for this machine only.\n"
        name = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).removeprefix("/") or "index.html"
        showing = self.live.showing
        if name == NUMBER:
            return HTTPStatus.OK, PLAIN, str(showing.number).encode()
        if name not in showing.files:
            return HTTPStatus.NOT_FOUND, PLAIN, b"No such page in this report.\n"
        content = showing.files[name]
        if name.endswith(".html"):
            content = served(content, showing.number, showing.notice)
        return HTTPStatus.OK, TYPES.get(name.rpartition(".")[2], PLAIN), content

    def log_message(self, *words: object) -> None:
        """Say nothing: the terminal is for what is wrong with the data."""


def open_server(live: LiveReport, port: int) -> ThreadingHTTPServer:
    """Return a server of a live report; port 0 takes any free one.

    Raises:
        PortTaken: Another program listens there.
    """
    try:
        return ThreadingHTTPServer((ADDRESS, port), partial(Handler, live))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PortTaken(f"Port {port} cannot be used: {reason}. Try another: --port 0 takes any free one.") from None


def watch(live: LiveReport, stopped: threading.Event, tell: Callable[[str], None]) -> None:
    """Look at the data until stopped, and tell what is shown after every change."""
    while not stopped.wait(LOOK_EVERY):
        if live.refresh():
            tell(live.showing.notice or "Drawn again.")


def serve(live: LiveReport, server: ThreadingHTTPServer, tell: Callable[[str], None]) -> None:
    """Serve a live report until Ctrl-C."""
    stopped = threading.Event()
    watcher = threading.Thread(target=watch, args=(live, stopped, tell), daemon=True)
    watcher.start()
    try:
        server.serve_forever(poll_interval=LOOK_EVERY)
    except KeyboardInterrupt:
        tell("Stopped.")
    finally:
        stopped.set()
        server.server_close()
