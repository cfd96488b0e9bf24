"""`explain` accounts for every row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, ControlError, PortalControl
from tests.support import Client, lead_added

ROW = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["ONCRMLEADADD", "ONCRMDEALADD"]),
        "auth_connector": st.sampled_from(["", "X", "Y"]),
        "process_id": st.sampled_from(["", "", "p1", "p2"]),
        "error": st.booleans(),
        "age": st.sampled_from([0, 0, 3_000_000]),
    }
)
FILTER = st.sampled_from(
    [
        {},
        {"=EVENT_NAME": "ONCRMLEADADD"},
        {">ID": 3},
        {">ID": 2, "=EVENT_NAME": "ONCRMDEALADD"},
        {"@ID": "1"},
        {"EVENT_NAME": "%lead%"},
    ]
)


def _row(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    """A row written so long ago that it may be expired."""
    fields = {name: value for name, value in drawn.items() if name != "age"}
    now = 1_767_348_000
    state = {"written": now - drawn["age"], "reserved_at": now - 60}
    return {**fields, "data": {"FIELDS": {"ID": number}}, "state": state}


@pytest.fixture(scope="module")
def box(server: MockBitrix) -> PortalControl:
    """A portal whose clock stands still."""
    portal = Control(server.url).create({"apps": [{"client_id": "local.app", "tokens": [{}]}]})
    portal.freeze("2026-01-02T10:00:00+00:00")
    return portal


def sum_of(parts: dict[str, Any]) -> int:
    """The parts, added up."""
    return int(
        parts["free"]
        + sum(each["count"] for each in parts["reserved"])
        + parts["error"]
        + sum(parts["other_connector"].values())
        + sum(each["count"] for each in parts["filtered"])
        + parts["delayed"]
        + parts["expired"]
    )


@given(st.lists(ROW, max_size=12), FILTER, st.sampled_from(["", "X"]), st.booleans())
def test_the_parts_add_up_and_free_is_what_a_take_gives(
    box: PortalControl,
    drawn: list[dict[str, Any]],
    conditions: dict[str, Any],
    connector: str,
    error: bool,
) -> None:
    box.empty()
    box.put(*(_row(number, each) for number, each in enumerate(drawn)))

    parts = box.explain(auth_connector=connector, error=error, filter=conditions)

    assert parts["total"] == sum_of(parts) == len(drawn)
    token = box.document["apps"][0]["tokens"][0]["access_token"]
    given_filter = {"filter": conditions} if conditions else {}
    taken = _take(box, auth=token, auth_connector=connector, error=int(error), **given_filter)
    assert parts["free"] == len(taken)


def _take(box: PortalControl, **parameters: Any) -> list[Any]:
    import httpx

    url = f"{box.transport.url}/rest/event.offline.get"
    body = httpx.post(url, json={**parameters, "limit": 100}, trust_env=False).json()
    events: list[Any] = body["result"]["events"]
    return events


def test_each_part_says_who_and_why(made: PortalControl, caller: Client) -> None:
    made.put(
        *(lead_added(number) for number in range(4)),
        lead_added(4, auth_connector="X"),
        lead_added(5, error=True),
        {"event": "ONCRMDEALADD", "data": {"FIELDS": {"ID": 1}}},
    )
    process = caller("event.offline.get", clear=0, limit=2).result["process_id"]
    made.advance(30)

    parts = made.explain(filter={"=EVENT_NAME": "ONCRMLEADADD"})

    held = parts["reserved"]
    assert [(each["process_id"], each["count"]) for each in held] == [(process, 2)]
    assert 30 <= held[0]["age"] < 60
    assert parts["other_connector"] == {"X": 1}
    assert parts["error"] == 1
    assert parts["filtered"] == [{"condition": "=EVENT_NAME", "count": 1}]
    assert parts["free"] == 2
    assert parts["total"] == 7


def test_rows_that_do_not_show_yet_are_delayed(made: PortalControl) -> None:
    made.switches(visibility_delay=10)
    made.emit("ONCRMLEADADD")

    assert made.explain()["delayed"] == 1


@pytest.mark.parametrize("wrong", [{">NAME": 1}, {"!ID": 1}, {">TIMESTAMP_X": "soon"}])
def test_a_wrong_filter_is_refused_as_the_portal_would(
    made: PortalControl, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ControlError) as refused:
        made.explain(filter=wrong)

    assert refused.value.status == 422
    assert refused.value.path == "filter"
