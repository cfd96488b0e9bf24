"""One server for all workers of pytest-xdist: it runs in the process that directs them.

The first worker that needs it asks for it; it ends with that process, however that happens.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Mapping
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

import pytest

from mock_bitrix.randomness import Randomness
from mock_bitrix.testing.server import MockBitrix

Offer = tuple[str, int, str]
"""Where to ask for the server's address, and the word that lets one in."""

LOOPBACK = "127.0.0.1"


def server_with(options: Mapping[str, Any]) -> MockBitrix:
    """A server, not started yet, with options of `MockBitrix`; `fixtures` is a list of paths."""
    more = {name: value for name, value in options.items() if name != "fixtures"}
    return MockBitrix(*options.get("fixtures", ()), **more)


def offer(config: pytest.Config) -> Offer:
    """Be ready to start a server for this run's workers; the same for each of them."""
    office = config.stash.get(_OFFICE, None)
    if office is None:
        office = config.stash[_OFFICE] = _Office()
        config.add_cleanup(office.close)
    return office.offer


def shared_server(offered: Offer, options: Mapping[str, Any]) -> str:
    """The address of the server that the workers share. Raises what kept it from starting."""
    host, port, word = offered
    with Client((host, port), authkey=word.encode()) as connection:
        connection.send(dict(options))
        answer = connection.recv()
    if isinstance(answer, Exception):
        raise answer
    return str(answer)


class _Office:
    """Waits for workers in a thread of its own; starts the server for the first of them."""

    def __init__(self) -> None:
        word = Randomness().secret(32)
        self._listener = Listener((LOOPBACK, 0), backlog=64, authkey=word.encode())
        self.offer: Offer = (LOOPBACK, self._listener.address[1], word)
        self._server: MockBitrix | None = None
        self._closed = False
        threading.Thread(target=self._serve, name="mock-bitrix office", daemon=True).start()

    def close(self) -> None:
        """Wait for nobody any more; stop the server."""
        self._closed = True
        self._listener.close()
        if self._server:
            self._server.stop()

    def _serve(self) -> None:
        while not self._closed:
            try:
                with self._listener.accept() as connection:
                    self._answer(connection)
            except (OSError, EOFError, multiprocessing.AuthenticationError):
                continue  # closed, or a caller without the word

    def _answer(self, connection: Connection) -> None:
        try:
            connection.send(self._address(connection.recv()))
        except Exception as problem:  # the worker raises it
            connection.send(problem)

    def _address(self, options: Mapping[str, Any]) -> str:
        if self._server is None:
            server = server_with(options)
            server.start()
            self._server = server
        return self._server.url


_OFFICE = pytest.StashKey[_Office]()
