"""The control API's application."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.types import ASGIApp

from mock_bitrix import __version__
from mock_bitrix.control import (
    applications,
    behaviour,
    calls,
    clock,
    documentation,
    environment,
    events,
    explaining,
    faults,
    metrics,
    portals,
    queue,
    tokens,
    waiting,
)
from mock_bitrix.control.bodies import describe_bodies
from mock_bitrix.control.common import House
from mock_bitrix.control.guard import Guard
from mock_bitrix.control.problems import RESPONSES, explain_problems
from mock_bitrix.emulator import Emulator

ROOMS = (
    portals,
    applications,
    events,
    queue,
    explaining,
    waiting,
    clock,
    behaviour,
    tokens,
    faults,
    calls,
    metrics,
    environment,
    documentation,
)


class Health(BaseModel):
    """That the server is up, and which version it is."""

    status: str
    version: str


def create_control(emulator: Emulator) -> FastAPI:
    """The control API, with its documentation at `/docs`; `guarded` says who may use it."""
    app = FastAPI(
        title="mock-bitrix control",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
    )
    app.state.emulator = emulator
    app.get("/health", tags=["server"])(health)
    for room in ROOMS:
        app.include_router(room.router)
    explain_problems(app)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # as FastAPI's guide does it
    return app


def guarded(app: ASGIApp, emulator: Emulator) -> Guard:
    """An application that answers only those who may use the control API."""
    return Guard(app, emulator.settings.control_key, lambda: emulator.url)


def health(emulator: House) -> Health:
    """Whether the server answers and its database does."""
    emulator.directory.revised()
    return Health(status="ok", version=__version__)


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made when first asked for."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        describe_bodies(document)
        document["servers"] = [{"url": "/_mock"}]
        app.openapi_schema = document
    return app.openapi_schema
