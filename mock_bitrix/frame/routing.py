"""The addresses of the frame: a page, its commands, its files, the script for applications."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mock_bitrix.frame import commands, page
from mock_bitrix.frame.files import SCRIPT_HEADERS, STATIC_FILES, script
from mock_bitrix.frame.store import open_frame
from mock_bitrix.frame.telling import door, opening
from mock_bitrix.frame.visit import NotShown, address_of, visit
from mock_bitrix.portal.addresses import came_by
from mock_bitrix.portal.choosing import may_use
from mock_bitrix.rest.failures import refusal_of

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

LARGEST_BODY = 1024 * 1024
"""Bytes of a command with its parameters."""

Result = TypeVar("Result")
Handler = Callable[[Request], Awaitable[Response]]


def routes(emulator: Emulator) -> list[BaseRoute]:
    """All addresses of the frame."""
    return [
        _route("/marketplace/app/{client_id}/", functools.partial(_page, emulator), "GET"),
        _route("/marketplace/frame/{command}", functools.partial(_command, emulator), "POST"),
        _route("/marketplace/static/{name}", _file, "GET"),
        _route("/api/v1/", _script, "GET"),
    ]


def _route(path: str, handler: Handler, method: str) -> Route:
    return Route(path, handler, methods=[method], include_in_schema=False)


async def _page(emulator: Emulator, request: Request) -> Response:
    try:
        return HTMLResponse(await _run(emulator, _shown, emulator, request), headers=page.HEADERS)
    except Exception as failure:
        text, status = _refusal(failure)
        return HTMLResponse(page.refused(text), status, page.HEADERS)


def _shown(emulator: Emulator, request: Request) -> str:
    query, host = request.query_params, request.headers.get("host", "")
    found = visit(emulator, request.path_params["client_id"], host, query.get("user", ""))
    address_of(found.application)  # before tokens are issued for nothing
    placement, options = query.get("placement") or "DEFAULT", _options(query)
    frame = open_frame(emulator.database, found, placement, options)
    at = door(found.portal, _address(emulator, request), emulator.hosts)
    opened = opening(found, frame, at)
    users = [
        each for each in emulator.directory.users(found.portal) if may_use(found.application, each)
    ]
    return page.shown(found, frame, users, opened)


def _options(query: Any) -> dict[str, object]:
    try:
        options = json.loads(query.get("placement_options") or "{}")
    except (ValueError, RecursionError):
        options = None
    if not isinstance(options, dict):
        raise NotShown("placement_options is no JSON object.", 400)
    return options


async def _command(emulator: Emulator, request: Request) -> Response:
    try:
        app_sid, params = await _asked(request)
        name, address = request.path_params["command"], _address(emulator, request)
        given = (emulator, name, app_sid, params, address)
        return JSONResponse({"result": await _run(emulator, commands.answer, *given)})
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception as failure:
        text, status = _refusal(failure)
        return JSONResponse({"error": text}, status)


async def _asked(request: Request) -> tuple[str, Any]:
    """A command of our own page: no other page may send one, whatever it knows."""
    headers = request.headers
    own = headers.get("origin", "").partition("://")[2] == headers.get("host")
    is_json = headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    if not own or not is_json:
        raise NotShown("Only the portal's own page may send this.", 403)
    try:
        body = json.loads(await _body(request))
        return str(body["app_sid"]), body.get("params")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotShown("Expected a JSON object with app_sid and params.", 400) from error


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise NotShown("The parameters are too large.", 413)
    return body


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC_FILES:
        return Response(status_code=404)
    path, kind = STATIC_FILES[name]
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response(path.read_bytes(), media_type=kind, headers=headers)


async def _script(_: Request) -> Response:
    return Response(script(), media_type="text/javascript", headers=SCRIPT_HEADERS)


def _address(emulator: Emulator, request: Request) -> str:
    return came_by(request.scope["scheme"], request.headers.get("host", ""), emulator.url)


async def _run(emulator: Emulator, work: Callable[..., Result], *given: Any) -> Result:
    """SQLite answers at once; a database across the network is waited for in a thread."""
    if emulator.database.is_sqlite:
        return work(*given)
    return await asyncio.to_thread(work, *given)


def _refusal(failure: Exception) -> tuple[str, int]:
    if isinstance(failure, NotShown):
        return str(failure), failure.status
    refusal = refusal_of(failure)
    return refusal.text, refusal.status
