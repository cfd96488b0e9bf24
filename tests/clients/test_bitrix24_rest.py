"""bitrix24-rest, unmodified: webhooks by GET, everything in the query, `=` in keys unescaped."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support import TestPortal, lead_added

bitrix24 = pytest.importorskip("bitrix24", reason="needs bitrix24-rest 2.0.3 from PyPI")

pytestmark = pytest.mark.filterwarnings("default")  # the library's own


def call(portal: TestPortal, method: str, parameters: dict[str, Any] | None = None) -> Any:
    async def run() -> Any:
        return await bitrix24.Bitrix24(portal.webhook.base).callMethod(method, parameters or {})

    return asyncio.run(run())


def test_a_call(client_portal: TestPortal) -> None:
    assert call(client_portal, "profile")["ID"] == "1"


def test_all_pages_of_a_list(client_portal: TestPortal) -> None:
    for number in range(120):
        client_portal.webhook("crm.lead.add", fields={"TITLE": f"Lead {number}"})

    leads = call(client_portal, "crm.lead.list", {"select": ["TITLE"]})

    assert len({lead["ID"] for lead in leads}) == 120


def test_a_batch(client_portal: TestPortal) -> None:
    answer = call(client_portal, "batch", {"cmd": {"who": "profile", "when": "server.time"}})

    assert answer["result"]["who"]["ID"] == "1"


def test_the_queue_is_refused_with_the_librarys_own_exception(client_portal: TestPortal) -> None:
    with pytest.raises(bitrix24.BitrixError, match="403"):
        call(client_portal, "event.offline.get", {"clear": 0})


def test_a_broken_filter_key_stays_broken(client_portal: TestPortal) -> None:
    """`filter[=ID]` unescaped is cut at its first `=`, so the portal sees no filter at all."""
    client_portal.rows(lead_added(n) for n in range(3))
    query = f"filter[=ID]=1&auth={client_portal.admin.token}"

    answer = client_portal.admin.send("GET", f"event.offline.list.json?{query}")

    assert answer.body["total"] == 3
