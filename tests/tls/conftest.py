"""A tiny application behind https and the proxy, in an event loop of its own, for real clients."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvloop

from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.hosts import Hosts
from mock_bitrix.tls.listeners import HttpsListener, bound_socket
from mock_bitrix.tls.proxy import Proxy

T = TypeVar("T")
Message = MutableMapping[str, Any]


async def echo(scope: Message, receive: Any, send: Any) -> None:
    """Answers with how it was called."""
    assert scope["type"] == "http"
    host = dict(scope["headers"])[b"host"].decode()
    body = json.dumps({"scheme": scope["scheme"], "host": host, "path": scope["path"]}).encode()
    length = str(len(body)).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
    )
    await send({"type": "http.response.body", "body": body})


class Background:
    """An event loop in a thread."""

    def __init__(self, new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self.loop = new_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@dataclass
class Emulator:
    """What a client meets: an authority to trust, an https port, a proxy."""

    authority: Authority
    background: Background
    listener: HttpsListener
    proxy: Proxy

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.open(tmp_path_factory.mktemp("home") / "authority")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that did not sign anything here."""
    return Authority.open(tmp_path_factory.mktemp("stranger") / "authority")


@pytest.fixture(scope="module", params=[asyncio.new_event_loop, uvloop.new_event_loop])
def background(request: pytest.FixtureRequest) -> Iterator[Background]:
    running = Background(request.param)
    yield running
    running.end()


@pytest.fixture(scope="module")
def emulator(authority: Authority, background: Background) -> Iterator[Emulator]:
    listener = HttpsListener(echo, authority.server_context(), bound_socket())
    background.run(listener.start())
    proxy = Proxy(allowed=Hosts().emulates, target=("127.0.0.1", listener.port))
    background.run(proxy.start())
    yield Emulator(authority, background, listener, proxy)
    background.run(proxy.stop())
    background.run(listener.stop())


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "authority"
