"""Handlers for the tests: real ones that listen on loopback, well-behaved and otherwise."""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from mock_bitrix.php import brackets

PATIENCE = 30
"""Seconds until a test gives up on something that should come at once."""


@dataclass(frozen=True)
class Received:
    """A request that a handler got."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def fields(self) -> Any:
        """The form, as PHP reads it."""
        return brackets.parse(self.body)

    @property
    def names(self) -> list[str]:
        """The names of the form's fields, in order, as they went over the wire."""
        return [name for name, _ in parse_qsl(self.body, keep_blank_values=True)]


class Handler:
    """Listens, remembers what it gets, and answers `status`, `headers`, `body`."""

    def __init__(
        self,
        status: int = 200,
        headers: dict[str, str] | None = None,
        body: bytes = b"ok",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.received: queue.Queue[Received] = queue.Queue()
        handler = self

        class Requests(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                given = self.rfile.read(int(self.headers["Content-Length"])).decode()
                handler.received.put(Received(self.path, dict(self.headers), given))
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/handler"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def next(self) -> Received:
        """The next request."""
        return self.received.get(timeout=PATIENCE)

    def __enter__(self) -> Handler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def raw_handler(treat: Callable[[socket.socket], None]) -> Iterator[str]:
    """A handler that treats its connections in its own way; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, treat), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/raw"


def _accept(listening: socket.socket, treat: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_treat, args=(connection, treat), daemon=True).start()


def _treat(connection: socket.socket, treat: Callable[[socket.socket], None]) -> None:
    with connection:
        treat(connection)
