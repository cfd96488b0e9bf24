"""Several processes behind one socket: this one starts them, runs the proxy, and ends with them."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING

from mock_bitrix import signals
from mock_bitrix.listening import Sockets
from mock_bitrix.settings import SettingError, Settings

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.log.log import Log
    from mock_bitrix.server import Ready, Server

STARTED = "started"
LOOK_EVERY = 0.1
"""Seconds between two looks at the worker processes and for signals."""

PATIENCE = 5.0
"""Seconds that a process has to end before it is killed."""


class WorkerLost(Exception):
    """A worker process ended by itself; the message says which and how."""


class Worker:
    """A process that serves. It ends when this end of its pipe is closed, by whatever cause."""

    def __init__(
        self, context: SpawnContext, settings: Settings, database_url: str, sockets: Sockets
    ) -> None:
        self._pipe, theirs = context.Pipe()
        given = (settings, database_url, sockets, theirs)
        self._process: SpawnProcess = context.Process(target=_work, args=given, daemon=True)
        self._process.start()
        theirs.close()

    def wait(self) -> None:
        """Returns once it answers calls. Raises `WorkerLost`."""
        try:
            self._pipe.recv()
        except EOFError:
            self._process.join(PATIENCE)
            self.check()

    def check(self) -> None:
        """Raises `WorkerLost` if it has ended."""
        if not self._process.is_alive():
            raise WorkerLost(
                f"worker process {self._process.pid} ended with status {self._process.exitcode}"
            )

    def dismiss(self) -> None:
        """Tell it to end."""
        self._pipe.close()

    def join(self) -> None:
        """Wait for its end."""
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()


def run(
    emulator: Emulator, settings: Settings, database_url: str, sockets: Sockets, on_ready: Ready
) -> None:
    """Serve with `settings.workers` processes until a signal comes. Raises `WorkerLost`."""
    with signals.noted() as asked, _team(settings, database_url, sockets) as team:
        for worker in team:
            worker.wait()
        asyncio.run(_attend(_Duty(emulator, settings, sockets, team, asked, on_ready)))


@dataclass(frozen=True)
class _Duty:
    """What the parent has to look after."""

    emulator: Emulator
    settings: Settings
    sockets: Sockets
    team: list[Worker]
    asked_to_stop: list[int]
    on_ready: Ready


async def _attend(duty: _Duty) -> None:
    async with _proxy(duty):
        duty.on_ready(duty.sockets.url)
        while not duty.asked_to_stop:
            for worker in duty.team:
                worker.check()
            await asyncio.sleep(LOOK_EVERY)


@contextlib.asynccontextmanager
async def _proxy(duty: _Duty) -> AsyncIterator[None]:
    if duty.sockets.proxy is None:
        yield
        return
    from mock_bitrix.tls.serving import proxy

    running = proxy(duty.emulator, duty.settings, duty.sockets)
    await running.start()
    try:
        yield
    finally:
        await running.stop()


@contextlib.contextmanager
def _team(settings: Settings, database_url: str, sockets: Sockets) -> Iterator[list[Worker]]:
    context = multiprocessing.get_context("spawn")
    team = [Worker(context, settings, database_url, sockets) for _ in range(settings.workers)]
    try:
        yield team
    finally:
        sockets.close()
        for worker in team:
            worker.dismiss()
        for worker in team:
            worker.join()


def _work(settings: Settings, database_url: str, sockets: Sockets, pipe: Connection) -> None:
    """The whole life of a worker process."""
    from mock_bitrix.log import process
    from mock_bitrix.server import Server
    from mock_bitrix.starting import joined

    signals.ignore()  # a Ctrl-C reaches every process of a terminal; the parent says when to end
    with (
        process.opened(settings) as log,
        _reported(log),
        joined(settings, database_url) as emulator,
        log.watching(emulator),
    ):
        server = Server(emulator, settings, sockets, lambda _url: pipe.send(STARTED), led=True)
        threading.Thread(target=_end_with, args=(pipe, server), daemon=True).start()
        server.run()


@contextlib.contextmanager
def _reported(log: Log) -> Iterator[None]:
    """Inside, a failure ends the process with a line instead of its traceback."""
    from mock_bitrix.log.failures import described

    try:
        yield
    except Exception as failure:
        known = isinstance(failure, SettingError)
        log.say("error", __name__, str(failure) if known else described(failure))
        sys.exit(1)


def _end_with(pipe: Connection, server: Server) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    server.should_exit = True
