"""Which method answers a call: a named one, a stub of the portal's fixture, or a generic one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select

from mock_bitrix.portal.model import Portal
from mock_bitrix.portal.scopes import GLOBAL
from mock_bitrix.rest import documented, errors, registry
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.errors.entities import Stubbed
from mock_bitrix.rest.registry import Given, Method
from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

NOT_EMULATED = "not emulated; the portal has this method"

_p = schema.portals.c
_extra = Statement(select(_p.extra).where(_p.id == bindparam("portal_id")))


def find(emulator: Emulator, portal: Portal | None, name: str) -> Method | None:
    """The method of that name, in any case, as this portal answers it."""
    found = registry.find(name)
    if found is None and portal is not None:
        found = stubs(emulator, portal).get(name.lower())
    if found is not None:
        return found
    from mock_bitrix.rest import generic  # the start doesn't wait for it

    return generic.find(name)


def unknown(name: str) -> errors.RestError:
    """The refusal of a method that isn't found: it says so if the real portal has it."""
    refusal = errors.MethodNotFound()
    refusal.note = NOT_EMULATED if documented.exists(name) else None
    return refusal


def every(emulator: Emulator, portal: Portal | None) -> list[Method]:
    """All methods that a portal answers: the named ones, the generic ones, its stubs."""
    from mock_bitrix.rest import generic

    known = {method.name.lower(): method for method in reversed(generic.every())}
    if portal is not None:
        known |= stubs(emulator, portal)
    named = registry.every()
    for method in named:
        known.pop(method.name.lower(), None)
    return [*named, *reversed(known.values())]


def stubs(emulator: Emulator, portal: Portal) -> Mapping[str, Method]:
    """The fixed answers of a portal's fixture, as methods, by their names in lower case."""
    return emulator.directory.keep(("stubs", portal.id), _stubs, emulator, portal)


def _stubs(emulator: Emulator, portal: Portal) -> dict[str, Method]:
    rows = emulator.database.run(_extra, portal_id=portal.id)
    extra = orjson.loads(rows[0][0]) if rows else {}
    return {name.lower(): _stub(name, body) for name, body in extra.get("stubs", {}).items()}


def _stub(name: str, body: Mapping[str, Any]) -> Method:
    def run(_: Call, __: Given) -> object:
        """Answer what the fixture says."""
        if "error" in body:
            raise Stubbed(body)
        if "total" in body:
            return Listed(body.get("result"), body["total"], body.get("next"))
        return body.get("result")

    scope = documented.scope_of(name) or GLOBAL
    return Method(name, run, Given, (), () if scope == GLOBAL else (scope,), kind="stub")
