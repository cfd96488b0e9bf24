"""Running the server: a socket, an event loop, a ready line, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from mock_bitrix.app import create_app
from mock_bitrix.emulator import Emulator
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.queue import sweep
from mock_bitrix.rest.dropping import Droppable
from mock_bitrix.settings import SettingError, Settings
from mock_bitrix.storage.database import StorageError

SWEEP_EVERY = 60.0
"""Seconds between two sweeps of expired rows, which are invisible already."""

Ready = Callable[[str], None]


def bind(settings: Settings) -> socket.socket:
    """The listening socket. Raises `SettingError` where the address can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        raise SettingError(f"can't listen on {where}: {error.strerror or error}") from error


def url_of(listening: socket.socket) -> str:
    """The address under which the socket is reached."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn, with the emulator's own beginning and end."""

    def __init__(self, emulator: Emulator, on_ready: Ready | None = None) -> None:
        config = uvicorn.Config(
            create_app(emulator),
            http=Droppable,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,
            server_header=False,
            date_header=True,
        )
        super().__init__(config)
        self._emulator = emulator
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._emulator.url = url_of(sockets[0]) if sockets else ""
        self._sweeper = asyncio.create_task(_sweep_for_ever(self._emulator))
        self._emulator.deliverer.start(asyncio.get_running_loop())
        if self._on_ready and sockets:
            self._on_ready(url_of(sockets[0]))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, and end."""
        self._sweeper.cancel()
        self._emulator.deliverer.stop()
        await super().shutdown(sockets)


async def _sweep_for_ever(emulator: Emulator) -> None:
    while True:
        await asyncio.sleep(SWEEP_EVERY)
        with contextlib.suppress(StorageError):  # the next one will do it
            await asyncio.to_thread(_sweep_all, emulator.directory.revised().portals(), emulator)


def _sweep_all(portals: list[Portal], emulator: Emulator) -> None:
    for portal in portals:
        sweep(emulator.database, portal)


def run(emulator: Emulator, listening: socket.socket, on_ready: Ready | None = None) -> None:
    """Serve until a signal comes."""
    with contextlib.suppress(KeyboardInterrupt), _closing(listening):
        Server(emulator, on_ready).run([listening])


@contextlib.contextmanager
def _closing(listening: socket.socket) -> Iterator[None]:
    try:
        yield
    finally:
        listening.close()
