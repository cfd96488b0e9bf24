"""What can be done to a portal: changes that happen, its clock, faults."""

from __future__ import annotations

from collections.abc import Iterator

from mock_bitrix.console.html import Markup, choices, element, joined, void
from mock_bitrix.console.pieces import (
    field,
    indented,
    pill,
    row,
    select,
    suggestions,
    table,
    text,
)
from mock_bitrix.console.view import View
from mock_bitrix.events import catalogue
from mock_bitrix.faults.model import TRANSPORT, Fault, names
from mock_bitrix.faults.store import Faults
from mock_bitrix.php.dates import iso

USUAL = "ONCRMLEADADD"
"""The event that is suggested where nothing is bound."""

_WHEN = {"before": "before the effect", "after": "after it: the answer is lost"}
_STEPS = {"60": "+1 min", "3600": "+1 h", "86400": "+1 d"}


def emit(view: View) -> Markup:
    """A change that happens: any event of the catalogue, with its documented sample."""
    bound = [each.event for each in view.bindings if catalogue.find(each.event)]
    event = view.asked.emit or next(iter(bound), USUAL)
    known = dict.fromkeys([*bound, *catalogue.codes(None)])
    causes = {"": "nobody", **{each: each for each in view.names().values()}}
    more = element(
        "details",
        element("summary", "Who causes it"),
        field("Application", select("client_id", causes)),
        field("Connector", text("auth_connector")),
        field("User id", text("user_id", "0", inputmode="numeric")),
    )
    return form(
        "emit",
        field("Event", text("event", event, list="events", required=True, accesskey="e")),
        field("Data", _data(event), hint="JSON; the documented sample to begin with"),
        more,
        element("button", "Emit"),
        suggestions("events", known),
    )


def sample(event: str) -> str | None:
    """What an event carries, as the documentation shows it; None for an unknown event."""
    found = catalogue.find(event)
    return None if found is None else indented(found.sample)


def clock_state(view: View) -> Markup:
    """The portal's time, and whether it runs."""
    clock = view.portal.clock
    at = iso(clock.now(), view.portal.zone)
    frozen = clock.frozen_at is not None
    state = pill("frozen", "reserved") if frozen else pill("running", "free")
    return element("p", element("time", at.replace("T", " "), datetime=at), " ", state,
                   class_="now")  # fmt: skip


def clock_forms() -> Markup:
    """Moving, stopping and starting the clock."""
    steps = (element("button", label, name="seconds", value=seconds, type="submit")
             for seconds, label in _STEPS.items())  # fmt: skip
    return joined([
        form("advance", *steps, label="Advance by a step"),
        form("advance", field("Seconds", text("seconds", "90", inputmode="decimal", required=True),
                              hint="negative: back"), element("button", "Advance")),
        form("freeze", field("Freeze at", text("at", placeholder="2026-01-02T10:00:00+03:00"),
                             hint="empty: now"), element("button", "Freeze")),
        form("resume", element("button", "Resume")),
    ])  # fmt: skip


def faults(view: View) -> Markup:
    """The faults that are ordered, each with a button that takes it back."""
    found = Faults(view.emulator.database, view.portal).all()
    heads = ("Fault", "Struck", "Take back")
    return table("Ordered faults", heads, (_fault(each) for each in found))


def fault_forms() -> Markup:
    """Ordering a fault, and taking all back."""
    refusals = [each for each in names() if each not in TRANSPORT]
    groups = (
        element("optgroup", choices({each: each for each in TRANSPORT}, ""), label="Transport"),
        element("optgroup", choices({each: each for each in refusals}, ""), label="Refusals"),
    )
    return joined([
        form("fault",
             field("Fault", element("select", *groups, name="fault")),
             field("Method", text("method", "event.offline.*", required=True)),
             field("Times", text("times", "1", inputmode="numeric"), hint="empty: always"),
             field("When", select("when", _WHEN, "before")),
             field("Probability", text("probability", "1", inputmode="decimal")),
             field("Delay", text("delay", inputmode="decimal"), hint="seconds"),
             element("button", "Order")),
        form("heal", element("button", "Take all back")),
    ])  # fmt: skip


def form(action: str, *inside: Markup, label: str | None = None) -> Markup:
    """A form that a script sends to the control API, and where it tells what came of it."""
    told = element("p", class_="told", role="status")
    return element("form", *inside, told, class_="bar", data_action=action, aria_label=label)


def _data(event: str) -> Markup:
    return element("textarea", sample(event) or "", name="data", rows="6", spellcheck="false")


def _fault(fault: Fault) -> Markup:
    struck = f"{fault.struck} of {fault.times}" if fault.times else f"{fault.struck}, no end"
    what = joined([
        element("code", fault.fault), void("br"), "on ", element("code", fault.method),
        *(joined([", ", each]) for each in _circumstances(fault)),
    ])  # fmt: skip
    back = form("remove", element("button", "Take back", aria_label=f"Take back {fault.fault}"))
    return row(what, struck, _numbered(back, fault.id), id_=f"fault-{fault.id}")


def _circumstances(fault: Fault) -> Iterator[str]:
    yield "answer lost" if fault.when == "after" else "before the effect"
    if fault.probability < 1:
        yield f"probability {fault.probability:g}"
    if fault.delay:
        yield f"delay {fault.delay:g} s"


def _numbered(inside: Markup, number: int) -> Markup:
    return element("div", inside, data_number=str(number))
