"""Who may use `/_mock` and `/`: this machine, or whoever has the key; no foreign web page."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_bitrix.portal.addresses import without_port

KEY = "x-mock-bitrix-key"
"""The header that carries the control key."""

_WRITES = ("POST", "PUT", "PATCH", "DELETE")


class Guard:
    """Lets an application answer only those who may use it.

    `key` None: nobody but this machine. `address`: where the server listens, as it is known now.
    """

    def __init__(self, app: ASGIApp, key: str | None, address: Callable[[], str]) -> None:
        self._app = app
        self._key = key
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await _answer(send, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if _is_foreign(headers.get("origin"), headers.get("host", "")):
            return 403, "a page of another origin may not use this"
        if not self._has_key(headers):
            if not _is_loopback(scope):
                return 403, "only this machine may use this, or who sends --control-key in " + KEY
            if not self._knows(headers.get("host", "")):
                return 403, "this host name is not the server's; use localhost, or send the key"
        if scope["method"] in _WRITES and not _is_json(headers):
            return 415, "expected Content-Type: application/json"
        return None

    def _has_key(self, headers: Headers) -> bool:
        given = headers.get(KEY, "")
        return bool(self._key) and hmac.compare_digest(given.encode(), str(self._key).encode())

    def _knows(self, host: str) -> bool:
        """A name that another machine's page can't have for itself."""
        name = without_port(host)
        own = without_port(urlsplit(self._address()).netloc)
        return name in ("localhost", own) or _is_loopback_address(name.strip("[]"))


def _is_foreign(origin: str | None, host: str) -> bool:
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


async def _answer(send: Send, status: int, problem: str) -> None:
    body = orjson.dumps({"error": problem})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
