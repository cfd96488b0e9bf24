"""One POST to one handler, and what it answers."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

import httptools

from mock_bitrix import __version__

LARGEST_ANSWER = 64 * 1024
"""Bytes of a handler's answer that are read; nobody needs more than the journal shows."""

_SAFE = "!#$%&'()*+,/:;=?@[]~"
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a handler is: an address as `event.bind` took it."""

    url: SplitResult
    host: str
    port: int

    @classmethod
    def of(cls, handler: str) -> Target:
        """The parts of a handler's address. Raises ValueError where it has none."""
        url = urlsplit(handler)
        port = url.port or PORTS[url.scheme.lower()]
        return cls(url, (url.hostname or "").encode("idna").decode(), port)

    @property
    def secure(self) -> bool:
        """Whether it is called by https."""
        return self.url.scheme.lower() == "https"

    def request(self, body: bytes) -> bytes:
        """The request as it goes over the wire."""
        path = quote(self.url.path or "/", safe=_SAFE)
        query = f"?{quote(self.url.query, safe=_SAFE)}" if self.url.query else ""
        lines = (
            f"POST {path}{query} HTTP/1.1",
            f"Host: {self._host()}",
            f"User-Agent: mock-bitrix/{__version__}",
            "Accept: */*",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _host(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.url.port is None else f"{host}:{self.port}"


class Answer:
    """What a handler answers, as it comes in: httptools calls the `on_…` methods."""

    def __init__(self) -> None:
        self.body = b""
        self.complete = False
        self._parser = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int:
        """The HTTP status; 0 while none has come."""
        return int(self._parser.get_status_code())

    def feed(self, data: bytes) -> None:
        """Take in what has arrived. Raises `httptools.HttpParserError`."""
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        """Part of the body."""
        self.body += part
        self.complete = len(self.body) >= LARGEST_ANSWER

    def on_message_complete(self) -> None:
        """The end; an interim answer, such as 100, is none."""
        self.complete = self.complete or self.status >= 200


async def call(
    target: Target, addresses: list[str], body: bytes, context: ssl.SSLContext | None
) -> Answer:
    """Send the body to the first address that accepts; redirects are not followed.

    Raises `OSError`, or `ValueError` for an answer that isn't HTTP.
    """
    reader, writer = await _connected(target, addresses, context)
    try:
        writer.write(target.request(body))
        return await _answer(reader)
    finally:
        writer.transport.abort()


async def _connected(
    target: Target, addresses: list[str], context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    name = target.host if context else None
    failure = OSError("no address")
    for address in addresses:
        try:
            return await asyncio.open_connection(
                address, target.port, ssl=context, server_hostname=name
            )
        except OSError as error:
            failure = error
    raise failure


async def _answer(reader: asyncio.StreamReader) -> Answer:
    answer = Answer()
    while not answer.complete:
        data = await reader.read(LARGEST_ANSWER)
        if not data and not answer.status:
            raise ConnectionError("the handler closed the connection without an answer")
        if not data:
            break
        try:
            answer.feed(data)
        except httptools.HttpParserError as error:
            raise ValueError(f"the handler's answer is no HTTP: {error}") from error
    return answer
