"""The queue: how many rows are in which state, a filter, and a page of rows."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from mock_bitrix.console import asked as asking
from mock_bitrix.console.html import Markup, element, joined
from mock_bitrix.console.pieces import (
    buttons,
    cut,
    field,
    line,
    number,
    opened,
    pill,
    pretty,
    process_link,
    row,
    select,
    span,
    suggestions,
    table,
    text,
)
from mock_bitrix.console.rows import PAGE, rows
from mock_bitrix.console.view import View
from mock_bitrix.php.dates import iso
from mock_bitrix.queue.overview import Contents, Seen

_STATES = {"": "any", "free": "free", "reserved": "reserved", "error": "in error"}
_ORDERS = {"": "newest first", "oldest": "oldest first"}
_HEADS = ("Id", "State", "Age", "Owner", "Error", "Connector", "Event", "Message id", "Data")
_APPLICATION = "Application"
"""A column more, before the event, where there is a choice."""


def filter_form(view: View) -> Markup:
    """What rows to show; works without any script."""
    asked = view.asked
    applications = {"": "any", **{each: each for each in view.names().values()}}
    connectors = {"": "any", **{f"={each}": each or "(none)" for each in view.connectors()}}
    fields = (
        field("State", select("state", _STATES, asked.state)),
        field("Application", select("client_id", applications, asked.client_id)),
        field("Connector", select("connector", connectors, asked.connector)),
        field("Event", text("event", asked.event, list="bound-events")),
        field("Process id", text("process", asked.process)),
        field("Search", text("search", asked.search, type="search",
                             placeholder="id or data", accesskey="s")),
        field("Order", select("order", _ORDERS, asked.order)),
        buttons(asked.link(**dict.fromkeys(asking.QUEUE, ""))),
    )  # fmt: skip
    bound = sorted({each.event for each in view.bindings})
    kept = asked.kept(*asking.QUEUE, "emit")
    inside = (*fields, kept, suggestions("bound-events", bound))
    return element("form", *inside, class_="bar grid", role="search", aria_label="Filter the queue")


def listing(view: View) -> Markup:
    """The figures, and the page of rows that is asked for."""
    found, now = rows(view.emulator.database, view.portal, view.asked), view.portal.clock.now()
    lines = (_row(view, each, now) for each in found[:PAGE])
    heads = (*_HEADS[:6], _APPLICATION, *_HEADS[6:]) if len(view.applications) > 1 else _HEADS
    shown = table("Rows of the queue", heads, lines)
    return joined([_figures(view), _by_box(view), shown, _pages(view, found)])


def news(contents: Iterable[Contents]) -> str:
    """The figures in a sentence, for those who can't see them change."""
    free, reserved, error = sums(contents)
    return f"Queue: {free} free, {reserved} reserved, {error} in error."


def _figures(view: View) -> Markup:
    free, reserved, error = sums(view.contents)
    asked = view.asked
    states = (("", "all", free + reserved + error), ("free", "free", free),
              ("reserved", "reserved", reserved), ("error", "in error", error))  # fmt: skip
    links = (
        element(
            "a",
            element("b", f"{count:,}"),
            " ",
            label,
            href=asked.link(state=state, cursor=0),
            class_=f"figure {state}",
            aria_current="true" if asked.state == state else None,
        )
        for state, label, count in states
    )
    return element("nav", *links, class_="figures", aria_label="Rows by state")


def sums(contents: Iterable[Contents]) -> tuple[int, int, int]:
    """How many rows are free, reserved, in error."""
    found = list(contents)
    return (
        sum(each.free for each in found),
        sum(each.reserved for each in found),
        sum(each.error for each in found),
    )


def _by_box(view: View) -> Markup:
    """Where the rows are, once there is more than one place."""
    if len(view.contents) < 2:
        return Markup()
    names = view.names()
    heads = ("Application", "Connector", "Free", "Reserved", "In error")
    lines = (_box(view, each, names.get(each.application_id, "")) for each in view.contents)
    summary = f"By application and connector ({number(len(view.contents), 'queue')})"
    return opened(summary, table("Rows by application and connector", heads, lines))


def _box(view: View, box: Contents, client_id: str) -> Markup:
    asked = view.asked.link(client_id=client_id, connector=f"={box.connector}", cursor=0)
    where = element("a", box.connector or "(none)", href=asked)
    return row(client_id, where, f"{box.free:,}", f"{box.reserved:,}", f"{box.error:,}")


def _row(view: View, seen: Seen, now: float) -> Markup:
    return row(
        seen.id,
        pill(seen.state, seen.state),
        element("time", span(now - seen.written), title=iso(seen.timestamp, view.portal.zone)),
        _owner(view, seen, now),
        pill("error", "error") if seen.error else "no",
        seen.connector or element("i", "none"),
        *((seen.client_id,) if len(view.applications) > 1 else ()),
        element("code", seen.event),
        _message(view.without_secrets(seen.message_id)),
        _data(view, seen),
        id_=f"row-{seen.id}",
    )


def _owner(view: View, seen: Seen, now: float) -> Markup:
    """The process that has reserved it, since when; its rows and calls are a link away."""
    if not seen.process_id:
        return element("i", "nobody")
    link = process_link(view.asked, seen.process_id)
    since = seen.reserved_at
    return joined([link, "" if since is None else f" for {span(now - since)}"])


def _message(message_id: str) -> Markup:
    return element("code", cut(message_id, 11), title=message_id if len(message_id) > 11 else None)


def _data(view: View, seen: Seen) -> Markup:
    data, additional = (view.without_secrets(each) for each in (seen.data, seen.additional))
    if len(data) <= 40 and additional == "false":
        return element("code", data)
    inside = [element("p", "Message id ", element("code", view.without_secrets(seen.message_id))),
              element("p", "Data"), pretty(_decoded(data))]  # fmt: skip
    if additional != "false":
        inside += [element("p", "Additional data"), pretty(_decoded(additional))]
    return opened(element("code", line(data, 60)), *inside)


def _decoded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _pages(view: View, found: list[Seen]) -> Markup:
    asked, links = view.asked, []
    if asked.cursor:
        links.append(element("a", "First page", href=asked.link(cursor=0)))
    if len(found) > PAGE:
        links.append(element("a", "Next page", href=asked.link(cursor=found[PAGE - 1].id)))
    return element("nav", *links, class_="pages", aria_label="Pages of the queue")
