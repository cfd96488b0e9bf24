"""What every control call needs: the emulator, the portal that is meant, an answer."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import Depends, Request, Response

from mock_bitrix.control.problems import NotThere, Wrong
from mock_bitrix.emulator import Emulator
from mock_bitrix.portal.addresses import came_by
from mock_bitrix.portal.model import Application, Portal
from mock_bitrix.portal.paths import hint

DEFAULT = "default"
"""The name of the first portal."""


async def _emulator(request: Request) -> Emulator:
    emulator: Emulator = request.app.state.emulator
    return emulator


async def _address(request: Request) -> str:
    emulator: Emulator = request.app.state.emulator
    return came_by(request.url.scheme, request.headers.get("host", ""), emulator.url)


House = Annotated[Emulator, Depends(_emulator)]
"""The emulator behind the call."""

CameBy = Annotated[str, Depends(_address)]
"""The address under which the caller came: `scheme://host`."""


def portal_named(emulator: Emulator, name: str) -> Portal:
    """The portal with that member_id, or the first for `default`. Raises `NotThere`."""
    directory = emulator.directory.revised()
    found = directory.default() if name == DEFAULT else directory.by_member_id(name)
    if found is None:
        known = [DEFAULT, *(portal.member_id for portal in directory.portals())]
        raise NotThere("portal", name, known if len(known) <= 10 else [])
    return found


def application_named(
    emulator: Emulator, portal: Portal, client_id: str | None, *path: str | int
) -> Application:
    """The portal's application with that client_id; without one, its only one. Raises `Wrong`."""
    applications = emulator.directory.applications(portal)
    if client_id is None and len(applications) == 1:
        return applications[0]
    found = [each for each in applications if each.client_id == client_id]
    if not found:
        names = [each.client_id for each in applications]
        problem = "is missing" if client_id is None else f'"{client_id}" is no application here'
        raise Wrong((*path, "client_id"), problem + hint(client_id or "", names))
    return found[0]


def reply(value: object, status: int = 200) -> Response:
    """A JSON answer, written here and now: in the call's own thread."""
    body = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, media_type="application/json")
