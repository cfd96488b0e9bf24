"""fast_bitrix24, unmodified: webhooks by http, everything through `batch`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.support import (
    EXAMPLE,
    FIRST_ROW,
    add_fault,
    expire,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal, lead_added

fast_bitrix24 = pytest.importorskip("fast_bitrix24", reason="needs fast_bitrix24 1.8.14 from PyPI")

pytestmark = pytest.mark.filterwarnings("default")  # the library's own


@pytest.fixture
def client(client_portal: TestPortal) -> Any:
    return fast_bitrix24.Bitrix(client_portal.webhook.base, verbose=False)


@pytest.fixture
def by_token(client_portal: TestPortal) -> Any:
    async def token() -> str | None:
        return client_portal.admin.token

    base = client_portal.admin.base + "/"
    return fast_bitrix24.Bitrix(base, verbose=False, token_func=token)


def test_the_documented_example_is_refused_for_a_webhook(client: Any) -> None:
    with pytest.raises(Exception, match="403"):
        client.call("event.offline.get", EXAMPLE, raw=True)


def test_the_documented_example(by_token: Any, client_portal: TestPortal) -> None:
    put_documented_row(client_portal)

    answer = by_token.call("event.offline.get", EXAMPLE, raw=True)

    assert answer["result"] == {"process_id": None, "events": [FIRST_ROW]}


def test_take_confirm_and_fail(by_token: Any, client_portal: TestPortal) -> None:
    client_portal.rows(lead_added(n) for n in (1, 2))

    taken = by_token.call("event.offline.get", {"clear": 0}, raw=True)["result"]
    process_id = taken["process_id"]
    failing, confirmed = (event["MESSAGE_ID"] for event in taken["events"])
    by_token.call("event.offline.error", {"process_id": process_id, "message_id": [failing]})
    by_token.call("event.offline.clear", {"process_id": process_id, "message_id": [confirmed]})

    left = client_portal.queue()
    assert [(row["MESSAGE_ID"], row["ERROR"]) for row in left] == [(failing, "1")]


def test_all_pages_of_a_list(client: Any, client_portal: TestPortal) -> None:
    for number in range(60):
        client_portal.webhook("crm.lead.add", fields={"TITLE": f"Lead {number}"})

    leads = client.get_all("crm.lead.list", {"select": ["TITLE"]})

    assert len({lead["ID"] for lead in leads}) == 60


def test_an_expired_token_makes_the_library_ask_for_another_one(
    client_portal: TestPortal,
) -> None:
    ended, asked = issue_token(client_portal), []
    expire(client_portal, ended)

    async def token() -> str | None:
        asked.append(True)
        return ended.access_token if len(asked) == 1 else client_portal.admin.token

    base = client_portal.admin.base + "/"
    library = fast_bitrix24.Bitrix(base, verbose=False, token_func=token)

    assert library.call("profile", raw=True)["result"]["ID"] == "1"
    assert len(asked) == 2


def test_bind_through_a_batch_of_one(by_token: Any, client_portal: TestPortal) -> None:
    bound = by_token.call("event.bind", {"event": "ONCRMLEADADD", "event_type": "offline"})

    assert bound is True
    assert client_portal.admin("event.get").result == [
        {"event": "ONCRMLEADADD", "connector_id": "", "offline": 1}
    ]


def test_a_batch_of_its_own(client: Any) -> None:
    answer = client.call_batch({"halt": 0, "cmd": {"a": "profile", "b": "server.time"}})

    assert answer["a"]["ID"] == "1"


@pytest.mark.long
def test_a_failure_of_the_server_is_retried_by_the_library(
    client: Any, client_portal: TestPortal
) -> None:
    add_fault(client_portal, fault="QUERY_LIMIT_EXCEEDED", method="*", times=2)

    assert client.call("profile", raw=True)["result"]["ID"] == "1"
