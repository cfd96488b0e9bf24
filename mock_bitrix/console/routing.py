"""The console's addresses: `/`, a page for each portal, the parts that live, the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from mock_bitrix.console import page, parts
from mock_bitrix.console.rows import Wanted
from mock_bitrix.control.guard import Guard
from mock_bitrix.emulator import Emulator
from mock_bitrix.portal.model import Portal

_STATIC = Path(__file__).with_name("static")
_FILES = {"console.js": "text/javascript", "console.css": "text/css"}
_LARGEST = 2**63 - 1


def routes(emulator: Emulator) -> list[BaseRoute]:
    """The routes of the console, for those only who may use the control API."""
    pages = [
        Route("/", _list(emulator)),
        Route("/console/files/{name}", _file),
        Route("/console/{portal}", _of_portal(emulator, page.portal)),
        Route("/console/{portal}/{part}", _of_portal(emulator, _part)),
    ]
    key = emulator.settings.control_key
    inside = Guard(Starlette(routes=pages), key, lambda: emulator.url)
    paths = ("/", "/console/{rest:path}")
    return [Route(path, inside, include_in_schema=False) for path in paths]


def _list(emulator: Emulator) -> Callable[..., object]:
    async def answer(_: Request) -> Response:
        return _html(await run_in_threadpool(page.portals, emulator))

    return answer


def _of_portal(emulator: Emulator, show: Callable[..., str | None]) -> Callable[..., object]:
    def work(request: Request) -> Response:
        found = emulator.directory.revised().by_member_id(request.path_params["portal"])
        wanted = _wanted(request)
        part = request.path_params.get("part")
        given = (emulator, found, wanted) if part is None else (emulator, found, wanted, part)
        text = show(*given) if found else None
        return _html(page.missing(), 404) if text is None else _html(text)

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(work, request)

    return answer


def _part(emulator: Emulator, portal: Portal, wanted: Wanted, name: str) -> str | None:
    shown: dict[str, Callable[[], str]] = {
        "queue": lambda: parts.queue(emulator, portal, wanted),
        "calls": lambda: parts.calls(emulator, portal),
        "faults": lambda: parts.faults(emulator, portal),
        "clock": lambda: parts.clock(portal),
    }
    return shown[name]() if name in shown else None


def _wanted(request: Request) -> Wanted:
    given = {name: request.query_params.get(name, "").replace("\0", "") for name in _TEXTS}
    after = request.query_params.get("after", "")
    known = after.isascii() and after.isdigit()
    return Wanted(**given, after=min(int(after[:19]), _LARGEST) if known else 0)


_TEXTS = ("state", "client_id", "connector", "event", "search")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response((_STATIC / name).read_bytes(), media_type=_FILES[name], headers=headers)


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, headers=page.HEADERS)
