"""https beside http: further listeners of one process that serve the same application."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any, Protocol

import uvicorn
from uvicorn.middleware.message_logger import MessageLoggerMiddleware


def bound_socket(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket on `port`, or on a free one for 0. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def secured(config: uvicorn.Config, context: ssl.SSLContext) -> uvicorn.Config:
    """The same configuration, loaded, serving https by `context`.

    Works with every uvicorn; its own `ssl_context_factory` came late.
    """
    discreet(config).ssl = context
    return config


def discreet(config: uvicorn.Config) -> uvicorn.Config:
    """The same configuration, loaded, without the lowest level of uvicorn's log.

    It shows whole requests, with the tokens and webhook secrets in their addresses.
    """
    if not config.loaded:
        config.load()
    if isinstance(config.loaded_app, MessageLoggerMiddleware):
        config.loaded_app = config.loaded_app.app
    return config


class Companion(Protocol):
    """Something that runs beside a server: another listener, the proxy."""

    async def start(self) -> None:
        """Returns once connections are accepted."""

    async def stop(self) -> None:
        """Ends, and waits for it."""


class HttpsServer(uvicorn.Server):
    """A server whose end does not wait for idle clients to say farewell."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, and hang up."""
        for connection in list(self.server_state.connections):
            connection.shutdown()
            _let_go(connection.transport)
        await super().shutdown(sockets)


def _let_go(transport: asyncio.Transport | None) -> None:
    """Ends a connection that has sent everything; TLS would wait 30 s for the other side's word."""
    if transport and transport.is_closing() and not transport.get_write_buffer_size():
        transport.abort()


class _Server(HttpsServer):
    """A server that leaves signals to the main one and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class HttpsListener:
    """One more listener for an application that another server runs, in the same event loop.

    The application's lifespan belongs to that server: start this after it, stop it before.
    `options` go to `uvicorn.Config` as they are.
    """

    def __init__(
        self, app: Any, context: ssl.SSLContext, bound: socket.socket, **options: Any
    ) -> None:
        usual = {"log_config": None, "access_log": False, "timeout_graceful_shutdown": 1}
        config = uvicorn.Config(app, **{**usual, **options, "lifespan": "off"})
        self._config = secured(config, context)
        self._socket = bound
        self.port: int = bound.getsockname()[1]

    async def start(self) -> None:
        """Returns once connections are accepted."""
        self._server = _Server(self._config)
        self._task = asyncio.create_task(self._server.serve([self._socket]))
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait([self._task, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Ends listening; running calls have the grace that `timeout_graceful_shutdown` gives."""
        self._server.should_exit = True
        await self._task
        while left := list(self._server.server_state.connections):
            for connection in left:
                connection.transport.abort()
            await asyncio.sleep(0)  # an aborted connection is gone one turn later
