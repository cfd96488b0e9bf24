"""What there is to compare with: uvicorn alone, and the bare FastAPI route, with the same bytes."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

from tests.benchmarks.bare_static import BODY, static


def fastapi_application() -> Any:
    """One FastAPI route, as a newcomer writes it, that answers the same bytes."""
    app = FastAPI()

    @app.post("/rest/{method}")
    async def call(method: str, request: Request) -> Response:
        await request.json()
        return Response(BODY, media_type="application/json")

    return app


if __name__ == "__main__":
    served = static if sys.argv[1] == "uvicorn" else fastapi_application()
    uvicorn.run(served, port=int(sys.argv[2]), log_level="critical", access_log=False)
