"""Running the server in this process: an event loop, listeners, a ready line, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from mock_bitrix.app import Unfailing, create_app
from mock_bitrix.emulator import Emulator
from mock_bitrix.listening import Sockets
from mock_bitrix.log.failures import described, first_words
from mock_bitrix.patience import make_room, patient
from mock_bitrix.portal import tokens
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue import queue
from mock_bitrix.randomness import Randomness
from mock_bitrix.settings import Settings
from mock_bitrix.storage import messages
from mock_bitrix.storage.database import StorageError
from mock_bitrix.tls.listeners import Companion, HttpsServer, discreet

logger = logging.getLogger("mock_bitrix.server")

SWEEP_EVERY = 60.0
"""Seconds between two sweeps, by all processes, of rows and tokens that are good for nothing."""

YOUNG = 5_000
"""New objects between two looks for garbage; with Python's 700 a poll costs one per cent more."""

OPTIONS: dict[str, Any] = {
    "log_config": None,
    "access_log": False,
    "lifespan": "off",
    "timeout_graceful_shutdown": 1,
    "timeout_keep_alive": 75,
    "server_header": False,
    "date_header": True,
    "proxy_headers": False,  # scheme and peer are what the socket says, not what a header says
}
"""How every listener speaks HTTP."""

Ready = Callable[[str], None]


class Server(HttpsServer):
    """uvicorn, with the emulator's own beginning and end.

    `on_ready` hears the address of the main port once every listener answers. `led`: the process
    that started this one runs the proxy, hears the signals, and says when it is time to end.
    """

    def __init__(
        self,
        emulator: Emulator,
        settings: Settings,
        sockets: Sockets,
        on_ready: Ready | None = None,
        *,
        led: bool = False,
    ) -> None:
        app = Unfailing(create_app(emulator))
        options = OPTIONS | {"http": patient(settings.request_timeout)}
        config = discreet(uvicorn.Config(app, **options))
        self._companions: list[Companion] = []
        if settings.https:
            from mock_bitrix.tls.serving import Tls

            tls = Tls(emulator, settings, sockets)
            self._companions += tls.beside(app, config, options, proxied=not led)
        super().__init__(config)
        self._emulator = emulator
        self._sockets = sockets
        self._on_ready = on_ready
        self._led = led
        self._sharer: asyncio.Task[None] | None = None
        emulator.url = settings.public_address or sockets.url

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes, or `should_exit` is set."""
        make_room()
        super().run([self._sockets.main])

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear the signals to stop, or leave them to whoever leads."""
        with contextlib.nullcontext() if self._led else super().capture_signals():
            yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_report)
        self._emulator.database.look_once(loop.call_soon)
        await super().startup(sockets)
        gc.freeze()  # else each look for garbage goes through all that was imported, too
        gc.set_threshold(YOUNG)
        for companion in self._companions:
            await companion.start()
        self._sweeper = asyncio.create_task(_sweep_for_ever(self._emulator))
        self._emulator.deliverer.start(loop)
        if self._emulator.settings.database or self._emulator.settings.workers > 1:
            self._sharer = asyncio.create_task(self._emulator.share_journal().run())
        if self._on_ready:
            self._on_ready(self._sockets.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, and end."""
        self._sweeper.cancel()
        self._emulator.deliverer.stop()
        if self._sharer and self._emulator.sharing:
            self._sharer.cancel()
            await asyncio.to_thread(self._emulator.sharing.leave)
        ends = (companion.stop() for companion in self._companions)
        await asyncio.gather(*ends, super().shutdown(sockets))


def _report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What goes wrong where nobody waits for it, without the values that asyncio would show."""
    failure = context.get("exception")
    what = described(failure) if failure else first_words(context["message"])
    logger.error("in the background: %s", what)


async def _sweep_for_ever(emulator: Emulator) -> None:
    tidied = ""
    while True:
        await asyncio.sleep(_until_sweep(emulator))
        with contextlib.suppress(StorageError):  # the next one will do it
            await asyncio.to_thread(_sweep_all, emulator.directory.revised().portals(), emulator)
            tidied = await asyncio.to_thread(messages.tidy, emulator.database, tidied)


def _until_sweep(emulator: Emulator) -> float:
    """Of many processes each sweeps seldom, and not all at the same moment."""
    living = emulator.sharing.living if emulator.sharing else 1
    return SWEEP_EVERY * living * (0.5 + Randomness().uniform())


def _sweep_all(portals: list[Portal], emulator: Emulator) -> None:
    for portal in portals:
        queue.sweep(emulator.database, portal)
        tokens.sweep(emulator.database, portal)
