"""A caller of a server's REST methods that keeps its connection."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class NoAnswer(Exception):
    """The call was sent; nobody can say what became of it."""


class NotSent(Exception):
    """There is no server that could have heard the call."""


class Caller:
    """One application's token at one server."""

    def __init__(self, url: str, token: str, timeout: float = 60) -> None:
        self.url = url
        host = urlsplit(url)
        self.token = token
        self._connection = http.client.HTTPConnection(
            str(host.hostname), host.port, timeout=timeout
        )

    def __call__(self, method: str, **parameters: Any) -> tuple[int, Any]:
        """Call with a JSON body; status and answer. Raises `NotSent` and `NoAnswer`."""
        self._connect()
        body = json.dumps({**parameters, "auth": self.token})
        headers = {"Content-Type": "application/json"}
        try:
            self._connection.request("POST", f"/rest/{method}", body, headers)
            response = self._connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise NoAnswer(str(error)) from error

    def _connect(self) -> None:
        if self._connection.sock is None:
            try:
                self._connection.connect()
            except OSError as error:
                raise NotSent(str(error)) from error

    def result(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        status, answer = self(method, **parameters)
        assert status == 200, answer
        return answer["result"]

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
