"""The queue in the console: filters, pages, figures, owners."""

from __future__ import annotations

import httpx
import pytest

from mock_bitrix import clock
from mock_bitrix.testing.control import PortalControl
from tests.console.support import ids, path_of, put, section, text_of
from tests.support import Client


def test_filters_choose_rows(made: PortalControl, http: httpx.Client) -> None:
    put(made, 1)
    put(made, 2, auth_connector="other")
    put(made, 3, process_id="a" * 32)
    put(made, 4, error=True, message_id="mine")

    def found(**query: str) -> list[int]:
        return ids(http.get(path_of(made), params=query).text)

    assert found() == [4, 3, 2, 1]
    assert found(order="oldest") == [1, 2, 3, 4]
    assert found(connector="=other") == [2]
    assert found(connector="=") == [4, 3, 1]
    assert found(state="reserved") == [3]
    assert found(process="a" * 32) == [3]
    assert found(state="error", search="mine") == [4]
    assert found(search='"ID":1') == [1]
    assert found(search="%") == []
    assert found(client_id="nobody") == []
    assert found(event="ONCRMLEADADD", state="free") == [2, 1]


@pytest.mark.parametrize("order", ["", "oldest"])
def test_pages_follow_each_other_and_leave_out_nothing(
    made: PortalControl, http: httpx.Client, order: str
) -> None:
    put(made, *range(1, 61))
    cursor = "11" if order == "" else "50"

    first = http.get(path_of(made), params={"order": order}).text
    second = http.get(path_of(made), params={"order": order, "cursor": cursor}).text

    assert f"cursor={cursor}" in first
    assert len(ids(first)) == 50
    assert sorted(ids(first) + ids(second)) == list(range(1, 61))
    assert "Next page" not in second
    assert "First page" in second


@pytest.mark.parametrize("cursor", ["-1", "1e9", "9" * 30, "²", "x", ""])
def test_a_cursor_that_is_none_breaks_nothing(
    made: PortalControl, http: httpx.Client, cursor: str
) -> None:
    put(made, 7)

    answer = http.get(path_of(made), params={"cursor": cursor, "search": "\0"})

    assert answer.status_code == 200


def test_the_figures_say_how_many_rows_are_in_which_state(
    made: PortalControl, http: httpx.Client
) -> None:
    put(made, 1, 2, 3)
    put(made, 4, error=True, auth_connector="x")
    put(made, 5, error=True, process_id="a" * 32)

    page = section(http.get(path_of(made)).text, "queue")

    assert text_of(page, 'aria-label="Rows by state"', "</nav>").endswith(
        "5 all 3 free 1 reserved 1 in error"
    )
    boxes = text_of(page, "<caption>Rows by application and connector", "</table>")
    assert "local.app (none) 3 1 0 local.app x 0 0 1" in boxes


def test_the_figures_follow_the_queue_within_seconds(
    made: PortalControl, http: httpx.Client
) -> None:
    for number in range(1, 6):
        put(made, number)
        end = clock.stopwatch() + 6
        while f"Queue: {number} free" not in http.get(f"{path_of(made)}/live").text:
            assert clock.stopwatch() < end


def test_expired_rows_are_neither_shown_nor_counted(
    made: PortalControl, http: httpx.Client
) -> None:
    made.replace({**made.document, "portal": {**made.document["portal"], "retention": 3600}})
    put(made, 1)
    made.advance(1800)
    put(made, 2)
    made.freeze()
    made.advance(2000)

    page = http.get(path_of(made)).text

    assert ids(page) == [2]
    assert "Queue: 1 free, 0 reserved, 0 in error." in page


def test_a_row_names_its_owner_and_for_how_long_it_is_reserved(
    made: PortalControl, caller: Client, http: httpx.Client
) -> None:
    made.freeze()
    put(made, 1)
    made.advance(30)
    process = caller("event.offline.get", clear=0).result["process_id"]
    made.advance(200)

    page = section(http.get(path_of(made)).text, "queue")

    assert f"process={process}" in page
    assert f"1 reserved 3 min 50 s {process[:8]}… for 3 min 20 s" in text_of(page)


def test_the_live_parts_are_the_same_as_on_the_page(
    made: PortalControl, http: httpx.Client
) -> None:
    made.freeze()
    put(made, 7)
    query = {"state": "free"}

    page = http.get(path_of(made), params=query).text
    live = http.get(f"{path_of(made)}/live", params=query).text

    parts = live.split('<div data-live="')[1:]
    assert [part.partition('"')[0] for part in parts] == [
        "clock", "queue", "calls", "deliveries", "bindings", "faults"
    ]  # fmt: skip
    assert all(f'<div data-live="{part}' in page for part in parts)
    assert ids(live) == [7]


def test_what_is_not_there_is_not_found(made: PortalControl, http: httpx.Client) -> None:
    url = made.transport.url
    places = (
        f"{url}/console/nobody", f"{path_of(made)}/nothing", f"{path_of(made)}/calls/x",
        f"{path_of(made)}/calls/1", f"{url}/console/samples/ONX", f"{url}/console/files/x.py",
    )  # fmt: skip

    assert {http.get(place).status_code for place in places} == {404}


def test_every_portal_is_listed_with_its_page_and_its_rows(
    made: PortalControl, http: httpx.Client
) -> None:
    put(made, 1, 2)

    page = http.get(f"{made.transport.url}/", params={"search": made.name}).text
    other = http.get(f"{made.transport.url}/", params={"search": "no such portal"}).text

    assert f'href="/console/{made.name}"' in page
    assert "local.app 2 0 0" in text_of(page)
    assert made.name not in other
