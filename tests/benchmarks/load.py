"""A load generator that costs little: connections that always wait for one answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

Finished = Callable[[bytes], bool]


def post(path: str, body: bytes) -> bytes:
    """An HTTP request as bytes, with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last answer is whole, until the load has ended."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._load.request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        whole = _length(self._received)
        if whole is None or len(self._received) < whole:
            return
        answer = bytes(self._received)
        del self._received[:]
        if self._load.answered(answer):
            self._transport.write(self._load.request)
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost(error)


def _length(received: bytearray) -> int | None:
    """The length of the whole answer, once its head is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = received[:end].lower()
    at = head.index(b"content-length:") + 15
    line = head.find(b"\r\n", at)
    return end + 4 + int(head[at : line if line >= 0 else end])


class Load:
    """Many connections that ask the same thing, for some seconds or until an answer says enough."""

    def __init__(
        self, request: bytes, *, seconds: float = 3600, done: Finished | None = None
    ) -> None:
        self.request = request
        self._seconds = seconds
        self._done = done
        self._open = 0
        self.answers = 0
        self.failed: list[bytes] = []

    def answered(self, answer: bytes) -> bool:
        """Count an answer; whether to go on."""
        if not answer.startswith(b"HTTP/1.1 200"):
            self.failed.append(answer)
            return False
        if self._done and self._done(answer):
            return False
        self.answers += 1
        return time.perf_counter() < self._ends

    def lost(self, error: Exception | None) -> None:
        """A connection has ended."""
        if error:
            self.failed.append(repr(error).encode())
        self._open -= 1
        if not self._open:
            self._finished.set()

    async def _run(self, port: int, connections: int) -> float:
        loop = asyncio.get_running_loop()
        self._finished = asyncio.Event()
        self._open = connections
        begun = time.perf_counter()
        self._ends = begun + self._seconds
        for _ in range(connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
        await self._finished.wait()
        return time.perf_counter() - begun

    def run(self, port: int, connections: int = 32) -> float:
        """Seconds that it took. Raises `RuntimeError` where an answer was no success."""
        took = _loop_run(self._run(port, connections))
        if self.failed:
            raise RuntimeError(
                f"{len(self.failed)} bad answers, the first: {self.failed[0][:300]!r}"
            )
        return took

    def rate(self, port: int, connections: int = 32) -> float:
        """Answers a second."""
        took = self.run(port, connections)
        return self.answers / took


def _loop_run(coroutine: object) -> float:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(coroutine)  # type: ignore[arg-type]  # a coroutine
    return uvloop.run(coroutine)  # type: ignore[arg-type]  # a coroutine
