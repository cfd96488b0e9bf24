"""The newest calls, with what was probably meant; and one call in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_bitrix.console import asked as asking
from mock_bitrix.console.html import Markup, element, joined
from mock_bitrix.console.pieces import (
    buttons,
    cut,
    field,
    indented,
    line,
    moment,
    opened,
    pill,
    pretty,
    process_link,
    row,
    select,
    table,
    text,
)
from mock_bitrix.console.remembered import Call
from mock_bitrix.console.view import View
from mock_bitrix.journal import reading

MOST = 30
"""Calls that are shown."""

LOOKED_AT = 300
"""The newest calls, among which those are looked for that failed or have hints."""

_ONLY = {"": "all", "failed": "failed", "hints": "with hints"}
_HEADS = ("Time", "Method", "Status", "Duration", "Caller", "Taken", "Left", "Process")


def filter_form(view: View) -> Markup:
    """What calls to show; works without any script."""
    asked = view.asked
    fields = (
        field("Method", text("method", asked.method, placeholder="event.offline.*")),
        field("About", text("about", asked.about, type="search", placeholder="id or text")),
        field("Calls", select("only", _ONLY, asked.only)),
        buttons(asked.link(**dict.fromkeys(asking.CALLS, ""))),
    )  # fmt: skip
    inside = (*fields, asked.kept(*asking.CALLS, "emit"))
    return element("form", *inside, class_="bar grid", role="search", aria_label="Filter the calls")


def listing(view: View) -> Markup:
    """The newest calls, newest first: what they were in one line, what to say of them below."""
    return table("Newest calls", _HEADS, (_body(view, each) for each in _newest(view)))


def in_full(view: View, number: int) -> Markup | None:
    """One call with all that is known of it; None where it is not remembered."""
    wanted = reading.Wanted(since=number - 1, until=number)
    found = view.memory.calls.calls(view.portal, wanted)
    if not found:
        return None
    call = found[0]
    return joined([
        table("The call", _HEADS, [element("tbody", _facts(view, call), _below(_hints(call)))]),
        element("h2", "Parameters"), element("pre", indented(call["params"])),
        element("h2", "Answer"), element("pre", indented(call["answer"])),
    ])  # fmt: skip


def _newest(view: View) -> list[Call]:
    asked = view.asked
    limit = LOOKED_AT if asked.only else MOST
    wanted = reading.Wanted(asked.method.lower() or "*", limit=limit, about=asked.about)
    found = view.memory.calls.calls(view.portal, wanted)
    return [call for call in found if _is_meant(call, asked.only)][:MOST]


def _is_meant(call: Call, only: str) -> bool:
    if only == "failed":
        return _failed(call)
    return only != "hints" or bool(call["hints"])


def _failed(call: Call) -> bool:
    return call["status"] is None or call["status"] >= 400 or not call["sent"]


def _body(view: View, call: Call) -> Markup:
    details = opened(
        element("code", line(call["params"])),
        element("p", "Parameters"),
        pretty(call["params"]),
        element("p", "Answer"),
        pretty(call["answer"]),
        element("a", "The whole call", href=_page_of(view, call["id"])),
    )
    below = _below(details, _hints(call))
    return element("tbody", _facts(view, call), below, id_=f"call-{call['id']}")


def _page_of(view: View, number: int) -> str:
    return f"/console/{view.portal.member_id}/calls/{number}"


def _facts(view: View, call: Call) -> Markup:
    return row(
        moment(call["at"]),
        _method(view, call),
        _status(call),
        f"{call['duration'] * 1000:,.1f} ms",
        _caller(call["caller"]),
        call["taken"],
        call["left"],
        _process(view, call),
    )


def _method(view: View, call: Call) -> Markup:
    shown = [element("code", cut(call["method"], 80) or "(none)")]
    if call["batch"] is not None:
        batch = _page_of(view, call["batch"])
        shown.append(element("a", "in a batch", href=batch, class_="pill plain"))
    if call["generic"]:
        shown.append(pill("generic", "plain"))
    return element("span", *shown, class_="pills")


def _status(call: Call) -> Markup:
    status = call["status"]
    shown = [pill(str(status or "no answer"), "error" if _failed(call) else "free")]
    if call["fault"]:
        shown.append(pill(f"fault {call['fault']}", "reserved"))
    if not call["sent"]:
        shown.append(pill("answer lost", "error"))
    return element("span", *shown, class_="pills")


def _caller(caller: Mapping[str, Any] | None) -> str:
    if caller is None:
        return "unknown"
    who = caller["client_id"] or f"webhook {caller['webhook']}"
    under = f", {caller['auth_connector']}" if caller["auth_connector"] else ""
    return f"{who}, user {caller['user_id']}{under}"


def _process(view: View, call: Call) -> Markup:
    """The reservation that a call made or speaks of: its rows and calls are a link away."""
    process = _process_id(call)
    return Markup() if process is None else process_link(view.asked, process)


def _process_id(call: Call) -> str | None:
    answer = call["answer"]
    result = answer.get("result") if isinstance(answer, dict) else None
    given = next((v for k, v in call["params"].items() if k.lower() == "process_id"), None)
    made = result.get("process_id") if isinstance(result, dict) else None
    return next((each for each in (made, given) if isinstance(each, str) and each), None)


def _below(*inside: Markup) -> Markup:
    """The second row of a call, which stays in the window however wide the table is."""
    inner = element("div", *inside, class_="below")
    return element("tr", element("td", inner, colspan=str(len(_HEADS))))


def _hints(call: Call) -> Markup:
    """What a refusal said, and what was probably meant."""
    answer, said = call["answer"], Markup()
    if _failed(call) and isinstance(answer, dict) and "error" in answer:
        texts = (answer["error"], answer.get("error_description"))
        told = ": ".join(str(each) for each in texts if each)
        said = element("p", cut(told, 300), class_="refusal")
    hints = [element("li", each) for each in call["hints"]]
    return joined([said, element("ul", *hints, class_="hints") if hints else ""])
