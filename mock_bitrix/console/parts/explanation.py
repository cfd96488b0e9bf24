"""Why a take gives nothing, or what it gives: where every row is, in sentences that add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from mock_bitrix.console import asked as asking
from mock_bitrix.console.html import Markup, element, joined, safe
from mock_bitrix.console.pieces import field, number, process_link, row, select, span, table, text
from mock_bitrix.console.view import View
from mock_bitrix.portal.model import Application
from mock_bitrix.queue.explaining import Explanation, Reserved, explain
from mock_bitrix.queue.queue import Box
from mock_bitrix.queue.selection import Condition, SelectionError
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.methods.event_offline import Take


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that have something in common, and what that means for a take."""

    count: int
    meaning: object


def question(view: View) -> Markup:
    """For which take; works without any script."""
    asked = view.asked
    applications = {each: each for each in view.names().values()}
    connectors = {each: each or "(none)" for each in ["", *view.connectors()]}
    failed = {"": "good rows", "1": "rows in error (error=1)"}
    inside = (
        field(
            "Application", select("why", applications, asked.why or next(iter(applications), ""))
        ),
        field("Connector", select("under", connectors, asked.under or _likely(view))),
        field("Takes", select("failed", failed, asked.failed)),
        field("Filter", text("filter", asked.filter, placeholder='{">=ID": 5}'), hint="JSON"),
        element("button", "Explain"),
        asked.kept(*asking.EXPLANATION, "emit"),
    )
    return element("form", *inside, class_="bar", aria_label="Explain a take")


def _likely(view: View) -> str:
    """The connector under which most rows are, until somebody has asked."""
    by_size = sorted(view.contents, key=lambda each: each.total)
    return by_size[-1].connector if by_size and not view.asked.why else ""


def answer(view: View) -> Markup:
    """Where the rows are, seen by the take that is asked about; nothing where none is."""
    asked = view.asked
    application = next((each for each in view.applications if each.client_id == asked.why), None)
    if not asked.why:
        return Markup()
    if application is None:
        return _problem(f"There is no application {asked.why} here.")
    box = Box(view.portal, application.id, asked.under)
    try:
        conditions = _conditions(asked.filter)
        found = explain(view.emulator.database, box, conditions, error=asked.failed == "1")
    except (SelectionError, RestError) as failure:
        return _problem(f"The filter is refused: {refusal_of(failure).text}")
    except ValueError:
        return _problem('The filter is no JSON object; expected one such as {">=ID": 5}.')
    return _account(view, application, found)


def parts(view: View, found: Explanation) -> Iterator[Part]:
    """Every part that has rows."""
    yield from (part for part in _all_parts(view, found) if part.count)


def _all_parts(view: View, found: Explanation) -> Iterator[Part]:
    asked = view.asked
    yield Part(found.free, "free: a take gives them, up to its limit")
    for holder in found.reserved:
        yield Part(holder.count, _held(view, holder))
    yield Part(found.error, _other_state(asked.failed == "1"))
    for connector, count in found.other_connector.items():
        yield Part(count, _elsewhere(view, connector))
    for condition, count in found.filtered:
        yield Part(count, joined(["left out by the condition ", element("code", _said(condition))]))
    yield Part(found.delayed, "not visible yet: the portal has visibility_delay")
    yield Part(found.expired, "expired: older than the portal keeps rows")


def _held(view: View, holder: Reserved) -> Markup:
    link = process_link(view.asked, holder.process_id)
    until = "until that process clears them, marks them, or reads them again"
    return joined(["reserved by ", link, f" for {span(holder.age)}: they stay so {until}"])


def _other_state(failed: bool) -> str:
    if failed:
        return "not in error: a take without error=1 gives them"
    return "in error: they come with error=1 only, and take in later changes of the same message"


def _elsewhere(view: View, connector: str) -> Markup:
    link = element("a", connector or "no connector",
                   href=view.asked.link(connector=f"={connector}", cursor=0))  # fmt: skip
    how = f"with auth_connector={connector}" if connector else "without auth_connector"
    return joined(["under ", link, f": only a take {how} gives them"])


def _said(condition: Condition) -> str:
    return condition.operator + condition.field


def _account(view: View, application: Application, found: Explanation) -> Markup:
    shown = list(parts(view, found))
    lines = [row(f"{part.count:,}", part.meaning) for part in shown]
    total = element("tr", element("td", f"{sum(part.count for part in shown):,}"),
                    element("td", "in all"))  # fmt: skip
    where = table("Where the rows are", ("Rows", "What they are"), lines, element("tfoot", total))
    remarks = [element("li", each) for each in _remarks(view, application)]
    return joined([
        element("p", element("strong", _summary(found)), " ", safe(_of_which(view, application))),
        where if found.total else "",
        element("ul", *remarks, class_="hints") if remarks else "",
    ])  # fmt: skip


def _summary(found: Explanation) -> str:
    if found.free:
        return f"A take gives up to {number(found.free, 'row')} of {found.total:,}."
    if found.total:
        return f"A take gives nothing, though there are {number(found.total, 'row')}."
    return "A take gives nothing: the queue is empty."


def _of_which(view: View, application: Application) -> str:
    under = f"under {view.asked.under}" if view.asked.under else "without a connector"
    return f"Seen by {application.client_id}, {under}."


def _remarks(view: View, application: Application) -> Iterator[str]:
    """What keeps changes from coming, or callers from taking."""
    bound = [
        each for each in view.bindings if each.offline and each.application_id == application.id
    ]
    if not any(each.connector == view.asked.under for each in bound):
        yield "Nothing is bound offline under this connector: no change comes into this queue."
    if view.portal.switches.offline_access == "administrator":
        yield "Only an administrator's token may take here (switch offline_access)."
    if not (application.active and application.installed):
        yield "The application isn't installed and active: its calls are refused."


def _conditions(given: str) -> tuple[Condition, ...]:
    """What a filter asks. Raises `ValueError` where it is no JSON object."""
    filter_ = orjson.loads(given or "{}")
    if not isinstance(filter_, dict):
        raise ValueError(given)  # as JSON that can't be read does
    wanted: Take = Take.read({"filter": filter_})
    return wanted.filter


def _problem(told: str) -> Markup:
    return element("p", told, class_="bad", role="alert")
