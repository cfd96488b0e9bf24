"""Who listens to what, and what handlers were sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mock_bitrix.console.html import Markup, element
from mock_bitrix.console.pieces import cut, moment, opened, pill, pretty, row, table
from mock_bitrix.console.view import View
from mock_bitrix.journal import reading
from mock_bitrix.portal.model import Binding

MOST = 20
"""Deliveries that are shown."""

LONGEST = 100
"""Characters of an address that are shown."""

_BINDING = ("Event", "Application", "Goes to", "Connector", "User")
_DELIVERY = ("Time", "Event", "Application", "Handler", "Status", "Duration", "Letter")


def bindings(view: View) -> Markup:
    """Who listens to what."""
    return table("What is bound", _BINDING, (_binding(view, each) for each in view.bindings))


def deliveries(view: View) -> Markup:
    """The newest letters to handlers, newest first."""
    found = reading.deliveries(view.emulator, view.portal, reading.Wanted(limit=MOST))
    newest = [orjson.loads(orjson.dumps(each)) for each in reversed(found)]
    return table("Newest deliveries", _DELIVERY, (_delivery(each) for each in newest))


def _binding(view: View, binding: Binding) -> Markup:
    link = view.asked.link(emit=binding.event) + "#emit"
    handler = cut(view.without_secrets(_without_password(binding.handler)), LONGEST)
    return row(
        element("a", element("code", binding.event), href=link, title="Emit this event"),
        view.names().get(binding.application_id, "outgoing webhook"),
        pill("queue", "free") if binding.offline else element("code", handler),
        binding.connector or element("i", "none"),
        binding.user_id or "",
        id_=f"binding-{binding.id}",
    )


def _delivery(letter: Mapping[str, Any]) -> Markup:
    status = letter["status"]
    bad = status is None or status >= 400
    return row(
        moment(letter["at"]),
        element("code", letter["event"]),
        letter["client_id"] or "outgoing webhook",
        element("code", cut(_without_password(letter["handler"]), LONGEST)),
        pill(str(status) if status else letter["failure"], "error" if bad else "free"),
        f"{letter['duration'] * 1000:,.1f} ms",
        opened("Body and answer", pretty(letter["body"]), pretty(letter["answer"])),
        id_=f"delivery-{letter['id']}",
    )


def _without_password(address: str) -> str:
    """An address without what stands before the host's name."""
    scheme, marked, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{marked}{host.rpartition('@')[2]}{slash}{path}" if marked else address
