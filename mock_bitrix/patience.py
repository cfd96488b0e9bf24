"""Clients that begin a request and don't finish it, and more clients than there is room for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from mock_bitrix.connection import Connection

REFUSAL = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 15\r\nconnection: close\r\n\r\nRequest timeout"
)


class PatientConnection(Connection):
    """A connection on which a request must be whole within `patience` seconds.

    However it drips: otherwise whoever sends a byte now and then could keep a connection for ever.
    One timer a connection, not one a request.
    """

    def __init__(self, *arguments: Any, patience: float, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._patience = patience
        self._since: float | None = None
        self._timer: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._timer = self.loop.call_later(self._patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._timer.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._since = self.loop.time()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """It is whole; how long the next one may take to begin is uvicorn's affair."""
        self._since = None
        super().on_message_complete()

    def _look(self) -> None:
        waited = 0.0 if self._since is None else self.loop.time() - self._since
        if waited < self._patience:
            self._timer = self.loop.call_later(self._patience - waited, self._look)
            return
        if self.cycle is None or not self.cycle.response_started:
            self.transport.write(REFUSAL)
        self.transport.close()


def patient(seconds: float) -> Callable[..., PatientConnection]:
    """How a listener makes its connections."""
    return partial(PatientConnection, patience=seconds)


def make_room() -> None:
    """Allow as many open files, so as many connections, as the system lets this process have."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
