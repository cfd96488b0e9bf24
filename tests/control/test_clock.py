"""One clock for tokens, timestamps, retention and limits."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_bitrix.testing.control import Control, ControlError, PortalControl
from tests.control.conftest import BOUND, caller_of
from tests.support import Client, lead_added

NOON = "2026-01-02T12:00:00+00:00"


def test_a_frozen_clock_stands_still_and_can_be_moved(made: PortalControl) -> None:
    assert made.freeze(NOON) == {"now": NOON, "frozen": True}
    assert made.advance(90) == {"now": "2026-01-02T12:01:30+00:00", "frozen": True}
    assert made.advance(-90) == {"now": NOON, "frozen": True}


def test_a_resumed_clock_runs_on_from_where_it_stood(made: PortalControl) -> None:
    made.freeze(NOON)

    assert made.resume()["now"].startswith("2026-01-02T12:0")
    assert not made.clock()["frozen"]


def test_frozen_now_is_now(made: PortalControl) -> None:
    before = made.clock()["now"]

    assert made.freeze()["now"] >= before


def test_timestamps_come_from_it(made: PortalControl, caller: Client) -> None:
    made.freeze(NOON)
    made.emit("ONCRMLEADADD")

    answer = caller("event.offline.get")

    assert answer.result["events"][0]["TIMESTAMP_X"] == NOON
    assert answer.body["time"]["date_finish"] == NOON


def test_tokens_expire_by_it(made: PortalControl, http: httpx.Client) -> None:
    token = made.issue_token()["access_token"]
    caller = Client(http, f"{made.transport.url}/rest", token)
    assert caller("profile").status == 200

    made.advance(3600)

    assert caller("profile").error[:2] == (401, "expired_token")


def test_rows_that_expire_are_deleted_at_once(made: PortalControl) -> None:
    made.freeze(NOON)
    made.put(lead_added(1))

    made.advance(2_952_000)
    made.advance(-2_952_000)

    assert made.queue() == []


@pytest.mark.parametrize(
    ("move", "path"),
    [
        ({"advanse": 5}, "advanse"),
        ({}, None),
        ({"advance": 5, "resume": True}, None),
        ({"advance": "soon"}, "advance"),
        ({"advance": 1e300}, "advance"),
        ({"freeze": "2026-01-02T12:00:00"}, "freeze"),
        ({"freeze": "noon"}, "freeze"),
        ({"resume": False}, "resume"),
    ],
)
def test_a_wrong_move_is_refused_and_moves_nothing(
    made: PortalControl, move: dict[str, Any], path: str | None
) -> None:
    made.freeze(NOON)

    with pytest.raises(ControlError) as refused:
        made.transport.call("PUT", f"/portals/{made.name}/clock", move)

    assert refused.value.status == 422
    assert path is None or str(refused.value.path).startswith(path)
    assert made.clock()["now"] == NOON


def _story(control: Control, http: httpx.Client, seed: str) -> list[Any]:
    """Everything that is generated in the life of a portal."""
    document = {"portal": {"seed": seed}, "apps": [{"tokens": [{}], "bindings": [BOUND]}]}
    portal = control.create(document)
    caller = caller_of(portal, http)
    portal.freeze(NOON)
    portal.emit("ONCRMLEADADD")
    portal.add_fault("QUERY_LIMIT_EXCEEDED", "profile", probability=0.5)
    app = portal.document["apps"][0]
    told = [
        portal.name,
        portal.document["portal"]["domain"],
        app["client_id"],
        app["client_secret"],
        app["tokens"][0]["access_token"],
        caller("event.offline.get", clear=0).result["process_id"],
        caller("event.offline.get", clear=0).result["process_id"],
        portal.issue_token()["access_token"],
        [caller("profile").status for _ in range(20)],
    ]
    portal.delete()
    return told


def test_a_seed_makes_everything_repeat(control: Control, http: httpx.Client) -> None:
    first = _story(control, http, "one")

    assert _story(control, http, "one") == first
    assert all(one != other for one, other in zip(first, _story(control, http, "two"), strict=True))
    assert set(first[-1]) == {200, 503}
