"""`feature.get`, `methods`, `method.get`, `scope`, `server.time` (protocol F.6 to F.8)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mock_bitrix.php.dates import iso
from mock_bitrix.portal.scopes import GLOBAL
from mock_bitrix.rest import errors, finding, registry
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.registry import NoParameters, Parameters, method
from mock_bitrix.rest.types import Text, Truthy


class Feature(Parameters):
    """A feature's code."""

    code: Text = Field("", description="the feature's code", examples=["rest_offline_extended"])


class Methods(Parameters):
    """Which methods to name."""

    scope: Text | None = Field(None, description="methods of this scope only; empty: global ones")
    full: Truthy = Field(
        False, description="whether to name those that the caller may not use, too"
    )


class OneMethod(Parameters):
    """A method's name."""

    folds: ClassVar[bool] = False
    name: Text = Field("", description="the method's name, in any case", examples=["event.bind"])


class Scope(Parameters):
    """Whether to name all scopes of the portal."""

    full: Truthy = Field(False, description="whether to name all scopes of the portal")


@method("feature.get", Feature)
def feature(call: Call, wanted: Feature) -> dict[str, str]:
    """Whether the portal's plan has a feature."""
    if wanted.code in ("", "0"):
        raise errors.CodeEmpty
    known = {"rest_offline_extended": True, "rest_auth_connector": True, **call.portal.features}
    return {"value": "Y" if known.get(wanted.code, False) else "N"}


@method("methods", Methods)
def methods(call: Call, wanted: Methods) -> list[str]:
    """The methods that the caller may use; of one scope, or all that there are."""
    every = finding.every(call.emulator, call.portal)
    if wanted.scope is not None:
        return [m.name.lower() for m in every if _is_in(m, wanted.scope)]
    return [m.name.lower() for m in every if wanted.full or _may_use(call, m)]


@method("method.get", OneMethod)
def one_method(call: Call, wanted: OneMethod) -> dict[str, bool]:
    """Whether a method exists, and whether the caller may use it."""
    found = finding.find(call.emulator, call.portal, wanted.name)
    return {
        "isExisting": found is not None,
        "isAvailable": found is not None and _may_use(call, found),
    }


@method("scope", Scope)
def scope(call: Call, wanted: Scope) -> list[str]:
    """The scopes of the caller's token; or all of the portal."""
    if wanted.full:
        return list(call.portal.scopes)
    holder = call.caller.application or call.caller.webhook
    assert holder is not None
    return [code for code in holder.scope if code != GLOBAL]


@method("server.time")
def server_time(call: Call, _: NoParameters) -> str:
    """The portal's time."""
    return iso(call.portal.clock.now(), call.portal.zone)


def _is_in(found: registry.Method, scope_code: str) -> bool:
    if scope_code in ("", GLOBAL):
        return not found.scopes
    return scope_code in found.scopes


def _may_use(call: Call, found: registry.Method) -> bool:
    return not found.scopes or not call.caller.scope.isdisjoint(found.scopes)
