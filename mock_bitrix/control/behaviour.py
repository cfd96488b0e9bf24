"""How the portal behaves: the switches of its profile, the features of its plan."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from fastapi import APIRouter, Response

from mock_bitrix.control.bodies import Raw, takes
from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.control.problems import Wrong
from mock_bitrix.portal.changing import change_features, change_switches
from mock_bitrix.portal.paths import hint
from mock_bitrix.profiles import UnknownSwitch, names, switches_of

router = APIRouter(tags=["behaviour"])

SwitchValues = dict[str, str | float | bool | None]
Features = dict[str, bool]


@router.get("/portals/{portal}/switches", response_model=SwitchValues)
def show_switches(emulator: House, portal: str) -> Response:
    """Every switch of the portal, as it is now."""
    return reply(asdict(portal_named(emulator, portal).switches))


@router.put(
    "/portals/{portal}/switches", response_model=SwitchValues, openapi_extra=takes(SwitchValues)
)
def set_switches(emulator: House, portal: str, body: Raw) -> Response:
    """Set single switches, `{"fresh_filter": "strict"}`; null: as the profile has it."""
    given = _map(body)
    for name, value in given.items():
        _check_switch(name, value)
    target = portal_named(emulator, portal)
    change_switches(emulator.database, target, given)
    return reply(asdict(portal_named(emulator, target.member_id).switches))


@router.get("/portals/{portal}/features", response_model=Features)
def show_features(emulator: House, portal: str) -> Response:
    """The features of the portal's plan."""
    return reply(dict(portal_named(emulator, portal).features))


@router.put("/portals/{portal}/features", response_model=Features, openapi_extra=takes(Features))
def set_features(emulator: House, portal: str, body: Raw) -> Response:
    """Switch features on and off, `{"rest_auth_connector": false}`."""
    given = _map(body)
    for name, value in given.items():
        if not isinstance(value, bool):
            raise Wrong((name,), "expected true or false")
    target = portal_named(emulator, portal)
    change_features(emulator.database, target, given)
    return reply(dict(portal_named(emulator, target.member_id).features))


def _map(body: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Wrong((), f"the body is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise Wrong((), "expected a map of names and values")
    return given


def _check_switch(name: str, value: object) -> None:
    if name not in names():
        raise Wrong((name,), f"is no switch{hint(name, names())}")
    if value is None:
        return
    try:
        switches_of("docs", {name: value})
    except UnknownSwitch as error:
        raise Wrong((name,), str(error)) from error
