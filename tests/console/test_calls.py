"""Calls in the console: what was asked and answered, what went wrong, and links to rows."""

from __future__ import annotations

import re

import httpx

from mock_bitrix.testing.control import PortalControl
from tests.console.support import path_of, put, section, text_of
from tests.support import Client


def calls(made: PortalControl, http: httpx.Client, **query: str) -> str:
    """The table of the calls."""
    return section(http.get(path_of(made), params=query).text, "calls")


def methods(page: str) -> list[str]:
    """The methods that are shown, the newest call first."""
    return re.findall(r'<tbody id="call-.*?<code>(.*?)</code>', page)


def test_a_take_says_what_it_gave_what_it_left_and_who_has_it_now(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    put(made, 1, 2, 3)
    process = caller("event.offline.get", clear=0, limit=2).result["process_id"]

    page = calls(made, http)

    assert f"local.app, user 1 2 1 {process[:8]}…" in text_of(page)
    assert f"process={process}&amp;about={process}" in page
    assert re.search(r"200\s+[\d.]+ ms", text_of(page))


def test_a_hint_stands_below_its_call(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    caller("event.ofline.get")

    assert "did you mean event.offline.get?" in text_of(calls(made, http))


def test_an_ordered_fault_is_named(made: PortalControl, caller: Client, http: httpx.Client) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", "event.offline.get", times=1)
    caller("event.offline.get")

    page = text_of(calls(made, http))

    assert "503 fault QUERY_LIMIT_EXCEEDED" in page
    assert "QUERY_LIMIT_EXCEEDED: Too many requests" in page


def test_calls_are_chosen_by_method_by_text_and_by_what_went_wrong(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    put(made, 1)
    process = caller("event.offline.get", clear=0).result["process_id"]
    caller("event.offline.clear", process_id=process)
    caller("server.time")
    caller("no.such.method")

    def found(**query: str) -> list[str]:
        return methods(calls(made, http, **query))

    assert len(found()) == 4
    assert found(method="Event.Offline.*") == ["event.offline.clear", "event.offline.get"]
    assert found(about=process) == ["event.offline.clear", "event.offline.get"]
    assert found(only="failed") == ["no.such.method"]
    assert found(only="hints", method="server.*") == []


def test_a_call_has_a_page_of_its_own_with_the_whole_answer(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    put(made, *range(1, 61))
    caller("event.offline.get", limit=60)
    link = re.search(r'href="(/console/[^"]*/calls/\d+)"', calls(made, http))
    assert link is not None

    page = http.get(made.transport.url + link[1])

    assert page.status_code == 200
    assert page.text.count("EVENT_NAME") == 60
    assert "limit" in text_of(page.text, "Parameters", "Answer")


def test_a_command_leads_to_its_batch(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    caller("batch", cmd={"now": "server.time"})
    link = re.search(r'href="([^"]*)" class="pill plain">in a batch', calls(made, http))
    assert link is not None

    page = http.get(made.transport.url + link[1]).text

    assert "server.time" in text_of(page, "Parameters", "Answer")


def test_only_the_newest_calls_are_shown(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    for _ in range(35):
        caller("server.time")

    assert len(methods(calls(made, http))) == 30
