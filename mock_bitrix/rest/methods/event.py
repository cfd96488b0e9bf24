"""`event.bind`, `event.unbind`, `event.get`, `events`, `event.test` (protocol F.1 to F.5)."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field

from mock_bitrix.events import catalogue
from mock_bitrix.php.values import Value, to_int, to_text
from mock_bitrix.portal.bindings import Bindings
from mock_bitrix.portal.model import OFFLINE, Binding
from mock_bitrix.portal.scopes import GLOBAL, with_aliases
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.caller import applications
from mock_bitrix.rest.registry import NoParameters, Parameters, method
from mock_bitrix.rest.types import Text, Truthy

OFFLINE_NOTICE = "ONOFFLINEEVENT"


class Subscription(Parameters):
    """What to subscribe to, or to end: an event, and a handler or the queue."""

    event: Text = Field("", description="the event's code, in any case", examples=["ONCRMLEADADD"])
    handler: Text = Field("", description="the address to be called; not for offline")
    event_type: Text = Field(
        "online",
        description="`online`: the handler is called; `offline`: the queue takes it",
        examples=["offline"],
    )
    auth_type: object = Field(None, description="the user whose tokens the handler gets, by id")
    options: object = Field(
        None, description="`minTimeout`, of ONOFFLINEEVENT: seconds between two notices"
    )

    @property
    def code(self) -> str:
        """The event's code, in upper case. Raises `ArgumentEmpty`."""
        if not self.event:
            raise errors.ArgumentEmpty("EVENT")
        return self.event.upper()

    @property
    def offline(self) -> bool:
        """Whether the queue is meant. Raises `NotEventType`."""
        if self.event_type.lower() not in ("online", "offline"):
            raise errors.NotEventType
        return self.event_type.lower() == "offline"

    def min_timeout(self) -> dict[str, object]:
        """The options that are kept: of ONOFFLINEEVENT, and only this one."""
        given = self.options.get("minTimeout") if isinstance(self.options, dict) else None
        if given is None or self.event.upper() != OFFLINE_NOTICE:
            return {}
        return {"minTimeout": to_int(given)}


class Events(Parameters):
    """Which events to name."""

    scope: Text | None = Field(None, description="events of this scope only; empty: global ones")
    full: Truthy = Field(False, description="whether to name the events of every scope")


@method("event.bind", Subscription, allowed=[applications])
def bind(call: Call, wanted: Subscription) -> bool:
    """Subscribe the application to an event: by a handler's address, or offline to the queue."""
    user_id = _bound_user(call, wanted)
    code, offline = wanted.code, wanted.offline
    handler = OFFLINE if offline else wanted.handler
    if offline and not call.caller.user.admin:
        raise errors.BindOffline
    if not offline:
        _check_handler(call, handler)
    _check_event(call, code, offline=offline)
    added = _bindings(call).add(
        code,
        handler,
        user_id=0 if offline else user_id,
        connector=call.caller.connector,
        options=wanted.min_timeout(),
    )
    if not added:
        raise errors.AlreadyBound
    return True


@method("event.unbind", Subscription, allowed=[applications])
def unbind(call: Call, wanted: Subscription) -> dict[str, int]:
    """End a subscription. Records that are queued already stay."""
    code = wanted.code
    if wanted.offline:
        if not call.caller.user.admin:
            raise errors.UnbindOffline
        return {"count": _bindings(call).remove(code, OFFLINE, connector=call.caller.connector)}
    if not wanted.handler:
        raise errors.ArgumentEmpty("HANDLER")
    user_id = _unbound_user(call, wanted)
    return {"count": _bindings(call).remove(code, wanted.handler, user_id=user_id)}


@method("event.get", NoParameters, allowed=[applications])
def get(call: Call, _: NoParameters) -> list[dict[str, object]]:
    """The application's subscriptions; those of all users for administrators only."""
    user = call.caller.user
    return [
        _shown(binding)
        for binding in call.emulator.directory.revised().bindings(call.portal)
        if binding.application_id == call.application.id
        and (user.admin or binding.user_id == user.id)
    ]


@method("events", Events, allowed=[applications])
def events(call: Call, wanted: Events) -> list[str]:
    """The events that can be subscribed to."""
    if wanted.scope is not None:
        return catalogue.of_scope(wanted.scope or GLOBAL)
    return catalogue.codes(None if wanted.full else call.application.scope)


class Anything(Parameters):
    """Whatever the caller sends."""

    given: dict[str, object]

    @classmethod
    def read(cls, given: dict[str, Value]) -> Anything:
        """The parameters as they are."""
        return cls.model_construct(given=dict(given))


@method("event.test", Anything, allowed=[applications])
def test(call: Call, query: Anything) -> int:
    """Fire ONAPPTEST for the application itself, with the given parameters as its data."""
    data = {"QUERY": query.given, "LANGUAGE_ID": call.portal.language}
    call.happened("ONAPPTEST", data, only=call.application.id)
    return 1


def _bindings(call: Call) -> Bindings:
    return Bindings(call.emulator.database, call.portal, call.application.id)


def _bound_user(call: Call, wanted: Subscription) -> int:
    """Whose tokens the handler gets; 0: of whoever causes the event (protocol F.1 row 1)."""
    asked = max(to_int(wanted.auth_type), 0)
    user = call.caller.user
    if user.admin:
        return asked
    if asked and asked != user.id:
        raise errors.BindForOthers
    return user.id


def _unbound_user(call: Call, wanted: Subscription) -> int | None:
    """Whose binding ends; None: everybody's (protocol F.2)."""
    user, given = call.caller.user, wanted.auth_type
    if user.admin:
        return None if given is None else to_int(given)
    if given is not None and (type(given) is not int or given != user.id):
        raise errors.UnbindForOthers
    return user.id


def _check_handler(call: Call, handler: str) -> None:
    """Protocol F.1 rows 5 to 7."""
    if not handler:
        raise errors.ArgumentEmpty("HANDLER")
    try:
        parts = urlsplit(handler)
        host = parts.hostname or ""
    except ValueError as error:
        raise errors.WrongHandlerUrl from error
    dotted = "." in host.strip(".")
    if not host or (call.portal.switches.handler_hosts == "dotted" and not dotted):
        raise errors.WrongHandlerUrl
    if parts.scheme.lower() not in ("http", "https"):
        raise errors.UnsupportedProtocol


def _check_event(call: Call, code: str, *, offline: bool) -> None:
    """Protocol F.1 row 9, then row 8."""
    event = catalogue.find(code)
    if event is None or event.scope not in (GLOBAL, *with_aliases(call.application.scope)):
        raise errors.EventNotFound
    if offline and not event.offline:
        raise errors.NotOffline


def _shown(binding: Binding) -> dict[str, object]:
    if binding.offline:
        return {"event": binding.event, "connector_id": binding.connector, "offline": 1}
    return {
        "event": binding.event,
        "handler": binding.handler,
        "auth_type": to_text(binding.user_id),
        "offline": 0,
    }
