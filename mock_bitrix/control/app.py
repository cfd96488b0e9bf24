"""The control API's application."""

from __future__ import annotations

from fastapi import FastAPI
from pydantic import BaseModel

from mock_bitrix import __version__
from mock_bitrix.emulator import Emulator


class Health(BaseModel):
    """That the server is up, and which version it is."""

    status: str
    version: str


def create_control(emulator: Emulator) -> FastAPI:
    """The control API, with its documentation at `/_mock/docs`."""
    app = FastAPI(title="mock-bitrix control", version=__version__, redoc_url=None)
    app.state.emulator = emulator

    @app.get("/health")
    def health() -> Health:
        """Whether the server answers and its database does."""
        emulator.directory.revised()
        return Health(status="ok", version=__version__)

    return app
