"""HTTP connections that can be closed without an answer, for the fault that does so."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

DROP = "mock_bitrix.drop"
"""The extension of an ASGI scope that closes the connection: a function without parameters."""


class Droppable(HttpToolsProtocol):
    """uvicorn's connection, which offers to close itself."""

    def on_message_begin(self) -> None:
        """Put the offer beside what the application is told of the request."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {DROP: self._drop}

    def _drop(self) -> None:
        self.transport.abort()
