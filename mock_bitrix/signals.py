"""Being told to stop: a signal ends the process by the way of every `with` and `finally`."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

STOPPING = [signal.SIGINT, signal.SIGTERM]

Handler = Callable[[int, FrameType | None], Any]


@contextlib.contextmanager
def ending_cleanly() -> Iterator[None]:
    """Inside, the first signal to stop raises `SystemExit(0)`; further ones change nothing."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in STOPPING:
            signal.signal(number, lambda _number, _frame: None)
        raise SystemExit(0)

    with _handled_by(end):
        yield


@contextlib.contextmanager
def noted() -> Iterator[list[int]]:
    """Inside, signals to stop are put on the list, and nothing else happens."""
    seen: list[int] = []
    with _handled_by(lambda number, _frame: seen.append(number)):
        yield seen


def ignore() -> None:
    """Let signals to stop pass: somebody else will say when it is time."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def _handled_by(handler: Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in STOPPING}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
