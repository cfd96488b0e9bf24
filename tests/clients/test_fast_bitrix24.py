"""fast_bitrix24, unmodified: webhooks by http, everything through `batch`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.support import EXAMPLE, add_fault
from tests.support import TestPortal

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
