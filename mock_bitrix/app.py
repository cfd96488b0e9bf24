"""The application: wires the rooms, nothing else."""

from __future__ import annotations

import re

from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_bitrix import __version__
from mock_bitrix.control.app import create_control
from mock_bitrix.emulator import Emulator
from mock_bitrix.rest import methods, openapi
from mock_bitrix.rest.endpoint import Endpoint

__all__ = ["create_app", "methods"]

_SLASHES = re.compile("/{2,}")


def create_app(emulator: Emulator) -> FastAPI:
    """The web application that serves an emulator."""
    app = FastAPI(title="mock-bitrix", version=__version__, docs_url=None, redoc_url=None)
    app.router.routes[:0] = [
        Route("/rest", Endpoint(emulator), include_in_schema=False),
        Route("/rest/{call:path}", Endpoint(emulator), include_in_schema=False),
        Mount("/_mock", create_control(emulator)),
    ]
    openapi.describe(app)
    app.add_middleware(SingleSlashes)
    return app


class SingleSlashes:
    """Takes `//rest//method` for `/rest/method`, as the portal's web server does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and "//" in scope["path"]:
            scope = {**scope, "path": _SLASHES.sub("/", scope["path"])}
        await self._app(scope, receive, send)
