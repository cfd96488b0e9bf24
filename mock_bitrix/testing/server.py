"""A server in a thread of this process. Imports nothing of the server until it starts."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mock_bitrix.testing.running import RunningServer

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.server import Server

START_TIMEOUT = 30.0


class MockBitrix(RunningServer):
    """A running emulator, on a free port of loopback, with a database of its own.

    `fixtures`: files to load instead of the demo portal. `url`: where it listens, once started.
    `settings`: further options of `serve`, by the names in `Settings`.
    """

    def __init__(
        self,
        *fixtures: str | Path,
        profile: str = "docs",
        switches: Mapping[str, str] | None = None,
        database: str | None = None,
        port: int = 0,
        **settings: Any,
    ) -> None:
        super().__init__("", settings.get("control_key"))
        self._options: dict[str, Any] = {
            "fixtures": tuple(map(str, fixtures)),
            "profile": profile,
            "switches": dict(switches or {}),
            "database": database,
            "port": port,
            **settings,
        }
        self._resources = contextlib.ExitStack()
        self._server: Server | None = None
        self.emulator: Emulator

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start; returns when the server answers. Raises `SettingError` for a wrong option."""
        from mock_bitrix import starting
        from mock_bitrix.settings import Settings

        settings = Settings(**self._options)
        try:
            url = settings.database or self._temporary_database()
            emulator = starting.started(settings, url, lambda line: None)
            self.emulator = self._resources.enter_context(emulator)
            self._run(settings)
        except BaseException:
            self._resources.close()
            raise

    def stop(self) -> None:
        """Stop, and throw the database away unless it was given."""
        self._resources.close()

    def _temporary_database(self) -> str:
        directory = tempfile.TemporaryDirectory(prefix="mock-bitrix-")
        return f"sqlite:///{Path(self._resources.enter_context(directory)) / 'portal.sqlite'}"

    def _run(self, settings: Any) -> None:
        from mock_bitrix import listening, server

        ready = threading.Event()
        sockets = self._resources.enter_context(listening.bound(settings))
        running = server.Server(self.emulator, settings, sockets, lambda url: ready.set())
        self.url = sockets.url
        thread = threading.Thread(target=running.run, name="mock-bitrix", daemon=True)
        thread.start()
        self._resources.callback(thread.join, START_TIMEOUT)
        self._resources.callback(setattr, running, "should_exit", True)
        if not ready.wait(START_TIMEOUT):
            raise RuntimeError("the server did not start")
