"""`placement.*`: where in the portal's pages an application shows itself."""

from __future__ import annotations

from typing import Any

from mock_bitrix.entities.conditions import Group, Test
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, to_int
from mock_bitrix.portal.placements import SCOPES, places
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.caller import applications
from mock_bitrix.rest.errors import entities as refusals
from mock_bitrix.rest.registry import NoParameters, method
from mock_bitrix.rest.work import Anything, Work, text_of

KIND = known("placement")


def administrator(call: Call) -> None:
    """Administrators only."""
    if not call.caller.user.admin:
        raise errors.AccessDenied


@method("placement.bind", Anything, allowed=[applications, administrator], scopes=["placement"])
def bind(call: Call, wanted: Anything) -> bool:
    """Show the application at a place."""
    place, handler = (_needed(wanted, name) for name in ("PLACEMENT", "HANDLER"))
    work = Work(call)
    with work.change() as room:
        if any(_mine(work, place, handler)):
            raise refusals.PlacementBound
        room.add(
            KIND,
            {
                "APPLICATION_ID": call.application.id,
                "PLACEMENT": place.upper(),
                "HANDLER": handler,
                "USER": to_int(wanted.given.get("USER_ID")),
                "TITLE": text_of(wanted.given.get("TITLE")),
                "DESCRIPTION": text_of(wanted.given.get("DESCRIPTION")),
                "OPTIONS": wanted.given.get("OPTIONS") or [],
                "LANG_ALL": wanted.given.get("LANG_ALL") or [],
            },
        )
    return True


@method("placement.unbind", Anything, allowed=[applications, administrator], scopes=["placement"])
def unbind(call: Call, wanted: Anything) -> dict[str, int]:
    """Show the application there no longer; without a handler, end all at that place."""
    place = _needed(wanted, "PLACEMENT")
    handler = text_of(wanted.given.get("HANDLER")) or None
    work = Work(call)
    with work.change() as room:
        found = _mine(work, place, handler)
        for entity in found:
            room.delete(KIND, entity.id)
    return {"count": 2 * len(found)}  # the real server counts each when found, and when removed


@method("placement.get", NoParameters, allowed=[applications], scopes=["placement"])
def get(call: Call, _: NoParameters) -> list[dict[str, Any]]:
    """Where the application shows itself."""
    return [_shown(entity) for entity in _mine(Work(call))]


@method("placement.list", Anything, allowed=[applications], scopes=["placement"])
def lists(call: Call, wanted: Anything) -> list[str]:
    """The places that there are for the application, for one scope, or (FULL) for all."""
    scope, everything = text_of(wanted.given.get("SCOPE")), _flag(wanted.given.get("FULL"))
    mine = {"placement", *call.caller.scope}
    codes = [scope] if scope else [code for code in SCOPES if everything or code in mine]
    processes = Work(call).room.store.every("crm.type", 0, LARGEST)
    numbers = [to_int(entity.data.get("ENTITY_TYPE_ID")) for entity in processes]
    return [place for code in codes for place in places(code, numbers)]


def _flag(value: object) -> bool:
    return value is True or text_of(value).upper() in ("1", "Y", "TRUE")


def _needed(wanted: Anything, name: str) -> str:
    value = text_of(wanted.given.get(name))
    if not value:
        raise errors.ArgumentEmpty(name)
    return value


def _mine(work: Work, place: str | None = None, handler: str | None = None) -> list[Entity]:
    mine = Test("=", KIND.fields["APPLICATION_ID"], work.call.application.id)
    return [
        entity
        for entity in work.room.matching(KIND, Group((mine,)))
        if place is None or place.upper() == entity.data["PLACEMENT"]
        if handler is None or handler == entity.data["HANDLER"]
    ]


def _shown(entity: Entity) -> dict[str, Any]:
    data = entity.data
    texts = {"TITLE": data["TITLE"], "DESCRIPTION": data["DESCRIPTION"], "GROUP_NAME": ""}
    return {
        "placement": data["PLACEMENT"],
        "userId": data["USER"],
        "handler": data["HANDLER"],
        "options": data["OPTIONS"],
        "title": data["TITLE"],
        "description": data["DESCRIPTION"],
        "langAll": data["LANG_ALL"] or {"en": texts},
    }
