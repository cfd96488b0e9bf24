"""The one plain route that serves every REST call: HTTP in, HTTP out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from mock_bitrix.connection import ANSWER, DROP
from mock_bitrix.rest import dispatch, errors, reply
from mock_bitrix.rest.reading import read
from mock_bitrix.rest.request import Request, address_of

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

QUICK_BODY = 128 * 1024
"""Bytes; reading a larger body may take so long that other calls must not wait for it."""

Answer = Callable[["Emulator", Request], "reply.Reply | dispatch.Answering"]
Step = float | reply.Reply
"""Seconds to wait, or the answer."""


class Endpoint:
    """The REST surface as an ASGI application; with another `answer`, what is called like it."""

    def __init__(self, emulator: Emulator, answer: Answer = dispatch.answer) -> None:
        self._emulator = emulator
        self._answer_to = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["method"] == "OPTIONS":
            await _send(scope, receive, send, reply.Reply(200, reply.COMMON, b""))
            return
        try:
            request = await read(scope, receive)
        except errors.RestError as refusal:
            address = address_of(scope["path"])
            refused = reply.refusal(refusal, address.transport)
            self._emulator.journal.mention_refused(
                address.method or "", refused.status, refused.body
            )
            await _send(scope, receive, send, refused)
        except ClientDisconnect:
            return
        else:
            answered = await self._answer(request, receive)
            if answered.drop or not _sent_at_once(scope, answered):
                await _send(scope, receive, send, answered)

    async def _answer(self, request: Request, receive: Receive) -> reply.Reply:
        """Answer, with the waits that faults order; other calls go on meanwhile."""
        at_once = self._at_once(request)
        begun = self._begin(request) if at_once else await asyncio.to_thread(self._begin, request)
        if isinstance(begun, reply.Reply):
            return begun
        answering, step = begun
        while not isinstance(step, reply.Reply):
            await asyncio.sleep(step)
            there = not await _is_gone(receive)
            going = (answering, there)
            step = _go_on(*going) if at_once else await asyncio.to_thread(_go_on, *going)
        return step

    def _at_once(self, request: Request) -> bool:
        """SQLite answers at once; a database across the network is waited for in a thread."""
        return self._emulator.database.is_sqlite and len(request.body) <= QUICK_BODY

    def _begin(self, request: Request) -> reply.Reply | tuple[dispatch.Answering, Step]:
        """The answer, if it comes at once; else what goes on, and the first wait."""
        answering = self._answer_to(self._emulator, request)
        if isinstance(answering, reply.Reply):
            return answering
        try:
            return answering, next(answering)
        except StopIteration as end:
            return cast("reply.Reply", end.value)


def _go_on(answering: dispatch.Answering, there: bool) -> Step:
    """The next wait, or the answer."""
    try:
        return answering.send(there)
    except StopIteration as end:
        return cast("reply.Reply", end.value)


async def _is_gone(receive: Receive) -> bool:
    """Whether the client has closed the connection."""
    waiting = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    if waiting.done():
        return bool(waiting.result()["type"] == "http.disconnect")
    waiting.cancel()
    return False


async def _drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without an answer."""
    scope["extensions"][DROP]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _sent_at_once(scope: Scope, answer: reply.Reply) -> bool:
    """Send an answer in one piece, past ASGI, where the connection can do that now."""
    whole = scope.get("extensions", {}).get(ANSWER)
    return bool(whole and whole(answer.status, _with_length(answer), answer.body))


async def _send(scope: Scope, receive: Receive, send: Send, answer: reply.Reply) -> None:
    if answer.drop:
        await _drop(scope, receive)
        return
    headers = _with_length(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _with_length(answer: reply.Reply) -> list[tuple[bytes, bytes]]:
    return [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
