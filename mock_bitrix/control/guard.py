"""Who may use `/_mock` and `/`: this machine, or whoever has the key; no foreign web page."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_bitrix.control import session
from mock_bitrix.portal.addresses import without_port

KEY = "x-mock-bitrix-key"
"""The header that carries the control key."""

_WRITES = ("POST", "PUT", "PATCH", "DELETE")


class Refusal(NamedTuple):
    """Why somebody may not; `for_want_of_key`: with the key of this server they might."""

    status: int
    problem: str
    for_want_of_key: bool = False


class Guard:
    """Lets an application answer only those who may use it.

    `key` None: nobody but this machine. `address`: where the server listens, as it is known now.
    `door`: answers those who have yet to show the key; without it they get the refusal.
    """

    def __init__(
        self,
        app: ASGIApp,
        key: str | None,
        address: Callable[[], str],
        door: ASGIApp | None = None,
    ) -> None:
        self._app = app
        self._key = key
        self._address = address
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif refusal.for_want_of_key and self._key and self._door:
            await self._door(scope, receive, send)
        else:
            await _answer(send, refusal)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host, writes = headers.get("host", ""), scope["method"] in _WRITES
        if is_foreign(headers.get("origin"), host):
            return Refusal(403, "a page of another origin may not use this")
        if not self._has_key(headers, writes=writes):
            if not _is_loopback(scope):
                problem = "only this machine may use this, or who sends --control-key in " + KEY
                return Refusal(403, problem, for_want_of_key=True)
            if not self._knows(host):
                problem = "this host name is not the server's; use localhost, or send the key"
                return Refusal(403, problem)
        if writes and not _is_json(headers):
            return Refusal(415, "expected Content-Type: application/json")
        return None

    def _has_key(self, headers: Headers, *, writes: bool) -> bool:
        """Whether the caller sends the key, or comes from a browser that has shown it.

        A browser names the origin of each write: without it, a cookie is not enough.
        """
        if session.is_key(headers.get(KEY, ""), self._key):
            return True
        named = "origin" in headers or not writes
        return named and session.is_session(headers.get("cookie", ""), self._key)

    def _knows(self, host: str) -> bool:
        """A name that another machine's page can't have for itself."""
        name = without_port(host)
        own = without_port(urlsplit(self._address()).netloc)
        return name in ("localhost", own) or _is_loopback_address(name.strip("[]"))


def is_foreign(origin: str | None, host: str) -> bool:
    """Whether a request comes from a page of another origin than the server's."""
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and _is_loopback_address(client[0])


def _is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type")
    if kind is None:  # nothing is sent, so there is nothing that isn't JSON
        return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return kind.partition(";")[0].strip().lower() == "application/json"


async def _answer(send: Send, refusal: Refusal) -> None:
    body = orjson.dumps({"error": refusal.problem})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
