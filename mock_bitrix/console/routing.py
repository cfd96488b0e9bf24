"""The console's addresses: `/`, a page for each portal, its parts that live, files, the door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from mock_bitrix.console import frame, page
from mock_bitrix.console.asked import LARGEST, asked
from mock_bitrix.console.figures import Figures
from mock_bitrix.console.parts import controls
from mock_bitrix.console.remembered import Remembered
from mock_bitrix.console.sign_in import OUT, PATH, Door
from mock_bitrix.console.view import Memory, View, look
from mock_bitrix.control.guard import Guard
from mock_bitrix.control.session import NAME
from mock_bitrix.emulator import Emulator

Answering = Callable[[Request], Awaitable[Response]]

_STATIC = Path(__file__).with_name("static")
_FILES = {
    "console.js": "text/javascript",
    "actions.js": "text/javascript",
    "morph.js": "text/javascript",
    "console.css": "text/css",
}


def routes(emulator: Emulator) -> list[BaseRoute]:
    """The routes of the console, for those only who may use the control API."""
    key = emulator.settings.control_key
    door, console = Door(key), Console(emulator)
    asking = Starlette(routes=[Route("/{rest:path}", door.ask)])
    inside = Guard(Starlette(routes=console.routes()), key, lambda: emulator.url, asking)
    return [
        Route(PATH, door.enter, methods=["POST"], include_in_schema=False),
        Route(OUT, door.leave, methods=["POST"], include_in_schema=False),
        Route("/console/files/{name}", _file, include_in_schema=False),
        Route("/", inside, include_in_schema=False),
        Route("/console/{rest:path}", inside, include_in_schema=False),
    ]


class Console:
    """Pages on demand, made one after the other in a thread of their own.

    However many people look on and however large the queues are, calls have the rest of the
    machine; and what the thread knows of the database changes only when others write.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._memory = Memory(Figures(emulator.database), Remembered(emulator))
        self._thread = ThreadPoolExecutor(1, "mock-bitrix-console")

    def routes(self) -> list[BaseRoute]:
        """What is shown to those who may see it."""
        return [
            Route("/", self._answering(self._portals)),
            Route(PATH, _home),
            Route("/console/samples/{event}", self._answering(_sample)),
            Route(
                "/console/{portal}",
                self._portal(_page),
            ),
            Route(
                "/console/{portal}/live",
                self._portal(_live),
            ),
            Route("/console/{portal}/calls/{call}", self._portal(_call)),
            Route("/{rest:path}", self._answering(_nothing)),
        ]

    def _answering(self, make: Callable[[Request], Response]) -> Answering:
        async def answer(request: Request) -> Response:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, make, request)

        return answer

    def _portals(self, request: Request) -> Response:
        self._emulator.directory.revised()
        search = request.query_params.get("search", "")
        signed_in = NAME in request.cookies
        return _html(
            page.portals(self._emulator, self._memory.figures, search, signed_in=signed_in)
        )

    def _portal(self, show: Callable[[View, Request], str | None]) -> Answering:
        def make(request: Request) -> Response:
            name = request.path_params["portal"]
            found = self._emulator.directory.revised().by_member_id(name)
            if found is None:
                return _missing("portal")
            view = look(self._emulator, self._memory, found, asked(request.query_params))
            text = show(view, request)
            return _missing("call") if text is None else _html(text)

        return self._answering(make)


def _page(view: View, request: Request) -> str:
    return page.portal(view, signed_in=NAME in request.cookies)


def _live(view: View, _: Request) -> str:
    return page.live(view)


def _call(view: View, request: Request) -> str | None:
    given = request.path_params["call"]
    known = given.isascii() and given.isdigit() and 0 < int(given[:20]) <= LARGEST
    return page.call(view, int(given[:20])) if known else None


def _sample(request: Request) -> Response:
    found = controls.sample(request.path_params["event"])
    return PlainTextResponse(found or "", 404 if found is None else 200, headers=frame.HEADERS)


def _nothing(_: Request) -> Response:
    return _missing("page")


async def _home(_: Request) -> Response:
    return RedirectResponse("/", 303)


def _missing(what: str) -> Response:
    return _html(frame.problem(f"No such {what}", f"There is no such {what}."), 404)


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, headers=frame.HEADERS)


async def _file(request: Request) -> Response:
    """A script or a style: no secret, and the door needs them, too."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response((_STATIC / name).read_bytes(), media_type=_FILES[name], headers=headers)
