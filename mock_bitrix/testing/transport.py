"""HTTP to a running server's control API: directly, whatever proxy the environment names."""

from __future__ import annotations

import http.client
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

KEY = "X-Mock-Bitrix-Key"
LONGER = 30.0
"""Seconds that an answer may take beyond what was asked of the server."""


class ControlError(Exception):
    """The server refused a control call: its sentence, the status, and what was at fault."""

    def __init__(self, status: int, answer: Any) -> None:
        told: dict[str, Any] = answer if isinstance(answer, dict) else {"error": str(answer)[:200]}
        self.status = status
        self.answer: dict[str, Any] = told
        self.path: str | None = told.get("path")
        self.problem = str(told.get("error", f"status {status}"))
        super().__init__(f"{self.path}: {self.problem}" if self.path else self.problem)


class NotReachable(Exception):
    """No server answers at the address."""


@dataclass(frozen=True)
class Transport:
    """Where a server is. `key`: its control key, needed from another machine.

    `context`: for https; default: the system's authorities and the user's own mock-bitrix one.
    """

    url: str
    key: str | None = None
    context: ssl.SSLContext | None = None

    def call(
        self, verb: str, path: str, body: Any = None, *, patience: float = 0.0, **query: Any
    ) -> Any:
        """Call the control API; give its answer, from JSON (None: it has none).

        `path` begins behind `/_mock`; query parameters that are None are left out. Raises
        `ControlError` and `NotReachable`.
        """
        given = {name: _shown(value) for name, value in query.items() if value is not None}
        target = f"/_mock{path}" + (f"?{urlencode(given)}" if given else "")
        key = self.key or os.environ.get("MOCK_BITRIX_CONTROL_KEY")
        headers = {KEY: key} if key else {}
        status, answer = self.send(verb, target, body, headers, timeout=patience + LONGER)
        if status >= 400:
            raise ControlError(status, answer)
        return answer

    def send(
        self,
        verb: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float = LONGER,
    ) -> tuple[int, Any]:
        """One exchange as JSON: the status, and the answer, as text where it is no JSON.

        Raises `NotReachable`.
        """
        status, text = self._exchange(verb, target, body, headers or {}, timeout)
        try:
            return status, json.loads(text) if text else None
        except ValueError:
            return status, text.decode("utf-8", "replace")

    def _exchange(
        self, verb: str, target: str, body: Any, headers: Mapping[str, str], timeout: float
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", **headers}
        content = None if body is None else json.dumps(body).encode()
        connection = self._connection(timeout)
        try:
            connection.request(verb, target, content, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotReachable(f"no mock-bitrix answers at {self.url}: {error}") from error
        finally:
            connection.close()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        try:
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise NotReachable(f"{self.url} is no address: {error}") from error
        if parts.scheme not in ("http", "https") or not host:
            raise NotReachable(f"{self.url} is no address; expected http://HOST:PORT")
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=timeout)
        context = self.context or _trusting()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


def _shown(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _trusting() -> ssl.SSLContext:
    from mock_bitrix.tls.files import authority_file

    context = ssl.create_default_context()
    if authority_file().exists():
        context.load_verify_locations(authority_file())
    return context
