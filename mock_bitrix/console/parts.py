"""What one portal's page shows: the parts that live, and those that only a reload renews."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson

from mock_bitrix.console.html import Markup, element, joined, table
from mock_bitrix.console.rows import PAGE, Wanted, rows
from mock_bitrix.emulator import Emulator
from mock_bitrix.faults.store import Faults
from mock_bitrix.journal import reading
from mock_bitrix.php.dates import iso
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.overview import Choice, Overview, Seen

CALLS = 30
"""Calls that are shown."""

LONGEST = 300
"""Characters of a value that are shown."""

_ROW = ("Id", "State", "Age", "Process id", "Error", "Connector", "Event", "Message id",
        "Application", "Data")  # fmt: skip


def queue(emulator: Emulator, portal: Portal, wanted: Wanted) -> Markup:
    """The queue's figures, and the page of rows that is wanted."""
    counts = Overview(emulator.database, portal).counts(Choice())
    figures = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("free", "reserved", "error"))
    found, now = rows(emulator.database, portal, wanted), portal.clock.now()
    shown = table(f"Queue: {figures}", _ROW, (_row(each, now) for each in found[:PAGE]))
    return joined([shown, _pages(wanted, found)])


def calls(emulator: Emulator, portal: Portal) -> Markup:
    """The newest calls, newest first, with their hints."""
    found = reading.calls(emulator, portal, reading.Wanted(limit=CALLS))
    newest = [orjson.loads(orjson.dumps(each)) for each in reversed(found)]
    heads = ("Id", "Time", "Method", "Status", "Taken", "Left", "Parameters", "Hints")
    return table("Newest calls", heads, (_call(each) for each in newest))


def bindings(emulator: Emulator, portal: Portal) -> Markup:
    """Who listens to what."""
    names = {each.id: each.client_id for each in emulator.directory.applications(portal)}
    found = [
        (each.event, names.get(each.application_id, "outgoing webhook"),
         "offline" if each.offline else each.handler, each.connector)
        for each in emulator.directory.bindings(portal)
    ]  # fmt: skip
    return table("Bindings", ("Event", "Application", "Handler", "Connector"), found)


def faults(emulator: Emulator, portal: Portal) -> Markup:
    """The faults that are ordered."""
    found = [
        (each.fault, each.method, "always" if each.times is None else each.times,
         each.probability, each.when, each.struck)
        for each in Faults(emulator.database, portal).all()
    ]  # fmt: skip
    return table("Faults", ("Fault", "Method", "Times", "Probability", "When", "Struck"), found)


def clock(portal: Portal) -> Markup:
    """The portal's time."""
    state = "frozen" if portal.clock.frozen_at is not None else "running"
    return element("p", f"{iso(portal.clock.now(), portal.zone)} ({state})")


def _row(row: Seen, now: float) -> tuple[object, ...]:
    state = element("span", row.state, class_=f"state {row.state}")
    error = "yes" if row.error else "no"
    age = f"{now - row.written:.0f} s"
    return (row.id, state, age, row.process_id, error, row.connector, row.event,
            row.message_id, row.client_id, element("code", _short(row.data)))  # fmt: skip


def _call(call: dict[str, Any]) -> tuple[object, ...]:
    hints = element("ul", *(element("li", each) for each in call["hints"])) if call["hints"] else ""
    params = element("code", _short(orjson.dumps(call["params"]).decode()))
    return (call["id"], call["at"], call["method"], call["status"], call["taken"], call["left"],
            params, hints)  # fmt: skip


def _pages(wanted: Wanted, found: list[Seen]) -> Markup:
    links: list[Markup] = []
    if wanted.after:
        links.append(_link("First page", replace(wanted, after=0)))
    if len(found) > PAGE:
        links.append(_link("Next page", replace(wanted, after=found[PAGE - 1].id)))
    return element("nav", *links, aria_label="Pages of the queue")


def _link(label: str, wanted: Wanted) -> Markup:
    given = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    query = urlencode({name: value for name, value in given.items() if value})
    return element("a", label, href=f"?{query}")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
