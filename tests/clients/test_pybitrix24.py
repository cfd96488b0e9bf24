"""pybitrix24, unmodified: https on port 443, `auth` in the query beside a JSON body."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from tests.clients.support import (
    EXAMPLE,
    FIRST_ROW,
    application_of,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal, lead_added

pybitrix24 = pytest.importorskip("pybitrix24", reason="needs pybitrix24 1.1.0 from PyPI")


@pytest.fixture
def client(client_portal: TestPortal, through_proxy: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    # urllib keeps the opener that it made with another test's environment.
    monkeypatch.setattr(urllib.request, "_opener", None)
    application, issued = application_of(client_portal), issue_token(client_portal)
    made = pybitrix24.Bitrix24(
        client_portal.domain, application.client_id, application.client_secret
    )
    made._access_token, made._refresh_token = issued.access_token, issued.refresh_token
    return made


def test_the_documented_example(client: Any, client_portal: TestPortal) -> None:
    put_documented_row(client_portal)

    answer = client.call("event.offline.get", EXAMPLE)

    assert answer["result"] == {"process_id": None, "events": [FIRST_ROW]}


def test_bind_take_confirm_and_fail(client: Any, client_portal: TestPortal) -> None:
    assert client.call("event.bind", {"event": "ONCRMLEADADD", "event_type": "offline"})["result"]
    client_portal.rows(lead_added(n) for n in (1, 2))

    taken = client.call("event.offline.get", {"clear": 0})["result"]
    process_id = taken["process_id"]
    failing, confirmed = (event["MESSAGE_ID"] for event in taken["events"])
    client.call("event.offline.error", {"process_id": process_id, "message_id": [failing]})
    client.call("event.offline.clear", {"process_id": process_id, "message_id": [confirmed]})

    assert [row["ERROR"] for row in client_portal.queue()] == ["1"]


def test_pages_of_a_list_follow_each_other(client: Any, client_portal: TestPortal) -> None:
    client_portal.rows(lead_added(n) for n in range(60))
    seen: set[str] = set()
    start: Any = 0

    while start is not None:
        page = client.call("event.offline.list", {"start": start})
        seen |= {row["ID"] for row in page["result"]}
        start = page.get("next")

    assert len(seen) == 60


def test_a_refusal_is_returned_not_raised(client: Any) -> None:
    answer = client.call("crm.lead.get", {"id": 77})

    assert (answer["error"], answer["error_description"]) == ("", "Not found")


def test_a_batch(client: Any) -> None:
    answer = client.call_batch({"who": ("profile", {}), "what": ("event.offline.list", {})})

    assert answer["result"]["result"]["who"]["ID"] == "1"


def test_tokens_are_refreshed_at_the_portals_own_address(client: Any) -> None:
    before = client._access_token

    client.refresh_tokens()

    assert client._access_token not in (None, before)
    assert client.call("profile")["result"]["ID"] == "1"


def test_a_code_becomes_tokens(client: Any, client_portal: TestPortal) -> None:
    page = client.build_authorization_url()
    assert page.startswith(f"https://{client_portal.domain}/oauth/authorize/?")

    from mock_bitrix.portal.tokens import Tokens

    emulator = client_portal.server.emulator
    found = emulator.directory.revised().portal(client_portal.id)
    assert found is not None
    code = Tokens(emulator.database, found).issue_code(application_of(client_portal), 1)

    assert client.obtain_tokens(code)["user_id"] == 1
