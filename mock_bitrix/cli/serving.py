"""`mock-bitrix serve`."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_bitrix.cli.options import serve_options
from mock_bitrix.settings import Settings

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


@click.command()
@serve_options
def serve(**options: Any) -> None:
    """Start the server."""
    from mock_bitrix import server, starting

    settings = Settings(**options)
    with _database_url(settings) as url, starting.started(settings, url, _say) as emulator:
        server.run(emulator, server.bind(settings), lambda url: _announce(emulator, url))


def _say(line: str) -> None:
    click.echo(f"mock-bitrix: {line}", err=True)


def _announce(emulator: Emulator, url: str) -> None:
    """The ready line, for programs; then what a person needs to begin."""
    from mock_bitrix import starting

    click.echo(f"mock-bitrix ready on {url}")
    for line in starting.introduction(emulator, url):
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
