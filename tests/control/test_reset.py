"""A reset puts everything back: one test for each kind of state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client, lead_added

FIXTURE = """
portal: {domain: start.bitrix24.test, switches: {request_limit: standard, operating_limit: "on"},
  operating_cost: {profile: 300}}
webhooks: [{user: 1, secret: startwebhook}]
apps:
  - client_id: local.start
    tokens: [{access_token: start.token, refresh_token: start.refresh}]
    bindings: [{event: ONCRMLEADADD, type: offline}]
    options: {colour: red}
    queue: [{event: ONCRMLEADADD, data: {FIELDS: {ID: 1}}}]
entities:
  crm.lead: [{ID: 5, TITLE: Website request}]
"""

LINE = '{"client_id": "local.start", "event": "ONCRMLEADADD", "data": {"FIELDS": {"ID": 2}}}\n'


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockBitrix]:
    """A server whose files are gone: a reset must not need them."""
    directory: Path = tmp_path_factory.mktemp("start")
    document, lines = directory / "start.yaml", directory / "rows.jsonl"
    document.write_text(FIXTURE)
    lines.write_text(LINE)
    with MockBitrix(document, lines) as server:
        document.unlink()
        lines.unlink()
        yield server


@pytest.fixture
def portal(own_server: MockBitrix) -> Iterator[PortalControl]:
    """The start portal; reset before and after."""
    Control(own_server.url).reset()
    yield Control(own_server.url).portal()
    Control(own_server.url).reset()


@pytest.fixture
def call(own_server: MockBitrix, http: httpx.Client) -> Client:
    return Client(http, f"{own_server.url}/rest", "start.token")


Change = Callable[[PortalControl, Client], Any]
Look = Callable[[PortalControl, Client], Any]


def _is_empty(_portal: PortalControl, call: Client) -> bool:
    """Whether the bucket takes the 50 requests that it holds; some leak meanwhile."""
    return [call("nothing.there").status for _ in range(60)].count(404) >= 50


def _rows(portal: PortalControl) -> list[Any]:
    return [(row["id"], row["data"], row["state"]) for row in portal.queue()]


STATES: dict[str, tuple[Change, Look]] = {
    "rows": (lambda p, c: p.empty(), lambda p, c: _rows(p)),
    "reservations": (lambda p, c: c("event.offline.get", clear=0), lambda p, c: _rows(p)),
    "row ids": (
        lambda p, c: (p.put(lead_added(7)), p.empty()),
        lambda p, c: p.put(lead_added(8)),
    ),
    "clock": (
        lambda p, c: p.freeze("2020-01-01T00:00:00+00:00"),
        lambda p, c: (p.clock()["frozen"], p.clock()["now"][:4]),
    ),
    "faults": (lambda p, c: p.add_fault("slow"), lambda p, c: p.faults()),
    "request limit": (lambda p, c: [c("profile") for _ in range(20)], _is_empty),
    "operating time": (
        lambda p, c: c("profile"),
        lambda p, c: c("profile").body["time"]["operating"],
    ),
    "switches": (lambda p, c: p.switches(fresh_filter="strict"), lambda p, c: p.switches()),
    "features": (
        lambda p, c: p.features(rest_auth_connector=False),
        lambda p, c: p.features(),
    ),
    "revoked tokens": (
        lambda p, c: p.revoke_token("start.token"),
        lambda p, c: c("app.info").status,
    ),
    "issued tokens": (
        lambda p, c: p.issue_token(access_token="made.since"),
        lambda p, c: len(p.snapshot()["apps"][0]["tokens"]),
    ),
    "bindings": (
        lambda p, c: c("event.unbind", event="ONCRMLEADADD", event_type="offline"),
        lambda p, c: p.bindings(),
    ),
    "options": (
        lambda p, c: c("app.option.set", options={"colour": "blue"}),
        lambda p, c: c("app.option.get", option="colour").result,
    ),
    "entities": (
        lambda p, c: c("crm.lead.update", id=5, fields={"TITLE": "Other"}),
        lambda p, c: p.snapshot()["entities"]["crm.lead"][0]["TITLE"],
    ),
    "journal": (lambda p, c: c("app.info"), lambda p, c: p.calls()),
    "replaced documents": (
        lambda p, c: p.replace({"apps": []}),
        lambda p, c: [app["client_id"] for app in p.snapshot()["apps"]],
    ),
    "forgotten portals": (
        lambda p, c: p.delete(),
        lambda p, c: p.snapshot()["portal"]["domain"],
    ),
}


@pytest.mark.parametrize("kind", STATES)
def test_a_reset_restores(kind: str, portal: PortalControl, call: Client) -> None:
    change, look = STATES[kind]
    server = Control(portal.transport.url)
    before = look(portal, call)
    server.reset()

    change(portal, call)
    server.reset()

    assert look(portal, call) == before


@pytest.mark.parametrize("kind", [kind for kind in STATES if kind != "forgotten portals"])
def test_without_a_reset_it_would_differ(kind: str, portal: PortalControl, call: Client) -> None:
    """The test above can fail: each change shows."""
    change, look = STATES[kind]
    before = look(portal, call)
    Control(portal.transport.url).reset()

    change(portal, call)

    assert look(portal, call) != before


def test_portals_made_since_are_gone(portal: PortalControl) -> None:
    server = Control(portal.transport.url)
    server.create()

    server.reset()

    assert [each["domain"] for each in server.portals()] == ["start.bitrix24.test"]


def test_a_row_is_as_old_after_a_reset_as_it_was_at_the_start(portal: PortalControl) -> None:
    time.sleep(0.3)  # the row's age grows meanwhile; a reset takes that back

    older = portal.queue()[0]["age"]
    Control(portal.transport.url).reset()

    assert portal.queue()[0]["age"] < older


def test_rows_of_json_lines_come_back_too(portal: PortalControl) -> None:
    assert [row["data"]["FIELDS"]["ID"] for row in portal.queue()] == [1, 2]
