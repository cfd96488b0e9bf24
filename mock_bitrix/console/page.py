"""The console's pages, put together from their parts."""

from __future__ import annotations

from mock_bitrix.console import parts
from mock_bitrix.console.html import Markup, choices, element, joined, table
from mock_bitrix.console.rows import Wanted
from mock_bitrix.emulator import Emulator
from mock_bitrix.faults.model import names as fault_names
from mock_bitrix.portal.model import Portal

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    # Text from fixtures, events and calls never runs: scripts and styles are files of our own.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
_STATES = {"": "any", "free": "free", "reserved": "reserved", "error": "error"}

_DATA = element("textarea", name="data", rows="2")


def portals(emulator: Emulator) -> str:
    """The list of portals."""
    directory = emulator.directory.revised()
    found = [
        (
            element("a", each.domain, href=f"/console/{each.member_id}"),
            ", ".join(app.client_id for app in directory.applications(each)),
            each.member_id,
        )
        for each in directory.portals()
    ]
    listed = table("Portals", ("Domain", "Applications", "member_id"), found)
    return _page("mock-bitrix", element("h1", "Portals"), listed)


def portal(emulator: Emulator, shown: Portal, wanted: Wanted) -> str:
    """One portal: its queue, calls and bindings, and the controls."""
    live = [
        _live("queue", parts.queue(emulator, shown, wanted)),
        _live("calls", parts.calls(emulator, shown)),
    ]
    body = element(
        "main",
        element("nav", element("a", "All portals", href="/"), aria_label="Portals"),
        element("h1", shown.domain),
        element("p", role="status", aria_live="polite", id="notice"),
        _filter(emulator, shown, wanted),
        *live,
        element("section", parts.bindings(emulator, shown)),
        _controls(emulator, shown),
        data_portal=shown.member_id,
    )
    return _page(shown.domain, body)


def missing() -> str:
    """The page for a portal that isn't there."""
    return _page("No such portal", element("h1", "There is no such portal"),
                 element("a", "All portals", href="/"))  # fmt: skip


def _live(name: str, inside: Markup) -> Markup:
    return element("section", inside, data_live=name)


def _filter(emulator: Emulator, shown: Portal, wanted: Wanted) -> Markup:
    fields = [
        _labelled("State", _select("state", choices(_STATES, wanted.state))),
        _labelled("Application", _applications(emulator, shown, wanted.client_id, {"": "any"})),
        _labelled("Connector", _input("connector", wanted.connector)),
        _labelled("Event", _input("event", wanted.event)),
        _labelled("Message id or data", _input("search", wanted.search)),
        element("button", "Show"),
    ]
    return element("form", *fields, class_="bar", role="search", aria_label="Filter of the queue")


def _controls(emulator: Emulator, shown: Portal) -> Markup:
    faults = choices({name: name for name in fault_names()}, "")
    when = choices({"before": "before the effect", "after": "after it: answer lost"}, "")
    return joined([
        element("h2", "Emit a change"),
        _form("emit", "Emit", _labelled("Event", _input("event", "ONCRMLEADADD")),
              _labelled("Data (JSON; empty: the sample)", _DATA)),
        element("h2", "Clock"),
        element("section", parts.clock(shown), data_live="clock"),
        _form("advance", "Advance", _labelled("Seconds", _input("seconds", "60"))),
        element("div", _form("freeze", "Freeze"), _form("resume", "Resume"), class_="bar"),
        element("h2", "Faults"),
        element("section", parts.faults(emulator, shown), data_live="faults"),
        _form("fault", "Order", _labelled("Fault", _select("fault", faults)),
              _labelled("Method", _input("method", "event.offline.*")),
              _labelled("Times", _input("times", "1")),
              _labelled("When", _select("when", when))),
        _form("heal", "Take all back"),
        element("h2", "Why empty?"),
        _form("explain", "Explain",
              _labelled("Application", _applications(emulator, shown, "", {})),
              _labelled("Connector", _input("auth_connector", ""))),
        element("pre", id="explained", role="status", aria_live="polite"),
    ])  # fmt: skip


def _applications(emulator: Emulator, shown: Portal, chosen: str, first: dict[str, str]) -> Markup:
    names = [each.client_id for each in emulator.directory.applications(shown)]
    return _select("client_id", choices({**first, **{name: name for name in names}}, chosen))


def _form(action: str, label: str, *fields: Markup) -> Markup:
    return element("form", *fields, element("button", label), class_="bar", data_action=action)


def _labelled(label: str, field: Markup) -> Markup:
    return element("label", element("span", label), field)


def _select(name: str, options: Markup) -> Markup:
    return element("select", options, name=name)


def _input(name: str, value: str) -> Markup:
    return Markup(element("input", name=name, value=value).removesuffix("</input>"))


def _page(title: str, *inside: Markup) -> str:
    head = Markup(
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/console/files/console.css">'
        '<script src="/console/files/console.js" defer></script>'
    )
    page = element("html", element("head", head, element("title", title)),
                   element("body", *inside), lang="en")  # fmt: skip
    return f"<!doctype html>{page}"
