"""HTTP connections as the portal needs them, beyond what uvicorn offers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

DROP = "mock_bitrix.drop"
"""The extension of an ASGI scope that closes the connection: a function without parameters."""

ANSWER = "mock_bitrix.answer"
"""The extension of an ASGI scope that sends an answer whole: status, headers (with the length),
body. It says whether it did; where it didn't, the two messages of ASGI do."""

_HTTP_2 = re.compile(rb"\r\nupgrade:([ \t]*h2c)", re.IGNORECASE)


class Joined:
    """A transport that writes once what one turn of the event loop writes: head and body."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        for name in _PASSED_ON:
            setattr(self, name, getattr(transport, name))

    def write(self, data: bytes) -> None:
        """Write soon: a system call costs more than the rest of a short answer."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def write_whole(self, data: bytes) -> None:
        """Write now: there is nothing that the data could wait for."""
        self._flush()
        self._transport.write(data)

    def close(self) -> None:
        """Write what waits, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._transport.write(data)


_PASSED_ON = [n for n in dir(asyncio.Transport) if n[0] != "_" and n not in vars(Joined)]
"""Handed over once: looking each time whether the transport has it is what takes long."""


def _is_broken(headers: bytes) -> bool:
    """Whether a header holds what would end it."""
    return max(map(headers.find, (b"\n", b"\r", b"\0"))) >= 0  # `in` tries a number first: slow


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which can be closed without an answer, and is deaf to HTTP/2.

    PHP's curl offers `Upgrade: h2c` with every request by plain http; the parser would take the
    body for the other protocol's.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # the type that uvicorn has
        """Put the joining transport between."""
        super().connection_made(cast("asyncio.Transport", Joined(transport)))

    def data_received(self, data: bytes) -> None:
        """Read on, with an offer of HTTP/2 renamed so that it means nothing."""
        if data.find(b"h2c") >= 0:
            data = _HTTP_2.sub(rb"\r\nx-upgrade:\1", data, count=1)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Put the way to close the connection beside what the application is told."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {DROP: self._drop}

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Put the way to answer beside it, too, before the application runs."""
        cycle.scope["extensions"][ANSWER] = partial(self._answer, cycle)
        super()._start_asgi_task(cycle, app)

    def _answer(
        self, cycle: Any, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """A third of a poll's time goes into what uvicorn makes of two messages."""
        lines = [b": ".join(header) for header in (*cycle.default_headers, *headers)]
        head = b"\r\n".join(lines)
        if _is_broken(b"".join(lines)) or cycle.flow.write_paused or cycle.disconnected:
            return False
        cycle.response_started = cycle.response_complete = True
        closing = b"\r\n\r\n" if cycle.keep_alive else b"\r\nconnection: close\r\n\r\n"
        sent = b"" if cycle.scope["method"] == "HEAD" else body
        cast("Joined", cycle.transport).write_whole(
            b"".join((STATUS_LINE[status], head, closing, sent))
        )
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        return True

    def _drop(self) -> None:
        self.transport.abort()
