"""A client of a running server, as small as it can be: JSON over a connection that stays open."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The server refused: `code` as the portal names it, or the HTTP status where it names none."""

    def __init__(self, code: str, status: int, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.status = status


class Client:
    """Calls one server. Raises `OSError` where it isn't reached, and `Refused`."""

    def __init__(self, url: str, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._path = parts.path.rstrip("/")
        if parts.scheme == "https":
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=30, context=context
            )
        else:
            self._connection = http.client.HTTPConnection(parts.netloc, timeout=30)

    def get(self, path: str, **headers: str) -> Any:
        """What is at the path."""
        return self._answer("GET", path, None, headers)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The answer to a body."""
        given = json.dumps(body).encode()
        return self._answer("POST", path, given, {"Content-Type": "application/json"})

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _answer(self, verb: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        try:
            self._connection.request(verb, self._path + path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except http.client.HTTPException as error:
            raise OSError(f"broken answer: {error!r}") from error
        decoded = _decoded(content)
        if response.status >= 400:
            raise _refusal(response.status, decoded)
        return decoded


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _refusal(status: int, body: Any) -> Refused:
    if not isinstance(body, dict):
        return Refused(str(status), status)
    code = body.get("error") or body.get("error_description") or str(status)
    return Refused(str(code), status, str(body.get("error_description", "")))
