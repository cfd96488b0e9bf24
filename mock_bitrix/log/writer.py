"""Writing in the background: whoever has something to say never waits for a slow terminal."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from mock_bitrix import clock

T = TypeVar("T")

MOST_WAITING = 2_000
"""Records that wait to be written; what comes while so many wait is dropped, and counted."""

GATHER = 0.02
"""Seconds in which records come together: one write for all costs little more than for one."""

FAREWELL = 1.0
"""Seconds that the end waits for what is not written yet."""

AT_ONCE = 4096
"""Bytes of one write: so much stays in one piece when several processes write to one pipe."""


class Writer(Generic[T]):
    """A thread that renders what it is given, and writes it to a file descriptor."""

    def __init__(self, descriptor: int, render: Callable[[T], str]) -> None:
        self._descriptor = descriptor
        self._render = render
        self._waiting: deque[T] = deque()
        self._something = threading.Event()
        self._ending = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._work, name="mock-bitrix-log", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def put(self, item: T) -> None:
        """Write this, some time soon. From any thread; never waits, never fails."""
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            return
        self._waiting.append(item)
        if not self._something.is_set():
            self._something.set()

    def flush(self) -> None:
        """Wait, but not for long, until everything is written."""
        end = clock.stopwatch() + FAREWELL
        while self._busy and self._thread.is_alive() and clock.stopwatch() < end:
            clock.pause(GATHER / 4)

    def stop(self) -> None:
        """Write what waits, and end."""
        self._ending = True
        self._something.set()
        self._thread.join(FAREWELL)

    @property
    def _busy(self) -> bool:
        return self._something.is_set() or bool(self._waiting)

    def _work(self) -> None:
        with contextlib.suppress(OSError):  # nobody reads any more
            while True:
                self._something.wait()
                if not self._ending:
                    clock.pause(GATHER)
                for piece in self._pieces():
                    _write(self._descriptor, piece)
                if not self._waiting:
                    if self._ending:
                        return
                    self._something.clear()
                    if self._waiting:  # came in between
                        self._something.set()

    def _pieces(self) -> Iterator[bytes]:
        """What waits, as whole lines, so many in a piece as fit."""
        piece = b""
        for _ in range(len(self._waiting)):
            line = f"{self._render(self._waiting.popleft())}\n".encode(errors="backslashreplace")
            if piece and len(piece) + len(line) > AT_ONCE:
                yield piece
                piece = b""
            piece += line
        if piece:
            yield piece


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
