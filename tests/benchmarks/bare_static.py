"""An answer that costs nothing to make."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.servers import ANSWER

BODY = ANSWER.read_bytes().strip()


async def static(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI function that reads the request and answers the same bytes."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})
