"""`mock-bitrix serve`."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_bitrix.cli.options import serve_options
from mock_bitrix.cli.progress import Bar
from mock_bitrix.settings import Settings

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.listening import Sockets
    from mock_bitrix.log.log import Log


@click.command()
@serve_options
@click.option("--stop-with-stdin", is_flag=True, hidden=True)
def serve(*, stop_with_stdin: bool, **options: Any) -> None:
    """Start the server."""
    _import_all()
    from mock_bitrix import listening, signals, starting
    from mock_bitrix.log import process

    settings = Settings(**options)
    with contextlib.ExitStack() as stack:
        stack.enter_context(signals.ending_cleanly())
        log = stack.enter_context(process.opened(settings))
        if stop_with_stdin:
            threading.Thread(target=_stop_with_stdin, daemon=True).start()
        sockets = stack.enter_context(listening.bound(settings))
        database_url = stack.enter_context(_database_url(settings))
        emulator = stack.enter_context(
            starting.started(settings, database_url, log.note, Bar("loading rows"))
        )
        stack.enter_context(log.watching(emulator))
        _run(emulator, settings, database_url, sockets, log)


def _import_all() -> None:
    """Import what every server needs; a look for garbage meanwhile finds none and takes long."""
    gc.disable()
    from mock_bitrix import server
    from mock_bitrix.fixture import loading

    assert server
    assert loading
    gc.freeze()
    gc.enable()


def _run(
    emulator: Emulator, settings: Settings, database_url: str, sockets: Sockets, log: Log
) -> None:
    def announce(_url: str) -> None:
        _announce(emulator, sockets, quiet=settings.quiet)

    if settings.workers == 1:
        from mock_bitrix.server import Server

        Server(emulator, settings, sockets, announce).run()
        return
    from mock_bitrix import workers

    emulator.url = settings.public_address or sockets.url
    try:
        workers.run(emulator, settings, database_url, sockets, announce)
    except workers.WorkerLost as error:
        log.say("error", "workers", str(error))
        sys.exit(1)


def _stop_with_stdin() -> None:
    """For whoever starts the server as a part of itself: it never outlives them."""
    while os.read(sys.stdin.fileno(), 4096):  # a read of sys.stdin would hold up the end
        pass
    signal.raise_signal(signal.SIGTERM)


def _announce(emulator: Emulator, sockets: Sockets, *, quiet: bool) -> None:
    """The ready line, for programs; then what a person needs to begin."""
    from mock_bitrix import starting

    click.echo(f"mock-bitrix ready on {sockets.url}")
    if sockets.secure_url:
        click.echo(f"https on {sockets.secure_url}")
    if sockets.proxy_url:
        click.echo(f"proxy on {sockets.proxy_url}")
    for line in () if quiet else starting.introduction(emulator, sockets.url):
        click.echo(line)
    sys.stdout.flush()


@contextlib.contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    """The database to use: the given one, or one that is gone at the end."""
    if settings.database:
        yield settings.database
        return
    with tempfile.TemporaryDirectory(prefix="mock-bitrix-") as directory:
        yield f"sqlite:///{Path(directory) / 'portal.sqlite'}"
