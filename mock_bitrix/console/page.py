"""The console's pages, put together from their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mock_bitrix.console import frame
from mock_bitrix.console.figures import Figures
from mock_bitrix.console.html import Markup, element, joined, void
from mock_bitrix.console.parts import calls, controls, explanation, handlers, queue
from mock_bitrix.console.pieces import number, row, table
from mock_bitrix.console.view import View
from mock_bitrix.emulator import Emulator
from mock_bitrix.portal.model import Portal

MOST = 100
"""Portals that are listed."""

LIVE: dict[str, Callable[[View], Markup]] = {
    "clock": controls.clock_state,
    "queue": queue.listing,
    "calls": calls.listing,
    "deliveries": handlers.deliveries,
    "bindings": handlers.bindings,
    "faults": controls.faults,
}
"""The parts that are renewed while somebody looks."""

_PLACES = {
    "queue": "Queue",
    "calls": "Calls",
    "deliveries": "Deliveries",
    "bindings": "Bindings",
    "explain": "Why empty?",
    "emit": "Emit",
    "clock": "Clock",
    "faults": "Faults",
}


def portals(emulator: Emulator, figures: Figures, search: str, *, signed_in: bool) -> str:
    """The list of portals, newest first, and how many rows their queues hold."""
    known = [each for each in emulator.directory.portals() if search.lower() in _words(each)]
    shown = known[::-1][:MOST]
    lines = [_portal_row(emulator, figures, each) for each in shown]
    heads = ("Portal", "Applications", "Free", "Reserved", "In error", "member_id")
    find = element(
        "form",
        element("label", element("span", "Domain or member_id"),
                void("input", name="search", type="search", value=search, accesskey="s")),
        element("button", "Find"),
        class_="bar", role="search", aria_label="Find a portal",
    )  # fmt: skip
    more = f"The newest {MOST} of {number(len(known), 'portal')}." if len(known) > MOST else ""
    listed = element("div", table("Portals", heads, lines), class_="card")
    inside = (find, element("p", more), listed)
    heading, header = element("h1", "Portals"), _sign_out(signed_in)
    return frame.page("Portals · mock-bitrix", heading, *inside, header=header)


def portal(view: View, *, signed_in: bool) -> str:
    """One portal: its queue and calls on one side, what can be done to it on the other."""
    watch = (
        _section("queue", queue.filter_form(view), _live("queue", view)),
        _section("calls", calls.filter_form(view), _live("calls", view)),
        _section("deliveries", _live("deliveries", view)),
        _section("bindings", _live("bindings", view)),
    )
    act = (
        _section("explain", explanation.question(view), _explained(view)),
        _section("emit", controls.emit(view)),
        _section("clock", controls.clock_forms()),
        _section("faults", _live("faults", view), controls.fault_forms()),
    )
    return frame.page(
        f"{view.portal.domain} · mock-bitrix",
        element("h1", view.portal.domain),
        _facts(view),
        element("p", queue.news(view.contents), id_="news", class_="unseen", role="status"),
        element("noscript", element("p", "Without JavaScript: reload to see what is new; the "
                                    "controls on the clock, faults and events need it.")),
        element("div", element("div", *watch, class_="watch"),
                element("div", *act, class_="act"), class_="columns"),
        header=joined([_header(view), _sign_out(signed_in)]),
        portal=view.portal.member_id,
    )  # fmt: skip


def live(view: View) -> str:
    """Only the parts that are renewed, and the news."""
    news = element("p", queue.news(view.contents), id_="news")
    return joined([news, *(_live(name, view) for name in LIVE)])


def call(view: View, id_: int) -> str | None:
    """One call in full; None where it is not remembered."""
    found = calls.in_full(view, id_)
    if found is None:
        return None
    back = element("a", view.portal.domain, href=f"/console/{view.portal.member_id}")
    title = f"Call {id_}"
    return frame.page(
        f"{title} · mock-bitrix",
        element("h1", title),
        element("p", back),
        element("div", found, class_="card"),
    )


def _portal_row(emulator: Emulator, figures: Figures, portal: Portal) -> Markup:
    contents = figures.of(portal)
    sums = queue.sums(contents)
    return row(
        element("a", portal.domain, href=f"/console/{portal.member_id}"),
        ", ".join(each.client_id for each in emulator.directory.applications(portal)),
        *(f"{each:,}" for each in sums),
        element("code", portal.member_id),
    )


def _words(portal: Portal) -> str:
    return f"{portal.domain} {portal.member_id}".lower()


def _header(view: View) -> Markup:
    links = (element("a", label, href=f"#{place}") for place, label in _PLACES.items())
    pause = element("button", "Pause", id_="pause", type="button", aria_pressed="false",
                    hidden=True, accesskey="p")  # fmt: skip
    state = element("p", id_="connection", role="status")
    aside = element("div", _live("clock", view), state, pause, class_="pulse")
    return joined([element("nav", *links, aria_label="On this page"), aside])


def _sign_out(signed_in: bool) -> Markup:
    """For a browser that has shown the control key."""
    if not signed_in:
        return Markup()
    return element("form", element("button", "Sign out"), method="post", action="/console/sign-out",
                   class_="out")  # fmt: skip


def _facts(view: View) -> Markup:
    portal = view.portal
    facts: Sequence[tuple[str, object]] = (
        ("member_id", element("code", portal.member_id)),
        ("licence", portal.license),
        ("time zone", str(portal.zone)),
        ("applications", ", ".join(view.names().values()) or "none"),
    )
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in facts),
        class_="facts",
    )


def _section(place: str, *inside: Markup) -> Markup:
    title = element("h2", _PLACES[place], id_=f"{place}-title", tabindex="-1")
    return element("section", title, *inside, id_=place, aria_labelledby=f"{place}-title")


def _live(name: str, view: View) -> Markup:
    return element("div", LIVE[name](view), data_live=name, id_=f"live-{name}")


def _explained(view: View) -> Markup:
    return element("div", explanation.answer(view), id_="explained")
