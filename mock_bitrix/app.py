"""The application: wires the rooms, nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from fastapi import FastAPI
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_bitrix import __version__
from mock_bitrix.emulator import Emulator
from mock_bitrix.log.failures import described
from mock_bitrix.oauth import app_info, authorize, token
from mock_bitrix.portal.addresses import without_port
from mock_bitrix.rest import methods, openapi
from mock_bitrix.rest.endpoint import Endpoint

__all__ = ["create_app", "methods"]

logger = logging.getLogger("mock_bitrix.app")
Along = TypeVar("Along", Mount, Route)

_SLASHES = re.compile("/{2,}")


class WebApplication(FastAPI):
    """FastAPI, which passes a REST call on to its route past the layers made for other routes.

    The route answers whatever goes wrong by itself, and the layers take as long as a third of it.
    """

    def __init__(self, rest: ASGIApp) -> None:
        super().__init__(title="mock-bitrix", version=__version__, docs_url=None, redoc_url=None)
        self._rest = rest

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:  # type: ignore[override]  # a step less than a coroutine
        """Serve a request."""
        plain = scope["type"] == "http" and scope["path"].startswith("/rest/")
        return (self._rest if plain else super().__call__)(scope, receive, send)


def create_app(emulator: Emulator) -> FastAPI:
    """The web application that serves an emulator."""
    rest = ByHost(emulator, Endpoint(emulator, app_info.answer), Endpoint(emulator))
    app = WebApplication(rest)
    app.router.routes[:0] = [
        _whatever(Route("/rest/{call:path}", rest, include_in_schema=False)),
        Route("/rest", rest, include_in_schema=False),
        *_both("/oauth/authorize", Endpoint(emulator, authorize.answer)),
        *_both("/oauth/token", Endpoint(emulator, token.answer)),
        _whatever(Mount("/_mock", Lazily(lambda: _control(emulator)))),
    ]
    app.router.default = Lazily(lambda: _pages(emulator))
    openapi.describe(app)
    app.add_middleware(SingleSlashes)
    return app


def _control(emulator: Emulator) -> ASGIApp:
    from mock_bitrix.control.app import create_control, guarded

    return guarded(create_control(emulator), emulator)


def _pages(emulator: Emulator) -> ASGIApp:
    from mock_bitrix.console import routing as console
    from mock_bitrix.frame import routing as frame

    return Router(routes=[*frame.routes(emulator), *console.routes(emulator)])


def _whatever(route: Along) -> Along:
    """The route, also for paths with a line feed in them."""
    route.path_regex = re.compile(route.path_regex.pattern, re.DOTALL)
    return route


def _both(path: str, endpoint: ASGIApp) -> list[Route]:
    return [Route(each, endpoint, include_in_schema=False) for each in (path, f"{path}/")]


class Lazily:
    """An application that is made when it is first called: the start doesn't wait for it."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if self._made is None:
            self._made = self._make()
        await self._made(scope, receive, send)


class ByHost:
    """Lets one application answer at the authorisation servers' names, another one elsewhere."""

    def __init__(self, emulator: Emulator, authorisation: ASGIApp, portals: ASGIApp) -> None:
        def is_authorisation(host: bytes) -> bool:
            return emulator.hosts.authorises(without_port(host.decode("latin-1")))

        self._is_authorisation = lru_cache(maxsize=64)(is_authorisation)
        self._authorisation = authorisation
        self._portals = portals

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on."""
        named = self._is_authorisation(_host(scope["headers"]))
        return (self._authorisation if named else self._portals)(scope, receive, send)


def _host(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    for name, value in headers:
        if name == b"host":
            return value
    return b""


class Unfailing:
    """Tells the log where a request failed that the application has answered with 500.

    Whoever else logs it, shows values with it, and tokens among them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        try:
            await self._app(scope, receive, send)
        except Exception as failure:
            logger.error("a request failed: %s", described(failure))


class SingleSlashes:
    """Takes `//rest//method` for `/rest/method`, as the portal's web server does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and "//" in scope["path"]:
            scope = {**scope, "path": _SLASHES.sub("/", scope["path"])}
        await self._app(scope, receive, send)
