"""Clients that never end a request, or its head; and very many clients at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

from mock_bitrix.connection import Connection

MANY = (65_536, 10_240)
"""Open files to ask for where the system refuses the most that it has promised."""

LONGEST_HEAD = 1024 * 1024
"""Bytes; more is not even looked at. What is somewhat too large gets a proper refusal."""


def _refusal(status: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close"
    return f"{head}\r\ncontent-length: {len(status) - 4}\r\n\r\n{status[4:]}".encode()


TOO_SLOW = _refusal("408 Request timeout")
TOO_LARGE = _refusal("431 Request header fields too large")


class PatientConnection(Connection):
    """A connection on which a request must be whole within `patience` seconds.

    However it drips: otherwise whoever sends a byte now and then could keep a connection for ever.
    One timer a connection, not one a request.
    """

    def __init__(self, *arguments: Any, patience: float, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._patience = patience
        self._since: float | None = None
        self._received = 0
        self._timer: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Wait for a first request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._timer = self.loop.call_later(self._patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head never ends."""
        super().data_received(data)
        if self._since is not None:
            self._received += len(data)
            if self._received > LONGEST_HEAD and self._is_in_head():
                self._refuse(TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._since = self.loop.time()
        self._received = 0
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """It is whole; how long the next one may take to begin is uvicorn's affair."""
        self._since = None
        super().on_message_complete()

    def _is_in_head(self) -> bool:
        scope: Any = self.scope  # uvicorn adds the method when the head has ended
        return scope is None or "method" not in scope

    def _look(self) -> None:
        waited = 0.0 if self._since is None else self.loop.time() - self._since
        if waited < self._patience:
            self._timer = self.loop.call_later(self._patience - waited, self._look)
            return
        self._refuse(TOO_SLOW)

    def _refuse(self, answer: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(answer)
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
    for wanted in (most, *MANY):  # macOS says that there is no limit, and means 10,240
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            return
