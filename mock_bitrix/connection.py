"""HTTP connections as the portal needs them, beyond what uvicorn offers."""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

DROP = "mock_bitrix.drop"
"""The extension of an ASGI scope that closes the connection: a function without parameters."""

_HTTP_2 = re.compile(rb"\r\nupgrade:([ \t]*h2c)", re.IGNORECASE)


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which can be closed without an answer, and is deaf to HTTP/2.

    PHP's curl offers `Upgrade: h2c` with every request by plain http; the parser would take the
    body for the other protocol's.
    """

    def data_received(self, data: bytes) -> None:
        """Read on, with an offer of HTTP/2 renamed so that it means nothing."""
        if b"h2c" in data:
            data = _HTTP_2.sub(rb"\r\nx-upgrade:\1", data, count=1)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Put the way to close the connection beside what the application is told."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {DROP: self._drop}

    def _drop(self) -> None:
        self.transport.abort()
